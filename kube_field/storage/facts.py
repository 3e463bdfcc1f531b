"""Insert-only records; a newest revision is one that no other revision of its document follows."""

from __future__ import annotations

from typing import Any

from peewee import fn

from kube_field.domain.records import Fact, RecordKind
from kube_field.sqlite.driver import Database
from kube_field.storage.rows import fact_of, fact_row
from kube_field.storage.tables import FactTable


class FactRepository:
    """Facts of one laptop."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, uid: str) -> Fact | None:
        """The fact with this uid."""
        found = self._listed(FactTable.uid == uid)
        return found[0] if found else None

    def of_subject(self, subject_uid: str, kind: RecordKind) -> list[Fact]:
        """Newest revisions of one kind about this record, oldest day first."""
        later = FactTable.alias()
        follows = later.select(later.uid).where(
            (later.document_id == FactTable.document_id) & (later.revision > FactTable.revision)
        )
        newest = (FactTable.document_id == "") | ~fn.EXISTS(follows)
        return self._listed((FactTable.subject_uid == subject_uid) & (FactTable.kind == kind.value) & newest)

    def of_kind(self, kind: RecordKind) -> list[Fact]:
        """Every revision of every fact of one kind, oldest day first."""
        return self._listed(FactTable.kind == kind.value)

    def revisions(self, document_id: str) -> list[Fact]:
        """All revisions of a document, the first one first."""
        return self._listed(FactTable.document_id == document_id, FactTable.revision)

    def by_number(self, number: str) -> list[Fact]:
        """Facts that carry this document number, revisions in order."""
        return self._listed(FactTable.number == number, FactTable.revision)

    def insert(self, fact: Fact, *, version: int = 0) -> None:
        """Add a fact; called inside a transaction."""
        self._db.insert_row("fact", fact_row(fact, version=version))

    def remove(self, uid: str) -> None:
        """Take a fact off this laptop; called inside a transaction."""
        FactTable.delete().where(FactTable.uid == uid).execute(self._db)

    def _listed(self, condition: Any, *order: Any) -> list[Fact]:
        by = order or (FactTable.occurred_on, FactTable.finalised_at, FactTable.uid)
        return [fact_of(row) for row in FactTable.select().where(condition).order_by(*by).execute(self._db)]
