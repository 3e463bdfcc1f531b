"""Drafts and their last five versions."""

from __future__ import annotations

import json
from dataclasses import replace

from kube_field.domain.records import Draft, RecordKind
from kube_field.sqlite.driver import Database
from kube_field.storage.duplicates import is_one_of
from kube_field.storage.rows import draft_of, draft_row, dump

KEPT_VERSIONS = 5


class DraftRepository:
    """Unfinished forms of one laptop."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, uid: str) -> Draft | None:
        """The draft with this uid."""
        return self._first("uid = ?", uid)

    def of_record(self, record_uid: str) -> Draft | None:
        """The newest draft that edits or creates this record."""
        return self._first("record_uid = ?", record_uid)

    def of_subject(self, subject_uid: str, kind: RecordKind) -> list[Draft]:
        """Drafts of one kind about this record, also by a name that was merged into it, newest first."""
        about, uids = is_one_of(self._db, "subject_uid", subject_uid)
        return self._listed(f"{about} AND kind = ?", *uids, kind.value)

    def listed(self) -> list[Draft]:
        """All drafts, the last saved first."""
        return self._listed("1")

    def versions(self, uid: str) -> list[Draft]:
        """The kept versions of a draft, newest first."""
        draft = self.get(uid)
        if draft is None:
            return []
        rows = self._db.rows("SELECT answers, updated_at FROM draft_version WHERE draft_uid = ? ORDER BY id DESC", uid)
        return [replace(draft, answers=json.loads(answers), updated_at=at) for answers, at in rows]

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
        self._db.execute_sql("DELETE FROM draft WHERE uid = ?", (uid,))

    def _first(self, condition: str, *values: str) -> Draft | None:
        found = self._listed(condition, *values)
        return found[0] if found else None

    def _listed(self, condition: str, *values: str) -> list[Draft]:
        sql = f"SELECT * FROM draft WHERE {condition} ORDER BY updated_at DESC, uid DESC"
        return [draft_of(row) for row in self._db.named_rows(sql, *values)]
