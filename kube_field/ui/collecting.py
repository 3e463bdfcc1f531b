"""Looks for garbage on the thread of the windows only, and in all of the memory only while nobody works.

Left alone, Python looks on whichever thread makes the next object: what is left of a window in a circle of references
would be destroyed by a worker, while Qt still tells it of its events. And every thread stands still for a look.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from kube_field.ui.idle_watch import IdleWatch

REST_SECONDS = 5
TICK_MS = 500
YOUNG = 1


class Collecting(QObject):
    """Takes the collection away from chance, until it is stopped: of young objects often, of everything in a rest."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._watch: IdleWatch | None = None
        self._tried = False
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.tick)
        self._timer.start(TICK_MS)

    def rest_with(self, watch: IdleWatch) -> None:
        """From now on all is looked at once in a rest, but for what is here already: it stays as long as the window."""
        self._watch = watch
        watch.worked.connect(self.on_work)
        gc.freeze()

    def tick(self) -> None:
        """Look whether it is time."""
        if self._watch is not None and not self._tried and self._watch.resting_seconds() >= REST_SECONDS:
            self._tried = True
            gc.collect()
        elif gc.get_count()[0] > gc.get_threshold()[0]:
            gc.collect(YOUNG)

    def on_work(self) -> None:
        """Somebody works; the next rest is another one."""
        self._tried = False

    def stop(self) -> None:
        """The window closes; from now on chance rules again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
