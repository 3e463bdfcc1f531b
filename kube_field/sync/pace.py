"""How much is sent at once and how long is waited after a failure: both follow what the line bears."""

from __future__ import annotations

from kube_field.wire.messages import Limits

TRIES = 5
FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 60.0
FIRST_EDITS = 16
QUICK_SECONDS = 2.0
"""A batch answered faster than this lets the next one be twice as large."""


class BatchSize:
    """Changes of the next batch: `edits` need merging and begin with few, new facts with what any server takes."""

    def __init__(self) -> None:
        self.changes = self._most = self._most_edits = Limits().push_n
        self.edits = FIRST_EDITS

    def announced(self, changes: int, in_table: int = 0) -> None:
        """What the server takes at once, and how many new facts in a table."""
        self._most_edits = max(1, changes)
        self._most = max(self._most_edits, in_table)
        self.changes = min(self.changes, self._most)

    def answered(self, seconds: float) -> None:
        """A batch arrived."""
        if seconds < QUICK_SECONDS:
            self.changes = min(self.changes * 2, self._most)
            self.edits = min(self.edits * 2, self._most_edits)

    def lost(self) -> None:
        """No answer came."""
        self.changes, self.edits = max(1, self.changes // 2), max(1, self.edits // 2)

    def too_large(self, sent: int) -> bool:
        """So many were refused as too much; False when they cannot be fewer."""
        self.changes, self.edits = min(self.changes, sent), min(self.edits, sent)
        self.lost()
        return sent > 1


def pause(failures: int, retry_after: int, chance: float) -> float:
    """Seconds to wait after so many failures in a row: full jitter, never less than the server asked for."""
    return retry_after + chance * min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2.0**failures)
