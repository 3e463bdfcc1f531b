"""Lines over days: every point is a visit; the values of the day that is pointed at stand in words beside the lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from kube_field.domain.axis import Axis, axis_over
from kube_field.domain.dates import short_date
from kube_field.ui.theme import Theme, Tone, current_theme
from kube_field.ui.widgets.chip import SIGNS, paint_sign

LEFT, RIGHT, TOP, BOTTOM = 60, 16, 10, 22
"""Room around the lines: amounts at the left, days below."""
POINT, SIGNED_POINT = 7, 11
NAMED_DAYS = 3
LEAST_WIDTH, LEAST_HEIGHT = 220, 130


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """A value on a day (ISO); `tone` draws it with the sign of its tone instead of a dot."""

    on: str
    value: int
    tone: Tone | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart; `second` is drawn dashed with open points, so that two lines differ without colour."""

    name: str
    points: tuple[ChartPoint, ...]
    second: bool = False


class LineChart(QWidget):
    """Draws lines, a scale and an optional level to compare with; arrow keys and mouse walk from day to day.

    Signals: day_pointed(ISO day, or "" when nothing is pointed at).
    """

    day_pointed = Signal(str)

    def __init__(self, scale_words: Callable[[int], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale_words = scale_words
        self._lines: tuple[Line, ...] = ()
        self._level: int | None = None
        self._axis = axis_over(())
        self._days: tuple[str, ...] = ()
        self._pointed = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_lines(
        self, lines: Sequence[Line], *, days: Sequence[str], level: int | None = None, top: int | None = None
    ) -> None:
        """Draw lines over these days, which all charts of a page share; `level` is drawn across, `top` fits in too."""
        self._lines, self._level, self._days = tuple(lines), level, tuple(days)
        values = [point.value for line in self._lines for point in line.points]
        self._axis = axis_over([*values, *(extra for extra in (level, top) if extra is not None)])
        self._pointed = ""
        self.update()

    def point_at(self, day: str) -> None:
        """Mark a day, "" for none; nothing is signalled."""
        self._pointed = day
        self.update()

    def axis(self) -> Axis:
        """The scale that is drawn."""
        return self._axis

    def sizeHint(self) -> QSize:  # noqa: D102
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:  # noqa: D102
        px = current_theme().px
        return QSize(px(LEAST_WIDTH), px(LEAST_HEIGHT))

    # pointing

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at the nearest day."""
        if self._days:
            self._point(min(self._days, key=lambda day: abs(self._x(day) - event.position().x())))

    def leaveEvent(self, event: object) -> None:
        """Point at nothing."""
        self._point("")

    def focusOutEvent(self, event: object) -> None:  # noqa: D102
        self._point("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right walk from day to day, Home and End to the ends."""
        at = self._days.index(self._pointed) if self._pointed in self._days else None
        last = len(self._days) - 1
        wanted = {
            Qt.Key.Key_Left: last if at is None else max(at - 1, 0),
            Qt.Key.Key_Right: 0 if at is None else min(at + 1, last),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }.get(Qt.Key(event.key()))
        if wanted is None or last < 0:
            super().keyPressEvent(event)
            return
        self._point(self._days[wanted])

    def _point(self, day: str) -> None:
        if day != self._pointed:
            self._pointed = day
            self.update()
            self.day_pointed.emit(day)

    # drawing

    def _area(self) -> QRectF:
        px = current_theme().px
        return QRectF(self.rect()).adjusted(px(LEFT), px(TOP), -px(RIGHT), -px(BOTTOM))

    def _x(self, day: str) -> float:
        area, first, last = self._area(), _ordinal(self._days[0]), _ordinal(self._days[-1])
        return (
            area.center().x()
            if first == last
            else area.left() + area.width() * (_ordinal(day) - first) / (last - first)
        )

    def _y(self, value: int) -> float:
        area = self._area()
        return area.bottom() - area.height() * self._axis.share(value)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(12))
        self._paint_scale(painter, theme)
        if self._days:
            self._paint_days(painter, theme)
            self._paint_level(painter, theme)
            for line in self._lines:
                self._paint_line(painter, theme, line)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.palette.focus), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _paint_scale(self, painter: QPainter, theme: Theme) -> None:
        area = self._area()
        words_room = theme.px(LEFT - 8)
        for value in self._axis.ticks:
            y = self._y(value)
            painter.setPen(QPen(QColor(theme.palette.border if value == 0 else theme.palette.hairline), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(theme.palette.muted))
            box = QRectF(0, y - theme.px(10), words_room, theme.px(20))
            painter.drawText(
                box, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), self._scale_words(value)
            )

    def _paint_days(self, painter: QPainter, theme: Theme) -> None:
        """Name as many days as there is room for, and mark the one that is pointed at."""
        area, metrics = self._area(), QFontMetrics(theme.font(12))
        painter.setPen(QColor(theme.palette.muted))
        free_from = 0.0
        for day in _spread(self._days):
            words = short_date(day)
            width = metrics.horizontalAdvance(words)
            left = min(max(self._x(day) - width / 2, 0), self.width() - width)
            if left >= free_from:
                box = QRectF(left, area.bottom() + theme.px(4), width + 1, theme.px(18))
                painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), words)
                free_from = left + width + theme.px(8)
        if self._pointed in self._days:
            painter.setPen(QPen(QColor(theme.palette.accent), 1, Qt.PenStyle.DotLine))
            x = self._x(self._pointed)
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))

    def _paint_level(self, painter: QPainter, theme: Theme) -> None:
        if self._level is None:
            return
        area, y = self._area(), self._y(self._level)
        painter.setPen(QPen(QColor(theme.tone(Tone.CRITICAL).text), theme.px(1), Qt.PenStyle.DashDotLine))
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))

    def _paint_line(self, painter: QPainter, theme: Theme, line: Line) -> None:
        colour = QColor(theme.tone(Tone.INFO).text if line.second else theme.palette.accent)
        style = Qt.PenStyle.DashLine if line.second else Qt.PenStyle.SolidLine
        places = [QPointF(self._x(point.on), self._y(point.value)) for point in line.points]
        painter.setPen(QPen(colour, theme.px(2), style))
        for before, after in pairwise(places):
            painter.drawLine(before, after)
        for place, point in zip(places, line.points, strict=True):
            self._paint_point(painter, theme, place, point, colour, hollow=line.second)

    def _paint_point(
        self, painter: QPainter, theme: Theme, place: QPointF, point: ChartPoint, colour: QColor, *, hollow: bool
    ) -> None:
        if point.tone is not None:
            side = theme.px(SIGNED_POINT)
            box = QRectF(place.x() - side / 2, place.y() - side / 2, side, side)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.palette.surface))
            painter.drawRect(box.adjusted(-2, -2, 2, 2))
            paint_sign(painter, SIGNS[point.tone], box, QColor(theme.tone(point.tone).text))
            return
        reach = theme.px(POINT) / 2
        painter.setPen(QPen(colour, theme.px(2)))
        painter.setBrush(QColor(theme.palette.surface) if hollow else colour)
        painter.drawEllipse(place, reach, reach)


def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def _spread(days: Sequence[str]) -> list[str]:
    """First, middle and last day: what a small chart has room to name."""
    at = sorted({round(step * (len(days) - 1) / (NAMED_DAYS - 1)) for step in range(NAMED_DAYS)})
    return [days[place] for place in at]
