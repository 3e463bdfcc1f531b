"""Laporan: which papers there are, and each of them shown, printed, saved."""

from __future__ import annotations

from collections.abc import Callable
from gettext import gettext as _

from kube_field.domain.records import RecordKind
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.date_words import months_back
from kube_field.ui.pages.reports_page import Paper, PaperRow, ReportsPage
from kube_field.ui.presenters.page_presenter import PagePresenter, failure_words
from kube_field.ui.presenters.paper_desk import PaperDesk
from kube_field.ui.presenters.paper_output import PaperOutput
from kube_field.ui.presenters.trainings_presenter import session_choices
from kube_field.ui.presenters.visits_presenter import MONTHS_OFFERED
from kube_field.ui.tasks import Tasks
from kube_field.usecases.documents import find_documents
from kube_field.usecases.papers import attendance_paper, draft_paper, visit_paper
from kube_field.usecases.session import Session
from kube_field.usecases.trainings import find_trainings
from kube_field.usecases.views import DocumentFilter

SEPARATOR = "#"


class ReportsPresenter(PagePresenter):
    """Presenter of ReportsPage; call `refresh` whenever the page is shown."""

    def __init__(
        self,
        page: ReportsPage,
        session: Session,
        tasks: Tasks,
        navigate: Navigator,
        output: PaperOutput | None = None,
    ) -> None:
        super().__init__(page, session, tasks, navigate)
        self.page = page
        self._desk = PaperDesk(self, output or PaperOutput())
        page.show_months(months_back(session.today().isoformat()[:7], MONTHS_OFFERED))
        page.filter_changed.connect(self._on_filter)
        page.paper_chosen.connect(self._preview)
        page.print_requested.connect(lambda row: self._desk.print(self._maker(row)))
        page.save_requested.connect(lambda row: self._desk.save(self._maker(row), row.number or row.title))

    def refresh(self) -> None:
        """Read the list again."""
        self._on_filter(*self.page.wanted())

    def _on_filter(self, paper: str, month: str, text: str) -> None:
        def show(rows: list[PaperRow]) -> None:
            if (paper, month, text) == self.page.wanted():
                self.page.show_papers(rows)

        self.ask(lambda: paper_rows(self.session, Paper(paper), month, text), show)

    def _preview(self, row: PaperRow) -> None:
        self._desk.preview(
            self._maker(row, printed=False),
            lambda images: self.page.show_pages(row.key, images),
            lambda error: self.page.show_no_pages(row.key, failure_words(error)),
        )

    def _maker(self, row: PaperRow, *, printed: bool = True) -> Callable[[], bytes]:
        paper = self.page.paper
        if paper == Paper.VISIT:
            if row.is_draft:
                return lambda: draft_paper(self.session, draft_uid=row.key, printed=printed)
            return lambda: visit_paper(self.session, uid=row.key, printed=printed)
        event_uid, number = row.key.split(SEPARATOR)
        blank = paper == Paper.ATTENDANCE_BLANK
        return lambda: attendance_paper(
            self.session, event_uid=event_uid, session_no=int(number), blank=blank, printed=printed
        )


def paper_rows(session: Session, paper: Paper, month: str, text: str) -> list[PaperRow]:
    """The papers of one sort that can be made, newest first."""
    return _visit_rows(session, month, text) if paper == Paper.VISIT else _attendance_rows(session, month, text)


def _visit_rows(session: Session, month: str, text: str) -> list[PaperRow]:
    found = find_documents(session, wanted=DocumentFilter(kind=RecordKind.VISIT, month=month, text=text))
    return [
        PaperRow(
            key=row.uid,
            day=row.occurred_on,
            title=_visit_words(row.visit_no, row.subject),
            detail=" · ".join(part for part in (row.subject, row.village, row.author) if part),
            number=row.number,
            is_draft=row.is_draft,
        )
        for row in found
    ]


def _visit_words(visit_no: int, subject: str) -> str:
    return _("ke-{n} · {name}").format(n=visit_no, name=subject) if visit_no else subject


def _attendance_rows(session: Session, month: str, text: str) -> list[PaperRow]:
    words = text.casefold().split()
    rows = []
    for training in find_trainings(session):
        told = " ".join((training.title, training.venue, training.village)).casefold()
        if not all(word in told for word in words):
            continue
        for held in session_choices(session, training.uid):
            if not month or held.day.startswith(month):
                rows.append(
                    PaperRow(
                        key=f"{training.uid}{SEPARATOR}{held.number}",
                        day=held.day,
                        title=training.title,
                        detail=" · ".join(part for part in (training.title, held.subject, training.venue) if part),
                        number=_("sesi {n}").format(n=held.number),
                    )
                )
    return rows
