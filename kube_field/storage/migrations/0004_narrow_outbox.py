"""What a change says lies beside its row: the row is rewritten with every state, the content never.

The server's version of a fact stands in `sync_base`; noting it in the fact too rewrote every fact that was sent.
"""

from typing import Any

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE "outbox_content" (
        "n" INTEGER NOT NULL PRIMARY KEY REFERENCES "outbox" ("n") ON DELETE CASCADE,
        "sets_json" TEXT NOT NULL DEFAULT '{}'
    )""",
    "INSERT INTO outbox_content (n, sets_json) SELECT n, sets_json FROM outbox",
    "ALTER TABLE outbox ADD COLUMN size INTEGER NOT NULL DEFAULT 0",
    "UPDATE outbox SET size = length(CAST(sets_json AS BLOB))",
    "ALTER TABLE outbox DROP COLUMN sets_json",
    "ALTER TABLE fact DROP COLUMN version",
    "CREATE VIEW outbox_whole AS SELECT o.*, c.sets_json FROM outbox o JOIN outbox_content c ON c.n = o.n",
)


def up(db: Any) -> None:
    for statement in STATEMENTS:
        db.execute_sql(statement)
