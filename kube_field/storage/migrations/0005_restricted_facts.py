"""Which facts only their author and the supervisors may see: lists leave them out without reading every answer."""

from typing import Any


def up(db: Any) -> None:
    db.execute_sql("ALTER TABLE fact ADD COLUMN restricted INTEGER NOT NULL DEFAULT 0")
