"""Records, intake and feed; every method works as far as the Reach that it was made with goes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from peewee import EXCLUDED

from kube_field.server.storage.double_rows import DoubleRows
from kube_field.server.storage.reading import ScopeReading
from kube_field.server.storage.record_rows import (
    Decision,
    Event,
    LastEdit,
    Stored,
    Writing,
    decision_of,
    intake_row,
    record_row,
    stored_of,
)
from kube_field.server.storage.tables import (
    BlobLink,
    Feed,
    Held,
    Intake,
    RecordVersion,
    ScopeHead,
    ScopeIndex,
    StoredRecord,
)
from kube_field.wire import chain

CHUNK = 400
"""Rows in one INSERT: far below the parameter limits of both databases."""


class RecordStore(ScopeReading):
    """Repository of records for one Reach."""

    # what is known

    def lock(self, uids: Iterable[str], shared: Iterable[str] = ()) -> None:
        """Nobody else decides about these records before this transaction ends.

        The `shared` ones may be leaned on by others at the same time, but nobody changes or moves them.
        """
        self._database.lock_uids(uids, shared)

    def lock_marks(self, marks: Iterable[str]) -> None:
        """Nobody else compares what is found under these marks before this transaction ends."""
        self._database.lock_marks(marks)

    def doubles(self) -> DoubleRows:
        """Possible doubles and merges, in the same transaction."""
        return DoubleRows(self._database)

    def existing(self, uids: Sequence[str]) -> set[str]:
        """Those of the uids that are records."""
        found: set[str] = set()
        for part in _chunks(uids):
            query = StoredRecord.select(StoredRecord.uid).where(StoredRecord.uid.in_(part))
            found.update(uid for (uid,) in query.tuples().execute(self._db))
        return found

    def decided(self, change_ids: Sequence[str]) -> dict[str, Decision]:
        """What became of changes that arrived before."""
        found: dict[str, Decision] = {}
        for part in _chunks(change_ids):
            for row in Intake.select().where(Intake.change_id.in_(part)).dicts().execute(self._db):
                found[row["change_id"]] = decision_of(row)
        return found

    def records(self, uids: Sequence[str]) -> dict[str, Stored]:
        """Records by uid."""
        found: dict[str, Stored] = {}
        for part in _chunks(uids):
            for row in StoredRecord.select().where(StoredRecord.uid.in_(part)).dicts().execute(self._db):
                found[row["uid"]] = stored_of(row)
        return found

    def waiting_for(self, uids: Sequence[str]) -> dict[str, list[Decision]]:
        """Changes that wait for these records, by the record, oldest first."""
        found: dict[str, list[Decision]] = {}
        for part in _chunks(uids):
            query = (
                Intake.select(Intake, Held.waits_for)
                .join(Held, on=(Held.change_id == Intake.change_id))
                .where(Held.waits_for.in_(part))
                .order_by(Held.since, Intake.change_id)
            )
            for row in query.dicts().execute(self._db):
                waits_for = row.pop("waits_for")
                found.setdefault(waits_for, []).append(decision_of(row))
        return found

    def edits_after(self, uid: str, version: int) -> list[dict[str, Any]]:
        """What was changed in a record since a version, newest first: field to [old, new]."""
        query = (
            RecordVersion.select(RecordVersion.sets)
            .where((RecordVersion.uid == uid) & (RecordVersion.version > version))
            .order_by(RecordVersion.version.desc())
        )
        return [json.loads(sets) for (sets,) in query.tuples().execute(self._db)]

    def last_edits(self, uid: str, names: Sequence[str]) -> dict[str, LastEdit]:
        """The newest edit of each of these fields of a record; under "" its newest version."""
        query = RecordVersion.select().where(RecordVersion.uid == uid).order_by(RecordVersion.version.desc())
        found: dict[str, LastEdit] = {}
        for row in query.dicts().execute(self._db):
            edit = LastEdit(row["author_uid"], row["at"])
            found.setdefault("", edit)
            sets = json.loads(row["sets"])
            for name in names:
                if name in sets:
                    found.setdefault(name, edit)
            if len(found) > len(set(names) - {""}):
                break
        return found

    def author_of(self, uid: str, version: int) -> str:
        """Who made a version of a record; "" when there is no such version."""
        query = RecordVersion.select(RecordVersion.author_uid).where(
            (RecordVersion.uid == uid) & (RecordVersion.version == version)
        )
        return next((str(author) for (author,) in query.tuples().execute(self._db)), "")

    def hanging_on(self, uids: Sequence[str]) -> list[str]:
        """Uids of the records that hang on these: facts of a record, members of a family or group, conflicts."""
        found: list[str] = []
        for part in _chunks(uids):
            query = StoredRecord.select(StoredRecord.uid).where(StoredRecord.subject_uid.in_(part))
            found += [uid for (uid,) in query.order_by(StoredRecord.uid).tuples().execute(self._db)]
        return found

    def left(self, uid: str) -> list[tuple[str, int]]:
        """The scopes that a record left for another, with its first version elsewhere."""
        query = ScopeIndex.select(ScopeIndex.scope, ScopeIndex.version).where(
            (ScopeIndex.uid == uid) & (ScopeIndex.state == "exit")
        )
        return [(str(scope), int(version)) for scope, version in query.tuples().execute(self._db)]

    # writing one batch

    def write(self, work: Writing, *, now: str) -> None:
        """Write all of a batch; the scope heads are locked last, in the order of the scopes (sync design 5)."""
        times = {"received_at": now, "decided_at": now}
        self._insert(Intake, [{**intake_row(item), **times} for item in work.decisions.values()])
        for item in work.redecided.values():
            Intake.update(status=item.status, result=item.result, decided_at=now, decided_by=item.decided_by).where(
                Intake.change_id == item.change_id
            ).execute(self._db)
        self._write_held(work, now)
        self._write_records(work, now)
        self._write_links(work)
        for scope in sorted({event.scope for event in work.events}):
            self._write_scope(scope, [event for event in work.events if event.scope == scope], work, now)

    def _write_held(self, work: Writing, now: str) -> None:
        for part in _chunks(work.released):
            Held.delete().where(Held.change_id.in_(part)).execute(self._db)
        rows = [{"change_id": name, "waits_for": uid, "since": now} for name, uid in work.held.items()]
        for part in _chunks(rows):
            Held.insert_many(part).on_conflict(
                conflict_target=[Held.change_id], update={Held.waits_for: EXCLUDED.waits_for}
            ).execute(self._db)

    def _write_records(self, work: Writing, now: str) -> None:
        changed: list[Any] = [
            StoredRecord.version,
            StoredRecord.scope,
            StoredRecord.body,
            StoredRecord.extra,
            StoredRecord.sha256,
            StoredRecord.deleted,
            StoredRecord.author_uid,
            StoredRecord.subject_uid,
            StoredRecord.updated_at,
            StoredRecord.merged_into,
        ]
        replaced = {column: getattr(EXCLUDED, column.name) for column in changed}
        rows = [{**record_row(record), "updated_at": now} for record in work.records.values()]
        for part in _chunks(rows):
            StoredRecord.insert_many(part).on_conflict(conflict_target=[StoredRecord.uid], update=replaced).execute(
                self._db
            )
        self._insert(
            RecordVersion,
            [
                {
                    "uid": step.uid,
                    "version": step.version,
                    "change_id": step.change_id,
                    "sets": step.sets,
                    "author_uid": step.author_uid,
                    "device_id": step.device_id,
                    "at": now,
                    "reason": step.reason,
                }
                for step in work.steps
            ],
        )

    def _write_links(self, work: Writing) -> None:
        rows = [
            {"sha256": sha256, "uid": uid, "scope": scope, "mime": mime, "named_by": named_by}
            for (sha256, uid), (scope, mime, named_by) in work.photos.items()
        ]
        for part in _chunks(rows):
            BlobLink.insert_many(part).on_conflict_ignore().execute(self._db)

    def _write_scope(self, scope: str, events: Sequence[Event], work: Writing, now: str) -> None:
        head, tail, total = self._lock_head(scope)
        feed: list[dict[str, Any]] = []
        index: dict[str, dict[str, Any]] = {}
        for seq, event in enumerate(events, start=head + 1):
            tail = chain.link(tail, scope, seq, event.uid, event.version, event.change_id)
            named = {"scope": scope, "seq": seq, "uid": event.uid, "version": event.version}
            feed.append({**named, "change_id": event.change_id, "chain": tail, "at": now})
            index[event.uid] = {**named, "kind": event.kind, "state": event.state}
        for uid, row in index.items():
            stood_in, version = work.before[uid]
            total = chain.replaced(
                total, uid, version if stood_in == scope else 0, int(row["version"]) if row["state"] == "put" else 0
            )
        self._insert(Feed, feed)
        replaced: list[Any] = [ScopeIndex.seq, ScopeIndex.version, ScopeIndex.state]
        for part in _chunks(list(index.values())):
            ScopeIndex.insert_many(part).on_conflict(
                conflict_target=[ScopeIndex.scope, ScopeIndex.uid],
                update={column: getattr(EXCLUDED, column.name) for column in replaced},
            ).execute(self._db)
        ScopeHead.update(head=head + len(events), chain=tail, sum=str(total)).where(ScopeHead.scope == scope).execute(
            self._db
        )

    def _lock_head(self, scope: str) -> tuple[int, str, int]:
        ScopeHead.insert(scope=scope, head=0, chain=chain.GENESIS, sum="0").on_conflict_ignore().execute(self._db)
        query = self._database.for_update(ScopeHead.select().where(ScopeHead.scope == scope))
        row = next(iter(query.dicts().execute(self._db)))
        return int(row["head"]), str(row["chain"]), int(row["sum"])

    def _insert(self, table: Any, rows: Sequence[dict[str, Any]]) -> None:
        for part in _chunks(rows):
            table.insert_many(part).execute(self._db)


def _chunks(items: Sequence[Any]) -> list[list[Any]]:
    return [list(items[at : at + CHUNK]) for at in range(0, len(items), CHUNK)]
