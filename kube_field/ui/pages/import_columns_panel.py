"""Arti kolom: what each column of an incoming list means, with an example, and one answer for all rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from gettext import gettext as _

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from kube_field.ui.pages.page_frame import clear_layout, filter_box, scrolled_down
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.buttons import primary_button, quiet_button
from kube_field.ui.widgets.card import Card
from kube_field.ui.widgets.labels import ElidedLabel, make_label

IGNORED = ""


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """One column of the list: heading, first cells, what it means, and what the first row says by it."""

    heading: str
    examples: str
    code: str
    read_as: str = ""


@dataclass(frozen=True, slots=True)
class NeededLine:
    """A question that no column answers: its choices (code, label), none for free words; what was answered before."""

    code: str
    label: str
    choices: tuple[tuple[str, str], ...] = ()
    answer: str = ""
    is_optional: bool = False


class ImportColumnsPanel(QWidget):
    """Two cards: the columns of the list, and what no column says.

    Signals: changed() when a meaning or an answer changed, check_requested(), back_requested().
    """

    changed = Signal()
    check_requested = Signal()
    back_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        self._boxes: dict[str, QComboBox] = {}
        self._read: dict[str, ElidedLabel] = {}
        self._answers: dict[str, QComboBox | QLineEdit] = {}
        self._build()

    def _build(self) -> None:
        px = current_theme().px
        self._columns = Card(_("Kolom di daftar"))
        self._grid = self._scrolled_grid(self._columns, (3, 3, 5, 4))
        self._needed = Card(_("Belum ada di daftar"))
        self._needed.body.addWidget(
            make_label(_("Isi satu jawaban untuk semua baris, atau tambahkan kolomnya."), "muted", wraps=True)
        )
        self._needed_grid = self._scrolled_grid(self._needed, (1,))
        cards = QHBoxLayout()
        cards.setSpacing(px(12))
        cards.addWidget(self._columns, 5)
        cards.addWidget(self._needed, 2)
        self.back_button = quiet_button(_("Berkas lain"), "back")
        self.words = make_label("", "muted", wraps=True)
        self.check_button = primary_button(_("Periksa semua baris"))
        foot = QHBoxLayout()
        foot.addWidget(self.back_button)
        foot.addWidget(self.words, 1)
        foot.addWidget(self.check_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        column.addLayout(cards, 1)
        column.addLayout(foot)
        self.check_button.clicked.connect(self.check_requested)
        self.back_button.clicked.connect(self.back_requested)

    def _scrolled_grid(self, card: Card, stretches: Sequence[int]) -> QGridLayout:
        inner = QWidget()
        inner.setObjectName("scrolled")
        around = QVBoxLayout(inner)
        around.setContentsMargins(0, 0, current_theme().px(12), 0)
        grid = QGridLayout()
        grid.setHorizontalSpacing(current_theme().px(12))
        grid.setVerticalSpacing(current_theme().px(6))
        for at, stretch in enumerate(stretches):
            grid.setColumnStretch(at, stretch)
        around.addLayout(grid)
        around.addStretch(1)
        card.body.addWidget(scrolled_down(inner), 1)
        return grid

    def show_columns(self, lines: Sequence[ColumnLine], meanings: Sequence[tuple[str, str]]) -> None:
        """Show the columns; `meanings` are (code, label) of everything that a column can mean."""
        clear_layout(self._grid)
        self._boxes, self._read = {}, {}
        # One list for all boxes: forty columns times eighty meanings would be felt.
        shared = QStandardItemModel(self)
        for code, label in ((IGNORED, _("– tidak dipakai –")), *meanings):
            item = QStandardItem(label)
            item.setData(code, Qt.ItemDataRole.UserRole)
            shared.appendRow(item)
        titles = (_("Judul kolom"), _("Contoh isi"), _("Artinya"), _("Baris pertama dibaca sebagai"))
        for at, title in enumerate(titles):
            self._grid.addWidget(make_label(title, "muted"), 0, at)
        for row, line in enumerate(lines, start=1):
            box = self._meaning_box(line, shared)
            self._boxes[line.heading] = box
            self._read[line.heading] = ElidedLabel(line.read_as)
            name = ElidedLabel(line.heading, "strong")
            for at, widget in enumerate((name, ElidedLabel(line.examples, "quiet"), box, self._read[line.heading])):
                self._grid.addWidget(widget, row, at, Qt.AlignmentFlag.AlignVCenter)

    def _meaning_box(self, line: ColumnLine, shared: QStandardItemModel) -> QComboBox:
        box = filter_box(_("Arti kolom {heading}").format(heading=line.heading), 18)
        box.setModel(shared)
        box.setCurrentIndex(max(0, box.findData(line.code)))
        box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        box.currentIndexChanged.connect(lambda _at: self._on_meaning(line.heading))
        return box

    def _on_meaning(self, heading: str) -> None:
        """A question is answered by one column: the other one lets go of it."""
        code = self._boxes[heading].currentData()
        for other, box in self._boxes.items():
            if code and other != heading and box.currentData() == code:
                box.blockSignals(True)
                box.setCurrentIndex(0)
                box.blockSignals(False)
        self.changed.emit()

    def show_needed(self, lines: Sequence[NeededLine]) -> None:
        """Show what no column says; what was typed before stays typed."""
        before = self.same_for_all()
        clear_layout(self._needed_grid)
        self._answers = {}
        for at, line in enumerate(lines):
            words = _("{label} (boleh kosong)").format(label=line.label) if line.is_optional else line.label
            self._needed_grid.addWidget(make_label(words, wraps=True), at * 2, 0)
            editor = self._answer_editor(line, before.get(line.code, line.answer))
            self._answers[line.code] = editor
            self._needed_grid.addWidget(editor, at * 2 + 1, 0)
        if not lines:
            words = _("Semua yang wajib ada di daftar.")
            self._needed_grid.addWidget(make_label(words, "quiet", wraps=True), 0, 0)

    def _answer_editor(self, line: NeededLine, answer: str) -> QComboBox | QLineEdit:
        if not line.choices:
            edit = QLineEdit(answer)
            edit.setAccessibleName(line.label)
            edit.setMaxLength(200)
            edit.editingFinished.connect(self.changed)
            return edit
        box = filter_box(line.label, 12)
        box.addItem(_("– belum diisi –"), "")
        for code, label in line.choices:
            box.addItem(label, code)
        box.setCurrentIndex(max(0, box.findData(answer)))
        box.currentIndexChanged.connect(lambda _at: self.changed.emit())
        return box

    def show_readings(self, readings: Mapping[str, str], words: str) -> None:
        """Show how the first row is read by heading, and a line about the whole list."""
        for heading, label in self._read.items():
            label.show_text(readings.get(heading, ""))
        self.words.setText(words)

    def by_heading(self) -> dict[str, str]:
        """What each column means as it is chosen."""
        return {heading: str(box.currentData() or "") for heading, box in self._boxes.items()}

    def same_for_all(self) -> dict[str, str]:
        """Answers for all rows by code."""
        told = {
            code: str(editor.currentData() or "") if isinstance(editor, QComboBox) else editor.text().strip()
            for code, editor in self._answers.items()
        }
        return {code: text for code, text in told.items() if text}
