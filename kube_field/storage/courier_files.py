"""Files given to the courier, by number: which answers are older than what the laptop learnt or asked since (no clock).

Changes, photos and scopes note in `from_file` from which file on an answer says something new; 0: any file.
"""

from __future__ import annotations

from kube_field.sqlite.driver import Database

GIVEN_TO_VERIFY = "state IN ('acked', 'attention') AND status <> 'erased'"
"""Changes that a courier file asks after; what is held goes along whole in every file."""

HEARD = "courier_heard"
"""Answers to files up to this number are older than what the server said itself, online or on a stick."""
NEXT_FILE = "(SELECT coalesce(max(n), 0) + 1 FROM courier_file)"
"""Whatever was given until now is older than what is written down together with this."""


def note_file(db: Database, file_id: str) -> None:
    """A file is about to be given; called inside a transaction."""
    db.execute_sql("INSERT INTO courier_file (file_id) VALUES (?)", (file_id,))


def number_of(db: Database, file_id: str) -> int:
    """The number of a file that this laptop gave; 0 for one that it does not remember (it was put back since)."""
    return int(db.value("SELECT n FROM courier_file WHERE file_id = ?", file_id) or 0)


def last_file(db: Database) -> int:
    """The number of the file given last, 0 before the first one."""
    return int(db.value("SELECT max(n) FROM courier_file") or 0)
