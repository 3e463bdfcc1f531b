"""Reads a file in a process of its own with little memory: a file that breaks its reader breaks nothing else (T13)."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date, datetime
from gettext import gettext as _
from pathlib import Path
from typing import IO, Any

import msgspec

from kube_field.errors import Failure, KubeFieldError
from kube_field.exchange.incoming import Book, Cell, Row, Sheet, refused
from kube_field.exchange.sheet_reading import read_book
from kube_field.program import NO_CONSOLE, own_command, own_environment

COMMAND = "read-sheet"
"""Hidden word by which the program is started as the child."""
MEMORY_BYTES = 1024 * 1024 * 1024
"""Address space of the child where the system can bound it; a sheet of 30,000 rows needs a third of it."""
SECONDS = 120
DAY, MOMENT = "d", "t"


def read_apart(path: Path, cancelled: threading.Event | None = None) -> Book:
    """The book as a child process reads it; setting `cancelled` ends the child.

    Raises: KubeFieldError FILE_REFUSED, also when it was ended.
    """
    with subprocess.Popen(
        [*_program(), COMMAND, str(path.absolute())],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        creationflags=NO_CONSOLE,
        env=own_environment(),
    ) as child:
        over = threading.Event()
        watch = threading.Thread(target=_watch, args=(child, over, cancelled), daemon=True)
        watch.start()
        try:
            return _book(child.stdout) if child.stdout is not None else Book(())
        finally:
            over.set()
            child.kill()
            watch.join()


def _watch(child: subprocess.Popen[bytes], over: threading.Event, cancelled: threading.Event | None) -> None:
    """End the child when it takes too long or nobody wants its answer any more."""
    for _tenth in range(SECONDS * 10):
        if over.wait(0.1):
            return
        if cancelled is not None and cancelled.is_set():
            break
    child.kill()


def _program() -> list[str]:
    """This program, frozen or not."""
    return own_command("kube-field", "kube_field")


def _book(lines: IO[bytes]) -> Book:
    sheets: list[Sheet] = []
    rows: list[Row] = []
    for line in lines:
        try:
            told = msgspec.json.decode(line)
        except msgspec.DecodeError:
            break
        if isinstance(told, list):
            rows.append(tuple(_cell(cell) for cell in told))
        elif "sheet" in told:
            rows = []
            sheets.append(Sheet(str(told["sheet"]), rows))
        elif "refused" in told:
            raise KubeFieldError(
                Failure.FILE_REFUSED, str(told["sentence"]), str(told["action"]), code=str(told["refused"])
            )
        else:
            return Book(tuple(sheets))
    raise refused("FILE_BROKE_READER", _("Berkas ini tidak dapat dibaca dengan aman."))


def write_book(path: Path, out: IO[bytes]) -> int:
    """What the child does: the book as lines of JSON, or why it is refused; the exit code."""
    _bound_memory()
    try:
        book = read_book(path)
    except KubeFieldError as failure:
        told = {"refused": failure.code, "sentence": failure.sentence, "action": failure.action}
        out.write(msgspec.json.encode(told) + b"\n")
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


def _bound_memory() -> None:
    """Windows has no such bound; there the sizes that were looked at before are what bounds it."""
    if sys.platform != "win32":
        import resource

        _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(MEMORY_BYTES, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
