"""Three-way merge of one edit by field: what the server already has stays, no value is ever dropped (sync design 4)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Sets: TypeAlias = Mapping[str, tuple[Any, Any]]
"""An edit: field to (value that its author saw, value that the author typed); None is "no answer"."""

DELETED = "deleted"
"""The field of a tombstone; deleting is an edit like any other, except that it loses against every other edit."""


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """Two authors changed one field differently: both saw `base`; `kept` stays, `other` is shown beside."""

    field: str
    base: Any
    kept: Any
    other: Any


@dataclass(frozen=True, slots=True)
class Merged:
    """A record after an edit. Every field of the edit is in exactly one of `applied`, `already` and `conflicts`.

    `values` is the whole record. `applied` are fields that it changed, `already` those that held its value before.
    """

    values: Mapping[str, Any]
    applied: tuple[str, ...] = ()
    already: tuple[str, ...] = ()
    conflicts: tuple[FieldConflict, ...] = ()


def merge(
    base: Mapping[str, Any] | None, mine: Sets, theirs: Mapping[str, Any], beside: Collection[str] = ()
) -> Merged:
    """Apply my edit to their record. `base` is the record that I edited, None when it is not known any more.

    Per field: their value equals mine, nothing to do; it equals what I saw, mine goes in; else theirs stays and both
    are kept as a conflict. Deleting against another edit is a conflict too, and the record stays. So are the fields
    that somebody has to decide about whatever I saw: `beside`.
    """
    values = {field: value for field, value in theirs.items() if value is not None}
    applied: list[str] = []
    already: list[str] = []
    conflicts: list[FieldConflict] = []
    for field, (seen, typed) in mine.items():
        current = values.get(field)
        if current == typed:
            already.append(field)
        elif field not in beside and current == seen and not (field == DELETED and typed and _was_edited(base, theirs)):
            applied.append(field)
            _put(values, field, typed)
        else:
            conflicts.append(FieldConflict(field, seen, current, typed))
    if (applied or conflicts) and _deleted_meanwhile(base, mine, theirs):
        del values[DELETED]
        conflicts.append(FieldConflict(DELETED, None, None, True))
    return Merged(values, tuple(applied), tuple(already), tuple(conflicts))


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The edit that turns one record into another, fields in alphabetical order."""
    fields = sorted({*before, *after})
    return {field: (before.get(field), after.get(field)) for field in fields if before.get(field) != after.get(field)}


def _put(values: dict[str, Any], field: str, value: Any) -> None:
    if value is None:
        values.pop(field, None)
    else:
        values[field] = value


def _was_edited(base: Mapping[str, Any] | None, theirs: Mapping[str, Any]) -> bool:
    """True when somebody changed the record that I want to delete after I saw it."""
    return base is not None and any(field != DELETED for field in difference(base, theirs))


def _deleted_meanwhile(base: Mapping[str, Any] | None, mine: Sets, theirs: Mapping[str, Any]) -> bool:
    """True when somebody deleted the record that I edit, and I could not know it."""
    return bool(theirs.get(DELETED)) and DELETED not in mine and not (base is not None and base.get(DELETED))
