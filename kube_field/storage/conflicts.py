"""The open and settled conflicts as pages see them; the words themselves are taken over in `spoken_words`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from kube_field.domain.conflict_views import ConflictRow
from kube_field.domain.records import Change, RecordKind
from kube_field.sqlite.driver import Database
from kube_field.storage.duplicates import is_one_of, standing_in
from kube_field.storage.rows import change_of, dump

SINCE = """
max(at, coalesce((SELECT max(d.decided_at) FROM duplicate d
  WHERE d.state = 'merged' AND d.kept = conflict.uid AND conflict.base IN ('', 'null')), ''))
"""
"""What two records were merged with is a question since then, however long ago both values were written."""
COLUMNS = (
    f"id, {standing_in('conflict.uid')}, record_kind, field, base, kept, other, state, {SINCE} AS since, kept_by,"
    " kept_at, other_by, other_at, chosen, resolved_by, resolved_at"
)
REFUSED = """
(SELECT o.errors_json FROM outbox o, json_each(o.resolves_json) j
 WHERE o.state = 'attention' AND j.value = conflict.id ORDER BY o.n DESC LIMIT 1)
"""
"""What the server said against the last choice that was made here about a conflict."""
SENT_AGAIN = """
SELECT * FROM outbox_whole WHERE state = 'queued' AND resolves_json <> '[]'
  AND change_id IN (SELECT value FROM json_each(?)) ORDER BY n
"""
KNOWN = frozenset(kind.value for kind in RecordKind)


def conflict_rows(db: Database, uid: str = "", *, only_open: bool = False) -> list[ConflictRow]:
    """Conflicts of one record or of all, oldest first; those whose word has not arrived yet are left out.

    What a record that was merged into another one left open is a question about that one.
    """
    wanted, values = ["state <> 'coming'"], []
    if uid:
        about, uids = is_one_of(db, "conflict.uid", uid)
        wanted.append(about)
        values += uids
    if only_open:
        wanted.append("state = 'open'")
    rows = db.rows(
        f"SELECT {COLUMNS}, {REFUSED} FROM conflict WHERE {' AND '.join(wanted)} ORDER BY since, id", *values
    )
    return [_row(row) for row in rows if row[2] in KNOWN]


def mark_settling(db: Database, change: Change) -> None:
    """A choice was made here: its conflicts count as settled from now on; inside the transaction of the change."""
    for name in change.resolves:
        db.execute_sql(
            "UPDATE conflict SET state = 'settling', chosen = ?, resolved_at = ?,"
            " resolved_by = coalesce((SELECT full_name FROM staff WHERE uid = ?), '') WHERE id = ? AND state = 'open'",
            (dump(_chosen(db, name, change)), change.at, change.by, name),
        )


def mark_settling_again(db: Database, change_ids: Sequence[str]) -> None:
    """Choices that did not count are sent once more: what they settle is no open question while they wait."""
    named = json.dumps(list(change_ids))
    for row in db.named_rows(SENT_AGAIN, named):
        mark_settling(db, change_of(row))


def _chosen(db: Database, name: str, change: Change) -> Any:
    field = db.value("SELECT field FROM conflict WHERE id = ?", name)
    return change.sets.get(str(field), (None, None))[1]


def _row(row: tuple[Any, ...]) -> ConflictRow:
    name, uid, kind, field, base, kept, other, state, at, *people, chosen, resolved_by, resolved_at, refused = row
    kept_by, kept_at, other_by, other_at = people
    return ConflictRow(
        id=name,
        uid=uid,
        kind=RecordKind(kind),
        field=field,
        base=_value(base),
        kept=_value(kept),
        other=_value(other),
        state=state,
        at=at,
        kept_by=kept_by,
        kept_at=kept_at,
        other_by=other_by,
        other_at=other_at,
        chosen=_value(chosen),
        resolved_by=resolved_by,
        resolved_at=resolved_at,
        refused=_said_against(refused) if state == "open" else "",
    )


def _said_against(errors: str | None) -> str:
    """The first sentence among the errors of a refused choice; a bare dash where the server gave none."""
    if errors is None:
        return ""
    found = [str(error.get("message") or "") for error in json.loads(errors or "[]")]
    return next((message for message in found if message), "–")


def _value(text: str) -> Any:
    return json.loads(text) if text else None
