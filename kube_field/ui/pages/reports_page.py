"""Laporan: choose a paper, see it, print or save it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from gettext import gettext as _

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kube_field.ui.models.item_table_model import Column
from kube_field.ui.pages.date_words import short_day
from kube_field.ui.pages.page_frame import PageFrame, fill_box, filter_box, filter_words
from kube_field.ui.pages.profile_panels import TableOrEmpty
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.buttons import secondary_button
from kube_field.ui.widgets.card import Card
from kube_field.ui.widgets.data_table import DataTable
from kube_field.ui.widgets.empty_state import EmptyState
from kube_field.ui.widgets.export_panel import ExportPanel
from kube_field.ui.widgets.labels import make_label
from kube_field.ui.widgets.pdf_preview import PdfPreview
from kube_field.ui.widgets.progress_line import ProgressLine
from kube_field.ui.widgets.search_field import SearchField

LIST_WIDTH = 500


class Paper(StrEnum):
    """The papers that can be chosen."""

    VISIT = "visit"
    ASSESSMENT = "assessment"
    ASSESSMENT_BLANK = "assessment_blank"
    AID = "aid"
    REFERRAL = "referral"
    ATTENDANCE = "attendance"
    ATTENDANCE_BLANK = "attendance_blank"
    CERTIFICATE = "certificate"
    RECAP = "recap"
    PROFILE = "profile"
    CONSENT = "consent"


def paper_words() -> list[tuple[Paper, str]]:
    """Names of the papers."""
    return [
        (Paper.VISIT, _("Laporan kunjungan pendampingan")),
        (Paper.ASSESSMENT, _("Formulir asesmen (terisi)")),
        (Paper.ASSESSMENT_BLANK, _("Formulir asesmen (kosong)")),
        (Paper.REFERRAL, _("Surat pengantar rujukan")),
        (Paper.AID, _("Berita acara serah terima dan perubahan")),
        (Paper.ATTENDANCE, _("Daftar hadir pelatihan (terisi)")),
        (Paper.ATTENDANCE_BLANK, _("Daftar hadir pelatihan (kosong)")),
        (Paper.CERTIFICATE, _("Sertifikat pelatihan")),
        (Paper.RECAP, _("Rekapitulasi bulanan per kabupaten/kota")),
        (Paper.PROFILE, _("Profil KUBE dan usaha perorangan")),
        (Paper.CONSENT, _("Pemberitahuan dan persetujuan data pribadi")),
    ]


def _number_words(row: PaperRow) -> str:
    return _("draf") if row.is_draft else telling_part(row.number)


def telling_part(number: str) -> str:
    """Laptop, counter and kind of a document's number (handbook 9.0), which tell papers apart: `L07-0021/KUNJ`."""
    parts = number.split("/")
    at = next((at for at, part in enumerate(parts) if "-" in part), None)
    return number if at is None else "/".join(parts[at : at + 2])


