"""Where, and in which version, an officer saw the record about which he writes: a server may be put back."""

from __future__ import annotations

from collections.abc import Iterator

from kube_field.domain.records import EDITABLE_KINDS, PROVINCE_SCOPE, TRAVELS_WITH, Change
from kube_field.sqlite.driver import Database
from kube_field.storage.headers import reference_uid

SEEN = """
SELECT coalesce((SELECT nullif(scope_id, '') FROM sync_base WHERE uid = ?1),
  (SELECT seen_in FROM outbox WHERE uid = ?1 AND seen_in <> '' ORDER BY n DESC LIMIT 1), '')
"""
"""Where it was downloaded from; of a record that left since, what was noted with an earlier change of it."""
OF_BEFORE = """
SELECT 1 FROM sync_base b LEFT JOIN sync_scope s ON s.scope_id = b.scope_id
WHERE b.uid = ? AND (b.scope_id = '' OR b.gen <> s.gen)
"""
"""What belongs to no scope any more was not delivered again: the server may have lost it, or given it away."""


def version_seen(db: Database, change: Change) -> int:
    """The version that a change was written upon, as far as the server means the same one by that number.

    After it was put back only the first is the same for certain, until the record has been downloaded anew.
    """
    return min(change.base_version, 1) if db.value(OF_BEFORE, change.uid) else change.base_version


def place_seen(db: Database, change: Change) -> str:
    """The scope of the changed record, else of what it hangs on; "" where neither was ever downloaded here."""
    places = (str(db.value(SEEN, uid)) for uid in (change.uid, *_hangs_on(change)))
    return next((place for place in places if place not in ("", PROVINCE_SCOPE)), "")


def _hangs_on(change: Change) -> Iterator[str]:
    codes = TRAVELS_WITH.get(change.kind, ()) if change.kind in EDITABLE_KINDS else ("subject_uid",)
    named = (reference_uid(change.sets[code][1]) for code in codes if code in change.sets)
    return (uid for uid in named if uid)
