"""What a laptop may read of a scope: heads, the chain, pages of rows; every method works as far as its Reach goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from peewee import JOIN, fn

from kube_field.server.policy import Reach
from kube_field.server.storage.database import ServerDatabase
from kube_field.server.storage.record_rows import Page, row_of
from kube_field.server.storage.tables import ScopeHead, ScopeIndex
from kube_field.wire import chain
from kube_field.wire.columns import MAX_TABLE_ROWS
from kube_field.wire.messages import Row

PAGE_ROWS = MAX_TABLE_ROWS
PUT, EXIT = "put", "exit"
ROWS = """
SELECT i.uid, i.seq, i.version, i.kind, i.state, r.body, r.extra, r.author_uid, r.sha256
FROM scope_index i JOIN record r ON r.uid = i.uid WHERE i.scope = ?
"""
"""The rows of a scope with their records."""
MISSING = """
SELECT DISTINCT l.sha256 FROM blob_link l
LEFT JOIN blob b ON b.sha256 = l.sha256
LEFT JOIN blob_holder h ON h.sha256 = l.sha256 AND h.user_uid = l.named_by
WHERE (b.sha256 IS NULL OR h.sha256 IS NULL) AND l.sha256 NOT IN (SELECT sha256 FROM blob_refused)
"""
"""Photos that are not here, or that whoever named them never showed to have; none that was refused."""
LOST = """
SELECT DISTINCT x.sha256, r.scope FROM blob_lost x
JOIN blob_link l ON l.sha256 = x.sha256
JOIN record r ON r.uid = l.uid
WHERE x.sha256 NOT IN (SELECT sha256 FROM blob_refused)
"""
"""Photos that were here once, and where they are read."""
SHELVES = "64.__:%"
"""Scopes of restricted facts, beside the area that they belong to."""


class ScopeReading:
    """The reading side of the repository of records, for one Reach."""

    def __init__(self, database: ServerDatabase, scope: Reach) -> None:
        self._database = database
        self._db = database.db
        self.scope = scope

    def heads(self, scopes: Sequence[str]) -> dict[str, int]:
        """Newest sequence number of the scopes that the officer may read."""
        wanted = [scope for scope in scopes if self.scope.may_read(scope)]
        query = f"SELECT scope, head FROM scope_head WHERE {self._database.among('scope')}"
        found = dict(self._database.rows(query, self._database.listed(wanted)))
        return {scope: int(found.get(scope, 0)) for scope in wanted}

    def shelves(self) -> list[str]:
        """The scopes of restricted facts that may be read."""
        found = self._database.rows("SELECT scope FROM scope_head WHERE scope LIKE ?", SHELVES)
        return sorted(scope for (scope,) in found if self.scope.may_read(scope))

    def chain_at(self, scope: str, seq: int) -> str | None:
        """The chain at a sequence number; None where the feed does not reach so far."""
        if seq == 0:
            return chain.GENESIS
        found = self._database.value("SELECT chain FROM feed WHERE scope = ? AND seq = ?", scope, seq)
        return None if found is None else str(found)

    def page(self, scope: str, after: int, max_bytes: int) -> Page:
        """The rows of a scope after a cursor, each record once in its newest state, up to so many bytes.

        A laptop that has nothing yet is not told what left. An empty page for a scope that the officer may not read;
        the route refuses before.
        """
        top = self._top(scope)
        if top is None:
            return Page([], after, 0, chain.GENESIS, "0", False)
        found = self._rows_after(scope, after)
        fitting = _fitting(found, max_bytes)
        more = len(fitting) < len(found) or len(found) == PAGE_ROWS
        seq = int(fitting[-1]["seq"]) if more else int(top["head"])
        rows = [_row(row) for row in fitting if after or row["state"] == PUT]
        return Page(rows, seq, int(top["head"]), str(top["chain"]), str(top["sum"]), more)

    def fetch(self, scope: str, uids: Sequence[str], after: int, max_bytes: int) -> Page:
        """Only these records of a scope, in their newest state there; `more` when not all of them fitted in."""
        top = self._top(scope)
        if top is None:
            return Page([], after, 0, chain.GENESIS, "0", False)
        query = f"{ROWS} AND {self._database.among('i.uid')} ORDER BY i.seq"
        found = self._database.named_rows(query, scope, self._database.listed(uids))
        fitting = _fitting(found, max_bytes)
        more = len(fitting) < len(found)
        return Page([_row(row) for row in fitting], after, int(top["head"]), str(top["chain"]), str(top["sum"]), more)

    def digest(self, scope: str, sums: Sequence[int]) -> tuple[Page, dict[str, list[tuple[str, int]]]]:
        """The standing records of those parts of a scope whose sum is another one here: one scan of its index."""
        top = self._top(scope)
        if top is None:
            return Page([], 0, 0, chain.GENESIS, "0", False), {}
        parts: list[list[tuple[str, int]]] = [[] for _bucket in sums]
        ours = [0] * len(sums)
        query = "SELECT uid, version FROM scope_index WHERE scope = ? AND state = ?"
        for uid, version in self._database.rows(query, scope, PUT):
            at = chain.bucket(uid)
            parts[at].append((uid, int(version)))
            ours[at] = chain.replaced(ours[at], uid, 0, int(version))
        page = Page([], 0, int(top["head"]), str(top["chain"]), str(top["sum"]), False)
        return page, {str(at): sorted(parts[at]) for at, total in enumerate(sums) if total != ours[at]}

    def standing(self, scope: str) -> Iterator[Row]:
        """Every standing record of a scope in the order of the feed; to be read inside one transaction."""
        after = 0
        while rows := self._rows_after(scope, after) if self.scope.may_read(scope) else []:
            yield from (_row(row) for row in rows if row["state"] == PUT)
            after = int(rows[-1]["seq"])

    def sizes(self) -> list[tuple[str, int, int]]:
        """Scope, head and number of standing records of every scope that may be read."""
        query = (
            ScopeHead.select(ScopeHead.scope, ScopeHead.head, fn.COUNT(ScopeIndex.uid))
            .join(ScopeIndex, JOIN.LEFT_OUTER, on=((ScopeIndex.scope == ScopeHead.scope) & (ScopeIndex.state == PUT)))
            .group_by(ScopeHead.scope, ScopeHead.head)
            .order_by(ScopeHead.scope)
        )
        rows = query.tuples().execute(self._db)
        return [(scope, int(head), int(count)) for scope, head, count in rows if self.scope.may_read(scope)]

    def missing_photos(self, author_uids: Sequence[str], limit: int, start: str = "") -> list[str]:
        """Photos that these authors named and that never arrived whole, or not from their laptops; none refused.

        Those from the hash `start` on come first: with another one each time, none waits behind what nobody has.
        """
        query = f"{MISSING} AND {self._database.among('l.named_by')}"
        found: list[str] = []
        for part in (">=", "<"):
            rows = self._database.rows(
                f"{query} AND l.sha256 {part} ? ORDER BY l.sha256 LIMIT {limit - len(found)}",
                self._database.listed(author_uids),
                start,
            )
            found += [str(name) for (name,) in rows]
        return found

    def lost_photos(self, limit: int, start: str = "") -> list[str]:
        """Photos that were here once, of records that may be read: any laptop may have the last copy; from `start` on.

        Hardly ever are there any, so all of them are looked at.
        """
        rows = self._database.rows(f"{LOST} ORDER BY x.sha256")
        names = list(dict.fromkeys(str(name) for name, scope in rows if self.scope.may_read(str(scope))))
        return sorted(names, key=lambda name: (name < start, name))[:limit]

    def top(self, scope: str) -> tuple[int, str, str]:
        """Head, chain and sum of a scope."""
        row = self._top(scope)
        return (int(row["head"]), str(row["chain"]), str(row["sum"])) if row else (0, chain.GENESIS, "0")

    def _top(self, scope: str) -> dict[str, Any] | None:
        if not self.scope.may_read(scope):
            return None
        query = "SELECT scope, head, chain, sum FROM scope_head WHERE scope = ?"
        return next(iter(self._database.named_rows(query, scope)), None)

    def _rows_after(self, scope: str, after: int) -> list[dict[str, Any]]:
        query = f"{ROWS} AND i.seq > ? ORDER BY i.seq LIMIT {PAGE_ROWS}"
        return self._database.named_rows(query, scope, after)


def _fitting(found: Sequence[dict[str, Any]], max_bytes: int) -> list[dict[str, Any]]:
    """The first rows that fit into so many bytes, one at least."""
    rows: list[dict[str, Any]] = []
    used = 0
    for row in found:
        used += len(row["body"]) + len(row["extra"]) if row["state"] == PUT else 0
        if rows and used > max_bytes:
            break
        rows.append(row)
    return rows


def _row(row: dict[str, Any]) -> Row:
    """A row as it travels; of a record that left, nothing of what it is now elsewhere."""
    if row["state"] != PUT:
        return Row(uid=row["uid"], seq=int(row["seq"]), v=int(row["version"]), k=row["kind"], st=row["state"])
    return row_of(row)
