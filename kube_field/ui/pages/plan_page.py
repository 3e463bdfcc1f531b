"""Rencana kunjungan: choose who is visited today, see the plan, print or save it with a blank sheet for each visit."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from PySide6.QtCore import QItemSelectionModel, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QWidget

from kube_field.ui.models.item_table_model import Column
from kube_field.ui.pages.page_frame import PageFrame, fill_box, filter_box
from kube_field.ui.pages.profile_panels import TableOrEmpty
from kube_field.ui.pages.work_words import work_chip
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.buttons import primary_button, quiet_button, secondary_button
from kube_field.ui.widgets.card import Card
from kube_field.ui.widgets.data_table import DataTable
from kube_field.ui.widgets.empty_state import EmptyState
from kube_field.ui.widgets.labels import make_label
from kube_field.ui.widgets.pdf_preview import PdfPreview
from kube_field.ui.widgets.progress_line import ProgressLine
from kube_field.usecases.views import WorkItem

LIST_WIDTH = 520
Selection = QItemSelectionModel.SelectionFlag


class PlanPage(PageFrame):
    """List at the left, the plan at the right.

    Signals: choice_changed(unit uids), plan_print_requested(), plan_save_requested(), all_print_requested(),
    all_save_requested().
    """

    choice_changed = Signal(list)
    plan_print_requested = Signal()
    plan_save_requested = Signal()
    all_print_requested = Signal()
    all_save_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Rencana kunjungan hari ini"), parent)
        self._items: tuple[WorkItem, ...] = ()
        self._build()
        self._connect()

    def _build(self) -> None:
        px = current_theme().px
        self.preview = PdfPreview()
        self.preview.show_message(_("Pilih unit usaha di sebelah kiri."))
        right = Card()
        right.body.addWidget(self.preview, 1)
        columns = QHBoxLayout()
        columns.setSpacing(px(16))
        columns.addWidget(self._make_choosing(), 1)
        columns.addWidget(right, 1)
        self.body.addLayout(columns, 1)

    def _make_choosing(self) -> Card:
        card = Card()
        card.setMaximumWidth(current_theme().px(LIST_WIDTH))
        self._village = filter_box(_("Saring menurut desa"), 18)
        fill_box(self._village, _("Desa: semua"), [])
        self.all_button, self.none_button = quiet_button(_("Pilih semua")), quiet_button(_("Kosongkan"))
        line = QHBoxLayout()
        line.addWidget(self._village, 1)
        line.addWidget(self.all_button)
        line.addWidget(self.none_button)
        card.body.addLayout(line)
        card.body.addWidget(self._make_list(), 1)
        card.body.addLayout(self._make_foot())
        card.body.addWidget(self.progress)
        return card

    def _make_list(self) -> TableOrEmpty:
        columns = [
            Column(_("Unit usaha"), lambda item: item.title),
            Column(_("Desa"), lambda item: item.village, width=140),
            Column(
                _("Jadwal"),
                lambda item: work_chip(item)[0],
                sort_key=lambda item: -item.days,
                width=140,
                whole=True,
                tone=lambda item: work_chip(item)[1],
            ),
        ]
        empty = EmptyState(
            _("Tidak ada kunjungan yang jatuh tempo"), _("Unit yang jatuh tempo atau lewat jadwal tampil di sini.")
        )
        table = DataTable(columns, _("Unit usaha untuk dikunjungi"))
        table.setSelectionMode(QAbstractItemView.SelectionMode.MultiSelection)
        self.list = TableOrEmpty(table, empty)
        return self.list

    def _make_foot(self) -> QHBoxLayout:
        self.progress = ProgressLine(_("Kemajuan pembuatan lembar"))
        self._count = make_label("", "muted")
        self.save_all_button = secondary_button(_("Simpan semua"))
        self.print_all_button = primary_button(_("Cetak semua"))
        for button in (self.save_all_button, self.print_all_button):
            button.setToolTip(_("Rencana, lalu lembar kunjungan kosong untuk setiap unit"))
        line = QHBoxLayout()
        line.addWidget(self._count, 1)
        line.addWidget(self.save_all_button)
        line.addWidget(self.print_all_button)
        return line

    def _connect(self) -> None:
        table = self.list.table
        table.selectionModel().selectionChanged.connect(lambda _on, _off: self._on_choice())
        self._village.currentIndexChanged.connect(lambda _at: self._show_items())
        self.all_button.clicked.connect(table.selectAll)
        self.none_button.clicked.connect(table.clearSelection)
        self.preview.print_requested.connect(self.plan_print_requested)
        self.preview.save_requested.connect(self.plan_save_requested)
        self.print_all_button.clicked.connect(self.all_print_requested)
        self.save_all_button.clicked.connect(self.all_save_requested)

    def show_due(self, items: Sequence[WorkItem]) -> None:
        """Show whose visit is due; those that are due today or late are chosen."""
        self._items = tuple(items)
        villages = sorted({item.village for item in items if item.village})
        fill_box(self._village, _("Desa: semua"), [(village, village) for village in villages])
        self._show_items()

    def chosen(self) -> list[WorkItem]:
        """The units that are visited, in the order of the list."""
        table = self.list.table
        rows = sorted(index.row() for index in table.selectionModel().selectedRows())
        return [table.items_model.item(row) for row in rows]

    def show_plan(self, units: Sequence[str], images: Sequence[QImage]) -> None:
        """Show the plan of these units, unless others were chosen meanwhile."""
        if list(units) == [item.target_uid for item in self.chosen()]:
            self.preview.show_pages(images)

    def _show_items(self) -> None:
        village = self._village.currentData()
        items = [item for item in self._items if not village or item.village == village]
        table = self.list.table
        table.blockSignals(True)
        self.list.show_items(items)
        table.blockSignals(False)
        model = table.items_model
        for row in range(model.rowCount()):
            if model.item(row).days >= 0:
                table.selectionModel().select(model.index(row, 0), Selection.Select | Selection.Rows)
        self._on_choice()

    def _on_choice(self) -> None:
        units = [item.target_uid for item in self.chosen()]
        self._count.setText(_("{n} unit dipilih").format(n=len(units)))
        for button in (self.save_all_button, self.print_all_button):
            button.setEnabled(bool(units))
        if not units:
            self.preview.show_message(_("Pilih unit usaha di sebelah kiri."))
            return
        self.choice_changed.emit(units)
