"""Tables as XLSX and CSV in which nothing can become a formula."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO
from typing import Any

from kube_field.domain.recap_tables import Cell, Table
from kube_field.exchange.books import is_formula_like
from kube_field.exchange.csv_folder import SEPARATOR, guarded_text

LONGEST_SHEET_NAME = 31
WIDEST, NARROWEST = 60, 8


def xlsx_of(tables: Sequence[Table], notes: Sequence[str] = ()) -> bytes:
    """One sheet a table, its title on top; numbers are numbers, everything else is text. `notes` get a sheet."""
    import xlsxwriter

    target = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(target, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        guarded = book.add_format({"num_format": "@", "quote_prefix": True})
        for table in tables:
            sheet = book.add_worksheet(table.code[:LONGEST_SHEET_NAME])
            sheet.write_string(0, 0, table.title, bold)
            for at, column in enumerate(table.columns):
                sheet.write_string(2, at, column.title, bold)
                cells = [len(str(row[at])) for row in table.rows if row[at] is not None]
                sheet.set_column(at, at, min(WIDEST, max([NARROWEST, *cells])))
            for number, row in enumerate(table.rows, start=3):
                for at, cell in enumerate(row):
                    _write(sheet, number, at, cell, guarded)
            sheet.freeze_panes(3, 0)
        if notes:
            sheet = book.add_worksheet("Kamus")
            for number, words in enumerate(notes):
                sheet.write_string(number, 0, words)
    return target.getvalue()


def _write(sheet: Any, row: int, column: int, cell: Cell, guarded: Any) -> None:
    """A text that looks like a formula stays one when somebody edits its cell."""
    if isinstance(cell, int):
        sheet.write_number(row, column, cell)
    elif cell is not None:
        sheet.write_string(row, column, cell, guarded if is_formula_like(cell) else None)


def csv_of(tables: Sequence[Table]) -> bytes:
    """All tables one below the other, UTF-8 with its mark so that Excel reads the letters; a blank line between."""
    target = StringIO(newline="")
    lines = csv.writer(target, delimiter=SEPARATOR)
    for at, table in enumerate(tables):
        if at:
            lines.writerow([])
        lines.writerow([guarded_text(table.title)])
        lines.writerow([guarded_text(column.title) for column in table.columns])
        lines.writerows(
            [cell if isinstance(cell, int) else guarded_text(cell or "") for cell in row] for row in table.rows
        )
    return b"\xef\xbb\xbf" + target.getvalue().encode()
