"""An edit of a person, household, group, unit, training: one change set of what differs, and its history facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kube_field.domain.forms.evaluation import Evaluation, finalised_answers
from kube_field.domain.records import FACT_ROWS, Answers, Change, Draft, Fact, Record
from kube_field.usecases.audit_trail import audit_line
from kube_field.usecases.drafts import BASE, form_of
from kube_field.usecases.filling import filled
from kube_field.usecases.histories import change_of_fact, new_row_facts, past_value_facts
from kube_field.usecases.known import context_of
from kube_field.usecases.parents import scope_of, unsent_references
from kube_field.usecases.ports import Commit
from kube_field.usecases.session import Session
from kube_field.wire.canonical import change_hash


def commit_edit(session: Session, draft: Draft, confirmed: Mapping[str, str]) -> Record:
    """Write the edit, its change and its history facts, and remove the draft, in one transaction.

    The change names what differs from the record as the officer saw it, so that what came from the server meanwhile
    stays, and a field that both changed becomes a conflict there, never a silent loss.
    Nothing changed: no change, the draft goes, the stored record comes back.
    """
    stored = session.store.records.get(draft.record_uid)
    record, sets = edited_record(session, draft, stored)
    facts = [*new_row_facts(session, record, draft.answers), *past_value_facts(session, record, stored)]
    base = replace(stored, version=base_of(draft, stored)[0]) if stored is not None else None
    changes = changes_of_edit(session, record, base, sets, facts, "; ".join(confirmed.values()))
    action = "record.edit" if stored is not None else "record.create"
    session.store.commit(
        Commit(
            records=(record,) if sets else (),
            facts=facts,
            changes=changes,
            audit=(audit_line(session, action, record.kind, record.uid),) if changes else (),
            removed_drafts=(draft.uid,),
        )
    )
    return record if sets or stored is None else stored


def base_of(draft: Draft, stored: Record | None) -> tuple[int, Answers]:
    """Version and answers of the record as the draft was begun from it; the stored ones where none were kept."""
    kept = draft.answers.get(BASE)
    if isinstance(kept, Mapping):
        return int(kept["version"]), kept["answers"]
    return (stored.version, stored.answers) if stored is not None else (0, {})


def changed_meanwhile(session: Session, draft: Draft) -> bool:
    """True when the record stands otherwise than when its edit was begun: a newer one came from the server."""
    stored = session.store.records.get(draft.record_uid)
    return stored is not None and dict(stored.answers) != dict(base_of(draft, stored)[1])


def edited_record(session: Session, draft: Draft, stored: Record | None) -> tuple[Record, dict[str, tuple[Any, Any]]]:
    """The record as it will stand, and (value that the officer saw, new value) of each field that the officer changed.

    What the draft's form does not know stays untouched.
    """
    form = form_of(draft)
    apart = FACT_ROWS.get(draft.kind, {})
    _version, seen = base_of(draft, stored)
    whole = filled(session, draft.kind, draft.answers, seen)
    typed = finalised_answers(form, whole, context_of(session, draft))
    asked = dict.fromkeys(question.code for question in form.questions() if question.code not in apart)
    sets = {code: (seen.get(code), typed.get(code)) for code in asked if seen.get(code) != typed.get(code)}
    answers = dict(stored.answers) if stored is not None else {}
    answers |= {code: new for code, (_old, new) in sets.items()}
    answers = {code: value for code, value in answers.items() if value is not None}
    base = stored or Record(draft.record_uid, draft.kind, draft.form_version, "", {})
    record = replace(
        base,
        form_version=draft.form_version,
        scope=scope_of(session, draft.kind, answers, draft.subject_uid),
        answers=answers,
        updated_at=session.instant(),
        updated_by=session.officer.uid,
    )
    return record, sets


def field_sets(stored: Record | None, record: Record) -> dict[str, tuple[Any, Any]]:
    """(old, new) of every field that differs; an emptied field has the new value None."""
    before: Answers = stored.answers if stored is not None else {}
    codes = dict.fromkeys([*before, *record.answers])
    return {
        code: (before.get(code), record.answers.get(code))
        for code in codes
        if before.get(code) != record.answers.get(code)
    }


def changes_of_edit(
    session: Session,
    record: Record,
    stored: Record | None,
    sets: Mapping[str, tuple[Any, Any]],
    facts: list[Fact],
    reason: str = "",
) -> list[Change]:
    """The record's own change first, then one for each history fact, which waits for an unsent record."""
    changes = [change_of_record(session, record, stored, sets, reason)] if sets else []
    waits = (record.uid,) if sets else unsent_references(session, {}, record.uid)
    return changes + [change_of_fact(session, fact, waits) for fact in facts]


def change_of_record(
    session: Session,
    record: Record,
    stored: Record | None,
    sets: Mapping[str, tuple[Any, Any]],
    reason: str = "",
) -> Change:
    """One change set of an editable record."""
    return Change(
        id=session.wiring.new_id(),
        uid=record.uid,
        kind=record.kind,
        scope=record.scope,
        base_version=stored.version if stored is not None else 0,
        form_version=record.form_version,
        sets=dict(sets),
        by=session.officer.uid,
        at=session.instant(),
        sha256=change_hash(record.uid, record.kind, sets),
        create=stored is None,
        deps=unsent_references(session, record.answers),
        reason=reason,
    )


def changed_codes(session: Session, draft: Draft) -> frozenset[str]:
    """Questions whose answer this edit changes: only their warnings need a reason."""
    return frozenset(edited_record(session, draft, session.store.records.get(draft.record_uid))[1])


def warnings_to_confirm(
    session: Session, draft: Draft, evaluation: Evaluation, confirmed: Mapping[str, str]
) -> list[Any]:
    """Unconfirmed warnings of a new record, or of the fields that an edit changes."""
    open_warnings = list(evaluation.unconfirmed(confirmed))
    if session.store.records.get(draft.record_uid) is None:
        return open_warnings
    changed = changed_codes(session, draft)
    return [finding for finding in open_warnings if finding.question in changed]
