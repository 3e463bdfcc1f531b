"""A batch out of its bytes, never as more changes than one may have: millions of nothings would fill the memory."""

from __future__ import annotations

from gettext import gettext as _

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from kube_field.wire.codec import UNREADABLE, from_json, unreadable
from kube_field.wire.columns import Table
from kube_field.wire.messages import MAX_PUSH_CHANGES, Push, Word
from kube_field.wire.refusals import Refusal, RefusalCode

NOTHING = Raw(b"")


class Envelope(Struct, kw_only=True):
    """A push whose changes nobody looked at yet."""

    device: Word
    continuity: Word | None = None
    step: Word
    changes: Raw
    facts: Table | UnsetType = UNSET


_Few = msgspec.defstruct(
    "_Few",
    [(f"change_{number}", Raw, NOTHING) for number in range(MAX_PUSH_CHANGES)],
    array_like=True,
    forbid_unknown_fields=True,
)
"""A list that is given up at the first item too many, not when all of them are there."""


def read_push(content: bytes) -> Push:
    """A push out of its bytes. Raises: Refusal."""
    told = from_json(Envelope, content)
    try:
        found = msgspec.structs.astuple(msgspec.json.decode(told.changes, type=_Few))
    except UNREADABLE as error:
        if bytes(told.changes).startswith(b"["):
            raise too_many_at_once() from error
        raise unreadable() from error
    changes = [raw for raw in found if raw is not NOTHING]
    return Push(device=told.device, continuity=told.continuity, step=told.step, changes=changes, facts=told.facts)


def too_many_at_once() -> Refusal:
    """The refusal of more things than one message may name."""
    return Refusal(RefusalCode.BATCH_TOO_LARGE, _("Terlalu banyak data sekaligus; bagi menjadi beberapa kiriman."))
