"""Kunjungan: who is due, all documents, and how a visit begins."""

from __future__ import annotations

from gettext import gettext as _

from kube_field.domain.records import Draft, RecordKind
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.date_words import months_back
from kube_field.ui.pages.visits_page import LISTED_KINDS, VisitsPage
from kube_field.ui.presenters.export_desk import ExportDesk, Listed
from kube_field.ui.presenters.page_presenter import PagePresenter
from kube_field.ui.presenters.paper_output import PaperOutput
from kube_field.ui.presenters.start_work import StartWork
from kube_field.ui.tasks import Tasks
from kube_field.usecases.business_standing import follow_ups
from kube_field.usecases.discarding import may_discard, put_back, throw_away
from kube_field.usecases.documents import find_documents
from kube_field.usecases.drafts import the_draft
from kube_field.usecases.export_parts import parts_of_documents, parts_of_units
from kube_field.usecases.session import Session
from kube_field.usecases.views import DocumentFilter, DocumentRow
from kube_field.usecases.visit_calendar import area_standing, visits_of_month
from kube_field.usecases.visits import due_list

MONTHS_OFFERED = 18


class VisitsPresenter(PagePresenter):
    """Presenter of VisitsPage; call `refresh` whenever the page is shown."""

    def __init__(
        self,
        page: VisitsPage,
        session: Session,
        tasks: Tasks,
        navigate: Navigator,
        output: PaperOutput | None = None,
    ) -> None:
        super().__init__(page, session, tasks, navigate)
        self.page = page
        self.exports = ExportDesk(self, page.export, self._listed, output)
        self._start = StartWork(page, page.chooser, session, tasks, navigate)
        page.plan_button.clicked.connect(lambda: navigate.open_page("plan"))
        page.new_visit_requested.connect(self._start.choose_unit)
        page.visit_requested.connect(self._start.start_visit)
        page.filter_changed.connect(self._on_filter)
        page.document_opened.connect(self._open)
        page.discard_requested.connect(self._discard)
        page.area_requested.connect(lambda: self.ask(lambda: area_standing(session), page.area.show_villages))
        page.follow_up_requested.connect(lambda: self.ask(lambda: follow_ups(session), page.follow_up.show_follow_ups))
        page.follow_up.unit_opened.connect(lambda uid: navigate.open_profile(RecordKind.BUSINESS_UNIT, uid))
        page.calendar.month_requested.connect(self._show_month)
        page.calendar.unit_opened.connect(lambda uid: navigate.open_profile(RecordKind.BUSINESS_UNIT, uid))
        page.calendar.calendar.show_today(session.today().isoformat())

    def refresh(self) -> None:
        """Read both lists again, and what else is on view."""
        self.page.show_months(months_back(self.session.today().isoformat()[:7], MONTHS_OFFERED))
        self.ask(lambda: due_list(self.session), self.page.show_due)
        self._on_filter(self.page.wanted())
        self.page.ask_for_pictures()

    def _show_month(self, month: str) -> None:
        self.ask(
            lambda: visits_of_month(self.session, month=month),
            lambda visits: self.page.calendar.show_visits(month, visits),
        )

    def _on_filter(self, wanted: DocumentFilter) -> None:
        def show(rows: list[DocumentRow]) -> None:
            if wanted == self.page.wanted():
                self.page.show_documents(rows)

        self.ask(lambda: find_documents(self.session, wanted=wanted), show)

    def _listed(self) -> Listed:
        """The list on view; month and area show what all documents hold."""
        if (units := self.page.listed_units()) is not None:
            name, uids = units
            return Listed(name, name, parts_of_units(self.session, uids))
        wanted, state = self.page.wanted(), self.page.wanted_state()
        title = " · ".join(filter(None, (_("Kunjungan dan asesmen"), self.page.filter_words())))
        return Listed(title, _("Kunjungan"), parts_of_documents(self.session, wanted, LISTED_KINDS, state))

    def _discard(self, row: DocumentRow) -> None:
        """Throw a draft away as its form does: no question, one click puts it back."""

        def throw() -> Draft | None:
            is_loose = may_discard(the_draft(self.session, row.uid))
            return throw_away(self.session, draft_uid=row.uid) if is_loose else None

        self.ask(throw, self._discarded)

    def _discarded(self, draft: Draft | None) -> None:
        if draft is None:
            self.page.show_problem(_("Dokumen yang dibuka kembali tidak dapat dibuang. Perbaiki lalu finalkan lagi."))
            return
        self.navigate.forget_form()
        self.navigate.notice(_("Draf dibuang."), _("Urungkan"), lambda: self._put_back(draft))
        self.refresh()

    def _put_back(self, draft: Draft) -> None:
        self.ask(lambda: put_back(self.session, draft=draft), lambda _draft: self.refresh())

    def _open(self, row: DocumentRow) -> None:
        if row.is_draft:
            self.navigate.open_draft(row.uid)
        else:
            self.navigate.open_document(row.uid)
