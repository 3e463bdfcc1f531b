"""A change as it came in, before anybody judged it."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

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


def arrived(raw: bytes) -> Arrived:
    """Read one change as far as it can be read; one without an id is kept under the hash of its bytes."""
    try:
        change = read_change(raw)
    except BadChangeError as error:
        return Arrived(raw, id_of(raw) or f"raw:{sha256(raw).hexdigest()}", None, error)
    return Arrived(raw, change.id, change, None)
