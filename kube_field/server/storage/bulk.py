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
from kube_field.server.storage.heads import Head, keep_head, lock_head
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
NEW_LINK = "INSERT INTO blob_link (sha256, uid, scope, mime, named_by) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
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

    def existing(self, uids: Sequence[str]) -> set[str]:
        """Those of the uids that are records, erased ones too; nothing has to be locked for it."""
        return {str(uid) for (uid,) in self._known("SELECT uid FROM record WHERE uid", uids)}

    def prepare(self, facts: Sequence[FactRows], *, device_id: str, sender_uid: str, now: str) -> NewFacts:
        """New facts that are to be written in this order."""
        return NewFacts(self._database, facts, device_id, sender_uid, now)

    def _known(self, select: str, names: Sequence[str]) -> list[tuple[Any, ...]]:
        """Rows whose last named column is one of the names, in one query whatever their number."""
        if self._database.is_postgres:
            return list(self._database.run(f"{select} = ANY(%s)", list(names)).fetchall())
        listed = json.dumps(list(names))
        return list(self._database.run(f"{select} IN (SELECT value FROM json_each(?))", listed).fetchall())


class NewFacts:
    """Facts on their way into everything that tells of them; `fed` says afterwards how far the feeds went by it."""

    def __init__(
        self, database: ServerDatabase, facts: Sequence[FactRows], device_id: str, sender_uid: str, now: str
    ) -> None:
        self.fed: list[Fed] = []
        self.scopes = {fact.scope for fact in facts}
        self._database = database
        self._facts = facts
        self._device_id = device_id
        self._sender_uid = sender_uid
        self._now = now

    def write(self) -> None:
        """Write them where nothing else is written with them."""
        self.write_rows()
        for scope in sorted(self.scopes):
            head = lock_head(self._database, scope)
            self.append(head)
            keep_head(self._database, head)

    def write_rows(self) -> None:
        """Everything but the feeds."""
        facts, now = self._facts, self._now
        copy_rows = self._database.copy_rows
        copy_rows("intake", INTAKE, (_intake(fact, self._device_id, self._sender_uid, now) for fact in facts))
        copy_rows("record", RECORD, (_record(fact, now) for fact in facts))
        copy_rows("record_version", VERSION, (_version(fact, self._device_id, now) for fact in facts))
        links = [
            (sha256, fact.uid, fact.scope, mime, fact.author_uid) for fact in facts for sha256, mime in fact.photos
        ]
        if links:
            self._database.each(NEW_LINK, links)

    def append(self, head: Head) -> None:
        """Tell of those that lie in a scope, whose head is locked."""
        before, feed, index = head.seq, [], []
        for fact in self._facts:
            if fact.scope == head.scope:
                head.append(fact.uid, FIRST, fact.change_id)
                head.replace(fact.uid, 0, FIRST)
                feed.append((fact.scope, head.seq, fact.uid, FIRST, fact.change_id, head.chain, self._now))
                index.append((fact.scope, fact.uid, head.seq, FIRST, fact.kind, STANDS))
        if feed:
            self._database.copy_rows("feed", FEED, feed)
            self._database.copy_rows("scope_index", INDEX, index)
            self.fed.append(Fed(scope=head.scope, before=before, head=head.seq, chain=head.chain, sum=str(head.sum)))


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
