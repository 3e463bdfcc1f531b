"""A run of synchronisation and the pill: what the officer is told of what was sent and what waits."""

from __future__ import annotations

from dataclasses import dataclass

PASSING = frozenset({"S01", "S02", "S04", "BUSY", "SERVER_FAULT"})
"""Outcomes of a run that did not get to the server's word: normal in the field, tried again by itself.

What the server refused, or the laptop was found to lack, before such a run stands as it did.
"""

HISTORY_ONLY = frozenset({"device_code", "server", "audit_length", "audit_head"})
"""What only a run that is read from the history knows of itself."""


@dataclass(frozen=True, slots=True)
class SyncRun:
    """One run, with its result in numbers. `outcome` is "" for good, else the code of the message (S01 … S09).

    `exit_code` is the published one of the failure; a run that is read from the list of runs does not know it any more.
    `id` is 0 while the run is not in that list yet. A good run has a `message` when the laptop's clock is wrong.
    `notice` is what the server said of this laptop or of itself; `device_code`, `server` and how far the audit log
    reached are those of that day.
    """

    started_at: str
    ended_at: str
    sent: int
    received: int
    refused: int
    photos_sent: int
    bytes_up: int
    bytes_down: int
    outcome: str = ""
    message: str = ""
    via: str = "internet"
    exit_code: int = 0
    id: int = 0
    notice: str = ""
    device_code: str = ""
    server: str = ""
    audit_length: int = 0
    audit_head: str = ""

    @property
    def is_good(self) -> bool:
        """True when it did everything and nothing was found wrong."""
        return not self.outcome and not self.message


@dataclass(frozen=True, slots=True)
class PillState:
    """The sync pill: what has no receipt, failed or came `unread`; age of the oldest unsent in days; when all was sent.

    Of the unsent photos the server refused `photos_refused`; `unsolved` is the run whose failure is not solved yet.
    """

    unsent: int
    failed: int
    photos_unsent: int
    oldest_days: int
    last_good_at: str
    enrolled: bool
    sent: int = 0
    unread: int = 0
    photos_refused: int = 0
    unsolved: SyncRun | None = None

    @property
    def is_all_sent(self) -> bool:
        """True when nothing waits and nothing was refused."""
        return not (self.unsent or self.failed or self.photos_unsent)
