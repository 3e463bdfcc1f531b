"""Hasil pemeriksaan: every row of the list with what would become of it, its findings, and the doubles to decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from gettext import gettext as _

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from kube_field.ui.formats import group_thousands
from kube_field.ui.models.item_table_model import Column
from kube_field.ui.pages.page_frame import clear_layout, fill_box, filter_box, scrolled_down
from kube_field.ui.theme import Tone, current_theme
from kube_field.ui.widgets.buttons import primary_button, quiet_button, secondary_button, small_button
from kube_field.ui.widgets.card import Card
from kube_field.ui.widgets.chip import ChipLabel
from kube_field.ui.widgets.data_table import DataTable
from kube_field.ui.widgets.empty_state import EmptyState
from kube_field.ui.widgets.labels import ElidedLabel, make_label
from kube_field.ui.widgets.reason_panel import ReasonPanel
from kube_field.ui.widgets.sign_mark import SignedLine

ALL, WRONG, WARNED, DOUBLES, CHANGED, NEW = "", "wrong", "warned", "doubles", "changed", "new"
AS_NEW, WRITE = "as_new", "write"
DETAIL_HEIGHT = 92


@dataclass(frozen=True, slots=True)
class DetailLine:
    """One thing that is said about a row: weight by tone, where, what the cell says, what is wrong, what to do."""

    tone: Tone
    words: str


@dataclass(frozen=True, slots=True)
class RowLine:
    """One row of the list on view. `groups` are the filters under which it shows."""

    number: int
    title: str
    becomes: str
    tone: Tone | None
    about: str
    groups: frozenset[str]
    details: tuple[DetailLine, ...] = ()
    is_double: bool = False
    only_leave_out: bool = False


@dataclass(frozen=True, slots=True)
class Totals:
    """Chips over the rows, how many stand under each filter, and whether all is ready to be written."""

    chips: tuple[tuple[str, Tone], ...]
    counts: dict[str, int]
    is_ready: bool
    hint: str
    needs_reason: bool = False


class ImportRowsPanel(QWidget):
    """Rows with a filter, the chosen row in full, and the way on.

    Signals: left_out(row number or 0 for all doubles), taken_as_new(row number or 0, reason), write_requested(reason),
    report_requested(), back_requested().
    """

    left_out = Signal(int)
    taken_as_new = Signal(int, str)
    write_requested = Signal(str)
    report_requested = Signal()
    back_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        self._rows: list[RowLine] = []
        self._totals: Totals | None = None
        self._asked_row = 0
        self._build()
        self._connect()

    def _build(self) -> None:
        px = current_theme().px
        self._chips = QHBoxLayout()
        self._chips.setSpacing(px(8))
        self.filter = filter_box(_("Saring baris"), 22)
        head = QHBoxLayout()
        head.addLayout(self._chips, 1)
        head.addWidget(self.filter)
        self.table = DataTable(_columns(), _("Baris daftar"))
        self._empty = EmptyState(_("Tidak ada baris di saringan ini"), _("Pilih saringan lain untuk melihat barisnya."))
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        card = Card()
        card.body.addLayout(head)
        card.body.addWidget(self._stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        column.addWidget(card, 1)
        column.addWidget(self._make_detail())
        self.reason = ReasonPanel()
        column.addWidget(self.reason)
        column.addLayout(self._make_foot())

    def _make_detail(self) -> Card:
        self.detail = Card()
        self._detail_title = ElidedLabel("", "strong")
        self.leave_button = small_button(_("Lewati"))
        self.new_button = small_button(_("Masukkan sebagai data baru"))
        self.leave_all_button = small_button(_("Lewati semua yang ganda"))
        self.new_all_button = small_button(_("Masukkan semua"))
        head = QHBoxLayout()
        head.addWidget(self._detail_title, 1)
        for button in (self.leave_button, self.new_button, self.leave_all_button, self.new_all_button):
            head.addWidget(button)
        inner = QWidget()
        inner.setObjectName("scrolled")
        self._lines = QVBoxLayout(inner)
        self._lines.setContentsMargins(0, 0, current_theme().px(12), 0)
        self._lines.setSpacing(current_theme().px(4))
        scroll = scrolled_down(inner)
        self.detail.body.addLayout(head)
        self.detail.body.addWidget(scroll, 1)
        self.detail.setFixedHeight(current_theme().px(DETAIL_HEIGHT))
        return self.detail

    def _make_foot(self) -> QHBoxLayout:
        self.back_button = quiet_button(_("Arti kolom"), "back")
        self.hint = make_label("", "muted", wraps=True)
        self.report_button = secondary_button(_("Simpan laporan"))
        self.write_button = primary_button(_("Impor"))
        foot = QHBoxLayout()
        foot.addWidget(self.back_button)
        foot.addWidget(self.hint, 1)
        foot.addWidget(self.report_button)
        foot.addWidget(self.write_button)
        return foot

    def _connect(self) -> None:
        self.filter.currentIndexChanged.connect(lambda _at: self._show_rows())
        self.table.item_chosen.connect(lambda _row: self._show_detail())
        self.leave_button.clicked.connect(lambda: self.left_out.emit(self._chosen()))
        self.leave_all_button.clicked.connect(lambda: self.left_out.emit(0))
        self.new_button.clicked.connect(lambda: self._ask_as_new(self._chosen()))
        self.new_all_button.clicked.connect(lambda: self._ask_as_new(0))
        self.report_button.clicked.connect(self.report_requested)
        self.back_button.clicked.connect(self.back_requested)
        self.write_button.clicked.connect(self._on_write)
        self.reason.given.connect(self._on_reason)
        self.reason.cancelled.connect(self.detail.show)

    def show_rows(self, rows: Sequence[RowLine], totals: Totals) -> None:
        """Show the rows; the filter stays, or begins with what has to be looked at."""
        is_first = self._totals is None
        self._rows, self._totals = list(rows), totals
        clear_layout(self._chips)
        for text, tone in totals.chips:
            self._chips.addWidget(ChipLabel(text, tone))
        self._chips.addStretch(1)
        self._fill_filter(totals.counts)
        if is_first:
            first = next((key for key in (WRONG, DOUBLES, WARNED) if totals.counts.get(key)), ALL)
            self.filter.blockSignals(True)
            self.filter.setCurrentIndex(max(0, self.filter.findData(first)))
            self.filter.blockSignals(False)
        self.hint.setText(totals.hint)
        self.write_button.setEnabled(totals.is_ready)
        self._show_rows()

    def forget(self) -> None:
        """Empty the panel before another list comes."""
        self._rows, self._totals = [], None
        self.table.show_items([])
        self.reason.hide()
        self.detail.show()

    def _fill_filter(self, counts: dict[str, int]) -> None:
        words = (
            (WRONG, _("Galat ({n})")),
            (DOUBLES, _("Mungkin ganda ({n})")),
            (WARNED, _("Peringatan ({n})")),
            (CHANGED, _("Berubah ({n})")),
            (NEW, _("Baru ({n})")),
        )
        listed = [(key, text.format(n=group_thousands(counts.get(key, 0)))) for key, text in words]
        fill_box(self.filter, _("Semua baris ({n})").format(n=group_thousands(len(self._rows))), listed)

    def _show_rows(self) -> None:
        key = self.filter.currentData() or ALL
        shown = [row for row in self._rows if key == ALL or key in row.groups]
        chosen = self._chosen()
        self.table.show_items(shown)
        self._stack.setCurrentWidget(self.table if shown else self._empty)
        if shown:
            at = next((at for at, row in enumerate(self.table.items_model.items()) if row.number == chosen), 0)
            self.table.selectRow(at)
        self._show_detail()

    def _show_detail(self) -> None:
        row: RowLine | None = self.table.current_item()
        clear_layout(self._lines)
        is_double = row is not None and row.is_double
        self.leave_button.setVisible(is_double)
        self.new_button.setVisible(is_double and row is not None and not row.only_leave_out)
        has_others = self._totals is not None and self._totals.counts.get(DOUBLES, 0) > 1
        for button in (self.leave_all_button, self.new_all_button):
            button.setVisible(is_double and has_others)
        self._detail_title.show_text(
            _("Baris {n}: {name}").format(n=row.number, name=row.title) if row is not None else ""
        )
        for line in row.details if row is not None else ():
            self._lines.addWidget(SignedLine(line.words, line.tone))
        if row is not None and not row.details:
            self._lines.addWidget(make_label(_("Tidak ada temuan di baris ini."), "quiet"))
        self._lines.addStretch(1)

    def _chosen(self) -> int:
        row: RowLine | None = self.table.current_item()
        return row.number if row is not None else 0

    def _ask_as_new(self, number: int) -> None:
        self._asked_row = number
        title = (
            _("Mengapa baris {n} bukan orang atau keluarga yang sama?").format(n=number)
            if number
            else _("Mengapa semua baris ini bukan orang atau keluarga yang sama?")
        )
        self._ask(AS_NEW, title, _("Masukkan"))

    def _on_write(self) -> None:
        if self._totals is not None and self._totals.needs_reason:
            title = _("Peringatan sudah dicocokkan? Satu alasan disimpan bersama semua baris yang berperingatan.")
            self._ask(WRITE, title, _("Impor"), _("Sudah dicocokkan dengan KTP/KK"))
            return
        self.write_requested.emit("")

    def _ask(self, key: str, title: str, words: str, reason: str = "") -> None:
        """The question takes the place of the row in full."""
        self.detail.hide()
        self.reason.ask(key, title, words, reason)

    def _on_reason(self, key: str, reason: str) -> None:
        self.detail.show()
        if key == WRITE:
            self.write_requested.emit(reason)
        else:
            self.taken_as_new.emit(self._asked_row, reason)


def _columns() -> list[Column]:
    return [
        Column(_("Baris"), lambda row: str(row.number), sort_key=lambda row: row.number, align="right", width=70),
        Column(_("Nama"), lambda row: row.title, width=230),
        Column(_("Hasil"), lambda row: row.becomes, width=140, tone=lambda row: row.tone),
        Column(_("Keterangan"), lambda row: row.about),
    ]
