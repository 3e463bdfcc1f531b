"""Which failure of synchronisation is not solved yet, and when everything was sent for the last time.

Both are written with each run and read by the pill, the page and nothing else. The two ways of the data, internet and
USB, have a failure each; that of the stick can only be a question. All functions run inside the caller's transaction.
"""

from __future__ import annotations

from kube_field.domain.sync_views import PASSING, SyncRun
from kube_field.sqlite.driver import Database

UNDECIDED = "CANCELLED"
"""A run that the officer stopped says nothing about what was wrong before it."""
GIVEN = "COURIER"
USB = "usb"
KEYS = {"internet": "unsolved", USB: "unsolved_usb"}
ALL_SENT = "all_sent_at"
FOUND = """
SELECT r.* FROM sync_run r JOIN sync_meta m ON m.k IN ('unsolved', 'unsolved_usb') AND r.id = CAST(m.v AS INTEGER)
ORDER BY r.id DESC LIMIT 1
"""


def note_run(db: Database, run: SyncRun, number: int) -> None:
    """Keep the run as the unsolved failure, or let the one that it solves go."""
    if run.outcome == UNDECIDED:
        return
    if not run.outcome:
        _forget(db, USB)  # what the stick brought too late or too early came by the line
    if run.is_good or run.outcome == GIVEN:
        _forget(db, run.via)
    elif run.outcome not in PASSING or _outcome(db, run.via) in {None, *PASSING}:
        db.put_row("sync_meta", {"k": KEYS[run.via], "v": str(number)}, key="k")


def forget_unsolved(db: Database) -> None:
    """The laptop was enrolled anew: what was wrong before says nothing any more."""
    for via in KEYS:
        _forget(db, via)


def unsolved_run(db: Database) -> SyncRun | None:
    """The newest run whose failure is not solved yet."""
    rows = db.named_rows(FOUND)
    return SyncRun(**rows[0]) if rows else None


def note_all_sent(db: Database, run: SyncRun) -> None:
    """Remember when everything was sent; the caller knows that nothing waits. Only a run that met the server counts."""
    if not run.outcome or run.sent or run.photos_sent:
        db.put_row("sync_meta", {"k": ALL_SENT, "v": run.ended_at}, key="k")


def all_sent_at(db: Database) -> str:
    """When everything that had been written was sent for the last time (UTC), "" before that."""
    return str(db.value("SELECT v FROM sync_meta WHERE k = ?", ALL_SENT) or "")


def _outcome(db: Database, via: str) -> str | None:
    """Of the run that stands as unsolved; None without one."""
    found = "SELECT outcome FROM sync_run WHERE id = (SELECT CAST(v AS INTEGER) FROM sync_meta WHERE k = ?)"
    outcome: str | None = db.value(found, KEYS[via])
    return outcome


def _forget(db: Database, via: str) -> None:
    db.execute_sql("DELETE FROM sync_meta WHERE k = ?", (KEYS[via],))
