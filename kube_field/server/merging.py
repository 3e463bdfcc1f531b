"""Applies one edit to a standing record by the merge that laptop and server share (domain/merge.py)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from kube_field.domain.merge import DELETED, Merged, merge
from kube_field.wire.messages import WireChange

History = Callable[[], Sequence[Mapping[str, Sequence[Any]]]]
"""Gives the edits (field to [old, new]) that the author of a change could not see, newest first."""


def merge_change(
    standing: Mapping[str, Any],
    change: WireChange,
    version: int,
    history: History,
    beside: Collection[str] = (),
) -> Merged:
    """Merge an edit into a record of this version; version 0 is a record that is not there yet."""
    if not version:
        return merge(None, {name: (None, new) for name, (_old, new) in change.set.items()}, {})
    base: Mapping[str, Any] | None = standing
    if change.base != version:
        deletes = DELETED in change.set or bool(standing.get(DELETED))
        base = undone(standing, history()) if deletes else None
    return merge(base, change.set, standing, beside)


def undone(standing: Mapping[str, Any], edits: Sequence[Mapping[str, Sequence[Any]]]) -> dict[str, Any]:
    """The record as it was before these edits, newest first."""
    fields = dict(standing)
    for edit in edits:
        for name, (old, _new) in edit.items():
            if old is None:
                fields.pop(name, None)
            else:
                fields[name] = old
    return fields
