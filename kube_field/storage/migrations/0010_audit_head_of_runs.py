"""Where the audit log stood when a run ended: the paper of the run carries it, so that the log can be held to it."""

from typing import Any

STATEMENTS: tuple[str, ...] = (
    "ALTER TABLE sync_run ADD COLUMN audit_length INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE sync_run ADD COLUMN audit_head TEXT NOT NULL DEFAULT ''",
)


def up(db: Any) -> None:
    for statement in STATEMENTS:
        db.execute_sql(statement)
