"""Rencana kunjungan: the plan of the chosen units, and their blank sheets."""

from __future__ import annotations

from collections.abc import Callable
from gettext import gettext as _

from PySide6.QtCore import QTimer

from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.plan_page import PlanPage
from kube_field.ui.presenters.many_papers import ManyPapers, Named
from kube_field.ui.presenters.page_presenter import PagePresenter, failure_words
from kube_field.ui.presenters.paper_desk import PaperDesk
from kube_field.ui.presenters.paper_output import PaperOutput, file_name
from kube_field.ui.tasks import Tasks
from kube_field.usecases.day_plans import plan_paper, sheet_paper
from kube_field.usecases.session import Session
from kube_field.usecases.visits import due_list

PREVIEW_MS = 200
"""One preview for many clicks in a row."""


class PlanPresenter(PagePresenter):
    """Presenter of PlanPage; call `refresh` whenever the page is shown."""

    def __init__(
        self,
        page: PlanPage,
        session: Session,
        tasks: Tasks,
        navigate: Navigator,
        output: PaperOutput | None = None,
    ) -> None:
        super().__init__(page, session, tasks, navigate)
        self.page = page
        self._output = output or PaperOutput()
        self._desk = PaperDesk(self, self._output)
        self._many = ManyPapers(self, page.progress)
        self._timer = QTimer(page)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PREVIEW_MS)
        self._timer.timeout.connect(self.preview)
        page.choice_changed.connect(lambda _units: self._timer.start())
        page.plan_print_requested.connect(lambda: self._desk.print(self._maker()))
        page.plan_save_requested.connect(lambda: self._desk.save(self._maker(), self._name()))
        page.all_print_requested.connect(self._print_all)
        page.all_save_requested.connect(self._save_all)

    def refresh(self) -> None:
        """Read again who is due."""
        self.ask(lambda: due_list(self.session), self.page.show_due)

    def preview(self) -> None:
        """Show the plan of what is chosen now."""
        units = self._units()
        if units:
            self._desk.preview(
                lambda: plan_paper(self.session, units=units, printed=False),
                lambda images: self.page.show_plan(units, images),
                lambda error: self.page.preview.show_message(failure_words(error)),
            )

    def _units(self) -> list[str]:
        return [item.target_uid for item in self.page.chosen()]

    def _maker(self) -> Callable[[], bytes]:
        units = self._units()  # asked of the page now: the paper is made off the GUI thread
        return lambda: plan_paper(self.session, units=units)

    def _name(self) -> str:
        return _("Rencana kunjungan {day}").format(day=self.session.today().isoformat())

    def _named(self) -> list[Named]:
        """The plan, then the sheets in its order of villages."""
        chosen = sorted(self.page.chosen(), key=lambda item: (item.village, item.title))

        def sheet(uid: str) -> bytes:
            return sheet_paper(self.session, unit_uid=uid)

        sheets = [(item.title, lambda uid=item.target_uid: sheet(uid)) for item in chosen]
        return [(self._name(), self._maker()), *sheets]

    def _save_all(self) -> None:
        self._many.save(self._named(), self._output.choose_file(self.page, file_name(self._name())))

    def _print_all(self) -> None:
        self._many.print(self._named(), self._output.choose_printer(self.page))
