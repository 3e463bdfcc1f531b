"""A batch out of its bytes, never as more changes than one may have: millions of nothings would fill the memory."""

from __future__ import annotations

from gettext import gettext as _
from typing import TypeVar

import msgspec
from msgspec import Raw, Struct

from kube_field.wire.again import Again
from kube_field.wire.codec import UNREADABLE, from_json, unreadable
from kube_field.wire.messages import MAX_PUSH_CHANGES, Push
from kube_field.wire.refusals import Refusal, RefusalCode

NOTHING = Raw(b"")


Batch = TypeVar("Batch", Push, Again)


class Envelope(Struct):
    """A batch of which nobody looked at anything yet but where its changes are."""

    changes: Raw = Raw(b"[]")


_Few = msgspec.defstruct(
    "_Few",
    [(f"change_{number}", Raw, NOTHING) for number in range(MAX_PUSH_CHANGES)],
    array_like=True,
    forbid_unknown_fields=True,
)
"""A list that is given up at the first item too many, not when all of them are there."""


def read_batch(kind: type[Batch], content: bytes) -> Batch:
    """A batch out of its bytes. Raises: Refusal."""
    changes = from_json(Envelope, content).changes
    try:
        msgspec.json.decode(changes, type=_Few)
    except UNREADABLE as error:
        if bytes(changes).startswith(b"["):
            raise too_many_at_once() from error
        raise unreadable() from error
    return from_json(kind, content)


def too_many_at_once() -> Refusal:
    """The refusal of more things than one message may name."""
    return Refusal(RefusalCode.BATCH_TOO_LARGE, _("Terlalu banyak data sekaligus; bagi menjadi beberapa kiriman."))
