"""What waits for a record is decided in the order in which it arrived, also within one batch."""

from typing import Any

STATEMENTS: tuple[str, ...] = ("ALTER TABLE held ADD COLUMN place BIGINT NOT NULL DEFAULT 0",)


def up(db: Any) -> None:
    for statement in STATEMENTS:
        db.execute_sql(statement)
