"""What the record repository takes and gives, and how it becomes rows; JSON columns are text."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import msgspec

from kube_field.wire.messages import Row


@dataclass(frozen=True, slots=True)
class Stored:
    """A record as it stands; `extra` are fields that this server does not know.

    `merged_into` is the record that is seen in its place, "" for one that stands for itself.
    """

    uid: str
    kind: str
    scope: str
    version: int
    body: dict[str, Any]
    extra: dict[str, Any]
    subject_uid: str = ""
    occurred_on: str = ""
    author_uid: str = ""
    sha256: str = ""
    deleted: bool = False
    merged_into: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A change and what became of it; `result` is the answer as JSON, given again to whoever asks again.

    `sender_uid` is the officer whose token brought it, `decided_by` whoever decided it by hand.
    """

    change_id: str
    uid: str
    author_uid: str
    body: str
    sha256: str
    status: str
    result: str
    sender_uid: str = ""
    device_id: str = ""
    decided_by: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a change that was set aside says of itself; all empty for one that nobody can read."""

    uid: str = ""
    kind: str = ""
    scope: str = ""
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One new version of one record."""

    uid: str
    version: int
    change_id: str
    sets: str
    author_uid: str
    reason: str
    device_id: str


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a scope's feed: a record that stands there in a new version (put), or that left it (exit)."""

    scope: str
    uid: str
    version: int
    change_id: str
    kind: str
    state: str = "put"


@dataclass(frozen=True, slots=True)
class LastEdit:
    """Who set a field last, and when the server learned of it."""

    author_uid: str
    at: str


@dataclass(slots=True)
class Writing:
    """Everything that one batch writes."""

    decisions: dict[str, Decision] = field(default_factory=dict)
    """Changes that arrived for the first time, by change id."""
    redecided: dict[str, Decision] = field(default_factory=dict)
    """Changes that are known from earlier, by change id."""
    retold: dict[str, str] = field(default_factory=dict)
    """Change id to its new body, for what waits and came again with more words around the same content."""
    records: dict[str, Stored] = field(default_factory=dict)
    before: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Scope and version of each written record before the batch; ("", 0) for a new one."""
    steps: list[Step] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    held: dict[str, str] = field(default_factory=dict)
    """Change id to the record id it waits for."""
    released: list[str] = field(default_factory=list)
    emptied: list[str] = field(default_factory=list)
    """Changes whose content must not stay: they are about somebody who was erased."""
    aside: dict[str, Told | None] = field(default_factory=dict)
    """Change id to what it says, None for one that does not wait for anybody any more."""
    photos: dict[tuple[str, str], tuple[str, str, str]] = field(default_factory=dict)
    """(sha256, record uid) to (scope, mime, who named it)."""


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a scope: rows in order, where it ends, and the scope's proofs."""

    rows: list[Row]
    seq: int
    head: int
    chain: str
    sum: str
    more: bool


def intake_row(item: Decision) -> dict[str, Any]:
    """The columns of a decided change."""
    return {name: getattr(item, name) for name in Decision.__slots__}


def decision_of(row: dict[str, Any]) -> Decision:
    """The decided change in a row."""
    return Decision(**{name: row[name] for name in Decision.__slots__})


def record_row(record: Stored) -> dict[str, Any]:
    """The columns of a record."""
    row = {name: getattr(record, name) for name in Stored.__slots__}
    row["body"] = json.dumps(record.body, ensure_ascii=False)
    row["extra"] = json.dumps(record.extra, ensure_ascii=False)
    row["deleted"] = int(record.deleted)
    return row


def stored_of(row: dict[str, Any]) -> Stored:
    """The record in a row."""
    kept = {name: row[name] for name in Stored.__slots__}
    kept["body"], kept["extra"] = json.loads(row["body"]), json.loads(row["extra"])
    return Stored(**{**kept, "deleted": bool(row["deleted"])})


def _body(known: str, extra: str) -> dict[str, Any]:
    body: dict[str, Any] = msgspec.json.decode(known)
    return body if extra == "{}" else {**body, **msgspec.json.decode(extra)}


def row_of(row: dict[str, Any]) -> Row:
    """A row of a download."""
    return Row(
        uid=row["uid"],
        seq=int(row["seq"]),
        v=int(row["version"]),
        k=row["kind"],
        st=row["state"],
        by=row["author_uid"],
        sha=row["sha256"],
        body=_body(row["body"], row["extra"]),
    )
