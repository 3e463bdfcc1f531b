"""Conflicts as records of their own, in the scope of the record that two people changed, and how they are settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec

from kube_field.domain.merge import DELETED, FieldConflict
from kube_field.server.batch import Batch, Cause
from kube_field.server.storage.accounts import User
from kube_field.server.storage.record_rows import LastEdit, Stored
from kube_field.wire.canonical import content_hash
from kube_field.wire.messages import WireChange
from kube_field.wire.server_words import Conflict, ServerKind, conflict_uid

OPEN, RESOLVED = "open", "resolved"


def word(uid: str, kind: ServerKind, scope: str, body: Any, *, version: int = 1, subject: str = "") -> Stored:
    """A word of the server as a record."""
    fields = msgspec.to_builtins(body)
    hashed = content_hash({"uid": uid, "kind": kind.value, "body": fields})
    return Stored(uid, kind.value, scope, version, fields, {}, subject_uid=subject, sha256=hashed)


def conflict_of(record: Stored) -> Conflict | None:
    """The conflict inside a record, when it is one."""
    return msgspec.convert(record.body, Conflict) if record.kind == ServerKind.CONFLICT else None


def _conflict_in(batch: Batch, uid: str, of: str) -> Conflict | None:
    """The conflict of this uid, when it is about record `of` or one that was merged into that."""
    record = batch.records.get(uid)
    if record is None or batch.standing(record.subject_uid) != batch.standing(of):
        return None
    return conflict_of(record)


def find_conflicts(
    batch: Batch, change: WireChange, clashes: Sequence[FieldConflict], author: User
) -> list[tuple[str, Conflict]]:
    """The conflicts that an edit opens, before it is stored: both values, who typed them, when the server got them."""
    if not clashes:
        return []
    earlier = batch.last_edits(change.uid, [clash.field for clash in clashes])
    mine = LastEdit(author.uid, batch.now)
    newest = earlier.get("", LastEdit("", ""))
    return [
        (
            conflict_uid(change.id, clash.field),
            _conflict(batch, change, clash, mine, earlier.get(clash.field, newest)),
        )
        for clash in clashes
    ]


def _conflict(batch: Batch, change: WireChange, clash: FieldConflict, mine: LastEdit, theirs: LastEdit) -> Conflict:
    brought_back = clash.field == DELETED and DELETED not in change.set
    keeper, loser = (mine, theirs) if brought_back else (theirs, mine)
    return Conflict(
        record=change.uid,
        record_kind=change.kind,
        field=clash.field,
        base=clash.base,
        kept=clash.kept,
        other=clash.other,
        kept_by=batch.name_of(keeper.author_uid),
        kept_at=keeper.at,
        other_by=batch.name_of(loser.author_uid),
        other_at=loser.at,
        change=change.id,
    )


def open_conflicts(batch: Batch, found: Sequence[tuple[str, Conflict]], cause: Cause) -> list[str]:
    """Store conflicts beside the record they are about, in its scope; their uids.

    One that was settled before it came, by way of a server that was put back, is settled.
    """
    for uid, conflict in found:
        _settle_as_before(batch, uid, conflict)
        scope = batch.records[conflict.record].scope
        made = word(uid, ServerKind.CONFLICT, scope, conflict, subject=conflict.record)
        batch.put(replace(made, author_uid=cause.author_uid), cause)
    return [uid for uid, _conflict in found]


def _settle_as_before(batch: Batch, uid: str, conflict: Conflict) -> None:
    told = next((one for one in batch.taken_in(conflict.record) if uid in one.get("resolves", ())), None)
    if told is not None:
        sets = told.get("set", {})
        chosen = sets[conflict.field][1] if conflict.field in sets else conflict.kept
        _mark_settled(batch, conflict, chosen, str(told.get("by", "")))


def _mark_settled(batch: Batch, conflict: Conflict, chosen: Any, by: str) -> None:
    conflict.chosen = chosen
    conflict.state, conflict.resolved_at = RESOLVED, batch.now
    conflict.resolved_by = batch.name_of(by)


def decided_otherwise(batch: Batch, change: WireChange, standing: Stored) -> list[FieldConflict]:
    """Fields that this change settles although somebody settled them with another value before it: the first stays."""
    values = {**standing.body, **standing.extra}
    found: dict[str, FieldConflict] = {}
    for uid in change.resolves:
        conflict = _conflict_in(batch, uid, change.uid)
        if conflict is None or conflict.state != RESOLVED or conflict.field not in change.set:
            continue
        seen, chosen = change.set[conflict.field]
        if chosen != conflict.chosen and chosen != values.get(conflict.field):
            found[conflict.field] = FieldConflict(conflict.field, seen, values.get(conflict.field), chosen)
    return list(found.values())


def close_conflicts(batch: Batch, change: WireChange, cause: Cause) -> None:
    """Mark the open conflicts that a change settles, with the value that was chosen.

    One of a record that stood under this one when its author chose, and was taken out since, stays open: it is told
    once more, or his laptop would take it for settled.
    """
    for uid in dict.fromkeys(change.resolves):
        conflict = _conflict_in(batch, uid, change.uid)
        if conflict is None:
            _tell_again(batch, uid, change.uid, cause)
            continue
        about = batch.records[change.uid]
        standing = {**about.body, **about.extra}.get(conflict.field)
        chosen = change.set[conflict.field][1] if conflict.field in change.set else standing
        settle_conflict(batch, batch.records[uid], chosen, cause)


def _tell_again(batch: Batch, uid: str, of: str, cause: Cause) -> None:
    record = batch.records.get(uid)
    conflict = conflict_of(record) if record is not None else None
    if record is not None and conflict is not None and conflict.state == OPEN and batch.was_merged(conflict.record, of):
        batch.put(replace(record, version=record.version + 1), cause)


def settle_conflict(batch: Batch, record: Stored, chosen: Any, cause: Cause) -> None:
    """Mark an open conflict as settled with this value by the author of the change; a settled one stays as it is."""
    conflict = conflict_of(record)
    if conflict is None or conflict.state != OPEN:
        return
    _mark_settled(batch, conflict, chosen, cause.author_uid)
    about, version = record.subject_uid, record.version + 1
    settled = word(record.uid, ServerKind.CONFLICT, record.scope, conflict, version=version, subject=about)
    batch.put(replace(settled, author_uid=cause.author_uid), cause)
