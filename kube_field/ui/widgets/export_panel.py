"""Asks inside the page what an export is for, as which file, and shows how far it is; never a floating window."""

from __future__ import annotations

from dataclasses import dataclass
from gettext import gettext as _

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from kube_field.domain.forms.evaluation import MIN_REASON_LENGTH
from kube_field.ui.theme import Tone, current_theme
from kube_field.ui.widgets.buttons import primary_button, quiet_button, secondary_button
from kube_field.ui.widgets.choices import RadioChoice, TickBox
from kube_field.ui.widgets.labels import make_label
from kube_field.ui.widgets.progress_line import ProgressLine
from kube_field.ui.widgets.sign_mark import SignedLine

LONGEST_PURPOSE = 200


@dataclass(frozen=True, slots=True)
class ExportWish:
    """What the officer wants: purpose, one workbook or CSV files, NIK in full."""

    purpose: str
    as_csv: bool = False
    with_nik: bool = False


class ExportPanel(QFrame):
    """Hidden until `ask`. `button` opens it and stands where the page puts it.

    Signals: requested() by the button, wished(ExportWish), cancelled() while nothing runs.
    """

    requested = Signal()
    wished = Signal(object)
    cancelled = Signal()

    def __init__(self, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = secondary_button(words or _("Ekspor"))
        self.button.setToolTip(_("Simpan daftar ini sebagai XLSX atau CSV"))
        self._build()
        self._connect()
        self.hide()

    def _build(self) -> None:
        self.setObjectName("card")
        self.title = make_label("", "strong", wraps=True)
        self.purpose = QLineEdit()
        self.purpose.setAccessibleName(_("Untuk keperluan apa?"))
        self.purpose.setMaxLength(LONGEST_PURPOSE)
        self.xlsx = RadioChoice(_("Satu buku kerja (XLSX)"))
        self.csv = RadioChoice(_("Folder berisi CSV, satu berkas setiap tabel"))
        kinds = QButtonGroup(self)
        for radio in (self.xlsx, self.csv):
            kinds.addButton(radio)
        self.nik = TickBox(_("Sertakan NIK dan nomor KK lengkap"))
        self.masked = make_label(_("NIK dan nomor KK disamarkan sesuai peran Anda."), "muted")
        self.warning = SignedLine(Tone.WATCH)
        self.save = primary_button(_("Pilih tempat dan simpan"))
        self.cancel_button = quiet_button(_("Batal"))
        self.progress = ProgressLine(_("Kemajuan ekspor"))
        self._questions = self._make_questions()
        column = QVBoxLayout(self)
        column.setSpacing(current_theme().px(8))
        column.addWidget(self.title)
        column.addWidget(self._questions)
        column.addWidget(self.progress)

    def _make_questions(self) -> QWidget:
        box = QWidget()
        box.setObjectName("clear")
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(make_label(_("Untuk keperluan apa? Dicatat dalam jejak audit dan di dalam berkas."), "muted"))
        column.addWidget(self.purpose)
        kinds = QHBoxLayout()
        kinds.setSpacing(current_theme().px(16))
        for widget in (self.xlsx, self.csv, self.nik, self.masked):
            kinds.addWidget(widget)
        kinds.addStretch(1)
        column.addLayout(kinds)
        column.addWidget(self.warning)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.cancel_button)
        line.addWidget(self.save)
        column.addLayout(line)
        return box

    def _connect(self) -> None:
        self.button.clicked.connect(self.requested)
        self.purpose.textChanged.connect(lambda _text: self._follow())
        self.purpose.returnPressed.connect(self._on_save)
        self.save.clicked.connect(self._on_save)
        self.cancel_button.clicked.connect(self.close_panel)

    def ask(self, title: str, warning: str, *, may_have_nik: bool) -> None:
        """Ask about one list; the purpose that was typed last may stand."""
        self.title.setText(title)
        self.warning.show_line(warning, Tone.WATCH)
        self.xlsx.setChecked(True)
        self.nik.setChecked(False)
        self.nik.setVisible(may_have_nik)
        self.masked.setVisible(not may_have_nik)
        self._questions.show()
        self.progress.hide()
        self.show()
        self.purpose.setFocus(Qt.FocusReason.OtherFocusReason)
        self.purpose.selectAll()
        self._follow()

    def show_progress(self, done: int, whole: int, seconds_left: float | None) -> None:
        """Show how far the export is; the questions give way."""
        self._questions.hide()
        self.button.setEnabled(False)
        self.progress.show_progress(_("Mengekspor:"), done, whole, seconds_left)
        if not whole:
            self.progress.words.setText(_("Menyiapkan daftar …"))

    def show_packing(self) -> None:
        """All records are in; the file is being packed, which nothing can hurry."""
        self.progress.words.setText(_("Menyusun berkas …"))
        self.progress.bar.setRange(0, 0)
        self.progress.cancel_button.setEnabled(False)

    def close_panel(self) -> None:
        """Put the panel away."""
        self.progress.cancel_button.setEnabled(True)
        self.progress.bar.setRange(0, 1)
        self.button.setEnabled(True)
        self.hide()
        self.cancelled.emit()

    def give_way(self) -> None:
        """Put the questions away for another panel; a running export stays."""
        if self._questions.isVisible():
            self.close_panel()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the questions, never a running export."""
        if event.key() == Qt.Key.Key_Escape:
            self.give_way()
            return
        super().keyPressEvent(event)

    def _follow(self) -> None:
        self.save.setEnabled(len(self.purpose.text().strip()) >= MIN_REASON_LENGTH)

    def _on_save(self) -> None:
        if self.save.isEnabled():
            wish = ExportWish(
                self.purpose.text().strip(), self.csv.isChecked(), self.nik.isVisible() and self.nik.isChecked()
            )
            self.wished.emit(wish)
