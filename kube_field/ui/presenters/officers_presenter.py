"""Petugas di laptop ini: lists them, lets a colleague join, changes one's own password."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from gettext import gettext as _
from typing import Any, Protocol

from kube_field.errors import KubeFieldError
from kube_field.ui.pages.officer_forms import OfficerForm
from kube_field.ui.pages.officers_card import OfficerLine
from kube_field.ui.pages.sync_page import SyncPage
from kube_field.ui.presenters.page_presenter import failure_words
from kube_field.ui.tasks import SYNC, Tasks


class OfficerDesk(Protocol):
    """What the laptop can do about its officers, as the desktop wires it."""

    def officers(self) -> Sequence[OfficerLine]:
        """Everybody who works on this laptop."""
        ...

    def add_officer(self, user: str, code: str, password: str) -> str:
        """Let a colleague join; his name. Waits for the network. Raises: KubeFieldError."""
        ...

    def change_password(self, old: str, new: str) -> None:
        """Replace the password of the officer at work. Raises: KubeFieldError."""
        ...


class OfficersPresenter:
    """Presenter of the officers' card on SyncPage; call `refresh` whenever the page is shown."""

    def __init__(self, page: SyncPage, tasks: Tasks, desk: OfficerDesk) -> None:
        self.page, self.card = page, page.officers
        self._tasks, self._desk = tasks, desk
        page.served_by.append(self)
        self.card.add_requested.connect(self._add)
        self.card.change_requested.connect(self._change)

    def refresh(self) -> None:
        """Read again who works here and what of each waits."""
        self._tasks.run(self._desk.officers, self.card.show_officers)

    def _add(self, user: str, code: str, password: str) -> None:
        def added(name: str) -> None:
            words = _("{name} sekarang dapat membuka laptop ini sebagai {user}.").format(name=name, user=user)
            self._done(words)

        self._work(
            self.card.adding, _("Menambahkan…"), lambda: self._desk.add_officer(user, code, password), added, SYNC
        )

    def _change(self, old: str, new: str) -> None:
        def changed(_nothing: object) -> None:
            self._done(_("Kata sandi Anda sudah diganti."))

        self._work(self.card.changing, _("Mengganti…"), lambda: self._desk.change_password(old, new), changed, SYNC)

    def _work(
        self, form: OfficerForm, words: str, work: Callable[[], Any], done: Callable[[Any], None], lane: str
    ) -> None:
        form.show_busy(words)

        def failed(error: KubeFieldError) -> None:
            form.show_busy("")
            self.card.show_problem(failure_words(error))

        self._tasks.run(work, done, failed, lane=lane)

    def _done(self, words: str) -> None:
        self.card.show_done()
        self.page.show_notice(words, seconds=8)
        self.refresh()
