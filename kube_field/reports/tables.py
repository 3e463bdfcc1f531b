"""Tables of a paper: label and value side by side, and ruled tables with repeated heads whose rows are never split."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from kube_field.reports.fonts import Face, FontSet
from kube_field.reports.layout import LEADING, MM, TABLE, Strip, draw_line, wrap
from kube_field.reports.pen import Pen

PADDING = 4.0
"""White to the left and right of a cell's text."""
ABOVE = 2.6
"""White above and below it."""
ROW_LINES = 36
"""A cell with more lines goes on in a further row, so that no row is higher than a page."""
LABEL_WIDTH = 53 * MM
"""Room for the labels of `key_values`."""
CellDraw = Callable[[Pen, float, float, float, float], None]
"""(pen, x, y of the lower edge, width, height) of a cell that is drawn, not written."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a ruled table; `share` of the width, all shares together count as the whole."""

    title: str
    share: float
    align: str = "left"


@dataclass(frozen=True, slots=True)
class Row:
    """A row, one text per column; `drawn` pairs a column with what is drawn there, `most` rows stand on a page."""

    cells: Sequence[str]
    bold: bool = False
    min_height: float = 0
    drawn: tuple[tuple[int, CellDraw], ...] = ()
    most: int = 0
    mark: str = ""
    """A line over the whole width above this row, naming it and those below."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Where a table's columns begin and how its letters look."""

    columns: tuple[Column, ...]
    edges: tuple[float, ...]
    fonts: FontSet
    size: float

    def width(self, at: int) -> float:
        """Inner width of a column."""
        return self.edges[at + 1] - self.edges[at] - 2 * PADDING


def data_table(
    fonts: FontSet, columns: Sequence[Column], rows: Sequence[Row], width: float, *, size: float = TABLE
) -> list[Strip]:
    """A ruled table. The head is kept with the first row; a table of up to three rows stays on one page."""
    grid = _grid(fonts, columns, width, size)
    head = replace(_head_strip(grid), keep=True)
    strips = [head]
    for at, row in enumerate(rows):
        parts = [replace(strip, head=(head,)) for strip in [*_mark(grid, row, width), *_row_strips(grid, row)]]
        tie = len(rows) <= 3 or at in (0, len(rows) - 2)
        parts[-1] = replace(parts[-1], keep=tie and at < len(rows) - 1)
        strips.extend(parts)
    return strips


def _grid(fonts: FontSet, columns: Sequence[Column], width: float, size: float) -> Grid:
    whole = sum(column.share for column in columns)
    edges = [0.0]
    for column in columns:
        edges.append(edges[-1] + width * column.share / whole)
    return Grid(tuple(columns), tuple(edges), fonts, size)


def _head_strip(grid: Grid) -> Strip:
    cells = [
        wrap(grid.fonts, column.title, Face.BOLD, grid.size - 0.5, grid.width(at))
        for at, column in enumerate(grid.columns)
    ]
    centred = replace(grid, columns=tuple(replace(c, align="center") for c in grid.columns), size=grid.size - 0.5)
    return _cells_strip(centred, cells, Face.BOLD, Row(()), line=0.7)


def _row_strips(grid: Grid, row: Row) -> list[Strip]:
    """One strip, or several where a cell is longer than a row may be."""
    face = Face.BOLD if row.bold else Face.REGULAR
    cells = [_lines(grid, at, text, face) for at, text in enumerate(row.cells)]
    longest = max((len(lines) for lines in cells), default=0)
    starts = range(0, max(longest, 1), ROW_LINES)
    strips = [_cells_strip(grid, [lines[at : at + ROW_LINES] for lines in cells], face, row) for at in starts]
    return [replace(strips[0], most=row.most), *strips[1:]]


def _lines(grid: Grid, at: int, text: str, face: Face) -> list[str]:
    """The lines of a cell; an amount stays whole, however long it is: half of it would be read as another one."""
    if grid.columns[at].align == "right" and len(text.split()) == 1:
        return [grid.fonts.printable(text).strip()]
    return wrap(grid.fonts, text, face, grid.size, grid.width(at))


