"""What the whole of synchronisation needs beyond the first schema."""

import hashlib
import json
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


PARTS = 16
PARTITIONED = (("intake", "change_id", "change_id"), ("feed", "scope", "scope, seq"))
"""Table, the column whose hash says in which part a row lies, primary key; only where the database has partitions."""
POSTGRES_STATEMENTS = (
    "CREATE INDEX intake_uid ON intake (uid)",
    "CREATE INDEX intake_attention ON intake (status) WHERE status IN ('failed', 'quarantined')",
    "ALTER TABLE record SET (fillfactor = 80)",
    "ALTER TABLE scope_head SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02)",
    "ALTER TABLE scope_index SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02)",
)
"""Indexes of the tables made anew, and room for new versions of a row on its own page (sync design 5)."""
LZ4 = "SELECT 1 FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY(enumvals)"
LONG_TEXTS = (("intake", "body"), ("record", "body"), ("record_version", "sets"))
"""Compressed at a fifth of the usual cost where this PostgreSQL was built with lz4."""

PARENTS = {
    "person": ("household_id",),
    "membership": ("group_id",),
    "business_unit": ("group_id", "person_id"),
}
"""Answers that say which record an editable one travels with, when it has no village of its own."""


def up(db: Any) -> None:
    for statement in STATEMENTS:
        db.execute_sql(statement)
    fill_parents(db)
    carry_over_conflicts(db)
    db.execute_sql("DROP TABLE conflict")
    if db.param == "%s":
        arrange_for_postgres(db)


def arrange_for_postgres(db: Any) -> None:
    if rows(db, LZ4):
        for table, column in LONG_TEXTS:
            run(db, f"ALTER TABLE {table} ALTER COLUMN {column} SET COMPRESSION lz4")
    for table, column, key in PARTITIONED:
        run(db, f"ALTER TABLE {table} RENAME TO {table}_before")
        run(db, f"ALTER INDEX {table}_pkey RENAME TO {table}_before_pkey")
        like = (
            f"CREATE TABLE {table} (LIKE {table}_before INCLUDING DEFAULTS INCLUDING COMPRESSION, PRIMARY KEY ({key}))"
        )
        run(db, f"{like} PARTITION BY HASH ({column})")
        for part in range(PARTS):
            values = f"FOR VALUES WITH (MODULUS {PARTS}, REMAINDER {part})"
            run(db, f"CREATE TABLE {table}_{part} PARTITION OF {table} {values}")
        run(db, f"INSERT INTO {table} SELECT * FROM {table}_before")
        run(db, f"DROP TABLE {table}_before")
    for statement in POSTGRES_STATEMENTS:
        run(db, statement)


def fill_parents(db: Any) -> None:
    for uid, kind, body in rows(db, "SELECT uid, kind, body FROM record WHERE subject_uid = ''"):
        answers = json.loads(body)
        named = [answers.get(code) for code in PARENTS.get(kind, ()) if not answers.get("village_code")]
        parents = [value["uid"] for value in named if isinstance(value, dict) and isinstance(value.get("uid"), str)]
        if parents:
            run(db, "UPDATE record SET subject_uid = ? WHERE uid = ?", parents[0], uid)


def carry_over_conflicts(db: Any) -> None:
    """A conflict was a row of a table; it becomes a record of its scope, so that laptops receive it."""
    names = "c.id, c.uid, r.scope, c.field, c.base, c.kept, c.other, c.change_id, c.author_uid, c.at, r.kind"
    for row in rows(db, f"SELECT {names} FROM conflict c JOIN record r ON r.uid = c.uid ORDER BY c.at, c.id"):
        uid, subject, scope, field, base, kept, other, change, author, at, kind = row
        body = {"record": subject, "record_kind": kind, "field": field, "change": change, "state": "open"}
        body |= {"base": json.loads(base), "kept": json.loads(kept), "other": json.loads(other), "other_at": at}
        text = json.dumps(body, ensure_ascii=False)
        columns = "uid, kind, scope, version, subject_uid, occurred_on, author_uid, body, extra, sha256, deleted"
        values = (uid, "conflict", scope, 1, subject, "", author, text, "{}", digest(text), 0, at)
        run(db, f"INSERT INTO record ({columns}, updated_at) VALUES ({', '.join('?' * 12)})", *values)
        step = (uid, 1, change, "{}", author, "", at, "")
        columns = "uid, version, change_id, sets, author_uid, device_id, at, reason"
        run(db, f"INSERT INTO record_version ({columns}) VALUES ({', '.join('?' * 8)})", *step)
        feed(db, scope, uid, change, at)


def feed(db: Any, scope: str, uid: str, change: str, at: str) -> None:
    head, chain, total = rows(db, "SELECT head, chain, sum FROM scope_head WHERE scope = ?", scope)[0]
    seq = int(head) + 1
    tail = digest("\n".join((chain, scope, str(seq), uid, "1", change)))
    weight = int(digest(f"{uid}\n1")[:16], 16)
    columns = "scope, seq, uid, version, change_id, chain, at"
    run(db, f"INSERT INTO feed ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", scope, seq, uid, 1, change, tail, at)
    columns = "scope, uid, seq, version, kind, state"
    run(db, f"INSERT INTO scope_index ({columns}) VALUES (?, ?, ?, 1, 'conflict', 'put')", scope, uid, seq)
    total = str((int(total) + weight) % 2**64)
    run(db, "UPDATE scope_head SET head = ?, chain = ?, sum = ? WHERE scope = ?", seq, tail, total, scope)


def rows(db: Any, sql: str, *values: Any) -> list[Any]:
    return list(run(db, sql, *values).fetchall())


def run(db: Any, sql: str, *values: Any) -> Any:
    return db.execute_sql(sql.replace("?", db.param), values)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
