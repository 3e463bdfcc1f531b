"""Beranda: what to do today and why, the officer's numbers, and the four ways to start."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from gettext import gettext as _
from itertools import islice

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from kube_field.ui.pages.page_frame import PageFrame, clear_layout, fill_box, filter_box, scrolled_down, wide
from kube_field.ui.pages.work_words import (
    action_words,
    health_chip,
    unit_state_chip,
    work_chip,
    work_group,
    work_group_words,
)
from kube_field.ui.theme import Tone, current_theme
from kube_field.ui.widgets.buttons import primary_button, secondary_button
from kube_field.ui.widgets.card import Card
from kube_field.ui.widgets.chip import ChipLabel, chip_width
from kube_field.ui.widgets.choice_panel import ChoicePanel
from kube_field.ui.widgets.empty_state import EmptyState
from kube_field.ui.widgets.labels import make_label, make_line
from kube_field.usecases.views import HomeSummary, WorkItem

SIDE_COLUMN = 320
NARROW_SIDE_COLUMN = 266
NARROW_BELOW = 1000
FIRST_ROWS, MORE_ROWS = 16, 6
"""So many lines stand at once, and so many are made between two turns of the event loop."""
MEASURED = 500
"""The chips of so many lines say how wide their column is; the most pressing come first and have the longest."""
STRONG_STATES = ("returned", "needs_repair", "conflict", "conflict_old", "overdue", "lapsed")


class WorkRow(QFrame):
    """One line of "Perlu dikerjakan".

    Signals: action_requested().
    """

    action_requested = Signal()

    def __init__(self, item: WorkItem, chip_room: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = current_theme().px
        chip_box = QWidget()
        chip_box.setFixedWidth(chip_room)
        chip_line = QHBoxLayout(chip_box)
        chip_line.setContentsMargins(0, 0, 0, 0)
        chip_line.addWidget(ChipLabel(*work_chip(item)))
        chip_line.addStretch(1)
        title = make_label(" · ".join(part for part in (item.title, item.village) if part), wraps=True)
        detail = make_label(item.detail, "muted", wraps=True)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(title)
        words.addWidget(detail)
        text = action_words(item.action)
        button = primary_button(text) if item.state in STRONG_STATES else secondary_button(text)
        button.setAccessibleName(_("{action}: {title}").format(action=text, title=item.title))
        button.clicked.connect(self.action_requested)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, px(8), 0, px(8))
        line.setSpacing(px(12))
        line.addWidget(chip_box)
        line.addLayout(words, 1)
        line.addWidget(button)


class HomePage(PageFrame):
    """The first page.

    Signals: action_requested(item), new_visit_requested(), plan_requested(), register_requested(),
    new_assessment_requested(), attendance_requested(), queue_requested().
    """

    action_requested = Signal(object)
    new_visit_requested = Signal()
    plan_requested = Signal()
    register_requested = Signal()
    new_assessment_requested = Signal()
    attendance_requested = Signal()
    queue_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Beranda"), parent)
        self._items: tuple[WorkItem, ...] = ()
        self._waiting: deque[WorkItem] = deque()
        """Lines that were not made yet."""
        self._chip_room = 0
        self._grow = QTimer(self)
        self._grow.setSingleShot(True)
        self._grow.setInterval(0)
        self._grow.timeout.connect(self._on_grow)
        self._day = make_label("", "quiet")
        self.action_row.addWidget(self._day)
        self.chooser = ChoicePanel()
        self.body.addWidget(self.chooser)
        columns = QHBoxLayout()
        columns.setSpacing(current_theme().px(16))
        columns.addWidget(self._make_work(), 1)
        columns.addLayout(self._make_side())
        self.body.addLayout(columns, 1)

    def _make_work(self) -> QWidget:
        self._village = filter_box(_("Saring menurut desa"))
        self._group = filter_box(_("Saring menurut jenis"))
        for code, label in work_group_words():
            self._group.addItem(label, code)
        self._fill_villages()
        for box in (self._village, self._group):
            box.currentIndexChanged.connect(lambda _at: self._show_items())
        filters = QWidget()
        filters.setObjectName("clear")
        line = QHBoxLayout(filters)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._village)
        line.addWidget(self._group)
        rows = QWidget()
        rows.setObjectName("scrolled")
        self._rows = QVBoxLayout(rows)
        self._rows.setContentsMargins(0, 0, current_theme().px(8), 0)
        self._rows.setSpacing(0)
        scroll = scrolled_down(rows)
        self._bar = scroll.verticalScrollBar()
        self._bar.valueChanged.connect(lambda _value: self._grow.start())
        self._bar.rangeChanged.connect(lambda _least, _most: self._grow.start())
        card = Card(_("Perlu dikerjakan"), filters)
        card.body.addWidget(scroll, 1)
        return card

    def _make_side(self) -> QVBoxLayout:
        px = current_theme().px
        self._units, self._visits, self._drafts, self._unsent = (make_label("", "figure") for _n in range(4))
        summary = Card(_("Ringkasan saya"))
        for pair in (
            ((self._units, _("unit binaan")), (self._visits, _("kunjungan bulan ini"))),
            ((self._drafts, _("draf")), (self._unsent, _("belum terkirim"))),
        ):
            line = QHBoxLayout()
            for figure, words in pair:
                column = QVBoxLayout()
                column.setSpacing(0)
                column.addWidget(figure)
                column.addWidget(make_label(words, "muted"))
                line.addLayout(column, 1)
            summary.body.addLayout(line)
        self._chips = QVBoxLayout()
        self._chips.setSpacing(px(8))
        summary.body.addLayout(self._chips)
        start = Card(_("Mulai"))
        visit = wide(primary_button(_("Kunjungan baru")))
        visit.clicked.connect(self.new_visit_requested)
        start.body.addWidget(visit)
        for text, signal in (
            (_("Rencana hari ini"), self.plan_requested),
            (_("Daftarkan warga"), self.register_requested),
            (_("Asesmen baru"), self.new_assessment_requested),
            (_("Absensi pelatihan"), self.attendance_requested),
        ):
            button = wide(secondary_button(text))
            button.clicked.connect(signal)
            start.body.addWidget(button)
        side = QVBoxLayout()
        side.setSpacing(px(16))
        self._side_cards = (summary, start)
        for card in self._side_cards:
            side.addWidget(card)
        side.addStretch(1)
        return side

    def resizeEvent(self, event: object) -> None:
        """In a narrow window the cards at the side leave more room for the work."""
        px = current_theme().px
        width = px(NARROW_SIDE_COLUMN if self.width() < px(NARROW_BELOW) else SIDE_COLUMN)
        for card in self._side_cards:
            card.setFixedWidth(width)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: D102
        super().showEvent(event)
        self._grow.start()

    def show_home(self, summary: HomeSummary, greeting: str, day: str) -> None:
        """Show the summary; `greeting` holds the officer's name, `day` weekday and date."""
        self.show_title(greeting)
        self._day.setText(day)
        self._units.setText(str(summary.units))
        self._visits.setText(
            _("{done} dari {planned}").format(done=summary.visits_done, planned=summary.visits_planned)
        )
        self._drafts.setText(str(summary.drafts))
        self._unsent.setText(str(summary.unsent))
        self._show_chips(summary)
        self._items = summary.items
        self._fill_villages()
        self._show_items()

    def shown_items(self) -> tuple[WorkItem, ...]:
        """The lines that pass the two filters."""
        village, group = self._village.currentData(), self._group.currentData()
        return tuple(
            item
            for item in self._items
            if (not village or item.village == village) and (not group or work_group(item) == group)
        )

    def _fill_villages(self) -> None:
        villages = sorted({item.village for item in self._items if item.village})
        fill_box(self._village, _("Desa: semua"), [(village, village) for village in villages])

    def _show_chips(self, summary: HomeSummary) -> None:
        """How the businesses stand, then where their visits stand, each group beginning a line of its own."""
        clear_layout(self._chips)
        self._add_chips([health_chip(status, count) for status, count in summary.health])
        self._add_chips([unit_state_chip(state, count) for state, count in summary.unit_states if count])

    def _add_chips(self, shown: Sequence[tuple[str, Tone]]) -> None:
        for at in range(0, len(shown), 2):
            line = QHBoxLayout()
            for text, tone in shown[at : at + 2]:
                line.addWidget(ChipLabel(text, tone))
            line.addStretch(1)
            self._chips.addLayout(line)

    def _show_items(self) -> None:
        clear_layout(self._rows)
        self._waiting = deque(self.shown_items())
        theme = current_theme()
        chips = {work_chip(item)[0] for item in islice(self._waiting, MEASURED)}
        self._chip_room = max((round(chip_width(words, theme)) for words in chips), default=0) + theme.px(4)
        if not self._waiting:
            self._rows.addWidget(self._make_empty())
        self._rows.addStretch(1)
        self._add_rows(FIRST_ROWS)

    def _add_rows(self, count: int) -> None:
        """So many lines more, above the stretch that ends the list."""
        for _n in range(min(count, len(self._waiting))):
            item = self._waiting.popleft()
            row = WorkRow(item, self._chip_room)
            row.action_requested.connect(lambda item=item: self.action_requested.emit(item))
            for part in (row, make_line()):
                self._rows.insertWidget(self._rows.count() - 1, part)

    def _on_grow(self) -> None:
        """Lines are made a few at a time, as far as the reader scrolled and a page further."""
        if self._waiting and self.isVisible() and self._bar.value() + 2 * self._bar.pageStep() >= self._bar.maximum():
            self._add_rows(MORE_ROWS)
            self._grow.start()

    def _make_empty(self) -> EmptyState:
        if self._items:
            empty = EmptyState(_("Tidak ada yang cocok dengan saringan"), _("Pilih semua desa dan semua jenis."), "")
            return empty
        empty = EmptyState(
            _("Tidak ada yang perlu dikerjakan"),
            _("Kunjungan yang jatuh tempo, draf, dan dokumen yang dikembalikan penyelia tampil di sini."),
            _("Daftarkan warga"),
        )
        empty.action_requested.connect(self.register_requested)
        return empty
