"""Composition root of the window: start pages, unlocking, the workplace, locking, synchronising by itself."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from gettext import gettext as _
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QSessionManager
from PySide6.QtWidgets import QApplication, QMainWindow, QMessageBox, QWidget

from kube_field.errors import KubeFieldError
from kube_field.logs import places_of, start_logging
from kube_field.paths import AppPaths, default_paths
from kube_field.program import own_command, own_environment
from kube_field.storage.vault.back_off import BackOff
from kube_field.storage.vault.passwords import check_password
from kube_field.storage.vault.vault import users
from kube_field.summary import read_summary, write_summary
from kube_field.ui.collecting import Collecting
from kube_field.ui.icons import app_icon
from kube_field.ui.pages.demo_start_page import DemoStartPage
from kube_field.ui.pages.first_start_page import FirstStartPage
from kube_field.ui.pages.unlock_page import OfficerTile, UnlockPage
from kube_field.ui.presenters.start_presenter import DemoStartPresenter, FirstStartPresenter, UnlockPresenter
from kube_field.ui.showing import show_window
from kube_field.ui.tasks import TaskRunner
from kube_field.ui.theme import apply_theme

if TYPE_CHECKING:
    from kube_field.assembly import OpenLaptop
    from kube_field.demo import Demo
    from kube_field.demo_server import DemoServer
    from kube_field.ui.data_watch import DataWatch
    from kube_field.ui.idle_tidying import IdleTidying
    from kube_field.ui.idle_watch import IdleWatch
    from kube_field.ui.sync_clock import SyncClock
    from kube_field.ui.workplace import Workplace

log = logging.getLogger(__name__)
SIGNAL_MS = 200
LOAD_MS = 150
"""After so long on the first page everything behind it is loaded."""
LOCK_WAIT_MS = 5000
DEMO_FOLDER = "contoh"
"""The sample profile that is begun from the first page lies inside the data folder, apart from the real data."""
WINDOWS_DETACHED = 0x00000008


def open_window(data_dir: Path | None = None, *, is_demo: bool = False) -> int:
    """Open the app on a data folder, or on the one of the demonstration; returns the exit code."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("KUBE Lapangan")
    app.setQuitOnLastWindowClosed(True)
    apply_theme(app)
    app.setWindowIcon(app_icon())
    paths = AppPaths(data_dir.absolute()) if data_dir else default_paths(demo=is_demo)
    paths.prepare()
    handler = start_logging(paths.logs)
    desktop = Desktop(app, paths)
    try:
        if is_demo:
            desktop.start_demo()
        else:
            desktop.start()
        code = int(app.exec())
    finally:
        desktop.close()
        logging.getLogger().removeHandler(handler)
        handler.close()
    if not desktop.is_still:
        # Something still waits for the network; with it this process and its keys would live on behind the lock.
        os._exit(code)
    return code


