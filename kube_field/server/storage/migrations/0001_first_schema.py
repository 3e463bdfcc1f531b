"""First schema of the provincial server."""

from typing import Any

TABLES = (
    """CREATE TABLE "server_meta" (
        "name" TEXT NOT NULL PRIMARY KEY,
        "value" TEXT NOT NULL
    )""",
    """CREATE TABLE "lineage" (
        "epoch" TEXT NOT NULL PRIMARY KEY,
        "started_at" TEXT NOT NULL,
        "reason" TEXT NOT NULL
    )""",
    """CREATE TABLE "user_account" (
        "uid" TEXT NOT NULL PRIMARY KEY,
        "name" TEXT NOT NULL,
        "role" TEXT NOT NULL,
        "employee_number" TEXT NOT NULL,
        "office" TEXT NOT NULL,
        "password_hash" TEXT NOT NULL,
        "created_at" TEXT NOT NULL,
        "disabled_at" TEXT NOT NULL
    )""",
    """CREATE TABLE "area_grant" (
        "user_uid" TEXT NOT NULL,
        "area" TEXT NOT NULL,
        "from_at" TEXT NOT NULL,
        "until_at" TEXT NOT NULL,
        PRIMARY KEY ("user_uid", "area", "from_at")
    )""",
    """CREATE TABLE "author_alias" (
        "alias_uid" TEXT NOT NULL PRIMARY KEY,
        "user_uid" TEXT NOT NULL
    )""",
    """CREATE TABLE "device" (
        "device_id" TEXT NOT NULL PRIMARY KEY,
        "code" TEXT NOT NULL,
        "user_uid" TEXT NOT NULL,
        "name" TEXT NOT NULL,
        "created_at" TEXT NOT NULL,
        "revoked_at" TEXT NOT NULL,
        "last_seen_at" TEXT NOT NULL,
        "app_version" TEXT NOT NULL,
        "clock_offset_ms" BIGINT NOT NULL,
        "continuity" TEXT NOT NULL,
        "previous" TEXT NOT NULL,
        "step" TEXT NOT NULL,
        "audit_length" BIGINT NOT NULL,
        "audit_head" TEXT NOT NULL,
        "queue_n" BIGINT NOT NULL
    )""",
    """CREATE TABLE "access_token" (
        "token_hash" TEXT NOT NULL PRIMARY KEY,
        "device_id" TEXT NOT NULL,
        "user_uid" TEXT NOT NULL,
        "issued_at" TEXT NOT NULL,
        "revoked_at" TEXT NOT NULL
    )""",
    """CREATE TABLE "enrolment_code" (
        "selector" TEXT NOT NULL PRIMARY KEY,
        "user_uid" TEXT NOT NULL,
        "code_hash" TEXT NOT NULL,
        "created_at" TEXT NOT NULL,
        "expires_at" TEXT NOT NULL,
        "tries_left" BIGINT NOT NULL,
        "used_at" TEXT NOT NULL
    )""",
    """CREATE TABLE "attempt" (
        "id" TEXT NOT NULL PRIMARY KEY,
        "subject" TEXT NOT NULL,
        "at" TEXT NOT NULL
    )""",
    """CREATE TABLE "intake" (
        "change_id" TEXT NOT NULL PRIMARY KEY,
        "uid" TEXT NOT NULL,
        "device_id" TEXT NOT NULL,
        "sender_uid" TEXT NOT NULL,
        "author_uid" TEXT NOT NULL,
        "received_at" TEXT NOT NULL,
        "body" TEXT NOT NULL,
        "sha256" TEXT NOT NULL,
        "status" TEXT NOT NULL,
        "result" TEXT NOT NULL,
        "decided_at" TEXT NOT NULL
    )""",
    """CREATE TABLE "held" (
        "change_id" TEXT NOT NULL PRIMARY KEY,
        "waits_for" TEXT NOT NULL,
        "since" TEXT NOT NULL
    )""",
    """CREATE TABLE "record" (
        "uid" TEXT NOT NULL PRIMARY KEY,
        "kind" TEXT NOT NULL,
        "scope" TEXT NOT NULL,
        "version" BIGINT NOT NULL,
        "subject_uid" TEXT NOT NULL,
        "occurred_on" TEXT NOT NULL,
        "author_uid" TEXT NOT NULL,
        "body" TEXT NOT NULL,
        "extra" TEXT NOT NULL,
        "sha256" TEXT NOT NULL,
        "deleted" BIGINT NOT NULL,
        "updated_at" TEXT NOT NULL
    )""",
    """CREATE TABLE "record_version" (
        "uid" TEXT NOT NULL,
        "version" BIGINT NOT NULL,
        "change_id" TEXT NOT NULL,
        "sets" TEXT NOT NULL,
        "author_uid" TEXT NOT NULL,
        "device_id" TEXT NOT NULL,
        "at" TEXT NOT NULL,
        "reason" TEXT NOT NULL,
        PRIMARY KEY ("uid", "version")
    )""",
    """CREATE TABLE "scope_head" (
        "scope" TEXT NOT NULL PRIMARY KEY,
        "head" BIGINT NOT NULL,
        "chain" TEXT NOT NULL,
        "sum" TEXT NOT NULL
    )""",
    """CREATE TABLE "scope_index" (
        "scope" TEXT NOT NULL,
        "uid" TEXT NOT NULL,
        "seq" BIGINT NOT NULL,
        "version" BIGINT NOT NULL,
        "kind" TEXT NOT NULL,
        "state" TEXT NOT NULL,
        PRIMARY KEY ("scope", "uid")
    )""",
    """CREATE TABLE "feed" (
        "scope" TEXT NOT NULL,
        "seq" BIGINT NOT NULL,
        "uid" TEXT NOT NULL,
        "version" BIGINT NOT NULL,
        "change_id" TEXT NOT NULL,
        "chain" TEXT NOT NULL,
        "at" TEXT NOT NULL,
        PRIMARY KEY ("scope", "seq")
    )""",
    """CREATE TABLE "conflict" (
        "id" TEXT NOT NULL PRIMARY KEY,
        "uid" TEXT NOT NULL,
        "scope" TEXT NOT NULL,
        "field" TEXT NOT NULL,
        "base" TEXT NOT NULL,
        "kept" TEXT NOT NULL,
        "other" TEXT NOT NULL,
        "change_id" TEXT NOT NULL,
        "author_uid" TEXT NOT NULL,
        "at" TEXT NOT NULL,
        "state" TEXT NOT NULL
    )""",
    """CREATE TABLE "blob" (
        "sha256" TEXT NOT NULL PRIMARY KEY,
        "size" BIGINT NOT NULL,
        "mime" TEXT NOT NULL,
        "stored_at" TEXT NOT NULL
    )""",
    """CREATE TABLE "blob_link" (
        "sha256" TEXT NOT NULL,
        "uid" TEXT NOT NULL,
        "scope" TEXT NOT NULL,
        "mime" TEXT NOT NULL,
        PRIMARY KEY ("sha256", "uid")
    )""",
)
INDEXES = (
    "CREATE UNIQUE INDEX user_account_name ON user_account (name)",
    "CREATE UNIQUE INDEX device_code ON device (code)",
    "CREATE INDEX access_token_device ON access_token (device_id)",
    "CREATE INDEX attempt_subject ON attempt (subject, at)",
    "CREATE INDEX intake_uid ON intake (uid)",
    "CREATE INDEX held_waits_for ON held (waits_for)",
    "CREATE INDEX record_scope_kind ON record (scope, kind)",
    "CREATE INDEX record_subject ON record (subject_uid, kind)",
    "CREATE INDEX record_version_change ON record_version (change_id)",
    "CREATE UNIQUE INDEX scope_index_seq ON scope_index (scope, seq)",
    "CREATE INDEX conflict_uid ON conflict (uid)",
)


def up(db: Any) -> None:
    for statement in (*TABLES, *INDEXES):
        db.execute_sql(statement)
