"""Officers, areas, laptops and revocations in a file outside the database (sync design 3.7).

A database put back from a backup would bring revoked rights back and lose new officers and laptops. Every such change
is appended here before its transaction commits, and what a database does not hold yet is taken up at start.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from filelock import FileLock

from kube_field.server.storage.account_rows import KEPT, all_rows, file_known, follow_file, put_back
from kube_field.server.storage.database import NotedRow, ServerDatabase

log = logging.getLogger(__name__)

GRANTS_FILE = "grants.jsonl"
FIRST_LINE = "grants"


class GrantsFile:
    """The file of one data folder."""

    def __init__(self, path: Path, database: ServerDatabase) -> None:
        self._path = path
        self._database = database
        self._lock = FileLock(path.with_name(f"{path.name}.lock"), timeout=30, mode=0o600)

    def keep(self, rows: Sequence[NotedRow]) -> None:
        """Write down what the transaction that ends now changed. Raises: OSError, and then it must not commit."""
        name, at = file_known(self._database)  # its lock makes the order of the file the order of the commits
        with self._lock:
            lines = [_line(table, row) for table, row in rows]
            if name and not self._size():  # somebody took the file away: a new one, whole, under a name of its own
                name = hashlib.sha256(f"{name}:{at}".encode()).hexdigest()[:32]
                everything = (_line(table, row) for table, row in all_rows(self._database))
                lines = [_line(FIRST_LINE, {"name": name}), *everything, *lines]
            end = self._append(lines)
        follow_file(self._database, name, end)

    def take_up(self, new_id: Callable[[], str]) -> int:
        """Bring what the database does not hold into it, inside a write transaction; the number of rows looked at.

        A database that follows another file, or none, is written down whole.
        """
        known, at = file_known(self._database)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._lock:
            name, end = self._name(), self._size()
            if name and name == known and at <= end:
                count = put_back(self._database, self._rows(at))
                follow_file(self._database, name, end)
                return count
            count = put_back(self._database, self._rows(0)) if name else 0
            name = name or new_id()
            first = [] if end else [_line(FIRST_LINE, {"name": name})]
            end = self._append([*first, *(_line(table, row) for table, row in all_rows(self._database))])
            follow_file(self._database, name, end)
            return count

    def _append(self, lines: Sequence[bytes]) -> int:
        """Add lines durably; the size of the file afterwards. A half line that a power cut left gets its end."""
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
        with open(os.open(self._path, flags, 0o600), "r+b") as file:
            size = file.seek(0, os.SEEK_END)
            if size:
                file.seek(-1, os.SEEK_END)
                broken = file.read(1) != b"\n"
                file.write(b"\n" if broken else b"")
            file.write(b"".join(lines))
            file.flush()
            os.fsync(file.fileno())
            return file.tell()

    def _name(self) -> str:
        """The file's own name out of its first line, "" when there is no file."""
        for table, row in self._lines(0):
            return str(row.get("name", "")) if table == FIRST_LINE else ""
        return ""

    def _size(self) -> int:
        return self._path.stat().st_size if self._path.exists() else 0

    def _rows(self, since: int) -> Iterator[NotedRow]:
        return ((table, row) for table, row in self._lines(since) if table in KEPT)

    def _lines(self, since: int) -> Iterator[tuple[str, dict[str, Any]]]:
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(since)
            for raw in file:
                try:
                    line = json.loads(raw)
                    yield str(line["t"]), dict(line["r"])
                except (ValueError, KeyError, TypeError):
                    log.warning("a line of the grants file cannot be read")


def server_id_in(path: Path) -> str:
    """Whose file this is, "" when there is none or it does not tell."""
    if not path.exists():
        return ""
    with path.open("rb") as file:
        for raw in file:
            if b'"server_id"' in raw:
                return str(json.loads(raw)["r"]["value"])
    return ""


def _line(table: str, row: dict[str, Any]) -> bytes:
    return json.dumps({"t": table, "r": row}, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
