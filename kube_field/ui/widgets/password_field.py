"""A password being typed: an eye to look at it, and a word when Caps Lock seems to be on."""

from __future__ import annotations

from gettext import gettext as _

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from kube_field.ui.widgets.buttons import quiet_button

LONGEST_PASSWORD = 128


class _PasswordLine(QLineEdit):
    """Tells by a letter's case against Shift whether Caps Lock is on; Qt has no question for it."""

    caps_seen = Signal(bool)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        if len(text) == 1 and text.isalpha() and text.upper() != text.lower():
            from_shift = bool(event.modifiers() & event.modifiers().ShiftModifier)
            self.caps_seen.emit(text.isupper() != from_shift)
        super().keyPressEvent(event)


class PasswordField(QWidget):
    """A password line with "Lihat" / "Sembunyikan".

    Signals: text_changed(text), entered().
    """

    text_changed = Signal(str)
    entered = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edit = _PasswordLine()
        self._edit.setObjectName("password")
        self._edit.setAccessibleName(name)
        self._edit.setMaxLength(LONGEST_PASSWORD)
        self._edit.setEchoMode(QLineEdit.EchoMode.Password)
        self._eye = quiet_button(_("Lihat"))
        self._eye.setAccessibleName(_("Lihat {name}").format(name=name))
        self._eye.setCheckable(True)
        self._caps = QLabel(_("Caps Lock tampaknya menyala."))
        self._caps.setProperty("role", "warning")
        self._caps.hide()
        line = QHBoxLayout()
        line.addWidget(self._edit, 1)
        line.addWidget(self._eye)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(line)
        column.addWidget(self._caps)
        self._edit.caps_seen.connect(self._caps.setVisible)
        self._edit.textChanged.connect(self.text_changed)
        self._edit.returnPressed.connect(self.entered)
        self._eye.toggled.connect(self._show_letters)
        self.setFocusProxy(self._edit)

    @property
    def text(self) -> str:
        """What is typed."""
        return self._edit.text()

    def forget(self) -> None:
        """Empty the line and hide the letters again."""
        self._edit.clear()
        self._eye.setChecked(False)
        self._caps.hide()

    def set_ready(self, ready: bool) -> None:
        """While not ready nothing can be typed."""
        self._edit.setEnabled(ready)

    def _show_letters(self, shown: bool) -> None:
        self._edit.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self._eye.setText(_("Sembunyikan") if shown else _("Lihat"))
