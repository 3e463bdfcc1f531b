"""Which changes a server had accepted before it was put back."""

from typing import Any


def up(db: Any) -> None:
    db.execute_sql('ALTER TABLE "outbox" ADD COLUMN "ever_accepted" INTEGER NOT NULL DEFAULT 0')
