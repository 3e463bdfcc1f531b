"""Leaving a question out with a reason."""

from __future__ import annotations

from gettext import gettext as _

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kube_field.ui.forms.field_line import FieldLine
from kube_field.ui.widgets.buttons import quiet_button
from kube_field.ui.widgets.labels import make_label


class WaiverBox(QWidget):
    """A quiet button that opens a line for the reason. Signals: `changed()`."""

    changed = Signal()

    def __init__(self, question_label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        self.open_button = quiet_button(_("Lewati dengan alasan"))
        self.open_button.setAccessibleName(_("{label}: lewati dengan alasan").format(label=question_label))
        self.line = FieldLine(_("Alasan dilewati"))
        self.cancel_button = quiet_button(_("Batal lewati"), "undo")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        first = QHBoxLayout()
        first.addWidget(self.open_button)
        first.addStretch(1)
        box.addLayout(first)
        self.reason_box = QWidget()
        self.reason_box.setObjectName("clear")
        row = QHBoxLayout(self.reason_box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(make_label(_("Alasan dilewati"), "muted"))
        row.addWidget(self.line, 1)
        row.addWidget(self.cancel_button)
        box.addWidget(self.reason_box)
        self.show_reason(None)
        self.open_button.clicked.connect(self._open)
        self.cancel_button.clicked.connect(self._cancel)
        self.line.textEdited.connect(lambda _text: self.changed.emit())

    def is_open(self) -> bool:
        """True while the question is left out."""
        return not self.reason_box.isHidden()

    def reason(self) -> str:
        """The reason as typed."""
        return self.line.text().strip()

    def show_reason(self, reason: str | None) -> None:
        """Show the question as left out for a reason; None as asked."""
        if reason is not None and reason != self.reason():
            self.line.setText(reason)
        if reason is None:
            self.line.clear()
        self.reason_box.setVisible(reason is not None)
        self.open_button.setVisible(reason is None)

    def start_typing(self) -> None:
        """Put the cursor into the reason."""
        self.line.setFocus(Qt.FocusReason.TabFocusReason)

    def _open(self) -> None:
        self.show_reason("")
        self.start_typing()
        self.changed.emit()

    def _cancel(self) -> None:
        self.show_reason(None)
        self.changed.emit()
