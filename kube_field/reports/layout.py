"""A paper as strips one below the other, cut into pages.

Headings stay with their text, table heads are repeated, rows never split, no page is blank.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

from kube_field.reports.fonts import Face, FontSet
from kube_field.reports.pen import Pen

MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)
BODY = 11.0
TABLE = 9.5
LEADING = 1.32
"""Height of a line as a multiple of the letter size: lines must survive a bad photocopier."""

Draw: TypeAlias = Callable[[Pen, float, float], None]
"""(pen, x of the left edge of the text area, y of the strip's upper edge)."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The page of a paper in points: A4, margins of handbook 9.0; the footer with its QR stands below `bottom`."""

    width: float = A4[0]
    height: float = A4[1]
    left: float = 25 * MM
    right: float = 20 * MM
    top: float = 20 * MM
    bottom: float = 27 * MM

    @property
    def text_width(self) -> float:
        """Width between the margins."""
        return self.width - self.left - self.right

    @property
    def text_height(self) -> float:
        """Height between the margins."""
        return self.height - self.top - self.bottom


def landscape() -> Sheet:
    """The same page on its side, with a narrower head and foot."""
    return Sheet(width=A4[1], height=A4[0], top=15 * MM, bottom=25 * MM)


@dataclass(frozen=True, slots=True)
class Strip:
    """Something of one height that is never split. `keep` ties it to the next strip, `head` is repeated above it
    when it begins a page, `space` may vanish at the top of a page; a page holds at most `most` strips that set it."""

    height: float
    draw: Draw
    keep: bool = False
    head: tuple[Strip, ...] = ()
    space: bool = False
    most: int = 0


def _draw_nothing(pen: Pen, x: float, top: float) -> None:
    """White."""


def gap(height: float) -> Strip:
    """White between two things."""
    return Strip(height, _draw_nothing, keep=False, space=True)


def tied(strips: Sequence[Strip]) -> list[Strip]:
    """The strips, all of them on one page."""
    return [replace(strip, keep=True) for strip in strips[:-1]] + list(strips[-1:])


def wrap(fonts: FontSet, text: object, face: Face, size: float, width: float) -> list[str]:
    """Lines that fit into the width; too long a word is cut by letters, line feeds are kept, blank lines are not."""
    lines: list[str] = []
    for paragraph in fonts.printable(text).split("\n"):
        words = paragraph.split()
        if words:
            lines.extend(_wrap_words(fonts, words, face, size, width))
    return lines


def _wrap_words(fonts: FontSet, words: list[str], face: Face, size: float, width: float) -> list[str]:
    lines: list[str] = []
    line, used = "", 0.0
    blank = fonts.width(" ", face, size)
    for word in words:
        length = fonts.width(word, face, size)
        if line and used + blank + length <= width:
            line, used = f"{line} {word}", used + blank + length
            continue
        if line:
            lines.append(line)
        while length > width and len(word) > 1:
            fitting = _fitting(fonts, word, face, size, width)
            lines.append(word[:fitting])
            word = word[fitting:]
            length = fonts.width(word, face, size)
        line, used = word, length
    lines.append(line)
    return lines


def _fitting(fonts: FontSet, word: str, face: Face, size: float, width: float) -> int:
    """How many letters of a word fit, at least one."""
    used = 0.0
    for at, letter in enumerate(word):
        used += fonts.width(letter, face, size)
        if used > width:
            return _after_stroke(word, at) or max(at, 1)
    return len(word)


def _after_stroke(word: str, fitting: int) -> int:
    """Where a long word may be parted after a stroke or hyphen, not too near its beginning; 0 where it has none."""
    at = max(word.rfind(sign, 0, fitting) for sign in "/-") + 1
    return at if at * 3 > fitting else 0


def draw_line(
    pen: Pen, text: str, x: float, baseline: float, width: float, face: Face, size: float, align: str = "left"
) -> None:
    """One line of text within a width, to the left, right or centre."""
    if align != "left":
        free = width - pen.fonts.width(text, face, size)
        x += free if align == "right" else free / 2
    pen.text(x, baseline, text, face, size)


def paragraph(
    fonts: FontSet,
    text: object,
    width: float,
    *,
    face: Face = Face.REGULAR,
    size: float = BODY,
    align: str = "left",
    indent: float = 0,
) -> list[Strip]:
    """Text as one strip a line, so that it may run over pages; no line of it stands alone at a page's foot or head."""
    lines = wrap(fonts, text, face, size, width - indent)
    leading = size * LEADING
    strips = []
    for at, line in enumerate(lines):

        def draw(pen: Pen, x: float, top: float, line: str = line) -> None:
            draw_line(pen, line, x + indent, top - size * 1.05, width - indent, face, size, align)

        strips.append(Strip(leading, draw, keep=len(lines) > 1 and at in (0, len(lines) - 2)))
    return strips


def heading(fonts: FontSet, text: str, width: float, *, size: float = BODY) -> list[Strip]:
    """A part's title, kept with what follows it."""
    lines = paragraph(fonts, text, width, face=Face.BOLD, size=size)
    return [gap(9), *(replace(strip, keep=True) for strip in lines), replace(gap(3), keep=True, space=False)]


def bullets(fonts: FontSet, texts: Sequence[str], width: float, *, size: float = TABLE) -> list[Strip]:
    """A list with dots."""
    strips: list[Strip] = []
    for text in texts:
        lines = paragraph(fonts, text, width, size=size, indent=12)
        if lines:
            lines[0] = replace(lines[0], draw=_with_dot(lines[0].draw, size))
        strips.extend(lines)
    return strips


def _with_dot(inner: Draw, size: float) -> Draw:
    def draw(pen: Pen, x: float, top: float) -> None:
        pen.text(x + 2, top - size * 1.05, "•", Face.REGULAR, size)
        inner(pen, x, top)

    return draw


@dataclass(frozen=True, slots=True)
class Placed:
    """A strip with its upper edge on a page, measured down from the top of the text area."""

    strip: Strip
    offset: float


def paginate(strips: Sequence[Strip], height: float) -> list[list[Placed]]:
    """Pages of strips. A chain of kept strips moves to the next page together unless it is higher than a page."""
    pages: list[list[Placed]] = [[]]
    used = 0.0
    for chain in _chains(strips):
        total = sum(strip.height for strip in chain)
        too_high = used + total > height + 0.01 and total <= height
        if pages[-1] and (too_high or _is_full(pages[-1], chain)):
            pages.append([])
            used = 0.0
        for strip in chain:
            if pages[-1] and used + strip.height > height + 0.01:
                pages.append([])
                used = 0.0
            used = _place(pages[-1], strip, used)
    return [page for page in pages if page] or [[]]


def _is_full(page: Sequence[Placed], chain: Sequence[Strip]) -> bool:
    """True when the page would hold more counted strips than one of them allows."""
    most = max(strip.most for strip in chain)
    counted = sum(1 for placed in page if placed.strip.most) + sum(1 for strip in chain if strip.most)
    return 0 < most < counted


def _place(page: list[Placed], strip: Strip, used: float) -> float:
    """Put a strip, and its table's head when it begins the page; returns the height used."""
    if not page:
        if strip.space:
            return used
        for head in strip.head:
            page.append(Placed(head, used))
            used += head.height
    page.append(Placed(strip, used))
    return used + strip.height


def _chains(strips: Sequence[Strip]) -> list[list[Strip]]:
    chains: list[list[Strip]] = []
    kept = False
    for strip in strips:
        if kept:
            chains[-1].append(strip)
        else:
            chains.append([strip])
        kept = strip.keep
    return chains


class Furniture(Protocol):
    """What stands on every page: under the strips (watermark) and after them (footer), so that it is read last."""

    def under(self, pen: Pen) -> None:
        """Draw below everything."""
        ...

    def after(self, pen: Pen, page: int, pages: int) -> None:
        """Draw at the page's foot."""
        ...


def draw_pages(pen: Pen, pages: Sequence[Sequence[Placed]], sheet: Sheet, furniture: Furniture) -> bytes:
    """Draw every page and its furniture; the PDF's bytes."""
    for number, page in enumerate(pages, start=1):
        furniture.under(pen)
        for placed in page:
            placed.strip.draw(pen, sheet.left, sheet.height - sheet.top - placed.offset)
        furniture.after(pen, number, len(pages))
        pen.next_page()
    return pen.finish()
