"""Work off the GUI thread: serial workers for the database, for sync, for questions to the server, for files alone.

Answers land on the GUI thread.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal

from kube_field.errors import KubeFieldError
from kube_field.sqlite.failures import DATABASE_DAMAGED

log = logging.getLogger(__name__)

DATABASE, SYNC, QUESTIONS, FILES = "database", "sync", "questions", "files"
LANES = (DATABASE, SYNC, QUESTIONS, FILES)
NETWORK = (SYNC, QUESTIONS)
"""Lanes that may wait for the line; a question that somebody waits for does not wait for the photos of a run."""
SHUTDOWN_MS = 10_000

Work = Callable[[], Any]
Done = Callable[[Any], None]
Failed = Callable[[KubeFieldError], None]
Crashed = Callable[[BaseException], None]


class Tasks(Protocol):
    """What a presenter needs of a task runner."""

    def run(
        self, work: Work, done: Done | None = None, failed: Failed | None = None, *, lane: str = DATABASE
    ) -> threading.Event:
        """Queue the work on a lane."""
        ...


class _Job(QRunnable):
    """One piece of work; it owns no signal: a runnable dies on the wrong thread."""

    def __init__(self, work: Work, finish: Callable[[Any, BaseException | None], None]) -> None:
        super().__init__()
        self._work, self._finish = work, finish

    def run(self) -> None:
        """Do the work and hand over what came of it."""
        try:
            result = self._work()
        except BaseException as error:  # noqa: BLE001  every end must reach the GUI thread
            self._finish(None, error)
        else:
            self._finish(result, None)


class TaskRunner(QObject):
    """Runs work in order per lane; `done` and `failed` are called on the thread that made the runner.

    An error that the officer can act on goes to `failed`; without it, and for our own bugs, to `on_unhandled`. Of a
    damaged database `on_damaged` hears as well.
    Signals: `busy_changed(bool)`.
    """

    busy_changed = Signal(bool)
    _finished = Signal(object)

    def __init__(self, on_unhandled: Crashed | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.on_unhandled = on_unhandled
        self.on_damaged: Callable[[], None] = lambda: None
        self._open = 0
        self._closed = False
        self._pools: dict[str, QThreadPool] = {}
        for lane in LANES:
            pool = QThreadPool(self)
            pool.setMaxThreadCount(1)
            pool.setExpiryTimeout(-1)
            self._pools[lane] = pool
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self, work: Work, done: Done | None = None, failed: Failed | None = None, *, lane: str = DATABASE
    ) -> threading.Event:
        """Queue the work; set the event that comes back and the answer is dropped (the work may look at it too)."""
        cancelled = threading.Event()
        if self._closed:
            return cancelled

        def finish(result: Any, error: BaseException | None) -> None:
            self._finished.emit((cancelled, done, failed, result, error))

        self._open += 1
        if self._open == 1:
            self.busy_changed.emit(True)
        self._pools[lane].start(_Job(work, finish))
        return cancelled

    def shut_down(self, timeout_ms: int = SHUTDOWN_MS) -> bool:
        """Let running work end, drop network work that has not begun; True when all lanes are still.

        Answers that come after this are dropped: the pages that wait for them may be gone.
        """
        self._closed = True
        for lane in NETWORK:
            self._pools[lane].clear()
        still = [pool.waitForDone(timeout_ms) for pool in self._pools.values()]
        return all(still)

    def _deliver(self, answer: tuple[threading.Event, Done | None, Failed | None, Any, BaseException | None]) -> None:
        self._open -= 1
        if self._open == 0:
            self.busy_changed.emit(False)
        cancelled, done, failed, result, error = answer
        if self._closed:
            if error is not None:
                log.warning("work that ended after the window failed: %s", type(error).__name__)
            return
        if isinstance(error, KubeFieldError) and error.code == DATABASE_DAMAGED:
            self.on_damaged()
        if not cancelled.is_set():
            settle(done, failed, result, error, self.on_unhandled)


class ImmediateTaskRunner:
    """Does the work at once, on the caller's thread; for tests and the command line's windowless day."""

    def __init__(self, on_unhandled: Crashed | None = None) -> None:
        self.on_unhandled = on_unhandled

    def run(
        self, work: Work, done: Done | None = None, failed: Failed | None = None, *, lane: str = DATABASE
    ) -> threading.Event:
        """Do the work and settle it before returning."""
        result, error = None, None
        try:
            result = work()
        except KubeFieldError as known:
            error = known
        settle(done, failed, result, error, self.on_unhandled)
        return threading.Event()

    def shut_down(self, timeout_ms: int = 0) -> bool:
        """Nothing ever runs behind the caller's back."""
        return True


def settle(
    done: Done | None, failed: Failed | None, result: Any, error: BaseException | None, unhandled: Crashed | None
) -> None:
    """Call the one callback that fits the end of the work."""
    if error is None:
        if done is not None:
            done(result)
    elif isinstance(error, KubeFieldError) and failed is not None:
        failed(error)
    elif unhandled is not None:
        unhandled(error)
    else:
        log.error("work failed: %s", type(error).__name__)
        raise error
