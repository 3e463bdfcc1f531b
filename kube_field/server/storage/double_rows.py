"""The index of marks, the cases about possible doubles, and what each merge did."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from peewee import fn

from kube_field.server.storage.database import ServerDatabase
from kube_field.server.storage.record_rows import Stored, stored_of
from kube_field.server.storage.tables import DupCase, Merge, RecordMark, ServerMeta, StoredRecord

KEY = "doubles_key"
LOOKED_UNTIL = "doubles_until"
"""Names, among the values of the installation, of the secret and of how far old records have been looked at."""
MOST_ALIKE = 50
"""So many records under one mark are compared: a number that everybody types would open cases without end."""
OPEN, MERGED, DIFFERENT, GONE = "open", "merged", "different", "gone"


@dataclass(frozen=True, slots=True)
class Case:
    """Two records that may be one: `one` and `other` in alphabetical order, why, and what was decided."""

    id: str
    record_kind: str
    reason: str
    one: str
    other: str
    state: str = OPEN
    scopes: tuple[str, ...] = ()
    kept: str = ""
    merged: str = ""
    decided_by: str = ""
    decided_at: str = ""


@dataclass(frozen=True, slots=True)
class MergeDone:
    """What a merge did, so that it can be taken back."""

    change_id: str
    case_id: str
    kept: str
    merged: str
    scope: str
    version: int
    taken: dict[str, list[Any]] = field(default_factory=dict)
    conflicts: list[str] = field(default_factory=list)
    undone_by: str = ""
    at: str = ""


class DoubleRows:
    """Repository of doubles and merges; inside the caller's transaction."""

    def __init__(self, database: ServerDatabase) -> None:
        self._database = database
        self._db = database.db

    def secret(self) -> bytes:
        """The key of this installation's marks."""
        return bytes.fromhex(self._meta(KEY))

    # marks

    def marks_of(self, uids: Sequence[str]) -> dict[str, set[str]]:
        """The marks that are kept of these records."""
        found: dict[str, set[str]] = {}
        rows = RecordMark.select().where(RecordMark.uid.in_(list(uids))).dicts().execute(self._db)
        for row in rows:
            found.setdefault(row["uid"], set()).add(row["mark"])
        return found

    def holders(self, marks: Sequence[str]) -> dict[str, list[str]]:
        """Who is found under these marks, at most 50 each."""
        place = fn.ROW_NUMBER().over(partition_by=[RecordMark.mark], order_by=[RecordMark.uid])
        ranked = RecordMark.select(RecordMark.mark, RecordMark.uid, place.alias("place"))
        ranked = ranked.where(RecordMark.mark.in_(list(marks)))
        query = ranked.select_from(ranked.c.mark, ranked.c.uid).where(ranked.c.place <= MOST_ALIKE)
        found: dict[str, list[str]] = {mark: [] for mark in marks}
        for mark, uid in query.tuples().execute(self._db):
            found[str(mark)].append(str(uid))
        return found

    def put_marks(self, gone: Iterable[tuple[str, str]], fresh: Iterable[tuple[str, str]]) -> None:
        """Take (mark, uid) pairs out and put others in."""
        for mark, uid in gone:
            RecordMark.delete().where((RecordMark.mark == mark) & (RecordMark.uid == uid)).execute(self._db)
        rows = [{"mark": mark, "uid": uid} for mark, uid in fresh]
        if rows:
            RecordMark.insert_many(rows).on_conflict_ignore().execute(self._db)

    # cases and merges

    def cases_of(self, uids: Sequence[str]) -> list[Case]:
        """Every case in which one of these records is."""
        wanted = list(uids)
        rows = DupCase.select().where(DupCase.one.in_(wanted) | DupCase.other.in_(wanted)).dicts().execute(self._db)
        return [_case(row) for row in rows]

    def case(self, name: str) -> Case | None:
        """One case."""
        rows = DupCase.select().where(DupCase.id == name).dicts().execute(self._db)
        return next((_case(row) for row in rows), None)

    def standing_merge(self, one: str, other: str) -> MergeDone | None:
        """The merge of two records that was not taken back, whichever was kept."""
        query = Merge.select().where(_of_both(one, other) & (Merge.undone_by == ""))
        return next((_merge(row) for row in query.order_by(Merge.at.desc()).dicts().execute(self._db)), None)

    def merges_into(self, kept: str) -> list[MergeDone]:
        """Every merge into a record, those that were taken back too."""
        query = Merge.select().where(Merge.kept == kept).order_by(Merge.at)
        return [_merge(row) for row in query.dicts().execute(self._db)]

    def was_merged(self, one: str, other: str) -> bool:
        """True when there ever was a merge of these two records."""
        query = Merge.select(Merge.change_id).where(_of_both(one, other)).limit(1)
        return any(True for _row in query.tuples().execute(self._db))

    def put_case(self, case: Case) -> None:
        """Store a case as it stands now."""
        row = {name: getattr(case, name) for name in Case.__slots__} | {"scopes": json.dumps(case.scopes)}
        update = {name: value for name, value in row.items() if name != "id"}
        DupCase.insert(**row).on_conflict(conflict_target=[DupCase.id], update=update).execute(self._db)

    def put_merge(self, merge: MergeDone) -> None:
        """Store a merge as it stands now."""
        row = {name: getattr(merge, name) for name in MergeDone.__slots__}
        row |= {"taken": json.dumps(merge.taken, ensure_ascii=False), "conflicts": json.dumps(merge.conflicts)}
        update = {"undone_by": merge.undone_by}
        Merge.insert(**row).on_conflict(conflict_target=[Merge.change_id], update=update).execute(self._db)

    # records from before there was an index

    def looked_until(self) -> str | None:
        """The last record that was looked at, "" before the first; None when all of them were."""
        found = self._meta(LOOKED_UNTIL)
        return None if found == "*" else found

    def now_looked_until(self, uid: str) -> None:
        """Remember how far it went; "*" when there is no more."""
        ServerMeta.insert(name=LOOKED_UNTIL, value=uid).on_conflict(
            conflict_target=[ServerMeta.name], update={ServerMeta.value: uid}
        ).execute(self._db)

    def next_records(self, after: str, kinds: Sequence[str], limit: int) -> list[Stored]:
        """The next records of these kinds in the order of their ids."""
        query = StoredRecord.select().where((StoredRecord.uid > after) & StoredRecord.kind.in_(list(kinds)))
        return [stored_of(row) for row in query.order_by(StoredRecord.uid).limit(limit).dicts().execute(self._db)]

    def _meta(self, name: str) -> str:
        rows = ServerMeta.select(ServerMeta.value).where(ServerMeta.name == name).tuples().execute(self._db)
        return next((str(value) for (value,) in rows), "")


def _of_both(one: str, other: str) -> Any:
    """The merges of two records, whichever was kept."""
    pair = [one, other]
    return Merge.kept.in_(pair) & Merge.merged.in_(pair)


def _case(row: dict[str, Any]) -> Case:
    return Case(**{**row, "scopes": tuple(json.loads(row["scopes"]))})


def _merge(row: dict[str, Any]) -> MergeDone:
    known = {**row, "version": int(row["version"])}
    return MergeDone(**{**known, "taken": json.loads(row["taken"]), "conflicts": json.loads(row["conflicts"])})