EXPORTED = (
    Paper.VISIT,
    Paper.ASSESSMENT,
    Paper.AID,
    Paper.REFERRAL,
    Paper.ATTENDANCE,
    Paper.PROFILE,
    Paper.CONSENT,
)
"""Papers behind which lists of data lie; the recap has its own tables, blank sheets and certificates have none."""


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One paper that can be made. `key` comes back; `is_draft` papers carry the watermark DRAF."""

    key: str
    day: str
    title: str
    detail: str
    number: str
    is_draft: bool = False


class ReportsPage(PageFrame):
    """List at the left, paper at the right.

    Signals: filter_changed(paper, month, text, area), paper_chosen(PaperRow), print_requested(PaperRow),
    save_requested(PaperRow), table_requested(PaperRow); save_all_requested(rows), print_all_requested(rows) with the
    final ones of the list.
    """

    filter_changed = Signal(str, str, str, str)
    paper_chosen = Signal(object)
    print_requested = Signal(object)
    save_requested = Signal(object)
    table_requested = Signal(object)
    save_all_requested = Signal(list)
    print_all_requested = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Laporan"), parent)
        self._chosen: PaperRow | None = None
        self._build()
        self._connect()

    def _build(self) -> None:
        self.verify_button = secondary_button(_("Periksa laporan"), "check")
        self.action_row.addWidget(self.verify_button)
        px = current_theme().px
        self.export, self.export_area = (
            ExportPanel(_("Ekspor daftar ini")),
            ExportPanel(_("Ekspor seluruh wilayah saya")),
        )
        for panel in (self.export, self.export_area):
            self.action_row.addWidget(panel.button)
            self.body.addWidget(panel)
        self.preview = PdfPreview()
        self.preview.show_message(_("Pilih dokumen di sebelah kiri untuk melihat cetakannya."))
        right = Card()
        right.body.addWidget(self.preview, 1)
        columns = QHBoxLayout()
        columns.setSpacing(px(16))
        columns.addWidget(self._make_choosing(), 1)
        columns.addWidget(right, 1)
        self.body.addLayout(columns, 1)

    def _make_choosing(self) -> Card:
        self._detail = make_label("", "muted", wraps=True)
        card = Card()
        card.setMaximumWidth(current_theme().px(LIST_WIDTH))
        self._add_filters(card)
        card.body.addWidget(self._make_list(), 1)
        card.body.addWidget(self._detail)
        card.body.addLayout(self._make_foot())
        card.body.addWidget(self.progress)
        return card

    def _make_foot(self) -> QHBoxLayout:
        self.progress = ProgressLine(_("Kemajuan pembuatan dokumen"))
        self._count = make_label("", "muted")
        self.save_all_button = secondary_button(_("Simpan semua"))
        self.print_all_button = secondary_button(_("Cetak semua"))
        self.table_button = secondary_button(_("Simpan tabel"))
        self.table_button.setToolTip(_("Tabel yang sama sebagai XLSX atau CSV"))
        line = QHBoxLayout()
        line.addWidget(self._count, 1)
        line.addWidget(self.table_button)
        line.addWidget(self.save_all_button)
        line.addWidget(self.print_all_button)
        return line

    def _add_filters(self, card: Card) -> None:
        self._paper = filter_box(_("Jenis laporan"), 30)
        for paper, words in paper_words():
            self._paper.addItem(words, str(paper))
        self._month = filter_box(_("Saring menurut bulan"), 15)
        self._area = filter_box(_("Saring menurut wilayah"), 18)
        fill_box(self._area, _("Wilayah: semua"), [])
        fill_box(self._month, _("Bulan: semua"), [])
        self._search = SearchField(_("Cari nama, nomor, desa"))
        line = QHBoxLayout()
        line.addWidget(self._area, 3)
        line.addWidget(self._month, 2)
        card.body.addWidget(self._paper)
        card.body.addLayout(line)
        card.body.addWidget(self._search)

    def _make_list(self) -> TableOrEmpty:
        columns = [
            Column(_("Tanggal"), lambda row: short_day(row.day), sort_key=lambda row: row.day, width=104),
            Column(_("Dokumen"), lambda row: row.title),
            Column(_("Nomor"), _number_words, width=126, tip=lambda row: row.number),
        ]
        empty = EmptyState(
            _("Belum ada yang dapat dicetak"), _("Kunjungan yang sudah difinalkan dan pelatihan tampil di sini.")
        )
        self.list = TableOrEmpty(DataTable(columns, _("Daftar laporan")), empty)
        return self.list

    def _connect(self) -> None:
        self._search.search_changed.connect(lambda _text: self._on_filter())
        self.export.requested.connect(self.export_area.give_way)
        self.export_area.requested.connect(self.export.give_way)
        for box in (self._paper, self._month, self._area):
            box.currentIndexChanged.connect(lambda _at: self._on_filter())
        self.list.table.item_chosen.connect(self._on_row)
        self.save_all_button.clicked.connect(lambda: self.save_all_requested.emit(self.final_rows()))
        self.print_all_button.clicked.connect(lambda: self.print_all_requested.emit(self.final_rows()))
        self.table_button.clicked.connect(lambda: self._emit(self.table_requested))
        self.preview.print_requested.connect(lambda: self._emit(self.print_requested))
        self.preview.save_requested.connect(lambda: self._emit(self.save_requested))

    @property
    def chosen(self) -> PaperRow | None:
        """The paper that is shown."""
        return self._chosen

    @property
    def paper(self) -> Paper:
        """Which paper is wanted."""
        return Paper(self._paper.currentData())

    def show_months(self, months: Sequence[tuple[str, str]]) -> None:
        """Fill the months (YYYY-MM, words)."""
        fill_box(self._month, _("Bulan: semua"), list(months))

    def show_areas(self, areas: Sequence[tuple[str, str]]) -> None:
        """Fill kabupaten and kecamatan (code, words)."""
        fill_box(self._area, _("Wilayah: semua"), list(areas))

    def show_papers(self, rows: Sequence[PaperRow]) -> None:
        """Show what can be made; the preview goes when its paper is not among them."""
        self.list.show_items(rows)
        self._show_count()
        if self._chosen not in rows:
            self._chosen = None
            self._detail.clear()
            self.preview.show_message(_("Pilih dokumen di sebelah kiri untuk melihat cetakannya."))

    def final_rows(self) -> list[PaperRow]:
        """The papers of the list as they are sorted, drafts left out."""
        return [row for row in self.list.table.items_model.items() if not row.is_draft]

    def _show_count(self) -> None:
        count = len(self.final_rows())
        self._count.setText(_("{n} dokumen").format(n=self.list.table.items_model.rowCount()))
        for button in (self.save_all_button, self.print_all_button):
            button.setEnabled(count > 0)
        self.table_button.setVisible(self.paper == Paper.RECAP)
        self.export.button.setEnabled(self.paper in EXPORTED)
        self.table_button.setEnabled(self._chosen is not None)

    def show_pages(self, key: str, images: Sequence[QImage]) -> None:
        """Show the pages, unless another paper was chosen meanwhile."""
        if self._chosen is not None and self._chosen.key == key:
            self.preview.show_pages(images)

    def show_no_pages(self, key: str, words: str) -> None:
        """Say why there is no preview."""
        if self._chosen is not None and self._chosen.key == key:
            self.preview.show_message(words)

    def wanted(self) -> tuple[str, str, str, str]:
        """(paper, month, text, area) as chosen."""
        month, area = str(self._month.currentData() or ""), str(self._area.currentData() or "")
        return str(self.paper), month, self._search.text().strip(), area

    def filter_words(self) -> str:
        """Which papers are listed and what they are filtered by, in words."""
        words = filter_words((self._area, self._month), self._search.text())
        return " · ".join(filter(None, (self._paper.currentText(), words)))

    def _on_filter(self) -> None:
        self.filter_changed.emit(*self.wanted())

    def _on_row(self, row: PaperRow) -> None:
        self._chosen = row
        self._detail.setText(row.detail)
        self.table_button.setEnabled(True)
        self.preview.show_message(_("Menyiapkan pratinjau…"))
        self.paper_chosen.emit(row)

    def _emit(self, signal: SignalInstance) -> None:
        if self._chosen is not None:
            signal.emit(self._chosen)
