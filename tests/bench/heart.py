"""How long the event loop did not come round: what an officer feels as a window that hangs."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Qt, QTimer

BEAT_MS = 1


class Heart(QObject):
    """Beats with every turn of the event loop and remembers the longest pause since `begin`.

    `wall` is what passed by the clock, other programs on the machine included; `own` what the GUI thread itself
    worked in that pause. Both in milliseconds.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.wall = self.own = 0.0
        self._last = time.perf_counter(), time.thread_time()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def begin(self) -> None:
        """Forget what was."""
        self.wall = self.own = 0.0
        self._last = time.perf_counter(), time.thread_time()

    def _beat(self) -> None:
        now = time.perf_counter(), time.thread_time()
        wall, own = ((after - before) * 1000 for after, before in zip(now, self._last, strict=True))
        self.wall, self.own = max(self.wall, wall), max(self.own, own)
        self._last = now
