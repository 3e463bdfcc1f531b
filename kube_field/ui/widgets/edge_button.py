"""An icon inside a line, at the officer's scale: Qt draws those of a line's own actions at one fixed size."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QToolButton

from kube_field.ui.theme import current_theme

SIDE, ICON, EDGE = 26, 16, 3


class EdgeButton(QToolButton):
    """Stands at one end of a line and presses an action; the words of the line keep clear of it."""

    def __init__(self, line: QLineEdit, action: QAction, *, leading: bool = False) -> None:
        super().__init__(line)
        px = current_theme().px
        self._line, self._leading = line, leading
        self.setDefaultAction(action)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setIconSize(QSize(px(ICON), px(ICON)))
        self.setFixedSize(px(SIDE), px(SIDE))
        room = px(SIDE) - 6
        line.setTextMargins(room if leading else 0, 0, 0 if leading else room, 0)
        line.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The line has another size: stand at its end again."""
        if watched is self._line and event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            left = EDGE if self._leading else self._line.width() - self.width() - EDGE
            self.move(left, (self._line.height() - self.height()) // 2)
        return False
