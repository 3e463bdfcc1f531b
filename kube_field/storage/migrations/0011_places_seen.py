"""Where the author of a change saw its record when he wrote it: that may leave the laptop before it is sent."""

from typing import Any

STATEMENTS: tuple[str, ...] = (
    "ALTER TABLE outbox ADD COLUMN seen_in TEXT NOT NULL DEFAULT ''",
    """UPDATE outbox SET seen_in = coalesce((SELECT b.scope_id FROM sync_base b WHERE b.uid = outbox.uid), '')
    WHERE state <> 'acked'""",
    "DROP VIEW outbox_whole",
    """CREATE VIEW outbox_whole AS SELECT o.*, c.sets_json, coalesce(nullif(b.scope_id, ''), o.seen_in) AS lies_in
    FROM outbox o JOIN outbox_content c ON c.n = o.n LEFT JOIN sync_base b ON b.uid = o.uid""",
)


def up(db: Any) -> None:
    for statement in STATEMENTS:
        db.execute_sql(statement)
