"""Locks when nobody works: after ten minutes without a key or a touch, and when the laptop slept.

Only the windows are watched, where keys and pointers arrive first: a filter of the whole application would be called
for every event of every widget, many thousand times for one page.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

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
    """Calls `lock` once; `seconds` is a monotonic clock, `wall` the clock on the wall, which goes on in sleep.

    Signals: worked() at every key, pointer or touch.
    """

    worked = Signal()

    def __init__(
        self,
        app: QGuiApplication,
        lock: Callable[[], None],
        *,
        idle_seconds: float = IDLE_SECONDS,
        seconds: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(app)
        self._app = app
        self._lock, self._limit = lock, idle_seconds
        self._seconds, self._wall = seconds, wall
        self._worked_at = self._ticked_at = seconds()
        self._drift = wall() - seconds()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.tick)
        self._timer.start(TICK_MS)
        app.focusWindowChanged.connect(self._watch_windows)
        self._watch_windows()

    def _watch_windows(self) -> None:
        # Qt keeps one filter however often it is given; a menu that never has the focus is found at the next tick.
        for window in self._app.topLevelWindows():
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: D102
        if event.type() in WORK:
            self._worked_at = self._seconds()
            self.worked.emit()
        return False

    def resting_seconds(self) -> float:
        """How long nobody worked."""
        return self._seconds() - self._worked_at

    def tick(self) -> None:
        """Look at both clocks."""
        self._watch_windows()
        now = self._seconds()
        if self._slept(now) or now - self._worked_at >= self._limit:
            self.stop()
            self._lock()

    def _slept(self, now: float) -> bool:
        """In sleep only the wall clock goes on; where the other does too (Windows), the tick comes far too late."""
        drift, late = self._wall() - now, now - self._ticked_at - TICK_MS / 1000
        jumped = drift - self._drift
        self._drift, self._ticked_at = drift, now
        return jumped > SLEPT_SECONDS or late > SLEPT_SECONDS

    def stop(self) -> None:
        """Watch no longer."""
        if not self._timer.isActive():
            return
        self._timer.stop()
        self._app.focusWindowChanged.disconnect(self._watch_windows)
        for window in self._app.topLevelWindows():
            window.removeEventFilter(self)
