"""Which changes the server took in which run: what the "buku serah terima" lists."""

from __future__ import annotations

import json

from kube_field.domain.records import RecordKind
from kube_field.domain.views import HandedOver
from kube_field.sqlite.driver import Database

OF_RUN = """
SELECT o.uid, o.kind, coalesce(w.full_name, a.title, ''), coalesce(s.title, st.full_name, ''),
  coalesce(f.full_name, nullif(t.author_name, ''), ''), o.by_uid, o.receipt_id, o.receipt_sha256, o.receipt_at
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
