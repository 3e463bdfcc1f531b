"""What stands in an empty list: what will be there, and the first step."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kube_field.ui.widgets.buttons import secondary_button
from kube_field.ui.widgets.labels import hide_unless, make_label


class EmptyState(QWidget):
    """A heading, a sentence, and a button when there is a first step.

    Signals: `action_requested()`.
    """

    action_requested = Signal()

    def __init__(self, title: str, text: str = "", action_text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 32, 24, 32)
        box.setSpacing(8)
        self.title_label = make_label(title, "heading", wraps=True)
        self.text_label = make_label(text, "quiet", wraps=True)
        for label in (self.title_label, self.text_label):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(1)
        box.addWidget(self.title_label)
        box.addWidget(self.text_label)
        self.button = secondary_button(action_text)
        hide_unless(self.button, bool(action_text))
        self.button.clicked.connect(self.action_requested)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.button)
        row.addStretch(1)
        box.addSpacing(8)
        box.addLayout(row)
        box.addStretch(2)

    def show_text(self, title: str, text: str = "") -> None:
        """Replace heading and sentence."""
        self.title_label.setText(title)
        self.text_label.setText(text)
