"""A change as it came in, before anybody judged it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec

from kube_field.server.judging import BadChangeError, id_of, read_change
from kube_field.wire.messages import WireChange


@dataclass(frozen=True, slots=True)
class Arrived:
    """A change as it came: its bytes, its id, and the change itself or why it cannot be read."""

    raw: bytes
    id: str
    change: WireChange | None
    error: BadChangeError | None

    @property
    def text(self) -> str:
        """Its bytes as a database keeps them."""
        return self.raw.decode("utf-8", errors="backslashreplace").replace("\x00", "\\u0000")

    def is_beside(self, other: Arrived) -> bool:
        """True for another change of the same record."""
        if self.change is None or other.change is None or self.id == other.id:
            return False
        return self.change.uid == other.change.uid


def arrived(raw: bytes) -> Arrived:
    """Read one change as far as it can be read; one without an id is kept under the hash of its bytes."""
    try:
        change = read_change(raw)
    except BadChangeError as error:
        return Arrived(raw, id_of(raw) or f"raw:{sha256(raw).hexdigest()}", None, error)
    return Arrived(raw, change.id, change, None)


def in_turns(items: Sequence[Arrived], decide: Callable[[Arrived, Sequence[Arrived]], bool]) -> None:
    """Decide one after the other; one that comes too early has another turn after the others.

    `decide` is given a change and those that come after it, and says whether it was decided. The last one is.
    """
    while items:
        items = [item for n, item in enumerate(items, 1) if not decide(item, items[n:])]


def words_added(before: WireChange, now: WireChange) -> dict[str, Any]:
    """What a later arrival of a change tells around the same content that the one before did not.

    A laptop hears late that the server was put back: what it gave to a stick before does not say so.
    """
    added: dict[str, Any] = {}
    if now.again is True and before.again is not True:
        added["again"] = True
    if now.seen_in and not before.seen_in:
        added["seen_in"] = now.seen_in
    return added


def retold(body: str, words: dict[str, Any]) -> str:
    """A change as it arrived, with these words of a later arrival."""
    fields: dict[str, Any] = msgspec.json.decode(body)
    return msgspec.json.encode(fields | words).decode()
