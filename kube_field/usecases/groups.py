"""KUBE: found, looked at, members taken in and memberships closed with a reason, with a short way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from gettext import gettext as _
from typing import Any

from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.declaration import Finding
from kube_field.domain.forms.evaluation import evaluate
from kube_field.domain.merge import DELETED
from kube_field.domain.records import Draft, Record, RecordKind
from kube_field.errors import Failure, KubeFieldError
from kube_field.usecases import views
from kube_field.usecases.answer_text import sections_in_words
from kube_field.usecases.assets import aid_of_units
from kube_field.usecases.audit_trail import audit_line
from kube_field.usecases.business_standing import standing_badges
from kube_field.usecases.editing import change_of_record, field_sets
from kube_field.usecases.finalise import refuse_findings
from kube_field.usecases.group_story import (
    comings_and_goings,
    history_of_group,
    trainings_of_members,
    with_endings,
)
from kube_field.usecases.known import context_of
from kube_field.usecases.parents import display_name
from kube_field.usecases.people import documents_of_owner, the_record, timeline
from kube_field.usecases.permissions import require_may_write
from kube_field.usecases.ports import Commit
from kube_field.usecases.prefill import reference
from kube_field.usecases.referrals import referrals_of
from kube_field.usecases.session import Session

ROLE_CHANGE = "ganti_jabatan"
ENDING = ("left_on", "leave_reason", "replaced_by", "note")
"""Answers that only an ended membership has."""
MEMBER_CODES = frozenset(
    {
        "MEMBERS_TOO_FEW",
        "MEMBERS_TOO_MANY",
        "MEMBER_OTHER_KECAMATAN",
        "MEMBER_AGE",
        "MEMBERS_OF_ONE_FAMILY",
        "NO_MEMBER_IN_DESIL_5",
        *(f"{how}_{role}" for how in ("NO", "MANY") for role in ("KETUA", "SEKRETARIS", "BENDAHARA")),
    }
)
MEMBERSHIP_CODES = frozenset({"MEMBER_OF_TWO_GROUPS", "MEMBER_TWICE"})
"""Findings of the group's and the membership's form that are about who belongs to the group (handbook 5.6)."""
Pair = tuple[Record | None, Record]
"""A record as it was stored, None for a new one, and as it shall be."""


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
    members = with_endings(session, session.store.listings.members(uid))
    trainings = trainings_of_members(session, members)
    village = str(group.answers.get("village_code") or "")
    status = group.answers.get("status")
    return views.Profile(
        uid=uid,
        kind=group.kind,
        title=display_name(group.answers),
        subtitle=session.reference.regions.full_name(village) if village else "",
        badges=(
            *([(declared.question("status").choice_label(status), str(status))] if status else []),
            *standing_badges(session, units),
        ),
        sections=sections_in_words(declared, group.answers, session.reference),
        timeline=timeline(session, documents, [*trainings, *comings_and_goings(members)]),
        documents=documents,
        members=members,
        units=units,
        aid=aid_of_units(session, (unit.uid for unit in units)),
        referrals=tuple(referrals_of(session, (unit.uid for unit in units))),
        trainings=tuple(trainings),
        history=history_of_group(session, group, members),
    )


def group_findings(session: Session, *, group_uid: str) -> tuple[Finding, ...]:
    """What the rules say about the group with its present members: officers, count, family, place (handbook 5.6)."""
    group = the_record(session, group_uid, RecordKind.KUBE_GROUP)
    draft = _as_draft(session, group)
    return evaluate(form(group.kind), group.answers, context_of(session, draft)).findings


def member_findings(session: Session, *, group_uid: str) -> tuple[Finding, ...]:
    """Of the findings only those about the members, errors first; each membership is judged by itself too."""
    about = [one for one in group_findings(session, group_uid=group_uid) if one.code in MEMBER_CODES]
    own: list[Finding] = []
    for row in session.store.listings.members(group_uid):
        record = session.store.records.get(row.uid)
        if row.left_on or record is None:
            continue
        for one in _judged(session, record):
            if one.code in MEMBERSHIP_CODES:
                own.append(replace(one, message=_("{name}: {what}").format(name=row.name, what=one.message)))
    return (*own, *about)


def add_member(
    session: Session, *, group_uid: str, person_uid: str, role: str = "anggota", joined_on: str = ""
) -> Record:
    """Open a membership of a registered person.

    Raises: KubeFieldError VALIDATION when the person is in an active group already, NOT_ALLOWED by role.
    """
    newcomer = Newcomer(person_uid, role, joined_on)
    return add_members(session, group_uid=group_uid, newcomers=(newcomer,))[0]


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who comes into a group: as what and from when on, today where no day is named."""

    person_uid: str
    role: str = "anggota"
    joined_on: str = ""


