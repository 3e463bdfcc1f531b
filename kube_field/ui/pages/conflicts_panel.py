"""Bentrok: the records that two people changed differently, and one record's fields side by side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from gettext import gettext as _
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from kube_field.domain.forms.evaluation import MIN_REASON_LENGTH
from kube_field.ui.formats import wita_text
from kube_field.ui.forms.editor import Surroundings
from kube_field.ui.models.item_table_model import Column
from kube_field.ui.pages.conflict_block import ConflictBlock
from kube_field.ui.pages.page_frame import clear_layout, scrolled_down
from kube_field.ui.pages.profile_panels import TableOrEmpty
from kube_field.ui.texts import ToneText, kind_words
from kube_field.ui.theme import Tone, current_theme
from kube_field.ui.widgets.buttons import primary_button, quiet_button
from kube_field.ui.widgets.data_table import DataTable
from kube_field.ui.widgets.empty_state import EmptyState
from kube_field.ui.widgets.labels import ElidedLabel, make_label, make_line
from kube_field.usecases.conflicts import ConflictedRecord

LONGEST_REASON = 300
LIST, DETAIL = 0, 1


class ConflictsPanel(QStackedWidget):
    """A list of records; one of them with its fields. Enter opens a row, Esc goes back to the list.

    Signals: `looked_at(uid)`, `settled(uid, choices, reason)`, `record_opened(ConflictedRecord)`.
    """

    looked_at = Signal(str)
    settled = Signal(str, object, str)
    record_opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._around = Surroundings(today=date(1970, 1, 1), new_id=lambda: "")
        self._records: list[ConflictedRecord] = []
        self._record: ConflictedRecord | None = None
        self._wanted = ""
        self.blocks: list[ConflictBlock] = []
        self._build_list()
        self._build_detail()
        self._connect()

    def equip(self, around: Surroundings) -> None:
        """What editors of other values may ask of this laptop."""
        self._around = around

    def _build_list(self) -> None:
        words = kind_words()
        columns = [
            Column(_("Data"), lambda one: one.title or "–"),
            Column(_("Jenis"), lambda one: words[one.kind], width=130),
            Column(_("Desa"), lambda one: one.village, width=150),
            Column(_("Isian"), lambda one: ", ".join(field.label for field in one.fields), width=300),
            Column(_("Sejak"), lambda one: wita_text(one.since), sort_key=lambda one: one.since, width=150, whole=True),
            Column(
                _("Keadaan"),
                lambda one: _state(one).text,
                width=150,
                tone=lambda one: _state(one).tone,
                whole=True,
            ),
        ]
        empty = EmptyState(
            _("Tidak ada bentrok"),
            _("Bila dua petugas mengubah isian yang sama, kedua nilainya tampil di sini untuk Anda pilih."),
        )
        self.list = TableOrEmpty(DataTable(columns, _("Bentrok")), empty)
        self.open_button = primary_button(_("Selesaikan"))
        foot = QHBoxLayout()
        hint = _("Tidak ada nilai yang hilang: nilai di server tetap berlaku sampai Anda memilih.")
        self._list_hint = make_label(hint, "quiet", wraps=True)
        foot.addWidget(self._list_hint, 1)
        foot.addWidget(self.open_button)
        page = QWidget()
        page.setObjectName("clear")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, current_theme().px(8), 0, 0)
        column.addWidget(self.list, 1)
        column.addLayout(foot)
        self.addWidget(page)

    def _build_detail(self) -> None:
        px = current_theme().px
        self.back = quiet_button(_("Daftar bentrok"), "back")
        self._title = ElidedLabel("", "heading")
        self._open = quiet_button(_("Buka data"))
        self.all_mine = quiet_button(_("Semua versi saya"))
        self.all_server = quiet_button(_("Semua versi server"))
        head = QHBoxLayout()
        head.setSpacing(px(8))
        head.addWidget(self.back)
        head.addWidget(self._title, 1)
        for button in (self._open, self.all_mine, self.all_server):
            head.addWidget(button)
        inner = QWidget()
        inner.setObjectName("scrolled")
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, px(12), 0)
        self._column.setSpacing(px(8))
        self.area = scrolled_down(inner)
        page = QWidget()
        page.setObjectName("clear")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, px(8), 0, 0)
        column.setSpacing(px(8))
        column.addLayout(head)
        column.addWidget(make_line())
        column.addWidget(self.area, 1)
        column.addWidget(make_line())
        column.addLayout(self._make_foot())
        self.addWidget(page)

    def _make_foot(self) -> QHBoxLayout:
        self._reason_label = make_label(_("Alasan"), "strong")
        self.reason = QLineEdit()
        self.reason.setAccessibleName(_("Alasan"))
        self.reason.setMaxLength(LONGEST_REASON)
        self._count = make_label("", "quiet")
        self.save = primary_button(_("Simpan pilihan"))
        foot = QHBoxLayout()
        foot.setSpacing(current_theme().px(8))
        foot.addWidget(self._reason_label)
        foot.addWidget(self.reason, 1)
        foot.addStretch(0)
        foot.addWidget(self._count)
        foot.addWidget(self.save)
        return foot

    def _connect(self) -> None:
        self.list.table.item_opened.connect(self.show_record)
        self.open_button.clicked.connect(self._on_open)
        self.back.clicked.connect(self.show_list)
        self._open.clicked.connect(lambda: self.record_opened.emit(self._record))
        self.all_mine.clicked.connect(self._choose_mine)
        self.all_server.clicked.connect(self._choose_server)
        self.reason.textChanged.connect(self._judge)
        self.reason.returnPressed.connect(self._on_save)
        self.save.clicked.connect(self._on_save)

    def show_conflicts(self, records: Sequence[ConflictedRecord]) -> None:
        """Show what is open; a record on view stays as it is while the officer chooses, until it is settled."""
        self._records = list(records)
        self.list.show_items(self._records)
        for widget in (self.open_button, self._list_hint):
            widget.setVisible(bool(self._records))
        if self._wanted:
            self.open_record(self._wanted)
        here = {one.uid: one for one in self._records}
        if self._record is None:
            return
        if self._record.uid not in here:
            self.show_list()
        elif here[self._record.uid].fields != self._record.fields and not self.choices():
            self._fill(here[self._record.uid])

    def open_record(self, uid: str) -> None:
        """Show one record's conflicts, now or as soon as they are read; without a uid the list."""
        self._wanted = uid
        found = next((one for one in self._records if one.uid == uid), None)
        if found is not None:
            self._wanted = ""
            self.show_record(found)
        elif not uid:
            self.show_list()

    def show_list(self) -> None:
        """Go back to the list; what was chosen and not saved is forgotten."""
        self._record = None
        self.blocks = []
        clear_layout(self._column)
        self.setCurrentIndex(LIST)
        self.list.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_record(self, record: ConflictedRecord) -> None:
        """Show the fields of one record."""
        if self._record is not None and self._record.uid == record.uid:
            return
        self._fill(record)
        self.setCurrentIndex(DETAIL)
        self.looked_at.emit(record.uid)
        if self.blocks:
            self.blocks[0].cards[0].radio.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill(self, record: ConflictedRecord) -> None:
        self._record = record
        clear_layout(self._column)
        self._title.show_text(" · ".join(part for part in (record.title, record.village) if part))
        self.blocks = [ConflictBlock(field, self._around) for field in record.fields]
        for at, block in enumerate(self.blocks):
            if at:
                self._column.addWidget(make_line())
            self._column.addWidget(block)
            block.changed.connect(self._judge)
        self._column.addStretch(1)
        several = len(self._open_blocks()) > 1
        self.all_mine.setVisible(several and any(block.has_mine() for block in self._open_blocks()))
        self.all_server.setVisible(several)
        self.reason.clear()
        self._judge()

    def _open_blocks(self) -> list[ConflictBlock]:
        """Those where this officer may choose."""
        return [block for block in self.blocks if block.conflict.settles]

    def choices(self) -> dict[str, Any]:
        """The chosen value of each field that was decided."""
        return {block.conflict.field: block.value() for block in self.blocks if block.is_decided()}

    def show_errors(self, found: Sequence[tuple[str, str]]) -> None:
        """(field, message) of what the form's rules say against a choice; the first is scrolled to."""
        told = dict(found)
        for block in self.blocks:
            block.show_error(told.get(block.conflict.field, ""))
        first = next((block for block in self.blocks if block.conflict.field in told), None)
        if first is not None:  # once its words have their place
            QTimer.singleShot(0, first, lambda: self.area.ensureWidgetVisible(first.error, 0, 24))

    def _choose_mine(self) -> None:
        for block in self.blocks:
            block.choose_mine()

    def _choose_server(self) -> None:
        for block in self.blocks:
            block.choose_server()

    def _judge(self) -> None:
        decided = [block for block in self.blocks if block.is_decided()]
        needs = any(block.conflict.needs_reason for block in decided)
        for widget in (self._reason_label, self.reason):
            widget.setVisible(needs)
        given = len(self.reason.text().strip()) >= MIN_REASON_LENGTH
        self.save.setEnabled(bool(decided) and (given or not needs))
        mine = self._open_blocks()
        self.save.setVisible(bool(mine))
        self._count.setVisible(bool(mine))
        words = _("{n} dari {all} isian dipilih").format(n=len(decided), all=len(mine))
        self._count.setText(_("Tulis alasan untuk uang dan identitas") if needs and not given else words)

    def _on_open(self) -> None:
        record = self.list.table.current_item() or (self._records[0] if self._records else None)
        if record is not None:
            self.show_record(record)

    def _on_save(self) -> None:
        if self._record is not None and self.save.isEnabled():
            self.settled.emit(self._record.uid, self.choices(), self.reason.text().strip())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back to the list."""
        if event.key() == Qt.Key.Key_Escape and self.currentIndex() == DETAIL:
            self.show_list()
            return
        super().keyPressEvent(event)


def _state(record: ConflictedRecord) -> ToneText:
    """Whether a choice was made already that the server did not take."""
    if any(field.refused for field in record.fields):
        return ToneText(_("Pilihan ditolak"), Tone.RISK)
    if not record.settles:
        return ToneText(_("Menunggu penulisnya"), Tone.NEUTRAL)
    return ToneText(_("Belum dipilih"), Tone.CONFLICT)
