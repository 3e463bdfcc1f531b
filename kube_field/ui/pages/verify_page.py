"""Periksa laporan: drop or choose a picture or PDF, or type a number or code; at the right what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from gettext import gettext as _
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from kube_field.ui.pages.page_frame import PageFrame, ShrinkingBody, clear_layout, scrolled_down, wide
from kube_field.ui.theme import Tone, current_theme
from kube_field.ui.widgets.buttons import primary_button, secondary_button
from kube_field.ui.widgets.card import Card
from kube_field.ui.widgets.chip import ChipLabel
from kube_field.ui.widgets.empty_state import EmptyState
from kube_field.ui.widgets.labels import make_label, make_line
from kube_field.ui.widgets.sign_mark import SignedLine

ASKING_WIDTH = 360
FIGURES_IN_A_ROW = 2
ACTIONS_IN_A_ROW = 2


@dataclass(frozen=True, slots=True)
class SeenLine:
    """One thing that the code says: its name, the value, what stands beside it, and whether that is another one."""

    name: str
    coded: str
    beside: str = ""
    differs: bool = False


@dataclass(frozen=True, slots=True)
class VerdictView:
    """What the page shows of a judgement. `actions` are (what it opens, words of the button)."""

    tone: Tone
    chip: str
    title: str
    words: str
    figures: Sequence[SeenLine] = ()
    lines: Sequence[SeenLine] = ()
    strange: Sequence[str] = ()
    proof: str = ""
    actions: Sequence[tuple[str, str]] = ()


class VerifyPage(PageFrame):
    """Signals: file_given(Path), text_given(str), cancelled(), opening_wanted(str) with the key of an action."""

    file_given = Signal(object)
    text_given = Signal(str)
    cancelled = Signal()
    opening_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Periksa laporan"), parent)
        self.setAcceptDrops(True)
        self._build()
        self._connect()
        self.show_nothing()

    def _build(self) -> None:
        columns = QHBoxLayout()
        columns.setSpacing(current_theme().px(16))
        columns.addWidget(self._make_asking())
        columns.addWidget(self._make_result(), 1)
        self.body.addLayout(columns, 1)

    def _make_asking(self) -> Card:
        card = Card(_("Laporan atau lembar kunjungan"))
        card.setFixedWidth(current_theme().px(ASKING_WIDTH))
        drop = EmptyState(
            _("Seret berkas ke sini"),
            _("Foto, hasil pindai, tangkapan layar (PNG, JPEG), atau PDF."),
        )
        drop.setObjectName("drop")
        self.choose_button = primary_button(_("Pilih berkas"), "photo")
        self.text = QLineEdit()
        self.text.setAccessibleName(_("Nomor laporan atau kode"))
        self.find_button = secondary_button(_("Cari"), "search")
        row = QHBoxLayout()
        row.addWidget(self.text, 1)
        row.addWidget(self.find_button)
        card.body.addWidget(drop, 1)
        card.body.addWidget(wide(self.choose_button))
        card.body.addWidget(make_line())
        card.body.addWidget(make_label(_("Nomor laporan atau kode"), "strong"))
        card.body.addLayout(row)
        card.body.addWidget(
            make_label(
                _(
                    "Ketik nomor laporan atau ID lembar, atau klik di sini lalu pindai kode QR dengan pemindai USB. "
                    "Kode lembar kunjungan membuka draf kunjungannya."
                ),
                "muted",
                wraps=True,
            )
        )
        return card

    def _make_result(self) -> Card:
        self._result = QVBoxLayout()
        self._result.setContentsMargins(0, 0, 0, 0)
        self._result.setSpacing(current_theme().px(12))
        inner = ShrinkingBody()
        inner.setObjectName("clear")
        inner.setLayout(self._result)
        card = Card(_("Hasil pemeriksaan"))
        card.body.addWidget(scrolled_down(inner), 1)
        return card

    def _connect(self) -> None:
        self.choose_button.clicked.connect(self._choose)
        self.text.returnPressed.connect(self._give_text)
        self.find_button.clicked.connect(self._give_text)

    def show_nothing(self) -> None:
        """Nothing was asked yet."""
        clear_layout(self._result)
        words = _("Hasilnya tampil di sini. Semua diperiksa di laptop ini, tanpa internet.")
        self._result.addWidget(EmptyState(_("Belum ada yang diperiksa"), words), 1)

    def show_working(self) -> None:
        """Something is looked at."""
        clear_layout(self._result)
        cancel = secondary_button(_("Batal"))
        cancel.clicked.connect(self.cancelled)
        line = QHBoxLayout()
        line.addWidget(make_label(_("Memeriksa…"), "muted"), 1)
        line.addWidget(cancel)
        self._result.addLayout(line)
        self._result.addStretch(1)

    def show_verdict(self, view: VerdictView) -> None:
        """Show a judgement."""
        clear_layout(self._result)
        head = QHBoxLayout()
        head.addWidget(make_label(view.title, "title", wraps=True), 1)
        head.addWidget(ChipLabel(view.chip, view.tone), 0, Qt.AlignmentFlag.AlignTop)
        self._result.addLayout(head)
        self._result.addWidget(make_label(view.words, wraps=True))
        if view.figures:
            self._result.addLayout(_figures(view.figures, self))
        if view.lines:
            self._result.addLayout(_lines(view.lines, self))
        for line in view.strange:
            self._result.addWidget(SignedLine(line, Tone.CRITICAL, self))
        self._add_actions(view.actions)
        if view.proof:
            self._result.addWidget(make_line())
            self._result.addWidget(make_label(view.proof, "muted", wraps=True))
        self._result.addStretch(1)

    def _add_actions(self, actions: Sequence[tuple[str, str]]) -> None:
        grid = QGridLayout()
        grid.setSpacing(current_theme().px(8))
        grid.setColumnStretch(ACTIONS_IN_A_ROW, 1)
        for at, (key, words) in enumerate(actions):
            button = primary_button(words) if len(actions) == 1 else secondary_button(words)
            button.clicked.connect(lambda _on=False, key=key: self.opening_wanted.emit(key))
            grid.addWidget(button, at // ACTIONS_IN_A_ROW, at % ACTIONS_IN_A_ROW)
        self._result.addLayout(grid)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: D102
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: D102
        for url in event.mimeData().urls()[:1]:
            if url.isLocalFile():
                self.file_given.emit(Path(url.toLocalFile()))

    def _choose(self) -> None:
        kinds = _("Laporan (*.pdf *.png *.jpg *.jpeg *.webp *.bmp)")
        name, _kind = QFileDialog.getOpenFileName(self, _("Pilih laporan"), "", kinds)
        if name:
            self.file_given.emit(Path(name))

    def _give_text(self) -> None:
        if text := self.text.text().strip():
            self.text_given.emit(text)
            self.text.selectAll()


def _figures(figures: Sequence[SeenLine], page: QWidget) -> QGridLayout:
    """The key figures large, so that they can be held against a paper."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(current_theme().px(24))
    grid.setVerticalSpacing(current_theme().px(12))
    for column in range(FIGURES_IN_A_ROW):
        grid.setColumnStretch(column, 1)
    for at, seen in enumerate(figures):
        tile = QVBoxLayout()
        tile.setSpacing(0)
        tile.addWidget(make_label(seen.name, "muted"))
        tile.addWidget(make_label(seen.coded, "figure"))
        tile.addWidget(_beside(seen, page))
        grid.addLayout(tile, at // FIGURES_IN_A_ROW, at % FIGURES_IN_A_ROW)
    return grid


def _lines(lines: Sequence[SeenLine], page: QWidget) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(current_theme().px(16))
    grid.setVerticalSpacing(current_theme().px(4))
    grid.setColumnStretch(1, 1)
    for at, seen in enumerate(lines):
        grid.addWidget(make_label(seen.name, "muted"), at * 2, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(make_label(seen.coded, "strong", wraps=True), at * 2, 1)
        if seen.beside:
            grid.addWidget(_beside(seen, page), at * 2 + 1, 1)
    return grid


def _beside(seen: SeenLine, page: QWidget) -> QWidget:
    """What stands beside the code's word: with a sign where it is another one."""
    if seen.differs:
        return SignedLine(seen.beside, Tone.CRITICAL, page)
    return make_label(seen.beside, "muted", wraps=True)
