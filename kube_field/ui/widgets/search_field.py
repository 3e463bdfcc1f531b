"""A field to search while typing."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QWidget

from kube_field.ui.icons import icon
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.edge_button import EdgeButton

LEAST_WIDTH = 190
"""Filters beside it give way first, in px at 100 %."""


class SearchField(QLineEdit):
    """A line with a magnifier; `name` says what it searches (shown as the hint inside, it is no question of a form).

    Signals: `search_changed(str)` a moment after the last key, at once on Enter.
    """

    search_changed = Signal(str)

    def __init__(self, name: str, *, delay_ms: int = 150, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setPlaceholderText(name)
        self.setClearButtonEnabled(True)
        self.setMinimumWidth(current_theme().px(LEAST_WIDTH))
        magnifier = QAction(icon("search", current_theme().palette.muted), "", self)
        self._magnifier = EdgeButton(self, magnifier, leading=True)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(delay_ms)
        self._timer.timeout.connect(self._report)
        self.textChanged.connect(lambda _text: self._timer.start())
        self.returnPressed.connect(self._report)

    def _report(self) -> None:
        self._timer.stop()
        self.search_changed.emit(self.text().strip())
