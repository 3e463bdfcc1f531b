"""Edits of this laptop that the server joined with those of others, without any field being in question."""

from __future__ import annotations

import json

from kube_field.domain.conflict_views import JoinedEdit
from kube_field.sqlite.driver import Database

JOINED = """
SELECT o.receipt_at, o.by_uid, coalesce(s.full_name, ''), c.sets_json
FROM outbox o JOIN outbox_content c ON c.n = o.n LEFT JOIN staff s ON s.uid = o.by_uid
WHERE o.uid = ?1 AND o.state = 'acked' AND o.status = 'merged' AND o.result_version - o.base_version - 1 >
  (SELECT count(DISTINCT p.result_version) FROM outbox p WHERE p.uid = ?1 AND p.state = 'acked'
   AND p.result_version > o.base_version AND p.result_version < o.result_version)
ORDER BY o.n
"""
"""Between the version that the author saw and the one that came of it lies one that nobody here made."""
LATER = """
SELECT coalesce(s.full_name, '') FROM sync_base b LEFT JOIN staff s ON s.uid = b.author
WHERE b.uid = ?1 AND b.version > (SELECT max(o.result_version) FROM outbox o WHERE o.uid = ?1 AND o.state = 'acked')
  AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.uid = ?1 AND o.by_uid = b.author)
"""
"""Who wrote the newest version, where it is a later one than ours and the work of somebody else."""


def joined_edits(db: Database, uid: str) -> list[JoinedEdit]:
    """Edits of this record that were joined with what somebody else had written before, the oldest first."""
    return [JoinedEdit(at, by, name, tuple(json.loads(sets))) for at, by, name, sets in db.rows(JOINED, uid)]


def edited_later_by(db: Database, uid: str) -> str | None:
    """The name of whoever edited the record after the edits of this laptop, as far as known; None when nobody did."""
    return next((str(name) for (name,) in db.rows(LATER, uid)), None)
