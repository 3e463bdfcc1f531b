"""Who decided by hand was noted before beside everything of that author in the batch: no yes to what still waited."""

from typing import Any

STATEMENTS: tuple[str, ...] = (
    "UPDATE intake SET decided_by = '' WHERE decided_by <> '' AND change_id IN (SELECT change_id FROM held)",
    "UPDATE intake SET decided_by = '' WHERE decided_by <> '' AND status = 'failed'",
)


def up(db: Any) -> None:
    for statement in STATEMENTS:
        db.execute_sql(statement)
