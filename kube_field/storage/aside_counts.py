"""How many changes wait on the server for an officer's decision, as it said so last; numbers only, never what waits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

ASIDE_COUNTS = "aside_counts"


class Settings(Protocol):
    """Named values of a laptop."""

    def setting(self, name: str, default: str = "") -> str:
        """A value."""
        ...

    def put_setting(self, name: str, value: str) -> None:
        """Store a value."""
        ...


@dataclass(frozen=True, slots=True)
class AsideCount:
    """How many waited, and when the server said so (UTC)."""

    count: int
    at: str


def keep_counts(store: Settings, counts: Mapping[str, int], at: str) -> None:
    """What hello said, by officer; whoever is not named decides nothing any more."""
    store.put_setting(ASIDE_COUNTS, json.dumps({uid: (count, at) for uid, count in counts.items()}))


def keep_count(store: Settings, officer: str, count: int, at: str) -> None:
    """What a look at the list said to one officer."""
    store.put_setting(ASIDE_COUNTS, json.dumps({**_kept(store), officer: (count, at)}))


def aside_count(store: Settings, officer: str) -> AsideCount | None:
    """What is known for an officer; None for one to whom nothing was said."""
    found = _kept(store).get(officer)
    return AsideCount(*found) if found else None


def _kept(store: Settings) -> dict[str, tuple[int, str]]:
    told: dict[str, tuple[int, str]] = json.loads(store.setting(ASIDE_COUNTS, "{}"))
    return told
