"""What the whole of synchronisation needs beyond the first schema."""

from typing import Any

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE "blob_part" (
        "upload" TEXT NOT NULL PRIMARY KEY,
        "sha256" TEXT NOT NULL,
        "size" BIGINT NOT NULL,
        "mime" TEXT NOT NULL,
        "uid" TEXT NOT NULL,
        "device_id" TEXT NOT NULL,
        "held" BIGINT NOT NULL,
        "touched_at" TEXT NOT NULL
    )""",
    "CREATE UNIQUE INDEX blob_part_device_id_sha256 ON blob_part (device_id, sha256)",
    "CREATE INDEX blob_part_touched_at ON blob_part (touched_at)",
    """CREATE TABLE "blob_refused" (
        "sha256" TEXT NOT NULL PRIMARY KEY,
        "reason" TEXT NOT NULL,
        "at" TEXT NOT NULL
    )""",
    "ALTER TABLE device ADD COLUMN sign_key TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE device ADD COLUMN seal_key TEXT NOT NULL DEFAULT ''",
)


def up(db: Any) -> None:
    for statement in STATEMENTS:
        db.execute_sql(statement)
