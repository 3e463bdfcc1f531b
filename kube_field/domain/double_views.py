"""Read models of records that may be one, and of records that were made one."""

from __future__ import annotations

from dataclasses import dataclass

from kube_field.domain.records import RecordKind


@dataclass(frozen=True, slots=True)
class DuplicateRow:
    """Records that may be one, as the server's word says: `uids` as far as this laptop may know them.

    `reason`: nik, kk, name. `elsewhere`: another one lies in an area that this laptop cannot see. Where the laptop has
    the words of both areas, both uids are here. `deciding` is the decision that waits here to be sent.
    """

    uid: str
    kind: RecordKind
    uids: tuple[str, ...]
    reason: str
    elsewhere: bool
    case: str = ""
    deciding: str = ""


@dataclass(frozen=True, slots=True)
class MergeRow:
    """Two records that were made one: `merged` is seen under `kept`. `uid` is that of the server's word.

    `deciding` is undo while that decision waits here to be sent. `blocked`: `kept` was merged itself since, which has
    to be undone before.
    """

    uid: str
    kind: RecordKind
    kept: str
    merged: str
    reason: str
    decided_by: str
    decided_at: str
    case: str = ""
    deciding: str = ""
    blocked: bool = False
