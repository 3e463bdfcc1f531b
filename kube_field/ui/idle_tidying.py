"""Compacts the database while nobody works, once in a rest, and lets go of it at the first key or touch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, QTimer

from kube_field.ui.idle_watch import IdleWatch
from kube_field.ui.tasks import DATABASE, Tasks

REST_SECONDS = 120
TICK_MS = 15_000


class Work(Protocol):
    """One attempt; `run` is called off the GUI thread, `stop` on it."""

    def run(self) -> bool:
        """Do it; True when it was done."""
        ...

    def stop(self) -> None:
        """Let go at once."""
        ...


class IdleTidying(QObject):
    """Begins an attempt when the officer has rested, unless `is_busy`; made anew for every rest."""

    def __init__(self, watch: IdleWatch, tasks: Tasks, make: Callable[[], Work], is_busy: Callable[[], bool]) -> None:
        super().__init__(watch)
        self._watch, self._tasks, self._make, self._is_busy = watch, tasks, make, is_busy
        self._work: Work | None = None
        self._tried = False
        watch.worked.connect(self.on_work)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.tick)
        self._timer.start(TICK_MS)

    def tick(self) -> None:
        """Look whether it is time."""
        if self._tried or self._watch.resting_seconds() < REST_SECONDS or self._is_busy():
            return
        self._tried = True
        self._work = work = self._make()
        self._tasks.run(work.run, lambda _done: self._ended(work), lambda _error: self._ended(work), lane=DATABASE)

    def on_work(self) -> None:
        """Somebody works: the database is his."""
        self._tried = False
        if self._work is not None:
            self._work.stop()

    def stop(self) -> None:
        """The window closes."""
        self._timer.stop()
        self.on_work()
        self._tried = True

    def _ended(self, work: Work) -> None:
        if self._work is work:
            self._work = None
