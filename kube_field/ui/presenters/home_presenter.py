"""Beranda: greets, lists the work, and opens what each line asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from gettext import gettext as _

from kube_field.domain.records import DOCUMENT_KINDS, RecordKind
from kube_field.ui.formats import day_and_date
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.home_page import HomePage
from kube_field.ui.presenters.page_presenter import PagePresenter
from kube_field.ui.presenters.start_work import StartWork
from kube_field.ui.tasks import Tasks
from kube_field.usecases.drafts import begin_draft
from kube_field.usecases.home import home
from kube_field.usecases.session import WITA, Session
from kube_field.usecases.views import HomeSummary, WorkItem

MORNING_FROM, NOON_FROM, AFTERNOON_FROM, EVENING_FROM = 4, 11, 15, 18


class HomePresenter(PagePresenter):
    """Presenter of HomePage; call `refresh` whenever the page is shown."""

    def __init__(self, page: HomePage, session: Session, tasks: Tasks, navigate: Navigator) -> None:
        super().__init__(page, session, tasks, navigate)
        self.page = page
        self._start = StartWork(page, page.chooser, session, tasks, navigate)
        self._acts: Mapping[str, Callable[[str], object]] = {
            "start_visit": self._start.start_visit,
            "start_aid": self._start.start_aid,
            "start_assessment": self._start.start_assessment,
            "continue_draft": navigate.open_draft,
            "settle": navigate.open_conflicts,
            "decide_aside": lambda _uid: navigate.open_quarantine(),
            "show_queue": lambda _uid: navigate.open_page("sync"),
        }
        """What the button of a line does; everything else opens its record."""
        page.action_requested.connect(self.do)
        page.new_visit_requested.connect(self._start.choose_unit)
        page.new_assessment_requested.connect(self._start.choose_subject)
        page.plan_requested.connect(lambda: navigate.open_page("plan"))
        page.register_requested.connect(lambda: navigate.open_page("register"))
        page.attendance_requested.connect(lambda: navigate.open_page("trainings"))

    def refresh(self) -> None:
        """Read the summary again."""
        self.ask(lambda: home(self.session), self._show)

    def do(self, item: WorkItem) -> None:
        """Open what one line asks for."""
        act = self._acts.get(item.action)
        if act is not None:
            act(item.target_uid)
        elif item.target_kind in DOCUMENT_KINDS:
            self.navigate.open_document(item.target_uid)
        else:
            self._edit(item)

    def _edit(self, item: WorkItem) -> None:
        kind = item.target_kind
        if kind is None or kind == RecordKind.MEMBERSHIP:
            self.navigate.open_page("sync")
            return
        self.ask(
            lambda: begin_draft(self.session, kind=kind, record_uid=item.target_uid),
            lambda draft: self.navigate.open_draft(draft.uid),
        )

    def _show(self, summary: HomeSummary) -> None:
        hour = self.session.wiring.now().astimezone(WITA).hour
        first = summary.officer_name.split(" ")[0]
        self.page.show_home(summary, greeting(hour, first), day_and_date(self.session.today()))


def greeting(hour: int, name: str) -> str:
    """Pagi from 4, siang from 11, sore from 15, malam from 18 until 4."""
    if hour < MORNING_FROM:
        return _("Selamat malam, {name}").format(name=name)
    if hour < NOON_FROM:
        return _("Selamat pagi, {name}").format(name=name)
    if hour < AFTERNOON_FROM:
        return _("Selamat siang, {name}").format(name=name)
    if hour < EVENING_FROM:
        return _("Selamat sore, {name}").format(name=name)
    return _("Selamat malam, {name}").format(name=name)
