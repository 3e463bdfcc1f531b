"""What the whole of synchronisation needs beyond the first schema."""

from typing import Any

STATEMENTS: tuple[str, ...] = (
    "ALTER TABLE outbox ADD COLUMN resolves_json TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE outbox ADD COLUMN by_courier INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE blob ADD COLUMN stored_at TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE blob ADD COLUMN reason TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE conflict ADD COLUMN record_kind TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE conflict ADD COLUMN kept_by TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE conflict ADD COLUMN kept_at TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE conflict ADD COLUMN other_by TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE conflict ADD COLUMN other_at TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE conflict ADD COLUMN chosen TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE conflict ADD COLUMN resolved_by TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE conflict ADD COLUMN resolved_at TEXT NOT NULL DEFAULT ''",
    """CREATE TABLE alias (
        old TEXT NOT NULL PRIMARY KEY,
        new TEXT NOT NULL DEFAULT '',
        uid TEXT NOT NULL DEFAULT '',
        undone INTEGER NOT NULL DEFAULT 0
    )""",
    "CREATE INDEX alias_uid ON alias (uid)",
    """CREATE TABLE duplicate (
        uid TEXT NOT NULL PRIMARY KEY,
        uids TEXT NOT NULL DEFAULT '[]',
        record_kind TEXT NOT NULL DEFAULT '',
        reason TEXT NOT NULL DEFAULT '',
        state TEXT NOT NULL DEFAULT '',
        elsewhere INTEGER NOT NULL DEFAULT 0,
        decided_by TEXT NOT NULL DEFAULT '',
        decided_at TEXT NOT NULL DEFAULT ''
    )""",
    """CREATE TABLE snapshot (
        scope_id TEXT NOT NULL PRIMARY KEY,
        seq INTEGER NOT NULL DEFAULT 0,
        sha256 TEXT NOT NULL DEFAULT '',
        bytes INTEGER NOT NULL DEFAULT 0,
        received INTEGER NOT NULL DEFAULT 0,
        applied INTEGER NOT NULL DEFAULT 0
    )""",
    """CREATE TABLE snapshot_piece (
        id INTEGER NOT NULL PRIMARY KEY,
        scope_id TEXT NOT NULL DEFAULT '',
        at_byte INTEGER NOT NULL DEFAULT 0,
        content BLOB NOT NULL DEFAULT x''
    )""",
    "CREATE UNIQUE INDEX snapshot_piece_scope_id_at_byte ON snapshot_piece (scope_id, at_byte)",
    """INSERT OR IGNORE INTO sync_base (uid, scope_id, kind, version, gen)
        SELECT u.uid, u.scope_id, u.kind, u.version, coalesce(s.gen, 0)
        FROM unknown_record u LEFT JOIN sync_scope s ON s.scope_id = u.scope_id""",
    "ALTER TABLE outbox ADD COLUMN run_id INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX outbox_run_id ON outbox (run_id)",
)


def up(db: Any) -> None:
    for statement in STATEMENTS:
        db.execute_sql(statement)
