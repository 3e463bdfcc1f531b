"""The audit log: every row names the hash of the one before it, so that a removed or altered row is noticed."""

from __future__ import annotations

import hashlib
from typing import Any

from kube_field.domain.commit import AuditLine
from kube_field.sqlite.driver import Database
from kube_field.wire.canonical import canonical_json

START = "0" * 64
"""What the first row names as the row before it."""
HASHED = ("seq", "at", "actor", "device", "action", "object_type", "object_id", "result", "reason")
INSERT = (
    "INSERT INTO audit (seq, at, actor, device, action, object_type, object_id, result, reason, prev, hash)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


class AuditLog:
    """The hash-chained log of one laptop; triggers of the database refuse to change or delete its rows."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def append(self, line: AuditLine, device: str) -> None:
        """Add one line; called inside a transaction."""
        length, head = self.head()
        row: tuple[Any, ...] = (
            length + 1,
            line.at,
            line.actor,
            device,
            line.action,
            line.object_type,
            line.object_id,
            line.result,
            line.reason,
        )
        self._db.execute_sql(INSERT, (*row, head, _chained(head, row)))

    def head(self) -> tuple[int, str]:
        """Number of rows and the hash of the last one, as hello tells it to the server."""
        rows = self._db.rows("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")
        return (int(rows[0][0]), str(rows[0][1])) if rows else (0, START)

    def first_break(self) -> int | None:
        """Number of the first row that does not fit the chain; None when the chain is whole."""
        previous = START
        columns = ", ".join(HASHED)
        for at, row in enumerate(self._db.rows(f"SELECT {columns}, prev, hash FROM audit ORDER BY seq"), start=1):
            content, prev, own = row[:-2], row[-2], row[-1]
            if row[0] != at or prev != previous or own != _chained(previous, content):
                return at
            previous = own
        return None


def _chained(previous: str, row: tuple[Any, ...]) -> str:
    content = canonical_json(dict(zip(HASHED, row, strict=True)))
    return hashlib.sha256(previous.encode() + content).hexdigest()
