"""What every use case is given: the unlocked laptop as one officer works on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from kube_field.domain.records import Officer
from kube_field.reference import Reference
from kube_field.usecases.ports import Photos, Store, Wiring

WITA = timezone(timedelta(hours=8), "WITA")


@dataclass(frozen=True, slots=True)
class Session:
    """An officer, the open store and photos, the reference data, and time and ids from outside."""

    officer: Officer
    store: Store
    photos: Photos
    reference: Reference
    wiring: Wiring
    is_demo: bool = False

    def instant(self) -> str:
        """Now, as UTC ISO text with milliseconds: 2026-11-23T02:03:04.567Z."""
        return instant_text(self.wiring.now())

    def today(self) -> date:
        """The calendar day in East Kalimantan (WITA).

        A clock that went back, as after an empty battery on the main board, is not believed: it cannot be earlier
        than when the server was heard of last, and nothing that was already done shall count as not happened yet.
        """
        now, heard = self.wiring.now(), self.store.queue.server_heard_at()
        return (max(now, heard) if heard else now).astimezone(WITA).date()


def instant_text(moment: datetime) -> str:
    """An aware moment as UTC ISO text with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
