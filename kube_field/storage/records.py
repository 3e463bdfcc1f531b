"""Editable records by uid and by header column."""

from __future__ import annotations

from typing import Any

from kube_field.domain.records import Record, RecordKind
from kube_field.sqlite.driver import Database
from kube_field.storage.headers import reference_uid
from kube_field.storage.rows import record_of, record_row
from kube_field.storage.tables import EDITABLE_TABLES


class RecordRepository:
    """Editable records of one laptop."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, uid: str) -> Record | None:
        """The record with this uid, whatever its kind, a deleted one too."""
        for kind, table in EDITABLE_TABLES.items():
            for row in table.select().where(table.uid == uid).execute(self._db):
                return record_of(row, kind)
        return None

    def where(self, kind: RecordKind, **header: Any) -> list[Record]:
        """Records of one kind that are not deleted and whose header columns equal the given values.

        A reference may be given as its uid or as its answer.
        """
        table = EDITABLE_TABLES[kind]
        query = table.select().where(table.deleted == False)  # noqa: E712 - peewee builds SQL from it
        for name, value in header.items():
            wanted = reference_uid(value) if isinstance(value, dict) else value
            query = query.where(table._meta.fields[name] == wanted)
        return [record_of(row, kind) for row in query.order_by(table.uid).execute(self._db)]

    def put(self, record: Record) -> None:
        """Insert or replace a record; called inside a transaction."""
        self._db.put_row(record.kind.value, record_row(record))

    def remove(self, uid: str, kind: RecordKind) -> None:
        """Take a record off this laptop; called inside a transaction."""
        table = EDITABLE_TABLES[kind]
        table.delete().where(table.uid == uid).execute(self._db)
