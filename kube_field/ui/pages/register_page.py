"""Registering a person starts with a search: near matches are shown before a new record can be made (pain P20)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from gettext import gettext as _

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from kube_field.domain.identifiers import group_nik
from kube_field.ui.formats import short_date
from kube_field.ui.forms.field_line import FieldLine
from kube_field.ui.models.item_table_model import Column
from kube_field.ui.pages.page_frame import PageFrame
from kube_field.ui.theme import Tone, current_theme
from kube_field.ui.widgets.buttons import primary_button, quiet_button, secondary_button
from kube_field.ui.widgets.card import Card
from kube_field.ui.widgets.choice_panel import ChoicePanel, Choosable
from kube_field.ui.widgets.data_table import DataTable
from kube_field.ui.widgets.labels import make_label
from kube_field.ui.widgets.sign_mark import SignedLine
from kube_field.usecases.views import PersonRow

NIK_LENGTH = 16
LOOK_DELAY_MS = 250
NEW_FAMILY = "new"
"""Key of the choice to write down a family that is not here yet."""
KEY_ROLE = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True, slots=True)
class WantedPerson:
    """Who is looked for; `birth_year` None when it is not known, `village_code` empty without a village."""

    nik: str = ""
    name: str = ""
    birth_year: int | None = None
    village_code: str = ""

    @property
    def is_enough(self) -> bool:
        """A whole NIK, or a name with birth year or village, is enough to look for somebody."""
        return len(self.nik) == NIK_LENGTH or (
            len(self.name) >= 3 and (self.birth_year is not None or bool(self.village_code))
        )


class RegisterPage(PageFrame):
    """Search first, then "Buat data baru".

    Signals: look_requested(WantedPerson), village_text_changed(text), person_opened(uid),
    nik_left(digits) when its 16 signs are there or the field is left,
    family_text_changed(text), create_requested(WantedPerson, family uid or NEW_FAMILY).
    """

    look_requested = Signal(object)
    village_text_changed = Signal(str)
    nik_left = Signal(str)
    person_opened = Signal(str)
    family_text_changed = Signal(str)
    create_requested = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Daftarkan warga"), parent)
        self.show_title(_("Daftarkan warga"), _("Cari dulu: mungkin orangnya sudah terdaftar."))
        self._village_code = ""
        self._looked_for: WantedPerson | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(LOOK_DELAY_MS)
        self._build()
        self._connect()
        self.start()

    def _build(self) -> None:
        self._nik = FieldLine(_("NIK"))
        self._name, self._year, self._village = (QLineEdit() for _n in range(3))
        self._nik_finding = SignedLine()
        self._nik.setMaxLength(24)
        self._year.setMaxLength(4)
        self._year.setMaximumWidth(current_theme().px(120))
        self._villages = QListWidget()
        self._villages.setAccessibleName(_("Desa yang cocok"))
        self._villages.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._villages.hide()
        grid = QGridLayout()
        grid.setHorizontalSpacing(current_theme().px(12))
        fields = (
            (_("NIK"), self._nik, 0, 0),
            (_("Nama lengkap"), self._name, 0, 1),
            (_("Tahun lahir"), self._year, 0, 2),
            (_("Desa/kelurahan"), self._village, 0, 3),
        )
        for words, field, row, column in fields:
            label = make_label(words, "strong")
            label.setBuddy(field)
            field.setAccessibleName(words)
            grid.addWidget(label, row, column)
            grid.addWidget(field, row + 1, column)
        for column, share in ((0, 3), (1, 4), (2, 1), (3, 4)):
            grid.setColumnStretch(column, share)
        search = Card()
        search.body.addWidget(
            make_label(_("Isi NIK, atau nama dengan tahun lahir atau desa. Tahun boleh dikira-kira."), "muted")
        )
        search.body.addLayout(grid)
        search.body.addWidget(self._nik_finding)
        search.body.addWidget(self._villages)
        self.body.addWidget(search)
        self.family = ChoicePanel()
        self.body.addWidget(self.family)
        self.body.addWidget(self._make_found(), 1)

    def _make_found(self) -> QWidget:
        self._said = make_label("", "", wraps=True)
        self.table = DataTable(
            [
                Column(_("Nama"), lambda row: row.name),
                Column(_("NIK"), lambda row: row.nik, width=170, whole=True),
                Column(_("L/P"), lambda row: row.sex, width=56),
                Column(
                    _("Tanggal lahir"),
                    lambda row: short_date(row.birth_date) if row.birth_date else "",
                    width=120,
                    whole=True,
                ),
                Column(_("Desa/Kelurahan"), lambda row: row.village, width=170),
                Column(_("Kelompok"), lambda row: row.group_name, width=190),
            ],
            _("Warga yang mirip"),
        )
        self._open = secondary_button(_("Ini orangnya, buka profil"))
        self._create = primary_button(_("Buat data baru"), "add")
        self._clear = quiet_button(_("Kosongkan"))
        line = QHBoxLayout()
        self._why = make_label("", "muted", wraps=True)
        line.addWidget(self._clear)
        line.addWidget(self._why, 1)
        line.addWidget(self._open)
        line.addWidget(self._create)
        card = Card(_("Sudah terdaftar?"))
        card.body.addWidget(self._said)
        card.body.addWidget(self.table, 1)
        column = QVBoxLayout()
        column.addStretch(1)
        card.body.addLayout(column)
        card.body.addLayout(line)
        return card

    def _connect(self) -> None:
        self._timer.timeout.connect(self._look)
        for edit in (self._nik, self._name, self._year):
            edit.textEdited.connect(lambda _text: self._on_typing())
            edit.returnPressed.connect(self._look)
        self._nik.textEdited.connect(lambda _text: self._on_nik_typing())
        self._nik.left_field.connect(lambda: self.nik_left.emit(self.wanted().nik))
        self._village.textEdited.connect(self._on_village_text)
        self._village.returnPressed.connect(self._take_first_village)
        self._villages.itemActivated.connect(self._on_village)
        self._villages.itemClicked.connect(self._on_village)
        self.table.item_opened.connect(lambda row: self.person_opened.emit(row.uid))
        self.table.item_chosen.connect(lambda _row: self._open.setEnabled(True))
        self._open.clicked.connect(self._on_open)
        self._create.clicked.connect(self._on_create)
        self.family.text_changed.connect(self.family_text_changed)
        self.family.chosen.connect(self._on_family)
        self._clear.clicked.connect(self.start)

    def start(self) -> None:
        """Empty the page for the next person."""
        self._timer.stop()
        for edit in (self._nik, self._name, self._year, self._village):
            edit.clear()
        self._village_code = ""
        self._villages.hide()
        self.show_nik_finding("", Tone.NEUTRAL)
        self.family.hide()
        self._forget()
        self._nik.setFocus(Qt.FocusReason.OtherFocusReason)

    def wanted(self) -> WantedPerson:
        """Who is looked for, as typed so far."""
        year = self._year.text().strip()
        return WantedPerson(
            nik="".join(sign for sign in self._nik.text() if sign.isdigit()),
            name=" ".join(self._name.text().split()),
            birth_year=int(year) if len(year) == 4 and year.isdigit() else None,
            village_code=self._village_code,
        )

    def show_nik_finding(self, words: str, tone: Tone) -> None:
        """Say what is wrong with the NIK; no words take it away."""
        self._nik_finding.show_line(words, tone)
        self._nik.set_state({Tone.CRITICAL: "error", Tone.WATCH: "warning"}.get(tone, "") if words else "")

    def show_villages(self, villages: Sequence[tuple[str, str]]) -> None:
        """Show villages (code, full name) that match what is typed."""
        self._villages.clear()
        for code, name in villages:
            QListWidgetItem(name, self._villages).setData(KEY_ROLE, code)
        self._villages.setVisible(bool(villages) and not self._village_code)
        self._villages.setFixedHeight(min(len(villages), 5) * max(self._villages.sizeHintForRow(0), 1) + 8)

    def show_matches(self, rows: Sequence[PersonRow], wanted: WantedPerson) -> None:
        """Show who was found for `wanted`; now a new record can be made."""
        if wanted != self.wanted():
            return
        self._looked_for = wanted
        self.table.show_items(rows)
        self.table.setVisible(bool(rows))
        self._open.setVisible(bool(rows))
        self._open.setEnabled(False)
        self._allow_creating(len(wanted.name) >= 3 or len(wanted.nik) == NIK_LENGTH)
        if rows:
            words = _("{n} orang mirip. Periksa dulu; buat data baru hanya bila orangnya tidak ada di sini.")
            self._said.setText(words.format(n=len(rows)))
        else:
            self._said.setText(_("Tidak ada yang mirip di laptop ini. Anda dapat membuat data baru."))

    def show_families(self, found: Sequence[Choosable]) -> None:
        """Show families on this laptop; the way to a new one always comes last."""
        new = Choosable(NEW_FAMILY, _("+ Keluarga baru"), _("belum pernah dicatat di laptop ini"))
        self.family.show_choices([*found, new])

    def _forget(self) -> None:
        self._looked_for = None
        self.table.show_items([])
        self.table.hide()
        self._open.hide()
        self._allow_creating(False)
        self._said.setText(_("Hasil pencarian tampil di sini sebelum data baru dapat dibuat."))

    def _on_typing(self) -> None:
        if self._looked_for is not None and self._looked_for != self.wanted():
            self._allow_creating(False)
        self._timer.start()

    def _on_nik_typing(self) -> None:
        digits = self.wanted().nik
        if digits and not self._nik.text().replace(" ", "").strip("0123456789"):
            self._nik.replace_text(group_nik(digits), self._nik.digits_before_cursor())
        self.show_nik_finding("", Tone.NEUTRAL)
        if len(digits) >= NIK_LENGTH:
            self.nik_left.emit(digits)

    def _allow_creating(self, allowed: bool) -> None:
        self._create.setEnabled(allowed)
        words = _("“Buat data baru” terbuka setelah mencari dengan NIK 16 angka, atau nama dan tahun lahir atau desa.")
        self._why.setText("" if allowed else words)

    def _look(self) -> None:
        self._timer.stop()
        wanted = self.wanted()
        if wanted.is_enough:
            self.look_requested.emit(wanted)
        else:
            self._forget()

    def _on_village_text(self, text: str) -> None:
        self._village_code = ""
        self._on_typing()
        self.village_text_changed.emit(text.strip())

    def _take_first_village(self) -> None:
        if not self._village_code and self._villages.count():
            self._on_village(self._villages.item(0))
        else:
            self._look()

    def _on_village(self, item: QListWidgetItem) -> None:
        self._village_code = str(item.data(KEY_ROLE))
        self._village.setText(item.text())
        self._village.setCursorPosition(0)
        self._villages.hide()
        self._village.setFocus(Qt.FocusReason.OtherFocusReason)
        self._look()

    def _on_open(self) -> None:
        if (row := self.table.current_item()) is not None:
            self.person_opened.emit(row.uid)

    def _on_create(self) -> None:
        if self._looked_for is not None and self._looked_for == self.wanted():
            self.family.open_for(
                _("Keluarga mana?"), _("Ketik nama kepala keluarga atau nomor KK, atau pilih Keluarga baru.")
            )

    def _on_family(self, key: str) -> None:
        if self._looked_for is not None:
            self.create_requested.emit(self._looked_for, key)
