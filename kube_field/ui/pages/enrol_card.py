"""Enrolling a laptop that already works: the server's address and the office's one-time code."""

from __future__ import annotations

from gettext import gettext as _

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QWidget

from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.buttons import primary_button
from kube_field.ui.widgets.card import Card
from kube_field.ui.widgets.labels import make_label


class EnrolCard(Card):
    """Asks what the office gave.

    Signals: enrol_requested(server, code).
    """

    enrol_requested = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Daftarkan laptop ini"), parent=parent)
        self._server, self._code = QLineEdit(), QLineEdit()
        self._enrol = primary_button(_("Daftarkan"))
        self._enrol.setEnabled(False)
        grid = QGridLayout()
        grid.setHorizontalSpacing(current_theme().px(12))
        for column, (words, field) in enumerate(((_("Alamat server"), self._server), (_("Kode"), self._code))):
            field.setAccessibleName(words)
            label = make_label(words, "strong")
            label.setBuddy(field)
            grid.addWidget(label, 0, column)
            grid.addWidget(field, 1, column)
            grid.setColumnStretch(column, 2 - column)
        grid.addWidget(self._enrol, 1, 2)
        foot = QHBoxLayout()
        words = _("Alamat dan kode sekali pakai diberikan kantor. Data yang sudah ada di laptop ikut terkirim.")
        foot.addWidget(make_label(words, "muted", wraps=True), 1)
        self.body.addLayout(grid)
        self.body.addLayout(foot)
        for edit in (self._server, self._code):
            edit.textChanged.connect(lambda _text: self._follow())
            edit.returnPressed.connect(self._on_enrol)
        self._enrol.clicked.connect(self._on_enrol)

    def show_defaults(self, server: str, code: str = "") -> None:
        """Fill in what is known."""
        self._server.setText(server)
        self._code.setText(code)

    def _follow(self) -> None:
        self._enrol.setEnabled(all(edit.text().strip() for edit in (self._server, self._code)))

    def _on_enrol(self) -> None:
        if self._enrol.isEnabled():
            self.enrol_requested.emit(self._server.text().strip(), self._code.text().strip())
