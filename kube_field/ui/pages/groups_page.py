"""Kelompok: the list of KUBE groups, filtered while typing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from gettext import gettext as _

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from kube_field.ui.formats import group_thousands
from kube_field.ui.models.item_table_model import Column
from kube_field.ui.pages.date_words import short_day
from kube_field.ui.pages.mark_door import MarkDoor
from kube_field.ui.pages.page_frame import PageFrame, fill_box, filter_box, filter_words
from kube_field.ui.texts import health_text, health_tone
from kube_field.ui.widgets.buttons import primary_button, secondary_button
from kube_field.ui.widgets.card import Card
from kube_field.ui.widgets.data_table import DataTable
from kube_field.ui.widgets.empty_state import EmptyState
from kube_field.ui.widgets.export_panel import ExportPanel
from kube_field.ui.widgets.labels import make_label
from kube_field.ui.widgets.search_field import SearchField
from kube_field.usecases.views import GroupFilter, GroupRow


class GroupsPage(PageFrame):
    """The list of groups.

    Signals: filter_changed(GroupFilter), group_opened(uid), new_group_requested(), batches_requested(),
    import_requested().
    """

    filter_changed = Signal(object)
    group_opened = Signal(str)
    new_group_requested = Signal()
    batches_requested = Signal()
    import_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Kelompok"), parent)
        self._statuses: Mapping[str, str] = {}
        self._build()
        self._connect()

    def _build(self) -> None:
        self._new = primary_button(_("Kelompok baru"), "add")
        self.batches = secondary_button(_("Paket program"))
        self.export = ExportPanel()
        self.import_button = secondary_button(_("Impor"))
        self.import_button.setToolTip(_("Impor daftar KUBE dari Excel atau CSV"))
        self.action_row.addWidget(self.import_button)
        self.action_row.addWidget(self.export.button)
        self.action_row.addWidget(self.batches)
        self.action_row.addWidget(self._new)
        self._search = SearchField(_("Cari nama kelompok, desa, jenis usaha"))
        self._kecamatan = filter_box(_("Saring menurut kecamatan"), 18)
        self._status = filter_box(_("Saring menurut status"), 18)
        fill_box(self._kecamatan, _("Kecamatan: semua"), [])
        fill_box(self._status, _("Status: semua"), [])
        filters = QHBoxLayout()
        filters.addWidget(self._search, 1)
        filters.addWidget(self._kecamatan)
        filters.addWidget(self._status)
        self.marks = MarkDoor()
        self.table = DataTable(self._columns(), _("Daftar kelompok"))
        self.marks.watch(self.table)
        self._empty = EmptyState("", "", _("Kelompok baru"))
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self._count = make_label("", "muted")
        card = Card()
        card.body.addLayout(filters)
        card.body.addWidget(self._stack, 1)
        foot = QHBoxLayout()
        foot.addWidget(self._count, 1)
        foot.addWidget(self.marks.button)
        card.body.addLayout(foot)
        self.body.addWidget(self.export)
        self.body.addWidget(card, 1)

    def _columns(self) -> list[Column]:
        return [
            Column(_("Nama KUBE"), lambda row: row.name),
            Column(_("Jenis usaha"), lambda row: row.idea, width=180),
            Column(_("Desa/Kelurahan"), lambda row: row.village, width=150),
            Column(_("Kecamatan"), lambda row: row.kecamatan, width=140),
            Column(
                _("Anggota"), lambda row: str(row.members), sort_key=lambda row: row.members, align="right", width=80
            ),
            Column(
                _("Kunjungan terakhir"),
                lambda row: short_day(row.last_visit_on),
                sort_key=lambda row: row.last_visit_on,
                width=140,
                whole=True,
            ),
            Column(
                _("Berikutnya"),
                lambda row: short_day(row.next_visit_on),
                sort_key=lambda row: row.next_visit_on or "9999",
                width=110,
            ),
            Column(
                _("Usaha"), lambda row: health_text(row.health), width=145, tone=lambda row: health_tone(row.health)
            ),
            Column(_("Status"), lambda row: self._statuses.get(row.status, row.status), width=120),
            self.marks.column(),
        ]

    def _connect(self) -> None:
        self._new.clicked.connect(self.new_group_requested)
        self.batches.clicked.connect(self.batches_requested)
        self.import_button.clicked.connect(self.import_requested)
        self._empty.action_requested.connect(self.new_group_requested)
        self._search.search_changed.connect(lambda _text: self._on_filter())
        for box in (self._kecamatan, self._status):
            box.currentIndexChanged.connect(lambda _at: self._on_filter())
        self.table.item_opened.connect(lambda row: self.group_opened.emit(row.uid))

    def show_choices(self, *, kecamatan: Sequence[tuple[str, str]], statuses: Mapping[str, str]) -> None:
        """Fill the filters: kecamatan (code, name) and labels of statuses by code."""
        self._statuses = statuses
        fill_box(self._kecamatan, _("Kecamatan: semua"), list(kecamatan))
        fill_box(self._status, _("Status: semua"), list(statuses.items()))

    def show_groups(self, rows: Sequence[GroupRow]) -> None:
        """Show rows."""
        self.table.show_items(rows)
        if self.wanted() == GroupFilter():
            self._empty.show_text(
                _("Belum ada kelompok"), _("Kelompok yang Anda buat dan yang datang dari server tampil di sini.")
            )
        else:
            self._empty.show_text(_("Tidak ada yang cocok"), _("Periksa ejaan atau kurangi saringan."))
        self._stack.setCurrentWidget(self.table if rows else self._empty)
        self._count.setText(_("{total} kelompok").format(total=group_thousands(len(rows))))

    def filter_words(self) -> str:
        """What the list is filtered by, in words."""
        return filter_words((self._kecamatan, self._status), self._search.text())

    def wanted(self) -> GroupFilter:
        """The filter as it stands."""
        return GroupFilter(
            text=self._search.text().strip(),
            kecamatan=self._kecamatan.currentData() or "",
            status=self._status.currentData() or "",
        )

    def _on_filter(self) -> None:
        self.filter_changed.emit(self.wanted())
