"""Locks when nobody works: after ten minutes without a key or a touch, and when the laptop slept."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer

IDLE_SECONDS = 10 * 60
TICK_MS = 5000
SLEPT_SECONDS = 60
WORK = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)


class IdleWatch(QObject):
    """Calls `lock` once; `seconds` is a monotonic clock, `wall` the clock on the wall, which goes on in sleep."""

    def __init__(
        self,
        app: QObject,
        lock: Callable[[], None],
        *,
        idle_seconds: float = IDLE_SECONDS,
        seconds: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(app)
        self._lock, self._limit = lock, idle_seconds
        self._seconds, self._wall = seconds, wall
        self._worked_at = seconds()
        self._drift = wall() - seconds()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.tick)
        self._timer.start(TICK_MS)
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: D102
        if event.type() in WORK:
            self._worked_at = self._seconds()
        return False

    def tick(self) -> None:
        """Look at both clocks."""
        drift = self._wall() - self._seconds()
        slept = drift - self._drift > SLEPT_SECONDS
        self._drift = drift
        if slept or self._seconds() - self._worked_at >= self._limit:
            self.stop()
            self._lock()

    def stop(self) -> None:
        """Watch no longer."""
        self._timer.stop()
        parent = self.parent()
        if parent is not None:
            parent.removeEventFilter(self)
