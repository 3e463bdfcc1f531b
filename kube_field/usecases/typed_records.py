"""Records that arrive as answers in one piece, from the command line or a sheet, instead of being typed into a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.reading import read_answers
from kube_field.domain.records import EDITABLE_KINDS, Draft, Fact, Record, RecordKind
from kube_field.usecases.drafts import new_draft
from kube_field.usecases.finalise import store_draft
from kube_field.usecases.secrecy import may_see
from kube_field.usecases.session import Session

SUBJECT_CODES = {
    RecordKind.VISIT: ("unit_id",),
    RecordKind.ASSESSMENT: ("subject_id",),
    RecordKind.ATTENDANCE: ("event_id",),
    RecordKind.AID: ("unit_id",),
    RecordKind.TEST_RESULT: ("event_id",),
    RecordKind.GRADUATION: ("unit_id",),
    RecordKind.REFERRAL: ("unit_id", "person_id"),
    RecordKind.REFERRAL_STATUS: ("referral_id",),
    RecordKind.CONSENT: ("person_id",),
    RecordKind.DESIL_CHECK: ("household_id",),
    RecordKind.VALUE_HISTORY: ("record_id",),
}
"""The question that says whom a fact is about."""


def draft_from_answers(
    session: Session, *, kind: RecordKind, answers: Mapping[str, Any], uid: str = "", form_version: str = ""
) -> Draft:
    """A draft of these answers, not stored yet; what they leave out is prefilled as a form would be.

    Raises: KeyError for a form version that does not exist.
    """
    read = read_answers(form(kind, form_version), answers, today=session.today())
    subject = next((_uid_of(read.get(code)) for code in SUBJECT_CODES.get(kind, ())), "")
    return new_draft(session, kind=kind, record_uid=uid, subject_uid=subject, prefill=read)


def keep_as_draft(session: Session, *, draft: Draft) -> Draft:
    """Store a draft at hand, whatever is wrong with it."""
    session.store.save_draft(draft)
    return draft


def put_record(session: Session, *, draft: Draft, confirm_all: str = "") -> Record | Fact:
    """Finalise a fact or commit an editable record in one durable transaction.

    Raises: KubeFieldError VALIDATION with one detail per finding; NOT_ALLOWED; DISK_FULL.
    """
    return store_draft(session, draft=draft, confirm_all=confirm_all)


def stored_records(session: Session, kind: RecordKind) -> list[Record] | list[Fact]:
    """Everything of one kind on this laptop that the officer at work may see."""
    if kind in EDITABLE_KINDS:
        return session.store.records.where(kind)
    return [fact for fact in session.store.facts.of_kind(kind) if may_see(session, fact)]


def _uid_of(answer: Any) -> str:
    return str(answer.get("uid", "")) if isinstance(answer, Mapping) else ""
