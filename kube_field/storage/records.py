"""Editable records by uid and by header column."""

from __future__ import annotations

from typing import Any

from kube_field.domain.records import Record, RecordKind
from kube_field.errors import BugError
from kube_field.sqlite.driver import Database
from kube_field.storage.duplicates import is_one_of
from kube_field.storage.headers import reference_uid
from kube_field.storage.rows import record_of, record_row
from kube_field.storage.tables import EDITABLE_TABLES
from kube_field.wire.server_words import ServerKind

REFERENCE = "_id"
"""How the columns end that name another record."""
COMMON = "uid, scope, form_version, version, answers, extra, deleted, updated_at, updated_by"
BY_UID = (
    "WITH wanted AS (SELECT ? AS uid) "
    + " UNION ALL ".join(
        f"SELECT '{kind.value}' AS kind, {COMMON} FROM {kind.value} JOIN wanted USING (uid)" for kind in EDITABLE_TABLES
    )
    + " LIMIT 1"
)
"""A uid belongs to one record of any kind: one look into each table's key, all in one query."""


class RecordRepository:
    """Editable records of one laptop."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, uid: str) -> Record | None:
        """The record with this uid, whatever its kind, a deleted one too."""
        rows = self._db.named_rows(BY_UID, uid)
        return record_of(rows[0], RecordKind(rows[0]["kind"])) if rows else None

    def where(self, kind: RecordKind, **header: Any) -> list[Record]:
        """Records of one kind that are not deleted and whose header columns equal the given values.

        A reference may be given as its uid or as its answer; what names a record that was merged into that one counts
        too. Raises: BugError for a column that the kind has not.
        """
        columns = EDITABLE_TABLES[kind]._meta.columns
        if unknown := header.keys() - columns.keys():
            raise BugError(f"{kind} has no column {', '.join(sorted(unknown))}")
        conditions, values = "", []
        for name, value in header.items():
            if name.endswith(REFERENCE):
                condition, wanted = is_one_of(self._db, name, reference_uid(value))
            else:
                condition, wanted = f"{name} = ?", [value]
            conditions += f" AND {condition}"
            values += wanted
        sql = f"SELECT * FROM {kind.value} WHERE deleted = 0{conditions} ORDER BY uid"
        return [record_of(row, kind) for row in self._db.named_rows(sql, *values)]

    def was_erased(self, uid: str) -> bool:
        """True when the server's last word about a record is that it was erased."""
        return bool(self._db.value("SELECT 1 FROM sync_base WHERE uid = ? AND kind = ?", uid, ServerKind.ERASED.value))

    def put(self, record: Record) -> None:
        """Insert or replace a record; called inside a transaction."""
        self._db.put_row(record.kind.value, record_row(record))

    def remove(self, uid: str, kind: RecordKind) -> None:
        """Take a record off this laptop; called inside a transaction."""
        self._db.execute_sql(f"DELETE FROM {kind.value} WHERE uid = ?", (uid,))
