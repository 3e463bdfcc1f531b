"""Reads a CSV file as offices write it: commas, semicolons or tabs; UTF-8, UTF-16 or the old Windows letters."""

from __future__ import annotations

import codecs
import csv
from gettext import gettext as _
from io import StringIO
from itertools import islice
from statistics import median

from kube_field.exchange.incoming import MAX_CELLS, Book, Row, Sheet, checked_row, damaged_file, refused, too_large

DELIMITERS = (";", ",", "\t")
SAMPLED_LINES = 30
NAMED_DELIMITER = "sep="
"""Excel reads the delimiter from such a first line, and so do we."""


def read_csv(content: bytes) -> Book:
    """The one sheet of a CSV file.

    Raises: KubeFieldError FILE_REFUSED.
    """
    text = decoded(content)
    if "\x00" in text:
        raise refused("CONTROL_CHARACTERS", _("Berkas ini bukan teks: berisi tanda NUL."))
    delimiter = delimiter_of(text)
    rows: list[Row] = []
    cells = 0
    try:
        for number, record in enumerate(csv.reader(StringIO(text, newline=""), delimiter=delimiter), start=1):
            row = checked_row([cell.strip() for cell in record], number)
            cells += len(row)
            if cells > MAX_CELLS:
                raise too_large()
            rows.append(row)
    except csv.Error:
        sentence = _("Berkas CSV ini tidak dapat dibaca: mungkin ada tanda petik yang tidak ditutup.")
        raise refused("CSV_BROKEN", sentence) from None
    if rows and len(rows[0]) == 1 and str(rows[0][0]).lower().startswith(NAMED_DELIMITER):
        rows[0] = ()
    return Book((Sheet("", rows),))


def decoded(content: bytes) -> str:
    """The text of the file; cp1252 only where it is no UTF-8.

    Raises: KubeFieldError FILE_REFUSED.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise damaged_file()


def delimiter_of(text: str) -> str:
    """The sign that splits the lines into most columns; a comma where none does."""
    first = text[:20].partition("\n")[0].strip()
    if first.lower().startswith(NAMED_DELIMITER) and first[4:5] in DELIMITERS:
        return first[4:5]
    if first.lower() == NAMED_DELIMITER:  # stripping took the tab away
        return "\t"
    lines = [line for line in islice(StringIO(text), SAMPLED_LINES) if line.strip()]
    if not lines:
        return ","
    return max(DELIMITERS, key=lambda sign: (_columns(lines, sign), -DELIMITERS.index(sign)))


def _columns(lines: list[str], sign: str) -> float:
    try:
        return median(len(record) for record in csv.reader(lines, delimiter=sign))
    except csv.Error:
        return 0
