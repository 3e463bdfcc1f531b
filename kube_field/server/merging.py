"""Applies one edit to a standing record: field by field, the server's value stays where two people disagree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kube_field.server.judging import DELETED
from kube_field.wire.messages import WireChange


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that was changed on both sides: `kept` stands, `other` is what came."""

    field: str
    base: Any
    kept: Any
    other: Any


@dataclass(frozen=True, slots=True)
class Outcome:
    """The record's fields after the edit; `merged` when somebody else had changed the record in between."""

    fields: Mapping[str, Any]
    applied: tuple[str, ...]
    clashes: tuple[Clash, ...]
    merged: bool


def merge_change(standing: Mapping[str, Any], change: WireChange, version: int) -> Outcome:
    """Merge an edit into a record of this version; version 0 is a record that is not there yet."""
    fields = dict(standing)
    applied, clashes = [], []
    for name, (old, new) in change.set.items():
        current = standing.get(name)
        if current == new and name in standing:
            continue
        deletes_unseen = name == DELETED and bool(new) and change.base != version
        if version and (deletes_unseen or not _same(current, old)):
            clashes.append(Clash(name, old, current, new))
            continue
        fields[name] = new
        applied.append(name)
    return Outcome(fields, tuple(applied), tuple(clashes), merged=0 < version != change.base)


def _same(left: Any, right: Any) -> bool:
    """Equal, or both "not asked yet"."""
    return bool(left == right) or (left in (None, "", [], {}) and right in (None, "", [], {}))
