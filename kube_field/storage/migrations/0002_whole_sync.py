"""What the whole of synchronisation needs beyond the first schema."""

from typing import Any

STATEMENTS: tuple[str, ...] = ("ALTER TABLE outbox ADD COLUMN resolves_json TEXT NOT NULL DEFAULT '[]'",)


def up(db: Any) -> None:
    for statement in STATEMENTS:
        db.execute_sql(statement)
