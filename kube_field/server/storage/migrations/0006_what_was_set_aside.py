"""What the server set aside, in narrow rows: a supervisor's list no longer reads every body that waits."""

import json
import re
from typing import Any

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE aside (
        "change_id" TEXT NOT NULL PRIMARY KEY,
        "since" TEXT NOT NULL,
        "uid" TEXT NOT NULL,
        "kind" TEXT NOT NULL,
        "scope" TEXT NOT NULL,
        "parent" TEXT NOT NULL
    )""",
    "CREATE INDEX aside_since_change_id ON aside (since, change_id)",
)
WAITING = "SELECT change_id, received_at, body FROM intake WHERE status IN ('failed', 'quarantined', 'held')"
EDITABLE = frozenset(
    {"person", "household", "kube_group", "membership", "business_unit", "program_batch", "staff", "training_event"}
)
KINDS = EDITABLE | {
    "assessment", "visit", "attendance", "consent", "desil_check", "value_history", "review", "merge_decision",
}  # fmt: skip
PARENTS = {
    "person": ("household_id",),
    "membership": ("group_id",),
    "business_unit": ("group_id", "person_id"),
}
NAME = re.compile(r"[0-9A-Za-z._-]{1,80}")
SCOPE = re.compile(r"64(\.\d{2}\.\d{2})?")
ROWS_AT_ONCE = 500


def up(db: Any) -> None:
    for statement in STATEMENTS:
        db.execute_sql(statement)
    cursor = db.execute_sql(WAITING)
    marks = ", ".join([db.param] * 6)
    insert = f"INSERT INTO aside (change_id, since, uid, kind, scope, parent) VALUES ({marks})"
    while rows := cursor.fetchmany(ROWS_AT_ONCE):
        for change_id, received_at, body in rows:
            db.execute_sql(insert, (change_id, received_at, *said(body)))


def said(body: str) -> tuple[str, str, str, str]:
    """Uid, kind, scope and parent as a change names them; all empty for one that cannot be read."""
    try:
        change = json.loads(body)
        kind, fields = change["kind"], change["set"]
        values = {name: pair[1] for name, pair in fields.items()}
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        return "", "", "", ""
    if not isinstance(kind, str) or kind not in KINDS:
        return "", "", "", ""
    scope = change.get("scope")
    return (
        named(change.get("uid")),
        kind,
        scope if isinstance(scope, str) and SCOPE.fullmatch(scope) else "",
        parent_of(kind, values),
    )


def parent_of(kind: str, values: dict[str, Any]) -> str:
    """The record that the changed one travels with."""
    if kind not in EDITABLE:
        return named(values.get("subject_uid"))
    if values.get("village_code"):
        return ""
    answers = (values.get(code) for code in PARENTS.get(kind, ()))
    return next((found for value in answers if isinstance(value, dict) and (found := named(value.get("uid")))), "")


def named(uid: Any) -> str:
    return uid if isinstance(uid, str) and NAME.fullmatch(uid) else ""
