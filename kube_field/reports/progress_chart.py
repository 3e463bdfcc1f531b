"""Turnover and profit from visit to visit on paper: black lines told apart by their marks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from gettext import gettext as _
from itertools import pairwise

from kube_field.domain.axis import axis_over
from kube_field.domain.dates import short_date
from kube_field.domain.money import short_rupiah
from kube_field.domain.progress import VisitPoint
from kube_field.reports.fonts import Face
from kube_field.reports.layout import Strip, draw_line
from kube_field.reports.pen import Pen, Point

HEIGHT, LEFT, FOOT, HEAD = 128.0, 44.0, 16.0, 14.0
SIZE = 8.0
SQUARE, DOT = 4.2, 3.0
Series = tuple[tuple[str, int], ...]


def progress_chart(points: Sequence[VisitPoint], width: float) -> Strip:
    """The chart as one strip; call it with at least one point that has turnover or profit."""
    revenue: Series = tuple((one.visited_on, one.revenue_idr) for one in points if one.revenue_idr is not None)
    profit: Series = tuple((one.visited_on, one.profit_idr) for one in points if one.profit_idr is not None)
    axis = axis_over([value for _day, value in (*revenue, *profit)])
    days = sorted({day for day, _value in (*revenue, *profit)})

    def draw(pen: Pen, x: float, top: float) -> None:
        base, high = top - HEIGHT + FOOT, HEIGHT - FOOT - HEAD
        first, last = date.fromisoformat(days[0]), date.fromisoformat(days[-1])
        span = max((last - first).days, 1)

        def at(day: str, value: int) -> Point:
            share = (date.fromisoformat(day) - first).days / span if len(days) > 1 else 0.5
            return x + LEFT + 8 + share * (width - LEFT - 16), base + high * axis.share(value)

        _legend(pen, x + LEFT, top - SIZE)
        for tick in axis.ticks:
            level = base + high * axis.share(tick)
            pen.line((x + LEFT, level), (x + width, level), 0.7 if tick == 0 else 0.25)
            draw_line(pen, short_rupiah(tick), x, level - 3, LEFT - 6, Face.REGULAR, SIZE, "right")
        for day in dict.fromkeys((days[0], days[len(days) // 2], days[-1])):
            left = min(max(at(day, 0)[0] - 30, x), x + width - 60)
            draw_line(pen, short_date(day), left, top - HEIGHT + 4, 60, Face.REGULAR, SIZE, "center")
        for series, line in ((revenue, 1.1), (profit, 0.5)):
            places = [at(day, value) for day, value in series]
            for before, after in pairwise(places):
                pen.line(before, after, line)
            for place in places:
                _mark(pen, place, filled=series is profit)

    return Strip(HEIGHT, draw)


def _legend(pen: Pen, x: float, y: float) -> None:
    for words, filled in ((_("Omzet per 30 hari (Rp)"), False), (_("Laba per 30 hari (Rp)"), True)):
        _mark(pen, (x + 4, y + 2.5), filled=filled)
        pen.text(x + 11, y, words, Face.REGULAR, SIZE)
        x += 26 + pen.fonts.width(words, Face.REGULAR, SIZE)


def _mark(pen: Pen, place: Point, *, filled: bool) -> None:
    """An empty square for turnover, a full dot for profit."""
    x, y = place
    if filled:
        pen.strokes([[place, place]], DOT * 1.4)
    else:
        pen.box(x - SQUARE / 2, y - SQUARE / 2, SQUARE, SQUARE, 0.8)
