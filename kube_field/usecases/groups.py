"""KUBE: found, looked at, members taken in and memberships closed with a reason, with a short way back."""

from __future__ import annotations

from dataclasses import replace
from gettext import gettext as _
from typing import Any

from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.declaration import Finding
from kube_field.domain.forms.evaluation import evaluate
from kube_field.domain.records import Draft, Record, RecordKind
from kube_field.errors import Failure, KubeFieldError
from kube_field.usecases import views
from kube_field.usecases.answer_text import sections_in_words
from kube_field.usecases.audit_trail import audit_line
from kube_field.usecases.editing import change_of_record, field_sets
from kube_field.usecases.finalise import refuse_findings
from kube_field.usecases.known import context_of
from kube_field.usecases.parents import display_name
from kube_field.usecases.people import documents_of_owner, the_record, timeline
from kube_field.usecases.permissions import require_may_write
from kube_field.usecases.ports import Commit
from kube_field.usecases.prefill import reference
from kube_field.usecases.session import Session


def find_groups(session: Session, *, wanted: views.GroupFilter) -> list[views.GroupRow]:
    """Groups of this laptop by words, kecamatan or status."""
    return session.store.listings.groups(wanted)


def group_profile(session: Session, *, uid: str) -> views.Profile:
    """Everything about one group: answers, members (past ones too), units, documents.

    Raises: KubeFieldError VALIDATION when the group is not on this laptop.
    """
    group = the_record(session, uid, RecordKind.KUBE_GROUP)
    declared = form(group.kind)
    units = tuple(session.store.listings.units(owner_uid=uid))
    documents = documents_of_owner(session, uid, units)
    members = tuple(session.store.listings.members(uid))
    village = str(group.answers.get("village_code") or "")
    status = group.answers.get("status")
    return views.Profile(
        uid=uid,
        kind=group.kind,
        title=display_name(group.answers),
        subtitle=session.reference.regions.full_name(village) if village else "",
        badges=((declared.question("status").choice_label(status), str(status)),) if status else (),
        sections=sections_in_words(declared, group.answers, session.reference),
        timeline=timeline(session, documents, _comings_and_goings(members)),
        documents=documents,
        members=members,
        units=units,
    )


def group_findings(session: Session, *, group_uid: str) -> tuple[Finding, ...]:
    """What the rules say about the group with its present members: officers, count, family, place (handbook 5.6)."""
    group = the_record(session, group_uid, RecordKind.KUBE_GROUP)
    draft = _as_draft(session, group)
    return evaluate(form(group.kind), group.answers, context_of(session, draft)).findings


def add_member(
    session: Session, *, group_uid: str, person_uid: str, role: str = "anggota", joined_on: str = ""
) -> Record:
    """Open a membership of a registered person.

    Raises: KubeFieldError VALIDATION when the person is in an active group already, NOT_ALLOWED by role.
    """
    require_may_write(session.officer, RecordKind.MEMBERSHIP)
    group = the_record(session, group_uid, RecordKind.KUBE_GROUP)
    person = the_record(session, person_uid, RecordKind.PERSON)
    answers = {
        "group_id": reference(group),
        "person_id": reference(person),
        "role": role,
        "joined_on": joined_on or session.today().isoformat(),
    }
    made = Record(
        uid=session.wiring.new_id(),
        kind=RecordKind.MEMBERSHIP,
        form_version=form(RecordKind.MEMBERSHIP).version,
        scope=group.scope,
        answers=answers,
        updated_at=session.instant(),
        updated_by=session.officer.uid,
    )
    return _store_membership(session, None, made, "membership.open")


def close_membership(session: Session, *, uid: str, left_on: str, reason: str, note: str = "") -> Record:
    """End a membership with a reason; the period stays readable.

    Raises: KubeFieldError VALIDATION for a missing reason or a day before it began, NOT_ALLOWED by role.
    """
    require_may_write(session.officer, RecordKind.MEMBERSHIP)
    stored = the_record(session, uid, RecordKind.MEMBERSHIP)
    if not reason:
        raise _membership_error("leave_reason", "REQUIRED", _("Pilih alasan keluar."))
    if left_on < str(stored.answers.get("joined_on") or ""):
        raise _membership_error("left_on", "DATE_ORDER", _("Tanggal keluar lebih awal dari tanggal masuk."))
    told = {"left_on": left_on, "leave_reason": reason, **({"note": note} if note else {})}
    return _store_membership(session, stored, replace(stored, answers={**stored.answers, **told}), "membership.close")


def reopen_membership(session: Session, *, uid: str) -> Record:
    """Take back a closing: the membership goes on as if it had not ended.

    Raises: KubeFieldError VALIDATION when the person is in another active group by now.
    """
    require_may_write(session.officer, RecordKind.MEMBERSHIP)
    stored = the_record(session, uid, RecordKind.MEMBERSHIP)
    gone = ("left_on", "leave_reason", "replaced_by", "note")
    kept = {code: value for code, value in stored.answers.items() if code not in gone}
    return _store_membership(session, stored, replace(stored, answers=kept), "membership.reopen")


def _store_membership(session: Session, stored: Record | None, record: Record, action: str) -> Record:
    judged = evaluate(form(record.kind), record.answers, context_of(session, _as_draft(session, record)))
    refuse_findings(judged.errors)
    record = replace(record, updated_at=session.instant(), updated_by=session.officer.uid)
    sets = field_sets(stored, record)
    if not sets:
        return record
    session.store.commit(
        Commit(
            records=(record,),
            changes=(change_of_record(session, record, stored, sets),),
            audit=(audit_line(session, action, record.kind, record.uid),),
        )
    )
    return record


def _membership_error(field: str, code: str, message: str) -> KubeFieldError:
    details: list[dict[str, str]] = [{"field": field, "code": code, "message": message}]
    return KubeFieldError(Failure.VALIDATION, message, _("Perbaiki, lalu simpan lagi."), details=details)


def _as_draft(session: Session, record: Record) -> Draft:
    """A stored record seen as a draft of itself, for the rules."""
    now = session.instant()
    answers: dict[str, Any] = dict(record.answers)
    return Draft(
        uid=record.uid,
        kind=record.kind,
        form_version=record.form_version,
        record_uid=record.uid,
        subject_uid="",
        answers=answers,
        author_uid=session.officer.uid,
        created_at=now,
        updated_at=now,
    )


def _comings_and_goings(members: tuple[views.MemberRow, ...]) -> list[views.TimelineItem]:
    told: list[views.TimelineItem] = []
    for row in members:
        told.append(views.TimelineItem(row.joined_on, _("Anggota masuk"), row.name, row.person_uid, RecordKind.PERSON))
        if row.left_on:
            told.append(
                views.TimelineItem(row.left_on, _("Anggota keluar"), row.name, row.person_uid, RecordKind.PERSON)
            )
    return told
