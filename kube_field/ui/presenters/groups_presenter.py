"""Kelompok: filters while typing, opens profiles, begins a new group."""

from __future__ import annotations

from gettext import gettext as _

from kube_field.domain.records import RecordKind
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.form_words import choice_words
from kube_field.ui.pages.groups_page import GroupsPage
from kube_field.ui.presenters.export_desk import ExportDesk, Listed
from kube_field.ui.presenters.page_presenter import PagePresenter
from kube_field.ui.presenters.paper_output import PaperOutput
from kube_field.ui.presenters.people_presenter import kecamatan_of
from kube_field.ui.tasks import Tasks
from kube_field.usecases.drafts import begin_draft
from kube_field.usecases.export_parts import parts_of_groups
from kube_field.usecases.groups import find_groups
from kube_field.usecases.marks import Marks, record_marks
from kube_field.usecases.session import Session
from kube_field.usecases.views import GroupFilter, GroupRow


class GroupsPresenter(PagePresenter):
    """Presenter of GroupsPage; call `refresh` whenever the page is shown."""

    def __init__(
        self,
        page: GroupsPage,
        session: Session,
        tasks: Tasks,
        navigate: Navigator,
        output: PaperOutput | None = None,
    ) -> None:
        super().__init__(page, session, tasks, navigate)
        self.page = page
        self.exports = ExportDesk(self, page.export, self._listed, output)
        page.show_choices(kecamatan=kecamatan_of(session), statuses=choice_words(RecordKind.KUBE_GROUP, "status"))
        page.filter_changed.connect(self._on_filter)
        page.group_opened.connect(lambda uid: navigate.open_profile(RecordKind.KUBE_GROUP, uid))
        page.new_group_requested.connect(self._new)
        page.batches_requested.connect(lambda: navigate.open_page("batches"))
        page.import_requested.connect(lambda: navigate.open_import("groups"))
        self.follow_marks(page.marks)

    def refresh(self) -> None:
        """Read the list again with the filter as it stands."""
        self._on_filter(self.page.wanted())

    def _on_filter(self, wanted: GroupFilter) -> None:
        def show(found: tuple[list[GroupRow], Marks]) -> None:
            if wanted == self.page.wanted():
                self.page.marks.show_marks(found[1])
                self.page.show_groups(found[0])

        self.ask(lambda: (find_groups(self.session, wanted=wanted), record_marks(self.session)), show)

    def _listed(self) -> Listed:
        title = " · ".join(filter(None, (_("Kelompok"), self.page.filter_words())))
        return Listed(title, _("Kelompok"), parts_of_groups(self.session, self.page.wanted()))

    def _new(self) -> None:
        self.ask(
            lambda: begin_draft(self.session, kind=RecordKind.KUBE_GROUP),
            lambda draft: self.navigate.open_draft(draft.uid),
        )
