"""Several lines of text; the field grows with them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from kube_field.domain.forms.declaration import Question
from kube_field.ui.forms.editor import Editor, Surroundings
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.labels import restyle

FEWEST_LINES, MOST_LINES = 3, 10


class LongTextLine(QPlainTextEdit):
    """Plain text; Tab leaves it, Ctrl+Z belongs to the form."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.textChanged.connect(self.fit)
        self.fit()

    def fit(self) -> None:
        """Height for the lines there are, between three and ten."""
        lines = min(max(int(self.document().size().height()), FEWEST_LINES), MOST_LINES)
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + current_theme().px(20))

    def event(self, event: QEvent) -> bool:  # noqa: D102
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Undo)
        ):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter goes on; Enter alone begins a line."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers():
            self.focusNextChild()
            return
        super().keyPressEvent(event)


class LongTextEditor(Editor):
    """Several lines."""

    def __init__(self, question: Question, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(question, around, parent)
        self.text = LongTextLine(question.label)
        self.box.addWidget(self.text)
        self._silent = False
        self.text.textChanged.connect(self._typed)

    def value(self) -> Any:  # noqa: D102
        return self.text.toPlainText().strip() or None

    def set_value(self, value: Any) -> None:  # noqa: D102
        text = "" if value is None else str(value)
        if text == self.text.toPlainText():
            return
        self._silent = True
        self.text.setPlainText(text)
        self._silent = False

    def set_state(self, state: str) -> None:  # noqa: D102
        if self.text.property("state") != state:
            self.text.setProperty("state", state)
            restyle(self.text)

    def focus_widget(self) -> QWidget:  # noqa: D102
        return self.text

    def _typed(self) -> None:
        if not self._silent:
            self.changed.emit()
