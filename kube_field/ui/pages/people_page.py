"""Penerima: the list of people, filtered while typing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from gettext import gettext as _

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from kube_field.ui.formats import group_thousands
from kube_field.ui.models.item_table_model import Column
from kube_field.ui.pages.mark_door import MarkDoor
from kube_field.ui.pages.page_frame import PageFrame, fill_box, filter_box, filter_words
from kube_field.ui.texts import health_text
from kube_field.ui.widgets.buttons import primary_button, secondary_button
from kube_field.ui.widgets.card import Card
from kube_field.ui.widgets.data_table import DataTable
from kube_field.ui.widgets.empty_state import EmptyState
from kube_field.ui.widgets.export_panel import ExportPanel
from kube_field.ui.widgets.labels import make_label
from kube_field.ui.widgets.search_field import SearchField
from kube_field.usecases.views import PersonFilter, PersonRow


class PeoplePage(PageFrame):
    """The list of people.

    Signals: filter_changed(PersonFilter), person_opened(uid), register_requested(), import_requested().
    """

    filter_changed = Signal(object)
    person_opened = Signal(str)
    register_requested = Signal()
    import_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Penerima"), parent)
        self._statuses: Mapping[str, str] = {}
        self._categories: Mapping[str, str] = {}
        self._build()
        self._connect()

    def _build(self) -> None:
        self._register = primary_button(_("Daftarkan warga"), "add")
        self.export = ExportPanel()
        self.import_button = secondary_button(_("Impor"))
        self.import_button.setToolTip(_("Impor daftar warga atau keluarga dari Excel atau CSV"))
        self.action_row.addWidget(self.import_button)
        self.action_row.addWidget(self.export.button)
        self.action_row.addWidget(self._register)
        card = Card()
        card.body.addLayout(self._make_filters())
        card.body.addWidget(self._make_list(), 1)
        card.body.addLayout(self._make_foot())
        self.body.addWidget(self.export)
        self.body.addWidget(card, 1)

    def _make_filters(self) -> QHBoxLayout:
        self._search = SearchField(_("Cari nama, NIK, desa"))
        self._kecamatan = filter_box(_("Saring menurut kecamatan"))
        self._village = filter_box(_("Saring menurut desa"))
        self._status = filter_box(_("Saring menurut status"))
        self._category = filter_box(_("Saring menurut kategori"))
        for box, words in (
            (self._kecamatan, _("Kecamatan: semua")),
            (self._village, _("Desa: semua")),
            (self._status, _("Status: semua")),
            (self._category, _("Kategori: semua")),
        ):
            fill_box(box, words, [])
        filters = QHBoxLayout()
        filters.addWidget(self._search, 1)
        for box in (self._kecamatan, self._village, self._status, self._category):
            filters.addWidget(box)
        return filters

    def _make_list(self) -> QStackedWidget:
        self.marks = MarkDoor()
        self.table = DataTable(self._columns(), _("Daftar penerima"))
        self.marks.watch(self.table)
        self._empty = EmptyState(
            _("Belum ada warga yang terdaftar"),
            _("Warga yang Anda daftarkan dan yang datang dari server tampil di sini."),
            _("Daftarkan warga"),
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        return self._stack

    def _make_foot(self) -> QHBoxLayout:
        self._count = make_label("", "muted")
        foot = QHBoxLayout()
        foot.addWidget(self._count, 1)
        foot.addWidget(self.marks.button)
        return foot

    def _columns(self) -> list[Column]:
        return [
            Column(_("Nama"), lambda row: row.name),
            Column(_("NIK"), lambda row: row.nik, width=150, whole=True),
            Column(_("L/P"), lambda row: row.sex, width=50),
            Column(_("Lahir"), lambda row: row.birth_date[:4], sort_key=lambda row: row.birth_date, width=60),
            Column(_("Desa/Kelurahan"), lambda row: row.village, width=130),
            Column(_("Kecamatan"), lambda row: row.kecamatan, width=125),
            Column(_("Kelompok"), lambda row: row.group_name, width=170),
            Column(
                _("Status"),
                lambda row: health_text(row.health) or self._statuses.get(row.status, row.status),
                width=120,
                tip=self._status_tip,
            ),
            self.marks.column(),
        ]

    def _status_tip(self, row: PersonRow) -> str:
        """Status of the person, and of the own business where it was scored: that is what the column shows then."""
        status = self._statuses.get(row.status, row.status)
        return _("{status}; usaha {health}").format(status=status, health=health_text(row.health)) if row.health else ""

    def _connect(self) -> None:
        self._register.clicked.connect(self.register_requested)
        self.import_button.clicked.connect(self.import_requested)
        self._empty.action_requested.connect(self.register_requested)
        self._search.search_changed.connect(lambda _text: self._on_filter())
        self._kecamatan.currentIndexChanged.connect(lambda _at: self._on_kecamatan())
        for box in (self._village, self._status, self._category):
            box.currentIndexChanged.connect(lambda _at: self._on_filter())
        self.table.item_opened.connect(lambda row: self.person_opened.emit(row.uid))

    def show_choices(
        self, *, kecamatan: Sequence[tuple[str, str]], statuses: Mapping[str, str], categories: Mapping[str, str]
    ) -> None:
        """Fill the filters: kecamatan (code, name), labels of statuses and categories by code."""
        self._statuses, self._categories = statuses, categories
        fill_box(self._kecamatan, _("Kecamatan: semua"), list(kecamatan))
        fill_box(self._status, _("Status: semua"), list(statuses.items()))
        fill_box(self._category, _("Kategori: semua"), list(categories.items()))

    def show_villages(self, villages: Sequence[tuple[str, str]]) -> None:
        """Fill the villages (code, name) of the chosen kecamatan."""
        fill_box(self._village, _("Desa: semua"), list(villages))

    def show_people(self, rows: Sequence[PersonRow], total: int) -> None:
        """Show rows; `total` counts all that pass the filter."""
        self.table.show_items(rows)
        wanted = self.wanted()
        filtered = wanted != PersonFilter()
        if filtered:
            self._empty.show_text(
                _("Tidak ada yang cocok"), _("Periksa ejaan atau kurangi saringan. Warga baru dapat didaftarkan.")
            )
        else:
            self._empty.show_text(
                _("Belum ada warga yang terdaftar"),
                _("Warga yang Anda daftarkan dan yang datang dari server tampil di sini."),
            )
        self._stack.setCurrentWidget(self.table if rows else self._empty)
        if len(rows) < total:
            words = _("{shown} dari {total} orang ditampilkan · persempit dengan mencari nama atau desa")
            self._count.setText(words.format(shown=group_thousands(len(rows)), total=group_thousands(total)))
        else:
            self._count.setText(_("{total} orang").format(total=group_thousands(total)))

    def filter_words(self) -> str:
        """What the list is filtered by, in words."""
        return filter_words((self._kecamatan, self._village, self._status, self._category), self._search.text())

    def wanted(self) -> PersonFilter:
        """The filter as it stands."""
        return PersonFilter(
            text=self._search.text().strip(),
            kecamatan=self._kecamatan.currentData() or "",
            village=self._village.currentData() or "",
            status=self._status.currentData() or "",
            category=self._category.currentData() or "",
        )

    def _on_kecamatan(self) -> None:
        fill_box(self._village, _("Desa: semua"), [])
        self._on_filter()

    def _on_filter(self) -> None:
        self.filter_changed.emit(self.wanted())
