"""A change as it travels, and back."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import UNSET

from kube_field.domain.records import Change, RecordKind
from kube_field.wire.columns import hashes_proof
from kube_field.wire.messages import ChangeResult, WireChange, WireReceipt
from kube_field.wire.new_facts import Taken, receipt_id


def to_wire(change: Change) -> WireChange:
    """A change of the outbox as it travels."""
    return WireChange(
        id=change.id,
        uid=change.uid,
        kind=change.kind.value,
        scope=change.scope,
        base=change.base_version,
        form=change.form_version,
        create=change.create,
        deps=list(change.deps),
        set={name: (old, new) for name, (old, new) in change.sets.items()},
        by=change.by,
        at=change.at,
        reason=change.reason,
        resolves=list(change.resolves),
        seen_in=change.seen_in or UNSET,
        again=change.again or UNSET,
        after=UNSET if change.after is None else change.after,
        sha256=change.sha256,
    )


def from_wire(change: WireChange) -> Change:
    """A travelled change as a domain object. Raises: ValueError for an unknown kind."""
    return Change(
        id=change.id,
        uid=change.uid,
        kind=RecordKind(change.kind),
        scope=change.scope,
        base_version=change.base,
        form_version=change.form,
        sets=dict(change.set),
        by=change.by,
        at=change.at,
        sha256=change.sha256,
        create=change.create,
        deps=tuple(change.deps),
        reason=change.reason,
        resolves=tuple(change.resolves),
        seen_in=change.seen_in or "",
        again=change.again is True,
        after=None if change.after is UNSET else change.after,
    )


def results_of(taken: Taken | None, facts: Sequence[Change]) -> list[ChangeResult]:
    """What a table's one receipt says about each of its facts; nothing when it is for other contents than ours."""
    if taken is None or taken.proof != hashes_proof(change.sha256 for change in facts):
        return []
    return [
        ChangeResult(
            id=change.id,
            status="applied",
            version=1,
            receipt=WireReceipt(id=receipt_id(taken.receipt, change.id), sha256=change.sha256, at=taken.at),
        )
        for change in facts
    ]
