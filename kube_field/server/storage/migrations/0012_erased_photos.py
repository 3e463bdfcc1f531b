"""Photos that went with an erased person, by name: a file that a dying server left, or that is put back, goes again."""

from typing import Any

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE erased_photo (
        "sha256" TEXT NOT NULL PRIMARY KEY
    )""",
)


def up(db: Any) -> None:
    for statement in STATEMENTS:
        db.execute_sql(statement)
