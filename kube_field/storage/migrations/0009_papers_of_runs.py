"""The paper of a run stays what it was: receipts that the outbox lets go of, and what the laptop was called then."""

from typing import Any

COLUMNS = "run_id, n, uid, kind, by_uid, receipt_id, receipt_sha256, receipt_at"
OLD = ", ".join(f"OLD.{name}" for name in COLUMNS.split(", "))
STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE "past_receipt" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "run_id" INTEGER NOT NULL DEFAULT 0,
        "n" INTEGER NOT NULL DEFAULT 0,
        "uid" TEXT NOT NULL DEFAULT '',
        "kind" TEXT NOT NULL DEFAULT '',
        "by_uid" TEXT NOT NULL DEFAULT '',
        "receipt_id" TEXT NOT NULL DEFAULT '',
        "receipt_sha256" TEXT NOT NULL DEFAULT '',
        "receipt_at" TEXT NOT NULL DEFAULT ''
    )""",
    'CREATE INDEX "past_receipt_run_id" ON "past_receipt" ("run_id")',
    f"""CREATE TRIGGER receipt_of_a_run_is_replaced AFTER UPDATE OF receipt_id ON outbox
    WHEN OLD.run_id > 0 AND OLD.receipt_id <> '' AND NEW.receipt_id <> OLD.receipt_id BEGIN
        INSERT INTO past_receipt ({COLUMNS}) VALUES ({OLD});
        UPDATE outbox SET run_id = 0 WHERE n = NEW.n;
    END""",
    f"""CREATE TRIGGER receipt_of_a_run_is_forgotten BEFORE DELETE ON outbox
    WHEN OLD.run_id > 0 AND OLD.receipt_id <> '' BEGIN
        INSERT INTO past_receipt ({COLUMNS}) VALUES ({OLD});
    END""",
    "ALTER TABLE sync_run ADD COLUMN notice TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE sync_run ADD COLUMN device_code TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE sync_run ADD COLUMN server TEXT NOT NULL DEFAULT ''",
    """UPDATE sync_run SET device_code = coalesce((SELECT value FROM setting WHERE name = 'device_code'), ''),
        server = coalesce((SELECT v FROM sync_meta WHERE k = 'server_url'), '')""",
)


def up(db: Any) -> None:
    for statement in STATEMENTS:
        db.execute_sql(statement)
