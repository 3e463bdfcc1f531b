"""The two forms of the officers' card, inside the page: a colleague with his code and password, one's own password."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from gettext import gettext as _

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.buttons import primary_button, quiet_button
from kube_field.ui.widgets.labels import make_label, restyle
from kube_field.ui.widgets.password_field import PasswordField


class OfficerForm(QFrame):
    """Fields in two columns, what is wrong with the password, and a button that works once all is filled in.

    Signals: closed().
    """

    closed = Signal()

    def __init__(self, title: str, press: str) -> None:
        super().__init__()
        self.setObjectName("card")
        self._busy = False
        self._press_words = press
        self.password, self.again = PasswordField(_("Kata sandi baru")), PasswordField(_("Ulangi kata sandi"))
        self._problem = make_label("", "error", wraps=True)
        self._problem.setMinimumHeight(self._problem.fontMetrics().lineSpacing())
        self._rules = make_label("", "muted", wraps=True)
        self.press, self._cancel = primary_button(press), quiet_button(_("Batal"))
        px = current_theme().px
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(12), px(16), px(12))
        column.setSpacing(px(8))
        column.addWidget(make_label(title, "strong"))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(px(12))
        column.addLayout(self._grid)
        column.addWidget(self._rules)
        column.addWidget(self._problem)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._cancel)
        foot.addWidget(self.press)
        column.addLayout(foot)
        self.press.clicked.connect(self._on_press)
        self._cancel.clicked.connect(self.close_form)

    def _add_field(self, place: int, words: str, field: QWidget, hint: str = "") -> None:
        row, column = place // 2 * 3, place % 2
        label = make_label(words, "strong")
        label.setBuddy(field)
        self._grid.addWidget(label, row, column)
        self._grid.addWidget(field, row + 1, column)
        self._grid.setColumnStretch(column, 1)
        if hint:
            self._grid.addWidget(make_label(hint, "muted", wraps=True), row + 2, column)

    def _watch(self, *fields: QLineEdit | PasswordField) -> None:
        for field in fields:
            signal = field.textChanged if isinstance(field, QLineEdit) else field.text_changed
            signal.connect(lambda _text: self._follow())
            (field.returnPressed if isinstance(field, QLineEdit) else field.entered).connect(self._on_press)

    def open_form(self) -> None:
        """Show the empty form, ready to type."""
        self._empty()
        self.show_problem("")
        self.show()
        self._first().setFocus(Qt.FocusReason.OtherFocusReason)

    def close_form(self) -> None:
        """Forget what was typed and go away."""
        self._empty()
        self._busy = False
        self.hide()
        self.closed.emit()

    def show_busy(self, words: str) -> None:
        """Say what is being done; nothing can be pressed meanwhile."""
        self._busy = bool(words)
        self.press.setText(words or self._press_words)
        self._cancel.setEnabled(not self._busy)
        self._follow()

    def show_problem(self, words: str) -> None:
        """Say why it did not work."""
        self.show_busy("")
        self._problem.setText(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc puts the form away."""
        if event.key() == Qt.Key.Key_Escape and not self._busy:
            self.close_form()
            return
        super().keyPressEvent(event)

    def _first(self) -> QWidget:
        return self.password

    def _empty(self) -> None:
        self.password.forget()
        self.again.forget()

    def _filled(self) -> bool:
        return True

    def _wrong(self) -> Sequence[str]:
        return ()

    def _give(self) -> None:
        """Tell what was typed."""

    def _follow(self) -> None:
        password = self.password.text
        wrong = list(self._wrong()) if password else []
        if password and not wrong and self.again.text and self.again.text != password:
            wrong = [_("Kedua kata sandi belum sama.")]
        hint = _("Paling sedikit 15 huruf; lima kata yang mudah diingat juga baik. Spasi boleh.")
        good = _("✓ Kata sandi kuat.") if password else hint
        self._rules.setProperty("role", "error" if wrong else "muted")
        self._rules.setText("\n".join(wrong) or good)
        restyle(self._rules)
        ready = bool(password) and not wrong and self.again.text == password and self._filled()
        self.press.setEnabled(ready and not self._busy)

    def _on_press(self) -> None:
        if self.press.isEnabled():
            self._problem.clear()
            self._give()


class AddOfficerForm(OfficerForm):
    """A colleague types his name, the office's code and his own password.

    Signals: given(user, code, password).
    """

    given = Signal(str, str, str)

    def __init__(self, judge: Callable[[str, str], Sequence[str]]) -> None:
        super().__init__(_("Tambah petugas"), _("Tambahkan"))
        self._judge = judge
        self.user, self.code = QLineEdit(), QLineEdit()
        for field, words in ((self.user, _("Nama masuk")), (self.code, _("Kode pendaftaran"))):
            field.setAccessibleName(words)
            field.setMaxLength(200)
        self._add_field(0, _("Nama masuk"), self.user, _("Nama singkat, misalnya nama panggilan."))
        self._add_field(1, _("Kode pendaftaran"), self.code, _("Dari kantor, atas nama petugas ini; berlaku 24 jam."))
        self._add_field(2, _("Kata sandi baru"), self.password)
        self._add_field(3, _("Ulangi kata sandi"), self.again)
        self._watch(self.user, self.code, self.password, self.again)
        self._follow()

    def _first(self) -> QWidget:
        return self.user

    def _empty(self) -> None:
        self.user.clear()
        self.code.clear()
        super()._empty()

    def _filled(self) -> bool:
        return bool(self.user.text().strip() and self.code.text().strip())

    def _wrong(self) -> Sequence[str]:
        return self._judge(self.password.text, self.user.text().strip())

    def _give(self) -> None:
        self.given.emit(self.user.text().strip(), self.code.text().strip(), self.password.text)


class PasswordForm(OfficerForm):
    """One's own password: the one so far, and the new one twice.

    Signals: given(old, new).
    """

    given = Signal(str, str)

    def __init__(self, judge: Callable[[str], Sequence[str]]) -> None:
        super().__init__(_("Ganti kata sandi Anda"), _("Ganti"))
        self._judge = judge
        self.old = PasswordField(_("Kata sandi sekarang"))
        self._add_field(0, _("Kata sandi sekarang"), self.old)
        self._add_field(2, _("Kata sandi baru"), self.password)
        self._add_field(3, _("Ulangi kata sandi"), self.again)
        self._watch(self.old, self.password, self.again)
        self._follow()

    def _first(self) -> QWidget:
        return self.old

    def _empty(self) -> None:
        self.old.forget()
        super()._empty()

    def _filled(self) -> bool:
        return bool(self.old.text)

    def _wrong(self) -> Sequence[str]:
        return self._judge(self.password.text)

    def _give(self) -> None:
        self.given.emit(self.old.text, self.password.text)
