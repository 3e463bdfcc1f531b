"""What comes out of a file that somebody sent: sheets of cells, and how such a file is refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from gettext import gettext as _
from typing import TypeAlias

from kube_field.errors import Failure, KubeFieldError

Cell: TypeAlias = str | int | float | bool | date | datetime | None
"""One cell; None is empty. Whole numbers of a sheet come as float, as spreadsheet programs keep them."""
Row: TypeAlias = tuple[Cell, ...]

MAX_FILE_BYTES = 25 * 1024 * 1024
MAX_ROWS = 30_000
MAX_COLUMNS = 200
MAX_SHEETS = 40
MAX_CELL_LENGTH = 4_000
"""The longest answer of any form has 2,000 characters."""
MAX_CELLS = 3_000_000
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: `rows[0]` is its first row, whatever stands in it, so that numbers agree with the screen."""

    name: str
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that was read from one file."""

    sheets: tuple[Sheet, ...]


def refused(code: str, sentence: str, action: str = "") -> KubeFieldError:
    """The refusal of a file, with its published exit code."""
    usual = _("Simpan daftarnya dari Excel sebagai .xlsx atau .csv, lalu coba lagi. Tidak ada data yang berubah.")
    return KubeFieldError(Failure.FILE_REFUSED, sentence, action or usual, code=code)


def too_large() -> KubeFieldError:
    """More than a list of this province can be."""
    return refused(
        "SHEET_TOO_LARGE",
        _("Lembar terlalu besar: paling banyak {rows} baris dan {columns} kolom.").format(
            rows=MAX_ROWS, columns=MAX_COLUMNS
        ),
        _("Bagi daftarnya menjadi beberapa berkas, atau hapus baris dan kolom kosong yang jauh di bawah dan di kanan."),
    )


def damaged_file() -> KubeFieldError:
    """A file whose inside is not what its kind promises."""
    return refused("FILE_DAMAGED", _("Berkas ini rusak atau bukan lembar Excel/CSV."))


def checked_row(cells: Sequence[Cell], number: int, sheet: str = "") -> Row:
    """The cells of one row without blanks at its end.

    Raises: KubeFieldError FILE_REFUSED for text that no list holds: endless, or with control characters.
    """
    last = len(cells)
    while last and cells[last - 1] in (None, ""):
        last -= 1
    if last > MAX_COLUMNS or number > MAX_ROWS:
        raise too_large()
    return tuple(_checked_cell(cell, number, at, sheet) for at, cell in enumerate(cells[:last]))


def _checked_cell(cell: Cell, number: int, at: int, sheet: str) -> Cell:
    if not isinstance(cell, str):
        return cell
    if len(cell) > MAX_CELL_LENGTH:
        sentence = _("Isi sel terlalu panjang ({n} huruf) pada {place}.")
        where = _place(number, at, sheet)
        raise refused(
            "CELL_TOO_LONG", sentence.format(n=len(cell), place=where), _("Pendekkan isinya, lalu coba lagi.")
        )
    if CONTROL.search(cell):
        sentence = _("Berkas berisi tanda yang tidak dapat dibaca pada {place}.")
        raise refused("CONTROL_CHARACTERS", sentence.format(place=_place(number, at, sheet)))
    return cell or None


def _place(number: int, at: int, sheet: str) -> str:
    where = _("baris {row}, kolom {column}").format(row=number, column=column_letters(at))
    return _("{place} di lembar “{sheet}”").format(place=where, sheet=sheet[:31]) if sheet else where


def column_letters(at: int) -> str:
    """How spreadsheet programs call a column: 0 is A, 26 is AA."""
    letters = ""
    number = at + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
