"""A folder of CSV files, one a table: UTF-8 with its mark and semicolons, as an Indonesian Excel opens it at once."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from kube_field.exchange.books import (
    FORMULA_SIGNS,
    Cover,
    code_rows,
    codebook_name,
    cover_name,
    cover_rows,
    is_formula_like,
)
from kube_field.exchange.cells import EXACT_DIGITS, Cell, clean_text
from kube_field.exchange.tables import SheetTable
from kube_field.exchange.unfinished import FreeBytes, UnfinishedFolder, free_bytes_at, told_failures

CSV_ENDING = ".csv"
SEPARATOR = ";"
QUOTE = "'"
"""Stands before a text that a spreadsheet program would reckon with or round; reading takes it off again."""
AFTER_ANOTHER_SEPARATOR = re.compile("(?<=[,;|\t\n])(?=[" + re.escape("".join(FORMULA_SIGNS)) + "])")
ROWS_BETWEEN_LOOKS = 2000


class CsvFolder:
    """The files of one export. Raises: KubeFieldError when the place cannot be written to or has too little room."""

    def __init__(self, path: Path, tables: Sequence[SheetTable], free_bytes: FreeBytes = free_bytes_at) -> None:
        self.path = path
        self._place = UnfinishedFolder(path, free_bytes)
        self._made = self._place.folder / "tabel"
        self._streams = ExitStack()
        self._files: dict[tuple[str, str], tuple[SheetTable, Any]] = {}
        self._since_look = 0
        try:
            with told_failures(path):
                self._made.mkdir()
                for table in tables:
                    self._file_of(table)
        except BaseException:
            self.drop()
            raise

    def write(self, table: SheetTable, cells: Sequence[Cell]) -> None:
        """Add one row to a table. Raises: KubeFieldError."""
        with told_failures(self.path):
            self._file_of(table).writerow([csv_text(cell) for cell in cells])
        self._since_look += 1
        if self._since_look >= ROWS_BETWEEN_LOOKS:
            self._since_look = 0
            self._place.need_room()

    def finish(self, cover: Cover) -> None:
        """Let the folder appear under its name. Raises: KubeFieldError; nothing stays then."""
        try:
            with told_failures(self.path):
                self._write_all(codebook_name(), code_rows([table for table, _file in self._files.values()]))
                self._write_all(cover_name(), cover_rows(cover))
                self._streams.close()
            self._place.appear(self._made)
        except BaseException:
            self.drop()
            raise

    def drop(self) -> None:
        """Leave nothing behind."""
        with suppress(OSError):  # what could not be written any more goes with the folder
            self._streams.close()
        self._place.drop()

    def _file_of(self, table: SheetTable) -> Any:
        key = (table.kind, table.rows_of)
        if key not in self._files:
            self._files[key] = (table, self._begin(table.name))
            self._files[key][1].writerow([csv_text(column.heading) for column in table.columns])
        return self._files[key][1]

    def _begin(self, name: str) -> Any:
        path = self._made / f"{name}{CSV_ENDING}"
        stream = self._streams.enter_context(path.open("w", encoding="utf-8-sig", newline=""))
        return csv.writer(stream, delimiter=SEPARATOR)

    def _write_all(self, name: str, rows: Iterable[Sequence[Cell]]) -> None:
        file = self._begin(name)
        for cells in rows:
            file.writerow([csv_text(cell) for cell in cells])


def csv_text(cell: Cell) -> str:
    """A cell as text: ISO days, decimals with a comma, a quote before what would be reckoned or rounded."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return guarded_text(clean_text(cell))
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).replace(".", ",") if isinstance(cell, Decimal) else str(cell)


def guarded_text(text: str) -> str:
    """A text that no spreadsheet program takes for a formula, or for a number that it shortens.

    A program that divides lines at another sign than ours would see a cell begin in the middle of a text.
    """
    apart = AFTER_ANOTHER_SEPARATOR.sub(" ", text)
    is_long_number = apart.isdigit() and (len(apart) > EXACT_DIGITS or (apart.startswith("0") and len(apart) > 1))
    return QUOTE + apart if is_formula_like(apart) or apart.startswith(QUOTE) or is_long_number else apart
