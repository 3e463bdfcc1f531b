"""Who may be a double of whom, what was decided about it, and the way back from a merge."""

import secrets
from typing import Any

STATEMENTS: tuple[str, ...] = (
    "ALTER TABLE record ADD COLUMN merged_into TEXT NOT NULL DEFAULT ''",
    """CREATE TABLE record_mark (
        "mark" TEXT NOT NULL,
        "uid" TEXT NOT NULL,
        PRIMARY KEY ("mark", "uid")
    )""",
    "CREATE INDEX record_mark_uid ON record_mark (uid)",
    """CREATE TABLE dup_case (
        "id" TEXT NOT NULL PRIMARY KEY,
        "record_kind" TEXT NOT NULL,
        "reason" TEXT NOT NULL,
        "one" TEXT NOT NULL,
        "other" TEXT NOT NULL,
        "state" TEXT NOT NULL,
        "scopes" TEXT NOT NULL,
        "kept" TEXT NOT NULL,
        "merged" TEXT NOT NULL,
        "decided_by" TEXT NOT NULL,
        "decided_at" TEXT NOT NULL
    )""",
    "CREATE INDEX dup_case_one ON dup_case (one)",
    "CREATE INDEX dup_case_other ON dup_case (other)",
    """CREATE TABLE merge (
        "change_id" TEXT NOT NULL PRIMARY KEY,
        "case_id" TEXT NOT NULL,
        "kept" TEXT NOT NULL,
        "merged" TEXT NOT NULL,
        "scope" TEXT NOT NULL,
        "version" BIGINT NOT NULL,
        "taken" TEXT NOT NULL,
        "conflicts" TEXT NOT NULL,
        "undone_by" TEXT NOT NULL,
        "at" TEXT NOT NULL
    )""",
    "CREATE INDEX merge_case_id ON merge (case_id)",
)


def up(db: Any) -> None:
    for statement in STATEMENTS:
        db.execute_sql(statement)
    columns = f"INSERT INTO server_meta (name, value) VALUES ({db.param}, {db.param})"
    db.execute_sql(columns, ("doubles_key", secrets.token_hex(32)))
