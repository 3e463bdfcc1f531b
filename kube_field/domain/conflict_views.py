"""What pages read of edits that met those of others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kube_field.domain.records import RecordKind


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """One field that two people changed differently, as the server's word says; values are answers.

    `kept` stands in the record, `other` did not go in. `state`: coming, open, settling (a choice waits), resolved.
    `refused` says why the server did not take the last choice that was made here, "" while it did not refuse one.
    """

    id: str
    uid: str
    kind: RecordKind
    field: str
    base: Any
    kept: Any
    other: Any
    state: str
    at: str
    kept_by: str = ""
    kept_at: str = ""
    other_by: str = ""
    other_at: str = ""
    chosen: Any = None
    resolved_by: str = ""
    resolved_at: str = ""
    refused: str = ""


@dataclass(frozen=True, slots=True)
class JoinedEdit:
    """An edit that went in beside one of somebody else that its author had not seen: when, whose, which fields.

    `name` is "" where the author's staff record is not on this laptop.
    """

    at: str
    by_uid: str
    name: str
    fields: tuple[str, ...]
