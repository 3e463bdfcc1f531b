"""The tab "Bantuan" of a profile: what was received, the minutes, and the tools with their history."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kube_field.ui.models.item_table_model import Column
from kube_field.ui.pages.date_words import short_day
from kube_field.ui.pages.profile_panels import TableOrEmpty, make_documents
from kube_field.ui.theme import Tone, current_theme
from kube_field.ui.widgets.buttons import secondary_button
from kube_field.ui.widgets.data_table import DataTable
from kube_field.ui.widgets.empty_state import EmptyState
from kube_field.ui.widgets.labels import ElidedLabel, make_label
from kube_field.usecases.views import AidSummary, DocumentRow, ToolRow

CONDITION_TONES = {
    "baru": Tone.GOOD,
    "baik": Tone.GOOD,
    "rusak_ringan": Tone.WATCH,
    "rusak": Tone.RISK,
    "rusak_berat": Tone.RISK,
    "dipinjamkan": Tone.WATCH,
    "hilang": Tone.CRITICAL,
    "dijual": Tone.CRITICAL,
    "digadaikan": Tone.CRITICAL,
}


class AidPanel(QWidget):
    """What one owner or unit received.

    Signals: handover_requested(), document_opened(DocumentRow).
    """

    handover_requested = Signal()
    document_opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        self._summary = ElidedLabel("", "strong")
        self.hand_over = secondary_button(_("Catat serah terima"), "add")
        bar = QHBoxLayout()
        bar.addWidget(self._summary, 1)
        bar.addWidget(self.hand_over)
        self.minutes = make_documents(
            _("Belum ada berita acara"), _("Bantuan yang diserahkan dicatat dengan berita acara serah terima.")
        )
        self.tools = make_tools()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, current_theme().px(8), 0, 0)
        column.addLayout(bar)
        column.addWidget(self.minutes, 2)
        column.addWidget(make_label(_("Alat bantuan"), "heading"))
        column.addWidget(self.tools, 3)
        self.hand_over.clicked.connect(self.handover_requested)
        self.minutes.table.item_opened.connect(self.document_opened)

    def show_aid(self, summaries: Sequence[AidSummary], documents: Sequence[DocumentRow]) -> None:
        """Show what the units received; nothing can be handed over where there is no unit."""
        self._summary.show_text(" ".join(one.words for one in summaries))
        self.hand_over.setVisible(bool(summaries))
        self.minutes.show_items(documents)
        self.tools.show_items([tool for one in summaries for tool in one.tools])


def make_tools() -> TableOrEmpty:
    """Every tool with its state and what earlier visits found."""
    columns: list[Column] = [
        Column(_("Alat"), lambda row: row.name),
        Column(_("Jumlah"), lambda row: row.amount, width=110),
        Column(
            _("Diserahkan"),
            lambda row: short_day(row.handed_on),
            sort_key=lambda row: row.handed_on,
            width=120,
            whole=True,
        ),
        Column(_("Keadaan"), lambda row: row.condition, width=130, tone=_tone),
        Column(
            _("Diperiksa"),
            lambda row: short_day(row.checked_on),
            sort_key=lambda row: row.checked_on,
            width=120,
            whole=True,
        ),
        Column(_("Riwayat"), lambda row: row.story, width=300, tip=lambda row: row.story),
    ]
    empty = EmptyState(_("Belum ada alat"), _("Alat yang diserahkan diperiksa pada setiap kunjungan."))
    return TableOrEmpty(DataTable(columns, _("Alat bantuan")), empty)


def _tone(row: ToolRow) -> Tone:
    return CONDITION_TONES.get(row.code, Tone.NEUTRAL)
