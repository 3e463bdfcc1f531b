"""Taking widgets off a page that go on living for a moment."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QWidget


def put_away(widget: QWidget) -> None:
    """Take a widget away for good, the cursor first.

    A widget that is hidden with the cursor inside hands it to a neighbour; among widgets that are about to be deleted
    Qt 6.11 loses its way there and the process dies.
    """
    focused = QApplication.focusWidget()
    if focused is not None and (focused is widget or widget.isAncestorOf(focused)):
        focused.clearFocus()
    widget.hide()
    widget.deleteLater()
