"""Enrolling a laptop that already works: server, code, name and the office's password."""

from __future__ import annotations

from gettext import gettext as _

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QWidget

from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.buttons import primary_button
from kube_field.ui.widgets.card import Card
from kube_field.ui.widgets.labels import make_label
from kube_field.ui.widgets.password_field import PasswordField


class EnrolCard(Card):
    """Asks what the office gave.

    Signals: enrol_requested(server, code, user, password).
    """

    enrol_requested = Signal(str, str, str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Daftarkan laptop ini"), parent=parent)
        self._server, self._code, self._user = (QLineEdit() for _n in range(3))
        self._password = PasswordField(_("Kata sandi dari kantor"))
        self._enrol = primary_button(_("Daftarkan"))
        self._enrol.setEnabled(False)
        grid = QGridLayout()
        grid.setHorizontalSpacing(current_theme().px(12))
        fields: tuple[tuple[str, QWidget], ...] = (
            (_("Alamat server"), self._server),
            (_("Kode pendaftaran"), self._code),
            (_("Nama masuk"), self._user),
            (_("Kata sandi dari kantor"), self._password),
        )
        for at, (words, field) in enumerate(fields):
            field.setAccessibleName(words)
            label = make_label(words, "strong")
            label.setBuddy(field)
            row, column = divmod(at, 2)
            grid.addWidget(label, row * 2, column)
            grid.addWidget(field, row * 2 + 1, column)
            grid.setColumnStretch(column, 1)
        foot = QHBoxLayout()
        foot.addWidget(
            make_label(_("Kode dan alamat diberikan kantor. Data yang sudah ada di laptop ikut terkirim."), "muted"), 1
        )
        foot.addWidget(self._enrol)
        self.body.addLayout(grid)
        self.body.addLayout(foot)
        for edit in (self._server, self._code, self._user):
            edit.textChanged.connect(lambda _text: self._follow())
        self._password.text_changed.connect(lambda _text: self._follow())
        self._password.entered.connect(self._on_enrol)
        self._enrol.clicked.connect(self._on_enrol)

    def show_defaults(self, server: str, code: str = "", user: str = "") -> None:
        """Fill in what is known."""
        self._server.setText(server)
        self._code.setText(code)
        self._user.setText(user)

    def _follow(self) -> None:
        edits = (self._server, self._code, self._user)
        self._enrol.setEnabled(all(edit.text().strip() for edit in edits) and bool(self._password.text))

    def _on_enrol(self) -> None:
        if self._enrol.isEnabled():
            server, code, user = (edit.text().strip() for edit in (self._server, self._code, self._user))
            self.enrol_requested.emit(server, code, user, self._password.text)
            self._password.forget()
