"""Sinkronisasi: sends beside the work, tells the result with names, keeps failures visible."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from gettext import gettext as _
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal

from kube_field.domain.records import DOCUMENT_KINDS
from kube_field.errors import KubeFieldError
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.sync_page import DeviceView, SyncPage
from kube_field.ui.presenters.page_presenter import PagePresenter, failure_words
from kube_field.ui.presenters.profile_presenter import PROFILE_KINDS
from kube_field.ui.tasks import SYNC, Tasks
from kube_field.usecases.queue import pill, queue, runs
from kube_field.usecases.session import Session
from kube_field.usecases.views import PillState, QueueRow, SyncRun

REFUSED_STATES = ("rejected", "quarantined", "failed")


class SyncLink(Protocol):
    """The way to the server, as the desktop wires it; every call may wait for the network, but `device`."""

    def device(self) -> DeviceView:
        """This laptop and its server."""
        ...

    def send(self, on_progress: Callable[[str, int, int], None], cancelled: Callable[[], bool]) -> SyncRun:
        """One whole run; `on_progress` takes phase, done, total."""
        ...

    def check(self) -> str:
        """What the connection check found, in words. Raises: KubeFieldError."""
        ...

    def enrol(self, server: str, code: str) -> None:
        """Make this laptop known. Raises: KubeFieldError."""
        ...


@dataclass(frozen=True, slots=True)
class SyncState:
    """Everything that the page lists."""

    waiting: list[QueueRow]
    runs: list[SyncRun]
    pill: PillState
    device: DeviceView


class SyncPresenter(QObject):
    """Presenter of SyncPage; call `refresh` whenever the page is shown, `send` from anywhere.

    Signals: run_ended(SyncRun), progressed(done, total) for the pill, state_changed(PillState).
    """

    run_ended = Signal(object)
    progressed = Signal(int, int)
    state_changed = Signal(object)
    _reported = Signal(str, int, int)

    def __init__(self, page: SyncPage, session: Session, tasks: Tasks, navigate: Navigator, link: SyncLink) -> None:
        super().__init__(page)
        self.page = page
        self.session = session
        self.navigate = navigate
        self._tasks = tasks
        self._link = link
        self._desk = PagePresenter(page, session, tasks, navigate)
        self._stop: threading.Event | None = None
        self._connect()

    def _connect(self) -> None:
        page = self.page
        page.send_requested.connect(self.send)
        page.cancel_requested.connect(self.cancel)
        page.check_requested.connect(self._check)
        page.retry_requested.connect(lambda _change: self.send())
        page.record_opened.connect(self._open)
        page.enrol_requested.connect(self._enrol)
        self._reported.connect(self._show_progress, Qt.ConnectionType.QueuedConnection)

    @property
    def is_sending(self) -> bool:
        """True while a run is under way."""
        return self._stop is not None

    def refresh(self) -> None:
        """Read queue, runs, pill and device again."""
        self._desk.ask(self._read, self._show)

    def send(self) -> None:
        """Start a run, unless one is under way."""
        if self._stop is not None:
            return
        stop = self._stop = threading.Event()
        self.page.hide_notice()
        self.page.show_progress(phase_words(""))
        self._desk.ask(
            lambda: {row.change_id: row.title for row in queue(self.session)}, lambda before: self._run(before, stop)
        )

    def cancel(self) -> None:
        """Stop after the step that is going on; nothing is lost."""
        if self._stop is not None:
            self._stop.set()
            self.page.show_progress(_("Menghentikan setelah langkah ini…"))

    def _run(self, before: dict[str, str], stop: threading.Event) -> None:
        self._tasks.run(
            lambda: self._link.send(self._reported.emit, stop.is_set),
            lambda run: self._ended(run, before),
            self._failed,
            lane=SYNC,
        )

    def _ended(self, run: SyncRun, before: dict[str, str]) -> None:
        self._stop = None

        def show(state: SyncState) -> None:
            left = {row.change_id for row in state.waiting}
            sent = [title for change, title in before.items() if change not in left]
            refused = [(row.title, row.reason) for row in state.waiting if row.state in REFUSED_STATES]
            self._show(state)
            self.page.show_result(run, sent, refused)
            self.run_ended.emit(run)

        self._desk.ask(self._read, show)

    def _failed(self, error: KubeFieldError) -> None:
        self._stop = None
        self.page.show_progress("")
        self.page.show_problem(failure_words(error))
        self.refresh()

    def _read(self) -> SyncState:
        return SyncState(queue(self.session), runs(self.session), pill(self.session), self._link.device())

    def _show(self, state: SyncState) -> None:
        self.page.show_queue(state.waiting)
        self.page.show_runs(state.runs)
        self.page.show_device(state.device, state.pill)
        self.state_changed.emit(state.pill)

    def _show_progress(self, phase: str, done: int, total: int) -> None:
        if self._stop is not None and not self._stop.is_set():
            self.page.show_progress(phase_words(phase, done, total), done, total)
            self.progressed.emit(done, total)

    def _check(self) -> None:
        self.page.show_progress(_("Memeriksa sambungan…"))

        def failed(error: KubeFieldError) -> None:
            self.page.show_check(failure_words(error), good=False)

        self._tasks.run(self._link.check, lambda words: self.page.show_check(words, good=True), failed, lane=SYNC)

    def _enrol(self, server: str, code: str) -> None:
        self.page.show_progress(_("Mendaftarkan laptop…"))

        def enrolled(_nothing: object) -> None:
            self.page.show_progress("")
            self.page.show_notice(_("Laptop terdaftar. Data yang menunggu dikirim sekarang."), seconds=8)
            self.send()

        self._tasks.run(lambda: self._link.enrol(server, code), enrolled, self._failed, lane=SYNC)

    def _open(self, row: QueueRow) -> None:
        if row.kind in DOCUMENT_KINDS:
            self.navigate.open_document(row.uid)
        elif row.kind in PROFILE_KINDS:
            self.navigate.open_profile(row.kind, row.uid)


def phase_words(phase: str, done: int = 0, total: int = 0) -> str:
    """What a run is doing."""
    words = {
        "hello": _("Menghubungi server…"),
        "verify": _("Mencocokkan kiriman terakhir…"),
        "push": _("Mengirim data…"),
        "pull": _("Mengambil pembaruan…"),
        "photos": _("Mengirim foto…"),
    }
    said = words.get(phase, _("Menyambung…"))
    return _("{words} {done} dari {total}").format(words=said, done=done, total=total) if total else said