class Desktop(QObject):
    """The app from its first page to its last: owns the task runner, the start window and the workplace."""

    def __init__(
        self, app: QApplication, paths: AppPaths, *, begin_again: Callable[[AppPaths, bool], None] | None = None
    ) -> None:
        super().__init__()
        self.app, self.paths = app, paths
        self._begin_again = begin_again or restart
        self.is_still = True
        """False once closing found work in the background that did not end in time."""
        self.tasks = TaskRunner(self._on_crash, self)
        self.laptop: OpenLaptop | None = None
        self.workplace: Workplace | None = None
        self.start_window: QMainWindow | None = None
        self.demo_server: DemoServer | None = None
        self._presenter: UnlockPresenter | FirstStartPresenter | DemoStartPresenter | None = None
        self._idle: IdleWatch | None = None
        self._tidying: IdleTidying | None = None
        self._collecting = Collecting(self)
        self._sync_clock: SyncClock | None = None
        self._data_watch: DataWatch | None = None
        self._back_off = BackOff(paths.waiting, time.monotonic)
        app.commitDataRequest.connect(self._on_session_ends)
        self._listen_to_signals()

    # Start pages

    def start(self) -> None:
        """Show the unlock page, or the very first page on a laptop without data."""
        if self.paths.is_set_up():
            self._show_unlock()
        else:
            self._show_first_start()

    def start_demo(self) -> None:
        """Show that the sample data are made, then the workplace with them.

        The window owns the server too, so that locking ends it before the next program starts its own.
        """
        page = DemoStartPage()
        presenter = DemoStartPresenter(
            page, self.tasks, start_demo=lambda: self._open_demo(self.paths.data_dir), on_ready=self.on_ready
        )
        self._presenter = presenter
        self._show_start(page)
        presenter.begin()

    def _show_unlock(self) -> None:
        page = UnlockPage()
        presenter = UnlockPresenter(
            page,
            self.tasks,
            officers=self._officers,
            unlock=self._unlock,
            repair=self._repair,
            on_open=self.open_workplace,
            wait_seconds=lambda: self._back_off.remaining(),
        )
        self._presenter = presenter
        self._show_start(page)
        presenter.refresh()

    def _show_first_start(self) -> None:
        page = FirstStartPage(check_password)
        self._presenter = FirstStartPresenter(
            page,
            self.tasks,
            enrol=self._enrol,
            start_demo=lambda: self._open_demo(self.paths.data_dir / DEMO_FOLDER),
            on_ready=self.on_ready,
        )
        self._show_start(page)

    def _enrol(self, server: str, code: str, user: str, password: str) -> OpenLaptop:
        from kube_field.assembly import enrol_new_laptop, system_wiring

        return enrol_new_laptop(self.paths, url=server, code=code, user=user, password=password, wiring=system_wiring())

    def _open_demo(self, folder: Path) -> Demo:
        from kube_field.demo import open_demo

        return open_demo(folder)

    def on_ready(self, made: OpenLaptop | Demo) -> None:
        """Go on to the workplace of what a start page made ready."""
        from kube_field.demo import Demo

        if isinstance(made, Demo):
            self.demo_server = made.server
            self.open_workplace(made.laptop)
        else:
            self.open_workplace(made)

    def _show_start(self, page: QWidget) -> None:
        window = QMainWindow()
        window.setWindowTitle(_("KUBE Lapangan"))
        window.setCentralWidget(page)
        show_window(window)
        self.start_window = window
        QTimer.singleShot(LOAD_MS, self, lambda: self.tasks.run(load_workplace))

    def _officers(self) -> list[OfficerTile]:
        unsent = read_summary(self.paths.summary)
        return [OfficerTile(user, user, unsent.get(user)) for user in users(self.paths.key_file)]

    def _unlock(self, user: str, password: str) -> OpenLaptop:
        from kube_field.assembly import open_laptop, system_wiring

        return open_laptop(self.paths, user=user, password=password, wiring=system_wiring(), back_off=self._back_off)

    def _repair(self, user: str, password: str) -> str:
        from kube_field.assembly import system_wiring
        from kube_field.repairing import repair_laptop, words_of

        repair = repair_laptop(
            self.paths, user=user, password=password, wiring=system_wiring(), back_off=self._back_off
        )
        return words_of(repair)

    # The workplace

    def open_workplace(self, laptop: OpenLaptop) -> None:
        """Show the window of an unlocked laptop, and begin to watch the clock and the network."""
        from kube_field.sync_link import ServerLink
        from kube_field.ui.data_watch import DataWatch
        from kube_field.ui.idle_tidying import IdleTidying
        from kube_field.ui.idle_watch import IdleWatch
        from kube_field.ui.sync_clock import SyncClock
        from kube_field.ui.workplace import Workplace
        from kube_field.usecases.compacting import compacting

        self.laptop, self.paths = laptop, laptop.paths
        workplace = Workplace(laptop.session, self.tasks, ServerLink(laptop))
        workplace.window.lock_requested.connect(self.lock)
        workplace.window.closing.connect(self._on_closing)
        self.workplace = workplace
        self._idle = IdleWatch(self.app, self.lock)
        self._tidying = IdleTidying(self._idle, self.tasks, lambda: compacting(laptop.session), self._is_sending)
        self._data_watch = DataWatch(laptop.session, self.tasks, self._is_sending, self)
        self._data_watch.notice_wanted.connect(workplace.window.show_notice)
        self._data_watch.damaged.connect(self._on_damaged)
        self.tasks.on_damaged = self._on_damaged
        self._sync_clock = SyncClock(
            lambda: workplace.sync.send(), lambda: self.laptop is not None and ServerLink(laptop).is_enrolled()
        )
        if self.start_window is not None:
            self.start_window.close()
            self.start_window = None
        show_window(workplace.window)
        workplace.start()
        self._data_watch.begin()
        self._collecting.rest_with(self._idle)
        self._sync_clock.start()

    def _is_sending(self) -> bool:
        return self.workplace is not None and self.workplace.is_made("sync") and self.workplace.sync.is_sending

    def _on_closing(self) -> None:
        if self.workplace is not None:
            self.workplace.stop()

    def lock(self) -> None:
        """Store what is typed, cover the window, and begin again in a fresh process: only that empties the memory."""
        if self.workplace is None or self.laptop is None:
            return
        self.workplace.stop()
        self.workplace.window.hide()
        try:
            self.close()
        finally:
            self._begin_again(self.paths, self.workplace.session.is_demo)
            self.app.quit()

    def close(self) -> None:
        """Store what is typed, end the work in the background, close the laptop."""
        for watcher in (self._sync_clock, self._data_watch, self._tidying, self._idle):
            if watcher is not None:
                watcher.stop()
        if self.workplace is not None:
            self.workplace.stop()
            self.workplace.cancel_sync()
        if self.is_still:
            self.is_still = self.tasks.shut_down(LOCK_WAIT_MS)
        if self.laptop is not None:
            laptop, self.laptop = self.laptop, None
            _close_laptop(laptop, is_still=self.is_still)
        if self.demo_server is not None:
            self.demo_server.stop()
            self.demo_server = None
        self._collecting.stop()

    def _on_damaged(self) -> None:
        """The database is damaged: from the next start on it is repaired before it is used."""
        from kube_field.repairing import note_damage

        if self.workplace is None or self.laptop is None:
            return
        with suppress(OSError):  # then it is found again, and noted then
            note_damage(self.paths)
        self.workplace.window.show_notice(
            _("Berkas data di laptop ini rusak. Kunci sekarang, masukkan kata sandi, lalu pilih Pulihkan data."),
            _("Kunci"),
            self.lock,
            critical=True,
        )

    def _on_session_ends(self, _manager: QSessionManager) -> None:
        if self.workplace is not None:
            self.workplace.flush()

    def _listen_to_signals(self) -> None:
        """Python sees a signal only when its interpreter runs; a slow timer gives it the chance."""

        def leave(_number: int, _frame: FrameType | None) -> None:
            self.app.quit()

        for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), leave)
        pulse = QTimer(self)
        pulse.timeout.connect(lambda: None)
        pulse.start(SIGNAL_MS)

    def _on_crash(self, error: BaseException) -> None:
        place = places_of(type(error), error.__traceback__)
        log.error("BUG %s", place)
        window = self.workplace.window if self.workplace else self.start_window
        QMessageBox.critical(
            window,
            _("Kesalahan program"),
            _(
                "Terjadi kesalahan di dalam program. Data yang sudah tersimpan aman.\n\n"
                "Sampaikan kepada pengelola: {place}"
            ).format(place=place.split(" < ")[0]),
        )


