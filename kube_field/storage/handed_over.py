"""Which changes the server took in which run: what the "buku serah terima" lists."""

from __future__ import annotations

from kube_field.domain.records import RecordKind
from kube_field.domain.views import HandedOver
from kube_field.sqlite.driver import Database

OF_RUN = """
SELECT o.uid, o.kind, coalesce(w.full_name, a.title, ''), coalesce(s.title, st.full_name, ''),
  coalesce(f.full_name, ''), o.receipt_id, o.receipt_sha256, o.receipt_at
FROM outbox o
LEFT JOIN search_entry s ON s.uid = o.uid
LEFT JOIN staff st ON st.uid = o.uid
LEFT JOIN fact t ON t.uid = o.uid
LEFT JOIN membership m ON m.uid = o.uid
LEFT JOIN search_entry a ON a.uid = t.subject_uid
LEFT JOIN person w ON w.uid = coalesce(nullif(t.person_uid, ''), m.person_id)
LEFT JOIN staff f ON f.uid = o.by_uid
WHERE o.run_id = ? AND o.receipt_id <> '' ORDER BY o.n
"""


def handed_over_in(db: Database, run: int) -> list[HandedOver]:
    """What the server took in a run, in the order in which it was written."""
    return [
        HandedOver(uid, RecordKind(kind), " · ".join(part for part in (about, title) if part), *rest)
        for uid, kind, about, title, *rest in db.rows(OF_RUN, run)
    ]


def close_run(db: Database, run: int) -> None:
    """Everything that got its receipt since the run before belongs to this one; inside the transaction of the run."""
    db.execute_sql("UPDATE outbox SET run_id = ? WHERE run_id = 0 AND receipt_id <> ''", (run,))
