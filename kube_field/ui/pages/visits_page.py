"""Kunjungan: who is due, and every visit, assessment and draft with its state."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kube_field.domain.document_state import ChipState, state_words
from kube_field.domain.records import RecordKind
from kube_field.ui.models.item_table_model import Column
from kube_field.ui.pages.area_panel import AreaPanel
from kube_field.ui.pages.calendar_panel import CalendarPanel
from kube_field.ui.pages.date_words import short_day
from kube_field.ui.pages.follow_up_panel import FollowUpPanel
from kube_field.ui.pages.page_frame import PageFrame, fill_box, filter_box, filter_words, tabs_in
from kube_field.ui.pages.profile_panels import TableOrEmpty, document_columns
from kube_field.ui.pages.work_words import work_chip
from kube_field.ui.texts import kind_words
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.buttons import primary_button, quiet_button, secondary_button
from kube_field.ui.widgets.choice_panel import ChoicePanel
from kube_field.ui.widgets.data_table import DataTable
from kube_field.ui.widgets.empty_state import EmptyState
from kube_field.ui.widgets.export_panel import ExportPanel
from kube_field.ui.widgets.labels import make_label
from kube_field.ui.widgets.search_field import SearchField
from kube_field.usecases.views import DocumentFilter, DocumentRow, WorkItem

LISTED_KINDS = (RecordKind.VISIT, RecordKind.ASSESSMENT)


class VisitsPage(PageFrame):
    """What is due, the month, the area by status, and all documents.

    Signals: visit_requested(unit uid), new_visit_requested(), filter_changed(DocumentFilter),
    document_opened(DocumentRow), discard_requested(DocumentRow) for a draft, area_requested() and
    follow_up_requested() when they are looked at.
    """

    visit_requested = Signal(str)
    new_visit_requested = Signal()
    filter_changed = Signal(object)
    document_opened = Signal(object)
    discard_requested = Signal(object)
    area_requested = Signal()
    follow_up_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Kunjungan"), parent)
        self._rows: tuple[DocumentRow, ...] = ()
        self._build()
        self._connect()

    def _build(self) -> None:
        self._new = primary_button(_("Kunjungan baru"), "add")
        self.export = ExportPanel()
        self.plan_button = secondary_button(_("Rencana hari ini"), "calendar")
        self.action_row.addWidget(self.plan_button)
        self.action_row.addWidget(self.export.button)
        self.action_row.addWidget(self._new)
        self.body.addWidget(self.export)
        self.chooser = ChoicePanel()
        self.body.addWidget(self.chooser)
        self.tabs = tabs_in(self.body, _("Daftar kunjungan"))
        self.calendar, self.area, self.follow_up = CalendarPanel(), AreaPanel(), FollowUpPanel()
        self._all = self._make_documents()
        for widget, words in (
            (self._make_due(), _("Jatuh tempo")),
            (self.follow_up, _("Perlu ditindaklanjuti")),
            (self.calendar, _("Kalender")),
            (self.area, _("Wilayah")),
            (self._all, _("Semua dokumen")),
        ):
            self.tabs.addTab(widget, words)

    def _make_due(self) -> QWidget:
        columns = [
            Column(
                _("Jadwal"),
                lambda item: work_chip(item)[0],
                sort_key=lambda item: -item.days,
                width=170,
                tone=lambda item: work_chip(item)[1],
            ),
            Column(_("Unit usaha"), lambda item: item.title),
            Column(_("Desa/Kelurahan"), lambda item: item.village, width=160),
            Column(_("Keterangan"), lambda item: item.detail, width=330),
            Column(
                _("Tanggal jadwal"),
                lambda item: short_day(item.due_on),
                sort_key=lambda i: i.due_on,
                width=130,
                whole=True,
                gives_way=True,
            ),
        ]
        empty = EmptyState(
            _("Tidak ada kunjungan yang jatuh tempo"),
            _("Jadwal dihitung dari tanggal serah terima bantuan dan kunjungan terakhir setiap unit usaha."),
            _("Kunjungan baru"),
        )
        self.due = TableOrEmpty(DataTable(columns, _("Kunjungan yang jatuh tempo")), empty)
        self._start = secondary_button(_("Mulai kunjungan"), "visit")
        self._start.setEnabled(False)
        line = QHBoxLayout()
        line.addWidget(make_label(_("Enter atau klik dua kali untuk memulai."), "muted"), 1)
        line.addWidget(self._start)
        page = QWidget()
        page.setObjectName("clear")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, current_theme().px(8), 0, 0)
        column.addWidget(self.due, 1)
        column.addLayout(line)
        return page

    def _make_documents(self) -> QWidget:
        self._search = SearchField(_("Cari nama, nomor, desa"))
        self._month = filter_box(_("Saring menurut bulan"), 15)
        self._kind = filter_box(_("Saring menurut jenis"), 13)
        self._state = filter_box(_("Saring menurut keadaan"), 19)
        words = kind_words()
        fill_box(self._month, _("Bulan: semua"), [])
        fill_box(self._kind, _("Jenis: semua"), [(str(kind), words[kind]) for kind in LISTED_KINDS])
        fill_box(self._state, _("Keadaan: semua"), state_choices())
        filters = QHBoxLayout()
        filters.addWidget(self._search, 1)
        for box in (self._month, self._kind, self._state):
            filters.addWidget(box)
        empty = EmptyState(
            _("Belum ada dokumen"), _("Draf, kunjungan, dan asesmen tampil di sini dengan keadaannya."), ""
        )
        table = DataTable(document_columns(with_subject=True), _("Semua kunjungan dan asesmen"))
        self.documents = TableOrEmpty(table, empty)
        self._count = make_label("", "muted")
        self.discard_button = quiet_button(_("Buang draf"))
        self.discard_button.setEnabled(False)
        line = QHBoxLayout()
        line.addWidget(self._count, 1)
        line.addWidget(self.discard_button)
        page = QWidget()
        page.setObjectName("clear")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, current_theme().px(8), 0, 0)
        column.addLayout(filters)
        column.addWidget(self.documents, 1)
        column.addLayout(line)
        return page

    def _connect(self) -> None:
        self._new.clicked.connect(self.new_visit_requested)
        self.due.empty.action_requested.connect(self.new_visit_requested)
        self.due.table.item_opened.connect(lambda item: self.visit_requested.emit(item.target_uid))
        self.due.table.item_chosen.connect(lambda _item: self._start.setEnabled(True))
        self._start.clicked.connect(self._on_start)
        self.calendar.visit_requested.connect(self.visit_requested)
        self.tabs.currentChanged.connect(lambda _at: self.ask_for_pictures())
        self._search.search_changed.connect(lambda _text: self._on_filter())
        for box in (self._month, self._kind):
            box.currentIndexChanged.connect(lambda _at: self._on_filter())
        self._state.currentIndexChanged.connect(lambda _at: self._show_rows())
        self.documents.table.item_opened.connect(self.document_opened)
        self.documents.table.item_chosen.connect(lambda row: self.discard_button.setEnabled(row.is_draft))
        self.discard_button.clicked.connect(self._on_discard)

    def show_due(self, items: Sequence[WorkItem]) -> None:
        """Show whose visit is due, the most pressing first."""
        self.due.show_items(items)
        self._start.setEnabled(False)
        self.tabs.setTabText(0, _("Jatuh tempo ({n})").format(n=len(items)))

    def show_months(self, months: Sequence[tuple[str, str]]) -> None:
        """Fill the months (YYYY-MM, words) to filter by."""
        fill_box(self._month, _("Bulan: semua"), list(months))

    def show_documents(self, rows: Sequence[DocumentRow]) -> None:
        """Show visits, assessments and drafts."""
        self._rows = tuple(row for row in rows if row.kind in LISTED_KINDS)
        self._show_rows()

    def wanted(self) -> DocumentFilter:
        """The filter as it stands; the state is filtered on the page."""
        kind = self._kind.currentData()
        return DocumentFilter(
            kind=RecordKind(kind) if kind else None,
            text=self._search.text().strip(),
            month=self._month.currentData() or "",
        )

    def wanted_state(self) -> ChipState | None:
        """The state that the list is filtered by."""
        state = self._state.currentData()
        return ChipState(state) if state else None

    def filter_words(self) -> str:
        """What the list of all documents is filtered by, in words."""
        return filter_words((self._month, self._kind, self._state), self._search.text())

    def listed_units(self) -> tuple[str, tuple[str, ...]] | None:
        """Name of the list on view and the uids of its businesses; None where documents are listed."""
        if self.tabs.currentWidget() is self.follow_up:
            return _("Perlu ditindaklanjuti"), self.follow_up.shown_units()
        if self.tabs.currentIndex() == 0:
            return _("Jatuh tempo"), tuple(item.target_uid for item in self.due.table.items_model.items())
        return None

    def show_all_documents(self) -> None:
        """Turn to the second list."""
        self.tabs.setCurrentWidget(self._all)

    def ask_for_pictures(self) -> None:
        """Month, area and follow-up are reckoned only when somebody looks at them."""
        if self.tabs.currentWidget() is self.calendar:
            self.calendar.month_requested.emit(self.calendar.calendar.shown_month())
        elif self.tabs.currentWidget() is self.area:
            self.area_requested.emit()
        elif self.tabs.currentWidget() is self.follow_up:
            self.follow_up_requested.emit()

    def _show_rows(self) -> None:
        state = self._state.currentData()
        rows = [row for row in self._rows if not state or row.chip.state == state]
        filtered = bool(state) or self.wanted() != DocumentFilter()
        self.documents.empty.show_text(
            _("Tidak ada yang cocok") if filtered else _("Belum ada dokumen"),
            _("Kurangi saringan atau periksa ejaan.")
            if filtered
            else _("Draf, kunjungan, dan asesmen tampil di sini dengan keadaannya."),
        )
        self.documents.show_items(rows)
        self.discard_button.setEnabled(False)
        self._count.setText(_("{n} dokumen").format(n=len(rows)))

    def _on_start(self) -> None:
        if (item := self.due.table.current_item()) is not None:
            self.visit_requested.emit(item.target_uid)

    def _on_discard(self) -> None:
        row = self.documents.table.current_item()
        if row is not None and row.is_draft:
            self.discard_requested.emit(row)

    def _on_filter(self) -> None:
        self.filter_changed.emit(self.wanted())


def state_choices() -> list[tuple[str, str]]:
    """Every state with its bare words, for a filter."""
    return [(str(state), words) for state, words in state_words().items()]
