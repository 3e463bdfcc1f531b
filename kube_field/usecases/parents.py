"""Which records a record hangs on: references in answers, the household of a person, the owner of a unit, scopes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kube_field.domain.records import PROVINCE_SCOPE, Answers, Record, RecordKind
from kube_field.usecases.permissions import PROVINCE_KINDS
from kube_field.usecases.session import Session

PARENT_CODES = ("household_id", "group_id", "person_id", "unit_id", "event_id", "subject_id")
"""Reference questions that decide where a record without a village of its own belongs, in this order."""
NAME_CODES = ("full_name", "name", "business_name", "title", "head_name")


def reference_uid(value: object) -> str:
    """The uid inside a reference answer, "" when there is none."""
    if isinstance(value, dict) and isinstance(value.get("uid"), str):
        return str(value["uid"])
    return ""


def reference_name(value: object) -> str:
    """The name that a reference carries as a snapshot."""
    return str(value.get("name") or "") if isinstance(value, dict) else ""


def referenced_uids(value: Any) -> Iterator[str]:
    """Every uid that answers point at, however deep."""
    if isinstance(value, dict):
        if uid := reference_uid(value):
            yield uid
        for item in value.values():
            yield from referenced_uids(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from referenced_uids(item)


def display_name(answers: Answers) -> str:
    """The name under which people know a record."""
    return next((str(answers[code]) for code in NAME_CODES if answers.get(code)), "")


def record_of(session: Session, value: object) -> Record | None:
    """The editable record that a reference answer points at, or that one's successor, when it lies on this laptop."""
    uid = reference_uid(value)
    return session.store.records.get(session.store.queue.standing_uid(uid)) if uid else None


def village_of(session: Session, answers: Answers) -> str:
    """Village of a record by its own answer or its parents' (household of a person, owner of a unit); "" unknown."""
    if isinstance(answers.get("village_code"), str) and answers["village_code"]:
        return str(answers["village_code"])
    for code in PARENT_CODES:
        parent = record_of(session, answers.get(code))
        if parent is not None and (village := village_of(session, parent.answers)):
            return village
    return ""


def scope_of(session: Session, kind: RecordKind, answers: Answers, subject_uid: str = "") -> str:
    """Scope of a record or fact: its village's kecamatan, else the scope of the record it hangs on.

    Falls back to the officer's first area when nothing is known yet.
    """
    if kind in PROVINCE_KINDS:
        return PROVINCE_SCOPE
    if village := village_of(session, answers):
        return session.reference.regions.scope_of(village)
    for uid in (subject_uid, *(reference_uid(answers.get(code)) for code in PARENT_CODES)):
        parent = session.store.records.get(uid) if uid else None
        if parent is not None:
            return parent.scope
    return session.officer.areas[0] if session.officer.areas else PROVINCE_SCOPE


def unsent_references(session: Session, answers: Answers, *uids: str) -> tuple[str, ...]:
    """Uids that a change must wait for: pointed at, and not acknowledged by the server yet."""
    wanted = dict.fromkeys([*(uid for uid in uids if uid), *referenced_uids(answers)])
    return tuple(uid for uid in wanted if session.store.queue.pending_sets(uid))


def household_of(session: Session, person: Record) -> Record | None:
    """The family of a person."""
    return record_of(session, person.answers.get("household_id"))


def owner_of(session: Session, unit: Record) -> Record | None:
    """The group or person that owns a business unit."""
    code = "group_id" if unit.answers.get("owner_kind") == "group" else "person_id"
    return record_of(session, unit.answers.get(code))
