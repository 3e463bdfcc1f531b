"""What the whole of synchronisation needs beyond the first schema."""

from typing import Any

STATEMENTS: tuple[str, ...] = (
    "ALTER TABLE device ADD COLUMN sign_key TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE device ADD COLUMN seal_key TEXT NOT NULL DEFAULT ''",
)


def up(db: Any) -> None:
    for statement in STATEMENTS:
        db.execute_sql(statement)
