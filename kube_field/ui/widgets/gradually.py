"""Many small things done a few at a time, so that the window answers in between."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QLayout

TURN_SECONDS = 0.012
"""So long is worked between two turns of the event loop."""


class Gradually(QObject):
    """Begins at once and goes on at every turn; `start` again drops what was not done yet.

    `layout` is where the things put widgets: it moves once a turn, not for every widget that is shown in it.
    """

    def __init__(self, parent: QObject, layout: QLayout) -> None:
        super().__init__(parent)
        self._layout = layout
        self._things: Iterator[Callable[[], object]] = iter(())
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._turn)

    def start(self, things: Iterable[Callable[[], object]]) -> None:
        """Do these things in their order."""
        self._things = iter(things)
        self._turn()

    def is_done(self) -> bool:
        """True when nothing waits."""
        return not self._timer.isActive()

    def _turn(self) -> None:
        until = time.perf_counter() + TURN_SECONDS
        self._layout.setEnabled(False)
        for thing in self._things:
            thing()
            if time.perf_counter() >= until:
                self._timer.start()
                break
        self._layout.setEnabled(True)
