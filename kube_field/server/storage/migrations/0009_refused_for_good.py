"""What was refused for good is found without looking through all that ever arrived."""

from typing import Any

STATEMENTS: tuple[str, ...] = ("CREATE INDEX intake_rejected ON intake (change_id) WHERE status = 'rejected'",)


def up(db: Any) -> None:
    for statement in STATEMENTS:
        db.execute_sql(statement)
