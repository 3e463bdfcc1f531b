"""Paket program: lists the batches, opens one, begins a new one for the province's administrator."""

from __future__ import annotations

from gettext import gettext as _

from kube_field.domain.records import RecordKind
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.batches_page import BatchesPage
from kube_field.ui.presenters.export_desk import ExportDesk, Listed
from kube_field.ui.presenters.page_presenter import PagePresenter
from kube_field.ui.presenters.paper_output import PaperOutput
from kube_field.ui.tasks import Tasks
from kube_field.usecases.batches import batches, begin_batch
from kube_field.usecases.export_parts import parts_of_area
from kube_field.usecases.permissions import may_write
from kube_field.usecases.session import Session


class BatchesPresenter(PagePresenter):
    """Presenter of BatchesPage; call `refresh` whenever the page is shown."""

    def __init__(
        self,
        page: BatchesPage,
        session: Session,
        tasks: Tasks,
        navigate: Navigator,
        output: PaperOutput | None = None,
    ) -> None:
        super().__init__(page, session, tasks, navigate)
        self.page = page
        self.exports = ExportDesk(self, page.export, self._listed, output)
        page.batch_opened.connect(lambda uid: navigate.open_profile(RecordKind.PROGRAM_BATCH, uid))
        page.new_batch_requested.connect(self._new)

    def refresh(self) -> None:
        """Read the list again."""
        may_add = may_write(self.session.officer, RecordKind.PROGRAM_BATCH)
        self.ask(lambda: batches(self.session), lambda rows: self.page.show_batches(rows, may_add=may_add))

    def _listed(self) -> Listed:
        words = _("Paket program")
        return Listed(words, words, parts_of_area(self.session, (RecordKind.PROGRAM_BATCH,)))

    def _new(self) -> None:
        self.ask(lambda: begin_batch(self.session), lambda draft: self.navigate.open_draft(draft.uid))