def add_members(session: Session, *, group_uid: str, newcomers: Sequence[Newcomer]) -> list[Record]:
    """Open memberships of registered people in one transaction: all of them or none.

    Raises: KubeFieldError VALIDATION when somebody is in an active group already, NOT_ALLOWED by role.
    """
    require_may_write(session.officer, RecordKind.MEMBERSHIP)
    group = the_record(session, group_uid, RecordKind.KUBE_GROUP)
    made = [_membership(session, group, newcomer) for newcomer in newcomers]
    refuse_findings([_named(record, found) for record in made for found in _judged(session, record)])
    return _commit_memberships(session, [(None, record) for record in made], "membership.open")


def _membership(session: Session, group: Record, newcomer: Newcomer) -> Record:
    person = the_record(session, newcomer.person_uid, RecordKind.PERSON)
    return Record(
        uid=session.wiring.new_id(),
        kind=RecordKind.MEMBERSHIP,
        form_version=form(RecordKind.MEMBERSHIP).version,
        scope=group.scope,
        answers={
            "group_id": reference(group),
            "person_id": reference(person),
            "role": newcomer.role,
            "joined_on": newcomer.joined_on or session.today().isoformat(),
        },
        updated_at=session.instant(),
        updated_by=session.officer.uid,
    )


def _named(record: Record, found: Finding) -> Finding:
    """A finding about a membership, with whom it is about."""
    message = _("{name}: {what}").format(name=record.answers["person_id"]["name"], what=found.message)
    return replace(found, message=message)


def close_membership(
    session: Session,
    *,
    uid: str,
    left_on: str,
    reason: str,
    note: str = "",
    replaced_by: Mapping[str, Any] | None = None,
) -> Record:
    """End a membership with a reason; the period stays readable. `replaced_by` is a person reference.

    Raises: KubeFieldError VALIDATION for a missing reason, a day before it began or to come, NOT_ALLOWED by role.
    """
    require_may_write(session.officer, RecordKind.MEMBERSHIP)
    stored = the_record(session, uid, RecordKind.MEMBERSHIP)
    return _store_membership(
        session, stored, _closed(session, stored, left_on, reason, note, replaced_by), "membership.close"
    )


def change_role(session: Session, *, uid: str, role: str, changed_on: str, note: str = "") -> tuple[Record, Record]:
    """Close the membership for the reason ganti_jabatan and open one with the new role, in one transaction.

    Raises: KubeFieldError VALIDATION for the same role or a day before the old one began or to come, NOT_ALLOWED.
    """
    require_may_write(session.officer, RecordKind.MEMBERSHIP)
    stored = the_record(session, uid, RecordKind.MEMBERSHIP)
    if role == stored.answers.get("role"):
        raise _membership_error("role", "ROLE_SAME", _("Pilih jabatan yang berbeda dari jabatan sekarang."))
    closed = _closed(session, stored, changed_on, ROLE_CHANGE, note)
    kept = {code: value for code, value in stored.answers.items() if code not in ENDING}
    opened = replace(
        stored,
        uid=session.wiring.new_id(),
        version=0,
        extra={},
        answers={**kept, "role": role, "joined_on": changed_on},
        updated_at=session.instant(),
        updated_by=session.officer.uid,
    )
    refuse_findings(_judged(session, closed))
    # Judged in the place of the row that closes with it, which would still count as a second one.
    refuse_findings(_judged(session, replace(opened, uid=stored.uid)))
    _commit_memberships(session, [(stored, closed), (None, opened)], "membership.role")
    return closed, opened


