"""The members of a group in one grid: added by search, closed with a reason, never deleted (pain P18)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from gettext import gettext as _

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStyleOptionViewItem, QVBoxLayout, QWidget

from kube_field.domain.forms.declaration import Finding, Severity
from kube_field.ui.forms.editor import Surroundings
from kube_field.ui.models.item_table_model import ITEM_ROLE, Column
from kube_field.ui.pages.date_words import short_day
from kube_field.ui.pages.mark_door import MarkDoor
from kube_field.ui.pages.membership_panel import MembershipPanel, leaving_questions, newcomer_questions, role_questions
from kube_field.ui.pages.page_frame import clear_layout
from kube_field.ui.pages.paste_panel import PastePanel
from kube_field.ui.pages.question_grid import QuestionGrid
from kube_field.ui.theme import Tone, current_theme
from kube_field.ui.widgets.buttons import quiet_button, secondary_button, small_button
from kube_field.ui.widgets.choice_panel import ChoicePanel, Choosable
from kube_field.ui.widgets.data_table import ChipDelegate, DataTable
from kube_field.ui.widgets.labels import ElidedLabel
from kube_field.ui.widgets.sign_mark import SignedLine
from kube_field.usecases.views import MemberRow

ORDINARY = "anggota"


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
    """Members, past ones struck through, and what the rules say about them.

    Signals: person_text_changed(text), add_requested(person uid, answers), close_requested(membership uid, answers),
    role_requested(membership uid, answers), paste_requested(text), person_opened(uid).
    """

    person_text_changed = Signal(str)
    add_requested = Signal(str, object)
    close_requested = Signal(str, object)
    role_requested = Signal(str, object)
    paste_requested = Signal(str)
    person_opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        self._roles: Mapping[str, str] = {}
        self._causes: Mapping[str, str] = {}
        self._around: Surroundings | None = None
        self.newcomer: QuestionGrid | None = None
        self.leaving: MembershipPanel | None = None
        self.role: MembershipPanel | None = None
        self._build()
        self._connect()

    def _build(self) -> None:
        self._add = secondary_button(_("Tambah anggota"), "add")
        self.paste_button = small_button(_("Tempel"))
        self.paste_button.setToolTip(_("Tempel daftar dari Excel (Ctrl+V): kolom NIK, boleh jabatan dan tanggal masuk"))
        self._change = secondary_button(_("Ganti jabatan"))
        self._close = secondary_button(_("Akhiri keanggotaan"))
        self._open = quiet_button(_("Buka profil"))
        self._count = ElidedLabel("", "quiet")
        self.marks = MarkDoor(lambda row: (row.uid, row.person_uid))
        bar = QHBoxLayout()
        bar.addWidget(self._count, 1)
        for button in (self.marks.button, self._open, self._change, self._close, self.paste_button, self._add):
            bar.addWidget(button)
        self.chooser = ChoicePanel()
        self.pasting = PastePanel()
        self._asking = QVBoxLayout()
        self._findings = QVBoxLayout()
        self._findings.setSpacing(current_theme().px(4))
        self.table = DataTable(self._columns(), _("Anggota kelompok"))
        self.marks.watch(self.table)
        self.table.setItemDelegate(_PastMemberDelegate(self.table))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, current_theme().px(8), 0, 0)
        column.addLayout(self._findings)
        column.addLayout(bar)
        column.addLayout(self._asking)
        column.addWidget(self.chooser)
        column.addWidget(self.pasting, 1)
        column.addWidget(self.table, 1)

    def equip(self, around: Surroundings) -> None:
        """Build the panels that ask about a membership."""
        self._around = around
        self.newcomer = QuestionGrid(newcomer_questions(), around)
        self.newcomer.hide()
        self.leaving = MembershipPanel(leaving_questions(), _("Akhiri keanggotaan"), around)
        self.role = MembershipPanel(role_questions(), _("Ganti jabatan"), around)
        for widget in (self.newcomer, self.leaving, self.role):
            self._asking.addWidget(widget)
        self.leaving.given.connect(self.close_requested)
        self.role.given.connect(self.role_requested)
        for panel in (self.leaving, self.role):
            panel.closed.connect(self.table.setFocus)

    def _columns(self) -> list[Column]:
        return [
            Column(_("Nama"), lambda row: row.name),
            Column(_("Jabatan"), lambda row: self._roles.get(row.role, row.role), width=120),
            Column(_("NIK"), lambda row: row.nik, width=165, whole=True),
            Column(_("L/P"), lambda row: row.sex, width=56),
            Column(_("Desa/Kelurahan"), lambda row: row.village, width=150),
            Column(_("Masuk"), lambda row: short_day(row.joined_on), sort_key=lambda row: row.joined_on, width=110),
            Column(_("Keluar"), lambda row: short_day(row.left_on), sort_key=lambda row: row.left_on, width=110),
            Column(_("Sebab"), self._ending_words, width=190),
            self.marks.column(),
        ]

    def _ending_words(self, row: MemberRow) -> str:
        instead = _("diganti {name}").format(name=row.replaced_by) if row.replaced_by else ""
        parts = (self._causes.get(row.leave_reason, row.leave_reason), instead, row.note)
        return " · ".join(part for part in parts if part)

    def _connect(self) -> None:
        self._add.clicked.connect(self._start_adding)
        self.paste_button.clicked.connect(self._on_paste)
        QShortcut(QKeySequence.StandardKey.Paste, self, self._on_paste, Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.pasting.opened.connect(self.table.setHidden)
        for ended in (self.pasting.closed, self.pasting.accepted):
            ended.connect(lambda *_told: self.table.setFocus())
        self._close.clicked.connect(self._start_closing)
        self._change.clicked.connect(self._start_role)
        self._open.clicked.connect(self._on_open)
        self.chooser.text_changed.connect(self.person_text_changed)
        self.chooser.chosen.connect(self._on_person)
        self.chooser.closed.connect(self._hide_questions)
        self.table.item_opened.connect(lambda row: self.person_opened.emit(row.person_uid))
        self.table.item_chosen.connect(self._on_row)

    def show_choices(self, roles: Mapping[str, str], causes: Mapping[str, str]) -> None:
        """Labels by code of roles in a group and of causes for leaving it."""
        self._roles, self._causes = roles, causes

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Say quietly what the rules hold against the group as it stands."""
        clear_layout(self._findings)
        for finding in findings:
            grave = finding.severity == Severity.GALAT
            self._findings.addWidget(SignedLine(finding.message, Tone.CRITICAL if grave else Tone.WATCH))

    def show_members(self, members: Sequence[MemberRow]) -> None:
        """Show members, those who left at the end."""
        self._hide_questions()
        self.pasting.hide()
        ordered = sorted(members, key=lambda member: bool(member.left_on))
        self.table.show_items(ordered)
        now = [member for member in members if not member.left_on]
        women = sum(1 for member in now if member.sex == "P")
        self._count.show_text(_("{n} anggota · {women} perempuan").format(n=len(now), women=women))
        for button in (self._close, self._change, self._open):
            button.setEnabled(False)

    def show_people(self, found: Sequence[Choosable]) -> None:
        """Show who can be added."""
        self.chooser.show_choices(found)

    def _on_row(self, member: MemberRow) -> None:
        self._open.setEnabled(True)
        for button in (self._close, self._change):
            button.setEnabled(not member.left_on)

    def _on_open(self) -> None:
        if (member := self.table.current_item()) is not None:
            self.person_opened.emit(member.person_uid)

    def _hide_questions(self) -> None:
        for widget in (self.newcomer, self.leaving, self.role):
            if widget is not None and not widget.isHidden():
                widget.hide()

    def _start_adding(self) -> None:
        self._hide_questions()
        if self.newcomer is not None and self._around is not None:
            self.newcomer.show_answers({"role": ORDINARY, "joined_on": self._around.day().isoformat()})
            self.newcomer.show()
        self.chooser.open_for(
            _("Tambah anggota"), _("Ketik nama atau NIK warga yang sudah terdaftar. Warga baru didaftarkan dulu.")
        )

    def _on_person(self, uid: str) -> None:
        told = self.newcomer.answers() if self.newcomer is not None else {}
        self._hide_questions()
        self.add_requested.emit(uid, told)

    def _on_paste(self) -> None:
        self._hide_questions()
        self.chooser.hide()
        self.paste_requested.emit(QGuiApplication.clipboard().text())

    def _start_closing(self) -> None:
        member = self._member()
        if member is not None and self.leaving is not None:
            self.leaving.ask(member, _("Akhiri keanggotaan {name}?").format(name=member.name), "left_on")

    def _start_role(self) -> None:
        member = self._member()
        if member is not None and self.role is not None:
            now = self._roles.get(member.role, member.role)
            self.role.ask(
                member, _("Ganti jabatan {name}, sekarang {role}").format(name=member.name, role=now), "joined_on"
            )

    def _member(self) -> MemberRow | None:
        """The member under the cursor who still belongs to the group; other questions go."""
        member = self.table.current_item()
        if not isinstance(member, MemberRow) or member.left_on:
            return None
        self.chooser.hide()
        self._hide_questions()
        return member
