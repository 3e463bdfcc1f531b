"""Somebody came who was not invited: name first, then "is it one of these?", never matched silently (handbook 5.10)."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from kube_field.ui.pages.page_frame import clear_layout
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.buttons import primary_button, quiet_button, small_button
from kube_field.ui.widgets.choice_panel import Choosable
from kube_field.ui.widgets.labels import ElidedLabel, make_label

LOOK_DELAY_MS = 300
MOST_MATCHES = 4


class WalkInPanel(QFrame):
    """Hidden until `open_panel`.

    Signals: looked_for(name, nik), added({name, nik, sex, village_name, phone}), is_person(uid).
    """

    looked_for = Signal(str, str)
    added = Signal(object)
    is_person = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(LOOK_DELAY_MS)
        self._build()
        self._connect()
        self.hide()

    def _build(self) -> None:
        self.setObjectName("card")
        px = current_theme().px
        self._name, self._nik, self._village, self._phone = (QLineEdit() for _n in range(4))
        self._sex = QComboBox()
        for code, words in (("P", _("Perempuan")), ("L", _("Laki-laki"))):
            self._sex.addItem(words, code)
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(12))
        fields: tuple[tuple[str, QWidget, int], ...] = (
            (_("Nama"), self._name, 3),
            (_("NIK (boleh kosong)"), self._nik, 3),
            (_("L/P"), self._sex, 1),
            (_("Desa/kelurahan"), self._village, 2),
            (_("No. HP (boleh kosong)"), self._phone, 2),
        )
        for column, (words, field, share) in enumerate(fields):
            field.setAccessibleName(words)
            label = make_label(words, "muted")
            label.setBuddy(field)
            grid.addWidget(label, 0, column)
            grid.addWidget(field, 1, column)
            grid.setColumnStretch(column, share)
        self._matches = QVBoxLayout()
        self._matches.setSpacing(px(4))
        self._add = primary_button(_("Tambahkan sebagai peserta tambahan"))
        self._close = quiet_button(_("Tutup"))
        foot = QHBoxLayout()
        foot.addWidget(
            make_label(_("Peserta tambahan belum terdaftar; kantor mencocokkannya kemudian."), "muted", wraps=True), 1
        )
        foot.addWidget(self._close)
        foot.addWidget(self._add)
        column_box = QVBoxLayout(self)
        column_box.addWidget(make_label(_("Peserta tambahan"), "strong"))
        column_box.addLayout(grid)
        column_box.addLayout(self._matches)
        column_box.addLayout(foot)

    def _connect(self) -> None:
        self._timer.timeout.connect(self._look)
        for edit in (self._name, self._nik):
            edit.textEdited.connect(lambda _text: self._on_typing())
        for edit in (self._name, self._nik, self._village, self._phone):
            edit.returnPressed.connect(self._on_add)
        self._add.clicked.connect(self._on_add)
        self._close.clicked.connect(self.hide)

    def open_panel(self) -> None:
        """Show the panel empty."""
        for edit in (self._name, self._nik, self._village, self._phone):
            edit.clear()
        clear_layout(self._matches)
        self._on_typing()
        self._timer.stop()
        self.show()
        self._name.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_matches(self, found: Sequence[Choosable]) -> None:
        """Offer registered people; the officer says whether one of them it is."""
        clear_layout(self._matches)
        if found:
            self._matches.addWidget(make_label(_("Mungkin sudah terdaftar:"), "warning"))
        for match in found[:MOST_MATCHES]:
            line = QWidget()
            line.setObjectName("clear")
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            row.addWidget(ElidedLabel(" · ".join(part for part in (match.title, match.detail) if part)), 1)
            button = small_button(_("Ini orangnya"))
            button.setAccessibleName(_("Ini orangnya: {name}").format(name=match.title))
            button.clicked.connect(lambda _on=False, uid=match.key: self._on_match(uid))
            row.addWidget(button)
            self._matches.addWidget(line)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            return
        super().keyPressEvent(event)

    def _on_typing(self) -> None:
        self._add.setEnabled(len(self._name.text().strip()) >= 2)
        self._timer.start()

    def _look(self) -> None:
        name, nik = " ".join(self._name.text().split()), _digits(self._nik.text())
        if len(name) >= 3 or len(nik) == 16:
            self.looked_for.emit(name, nik)
        else:
            clear_layout(self._matches)

    def _on_match(self, uid: str) -> None:
        self.hide()
        self.is_person.emit(uid)

    def _on_add(self) -> None:
        if not self._add.isEnabled():
            return
        if self._timer.isActive():
            self._timer.stop()
            self._look()
            if self._matches.count():
                return
        self.hide()
        self.added.emit(
            {
                "name": " ".join(self._name.text().split()),
                "nik": _digits(self._nik.text()),
                "sex": str(self._sex.currentData()),
                "village_name": self._village.text().strip(),
                "phone": self._phone.text().strip(),
            }
        )


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())