def reopen_membership(session: Session, *, uid: str) -> Record:
    """Take back a closing: the membership goes on as if it had not ended.

    Raises: KubeFieldError VALIDATION when the person is in another active group by now.
    """
    require_may_write(session.officer, RecordKind.MEMBERSHIP)
    stored = the_record(session, uid, RecordKind.MEMBERSHIP)
    return _store_membership(session, stored, _as_before(stored), "membership.reopen")


def take_back_members(session: Session, *, uids: Sequence[str]) -> None:
    """Take back that people were added a moment ago: the rows go, on the server too; the audit trail keeps them.

    Raises: KubeFieldError VALIDATION when there is no such membership, NOT_ALLOWED by role.
    """
    require_may_write(session.officer, RecordKind.MEMBERSHIP)
    stored = [the_record(session, uid, RecordKind.MEMBERSHIP) for uid in uids]
    _commit_memberships(session, [(one, replace(one, deleted=True)) for one in stored], "membership.take_back")


def take_back_role(session: Session, *, closed_uid: str, opened_uid: str) -> None:
    """Take back a change of role made a moment ago: the old row goes on, the new one goes.

    Raises: KubeFieldError VALIDATION when one of them is not there, NOT_ALLOWED by role.
    """
    require_may_write(session.officer, RecordKind.MEMBERSHIP)
    closed = the_record(session, closed_uid, RecordKind.MEMBERSHIP)
    opened = the_record(session, opened_uid, RecordKind.MEMBERSHIP)
    pairs: list[Pair] = [(opened, replace(opened, deleted=True)), (closed, _as_before(closed))]
    _commit_memberships(session, pairs, "membership.take_back")


def _closed(
    session: Session,
    stored: Record,
    left_on: str,
    reason: str,
    note: str,
    replaced_by: Mapping[str, Any] | None = None,
) -> Record:
    """The membership as ended.

    Raises: KubeFieldError VALIDATION for a missing reason or day, or a day that cannot be.
    """
    if not reason:
        raise _membership_error("leave_reason", "REQUIRED", _("Pilih alasan keluar."))
    if not left_on or left_on < str(stored.answers.get("joined_on") or ""):
        raise _membership_error("left_on", "DATE_ORDER", _("Tanggal keluar lebih awal dari tanggal masuk."))
    if left_on > session.today().isoformat():
        raise _membership_error("left_on", "DATE_FUTURE", _("Tanggal keluar belum tiba."))
    told = {"left_on": left_on, "leave_reason": reason, "note": note, "replaced_by": dict(replaced_by or {})}
    return replace(stored, answers={**stored.answers, **{code: value for code, value in told.items() if value}})


def _as_before(stored: Record) -> Record:
    return replace(stored, answers={code: value for code, value in stored.answers.items() if code not in ENDING})


def _judged(session: Session, record: Record) -> tuple[Finding, ...]:
    return evaluate(form(record.kind), record.answers, context_of(session, _as_draft(session, record))).errors


def _store_membership(session: Session, stored: Record | None, record: Record, action: str) -> Record:
    refuse_findings(_judged(session, record))
    return _commit_memberships(session, [(stored, record)], action)[0]


def _commit_memberships(session: Session, pairs: Sequence[Pair], action: str) -> list[Record]:
    """Store records with their changes in one transaction; what did not change is left alone."""
    stamped = [
        (stored, replace(record, updated_at=session.instant(), updated_by=session.officer.uid))
        for stored, record in pairs
    ]
    changed = [(stored, record, sets) for stored, record in stamped if (sets := _sets(stored, record))]
    if changed:
        session.store.commit(
            Commit(
                records=[record for _stored, record, _sets in changed],
                changes=[change_of_record(session, record, stored, sets) for stored, record, sets in changed],
                audit=[audit_line(session, action, record.kind, record.uid) for _stored, record, _sets in changed],
            )
        )
    return [record for _stored, record in stamped]


def _sets(stored: Record | None, record: Record) -> dict[str, tuple[Any, Any]]:
    sets = field_sets(stored, record)
    return {**sets, DELETED: (None, True)} if record.deleted else sets


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
