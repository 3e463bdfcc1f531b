"""A change as it travels, and back."""

from __future__ import annotations

from kube_field.domain.records import Change, RecordKind
from kube_field.wire.messages import WireChange


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
    )
