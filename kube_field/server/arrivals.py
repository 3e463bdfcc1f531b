"""A change as it came in, before anybody judged it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec

from kube_field.server.batch import UNDECIDED
from kube_field.server.judging import BadChangeError, id_of, read_change
from kube_field.server.storage.record_rows import Decision
from kube_field.server.written import in_written_order, told
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


def arrived(raw: bytes) -> Arrived:
    """Read one change as far as it can be read; one without an id is kept under the hash of its bytes."""
    try:
        change = read_change(raw)
    except BadChangeError as error:
        return Arrived(raw, id_of(raw) or f"raw:{sha256(raw).hexdigest()}", None, error)
    return Arrived(raw, change.id, change, None)


def as_written(items: Sequence[Arrived]) -> list[Arrived]:
    """Changes in the order in which they were written, as far as they tell; of one id the first. Any order may come."""
    known = {item.id: item for item in reversed(items)}
    order = in_written_order({item.id: told(item.change) if item.change is not None else None for item in items})
    return [known[name] for name in order]


def _words_added(before: WireChange, now: WireChange) -> dict[str, Any]:
    """What a later arrival of a change tells around the same content that the one before did not.

    A laptop hears late that the server was put back: what it gave to a stick before does not say so.
    """
    added: dict[str, Any] = {}
    if now.again is True and before.again is not True:
        added["again"] = True
    if now.seen_in and not before.seen_in:
        added["seen_in"] = now.seen_in
    return added


def retold(body: str, words: Mapping[str, Any]) -> str:
    """A change as it arrived, with these words of a later arrival."""
    fields: dict[str, Any] = msgspec.json.decode(body)
    return msgspec.json.encode({**fields, **words}).decode()


def news_of(decision: Decision, item: Arrived) -> dict[str, Any]:
    """What an arrival tells beside the words of the one before, where it may be decided anew by that.

    It waits still; or a stick of before brought it, it was refused, and now its laptop tells that it had been accepted.
    What somebody refused by hand stays refused.
    """
    is_refused = decision.status == "rejected" and not decision.decided_by
    is_open = is_refused or decision.status in UNDECIDED
    if not is_open or item.change is None or item.change.sha256 != decision.sha256:
        return {}
    before = arrived(decision.body.encode()).change
    words = _words_added(before, item.change) if before is not None else {}
    return words if "again" in words or not is_refused else {}
