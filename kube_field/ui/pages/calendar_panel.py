"""Kalender: the visits of a month, and those of the chosen day to begin or look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from gettext import gettext as _

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kube_field.ui.formats import day_and_date
from kube_field.ui.models.item_table_model import Column
from kube_field.ui.pages.date_words import short_day
from kube_field.ui.pages.profile_panels import TableOrEmpty
from kube_field.ui.theme import Tone, current_theme
from kube_field.ui.widgets.buttons import primary_button
from kube_field.ui.widgets.chip import ChipLabel
from kube_field.ui.widgets.data_table import DataTable
from kube_field.ui.widgets.empty_state import EmptyState
from kube_field.ui.widgets.labels import ElidedLabel
from kube_field.ui.widgets.visit_calendar import VisitCalendar
from kube_field.usecases.visit_calendar import CalendarVisit, VisitMark

TONES = {
    VisitMark.LATE: Tone.CRITICAL,
    VisitMark.DUE: Tone.WATCH,
    VisitMark.PLANNED: Tone.INFO,
    VisitMark.DONE: Tone.GOOD,
}


def mark_words(mark: VisitMark) -> str:
    """How a visit stands, in a word."""
    return {
        VisitMark.LATE: _("Terlambat"),
        VisitMark.DUE: _("Jatuh tempo"),
        VisitMark.PLANNED: _("Rencana"),
        VisitMark.DONE: _("Selesai"),
    }[mark]


def visit_words(one: CalendarVisit) -> str:
    """Whose visit it is; under it where, and the day of the schedule."""
    return f"{one.title}\n{one.village} · {short_day(one.planned_on)}"


class CalendarPanel(QWidget):
    """The month at the left, the visits of the chosen day at the right.

    Signals: month_requested("YYYY-MM"), visit_requested(unit uid), unit_opened(unit uid) for a visit that was made.
    """

    month_requested = Signal(str)
    visit_requested = Signal(str)
    unit_opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        self._visits: tuple[CalendarVisit, ...] = ()
        self.calendar = VisitCalendar()
        self.calendar.setAccessibleName(_("Kalender kunjungan"))
        self._build()
        self.calendar.month_shown.connect(self.month_requested)
        self.calendar.day_chosen.connect(lambda _day: self._show_day())
        self.visits.table.item_opened.connect(self._open)
        self.visits.table.item_chosen.connect(lambda one: self.start_button.setEnabled(one.mark != VisitMark.DONE))
        self.start_button.clicked.connect(self._on_start)

    def _build(self) -> None:
        px = current_theme().px
        self._day = ElidedLabel("", "heading")
        columns = [
            Column(
                _("Keadaan"), lambda one: mark_words(one.mark), width=120, tone=lambda one: TONES[one.mark], whole=True
            ),
            Column(_("Unit usaha, desa, jadwal"), visit_words),
        ]
        table = DataTable(columns, _("Kunjungan pada hari yang dipilih"), lines=2)
        self.visits = TableOrEmpty(table, EmptyState("", "", ""))
        self.start_button = primary_button(_("Mulai kunjungan"), "visit")
        self.start_button.setEnabled(False)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.start_button)
        day = QVBoxLayout()
        day.setSpacing(px(8))
        day.addWidget(self._day)
        day.addWidget(self.visits, 1)
        day.addLayout(foot)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, px(8), 0, 0)
        line.setSpacing(px(24))
        line.addLayout(self._month(), 1)
        line.addLayout(day, 1)

    def _month(self) -> QVBoxLayout:
        """The calendar with what its colours mean."""
        legend = QHBoxLayout()
        for mark in VisitMark:
            legend.addWidget(ChipLabel(mark_words(mark), TONES[mark]))
        legend.addStretch(1)
        month = QVBoxLayout()
        month.setSpacing(current_theme().px(8))
        month.addWidget(self.calendar, 1)
        month.addLayout(legend)
        return month

    def show_visits(self, month: str, visits: Sequence[CalendarVisit]) -> None:
        """Show the visits of a month; those of another month than the one on view come too late and are left out."""
        if month != self.calendar.shown_month():
            return
        self._visits = tuple(visits)
        counts = Counter((one.on, one.mark) for one in visits)
        self.calendar.show_marks(
            {
                day: [(TONES[mark], counts[day, mark]) for mark in VisitMark if counts[day, mark]]
                for day in {one.on for one in visits}
            }
        )
        self._show_day()

    def _show_day(self) -> None:
        day = self.calendar.chosen_day()
        self._day.show_text(day_and_date(day))
        self.start_button.setEnabled(False)
        self.visits.empty.show_text(_("Tidak ada kunjungan"), _("Pilih hari yang bertanda untuk melihat kunjungannya."))
        self.visits.show_items([one for one in self._visits if one.on == day])

    def _open(self, one: CalendarVisit) -> None:
        signal = self.unit_opened if one.mark == VisitMark.DONE else self.visit_requested
        signal.emit(one.unit_uid)

    def _on_start(self) -> None:
        if (one := self.visits.table.current_item()) is not None:
            self.visit_requested.emit(one.unit_uid)
