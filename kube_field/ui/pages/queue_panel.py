"""Antrean: what waits, what was refused and why, photos on their way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from gettext import gettext as _

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kube_field.ui.formats import file_size, wita_text
from kube_field.ui.models.item_table_model import Column
from kube_field.ui.pages.profile_panels import TableOrEmpty
from kube_field.ui.pages.sync_words import age_words, queue_advice, queue_chip, queue_reason, sentence
from kube_field.ui.texts import kind_words
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.buttons import secondary_button
from kube_field.ui.widgets.data_table import DataTable
from kube_field.ui.widgets.empty_state import EmptyState
from kube_field.ui.widgets.labels import make_label
from kube_field.usecases.views import QueueRow

REFUSED_STATES = ("rejected", "quarantined", "failed")
ERASED = "erased"
"""Of this change nothing is left to open or to send again."""


class QueuePanel(QWidget):
    """The outbox as a table. `now` gives the present moment (UTC).

    Signals: `retry_requested(change ids)`, `record_opened(QueueRow)`.
    """

    retry_requested = Signal(object)
    record_opened = Signal(object)

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self.setObjectName("clear")
        self._rows: list[QueueRow] = []
        self.content = TableOrEmpty(DataTable(self._columns(), _("Antrean")), self._make_empty())
        self.reason = make_label("", "quiet", wraps=True)
        self.open_button = secondary_button(_("Buka"))
        self.retry = secondary_button(_("Coba lagi"))
        self.retry_all = secondary_button(_("Coba lagi semua"))
        foot = QHBoxLayout()
        foot.addWidget(self.reason, 1)
        for button in (self.open_button, self.retry, self.retry_all):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, current_theme().px(8), 0, 0)
        column.addWidget(self.content, 1)
        column.addLayout(foot)
        self._connect()

    def _columns(self) -> list[Column]:
        words = kind_words()
        return [
            Column(_("Data"), lambda row: row.title or "–"),
            Column(_("Jenis"), lambda row: words[row.kind], width=115, whole=True),
            Column(_("Petugas"), lambda row: row.author, width=120),
            Column(
                _("Menunggu"),
                lambda row: age_words(row.at, self._now()),
                sort_key=lambda row: row.at,
                width=100,
                whole=True,
                tip=lambda row: wita_text(row.at),
            ),
            Column(
                _("Ukuran"),
                lambda row: file_size(row.size),
                sort_key=lambda row: row.size,
                align="right",
                width=80,
                gives_way=True,
            ),
            Column(
                _("Keadaan"),
                lambda row: queue_chip(row)[0],
                width=180,
                tone=lambda row: queue_chip(row)[1],
                whole=True,
            ),
            Column(_("Sebab"), queue_reason, width=230, gives_way=True),
        ]

    def _make_empty(self) -> EmptyState:
        return EmptyState(_("Semua sudah terkirim"), _("Yang menunggu dikirim atau ditolak server tampil di sini."))

    @property
    def table(self) -> DataTable:
        """The table of rows."""
        return self.content.table

    def _connect(self) -> None:
        self.table.item_chosen.connect(self._on_row)
        self.table.item_opened.connect(self.record_opened)
        self.open_button.clicked.connect(self._on_open)
        self.retry.clicked.connect(self._on_retry)
        self.retry_all.clicked.connect(lambda: self.retry_requested.emit([row.change_id for row in self._rows]))

    def show_rows(self, rows: Sequence[QueueRow]) -> None:
        """Show what waits; the chosen row stays chosen while it is there, else the first that was refused is."""
        chosen = self.table.current_item()
        self._rows = list(rows)
        self.content.show_items(rows)
        for button in (self.open_button, self.retry, self.retry_all, self.reason):
            button.setVisible(bool(rows))
        shown = list(enumerate(self.table.items_model.items()))
        refused = next((n for n, row in shown if row.state in REFUSED_STATES), -1)
        at = next((n for n, row in shown if _same(row, chosen)), refused)
        if at >= 0:
            self.table.selectRow(at)
        else:
            self.reason.clear()
            self.open_button.setEnabled(False)
            self.retry.setEnabled(False)

    def _on_row(self, row: QueueRow) -> None:
        parts = (queue_reason(row), queue_advice(row), _photo_words(row))
        self.reason.setText(" ".join(sentence(part) for part in parts if part))
        for button in (self.open_button, self.retry):
            button.setEnabled(row.state != ERASED)

    def _on_open(self) -> None:
        if (row := self.table.current_item()) is not None:
            self.record_opened.emit(row)

    def _on_retry(self) -> None:
        if (row := self.table.current_item()) is not None:
            self.retry_requested.emit([row.change_id])


def _same(row: QueueRow, other: QueueRow | None) -> bool:
    return other is not None and row.change_id == other.change_id


def _photo_words(row: QueueRow) -> str:
    if not row.photos_expected:
        return ""
    return _("{there} dari {all} foto sudah di server.").format(there=row.photos_there, all=row.photos_expected)
