"""What was written before what where it was written: every edit tells which change of its record came before it.

A copy of a laptop goes by the same name until the server notices, but its officer has not seen what is written on the
other one. So the name counts only where nobody tells: by a program of before, or after the laptop's file was lost.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Set
from functools import cached_property
from typing import Any

from msgspec import UNSET

from kube_field.server.storage.record_rows import Decision
from kube_field.wire.messages import WireChange


def told_before(change: Mapping[str, Any]) -> str | None:
    """The id of what was written before a change as it travelled, "" for the first one, None where nobody tells."""
    after = change.get("after")
    if isinstance(after, str):
        return after
    return "" if change.get("create") is True else None


def told(change: WireChange) -> str | None:
    """The same of a change as it was read."""
    if change.after is UNSET:
        return "" if change.create else None
    return change.after


def in_written_order(told: Mapping[str, str | None]) -> list[str]:
    """Changes by id, each behind the one that it tells was written before it; else in the order given."""
    ordered = dict[str, None]()
    for name in told:
        line = {name: None}
        while (before := told[next(reversed(line))] or "") in told and before not in ordered and before not in line:
            line[before] = None
        ordered.update(dict.fromkeys(reversed(line)))
    return list(ordered)


class Written:
    """What was written about one record beside the change that is judged; `laptop` is where that one comes from."""

    def __init__(self, known: Mapping[str, Decision], change: WireChange, laptop: str) -> None:
        self._change_id = change.id
        self._told = {name: told_before(json.loads(one.body)) for name, one in known.items()} | {
            change.id: told(change)
        }
        self._of_laptop = {name for name, one in known.items() if laptop and one.device_id == laptop}

    @property
    def is_all_here(self) -> bool:
        """False where something that was written before it is still on its way: files of a stick, in any order."""
        line, _is_whole = self._own_line
        return line <= self._told.keys()

    def is_before(self, name: str) -> bool:
        """True for a change that was before its author's eyes, for it was written there before."""
        line, is_whole = self._own_line
        return name in line or (not is_whole and name in self._of_laptop)

    def is_behind(self, name: str) -> bool:
        """True for a change that was written by one who had the judged one before his eyes, there."""
        line, is_whole = self._line(name)
        return self._change_id in line or (not is_whole and name in self._of_laptop)

    @cached_property
    def _own_line(self) -> tuple[Set[str], bool]:
        return self._line(self._change_id)

    def _line(self, name: str) -> tuple[Set[str], bool]:
        """What was written before a change, and whether that is told back to the first one."""
        line = dict[str, None]()
        before = self._told.get(name)
        while before and before != name and before not in line:
            line[before] = None
            before = self._told.get(before)
        return line.keys(), before == ""
