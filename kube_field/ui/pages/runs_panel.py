"""Riwayat: what every run did, with the names of what the server took, and its paper."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kube_field.ui.formats import file_size, short_instant, wita_text
from kube_field.ui.models.item_table_model import Column
from kube_field.ui.pages.profile_panels import TableOrEmpty
from kube_field.ui.pages.sync_words import run_chip, trouble_of_run, via_words
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.buttons import quiet_button, secondary_button
from kube_field.ui.widgets.data_table import DataTable
from kube_field.ui.widgets.empty_state import EmptyState
from kube_field.ui.widgets.labels import make_label
from kube_field.usecases.views import SyncRun

MOST_NAMES = 12


class RunsPanel(QWidget):
    """The runs, newest first.

    Signals: `run_chosen(SyncRun)`, `print_requested(SyncRun)`, `save_requested(SyncRun)`, `more_requested()`.
    """

    run_chosen = Signal(object)
    print_requested = Signal(object)
    save_requested = Signal(object)
    more_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        empty = EmptyState(_("Belum pernah mengirim"), _("Setiap pengiriman dengan hasilnya tampil di sini."))
        self.content = TableOrEmpty(DataTable(_columns(), _("Riwayat")), empty)
        self.names = make_label("", "quiet", wraps=True)
        self.print_button = secondary_button(_("Cetak serah terima"), "print")
        self.save_button = secondary_button(_("Simpan PDF"))
        self.more_button = quiet_button(_("Tampilkan yang lebih lama"))
        self.more_button.hide()
        foot = QHBoxLayout()
        foot.addWidget(self.names, 1)
        foot.addWidget(self.more_button)
        foot.addWidget(self.print_button)
        foot.addWidget(self.save_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, current_theme().px(8), 0, 0)
        column.addWidget(self.content, 1)
        column.addLayout(foot)
        self.content.table.item_chosen.connect(self._on_run)
        self.more_button.clicked.connect(self.more_requested)
        self.print_button.clicked.connect(lambda: self._ask(self.print_requested))
        self.save_button.clicked.connect(lambda: self._ask(self.save_requested))

    def show_runs(self, runs: Sequence[SyncRun], *, more: bool = False) -> None:
        """Show the runs; the chosen one stays chosen. `more`: there are older ones."""
        table = self.content.table
        chosen = table.current_item()
        self.content.show_items(runs)
        for widget in (self.names, self.print_button, self.save_button):
            widget.setVisible(bool(runs))
        self.more_button.setVisible(more)
        shown = table.items_model.items()
        at = next((n for n, run in enumerate(shown) if chosen is not None and run.id == chosen.id), -1)
        if at >= 0:
            table.selectRow(at)
        else:
            self.names.setText(_("Pilih pengiriman untuk melihat namanya dan mencetak buku serah terima."))
            self._enable(None)

    def show_names(self, run: SyncRun, names: Sequence[str]) -> None:
        """Names of what the server took in the chosen run."""
        chosen = self.content.table.current_item()
        if chosen is not None and chosen.id == run.id:
            words = _("Diterima server: {names}").format(names=some_names(names))
            if not names:
                words = _("Tidak ada data baru yang diterima server pada pengiriman ini.")
            remarks = (run.notice.rstrip("."), _remark(run).rstrip("."), words)
            self.names.setText(" · ".join(part for part in remarks if part))

    def _on_run(self, run: SyncRun) -> None:
        self._enable(run)
        self.run_chosen.emit(run)

    def _enable(self, run: SyncRun | None) -> None:
        for button in (self.print_button, self.save_button):
            button.setEnabled(run is not None and run.id > 0)

    def _ask(self, signal: SignalInstance) -> None:
        if (run := self.content.table.current_item()) is not None:
            signal.emit(run)


def some_names(names: Sequence[str]) -> str:
    """The first names, and how many more."""
    shown = ", ".join(names[:MOST_NAMES])
    more = len(names) - MOST_NAMES
    return _("{names} dan {n} lagi").format(names=shown, n=more) if more > 0 else shown


def _columns() -> list[Column]:
    return [
        Column(
            _("Mulai"),
            lambda run: short_instant(run.started_at),
            sort_key=lambda r: r.started_at,
            width=104,
            whole=True,
        ),
        Column(_("Selesai"), lambda run: wita_text(run.ended_at)[-5:], width=70, whole=True),
        Column(_("Hasil"), lambda run: run_chip(run)[0], tone=lambda run: run_chip(run)[1]),
        Column(_("Terkirim"), lambda run: str(run.sent), sort_key=lambda r: r.sent, align="right", width=80),
        Column(_("Diterima"), lambda r: str(r.received), sort_key=lambda r: r.received, align="right", width=84),
        Column(_("Ditolak"), lambda run: str(run.refused), sort_key=lambda r: r.refused, align="right", width=72),
        Column(_("Foto"), lambda run: str(run.photos_sent), sort_key=lambda r: r.photos_sent, align="right", width=56),
        Column(
            _("Data"),
            lambda run: file_size(run.bytes_up + run.bytes_down),
            sort_key=lambda run: run.bytes_up + run.bytes_down,
            align="right",
            width=76,
            tip=lambda run: _("{up} naik, {down} turun").format(
                up=file_size(run.bytes_up), down=file_size(run.bytes_down)
            ),
        ),
        Column(_("Lewat"), lambda run: via_words(run.via), width=76),
    ]


def _remark(run: SyncRun) -> str:
    trouble = trouble_of_run(run)
    return trouble.sentence if trouble is not None else run.message
