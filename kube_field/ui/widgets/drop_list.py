"""A list that drops down under a field, inside the window; the field keeps the focus."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from kube_field.ui.theme import current_theme

SHOWN_ROWS, LEAST_ROW, LEAST_WIDTH, EDGE = 8, 24, 300, 8


class DropList(QFrame):
    """Rows of text, each with what it stands for. Signals: `taken(object)`."""

    taken = Signal(object)

    def __init__(self, field: QWidget, name: str) -> None:
        super().__init__(field)
        self._field = field
        self.setObjectName("popup")
        box = QVBoxLayout(self)
        box.setContentsMargins(4, 4, 4, 4)
        self.list = QListWidget()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(name)
        box.addWidget(self.list)
        self.list.itemClicked.connect(self._take)
        self.hide()

    def show_rows(self, rows: list[tuple[str, Any]], nothing: str) -> None:
        """Show (text, object) rows under the field, the first one current; `nothing` when there are none."""
        self.list.clear()
        for text, meant in rows:
            item = QListWidgetItem(text)
            item.setData(Qt.ItemDataRole.UserRole, (meant,))
            self.list.addItem(item)
        if not rows:
            empty = QListWidgetItem(nothing)
            empty.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(empty)
        self.list.setCurrentRow(0)
        self._place()

    def texts(self) -> list[str]:
        """What is on view."""
        return [self.list.item(row).text() for row in range(self.list.count())]

    def is_open(self) -> bool:
        """True while it is on view."""
        return not self.isHidden()

    def close_list(self) -> None:
        """Take it away."""
        if self.is_open():
            self.hide()
            self.setParent(self._field)

    def key(self, key: int) -> bool:
        """Arrows move, Enter takes, Esc closes; True when the key was used."""
        if not self.is_open():
            return False
        if key == Qt.Key.Key_Escape:
            self.close_list()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if key == Qt.Key.Key_Down else -1
            self.list.setCurrentRow(max(0, min(self.list.currentRow() + step, self.list.count() - 1)))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.list.currentItem())
        else:
            return False
        return True

    def _place(self) -> None:
        theme, window, field = current_theme(), self._field.window(), self._field
        if self.parentWidget() is not window:
            self.setParent(window)
        self.list.ensurePolished()
        row = max(self.list.sizeHintForRow(0), theme.px(LEAST_ROW))
        height = row * min(max(self.list.count(), 1), SHOWN_ROWS) + EDGE + 4
        width = min(max(field.width(), theme.px(LEAST_WIDTH)), window.width() - 2 * EDGE)
        corner = field.mapTo(window, QPoint(0, field.height() + 4))
        if corner.y() + height > window.height() - EDGE:
            above = field.mapTo(window, QPoint(0, -height - 4))
            corner = above if above.y() >= EDGE else QPoint(corner.x(), max(window.height() - height - EDGE, EDGE))
        left = max(EDGE, min(corner.x(), window.width() - width - EDGE))
        self.setGeometry(left, corner.y(), width, height)
        self.show()
        self.raise_()

    def _take(self, item: QListWidgetItem | None) -> None:
        meant = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        self.close_list()
        if meant is not None:
            self.taken.emit(meant[0])
