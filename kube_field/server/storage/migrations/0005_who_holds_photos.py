"""Who named a photo and who handed in its bytes: a name alone gives nobody the photo."""

import secrets
from typing import Any

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE blob_holder (
        "sha256" TEXT NOT NULL,
        "user_uid" TEXT NOT NULL,
        "device_id" TEXT NOT NULL,
        "at" TEXT NOT NULL,
        PRIMARY KEY ("sha256", "user_uid")
    )""",
    "ALTER TABLE blob_link ADD COLUMN named_by TEXT NOT NULL DEFAULT ''",
    """UPDATE blob_link SET named_by = coalesce(
        (SELECT author_uid FROM record WHERE record.uid = blob_link.uid), '')""",
    # whoever named a photo that is here is believed: nobody asked him for a proof in his time
    """INSERT INTO blob_holder (sha256, user_uid, device_id, at)
       SELECT DISTINCT l.sha256, l.named_by, '', b.stored_at
       FROM blob_link l JOIN blob b ON b.sha256 = l.sha256 WHERE l.named_by <> ''""",
    "CREATE INDEX blob_link_named_by ON blob_link (named_by)",
)


def up(db: Any) -> None:
    for statement in STATEMENTS:
        db.execute_sql(statement)
    columns = f"INSERT INTO server_meta (name, value) VALUES ({db.param}, {db.param})"
    db.execute_sql(columns, ("photo_key", secrets.token_hex(32)))
