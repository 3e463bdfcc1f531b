"""Possible doubles and merged records as pages see them; `spoken_words` takes the words of the server over."""

from __future__ import annotations

import json
from typing import Any

from kube_field.domain.double_views import DuplicateRow, MergeRow
from kube_field.domain.records import RecordKind
from kube_field.sqlite.driver import Database

OPEN = """
SELECT uid, record_kind, uids, reason, elsewhere, case_id FROM duplicate
WHERE state = 'open' AND record_kind IN ('person', 'household') ORDER BY case_id, uid
"""
MERGED = """
SELECT min(d.uid), d.record_kind, d.kept, d.merged, d.reason, d.decided_by, d.decided_at, d.case_id,
  EXISTS (SELECT 1 FROM alias l WHERE l.old = d.kept AND l.undone = 0)
FROM duplicate d JOIN alias a ON a.old = d.merged AND a.new = d.kept AND a.undone = 0
WHERE d.state = 'merged' AND d.record_kind IN ('person', 'household')
GROUP BY d.kept, d.merged ORDER BY d.decided_at DESC, d.uid
"""
ON_THE_WAY = """
SELECT json_extract(f.answers, '$.duplicate'), f.decision FROM fact f JOIN outbox o ON o.uid = f.uid
WHERE f.kind = 'merge_decision' AND o.state <> 'attention' AND f.uid NOT IN (SELECT uid FROM sync_base)
ORDER BY o.n
"""
"""Decisions made here that have not come back from the server yet; then the word itself tells."""
STANDING = """
WITH RECURSIVE way (uid, step) AS (
  SELECT ?, 0 UNION ALL SELECT a.new, way.step + 1 FROM way JOIN alias a ON a.old = way.uid
  WHERE a.undone = 0 AND way.step < 20)
SELECT uid FROM way ORDER BY step DESC LIMIT 1
"""
UNDER = """
WITH RECURSIVE under (uid, step) AS (
  SELECT ?, 0 UNION SELECT a.old, under.step + 1 FROM under JOIN alias a ON a.new = under.uid
  WHERE a.undone = 0 AND under.step < 20)
SELECT DISTINCT uid FROM under
"""


def open_duplicate_rows(db: Database) -> list[DuplicateRow]:
    """Undecided doubles of people and families, one row per case, whatever the number of areas that it touches."""
    deciding = _on_the_way(db)
    rows: dict[str, DuplicateRow] = {}
    for uid, kind, uids, reason, elsewhere, case in db.rows(OPEN):
        row = DuplicateRow(
            uid, RecordKind(kind), tuple(json.loads(uids)), reason, bool(elsewhere), case, deciding.get(uid, "")
        )
        rows[case or uid] = _joined(rows[case], row) if case and case in rows else row
    return sorted(rows.values(), key=lambda row: row.uid)


def merge_rows(db: Database) -> list[MergeRow]:
    """Merges that stand, the newest first."""
    deciding = _on_the_way(db)
    return [_merge(row, deciding) for row in db.rows(MERGED)]


def standing_uid(db: Database, uid: str) -> str:
    """The record that stands for this one: itself, or the one that it was merged into."""
    return str(db.value(STANDING, uid))


def uids_under(db: Database, uid: str) -> list[str]:
    """This record and all those that are seen under it since they were merged into it."""
    return [str(found) for (found,) in db.rows(UNDER, uid)]


def is_one_of(db: Database, column: str, uid: str) -> tuple[str, list[str]]:
    """A condition for rows whose column names this record or one that is seen under it, and its parameters."""
    uids = uids_under(db, uid)
    return f"{column} IN ({', '.join('?' * len(uids))})", uids


def standing_in(column: str) -> str:
    """SQL for the record that stands for the one in a column, over at most two merges: for names beside many rows."""
    return (
        "coalesce((SELECT coalesce(a2.new, a1.new) FROM alias a1 LEFT JOIN alias a2 ON a2.old = a1.new"
        f" AND a2.undone = 0 WHERE a1.old = {column} AND a1.undone = 0), {column})"
    )


def _joined(one: DuplicateRow, other: DuplicateRow) -> DuplicateRow:
    """The words of two areas about one case, on a laptop that has both."""
    uids = tuple(dict.fromkeys([*one.uids, *other.uids]))
    return DuplicateRow(one.uid, one.kind, uids, one.reason, len(uids) < 2, one.case, one.deciding or other.deciding)


def _merge(row: tuple[Any, ...], deciding: dict[str, str]) -> MergeRow:
    uid, kind, kept, merged, reason, by, at, case, blocked = row
    return MergeRow(
        uid=uid,
        kind=RecordKind(kind),
        kept=kept,
        merged=merged,
        reason=reason,
        decided_by=by,
        decided_at=at,
        case=case,
        deciding=deciding.get(uid, ""),
        blocked=bool(blocked),
    )


def _on_the_way(db: Database) -> dict[str, str]:
    return {str(duplicate): str(decision) for duplicate, decision in db.rows(ON_THE_WAY)}
