"""The line in which answers are typed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from kube_field.ui.widgets.labels import restyle


class FieldLine(QLineEdit):
    """A line that leaves undo to the form and selects its text when it is reached by keyboard.

    Signals: `left_field()` when the focus goes elsewhere in the window.
    """

    left_field = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)

    def event(self, event: QEvent) -> bool:
        """Ctrl+Z belongs to the form: it takes back the last field."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Undo)
        ):
            event.ignore()
            return False
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: D102
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: D102
        super().focusOutEvent(event)
        if event.reason() == Qt.FocusReason.PopupFocusReason:
            return
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self.home(False)
        self.left_field.emit()

    def setText(self, text: str | None) -> None:  # noqa: N802
        """Show a text, its beginning first unless the officer is typing here."""
        super().setText(text or "")
        if not self.hasFocus():
            self.home(False)

    def set_state(self, state: str) -> None:
        """Colour the frame: "", "warning", "error"."""
        if self.property("state") != state:
            self.setProperty("state", state)
            restyle(self)

    def replace_text(self, text: str, kept_signs: int) -> None:
        """Show other text, the cursor after the same number of digits as before."""
        if text == self.text():
            return
        self.setText(text)
        seen = 0
        place = 0
        while place < len(text) and seen < kept_signs:
            seen += text[place].isdigit()
            place += 1
        self.setCursorPosition(place)

    def digits_before_cursor(self) -> int:
        """How many digits stand left of the cursor."""
        return sum(sign.isdigit() for sign in self.text()[: self.cursorPosition()])
