"""The pages before the window: enrolling or trying the app, and opening a locked laptop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from gettext import gettext as _
from typing import Any

from kube_field.errors import KubeFieldError
from kube_field.sqlite.failures import DATABASE_DAMAGED
from kube_field.ui.pages.demo_start_page import DemoStartPage
from kube_field.ui.pages.first_start_page import FirstStartPage
from kube_field.ui.pages.unlock_page import OfficerTile, UnlockPage
from kube_field.ui.presenters.page_presenter import failure_words
from kube_field.ui.tasks import Tasks


class UnlockPresenter:
    """Presenter of UnlockPage.

    `officers()` lists the tiles, `unlock(user, password)` opens the laptop off the GUI thread and its answer goes to
    `on_open`; `wait_seconds()` says how long the vault's back-off lasts after a wrong password.
    `repair(user, password)` mends a damaged database and gives the words about it.
    """

    def __init__(
        self,
        page: UnlockPage,
        tasks: Tasks,
        *,
        officers: Callable[[], Sequence[OfficerTile]],
        unlock: Callable[[str, str], Any],
        repair: Callable[[str, str], str],
        on_open: Callable[[Any], None],
        wait_seconds: Callable[[], int],
    ) -> None:
        self.page = page
        self._tasks = tasks
        self._officers, self._unlock, self._on_open, self._wait = officers, unlock, on_open, wait_seconds
        self._mend = repair
        page.served_by.append(self)
        page.unlock_requested.connect(self._try)
        page.repair_requested.connect(self._repair)

    def refresh(self) -> None:
        """Show the officers; a wait that is still running goes on."""
        self.page.show_officers(self._officers())
        if (left := self._wait()) > 0:
            self.page.show_problem(_("Terlalu banyak percobaan. Tunggu sebentar; data Anda aman."), left)

    def _try(self, user: str, password: str) -> None:
        self.page.show_busy(True)
        self._tasks.run(lambda: self._unlock(user, password), self._opened, self._failed)

    def _repair(self, user: str, password: str) -> None:
        self.page.show_repairing()
        self._tasks.run(lambda: self._mend(user, password), self._repaired, self._failed)

    def _repaired(self, words: str) -> None:
        self.page.show_busy(False)
        self.page.show_repaired(words)

    def _opened(self, laptop: Any) -> None:
        self.page.show_busy(False)
        self._on_open(laptop)

    def _failed(self, error: KubeFieldError) -> None:
        self.page.show_busy(False)
        self.page.show_problem(failure_words(error), max(0, self._wait()), can_repair=error.code == DATABASE_DAMAGED)


class FirstStartPresenter:
    """Presenter of FirstStartPage.

    `enrol(server, code, user, password)` and `start_demo()` work off the GUI thread; their answer goes to `on_ready`.
    """

    def __init__(
        self,
        page: FirstStartPage,
        tasks: Tasks,
        *,
        enrol: Callable[[str, str, str, str], Any],
        start_demo: Callable[[], Any],
        on_ready: Callable[[Any], None],
    ) -> None:
        self.page = page
        self._tasks = tasks
        self._enrol_laptop, self._start_demo, self._on_ready = enrol, start_demo, on_ready
        page.served_by.append(self)
        page.enrol_requested.connect(self._enrol)
        page.demo_requested.connect(self._demo)

    def _enrol(self, server: str, code: str, user: str, password: str) -> None:
        self.page.show_busy(_("Mendaftarkan laptop…"))
        self._tasks.run(lambda: self._enrol_laptop(server, code, user, password), self._ready, self._failed)

    def _demo(self) -> None:
        self.page.show_busy(_("Menyiapkan data contoh…"))
        self._tasks.run(self._start_demo, self._ready, self._failed)

    def _ready(self, laptop: Any) -> None:
        self.page.show_busy("")
        self._on_ready(laptop)

    def _failed(self, error: KubeFieldError) -> None:
        self.page.show_problem(failure_words(error))


class DemoStartPresenter:
    """Presenter of DemoStartPage: makes the sample data off the GUI thread; they go to `on_ready`."""

    def __init__(
        self, page: DemoStartPage, tasks: Tasks, *, start_demo: Callable[[], Any], on_ready: Callable[[Any], None]
    ) -> None:
        self.page = page
        self._tasks, self._start_demo, self._on_ready = tasks, start_demo, on_ready
        page.served_by.append(self)
        page.wanted.connect(self.begin)

    def begin(self) -> None:
        """Make the data, or open those that are there."""
        self.page.show_working()
        self._tasks.run(self._start_demo, self._on_ready, lambda error: self.page.show_problem(failure_words(error)))
