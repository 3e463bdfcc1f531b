"""Insert-only records; a newest revision is one that no other revision of its document follows."""

from __future__ import annotations

from kube_field.domain.records import Fact, RecordKind
from kube_field.sqlite.driver import Database
from kube_field.storage.duplicates import is_one_of
from kube_field.storage.rows import fact_of, fact_row

BY_DAY = "f.occurred_on, f.finalised_at, f.uid"
NEWEST = """(f.document_id = '' OR NOT EXISTS
  (SELECT 1 FROM fact l WHERE l.document_id = f.document_id AND l.revision > f.revision))"""


class FactRepository:
    """Facts of one laptop."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, uid: str) -> Fact | None:
        """The fact with this uid."""
        found = self._listed("f.uid = ?", uid)
        return found[0] if found else None

    def of_subject(self, subject_uid: str, kind: RecordKind) -> list[Fact]:
        """Newest revisions of one kind about this record, also by a name that was merged into it, oldest day first.

        The plus keeps SQLite from walking through every fact of the kind in the order of days.
        """
        about, uids = is_one_of(self._db, "f.subject_uid", subject_uid)
        return self._listed(f"{about} AND +f.kind = ? AND {NEWEST}", *uids, kind.value)

    def of_kind(self, kind: RecordKind) -> list[Fact]:
        """Every revision of every fact of one kind, oldest day first."""
        return self._listed("f.kind = ?", kind.value)

    def of_month(self, kind: RecordKind, month: str, area: str) -> list[Fact]:
        """Newest revisions of one kind whose day is in a month (YYYY-MM) and whose scope lies in an area, by day."""
        condition = f"f.kind = ? AND f.occurred_on BETWEEN ? AND ? AND f.scope BETWEEN ? AND ? AND {NEWEST}"
        return self._listed(condition, kind.value, month, f"{month}-99", area, f"{area}~")

    def revisions(self, document_id: str) -> list[Fact]:
        """All revisions of a document, the first one first."""
        return self._listed("f.document_id = ?", document_id, order="f.revision")

    def by_number(self, number: str) -> list[Fact]:
        """Facts that carry this document number, revisions in order."""
        return self._listed("f.number = ?", number, order="f.revision")

    def insert(self, fact: Fact) -> None:
        """Add a fact; called inside a transaction."""
        self._db.insert_row("fact", fact_row(fact))

    def remove(self, uid: str) -> None:
        """Take a fact off this laptop; called inside a transaction."""
        self._db.execute_sql("DELETE FROM fact WHERE uid = ?", (uid,))

    def _listed(self, condition: str, *values: str, order: str = BY_DAY) -> list[Fact]:
        sql = f"SELECT f.* FROM fact f WHERE {condition} ORDER BY {order}"
        return [fact_of(row) for row in self._db.named_rows(sql, *values)]
