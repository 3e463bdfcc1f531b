"""Photos that were here once and whose file is gone: whoever reads their record may have the last copy."""

from typing import Any

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE blob_lost (
        "sha256" TEXT NOT NULL PRIMARY KEY,
        "at" TEXT NOT NULL
    )""",
)


def up(db: Any) -> None:
    for statement in STATEMENTS:
        db.execute_sql(statement)
