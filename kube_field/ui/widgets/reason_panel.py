"""A question inside the page that asks for a short reason before something is changed; never a floating window."""

from __future__ import annotations

from gettext import gettext as _

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from kube_field.domain.forms.evaluation import MIN_REASON_LENGTH
from kube_field.ui.widgets.buttons import primary_button, quiet_button


class ReasonPanel(QFrame):
    """Asks why; hidden until `ask` is called.

    Signals: given(key, reason), cancelled().
    """

    given = Signal(str, str)
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = ""
        self._build()
        self._connect()
        self.hide()

    def _build(self) -> None:
        self.setObjectName("card")
        self._title = QLabel()
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setWordWrap(True)
        self._title.setProperty("role", "strong")
        self._edit = QLineEdit()
        self._edit.setAccessibleName(_("Alasan"))
        self._edit.setMaxLength(300)
        self._hint = QLabel(_("Alasan disimpan bersama data."))
        self._hint.setProperty("role", "muted")
        self._confirm = primary_button("")
        self._cancel = quiet_button(_("Batal"))
        line = QHBoxLayout()
        line.addWidget(self._edit, 1)
        line.addWidget(self._confirm)
        line.addWidget(self._cancel)
        column = QVBoxLayout(self)
        column.addWidget(self._title)
        column.addLayout(line)
        column.addWidget(self._hint)

    def _connect(self) -> None:
        self._edit.textChanged.connect(self._on_text)
        self._edit.returnPressed.connect(self._on_confirm)
        self._confirm.clicked.connect(self._on_confirm)
        self._cancel.clicked.connect(self.cancel)

    def ask(self, key: str, title: str, confirm_text: str, reason: str = "") -> None:
        """Show the question; `key` comes back with the reason. `reason` is one that may stand as it is."""
        self._key = key
        self._title.setText(title)
        self._confirm.setText(confirm_text)
        self._edit.setText(reason)
        self._on_text(reason)
        self.show()
        self._edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def reword(self, title: str) -> None:
        """Ask the same about something else; what was typed stays."""
        self._title.setText(title)

    def cancel(self) -> None:
        """Put the question away without an answer."""
        self.hide()
        self.cancelled.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc cancels the question."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()
            return
        super().keyPressEvent(event)

    def _on_text(self, text: str) -> None:
        enough = len(text.strip()) >= MIN_REASON_LENGTH
        self._confirm.setEnabled(enough)
        self._hint.setText(
            _("Alasan disimpan bersama data.") if enough else _("Tulis alasan singkat, paling sedikit 3 huruf.")
        )

    def _on_confirm(self) -> None:
        reason = self._edit.text().strip()
        if len(reason) < MIN_REASON_LENGTH:
            return
        self.hide()
        self.given.emit(self._key, reason)
