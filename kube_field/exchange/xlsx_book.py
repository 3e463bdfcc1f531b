"""A workbook that is written row by row in little memory; every text is a text, whatever it begins with."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from kube_field.exchange.books import Cover, code_rows, codebook_name, cover_name, cover_rows, is_formula_like
from kube_field.exchange.cells import Cell, Shape, clean_text
from kube_field.exchange.columns import SheetColumn
from kube_field.exchange.tables import SheetTable
from kube_field.exchange.unfinished import FreeBytes, UnfinishedFolder, free_bytes_at, told_failures

XLSX_ENDING = ".xlsx"
MOST_ROWS = 1_048_576
"""Of one sheet; what is more goes on in the next one."""
ROWS_BETWEEN_LOOKS = 2000
"""After so many rows the free room is looked at."""
WIDTHS = {Shape.NUMBER_AS_TEXT: 19, Shape.WHOLE: 11, Shape.MONEY: 14, Shape.DECIMAL: 11, Shape.DAY: 12}
WORDS_WIDTH, NAME_WIDTH, ID_WIDTH = 22, 32, 38
WIDE_COLUMNS = frozenset({"full_name", "name", "title", "business_name", "address", "kabupaten", "number"})
LINE_HEIGHT = 15.5
"""Of a heading, in points."""
COVER_WIDTH = 70
"""Letters of a line on the first sheet."""
FEW_COLUMNS = 14
"""So many columns are printed on the width of one page."""
FORMATS = {
    Shape.WORDS: "@",
    Shape.NUMBER_AS_TEXT: "@",
    Shape.WHOLE: "0",
    Shape.MONEY: "#,##0",
    Shape.DECIMAL: "General",
    Shape.DAY: "dd/mm/yyyy",
}
"""A column of text stays text when a cell is edited."""
HEAD_FILL = "#E3F2F0"


def _width(column: SheetColumn) -> int:
    """Letters of a column: what its cells need, and enough for a heading of a few lines."""
    least = NAME_WIDTH if column.code in WIDE_COLUMNS else WIDTHS.get(column.shape, WORDS_WIDTH)
    least = ID_WIDTH if column.code in ("parent", "uid") or column.code.endswith(".uid") else least
    longest_word = max(map(len, column.heading.split()), default=0) + 3
    return max(least, longest_word, min(len(column.heading) // 2, NAME_WIDTH))


def _head_lines(column: SheetColumn) -> int:
    """Lines that a heading takes in its column, at most five."""
    return min(5, -(-(len(column.heading) + 2) // (_width(column) - 3)))


class _Sheet:
    """One table, over as many sheets as its rows need."""

    def __init__(self, book: XlsxBook, table: SheetTable) -> None:
        self.table = table
        self._book = book
        self._shapes = tuple(column.shape for column in table.columns)
        self._parts = 0
        self.row = 0
        self._begin()

    def _begin(self) -> None:
        self._parts += 1
        ending = "" if self._parts == 1 else f" ({self._parts})"
        self.sheet = self._book.add_sheet(self.table.name[: 31 - len(ending)] + ending)
        self.sheet.set_row(0, LINE_HEIGHT * max(_head_lines(column) for column in self.table.columns))
        for at, column in enumerate(self.table.columns):
            self.sheet.set_column(at, at, _width(column), self._book.format(column.shape))
            self.sheet.write_string(0, at, clean_text(column.heading), self._book.head)
        self.sheet.freeze_panes(1, 1)
        if len(self.table.columns) <= FEW_COLUMNS:
            self.sheet.fit_to_pages(1, 0)
        self.row = 1

    def write(self, cells: Sequence[Cell]) -> None:
        """Add one row."""
        if self.row == MOST_ROWS:
            self.end()
            self._begin()
        for at, cell in enumerate(cells):
            if cell is not None:
                self._book.write_cell(self.sheet, self.row, at, cell, self._shapes[at])
        self.row += 1

    def end(self) -> None:
        """Put what is known only now around the rows."""
        from xlsxwriter.utility import xl_col_to_name

        last = len(self.table.columns) - 1
        self.sheet.autofilter(0, 0, self.row - 1, last)
        self.sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_col_to_name(last)}{self.row}"})


class XlsxBook:
    """A workbook. Raises: KubeFieldError when the place cannot be written to or has too little room."""

    def __init__(self, path: Path, tables: Sequence[SheetTable], free_bytes: FreeBytes = free_bytes_at) -> None:
        self.path = path
        self._place = UnfinishedFolder(path, free_bytes)
        self._made = self._place.folder / f"buku{XLSX_ENDING}"
        self._since_look = 0
        self._open = True
        self._sheets: dict[tuple[str, str], _Sheet] = {}
        self._used: dict[tuple[str, str], SheetTable] = {}
        try:
            with told_failures(path):
                self._begin(tables)
        except BaseException:
            self.drop()
            raise

    def _begin(self, tables: Sequence[SheetTable]) -> None:
        import xlsxwriter  # the window loads it only when somebody exports

        options = {
            "constant_memory": True,
            "tmpdir": str(self._place.folder),  # never the system's: the rows are personal data
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        }
        self._book = xlsxwriter.Workbook(str(self._made), options)
        self._book.use_zip64()
        self.head = self._book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": HEAD_FILL, "border": 1}
        )
        self._formats = {shape: self._book.add_format({"num_format": code}) for shape, code in FORMATS.items()}
        self._guarded = self._book.add_format({"num_format": "@", "quote_prefix": True})
        self._bold = self._book.add_format({"num_format": "@", "quote_prefix": True, "bold": True, "valign": "top"})
        lines = {"num_format": "@", "text_wrap": True, "valign": "top"}
        self._lines = self._book.add_format(lines)
        self._guarded_lines = self._book.add_format({**lines, "quote_prefix": True})
        self._cover = self.add_sheet(cover_name())
        for table in tables:
            self._sheet_of(table)

    def add_sheet(self, name: str) -> Any:
        """A new sheet of this book."""
        sheet = self._book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.repeat_rows(0)
        return sheet

    def format(self, shape: Shape) -> Any:
        """The format of a column."""
        return self._formats[shape]

    def write(self, table: SheetTable, cells: Sequence[Cell]) -> None:
        """Add one row to a table. Raises: KubeFieldError."""
        with told_failures(self.path):
            self._sheet_of(table).write(cells)
        self._since_look += 1
        if self._since_look >= ROWS_BETWEEN_LOOKS:
            self._since_look = 0
            self._place.need_room()

    def _sheet_of(self, table: SheetTable) -> _Sheet:
        key = (table.kind, table.rows_of)
        if key not in self._sheets:
            self._sheets[key] = _Sheet(self, table)
        return self._sheets[key]

    def write_cell(self, sheet: Any, row: int, column: int, cell: Cell, shape: Shape) -> None:
        """One cell by its type; the format is the column's unless the cell is of another kind."""
        if isinstance(cell, str):
            text = clean_text(cell)
            sheet.write_string(row, column, _never_markup(text), self._text_format(text, shape))
        elif isinstance(cell, date):
            sheet.write_datetime(row, column, cell, self._formats[Shape.DAY])
        elif isinstance(cell, int | Decimal):
            sheet.write_number(row, column, cell, self._formats[shape])

    def _text_format(self, text: str, shape: Shape) -> Any:
        if is_formula_like(text):
            return self._guarded
        return self._formats[Shape.NUMBER_AS_TEXT if shape == Shape.NUMBER_AS_TEXT else Shape.WORDS]

    def finish(self, cover: Cover) -> None:
        """Let the workbook appear under its name. Raises: KubeFieldError; nothing stays then."""
        try:
            with told_failures(self.path):
                self._end(cover)
                self._place.need_room(self._place.size() * 3 // 2)  # the sheets once more, and packed
                self._close()
            self._place.appear(self._made)
        except BaseException:
            self.drop()
            raise

    def _close(self) -> None:
        from xlsxwriter.exceptions import FileCreateError

        try:
            self._book.close()
        except FileCreateError as trouble:  # the library hides what the disk said in it
            raise trouble.args[0] from trouble

    def _end(self, cover: Cover) -> None:
        for sheet in self._sheets.values():
            sheet.end()
        self._write_codebook([sheet.table for sheet in self._sheets.values()])
        self._write_cover(cover)
        for sheet in self._book.worksheets():
            sheet.set_footer("&8" + cover.footer.replace("&", "&&")[:200] + "&R&8&P/&N")

    def _write_codebook(self, tables: Sequence[SheetTable]) -> None:
        sheet = self.add_sheet(codebook_name())
        for at, width in enumerate((24, 34, 22, 20, 9, 50, 20, 40, 16)):
            sheet.set_column(at, at, width, self._formats[Shape.WORDS])
        row = 0
        for row, cells in enumerate(code_rows(tables)):
            for at, cell in enumerate(cells):
                if row == 0:
                    sheet.write_string(row, at, str(cell), self.head)
                elif cell is not None:
                    self.write_cell(sheet, row, at, cell, Shape.WORDS)
        sheet.fit_to_pages(1, 0)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, row, 8)

    def _write_cover(self, cover: Cover) -> None:
        self._cover.set_column(0, 0, NAME_WIDTH)
        self._cover.set_column(1, 1, COVER_WIDTH)
        self._cover.set_portrait()
        self._cover.fit_to_pages(1, 0)
        for row, words in enumerate(cover_rows(cover)):
            self._cover.set_row(row, LINE_HEIGHT * max(1, *(-(-len(text) // COVER_WIDTH) for text in ("", *words))))
            for at, text in enumerate(words):
                shown = clean_text(text)
                form = self._bold if at == 0 else self._guarded_lines if is_formula_like(shown) else self._lines
                self._cover.write_string(row, at, _never_markup(shown), form)

    def drop(self) -> None:
        """Leave nothing behind."""
        if self._open:
            self._open = False
            self._let_go()
        self._place.drop()

    def _let_go(self) -> None:
        """Close what the library holds open: Windows deletes no open file."""
        book = getattr(self, "_book", None)
        for sheet in book.worksheets() if book is not None else ():
            with contextlib.suppress(OSError, ValueError, AttributeError):
                sheet.row_data_fh.close()


def _never_markup(text: str) -> str:
    """A text that the library does not take for ready-made markup: it writes `<r>…</r>` as it comes."""
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text
