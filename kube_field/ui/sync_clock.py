"""When to synchronise without being asked: at the start, every fifteen minutes, and when a connection returns."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtNetwork import QNetworkInformation

EVERY_MS = 15 * 60 * 1000
FIRST_MS = 3000


class SyncClock(QObject):
    """Calls `send`; on systems without a network watcher (bare Linux) the timer alone decides."""

    def __init__(self, send: Callable[[], None], wanted: Callable[[], bool]) -> None:
        super().__init__()
        self._send, self._wanted = send, wanted
        self._first = QTimer(self)
        self._first.setSingleShot(True)
        self._first.setInterval(FIRST_MS)
        self._first.timeout.connect(self._go)
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._go)
        if QNetworkInformation.loadDefaultBackend():
            QNetworkInformation.instance().reachabilityChanged.connect(self._on_reachability)

    def start(self) -> None:
        """Begin, with a first run in a moment."""
        self._first.start()
        self._timer.start()

    def stop(self) -> None:
        """No more runs by itself."""
        self._first.stop()
        self._timer.stop()

    def _go(self) -> None:
        if self._timer.isActive() and self._wanted():
            self._send()

    def _on_reachability(self, state: QNetworkInformation.Reachability) -> None:
        if state in (QNetworkInformation.Reachability.Online, QNetworkInformation.Reachability.Local):
            self._go()
