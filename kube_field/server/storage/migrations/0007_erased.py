"""The ledger of erasures: which records were emptied for good, and by which decision."""

from typing import Any

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE erased (
        "uid" TEXT NOT NULL PRIMARY KEY,
        "root" TEXT NOT NULL,
        "at" TEXT NOT NULL,
        "reason" TEXT NOT NULL
    )""",
    "CREATE INDEX erased_root ON erased (root)",
)


def up(db: Any) -> None:
    for statement in STATEMENTS:
        db.execute_sql(statement)
