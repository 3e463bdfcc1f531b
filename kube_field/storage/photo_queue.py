"""Which photos of this laptop still have to travel, and how far each one is."""

from __future__ import annotations

from collections.abc import Sequence

from kube_field.storage.store import LocalStore

WAITS = """
b.state = 'local' AND EXISTS (
  SELECT 1 FROM blob_link l JOIN outbox o ON o.uid = l.uid WHERE l.sha256 = b.sha256 AND o.state = 'acked')
"""


class PhotoQueue:
    """The photos of one laptop on their way; every method is one transaction. Implements `sync.ports.PhotoQueue`."""

    def __init__(self, store: LocalStore) -> None:
        self._store = store
        self._db = store.db

    def next_photo(self, skipped: Sequence[str]) -> str | None:
        """A photo of a sent record that the server does not have."""
        rows = self._db.rows(f"SELECT b.sha256 FROM blob b WHERE {WAITS} ORDER BY b.rowid LIMIT ?", len(skipped) + 1)
        return next((name for (name,) in rows if name not in skipped), None)

    def waiting(self) -> int:
        """How many photos of sent records wait."""
        return int(self._db.value(f"SELECT count(*) FROM blob b WHERE {WAITS}"))

    def stored(self, sha256: str) -> None:
        """The server has it."""
        with self._store.transaction():
            self._db.execute_sql("UPDATE blob SET state = 'stored', uploaded_bytes = size WHERE sha256 = ?", (sha256,))
