"""What a laptop may read of a scope: heads, the chain, pages of rows; every method works as far as its Reach goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kube_field.server.policy import Reach
from kube_field.server.storage.database import ServerDatabase
from kube_field.server.storage.record_rows import Page, row_of
from kube_field.server.storage.tables import Feed, ScopeHead, ScopeIndex, StoredRecord
from kube_field.wire import chain
from kube_field.wire.messages import Row

PAGE_ROWS = 1000


class ScopeReading:
    """The reading side of the repository of records, for one Reach."""

    def __init__(self, database: ServerDatabase, scope: Reach) -> None:
        self._database = database
        self._db = database.db
        self.scope = scope

    def heads(self, scopes: Sequence[str]) -> dict[str, int]:
        """Newest sequence number of the scopes that the officer may read."""
        wanted = [scope for scope in scopes if self.scope.may_read(scope)]
        rows = ScopeHead.select().where(ScopeHead.scope.in_(wanted)).dicts().execute(self._db)
        found = {row["scope"]: int(row["head"]) for row in rows}
        return {scope: found.get(scope, 0) for scope in wanted}

    def chain_at(self, scope: str, seq: int) -> str | None:
        """The chain at a sequence number; None where the feed does not reach so far."""
        if seq == 0:
            return chain.GENESIS
        query = Feed.select(Feed.chain).where((Feed.scope == scope) & (Feed.seq == seq))
        return next((str(found) for (found,) in query.tuples().execute(self._db)), None)

    def page(self, scope: str, after: int, max_bytes: int) -> Page:
        """The rows of a scope after a cursor, each record once in its newest state, up to so many bytes.

        An empty page for a scope that the officer may not read; the route refuses before.
        """
        if not self.scope.may_read(scope):
            return Page([], after, 0, chain.GENESIS, "0", False)
        head_row = next(iter(ScopeHead.select().where(ScopeHead.scope == scope).dicts().execute(self._db)), None)
        if head_row is None:
            return Page([], after, 0, chain.GENESIS, "0", False)
        head = int(head_row["head"])
        found = self._rows_after(scope, after)
        rows: list[Row] = []
        used = 0
        for row in found:
            used += len(row["body"]) + len(row["extra"])
            if rows and used > max_bytes:
                break
            rows.append(row_of(row))
        more = len(rows) < len(found) or len(found) == PAGE_ROWS
        seq = rows[-1].seq if more else head
        return Page(rows, seq, head, str(head_row["chain"]), str(head_row["sum"]), more)

    def _rows_after(self, scope: str, after: int) -> list[dict[str, Any]]:
        query = (
            ScopeIndex.select(
                ScopeIndex.uid,
                ScopeIndex.seq,
                ScopeIndex.version,
                ScopeIndex.kind,
                ScopeIndex.state,
                StoredRecord.body,
                StoredRecord.extra,
                StoredRecord.author_uid,
                StoredRecord.sha256,
            )
            .join(StoredRecord, on=(StoredRecord.uid == ScopeIndex.uid))
            .where((ScopeIndex.scope == scope) & (ScopeIndex.seq > after))
            .order_by(ScopeIndex.seq)
            .limit(PAGE_ROWS)
        )
        return list(query.dicts().execute(self._db))
