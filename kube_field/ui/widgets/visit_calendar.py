"""A month in which every day tells its visits by sign and number; moved in by keyboard like any calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QDate, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QCalendarWidget, QWidget

from kube_field.ui.theme import Theme, Tone, current_theme
from kube_field.ui.widgets.chip import SIGNS, paint_sign
from kube_field.ui.widgets.plain_calendar import make_indonesian

SIGN = 9
ISO = Qt.DateFormat.ISODate

DayMarks = Sequence[tuple[Tone, int]]
"""What happens on a day: tones in the order that they are shown, each with its number."""


class VisitCalendar(QCalendarWidget):
    """Shows a month.

    Signals: day_chosen(ISO day), month_shown("YYYY-MM").
    """

    day_chosen = Signal(str)
    month_shown = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marks: Mapping[str, DayMarks] = {}
        self._today = QDate()
        make_indonesian(self)
        self.selectionChanged.connect(lambda: self.day_chosen.emit(self.chosen_day()))
        self.currentPageChanged.connect(lambda year, month: self.month_shown.emit(f"{year:04d}-{month:02d}"))

    def show_marks(self, marks: Mapping[str, DayMarks]) -> None:
        """Show what happens on the days (ISO) of the month."""
        self._marks = marks
        self.updateCells()

    def shown_month(self) -> str:
        """The month on view, YYYY-MM."""
        return f"{self.yearShown():04d}-{self.monthShown():02d}"

    def chosen_day(self) -> str:
        """The chosen day, ISO."""
        return str(self.selectedDate().toString(ISO))

    def show_today(self, day: str) -> None:
        """Turn to today, by the clock of the program."""
        self._today = QDate.fromString(day, ISO)
        self.setSelectedDate(self._today)

    def minimumSizeHint(self) -> QSize:  # noqa: D102
        px = current_theme().px
        return QSize(px(420), px(270))

    def paintCell(self, painter: QPainter, rect: QRect, date: QDate | QPoint) -> None:
        """Paint one day: its number, and below it sign and number of each kind of visit."""
        if not isinstance(date, QDate):
            return
        theme = current_theme()
        is_shown = date.month() == self.monthShown()
        painter.save()
        self._paint_ground(painter, rect, date, theme)
        painter.setFont(theme.font(14, strong=date == self._today))
        painter.setPen(QColor(theme.palette.text if is_shown else theme.palette.border))
        inner = rect.adjusted(theme.px(6), theme.px(3), -theme.px(4), -theme.px(3))
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), str(date.day()))
        self._paint_marks(painter, inner, self._marks.get(str(date.toString(ISO)), ()), theme)
        painter.restore()

    def _paint_ground(self, painter: QPainter, rect: QRect, date: QDate, theme: Theme) -> None:
        chosen = date == self.selectedDate()
        painter.fillRect(rect, QColor(theme.palette.accent_wash if chosen else theme.palette.surface))
        painter.setPen(QColor(theme.palette.focus if chosen else theme.palette.hairline))
        painter.drawRect(rect.adjusted(0, 0, -1, -1))

    def _paint_marks(self, painter: QPainter, inner: QRect, marks: DayMarks, theme: Theme) -> None:
        painter.setFont(theme.font(12, strong=True))
        metrics, side = QFontMetrics(painter.font()), theme.px(SIGN)
        x, middle = float(inner.left()), inner.bottom() - metrics.height() / 2
        for tone, number in marks:
            words = str(number)
            width = side + theme.px(3) + metrics.horizontalAdvance(words)
            if x + width > inner.right() + 1:
                break
            colour = QColor(theme.tone(tone).text)
            paint_sign(painter, SIGNS[tone], QRectF(x, middle - side / 2, side, side), colour)
            painter.setPen(colour)
            box = QRectF(x + side + theme.px(3), middle - metrics.height() / 2, width, metrics.height())
            painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), words)
            x += width + theme.px(6)
