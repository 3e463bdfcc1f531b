"""Where a record belongs: by its village, else where the record lies that it travels with; moves take everything along.

Decision 10: person, household, group, unit and training event lie by their village, facts follow their parent. A person
has no village of his own but his family's, a membership that of its group, a unit without one that of its owner.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from kube_field.domain.records import EDITABLE_KINDS, PROVINCE_SCOPE, TRAVELS_WITH, RecordKind
from kube_field.domain.regions import Regions
from kube_field.server.batch import Batch, Cause
from kube_field.server.judging import RECORD_ID
from kube_field.server.shelves import shelved
from kube_field.server.storage.record_rows import Stored
from kube_field.wire.messages import WireChange
from kube_field.wire.server_words import ServerKind

VILLAGE = "village_code"


def parent_uid(kind: RecordKind, fields: Mapping[str, Any]) -> str:
    """The record that this one hangs on and travels with; "" for one that has a place of its own."""
    if kind not in EDITABLE_KINDS:
        subject = fields.get("subject_uid")
        return subject if isinstance(subject, str) else ""
    return "" if fields.get(VILLAGE) else companion_uid(kind, fields)


def companion_uid(kind: RecordKind, fields: Mapping[str, Any]) -> str:
    """The record that one of this kind travels with, unless it has a village of its own."""
    named = (fields.get(code) for code in TRAVELS_WITH.get(kind, ()))
    uids = (value.get("uid") for value in named if isinstance(value, dict))
    return next((uid for uid in uids if isinstance(uid, str) and RECORD_ID.fullmatch(uid)), "")


def places_of(records: Iterable[Stored]) -> set[str]:
    """The records that these hang on by their own answers, also while they are merged into others."""
    known = ((record, {**record.body, **record.extra}) for record in records if record.kind != ServerKind.ERASED)
    return {parent_uid(RecordKind(record.kind), fields) for record, fields in known} - {""}


def new_values(change: WireChange) -> dict[str, Any]:
    """The fields of a change as their author typed them."""
    return {name: new for name, (_old, new) in change.set.items()}


def parent_in(change: WireChange) -> str:
    """The record that the changed one will travel with, as far as the change itself says so."""
    return parent_uid(RecordKind(change.kind), new_values(change))


def destination(batch: Batch, regions: Regions, before: Stored, after: Stored) -> str:
    """The scope in which a record lies after an edit; it stays where it is when the edit names no other known place."""
    fields = {**after.body, **after.extra}
    village = fields.get(VILLAGE)
    if village and village != {**before.body, **before.extra}.get(VILLAGE):
        scope = regions.scope_of(str(village))
        return scope if regions.kecamatan(scope) is not None else before.scope
    if after.subject_uid and after.subject_uid != before.subject_uid:
        batch.load([after.subject_uid])
        parent = batch.records.get(after.subject_uid)
        return parent.scope if parent is not None else before.scope
    return before.scope


def home_scope(batch: Batch, regions: Regions, record: Stored, otherwise: str) -> tuple[str, str]:
    """On which record this one hangs by its own answers, and the scope where it lies by them."""
    fields = {**record.body, **record.extra}
    parent = batch.records.get(parent_uid(RecordKind(record.kind), fields))
    if parent is not None and parent.scope != PROVINCE_SCOPE:
        return parent.uid, parent.scope
    scope = regions.scope_of(str(fields.get(VILLAGE, "")))
    return parent_uid(RecordKind(record.kind), fields), scope if regions.kecamatan(scope) is not None else otherwise


def take_along(batch: Batch, uid: str, cause: Cause) -> None:
    """Let everything that hangs on a moved record follow it, and what hangs on that."""
    scope = batch.records[uid].scope
    level = [uid]
    while level:
        moved = [(record, shelved(batch.records, replace(record, scope=scope))) for record in batch.hanging_on(level)]
        behind = [record for record, target in moved if record.scope != target.scope]
        for record in behind:
            batch.put(replace(record, scope=scope, version=record.version + 1), cause)
        level = [record.uid for record in behind]
