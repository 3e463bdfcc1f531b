"""Records that the server holds for possible doubles, as pages see them; `spoken_words` takes the words over."""

from __future__ import annotations

import json

from kube_field.domain.records import RecordKind
from kube_field.domain.views import DuplicateRow
from kube_field.sqlite.driver import Database

OPEN = (
    "SELECT uid, record_kind, uids, reason, elsewhere FROM duplicate"
    " WHERE state = 'open' AND record_kind IN ('person', 'household') ORDER BY uid"
)


def open_duplicate_rows(db: Database) -> list[DuplicateRow]:
    """Undecided doubles of people and families in the order of their ids."""
    return [
        DuplicateRow(uid, RecordKind(kind), tuple(json.loads(uids)), reason, bool(elsewhere))
        for uid, kind, uids, reason, elsewhere in db.rows(OPEN)
    ]
