"""What an export reads: whole lists as uids in their order, then the records page by page, and what is told of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from kube_field.domain.document_state import Standing
from kube_field.domain.records import EDITABLE_KINDS, Fact, Record, RecordKind
from kube_field.domain.views import DocumentFilter, GroupFilter, PersonFilter
from kube_field.sqlite.driver import Database
from kube_field.storage import document_queries, queries
from kube_field.storage.duplicates import standing_in, uids_under
from kube_field.storage.facts import BY_DAY, NEWEST
from kube_field.storage.queries import AMONG
from kube_field.storage.rows import dump, fact_of, record_of

EVERYTHING = -1
"""SQLite's word for no limit."""
ORDER = {
    RecordKind.PERSON: "full_name, uid",
    RecordKind.HOUSEHOLD: "village_code, head_name, uid",
    RecordKind.KUBE_GROUP: "name, uid",
    RecordKind.MEMBERSHIP: "group_id, joined_on, uid",
    RecordKind.BUSINESS_UNIT: "village_code, business_name, uid",
    RecordKind.TRAINING_EVENT: "starts_on, uid",
}
"""In which order the records of a kind stand; the others by uid."""


class SelectionRepository:
    """Reads of one laptop for sheets."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def everything(self, kind: RecordKind) -> list[str]:
        """Uids of all records of a kind, of documents the newest revisions."""
        if kind in EDITABLE_KINDS:
            return self._uids(f"SELECT uid FROM {kind.value} WHERE deleted = 0 ORDER BY {ORDER.get(kind, 'uid')}")
        return self._uids(f"SELECT f.uid FROM fact f WHERE f.kind = ? AND {NEWEST} ORDER BY {BY_DAY}", kind.value)

    def people(self, wanted: PersonFilter) -> list[str]:
        """Everybody whom the list of people would show without a limit."""
        conditions, parameters = queries.person_conditions(wanted)
        return self._uids(f"SELECT p.uid FROM person p {conditions} ORDER BY p.full_name, p.uid", *parameters)

    def groups(self, wanted: GroupFilter) -> list[str]:
        """Every group that the list of groups would show without a limit."""
        conditions, parameters = queries.group_conditions(wanted)
        return self._uids(f"SELECT g.uid FROM kube_group g {conditions} ORDER BY g.name, g.uid", *parameters)

    def documents(self, wanted: DocumentFilter, kind: RecordKind) -> list[str]:
        """Every final document of one kind that the list of documents would show without a limit."""
        subjects = uids_under(self._db, wanted.subject_uid) if wanted.subject_uid else []
        sql, parameters = document_queries.chosen(replace(wanted, kind=kind, limit=EVERYTHING), subjects)
        return self._uids(f"SELECT uid FROM ({sql})", *parameters)

    def hanging_on(self, kind: RecordKind, column: str, uids: Sequence[str]) -> list[str]:
        """Uids of the records of a kind whose reference column names one of these; of facts the newest revisions."""
        if kind in EDITABLE_KINDS:
            order = ORDER.get(kind, "uid")
            sql = f"SELECT uid FROM {kind.value} WHERE deleted = 0 AND {column} {AMONG} ORDER BY {order}"
            return self._uids(sql, dump(list(uids)))
        sql = f"SELECT f.uid FROM fact f WHERE f.{column} {AMONG} AND f.kind = ? AND {NEWEST} ORDER BY {BY_DAY}"
        return self._uids(sql, dump(list(uids)), kind.value)

    def records(self, kind: RecordKind, uids: Sequence[str]) -> list[Record]:
        """These records in this order; one that is gone is left out."""
        rows = self._db.named_rows(f"SELECT * FROM {kind.value} WHERE uid {AMONG} AND deleted = 0", dump(list(uids)))
        found = {row["uid"]: record_of(row, kind) for row in rows}
        return [found[uid] for uid in uids if uid in found]

    def facts(self, uids: Sequence[str]) -> list[Fact]:
        """These facts in this order; one that is gone is left out."""
        rows = self._db.named_rows(f"SELECT f.* FROM fact f WHERE f.uid {AMONG}", dump(list(uids)))
        found = {row["uid"]: fact_of(row) for row in rows}
        return [found[uid] for uid in uids if uid in found]

    def standings(self, uids: Sequence[str]) -> dict[str, Standing]:
        """What decides the chip of each of these facts."""
        columns = document_queries.STANDING_COLUMNS.format(uid="f.uid")
        rows = self._db.rows(f"SELECT f.uid, {columns} FROM fact f WHERE f.uid {AMONG}", dump(list(uids)))
        return {row[0]: document_queries.standing_of(row[1:]) for row in rows}

    def titles(self, uids: Sequence[str]) -> dict[str, str]:
        """Under which names people find these records, whatever their kind."""
        return self._pairs(f"SELECT uid, title FROM search_entry WHERE uid {AMONG}", dump(list(uids)))

    def niks(self, uids: Sequence[str]) -> dict[str, str]:
        """NIK of these people, also by the uid of a record that was merged into theirs."""
        sql = f"""SELECT w.value, p.nik FROM json_each(?) w JOIN person p ON p.uid = {standing_in("w.value")}
          WHERE p.nik <> ''"""
        return self._pairs(sql, dump(list(uids)))

    def families(self, people: Sequence[str]) -> dict[str, str]:
        """(uid of the person: uid of the family that stands) of these people."""
        sql = f"""SELECT p.uid, h.uid FROM person p JOIN household h ON h.uid = {standing_in("p.household_id")}
          WHERE p.uid {AMONG}"""
        return self._pairs(sql, dump(list(people)))

    def _uids(self, sql: str, *parameters: Any) -> list[str]:
        return [row[0] for row in self._db.rows(sql, *parameters)]

    def _pairs(self, sql: str, *parameters: Any) -> dict[str, str]:
        return dict(self._db.rows(sql, *parameters))
