"""Impor: a list from a file becomes people, families or groups, in four steps on one page."""

from __future__ import annotations

from gettext import gettext as _

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from kube_field.ui.pages.import_columns_panel import ImportColumnsPanel
from kube_field.ui.pages.import_rows_panel import ImportRowsPanel
from kube_field.ui.pages.page_frame import PageFrame
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.buttons import primary_button, secondary_button
from kube_field.ui.widgets.card import Card
from kube_field.ui.widgets.choices import RadioChoice
from kube_field.ui.widgets.labels import make_label
from kube_field.ui.widgets.progress_line import ProgressLine

PEOPLE, HOUSEHOLDS, GROUPS = "people", "households", "groups"
CHOOSE, COLUMNS, ROWS, DONE = range(4)


class ImportPage(PageFrame):
    """Choose a file, say what its columns mean, look at every row, write. Esc goes one step back.

    Signals: file_requested(kind), cancelled(), undo_requested(), list_requested().
    """

    file_requested = Signal(str)
    cancelled = Signal()
    undo_requested = Signal()
    list_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Impor daftar"), parent)
        self._build()
        self._connect()
        self.show_step(CHOOSE)

    def _build(self) -> None:
        self.progress = ProgressLine(_("Kemajuan impor"))
        self.columns = ImportColumnsPanel()
        self.rows = ImportRowsPanel()
        self.steps = QStackedWidget()
        self._pages = (self._make_choice(), self.columns, self.rows, self._make_end())
        for page in self._pages:
            self.steps.addWidget(page)
        self.body.addWidget(self.progress)
        self.body.addWidget(self.steps, 1)

    def _make_choice(self) -> QWidget:
        px = current_theme().px
        card = Card(_("Daftar apa yang akan diimpor?"))
        self._kinds = QButtonGroup(self)
        self.kind_choices: dict[str, RadioChoice] = {}
        for kind, words in (
            (PEOPLE, _("Warga, beserta keluarganya bila ada di daftar")),
            (HOUSEHOLDS, _("Keluarga (kartu keluarga)")),
            (GROUPS, _("Kelompok (KUBE)")),
        ):
            radio = RadioChoice(words)
            self._kinds.addButton(radio)
            self.kind_choices[kind] = radio
            card.body.addWidget(radio)
        self.kind_choices[PEOPLE].setChecked(True)
        self.choose_button = primary_button(_("Pilih berkas"), "add")
        card.body.addSpacing(px(8))
        card.body.addWidget(self.choose_button)
        hints = Card(_("Agar daftarnya terbaca"))
        for words in (
            _("Berkas Excel (.xlsx) atau CSV, satu baris judul, satu baris untuk setiap warga, keluarga, atau KUBE."),
            _("Kolom NIK dan nomor KK berformat Teks. Excel hanya menyimpan 15 angka dari sebuah bilangan."),
            _("Tanggal seperti 12/03/1980 atau 12 Maret 1980. Desa ditulis bersama kecamatannya, atau dengan kodenya."),
            _("NIK, nomor KK, atau nama KUBE yang sudah ada diperbarui; sel kosong tidak menghapus isian."),
            _("Tidak ada yang ditulis sebelum Anda melihat hasil pemeriksaannya dan menekan Impor."),
        ):
            hints.body.addWidget(make_label(f"• {words}", "quiet", wraps=True))
        page = QWidget()
        page.setObjectName("clear")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        column.addWidget(card)
        column.addWidget(hints)
        column.addStretch(1)
        return page

    def _make_end(self) -> QWidget:
        card = Card()
        self.done_title = make_label("", "heading", wraps=True)
        self.done_words = make_label("", "quiet", wraps=True)
        self.undo_button = secondary_button(_("Urungkan impor"))
        self.again_button = secondary_button(_("Impor daftar lain"))
        self.list_button = primary_button(_("Lihat daftarnya"))
        line = QHBoxLayout()
        for button in (self.list_button, self.again_button, self.undo_button):
            line.addWidget(button)
        line.addStretch(1)
        card.body.addWidget(self.done_title)
        card.body.addWidget(self.done_words)
        card.body.addSpacing(current_theme().px(8))
        card.body.addLayout(line)
        page = QWidget()
        page.setObjectName("clear")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        column.addStretch(1)
        return page

    def _connect(self) -> None:
        self.choose_button.clicked.connect(lambda: self.file_requested.emit(self.kind()))
        self.progress.cancel_requested.connect(self.cancelled)
        self.columns.back_requested.connect(self.start_again)
        self.rows.back_requested.connect(lambda: self.show_step(COLUMNS))
        self.again_button.clicked.connect(self.start_again)
        self.undo_button.clicked.connect(self.undo_requested)
        self.list_button.clicked.connect(self.list_requested)

    def kind(self) -> str:
        """What the list is about."""
        return next(kind for kind, radio in self.kind_choices.items() if radio.isChecked())

    def choose_kind(self, kind: str) -> None:
        """Propose what the list is about."""
        self.kind_choices[kind].setChecked(True)

    def step(self) -> int:
        """The step on view."""
        return self.steps.currentIndex()

    def show_step(self, step: int) -> None:
        """Go to a step; the first field or button of it gets the keyboard."""
        self.steps.setCurrentIndex(step)
        for at, page in enumerate(self._pages):
            # Only the step on view decides how high the page is.
            wanted = QSizePolicy.Policy.Preferred if at == step else QSizePolicy.Policy.Ignored
            page.setSizePolicy(wanted, wanted)
        first = {
            CHOOSE: self.choose_button,
            COLUMNS: self.columns.check_button,
            ROWS: self.rows.table,
            DONE: self.list_button,
        }[step]
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def start_again(self) -> None:
        """Go to the first step; what was read is forgotten."""
        self.show_title(_("Impor daftar"))
        self.rows.forget()
        self.show_step(CHOOSE)

    def show_busy(self, busy: bool) -> None:
        """While work goes on, nothing else is begun; the cancel button beside the progress stays."""
        self.steps.setEnabled(not busy)
        if not busy:
            self.progress.hide()

    def show_done(self, title: str, words: str, *, may_undo: bool) -> None:
        """What was written, and the way back while there is one."""
        self.show_title(_("Impor selesai"))
        self.done_title.setText(title)
        self.done_words.setText(words)
        self.undo_button.setVisible(may_undo)
        self.show_step(DONE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes one step back."""
        if event.key() == Qt.Key.Key_Escape and self.steps.isEnabled() and self.step() in (COLUMNS, ROWS):
            self.start_again() if self.step() == COLUMNS else self.show_step(COLUMNS)
            return
        super().keyPressEvent(event)
