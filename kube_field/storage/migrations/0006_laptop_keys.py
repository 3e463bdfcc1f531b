"""The signing keys of all laptops, as the server told them: reports are verified with them without a network."""

from typing import Any

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE "laptop_key" (
        "uid" TEXT NOT NULL PRIMARY KEY,
        "key" TEXT NOT NULL DEFAULT '',
        "device" TEXT NOT NULL DEFAULT '',
        "code" TEXT NOT NULL DEFAULT '',
        "holder" TEXT NOT NULL DEFAULT '',
        "revoked_at" TEXT NOT NULL DEFAULT ''
    )""",
    'CREATE INDEX "laptop_key_key" ON "laptop_key" ("key")',
)


def up(db: Any) -> None:
    for statement in STATEMENTS:
        db.execute_sql(statement)
