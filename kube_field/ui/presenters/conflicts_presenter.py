"""Bentrok: reads what is open, notes who looked at identity numbers, and stores the choice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from gettext import gettext as _
from typing import Any

from kube_field.errors import KubeFieldError
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.sync_page import SyncPage
from kube_field.ui.presenters.editing_world import surroundings
from kube_field.ui.presenters.page_presenter import PagePresenter
from kube_field.ui.presenters.profile_presenter import PROFILE_KINDS
from kube_field.ui.tasks import Tasks
from kube_field.usecases.conflicts import ConflictedRecord, look_at, open_conflicts, resolve
from kube_field.usecases.session import Session


class ConflictsPresenter(PagePresenter):
    """Presenter of the tab Bentrok; `settled` is called after a choice was stored."""

    def __init__(
        self, page: SyncPage, session: Session, tasks: Tasks, navigate: Navigator, settled: Callable[[], object]
    ) -> None:
        super().__init__(page, session, tasks, navigate)
        self._page = page
        self._settled = settled
        page.conflicts.equip(surroundings(session, tasks, self.show_failure))
        page.conflicts.looked_at.connect(lambda uid: self.ask(lambda: look_at(session, uid=uid), lambda _none: None))
        page.conflicts.settled.connect(self._resolve)
        page.conflicts.record_opened.connect(self._open)

    def refresh(self) -> None:
        """Read what is open."""
        self.ask(lambda: open_conflicts(self.session), self._page.show_conflicts)

    def _resolve(self, uid: str, choices: Mapping[str, Any], reason: str) -> None:
        def stored(_record: object) -> None:
            self._page.show_notice(_("Pilihan tersimpan di laptop. Akan dikirim saat tersambung."), seconds=8)
            self.refresh()
            self._settled()

        self.ask(lambda: resolve(self.session, uid, choices, reason), stored, self._refused)

    def _refused(self, error: KubeFieldError) -> None:
        found = [(detail.get("field", ""), detail.get("message", "")) for detail in error.details]
        self._page.conflicts.show_errors(found)
        self.show_failure(error)

    def _open(self, record: ConflictedRecord) -> None:
        if record.kind in PROFILE_KINDS:
            self.navigate.open_profile(record.kind, record.uid)
        else:
            self._page.show_notice(_("Data jenis ini hanya ditampilkan di sini."), seconds=6)
