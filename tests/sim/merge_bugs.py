"""Seeded bugs of doubles and merges, each a patch over the real classes, as those of `bugs`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any
from unittest import mock

from kube_field.server import double_decisions, duplicates, two_records
from kube_field.server.applying import Applying
from kube_field.server.batch import Batch
from kube_field.server.double_decisions import DoubleDecisions
from kube_field.server.duplicates import Doubles
from kube_field.server.two_records import TwoRecords

Patch = Callable[[], AbstractContextManager[Any]]


def alias_not_followed() -> Any:
    """Who has not heard of a merge edits the record that nobody looks at any more."""

    def edit(applying: Any, change: Any, kind: Any, old: Any, device: str) -> Any:
        return applying._edit(change, kind, old, device)

    return mock.patch.object(Applying, "_edit_merged", edit)


def merge_drops() -> Any:
    """What differs in the merged record is not shown."""
    return mock.patch.object(DoubleDecisions, "_conflicts", return_value=[])


def merge_overwrites() -> Any:
    """The answers of the merged record stand in the kept one."""
    real = double_decisions.merge

    def merge(base: Any, mine: Any, theirs: Any) -> Any:
        return real(base, {name: (theirs.get(name), new) for name, (_old, new) in mine.items()}, theirs)

    return mock.patch.object(double_decisions, "merge", merge)


def undo_overwrites() -> Any:
    """The way back puts out what was typed since."""

    def put_back(pair: Any, kept: Any, done: Any, cause: Any) -> None:
        body, extra = dict(kept.body), dict(kept.extra)
        for name, (before, _after) in done.taken.items():
            body.pop(name, None)
            if before is not None:
                body[name] = before
        if done.taken:
            pair.put_fields(kept, body, extra, list(done.taken), cause)

    return mock.patch.object(TwoRecords, "_put_back", put_back)


def undo_forgets() -> Any:
    """The way back leaves in the kept record what it took from the other one."""
    return mock.patch.object(TwoRecords, "_put_back", return_value=None)


def undo_leaves_conflicts() -> Any:
    """Values of two records that are none any more stay side by side."""
    return mock.patch.object(TwoRecords, "_close", return_value=None)


def undo_never_waits() -> Any:
    """A merge taken back that comes before the merge, to a server that was put back, counts as done."""
    return mock.patch.object(Batch, "was_merged", return_value=True)


def merged_twice() -> Any:
    """A record that was merged away is merged into another one."""

    def mergeable(_doubles: Any, case: Any, _kept: Any, _merged: Any) -> Any:
        return case

    return mock.patch.object(DoubleDecisions, "_mergeable", mergeable)


def merge_leaves_behind() -> Any:
    """What hangs on the merged record stays where it was."""
    return mock.patch.object(two_records, "take_along", return_value=None)


def case_names_all() -> Any:
    """Every area is told of both records."""

    def about(case: Any, uids: Any) -> Any:
        return _real_about(case, [case.one, case.other] if uids else uids)

    return mock.patch.object(duplicates, "_about", about)


_real_about = duplicates._about


def case_never_closes() -> Any:
    """Two records that are alike no more stay a case."""
    return mock.patch.object(Doubles, "_followed", lambda _doubles, case, *_arguments: case)


def case_forgets() -> Any:
    """Two records that were told apart are a case again as soon as one of them is touched."""
    real = Doubles._followed

    def followed(doubles: Any, case: Any, *arguments: Any) -> Any:
        return real(doubles, replace(case, state="open") if case.state == "different" else case, *arguments)

    return mock.patch.object(Doubles, "_followed", followed)


MERGE_BUGS: dict[str, Patch] = {
    bug.__name__: bug
    for bug in (
        alias_not_followed,
        merge_drops,
        merge_overwrites,
        undo_overwrites,
        undo_forgets,
        undo_leaves_conflicts,
        undo_never_waits,
        merged_twice,
        merge_leaves_behind,
        case_names_all,
        case_never_closes,
        case_forgets,
    )
}
