"""Reads an XLSX or CSV file into sheets of cells; what is no plain list is refused with exit code 13."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from gettext import gettext as _
from pathlib import Path
from typing import Any

from kube_field.errors import KubeFieldError
from kube_field.exchange.csv_reading import read_csv
from kube_field.exchange.incoming import (
    MAX_CELLS,
    MAX_FILE_BYTES,
    MAX_SHEETS,
    Book,
    Cell,
    Row,
    Sheet,
    checked_row,
    damaged_file,
    refused,
    too_large,
)
from kube_field.exchange.xlsx_guard import OLE, ZIP, guard_xlsx

XLSX, TEXTS = ".xlsx", (".csv", ".txt", ".tsv")
PDF = b"%PDF"


def read_book(path: Path) -> Book:
    """Everything in the file; formulas are taken by the value that was stored with them.

    Raises: KubeFieldError FILE_REFUSED.
    """
    kind = path.suffix.lower()
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            sentence = _("Berkas lebih besar dari {n} MB.").format(n=MAX_FILE_BYTES // 1024 // 1024)
            raise refused("FILE_TOO_LARGE", sentence, _("Bagi daftarnya menjadi beberapa berkas."))
        if kind == XLSX:
            return _read_xlsx(path)
        if kind in TEXTS:
            return _read_text(path)
    except OSError as error:
        sentence = _("Berkas tidak dapat dibaca: {name}.").format(name=path.name)
        raise refused("FILE_UNREADABLE", sentence, _("Tutup berkas itu di Excel, lalu coba lagi.")) from error
    raise refused("FILE_KIND", _("Berkas {name} bukan .xlsx atau .csv.").format(name=path.name))


def _read_text(path: Path) -> Book:
    content = path.read_bytes()
    if content.startswith((ZIP, OLE, PDF)):
        raise refused("FILE_KIND", _("Berkas ini bernama CSV, tetapi isinya bukan CSV."))
    return read_csv(content)


def _read_xlsx(path: Path) -> Book:
    guard_xlsx(path)
    from python_calamine import CalamineError, SheetTypeEnum, SheetVisibleEnum, load_workbook

    try:
        with load_workbook(path) as book:
            shown = [
                one.name
                for one in book.sheets_metadata
                if one.typ == SheetTypeEnum.WorkSheet and one.visible == SheetVisibleEnum.Visible
            ]
            if len(shown) > MAX_SHEETS:
                raise too_large()
            return Book(_sheets(book, shown))
    except CalamineError:
        raise damaged_file() from None
    except KubeFieldError:
        raise
    except BaseException as error:
        # The reader is no Python: where it gives up on a file it says so by an exception of its own family.
        if type(error).__name__ == "PanicException":
            raise damaged_file() from None
        raise


def _sheets(book: Any, names: list[str]) -> tuple[Sheet, ...]:
    sheets: list[Sheet] = []
    cells = 0
    for name in names:
        rows: list[Row] = []
        for number, told in enumerate(book.get_sheet_by_name(name).iter_rows(), start=1):
            row = checked_row([_plain(cell) for cell in told], number, name)
            cells += len(row)
            if cells > MAX_CELLS:
                raise too_large()
            rows.append(row)
        sheets.append(Sheet(name, rows))
    return tuple(sheets)


def _plain(cell: Any) -> Cell:
    """A cell as lists hold them: times of day and durations are told as text, midnight is no time."""
    if isinstance(cell, str):
        return cell.strip() or None
    if isinstance(cell, datetime):
        return cell.date() if cell.time() == time() else cell
    if isinstance(cell, bool | int | float | date) or cell is None:
        return cell
    if isinstance(cell, time):
        return cell.strftime("%H:%M")
    return str(cell) if isinstance(cell, timedelta) else None
