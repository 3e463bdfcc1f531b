"""Paket program: every batch with its scheme, amount, tranches and limits."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kube_field.ui.models.item_table_model import Column
from kube_field.ui.pages.page_frame import PageFrame
from kube_field.ui.pages.profile_panels import TableOrEmpty
from kube_field.ui.widgets.buttons import primary_button
from kube_field.ui.widgets.card import Card
from kube_field.ui.widgets.data_table import DataTable
from kube_field.ui.widgets.empty_state import EmptyState
from kube_field.ui.widgets.export_panel import ExportPanel
from kube_field.usecases.views import BatchRow


class BatchesPage(PageFrame):
    """The list of batches.

    Signals: batch_opened(uid), new_batch_requested().
    """

    batch_opened = Signal(str)
    new_batch_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Paket program"), parent)
        self.new = primary_button(_("Paket baru"), "add")
        self.export = ExportPanel()
        self.action_row.addWidget(self.export.button)
        self.action_row.addWidget(self.new)
        self.body.addWidget(self.export)
        empty = EmptyState(
            _("Belum ada paket program"), _("Paket program dibuat oleh admin provinsi dan datang dari server.")
        )
        self.rows = TableOrEmpty(DataTable(_columns(), _("Daftar paket program")), empty)
        card = Card()
        card.body.addWidget(self.rows, 1)
        self.body.addWidget(card, 1)
        self.new.clicked.connect(self.new_batch_requested)
        self.rows.table.item_opened.connect(lambda row: self.batch_opened.emit(row.uid))

    def show_batches(self, rows: Sequence[BatchRow], *, may_add: bool) -> None:
        """Show rows; `may_add` for the province's administrator."""
        self.new.setVisible(may_add)
        self.rows.show_items(rows)


def _columns() -> list[Column]:
    return [
        Column(_("Nama paket"), lambda row: row.name),
        Column(_("Skema"), lambda row: row.scheme, width=150),
        Column(_("Tahun"), lambda row: str(row.year), sort_key=lambda row: row.year, width=75, whole=True),
        Column(_("Sumber dana"), lambda row: row.source, width=130),
        Column(_("Nilai per penerima"), lambda row: row.amount, width=150, align="right", whole=True),
        Column(_("Tahap pencairan"), lambda row: row.tranches, width=220, tip=lambda row: row.tranches),
        Column(_("Anggota"), lambda row: row.members, width=85, whole=True),
        Column(_("Unit"), _units_words, sort_key=lambda row: row.units, width=95, align="right"),
    ]


def _units_words(row: BatchRow) -> str:
    return _("{n} dari {target}").format(n=row.units, target=row.target) if row.target else str(row.units)
