"""What stands in the tabs of a profile: facts by section, the timeline, documents and units."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from kube_field.domain.records import RecordKind
from kube_field.ui.formats import wita_text
from kube_field.ui.models.item_table_model import Column
from kube_field.ui.pages.date_words import short_day
from kube_field.ui.pages.form_words import choice_words
from kube_field.ui.pages.mark_door import MarkDoor
from kube_field.ui.pages.page_frame import clear_layout, scrolled_down
from kube_field.ui.texts import chip_text, health_text, health_tone, kind_words
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.chip import ChipLabel
from kube_field.ui.widgets.data_table import DataTable
from kube_field.ui.widgets.empty_state import EmptyState
from kube_field.ui.widgets.labels import ElidedLabel, make_label, make_line
from kube_field.usecases.numbering import CHANGE_OF_AID
from kube_field.usecases.views import DocumentRow, TimelineItem, UnitRow

Sections = Sequence[tuple[str, Sequence[tuple[str, str]]]]
DAY_COLUMN = 150
LABEL_COLUMN = 260


class SectionsPanel(QWidget):
    """Answers as label and value under the section's title; what is `above` them scrolls with them."""

    def __init__(self, empty_text: str = "", parent: QWidget | None = None, *, above: Sequence[QWidget] = ()) -> None:
        super().__init__(parent)
        self._empty_text = empty_text or _("Belum ada isian.")
        inner = QWidget()
        inner.setObjectName("scrolled")
        around = QVBoxLayout(inner)
        around.setContentsMargins(0, current_theme().px(8), current_theme().px(12), 0)
        around.setSpacing(current_theme().px(8))
        for widget in above:
            around.addWidget(widget)
        around.addSpacing(current_theme().px(8) if above else 0)
        self._column = QVBoxLayout()
        self._column.setSpacing(current_theme().px(8))
        around.addLayout(self._column, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled_down(inner))

    def show_sections(self, sections: Sections) -> None:
        """Show (title, (label, value) pairs); sections without values are left out."""
        clear_layout(self._column)
        for title, pairs in sections:
            if pairs:
                self._column.addWidget(make_label(title, "heading"))
                self._column.addWidget(make_line())
                self._column.addLayout(self._make_pairs(pairs))
                self._column.addSpacing(current_theme().px(8))
        if not any(pairs for _title, pairs in sections):
            self._column.addWidget(make_label(self._empty_text, "quiet", wraps=True))
        self._column.addStretch(1)

    def _make_pairs(self, pairs: Sequence[tuple[str, str]]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(current_theme().px(16))
        grid.setVerticalSpacing(current_theme().px(6))
        grid.setColumnMinimumWidth(0, current_theme().px(LABEL_COLUMN) // 2)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)
        for row, (label, value) in enumerate(pairs):
            words = make_label(label, "quiet", wraps=True)
            words.setAlignment(Qt.AlignmentFlag.AlignTop)
            said = make_label(value, wraps=True)
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            said.setAlignment(Qt.AlignmentFlag.AlignTop)
            grid.addWidget(words, row, 0)
            grid.addWidget(said, row, 1)
        return grid


class TimelinePanel(QWidget):
    """What happened, newest first."""

    def __init__(self, empty_title: str, empty_text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._empty_title, self._empty_text = empty_title, empty_text
        inner = QWidget()
        inner.setObjectName("scrolled")
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, current_theme().px(12), 0)
        self._column.setSpacing(0)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled_down(inner))

    def show_items(self, items: Sequence[TimelineItem]) -> None:
        """Show what happened."""
        clear_layout(self._column)
        for item in items:
            self._column.addLayout(self._make_item(item))
            self._column.addWidget(make_line())
        if not items:
            self._column.addWidget(EmptyState(self._empty_title, self._empty_text))
        self._column.addStretch(1)

    def _make_item(self, item: TimelineItem) -> QHBoxLayout:
        px = current_theme().px
        day = make_label(moment_words(item.at), "quiet")
        day.setFixedWidth(px(DAY_COLUMN))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(ElidedLabel(item.what, "strong"))
        if item.detail:
            words.addWidget(make_label(item.detail, "muted", wraps=True))
        line = QHBoxLayout()
        line.setContentsMargins(0, px(8), 0, px(8))
        line.addWidget(day, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        if item.chip is not None:
            line.addWidget(ChipLabel(*chip_text(item.chip)))
        return line


def moment_words(at: str) -> str:
    """A day or an instant as the screen shows it."""
    if not at:
        return ""
    return wita_text(at) if "T" in at else short_day(at)


class TableOrEmpty(QStackedWidget):
    """A table, or the words that stand where its rows will be."""

    def __init__(self, table: DataTable, empty: EmptyState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table, self.empty = table, empty
        self.addWidget(table)
        self.addWidget(empty)

    def show_items(self, items: Sequence[object]) -> None:
        """Show rows, or the words when there are none."""
        self.table.show_items(items)
        self.setCurrentWidget(self.table if items else self.empty)


def document_columns(*, with_subject: bool) -> list[Column]:
    """Columns of a list of documents; `with_subject` where the list is about many people and groups."""
    subject = [
        Column(_("Penerima"), lambda row: row.subject),
        Column(_("Desa/Kelurahan"), lambda row: row.village, width=125),
    ]
    return [
        Column(
            _("Tanggal"),
            lambda row: short_day(row.occurred_on),
            sort_key=lambda row: row.occurred_on,
            width=110,
            whole=True,
        ),
        Column(_("Dokumen"), document_words, width=150 if with_subject else 0, whole=with_subject),
        *(subject if with_subject else []),
        # Where room is short a number may lose its end: laptop and counter, its beginning, are unique by themselves.
        Column(
            _("Nomor"),
            lambda row: row.number,
            width=150 if with_subject else 210,
            whole=not with_subject,
            tip=lambda row: row.number,
            gives_way=with_subject,
        ),
        Column(_("Petugas"), lambda row: row.author, width=120, gives_way=True),
        Column(
            _("Keadaan"),
            lambda row: chip_text(row.chip).text,
            width=205,
            tone=lambda row: chip_text(row.chip).tone,
        ),
    ]


def document_words(row: DocumentRow) -> str:
    """What a document is called in a list that shows whose it is beside it."""
    if row.kind == RecordKind.VISIT and row.visit_no:
        return _("Kunjungan ke-{n}").format(n=row.visit_no)
    if row.kind == RecordKind.AID and CHANGE_OF_AID in row.number.split("/"):
        return _("Berita acara perubahan")
    return kind_words()[row.kind]


def make_documents(empty_title: str, empty_text: str, action_text: str = "") -> TableOrEmpty:
    """The documents of one profile."""
    table = DataTable(document_columns(with_subject=False), empty_title)
    return TableOrEmpty(table, EmptyState(empty_title, empty_text, action_text))


def make_units(marks: MarkDoor) -> TableOrEmpty:
    """The business units of one profile."""
    columns: list[Column] = [
        Column(_("Unit usaha"), lambda row: row.name or row.idea),
        Column(_("Jenis usaha"), lambda row: row.idea, width=200),
        Column(_("Desa/Kelurahan"), lambda row: row.village, width=150),
        Column(_("Serah terima"), lambda row: short_day(row.handover_on), width=120, whole=True),
        Column(_("Kunjungan"), _visits_words, width=100, align="right"),
        Column(_("Terakhir"), lambda row: short_day(row.last_visit_on), width=120, whole=True),
        Column(_("Keadaan"), lambda row: health_text(row.health), width=145, tone=lambda row: health_tone(row.health)),
        marks.column(),
    ]
    empty = EmptyState(
        _("Belum ada unit usaha"),
        _("Kunjungan dicatat untuk sebuah unit usaha. Tambahkan unit usaha lebih dahulu."),
        _("Tambah unit usaha"),
    )
    return TableOrEmpty(DataTable(columns, _("Unit usaha")), empty)


def make_family(marks: MarkDoor) -> TableOrEmpty:
    """The members of one family."""
    relations = choice_words(RecordKind.PERSON, "relation_to_head")
    columns: list[Column] = [
        Column(_("Nama"), lambda row: row.name),
        Column(_("Hubungan"), lambda row: relations.get(row.role, row.role), width=190),
        Column(_("NIK"), lambda row: row.nik, width=170, whole=True),
        Column(_("L/P"), lambda row: row.sex, width=56),
        Column(
            _("Tanggal lahir"),
            lambda row: short_day(row.birth_date),
            sort_key=lambda r: r.birth_date,
            width=130,
            whole=True,
        ),
        marks.column(),
    ]
    empty = EmptyState(
        _("Belum ada anggota keluarga"),
        _("Warga yang dicatat dalam keluarga ini tampil di sini."),
        _("Tambah anggota keluarga"),
    )
    return TableOrEmpty(DataTable(columns, _("Anggota keluarga")), empty)


def _visits_words(row: UnitRow) -> str:
    return str(len(row.visits))


def only_of(documents: Sequence[DocumentRow], kind: str) -> list[DocumentRow]:
    """Documents of one kind."""
    return [row for row in documents if row.kind == kind]
