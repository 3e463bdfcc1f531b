"""Paragraphs in which some words are bold: `**so**`, for the articles of minutes."""

from __future__ import annotations

from kube_field.reports.fonts import Face, FontSet
from kube_field.reports.layout import BODY, LEADING, Strip
from kube_field.reports.pen import Pen

MARK = "**"
Word = tuple[str, Face]


def marked_paragraph(
    fonts: FontSet, text: str, width: float, *, size: float = BODY, indent: float = 0, first: float | None = None
) -> list[Strip]:
    """Text as one strip a line, the words between marks bold; `first` is another indent of the first line."""
    start = indent if first is None else first
    lines = _lines(fonts, _words(fonts, text), size, width - indent, width - start)
    strips = []
    for at, line in enumerate(lines):

        def draw(
            pen: Pen, x: float, top: float, line: list[Word] = line, left: float = start if at == 0 else indent
        ) -> None:
            _draw(pen, line, x + left, top - size * 1.05, size)

        strips.append(Strip(size * LEADING, draw, keep=len(lines) > 1 and at in (0, len(lines) - 2)))
    return strips


def _words(fonts: FontSet, text: str) -> list[Word]:
    """The words with their faces; a sign that follows bold words at once stays with them."""
    words: list[Word] = []
    for at, part in enumerate(fonts.printable(text).split(MARK)):
        face = Face.BOLD if at % 2 else Face.REGULAR
        found = part.split()
        if words and found and not at % 2 and not part[0].isspace():
            words[-1] = (words[-1][0] + found.pop(0), words[-1][1])
        words += [(word, face) for word in found]
    return words


def _lines(fonts: FontSet, words: list[Word], size: float, width: float, first: float) -> list[list[Word]]:
    lines: list[list[Word]] = [[]]
    used, room = 0.0, first
    for word, face in words:
        length = fonts.width(word, face, size)
        gap = fonts.width(" ", Face.REGULAR, size) if lines[-1] else 0.0
        if lines[-1] and used + gap + length > room:
            lines.append([])
            used, gap, room = 0.0, 0.0, width
        lines[-1].append((word, face))
        used += gap + length
    return [line for line in lines if line]


def _draw(pen: Pen, line: list[Word], x: float, baseline: float, size: float) -> None:
    for word, face in line:
        pen.text(x, baseline, word, face, size)
        x += pen.fonts.width(word, face, size) + pen.fonts.width(" ", Face.REGULAR, size)
