"""A sheet as a child process reads it and tells it: lines of JSON, one a row."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, datetime
from gettext import gettext as _
from pathlib import Path
from typing import IO, Any

import msgspec

from kube_field.errors import KubeFieldError
from kube_field.exchange.incoming import Book, Cell, Row, Sheet, refused
from kube_field.exchange.sheet_reading import read_book
from kube_field.reading_apart import SHEET, bound_memory, refusal, told_apart

SECONDS = 120
DAY, MOMENT = "d", "t"


def read_apart(path: Path, cancelled: threading.Event | None = None) -> Book:
    """The book as a child process reads it; setting `cancelled` ends the child.

    Raises: KubeFieldError FILE_REFUSED, also when it was ended.
    """
    sheets: list[Sheet] = []
    rows: list[Row] = []
    with told_apart(SHEET, path, SECONDS, cancelled) as lines:
        for told in lines:
            if isinstance(told, list):
                rows.append(tuple(_cell(cell) for cell in told))
            elif "sheet" in told:
                rows = []
                sheets.append(Sheet(str(told["sheet"]), rows))
            else:
                return Book(tuple(sheets))
    raise refused("FILE_BROKE_READER", _("Berkas ini tidak dapat dibaca dengan aman."))


def write_book(path: Path, out: IO[bytes]) -> int:
    """What the child does: the book as lines of JSON, or why it is refused; the exit code."""
    bound_memory()
    try:
        book = read_book(path)
    except KubeFieldError as failure:
        out.write(msgspec.json.encode(refusal(failure)) + b"\n")
        return int(failure.failure)
    for line in _lines(book):
        out.write(msgspec.json.encode(line) + b"\n")
    out.flush()
    return 0


def _lines(book: Book) -> Iterator[Any]:
    for sheet in book.sheets:
        yield {"sheet": sheet.name}
        for row in sheet.rows:
            yield [_told(cell) for cell in row]
    yield {"end": True}


def _told(cell: Cell) -> Any:
    if isinstance(cell, datetime):
        return {MOMENT: cell.isoformat()}
    return {DAY: cell.isoformat()} if isinstance(cell, date) else cell


def _cell(told: Any) -> Cell:
    if isinstance(told, dict):
        return date.fromisoformat(told[DAY]) if DAY in told else datetime.fromisoformat(told[MOMENT])
    cell: Cell = told
    return cell
