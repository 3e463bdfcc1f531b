"""Looks for garbage in all of the memory while nobody works: every thread stands still for it."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

from kube_field.ui.idle_watch import IdleWatch

REST_SECONDS = 5
TICK_MS = 2000
NEVER = 2**31 - 1


class IdleCollecting(QObject):
    """Takes the collection of everything away from chance, and does it once in a rest. Young objects go as ever.

    What is here at the beginning stays as long as the window, and is not looked at any more.
    """

    def __init__(self, watch: IdleWatch) -> None:
        super().__init__(watch)
        self._watch = watch
        self._tried = False
        self._before = gc.get_threshold()
        gc.freeze()
        gc.set_threshold(*self._before[:2], NEVER)
        watch.worked.connect(self.on_work)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.tick)
        self._timer.start(TICK_MS)

    def tick(self) -> None:
        """Look whether it is time."""
        if self._tried or self._watch.resting_seconds() < REST_SECONDS:
            return
        self._tried = True
        gc.collect()

    def on_work(self) -> None:
        """Somebody works; the next rest is another one."""
        self._tried = False

    def stop(self) -> None:
        """The window closes; from now on chance rules again."""
        self._timer.stop()
        gc.set_threshold(*self._before)
        gc.unfreeze()
