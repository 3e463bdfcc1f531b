"""What one action changes, as the store writes it in one transaction: records, facts, changes, audit lines, drafts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kube_field.domain.records import Change, Draft, Fact, Record, RecordKind


@dataclass(frozen=True, slots=True)
class AuditLine:
    """Who did what to which record; ids only, never personal data."""

    actor: str
    action: str
    object_type: str
    object_id: str
    at: str
    result: str = "ok"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A counter value that a commit takes: kind of paper (KUNJ, ASM, DH), year, value (the last one plus one)."""

    paper: str
    year: int
    value: int


@dataclass(frozen=True, slots=True)
class Commit:
    """Everything that one action changes; the store writes all of it in one transaction or nothing."""

    records: Sequence[Record] = ()
    facts: Sequence[Fact] = ()
    changes: Sequence[Change] = ()
    audit: Sequence[AuditLine] = ()
    drafts: Sequence[Draft] = ()
    removed_drafts: Sequence[str] = ()
    withdrawn_facts: Sequence[str] = ()
    """Facts reopened before any change of them was handed to a transport: fact and outbox change go."""
    removed_records: Sequence[tuple[str, RecordKind]] = ()
    """New records taken back before any change of them was handed to a transport."""
    withdrawn_changes: Sequence[str] = ()
    """Changes taken back with them, by their ids; none of them was handed to a transport."""
    number: DocumentNumber | None = None
