"""Shows a window in the size that pages are made for, or over all of a screen that has no room for it and its frame."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

PAGES = QSize(1366, 768)
FRAME = QSize(16, 40)
"""Title and edges, known for certain only once the window stands."""


def show_window(window: QWidget, room: QSize | None = None) -> None:
    """Show it; `room` is what the screen has beside its taskbar."""
    room = room or window.screen().availableSize()
    if (PAGES + FRAME).boundedTo(room) == PAGES + FRAME:
        window.resize(PAGES)
        window.show()
    else:
        window.resize((room - FRAME).boundedTo(PAGES))  # when it is made smaller again, its title is still there
        window.showMaximized()
