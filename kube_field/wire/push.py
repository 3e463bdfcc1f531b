"""A batch out of its bytes, never as more changes than one may have: millions of nothings would fill the memory."""

from __future__ import annotations

from gettext import gettext as _
from typing import Any, TypeVar, get_type_hints

import msgspec
from msgspec import NODEFAULT, Raw, Struct
from msgspec.structs import FieldInfo, asdict, astuple, fields

from kube_field.wire.again import Again
from kube_field.wire.codec import UNREADABLE, from_json, unreadable
from kube_field.wire.messages import MAX_PUSH_CHANGES, Push
from kube_field.wire.refusals import Refusal, RefusalCode

CHANGES = "changes"
NOTHING = Raw(b"")


Batch = TypeVar("Batch", Push, Again)


_Few = msgspec.defstruct(
    "_Few",
    [(f"change_{number}", Raw, NOTHING) for number in range(MAX_PUSH_CHANGES)],
    array_like=True,
    forbid_unknown_fields=True,
)
"""A list that is given up at the first item too many, not when all of them are there."""


def _envelope(kind: type[Struct]) -> type[Struct]:
    """The same message with changes that nobody looked at yet; a list told twice is not made either."""
    hints = get_type_hints(kind, include_extras=True)
    return msgspec.defstruct(f"_{kind.__name__}", [_field(one, hints[one.name]) for one in fields(kind)], kw_only=True)


def _field(one: FieldInfo, hint: Any) -> Any:
    if one.name == CHANGES:
        return (CHANGES, Raw) if one.required else (CHANGES, Raw, Raw(b"[]"))
    if one.default_factory is not NODEFAULT:
        return (one.name, hint, msgspec.field(default_factory=one.default_factory))
    return (one.name, hint) if one.required else (one.name, hint, one.default)


_ENVELOPES: dict[type[Any], type[Struct]] = {kind: _envelope(kind) for kind in (Push, Again)}


def read_batch(kind: type[Batch], content: bytes) -> Batch:
    """A batch out of its bytes. Raises: Refusal."""
    told = asdict(from_json(_ENVELOPES[kind], content))
    changes = told[CHANGES]
    try:
        found = astuple(msgspec.json.decode(changes, type=_Few))
    except UNREADABLE as error:
        if bytes(changes).startswith(b"["):
            raise too_many_at_once() from error
        raise unreadable() from error
    return kind(**{**told, CHANGES: [raw for raw in found if raw is not NOTHING]})


def too_many_at_once() -> Refusal:
    """The refusal of more things than one message may name."""
    return Refusal(RefusalCode.BATCH_TOO_LARGE, _("Terlalu banyak data sekaligus; bagi menjadi beberapa kiriman."))
