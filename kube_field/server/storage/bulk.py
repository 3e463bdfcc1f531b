"""Many new facts into the database: one look-up and one statement per table, whatever their number.

PostgreSQL takes them by COPY, SQLite by one prepared statement. The caller holds the transaction; the order is that of
sync design 5: intake, records, history, then the scope heads in the order of the scopes, feed and index.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from kube_field.server.storage.database import ServerDatabase
from kube_field.wire import chain
from kube_field.wire.messages import Fed

INTAKE = (
    "change_id", "uid", "device_id", "sender_uid", "author_uid", "received_at", "body", "sha256", "status", "result",
    "decided_at",
)  # fmt: skip
RECORD = (
    "uid", "kind", "scope", "version", "subject_uid", "occurred_on", "author_uid", "body", "extra", "sha256", "deleted",
    "updated_at",
)  # fmt: skip
VERSION = ("uid", "version", "change_id", "sets", "author_uid", "device_id", "at", "reason")
FEED = ("scope", "seq", "uid", "version", "change_id", "chain", "at")
INDEX = ("scope", "uid", "seq", "version", "kind", "state")
LINK = ("sha256", "uid", "scope", "mime", "named_by")
FIRST = 1
"""The version of a fact, for ever."""
NOTHING = "{}"
STANDS = "put"


@dataclass(frozen=True, slots=True)
class FactRows:
    """What is stored of one new fact; `raw`, `body` and `result` are JSON text, `photos` are (sha256, MIME type)."""

    change_id: str
    uid: str
    kind: str
    scope: str
    subject_uid: str
    occurred_on: str
    by: str
    author_uid: str
    reason: str
    sha256: str
    raw: str
    body: str
    result: str
    photos: tuple[tuple[str, str], ...] = ()


class BulkFacts:
    """Looks up and writes whole batches of new facts."""

    def __init__(self, database: ServerDatabase) -> None:
        self._database = database

    def lock(self, uids: Iterable[str]) -> None:
        """Nobody changes or moves these records, or begins to wait for them, before this transaction ends."""
        self._database.lock_uids((), shared=uids)

    def scopes_of(self, uids: Sequence[str]) -> dict[str, str]:
        """Scope of each of these records that is there, and was not erased."""
        query = "SELECT uid, scope FROM record WHERE kind <> 'erased' AND uid"
        return {str(uid): str(scope) for uid, scope in self._known(query, uids)}

    def erased(self, uids: Sequence[str]) -> bool:
        """True when one of these records was erased, whether a row of it is left or not."""
        return bool(self._known("SELECT uid FROM erased WHERE uid", uids))

    def arrived_before(self, change_ids: Sequence[str]) -> bool:
        """True when one of these changes is known already."""
        return bool(self._known("SELECT change_id FROM intake WHERE change_id", change_ids))

    def waited_for(self, uids: Sequence[str]) -> bool:
        """True when a held change waits for one of these records."""
        return bool(self._known("SELECT waits_for FROM held WHERE waits_for", uids))

    def add(self, facts: Sequence[FactRows], *, device_id: str, sender_uid: str, now: str) -> list[Fed]:
        """Write new facts in this order into everything that tells of them; how far the feeds went by it."""
        self._database.copy_rows("intake", INTAKE, (_intake(fact, device_id, sender_uid, now) for fact in facts))
        self._database.copy_rows("record", RECORD, (_record(fact, now) for fact in facts))
        self._database.copy_rows("record_version", VERSION, (_version(fact, device_id, now) for fact in facts))
        self._link(
            [(sha256, fact.uid, fact.scope, mime, fact.author_uid) for fact in facts for sha256, mime in fact.photos]
        )
        scopes = sorted({fact.scope for fact in facts})
        return [self._tell(scope, [fact for fact in facts if fact.scope == scope], now) for scope in scopes]

    def _tell(self, scope: str, facts: Sequence[FactRows], now: str) -> Fed:
        """Append to the scope's feed; its head is locked from here to the commit."""
        head, tail, total = self._lock_head(scope)
        feed, index = [], []
        for seq, fact in enumerate(facts, start=head + 1):
            tail = chain.link(tail, scope, seq, fact.uid, FIRST, fact.change_id)
            total = chain.replaced(total, fact.uid, 0, FIRST)
            feed.append((scope, seq, fact.uid, FIRST, fact.change_id, tail, now))
            index.append((scope, fact.uid, seq, FIRST, fact.kind, STANDS))
        self._database.copy_rows("feed", FEED, feed)
        self._database.copy_rows("scope_index", INDEX, index)
        fed = Fed(scope=scope, before=head, head=head + len(facts), chain=tail, sum=str(total))
        statement = "UPDATE scope_head SET head = ?, chain = ?, sum = ? WHERE scope = ?"
        self._run(statement, fed.head, fed.chain, fed.sum, scope)
        return fed

    def _lock_head(self, scope: str) -> tuple[int, str, int]:
        start = "INSERT INTO scope_head (scope, head, chain, sum) VALUES (?, 0, ?, '0') ON CONFLICT (scope) DO NOTHING"
        self._run(start, scope, chain.GENESIS)
        lock = " FOR UPDATE" if self._database.is_postgres else ""
        row = self._run(f"SELECT head, chain, sum FROM scope_head WHERE scope = ?{lock}", scope).fetchone()
        return int(row[0]), str(row[1]), int(row[2])

    def _link(self, links: Sequence[tuple[str, ...]]) -> None:
        if links:
            statement = f"INSERT INTO blob_link ({', '.join(LINK)}) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
            self._database.each(statement, links)

    def _known(self, select: str, names: Sequence[str]) -> list[tuple[Any, ...]]:
        """Rows whose last named column is one of the names, in one query whatever their number."""
        if self._database.is_postgres:
            return list(self._database.run(f"{select} = ANY(%s)", list(names)).fetchall())
        listed = json.dumps(list(names))
        return list(self._database.run(f"{select} IN (SELECT value FROM json_each(?))", listed).fetchall())

    def _run(self, sql: str, *parameters: Any) -> Any:
        return self._database.run(self._spelled(sql), *parameters)

    def _spelled(self, sql: str) -> str:
        return sql.replace("?", "%s") if self._database.is_postgres else sql


def _intake(fact: FactRows, device_id: str, sender_uid: str, now: str) -> tuple[Any, ...]:
    return (
        fact.change_id, fact.uid, device_id, sender_uid, fact.by, now, fact.raw, fact.sha256, "applied", fact.result,
        now,
    )  # fmt: skip


def _record(fact: FactRows, now: str) -> tuple[Any, ...]:
    return (
        fact.uid, fact.kind, fact.scope, FIRST, fact.subject_uid, fact.occurred_on, fact.author_uid, fact.body, NOTHING,
        fact.sha256, 0, now,
    )  # fmt: skip


def _version(fact: FactRows, device_id: str, now: str) -> tuple[Any, ...]:
    """History: what a fact holds stands in its record, so there is nothing to repeat."""
    return (fact.uid, FIRST, fact.change_id, NOTHING, fact.author_uid, device_id, now, fact.reason)
