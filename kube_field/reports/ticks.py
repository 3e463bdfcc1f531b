"""Boxes to tick, drawn and not written: the fonts of the papers have no sign for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kube_field.reports.boxes import draw_tick
from kube_field.reports.fonts import Face, FontSet
from kube_field.reports.layout import LEADING, TABLE, Draw, Strip, paragraph, wrap
from kube_field.reports.pen import Pen
from kube_field.reports.tables import LABEL_WIDTH, side_by_side

BOX = 7.5
AFTER_BOX = 4.0
BETWEEN = 14.0
Tick = tuple[bool, str]
"""Whether the box is ticked, and what stands beside it."""


def tick_lines(fonts: FontSet, ticks: Sequence[Tick], width: float, *, size: float = TABLE) -> list[Strip]:
    """Boxes beside each other as far as they fit, the others on further lines; long words go on under themselves."""
    lines: list[list[tuple[float, Tick]]] = [[]]
    used = 0.0
    for ticked, words in ticks:
        room = BOX + AFTER_BOX + fonts.width(fonts.printable(words), Face.REGULAR, size)
        if lines[-1] and used + room > width:
            lines.append([])
            used = 0.0
        lines[-1].append((used, (ticked, words)))
        used += room + BETWEEN
    return [_line(fonts, line, width, size) for line in lines if line]


def labelled_ticks(
    fonts: FontSet, label: str, ticks: Sequence[Tick], width: float, *, size: float = TABLE
) -> list[Strip]:
    """A label as in `key_values`, and boxes instead of its value."""
    left = paragraph(fonts, label, LABEL_WIDTH - 7, size=size)
    left[0] = replace(left[0], draw=_with_colon(left[0].draw, size))
    return side_by_side(left, tick_lines(fonts, ticks, width - LABEL_WIDTH, size=size), LABEL_WIDTH)


def _with_colon(inner: Draw, size: float) -> Draw:
    def draw(pen: Pen, x: float, top: float) -> None:
        inner(pen, x, top)
        pen.text(x + LABEL_WIDTH - 6, top - size * 1.08, ":", Face.REGULAR, size)

    return draw


def _line(fonts: FontSet, line: Sequence[tuple[float, Tick]], width: float, size: float) -> Strip:
    leading = size * LEADING
    texts = [
        wrap(fonts, words, Face.REGULAR, size, width - BOX - AFTER_BOX) if len(line) == 1 else [fonts.printable(words)]
        for _at, (_ticked, words) in line
    ]
    height = max(len(one) for one in texts) * leading + 1.5

    def draw(pen: Pen, x: float, top: float) -> None:
        baseline = top - size * 1.08
        for (at, (ticked, _words)), rows in zip(line, texts, strict=True):
            left, foot = x + at, baseline - 0.8
            pen.box(left, foot, BOX, BOX, 0.7)
            if ticked:
                draw_tick(pen, left, foot)
            for number, text in enumerate(rows):
                pen.text(left + BOX + AFTER_BOX, baseline - number * leading, text, Face.REGULAR, size)

    return Strip(height, draw)
