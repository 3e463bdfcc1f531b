"""Which changes the server took in which run: what the "buku serah terima" lists."""

from __future__ import annotations

import json

from kube_field.domain.records import RecordKind
from kube_field.domain.views import HandedOver
from kube_field.sqlite.driver import Database

OF_RUN = """
WITH taken AS (
  SELECT n, uid, kind, by_uid, receipt_id, receipt_sha256, receipt_at FROM outbox
  WHERE run_id = ?1 AND receipt_id <> ''
  UNION ALL
  SELECT n, uid, kind, by_uid, receipt_id, receipt_sha256, receipt_at FROM past_receipt WHERE run_id = ?1
)
SELECT o.uid, o.kind, coalesce(w.full_name, a.title, ''), coalesce(s.title, st.full_name, ''),
  coalesce(f.full_name, nullif(t.author_name, ''), ''), o.by_uid, o.receipt_id, o.receipt_sha256, o.receipt_at
FROM taken o
LEFT JOIN search_entry s ON s.uid = o.uid
LEFT JOIN staff st ON st.uid = o.uid
LEFT JOIN fact t ON t.uid = o.uid
LEFT JOIN membership m ON m.uid = o.uid
LEFT JOIN search_entry a ON a.uid = t.subject_uid
LEFT JOIN person w ON w.uid = coalesce(nullif(t.person_uid, ''), m.person_id)
LEFT JOIN staff f ON f.uid = o.by_uid
ORDER BY o.n, o.receipt_at
"""
EMPTY_RUNS_KEPT = 300
"""Runs that handed nothing over have no paper that anybody asks for; so many of the newest stay."""
FORGET_EMPTY = f"""
DELETE FROM sync_run WHERE id IN (
  SELECT r.id FROM sync_run r WHERE r.sent = 0 AND r.refused = 0 AND r.photos_sent = 0
    AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.run_id = r.id)
    AND NOT EXISTS (SELECT 1 FROM past_receipt p WHERE p.run_id = r.id)
    AND r.id NOT IN (SELECT CAST(v AS INTEGER) FROM sync_meta WHERE k IN ('unsolved', 'unsolved_usb'))
  ORDER BY r.id DESC LIMIT -1 OFFSET {EMPTY_RUNS_KEPT})
"""


def handed_over_in(db: Database, run: int) -> list[HandedOver]:
    """What the server took in a run, in the order in which it was written."""
    here = _officers(db)
    return [
        HandedOver(
            uid,
            RecordKind(kind),
            " · ".join(part for part in (about, title) if part),
            *_author(name, here.get(by_uid)),
            *receipt,
        )
        for uid, kind, about, title, name, by_uid, *receipt in db.rows(OF_RUN, run)
    ]


def _officers(db: Database) -> dict[str, tuple[str, str]]:
    """Name and office of everybody who works on this laptop, by each uid that he ever wrote under."""
    found: dict[str, tuple[str, str]] = {}
    for (text,) in db.rows("SELECT value FROM setting WHERE name LIKE 'officer.%'"):
        kept = json.loads(text)
        for uid in (kept["uid"], *kept.get("former", ())):
            found[uid] = (kept["name"], kept.get("office", ""))
    return found


def _author(known: str, here: tuple[str, str] | None) -> tuple[str, str]:
    """The author's name and office; his name as staff or on the document counts first."""
    name, office = here or ("", "")
    return known or name, office


def close_run(db: Database, run: int) -> None:
    """Everything that got its receipt since the run before belongs to this one; inside the transaction of the run."""
    db.execute_sql("UPDATE outbox SET run_id = ? WHERE run_id = 0 AND receipt_id <> ''", (run,))


def forget_empty_runs(db: Database) -> None:
    """Let go of old runs that brought nothing to the server; inside the transaction of a run."""
    db.execute_sql(FORGET_EMPTY)
