"""What was written before an edit about its record on this laptop: its author saw that, another copy of it did not.

Of what waits already nobody knows: a laptop whose file was put back from its journal lacks what was sent before.
"""

from typing import Any


def up(db: Any) -> None:
    db.execute_sql("ALTER TABLE outbox ADD COLUMN written_after TEXT")
