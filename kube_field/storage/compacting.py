"""Gives the room of deleted records back to the disk: VACUUM while nobody works (sync design 3.7).

Deleted rows are overwritten at once (`secure_delete`), so nothing can be read from the free pages; what is won is room.
It is one transaction of SQLite: stopped, killed or out of room, the file stays as it was.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import peewee

from kube_field.errors import KubeFieldError
from kube_field.storage.store import FREE_BYTES_NEEDED, LocalStore

LEAST_BYTES, LEAST_SHARE = 4_000_000, 0.2
"""Less than this, or a smaller part of the file, is not worth rewriting all of it."""
MOST_BYTES = 400_000_000
"""The copy is put together in memory, since temporary files would lie open on the disk: not on a laptop of 4 GB."""
ROOM = 2
"""How often the file's size must be free on the disk: the journal holds the whole of it until it is taken over."""


class Compacting:
    """One attempt to compact; `stop` may be called from any thread and ends it at once."""

    def __init__(self, store: LocalStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._connection: Any = None
        self._stopped = False

    def is_worth_it(self) -> bool:
        """True when enough pages are free, and disk and memory have room for a second copy."""
        size, free = self._bytes("page_count"), self._bytes("freelist_count")
        worth = free >= LEAST_BYTES and free >= LEAST_SHARE * size
        return worth and size - free <= MOST_BYTES and self._has_room(size)

    def run(self) -> bool:
        """Compact where it is worth it; False when it was not, or was stopped, or somebody else uses the file."""
        if not self.is_worth_it() or not self._begin():
            return False
        try:
            self._store.db.execute_sql("VACUUM")
        except (peewee.OperationalError, KubeFieldError):
            return False
        finally:
            self._end()
        self._store.db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return True

    def stop(self) -> None:
        """Somebody works again: the database is free for him in a moment, whatever was done so far is undone."""
        with self._lock:
            self._stopped = True
            if self._connection is not None:
                self._connection.interrupt()

    def _begin(self) -> bool:
        with self._lock:
            if not self._stopped:
                self._connection = self._store.db.connection()
            return not self._stopped

    def _end(self) -> None:
        with self._lock:
            self._connection = None

    def _bytes(self, pages: str) -> int:
        return int(self._store.db.value(f"PRAGMA {pages}")) * int(self._store.db.value("PRAGMA page_size"))

    def _has_room(self, size: int) -> bool:
        journal = Path(f"{self._store.db.database}-wal")
        there = journal.stat().st_size if journal.exists() else 0
        return self._store.free_bytes() + there >= ROOM * size + FREE_BYTES_NEEDED
