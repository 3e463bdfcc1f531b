"""Which courier files were given, so that an answer is known to be older than what was learnt or asked since."""

from typing import Any

STATEMENTS: tuple[str, ...] = (
    'CREATE TABLE "courier_file" ("n" INTEGER NOT NULL PRIMARY KEY, "file_id" TEXT NOT NULL)',
    'CREATE UNIQUE INDEX "courier_file_file_id" ON "courier_file" ("file_id")',
    'ALTER TABLE "outbox" ADD COLUMN "from_file" INTEGER NOT NULL DEFAULT 0',
    'ALTER TABLE "blob" ADD COLUMN "from_file" INTEGER NOT NULL DEFAULT 0',
    'ALTER TABLE "sync_scope" ADD COLUMN "from_file" INTEGER NOT NULL DEFAULT 0',
    "DROP VIEW outbox_whole",
    """CREATE VIEW outbox_whole AS SELECT o.*, c.sets_json, coalesce(b.scope_id, '') AS lies_in
    FROM outbox o JOIN outbox_content c ON c.n = o.n LEFT JOIN sync_base b ON b.uid = o.uid""",
)


def up(db: Any) -> None:
    for statement in STATEMENTS:
        db.execute_sql(statement)
