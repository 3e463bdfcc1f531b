"""Mungkin ganda: reads the cases, compares two records, stores the supervisor's word."""

from __future__ import annotations

from collections.abc import Callable
from gettext import gettext as _

from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.sync_page import SyncPage
from kube_field.ui.presenters.page_presenter import PagePresenter
from kube_field.ui.tasks import Tasks
from kube_field.usecases.double_decisions import compare, keep_apart, merge_double, undo_merge
from kube_field.usecases.duplicates import done_merges, open_duplicates
from kube_field.usecases.session import Session


class DoublesPresenter(PagePresenter):
    """Presenter of the tab Mungkin ganda; `decided` is called after a word was stored."""

    def __init__(
        self, page: SyncPage, session: Session, tasks: Tasks, navigate: Navigator, decided: Callable[[], object]
    ) -> None:
        super().__init__(page, session, tasks, navigate)
        self._page = page
        self._decided = decided
        panel = page.doubles
        panel.comparison_wanted.connect(
            lambda first, second: self.ask(lambda: compare(session, first, second), panel.show_comparison)
        )
        panel.merge_decided.connect(
            lambda case, kept, reason: self._say(
                lambda: merge_double(session, duplicate=case, kept=kept, reason=reason)
            )
        )
        panel.different_decided.connect(
            lambda case, reason: self._say(lambda: keep_apart(session, duplicate=case, reason=reason))
        )
        panel.undo_decided.connect(
            lambda case, reason: self._say(lambda: undo_merge(session, duplicate=case, reason=reason))
        )

    def refresh(self) -> None:
        """Read cases and merges."""
        self.ask(
            lambda: (open_duplicates(self.session), done_merges(self.session)),
            lambda found: self._page.show_doubles(*found),
        )

    def _say(self, work: Callable[[], object]) -> None:
        def stored(_fact: object) -> None:
            self._page.show_notice(_("Keputusan tersimpan di laptop. Akan dikirim saat tersambung."), seconds=8)
            self.refresh()
            self._decided()

        self.ask(work, stored)
