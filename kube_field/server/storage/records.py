"""Records, intake and feed; every method works as far as the Reach that it was made with goes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from kube_field.server.storage.bulk import NewFacts
from kube_field.server.storage.double_rows import DoubleRows
from kube_field.server.storage.erasure_rows import ErasureRows
from kube_field.server.storage.heads import Head, keep_head, lock_head
from kube_field.server.storage.lives import HEARD, Lives
from kube_field.server.storage.reading import ScopeReading
from kube_field.server.storage.record_rows import (
    Decision,
    Event,
    LastEdit,
    Step,
    Stored,
    Told,
    Writing,
    decision_of,
    intake_row,
    record_row,
    stored_of,
)

DECISION, STORED = ", ".join(Decision.__slots__), ", ".join(Stored.__slots__)
STEP = ", ".join(Step.__slots__)
WAITING = f"""
SELECT {DECISION}, waits_for
FROM intake JOIN (SELECT change_id AS waiting, waits_for, since, place FROM held) h ON waiting = change_id
"""
CHANGING = (
    "version",
    "scope",
    "body",
    "extra",
    "sha256",
    "deleted",
    "author_uid",
    "subject_uid",
    "updated_at",
    "merged_into",
)
"""Columns of a record that a new version may change."""
IF_MISSING = "ON CONFLICT DO NOTHING"


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
        query = f"SELECT uid FROM record WHERE {self._database.among('uid')}"
        return {str(uid) for (uid,) in self._database.rows(query, self._database.listed(uids))}

    def decided(self, change_ids: Sequence[str]) -> dict[str, Decision]:
        """What became of changes that arrived before."""
        query = f"SELECT {DECISION} FROM intake WHERE {self._database.among('change_id')}"
        rows = self._database.named_rows(query, self._database.listed(change_ids))
        return {str(row["change_id"]): decision_of(row) for row in rows}

    def records(self, uids: Sequence[str]) -> dict[str, Stored]:
        """Records by uid."""
        query = f"SELECT {STORED} FROM record WHERE {self._database.among('uid')}"
        rows = self._database.named_rows(query, self._database.listed(uids))
        return {str(row["uid"]): stored_of(row) for row in rows}

    def erased(self, uids: Sequence[str]) -> set[str]:
        """Which of these records were erased."""
        return ErasureRows(self._database).erased(uids)

    def waiting_for(self, uids: Sequence[str]) -> dict[str, list[Decision]]:
        """Changes that wait for these records, by the record, in the order of their arrival."""
        found: dict[str, list[Decision]] = {}
        query = f"{WAITING} WHERE {self._database.among('waits_for')} ORDER BY since, place, change_id"
        for row in self._database.named_rows(query, self._database.listed(uids)):
            found.setdefault(str(row["waits_for"]), []).append(decision_of(row))
        return found

    def set_aside_about(self, parent: str, kind: str) -> list[Decision]:
        """Changes of a kind about this record that somebody has to look at, oldest first."""
        aside = "SELECT change_id FROM aside WHERE parent = ? AND kind = ?"
        query = f"SELECT {DECISION} FROM intake WHERE status = ? AND change_id IN ({aside}) ORDER BY decided_at"
        return [decision_of(row) for row in self._database.named_rows(query, "quarantined", parent, kind)]

    def was_set_aside(self, uids: Sequence[str], author_uid: str, change_id: str) -> bool:
        """True when a change of one of these records by this officer waits to be looked at, or was decided by hand.

        So too when another one than `change_id` failed, or waits for a record.
        """
        query = (
            f"SELECT 1 FROM intake WHERE {self._database.among('uid')}"
            " AND (author_uid = ? OR author_uid IN (SELECT alias_uid FROM author_alias WHERE user_uid = ?))"
            " AND (decided_by <> '' OR status = 'quarantined'"
            " OR (status IN ('failed', 'held') AND change_id <> ?)) LIMIT 1"
        )
        return bool(self._database.rows(query, self._database.listed(uids), author_uid, author_uid, change_id))

    def changes_of(self, uid: str) -> dict[str, Decision]:
        """What came about a record, whatever became of it, by id, in the order of arrival."""
        query = f"SELECT {DECISION} FROM intake WHERE uid = ? ORDER BY received_at, change_id"
        return {str(row["change_id"]): decision_of(row) for row in self._database.named_rows(query, uid)}

    def steps_after(self, uid: str, version: int) -> list[Step]:
        """The versions of a record after this one, newest first."""
        query = f"SELECT {STEP} FROM record_version WHERE uid = ? AND version > ? ORDER BY version DESC"
        return [Step(**row) for row in self._database.named_rows(query, uid, version)]

    def was_put_back(self) -> bool:
        """True when the server was ever put back: what a version holds, and what its author saw, may be two things."""
        return bool(self._database.rows("SELECT 1 FROM lineage WHERE number > (SELECT min(number) FROM lineage)"))

    def is_other_life(self, epoch: str) -> bool:
        """True when the server was put back since the life that is named; "" names none."""
        life = Lives(self._database).current() if epoch else None
        return life is not None and life.epoch != epoch

    def version_before_put_back(self, uid: str) -> int:
        """The newest version of a record that was there when the server was first put back; 0 without one.

        Of which life a laptop speaks nobody knows here: since then the same number may have stood for another edit.
        None counts where nobody knows when that was.
        """
        query = (
            "SELECT max(version) FROM record_version WHERE uid = ? AND at <"
            " (SELECT min(CASE WHEN reason = ? THEN '' ELSE started_at END) FROM lineage"
            " WHERE number > (SELECT min(number) FROM lineage))"
        )
        return int(self._database.value(query, uid, HEARD) or 0)

    def seen_under(self, uid: str) -> set[str]:
        """The records that were merged into one."""
        query = "SELECT uid FROM record WHERE subject_uid = ? AND merged_into = ?"
        return {str(found) for (found,) in self._database.rows(query, uid, uid)}

    def bodies_since(self, uids: Sequence[str], at: str) -> list[dict[str, Any]]:
        """The changes of these records that were accepted since an instant, as they came; oldest first."""
        rows = self._database.rows(
            f"SELECT body FROM intake WHERE {self._database.among('uid')} AND decided_at >= ?"
            " AND status IN ('applied', 'merged', 'conflict') ORDER BY decided_at, change_id",
            self._database.listed(uids),
            at,
        )
        return [json.loads(body) for (body,) in rows]

    def last_edits(self, uid: str, names: Sequence[str]) -> dict[str, LastEdit]:
        """The newest edit of each of these fields of a record; under "" its newest version."""
        query = "SELECT author_uid, at, sets FROM record_version WHERE uid = ? ORDER BY version DESC"
        found: dict[str, LastEdit] = {}
        for author_uid, at, told in self._database.rows(query, uid):
            edit = LastEdit(author_uid, at)
            found.setdefault("", edit)
            sets = json.loads(told)
            for name in names:
                if name in sets:
                    found.setdefault(name, edit)
            if len(found) > len(set(names) - {""}):
                break
        return found

    def author_of(self, uid: str, version: int) -> str:
        """Who made a version of a record; "" when there is no such version."""
        query = "SELECT author_uid FROM record_version WHERE uid = ? AND version = ?"
        return str(self._database.value(query, uid, version) or "")

    def hanging_on(self, uids: Sequence[str]) -> list[str]:
        """Uids of the records that hang on these: facts of a record, members of a family or group, conflicts."""
        query = f"SELECT uid FROM record WHERE {self._database.among('subject_uid')} ORDER BY uid"
        return [str(uid) for (uid,) in self._database.rows(query, self._database.listed(uids))]

    def left(self, uid: str) -> list[tuple[str, int]]:
        """The scopes that a record left for another, with its first version elsewhere."""
        query = "SELECT scope, version FROM scope_index WHERE uid = ? AND state = 'exit'"
        return [(str(scope), int(version)) for scope, version in self._database.rows(query, uid)]

    # writing one batch

    def write(self, work: Writing, *, now: str, facts: NewFacts | None = None) -> None:
        """Write all of a batch and the new facts that came beside it, its feeds last (sync design 5)."""
        self._write_intake(work, now)
        self._write_held(work, now)
        self._write_aside(work, now)
        self._write_records(work, now)
        self._write_links(work)
        if facts is not None:
            facts.write_rows()
        for scope in sorted({event.scope for event in work.events}.union(facts.scopes if facts else ())):
            head = lock_head(self._database, scope)
            self._append(head, [event for event in work.events if event.scope == scope], work, now)
            if facts is not None:
                facts.append(head)
            keep_head(self._database, head)

    def _write_intake(self, work: Writing, now: str) -> None:
        times = {"received_at": now, "decided_at": now}
        self._database.add_rows("intake", [{**intake_row(item), **times} for item in work.decisions.values()])
        update = "UPDATE intake SET status = ?, result = ?, decided_at = ?, decided_by = ? WHERE change_id = ?"
        for item in work.redecided.values():
            self._database.tell(update, item.status, item.result, now, item.decided_by, item.change_id)
        for name, body in work.retold.items():
            self._database.tell("UPDATE intake SET body = ? WHERE change_id = ?", body, name)
        if work.emptied:
            ErasureRows(self._database).empty_changes(work.emptied)

    def _write_held(self, work: Writing, now: str) -> None:
        if released := [name for name in work.released if name not in work.held]:
            delete = f"DELETE FROM held WHERE {self._database.among('change_id')}"
            self._database.tell(delete, self._database.listed(released))
        waiting = enumerate(work.held.items())
        rows = [{"change_id": name, "waits_for": uid, "since": now, "place": n} for n, (name, uid) in waiting]
        self._database.add_rows("held", rows, _replacing("change_id", ("waits_for",)))

    def _write_aside(self, work: Writing, now: str) -> None:
        settled = [name for name, told in work.aside.items() if told is None]
        if settled:
            delete = f"DELETE FROM aside WHERE {self._database.among('change_id')}"
            self._database.tell(delete, self._database.listed(settled))
        waiting = ((name, told) for name, told in work.aside.items() if told is not None)
        rows = [
            {"change_id": name, "since": now, **{part: getattr(told, part) for part in Told.__slots__}}
            for name, told in waiting
        ]
        self._database.add_rows("aside", rows, _replacing("change_id", Told.__slots__))

    def _write_records(self, work: Writing, now: str) -> None:
        rows = [{**record_row(record), "updated_at": now} for record in work.records.values()]
        self._database.add_rows("record", rows, _replacing("uid", CHANGING))
        self._database.add_rows(
            "record_version",
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
        self._database.add_rows("blob_link", rows, IF_MISSING)

    def _append(self, head: Head, events: Sequence[Event], work: Writing, now: str) -> None:
        feed: list[dict[str, Any]] = []
        index: dict[str, dict[str, Any]] = {}
        for event in events:
            head.append(event.uid, event.version, event.change_id)
            named = {"scope": head.scope, "seq": head.seq, "uid": event.uid, "version": event.version}
            feed.append({**named, "change_id": event.change_id, "chain": head.chain, "at": now})
            index[event.uid] = {**named, "kind": event.kind, "state": event.state}
        for uid, row in index.items():
            stood_in, version = work.before[uid]
            head.replace(
                uid, version if stood_in == head.scope else 0, int(row["version"]) if row["state"] == "put" else 0
            )
        self._database.add_rows("feed", feed)
        replacing = _replacing("scope, uid", ("seq", "version", "state"))
        self._database.add_rows("scope_index", list(index.values()), replacing)


def _replacing(keys: str, columns: Sequence[str]) -> str:
    """What becomes of a row that is there: these columns are brought up to date."""
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns)
    return f"ON CONFLICT ({keys}) DO UPDATE SET {changes}"
