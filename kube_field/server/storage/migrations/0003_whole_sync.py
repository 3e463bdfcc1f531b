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
    "ALTER TABLE device ADD COLUMN parent_device TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX device_parent ON device (parent_device)",
    "ALTER TABLE lineage ADD COLUMN number BIGINT NOT NULL DEFAULT 1",
    "ALTER TABLE lineage ADD COLUMN parent TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE lineage ADD COLUMN identity TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX record_author ON record (author_uid)",
    "CREATE INDEX blob_link_uid ON blob_link (uid)",
    "ALTER TABLE intake ADD COLUMN decided_by TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX intake_attention ON intake (status) WHERE status IN ('failed', 'quarantined')",
)


def up(db: Any) -> None:
    for statement in STATEMENTS:
        db.execute_sql(statement)
