"""Drafts and their last five versions."""

from __future__ import annotations

import json
from dataclasses import replace

from kube_field.domain.records import Draft, RecordKind
from kube_field.sqlite.driver import Database
from kube_field.storage.rows import draft_of, draft_row, dump
from kube_field.storage.tables import DraftTable, DraftVersionTable

KEPT_VERSIONS = 5


class DraftRepository:
    """Unfinished forms of one laptop."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, uid: str) -> Draft | None:
        """The draft with this uid."""
        return self._first(DraftTable.uid == uid)

    def of_record(self, record_uid: str) -> Draft | None:
        """The newest draft that edits or creates this record."""
        return self._first(DraftTable.record_uid == record_uid)

    def of_subject(self, subject_uid: str, kind: RecordKind) -> list[Draft]:
        """Drafts of one kind about this record, newest first."""
        return self._listed((DraftTable.subject_uid == subject_uid) & (DraftTable.kind == kind.value))

    def listed(self) -> list[Draft]:
        """All drafts, the last saved first."""
        return self._listed(DraftTable.uid != "")

    def versions(self, uid: str) -> list[Draft]:
        """The kept versions of a draft, newest first."""
        draft = self.get(uid)
        if draft is None:
            return []
        rows = (
            DraftVersionTable.select()
            .where(DraftVersionTable.draft == uid)
            .order_by(DraftVersionTable.id.desc())
            .execute(self._db)
        )
        return [replace(draft, answers=json.loads(row.answers), updated_at=row.updated_at) for row in rows]

    def put(self, draft: Draft) -> None:
        """Store the draft and this version of it; called inside a transaction."""
        self._db.put_row("draft", draft_row(draft))
        version = {"draft_uid": draft.uid, "updated_at": draft.updated_at, "answers": dump(draft.answers)}
        self._db.insert_row("draft_version", version)
        self._db.execute_sql(
            "DELETE FROM draft_version WHERE draft_uid = ? AND id NOT IN"
            " (SELECT id FROM draft_version WHERE draft_uid = ? ORDER BY id DESC LIMIT ?)",
            (draft.uid, draft.uid, KEPT_VERSIONS),
        )

    def remove(self, uid: str) -> None:
        """Forget a draft and its versions; called inside a transaction."""
        DraftTable.delete().where(DraftTable.uid == uid).execute(self._db)

    def _first(self, condition: object) -> Draft | None:
        found = self._listed(condition)
        return found[0] if found else None

    def _listed(self, condition: object) -> list[Draft]:
        order = (DraftTable.updated_at.desc(), DraftTable.uid.desc())
        rows = DraftTable.select().where(condition).order_by(*order).execute(self._db)
        return [draft_of(row) for row in rows]
