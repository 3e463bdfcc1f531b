"""Conflicts on a laptop, brought by the server's own words."""

from __future__ import annotations

from typing import Any

import msgspec

from kube_field.domain.records import Record
from kube_field.storage.spoken_words import put_word
from kube_field.storage.store import LocalStore
from kube_field.wire.server_words import Conflict, ServerKind, conflict_uid

KEPT_AT, OTHER_AT = "2026-11-20T03:10:00.000Z", "2026-11-21T06:42:00.000Z"


def put_conflict(
    store: LocalStore, record: Record, field: str, other: Any, *, base: Any = None, change: str = "c-1", **fields: Any
) -> str:
    """An open conflict about a field: what stands in the record was kept, `other` was not; its id."""
    word = Conflict(
        record=record.uid,
        record_kind=record.kind.value,
        field=field,
        base=base,
        kept=record.answers.get(field),
        other=other,
        kept_by="Budi Contoh",
        kept_at=KEPT_AT,
        other_by="Rina",
        other_at=OTHER_AT,
        change=change,
    )
    uid = conflict_uid(change, field)
    with store.transaction():
        put_word(store, uid, ServerKind.CONFLICT, {**msgspec.to_builtins(word), **fields})
    return uid
