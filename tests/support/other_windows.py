"""Notes every window that comes up beside the ones that shall be there: a widget without a place flashes as one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget

EXPECTED = (Qt.WindowType.Popup, Qt.WindowType.ToolTip)


class OtherWindows(QObject):
    """An event filter of the application; `seen` are the windows that nobody wanted."""

    def __init__(self, *windows: QWidget) -> None:
        super().__init__()
        self._windows = windows
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        shows = event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow()
        if shows and watched not in self._windows and watched.windowType() not in EXPECTED:
            self.seen.append(f"{type(watched).__name__} {watched.objectName()} {watched.accessibleName()}")
        return False