def load_workplace() -> None:
    """Load what only an unlocked laptop needs, while the password is typed: it is more than half of the program."""
    for name in ("assembly", "sync_link", "ui.idle_watch", "ui.sync_clock", "ui.workplace"):
        import_module(f"kube_field.{name}")


def _close_laptop(laptop: OpenLaptop, *, is_still: bool) -> None:
    """The folder is free whatever becomes of the numbers beside it.

    The database closes, unless work still goes on in it: then it ends with the process, which loses nothing.
    """
    try:
        write_summary(laptop)
    except (OSError, KubeFieldError) as error:
        log.warning("the numbers for the unlock page were not written: %s", type(error).__name__)
    finally:
        if is_still:
            laptop.close()
        else:
            laptop.lock.release()


def restart(paths: AppPaths, is_demo: bool) -> None:
    """Start the program anew on the same data folder."""
    command = [
        *own_command("kube-field", "kube_field"),
        "--data-dir",
        str(paths.data_dir),
        *(["demo"] if is_demo else []),
    ]
    detached: dict[str, int | bool] = (
        {"creationflags": WINDOWS_DETACHED} if sys.platform == "win32" else {"start_new_session": True}
    )
    subprocess.Popen(command, stdin=subprocess.DEVNULL, env=own_environment(), **detached)  # type: ignore[call-overload]
