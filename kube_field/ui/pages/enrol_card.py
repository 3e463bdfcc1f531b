"""Enrolling a laptop that already works: the server's address and the office's one-time code."""

from __future__ import annotations

from gettext import gettext as _

from PySide6.QtCore import Qt, Signal
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
        self._words = make_label("", "muted", wraps=True)
        foot.addWidget(self._words, 1)
        self.body.addLayout(grid)
        self.body.addLayout(foot)
        for edit in (self._server, self._code):
            edit.textChanged.connect(lambda _text: self._follow())
            edit.returnPressed.connect(self._on_enrol)
        self._enrol.clicked.connect(self._on_enrol)
        self.show_for("", again=False)

    def show_for(self, server: str, *, again: bool) -> None:
        """Say what the code is for: a first enrolment, or `again` for a laptop that the server took no more.

        The server's address is filled in where nothing is typed yet.
        """
        if again:
            self.set_title(_("Daftarkan ulang laptop ini"))
            self._words.setText(
                _("Kode baru diberikan admin provinsi. Data dan antrean di laptop tetap ada dan terkirim sesudahnya.")
            )
        else:
            self.set_title(_("Daftarkan laptop ini"))
            self._words.setText(
                _("Alamat dan kode sekali pakai diberikan kantor. Data yang sudah ada di laptop ikut terkirim.")
            )
        if server and not self._server.text():
            self._server.setText(server)

    def start_typing(self) -> None:
        """Put the cursor into what is missing."""
        (self._code if self._server.text() else self._server).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_defaults(self, server: str, code: str = "") -> None:
        """Fill in what is known."""
        self._server.setText(server)
        self._code.setText(code)

    def _follow(self) -> None:
        self._enrol.setEnabled(all(edit.text().strip() for edit in (self._server, self._code)))

    def _on_enrol(self) -> None:
        if self._enrol.isEnabled():
            self.enrol_requested.emit(self._server.text().strip(), self._code.text().strip())
