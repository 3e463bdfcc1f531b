"""The members of a group in one grid: added by search, closed with a reason, never deleted (pain P18)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from gettext import gettext as _

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStyleOptionViewItem, QVBoxLayout, QWidget

from kube_field.ui.models.item_table_model import ITEM_ROLE, Column
from kube_field.ui.pages.date_words import short_day
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.buttons import quiet_button, secondary_button
from kube_field.ui.widgets.choice_panel import ChoicePanel, Choosable
from kube_field.ui.widgets.data_table import ChipDelegate, DataTable
from kube_field.ui.widgets.labels import make_label
from kube_field.ui.widgets.reason_panel import ReasonPanel
from kube_field.usecases.views import MemberRow


class _PastMemberDelegate(ChipDelegate):
    """Strikes through members who left."""

    def initStyleOption(  # noqa: N802 (Qt's name)
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        member = index.data(ITEM_ROLE)
        if isinstance(member, MemberRow) and member.left_on:
            font = option.font
            font.setStrikeOut(True)
            option.font = font
            muted = QColor(current_theme().palette.muted)
            option.palette.setColor(option.palette.ColorRole.Text, muted)


class MembersPanel(QWidget):
    """Members, past ones struck through.

    Signals: person_text_changed(text), add_requested(person uid, role), close_requested(membership uid, cause, note),
    person_opened(uid).
    """

    person_text_changed = Signal(str)
    add_requested = Signal(str, str)
    close_requested = Signal(str, str, str)
    person_opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        self._roles: Mapping[str, str] = {}
        self._causes: Mapping[str, str] = {}
        self._build()
        self._connect()

    def _build(self) -> None:
        self._add = secondary_button(_("Tambah anggota"), "add")
        self._close = secondary_button(_("Akhiri keanggotaan"))
        self._open = quiet_button(_("Buka profil"))
        self._count = make_label("", "quiet")
        self._role = QComboBox()
        self._role.setAccessibleName(_("Jabatan anggota baru"))
        self._cause = QComboBox()
        self._cause.setAccessibleName(_("Sebab keluar"))
        bar = QHBoxLayout()
        bar.addWidget(self._count, 1)
        for button in (self._open, self._close, self._add):
            bar.addWidget(button)
        self.chooser = ChoicePanel()
        self.reason = ReasonPanel()
        self._role_line = _line(_("Jabatan:"), self._role)
        self._cause_line = _line(_("Sebab keluar:"), self._cause)
        self.table = DataTable(self._columns(), _("Anggota kelompok"))
        self.table.setItemDelegate(_PastMemberDelegate(self.table))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, current_theme().px(8), 0, 0)
        column.addLayout(bar)
        for widget in (self._role_line, self.chooser, self._cause_line, self.reason):
            column.addWidget(widget)
        column.addWidget(self.table, 1)
        self._role_line.hide()
        self._cause_line.hide()

    def _columns(self) -> list[Column]:
        return [
            Column(_("Nama"), lambda row: row.name),
            Column(_("Jabatan"), lambda row: self._roles.get(row.role, row.role), width=120),
            Column(_("NIK"), lambda row: row.nik, width=165),
            Column(_("L/P"), lambda row: row.sex, width=56),
            Column(_("Desa/Kelurahan"), lambda row: row.village, width=150),
            Column(_("Masuk"), lambda row: short_day(row.joined_on), sort_key=lambda row: row.joined_on, width=110),
            Column(_("Keluar"), lambda row: short_day(row.left_on), sort_key=lambda row: row.left_on, width=110),
            Column(_("Sebab"), lambda row: self._causes.get(row.leave_reason, row.leave_reason), width=150),
        ]

    def _connect(self) -> None:
        self._add.clicked.connect(self._start_adding)
        self._close.clicked.connect(self._start_closing)
        self._open.clicked.connect(self._on_open)
        self.chooser.text_changed.connect(self.person_text_changed)
        self.chooser.chosen.connect(self._on_person)
        self.chooser.closed.connect(self._role_line.hide)
        self.reason.given.connect(self._on_reason)
        self.reason.cancelled.connect(self._cause_line.hide)
        self.table.item_opened.connect(lambda row: self.person_opened.emit(row.person_uid))
        self.table.item_chosen.connect(self._on_row)

    def show_choices(self, roles: Mapping[str, str], causes: Mapping[str, str]) -> None:
        """Labels by code of roles in a group and of causes for leaving it."""
        self._roles, self._causes = roles, causes
        for box, words in ((self._role, roles), (self._cause, causes)):
            box.clear()
            for code, label in words.items():
                box.addItem(label, code)
        ordinary = self._role.findData("anggota")
        self._role.setCurrentIndex(max(0, ordinary))

    def show_members(self, members: Sequence[MemberRow]) -> None:
        """Show members, those who left at the end."""
        ordered = sorted(members, key=lambda member: bool(member.left_on))
        self.table.show_items(ordered)
        now = [member for member in members if not member.left_on]
        women = sum(1 for member in now if member.sex == "P")
        self._count.setText(_("{n} anggota · {women} perempuan").format(n=len(now), women=women))
        for button in (self._close, self._open):
            button.setEnabled(False)

    def show_people(self, found: Sequence[Choosable]) -> None:
        """Show who can be added."""
        self.chooser.show_choices(found)

    def _on_row(self, member: MemberRow) -> None:
        self._open.setEnabled(True)
        self._close.setEnabled(not member.left_on)

    def _on_open(self) -> None:
        if (member := self.table.current_item()) is not None:
            self.person_opened.emit(member.person_uid)

    def _start_adding(self) -> None:
        self.reason.hide()
        self._cause_line.hide()
        self._role_line.show()
        self.chooser.open_for(
            _("Tambah anggota"), _("Ketik nama atau NIK warga yang sudah terdaftar. Warga baru didaftarkan dulu.")
        )

    def _on_person(self, uid: str) -> None:
        self._role_line.hide()
        self.add_requested.emit(uid, str(self._role.currentData() or "anggota"))

    def _start_closing(self) -> None:
        member = self.table.current_item()
        if member is None or member.left_on:
            return
        self.chooser.hide()
        self._role_line.hide()
        self._cause_line.show()
        self.reason.ask(member.uid, _("Akhiri keanggotaan {name}?").format(name=member.name), _("Akhiri keanggotaan"))

    def _on_reason(self, uid: str, note: str) -> None:
        self._cause_line.hide()
        self.close_requested.emit(uid, str(self._cause.currentData() or ""), note)


def _line(words: str, field: QWidget) -> QWidget:
    line = QWidget()
    line.setObjectName("clear")
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(make_label(words, "strong"))
    row.addWidget(field)
    row.addStretch(1)
    return line
