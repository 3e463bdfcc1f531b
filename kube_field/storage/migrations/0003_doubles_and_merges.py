"""Which words belong to one case, which of two records stands, and the way back from it to those merged into it."""

from typing import Any

STATEMENTS: tuple[str, ...] = (
    "ALTER TABLE duplicate ADD COLUMN case_id TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE duplicate ADD COLUMN kept TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE duplicate ADD COLUMN merged TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX alias_new ON alias (new)",
)


def up(db: Any) -> None:
    for statement in STATEMENTS:
        db.execute_sql(statement)
