"""Which changes a server had kept before it was put back, and where their records lie on this laptop."""

from typing import Any

STATEMENTS: tuple[str, ...] = (
    'ALTER TABLE "outbox" ADD COLUMN "ever_kept" INTEGER NOT NULL DEFAULT 0',
    "DROP VIEW outbox_whole",
    """CREATE VIEW outbox_whole AS SELECT o.*, c.sets_json, coalesce(b.scope_id, '') AS lies_in
    FROM outbox o JOIN outbox_content c ON c.n = o.n LEFT JOIN sync_base b ON b.uid = o.uid""",
)


def up(db: Any) -> None:
    for statement in STATEMENTS:
        db.execute_sql(statement)
