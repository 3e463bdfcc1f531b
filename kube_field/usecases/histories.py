"""Lists asked inside an editable record but kept as facts of their own: desil, consents, past values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kube_field.domain.forms.catalogue import newest_version
from kube_field.domain.forms.consent import blank_consents
from kube_field.domain.records import FACT_ROWS, Answers, Change, Fact, Record, RecordKind
from kube_field.usecases.parents import reference_name
from kube_field.usecases.session import Session
from kube_field.wire.canonical import fact_body, fact_hash

DATED_VALUES: Mapping[RecordKind, tuple[str, ...]] = {
    RecordKind.HOUSEHOLD: ("kk_number", "address", "village_code"),
    RecordKind.PERSON: ("phone", "nik", "household_id"),
    RecordKind.KUBE_GROUP: ("assigned_staff_id",),
}
"""Fields whose past values stay readable (handbook 8.2)."""
MAX_TEXT = 250
"""Longest value that a history keeps."""
GIVEN_ON = "given_on"
ROW_DAYS = ("checked_on", GIVEN_ON)


def history_rows(session: Session, kind: RecordKind, uid: str) -> dict[str, Any]:
    """The facts of a record as rows of its form, oldest first; a row's id is the fact's uid."""
    return {
        code: [
            {"id": fact.uid, **fact.answers}
            for fact in sorted(session.store.facts.of_subject(uid, fact_kind), key=lambda fact: fact.occurred_on)
        ]
        for code, fact_kind in FACT_ROWS.get(kind, {}).items()
    } | ({"consents": consent_rows(session, uid)} if kind == RecordKind.PERSON else {})


def consent_rows(session: Session, person_uid: str) -> list[dict[str, Any]]:
    """The newest word on each of the five consents; one that was never asked stands as "no"."""
    told = {fact.answers.get("item"): fact for fact in session.store.facts.of_subject(person_uid, RecordKind.CONSENT)}
    blank = blank_consents(session.today().isoformat(), session.wiring.new_id)
    return [{"id": fact.uid, **fact.answers} if (fact := told.get(row["item"])) else row for row in blank]


def new_row_facts(session: Session, record: Record, answers: Answers) -> list[Fact]:
    """Facts for the rows that this edit added or changed; what is a fact already stays, and a struck row gives none."""
    made: list[Fact] = []
    for code, kind in FACT_ROWS.get(record.kind, {}).items():
        for row in answers.get(code) or []:
            known = session.store.facts.get(str(row.get("id", "")))
            told = {name: value for name, value in row.items() if name != "id"}
            if "struck" in row or (known is not None and told == known.answers):
                continue
            if known is not None and told.get(GIVEN_ON) == known.answers.get(GIVEN_ON) is not None:
                told[GIVEN_ON] = session.today().isoformat()
            day = next((str(told[name]) for name in ROW_DAYS if told.get(name)), session.today().isoformat())
            made.append(small_fact(session, kind, record, told, day))
    return made


def past_value_facts(session: Session, record: Record, stored: Record | None) -> list[Fact]:
    """A fact for each dated value that this edit replaces."""
    if stored is None:
        return []
    today = session.today().isoformat()
    return [
        small_fact(
            session,
            RecordKind.VALUE_HISTORY,
            record,
            {
                "field": code,
                "old_value": _in_text(stored.answers[code]),
                "new_value": _in_text(record.answers.get(code)),
                "valid_from": today,
            },
            today,
        )
        for code in DATED_VALUES.get(record.kind, ())
        if stored.answers.get(code) and stored.answers[code] != record.answers.get(code)
    ]


def _in_text(value: Any) -> str:
    """A value as its history keeps it: a reference by the name that it carried."""
    return (reference_name(value) if isinstance(value, dict) else str(value or ""))[:MAX_TEXT]


def small_fact(session: Session, kind: RecordKind, about: Record | Fact, answers: Answers, day: str) -> Fact:
    """An insert-only row about a record or a revision of a document, hashed."""
    return hashed(
        Fact(
            uid=session.wiring.new_id(),
            kind=kind,
            form_version=newest_version(kind),
            scope=about.scope,
            subject_uid=about.uid,
            occurred_on=day,
            answers=dict(answers),
            author_uid=session.officer.uid,
            author_name=session.officer.name,
            finalised_at=session.instant(),
        )
    )


def hashed(fact: Fact) -> Fact:
    """The fact with the hash of its canonical content."""
    return replace(fact, sha256=fact_hash(fact.uid, fact.kind, fact_body(fact)))


def change_of_fact(session: Session, fact: Fact, deps: tuple[str, ...], reason: str = "") -> Change:
    """The change that brings a fact to the server."""
    return Change(
        id=session.wiring.new_id(),
        uid=fact.uid,
        kind=fact.kind,
        scope=fact.scope,
        base_version=0,
        form_version=fact.form_version,
        sets={name: (None, value) for name, value in fact_body(fact).items()},
        by=fact.author_uid,
        at=fact.finalised_at,
        sha256=fact.sha256,
        create=True,
        deps=deps,
        reason=reason,
    )
