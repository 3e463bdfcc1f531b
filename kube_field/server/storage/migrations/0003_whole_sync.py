"""What the whole of synchronisation needs beyond the first schema."""

from typing import Any

STATEMENTS: tuple[str, ...] = ()


def up(db: Any) -> None:
    for statement in STATEMENTS:
        db.execute_sql(statement)
