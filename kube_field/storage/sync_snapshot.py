"""The first download of a scope as one file: pieces kept until all are here, then stored in small transactions."""

from __future__ import annotations

import hashlib
import io
from itertools import islice
from typing import NamedTuple

from kube_field.storage.sync_page import write_rows
from kube_field.storage.sync_room import SyncRoom
from kube_field.wire.messages import Row
from kube_field.wire.snapshot import BadSnapshotError, SnapshotEnd, SnapshotReader

ROWS_AT_ONCE = 500


class SnapshotWanted(NamedTuple):
    """The bytes that come next."""

    seq: int
    offset: int
    left: int


class Snapshots(SyncRoom):
    """First downloads. Whatever is cut goes on where it stood: by byte while it travels, by row while it is stored."""

    def snapshot_wanted(self, scope: str) -> SnapshotWanted | None:
        """What is missing of a scope's file; with nothing left it only has to be stored. None without a file."""
        rows = self._db.rows("SELECT seq, received, bytes - received FROM snapshot WHERE scope_id = ?", scope)
        return SnapshotWanted(*(int(value) for value in rows[0])) if rows else None

    def take_piece(self, scope: str, offset: int, content: bytes) -> None:
        """Keep bytes that follow those that are here; others are passed over."""
        with self._store.transaction():
            wanted = self.snapshot_wanted(scope)
            if wanted is None or wanted.offset != offset or not content:
                return
            piece = content[: wanted.left]
            self._db.insert_row("snapshot_piece", {"scope_id": scope, "at_byte": offset, "content": piece})
            self._db.execute_sql("UPDATE snapshot SET received = received + ? WHERE scope_id = ?", (len(piece), scope))

    def drop_snapshot(self, scope: str) -> None:
        """The file is not to be had or not what was offered: the scope is read page by page."""
        with self._store.transaction():
            self._drop_snapshot(scope)

    def store_snapshot(self, scope: str) -> int:
        """Store a file that is here whole, 500 records to a transaction; how many. A damaged file is dropped."""
        rows = self._db.rows("SELECT sha256, applied, seq FROM snapshot WHERE scope_id = ?", scope)
        content = self._content(scope)
        if not rows or hashlib.sha256(content).hexdigest() != rows[0][0]:
            self.drop_snapshot(scope)
            return 0
        reader = SnapshotReader(io.BytesIO(content))
        done = int(rows[0][1])
        try:
            found = iter(reader)
            for _row in islice(found, done):
                pass  # stored before the run was cut
            while batch := list(islice(found, ROWS_AT_ONCE)):
                done += self._store_batch(scope, batch)
        except BadSnapshotError:
            self._give_up(scope)
            return 0
        self._close(scope, reader.end)
        return done

    def _content(self, scope: str) -> bytes:
        rows = self._db.rows("SELECT content FROM snapshot_piece WHERE scope_id = ? ORDER BY at_byte", scope)
        return b"".join(bytes(content) for (content,) in rows)

    def _store_batch(self, scope: str, batch: list[Row]) -> int:
        with self._store.transaction():
            row = self._scope(scope)
            written = write_rows(self._store, scope, row.gen, row.total, batch, of_before=True)
            self._db.execute_sql("UPDATE sync_scope SET sum = ? WHERE scope_id = ?", (str(written.total), scope))
            self._db.execute_sql("UPDATE snapshot SET applied = applied + ? WHERE scope_id = ?", (len(batch), scope))
        return len(batch)

    def _close(self, scope: str, end: SnapshotEnd | None) -> None:
        with self._store.transaction():
            if end is None or end.scope != scope:
                self._give_up(scope)
                return
            head, link = self._proof(self._scope(scope), end.seq, end.chain)
            self._db.execute_sql(
                "UPDATE sync_scope SET seq = ?, head_seen = ?, chain_seen = ? WHERE scope_id = ?",
                (end.seq, head, link, scope),
            )
            self._drop_snapshot(scope)

    def _give_up(self, scope: str) -> None:
        """What was stored of a file that is not sound is downloaded anew."""
        with self._store.transaction():
            self._start_over("scope_id = ?", scope)
