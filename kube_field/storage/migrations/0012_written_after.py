"""What was written before an edit about its record on this laptop: its author saw that, another copy of it did not."""

from typing import Any

STATEMENTS: tuple[str, ...] = (
    "DROP VIEW outbox_whole",
    """CREATE VIEW outbox_whole AS SELECT o.*, c.sets_json, coalesce(nullif(b.scope_id, ''), o.seen_in) AS lies_in,
    CASE WHEN o.created = 0 THEN coalesce((SELECT p.change_id FROM outbox p WHERE p.uid = o.uid AND p.n < o.n
      ORDER BY p.n DESC LIMIT 1), '') END AS written_after
    FROM outbox o JOIN outbox_content c ON c.n = o.n LEFT JOIN sync_base b ON b.uid = o.uid""",
)


def up(db: Any) -> None:
    for statement in STATEMENTS:
        db.execute_sql(statement)
