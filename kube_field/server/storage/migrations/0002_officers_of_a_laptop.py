"""Several officers may share one laptop; the officer it was enrolled for is its first one."""

from typing import Any

STATEMENTS = (
    """CREATE TABLE "device_officer" (
        "device_id" TEXT NOT NULL,
        "user_uid" TEXT NOT NULL,
        "added_at" TEXT NOT NULL,
        PRIMARY KEY ("device_id", "user_uid")
    )""",
    """INSERT INTO device_officer (device_id, user_uid, added_at)
        SELECT device_id, user_uid, created_at FROM device""",
)


def up(db: Any) -> None:
    for statement in STATEMENTS:
        db.execute_sql(statement)