def _fitting_size(grid: Grid, at: int, text: str, face: Face) -> float:
    """The size of the letters with which a line fits into its column."""
    return min(grid.size, grid.size * grid.width(at) / max(1.0, grid.fonts.width(text, face, grid.size)))


def _cells_strip(grid: Grid, cells: Sequence[list[str]], face: Face, row: Row, line: float = 0.5) -> Strip:
    leading = grid.size * LEADING
    longest = max((len(lines) for lines in cells), default=0)
    height = max(longest * leading + 2 * ABOVE, row.min_height)

    def draw(pen: Pen, x: float, top: float) -> None:
        for at, lines in enumerate(cells):
            left = x + grid.edges[at]
            pen.box(left, top - height, grid.edges[at + 1] - grid.edges[at], height, line)
            free = height - len(lines) * leading
            first = top - (free / 2 if row.min_height or face == Face.BOLD else ABOVE) - grid.size * 1.04
            for number, text in enumerate(lines):
                baseline = first - number * leading
                align, size = grid.columns[at].align, _fitting_size(grid, at, text, face)
                draw_line(pen, text, left + PADDING, baseline, grid.width(at), face, size, align)
        for at, cell in row.drawn:
            cell(pen, x + grid.edges[at], top - height, grid.edges[at + 1] - grid.edges[at], height)

    return Strip(height, draw)


def _mark(grid: Grid, row: Row, width: float) -> list[Strip]:
    """The line above a row, if it has one; it begins the page in the row's place."""
    if not row.mark:
        return []
    height = grid.size * LEADING + PADDING
    text = grid.fonts.printable(row.mark)

    def draw(pen: Pen, x: float, top: float) -> None:
        pen.box(x, top - height, width, height)
        pen.text(x + PADDING, top - height / 2 - grid.size * 0.35, text, Face.ITALIC, grid.size)

    return [Strip(height, draw, keep=True)]


def key_values(
    fonts: FontSet,
    pairs: Sequence[tuple[str, str]],
    width: float,
    *,
    label_width: float = LABEL_WIDTH,
    size: float = TABLE,
) -> list[Strip]:
    """Lines `label : value`, the values under each other; a long value goes on line by line."""
    strips: list[Strip] = []
    for label, value in pairs:
        strips.extend(_pair(fonts, label, value, width, label_width, size))
    return strips


def side_by_side(left: Sequence[Strip], right: Sequence[Strip], offset: float) -> list[Strip]:
    """Two short columns as one strip; `offset` is where the right one begins."""
    height = max(sum(strip.height for strip in left), sum(strip.height for strip in right))

    def draw(pen: Pen, x: float, top: float) -> None:
        for strips, start in ((left, x), (right, x + offset)):
            y = top
            for strip in strips:
                strip.draw(pen, start, y)
                y -= strip.height

    return [Strip(height, draw)]


def _pair(fonts: FontSet, label: str, value: str, width: float, label_width: float, size: float) -> list[Strip]:
    left = wrap(fonts, label, Face.REGULAR, size, label_width - 7)
    right = wrap(fonts, value, Face.REGULAR, size, width - label_width - 7) or ["–"]
    count = max(len(left), len(right))
    strips = []
    for at in range(count):
        texts = (left[at] if at < len(left) else "", right[at] if at < len(right) else "")

        def draw(pen: Pen, x: float, top: float, texts: tuple[str, str] = texts, first: bool = at == 0) -> None:
            baseline = top - size * 1.08
            pen.text(x, baseline, texts[0], Face.REGULAR, size)
            if first:
                pen.text(x + label_width - 6, baseline, ":", Face.REGULAR, size)
            pen.text(x + label_width, baseline, texts[1], Face.REGULAR, size)

        strips.append(Strip(size * LEADING + (1.5 if at == count - 1 else 0), draw, keep=at < min(count - 1, 4)))
    return strips
