"""Logs that a stranger may read: event codes, ids and places in the code, never names, numbers or amounts of people."""

from __future__ import annotations

import faulthandler
import io
import logging
import os
import re
import sys
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import TextIO

MAX_BYTES = 1_000_000
KEPT_FILES = 5
STREAM_FILE = "tanpa-konsol.log"
LONG_NUMBER = re.compile(r"\d[\d .\-]{6,}\d")
"""NIK, KK, phone numbers and amounts in any grouping; ids are hexadecimal and stay."""


class NoPersonalData(logging.Filter):
    """Replaces long numbers in the finished message and drops exception texts."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; it is always kept."""
        record.msg = LONG_NUMBER.sub("#", record.getMessage())
        record.args = None
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = places_of(record.exc_info[0], record.exc_info[2])
            record.exc_info = None
        return True


def places_of(kind: type[BaseException], trace: TracebackType | None) -> str:
    """An exception as its type and the places it passed; its message may quote data, so it stays out."""
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    return f"{kind.__name__} at " + " < ".join(reversed(places))


class QuietText(io.TextIOBase):
    """A text stream into a file of logs, long numbers left out."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, text: str) -> int:
        """Write at once: what comes last matters most."""
        self._file.write(LONG_NUMBER.sub("#", text))
        self._file.flush()
        return len(text)


def give_missing_streams(folder: Path) -> bool:
    """Give a program without a console streams of its own, errors into a file of `folder`; True when it had none.

    A windowed program of Windows starts with `sys.stderr` None; crashes of the interpreter go to the same file.
    """
    if sys.stderr is not None:
        return False
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115 - as long as the program runs
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    try:
        folder.mkdir(parents=True, exist_ok=True)
        kept = folder / STREAM_FILE
        is_long = kept.exists() and kept.stat().st_size > MAX_BYTES
        file = kept.open("w" if is_long else "a", encoding="utf-8", errors="replace")
    except OSError:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    else:
        faulthandler.enable(file)
        sys.stderr = QuietText(file)
    return True


def start_logging(folder: Path) -> logging.Handler:
    """Send everything to a rotating file in `folder`, the database library kept quiet; returns the handler to close."""
    folder.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(
        folder / "kube-field.log", maxBytes=MAX_BYTES, backupCount=KEPT_FILES - 1, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    handler.addFilter(NoPersonalData())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    logging.getLogger("peewee").setLevel(logging.WARNING)
    return handler
