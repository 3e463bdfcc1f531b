"""What a new form already knows (promise 5 of the screen design): day, officer, unit, period, members, tools."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from gettext import gettext as _
from typing import Any

from kube_field.domain.forms.answered import read_day, whole
from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.consent import blank_consents
from kube_field.domain.forms.declaration import Form, Kind
from kube_field.domain.forms.evaluation import live_rows
from kube_field.domain.forms.graduation import AFTER_CARE_MONTHS
from kube_field.domain.phones import show_phone
from kube_field.domain.records import Answers, Record, RecordKind
from kube_field.usecases.due import default_next_visit
from kube_field.usecases.known import batch_answers, batch_of_person, next_visit_no, planned_rows, present_members
from kube_field.usecases.parents import display_name, household_of, owner_of, record_of, village_of
from kube_field.usecases.previous import best_to_compare, documents_of
from kube_field.usecases.received_aid import Minutes, standing_minutes, unit_answers
from kube_field.usecases.session import Session

STILL_OPEN = ("belum", "sebagian")


def prefilled(session: Session, declared: Form, subject_uid: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Answers that a new draft of this form starts with; only questions that the form has, `given` first."""
    known = dict(given)
    fill = FILLERS.get(declared.kind)
    if fill is not None:
        known = {**fill(session, subject_uid, known), **known}
    asked = {question.code for question in declared.questions() if question.kind != Kind.COMPUTED}
    return {
        code: value for code, value in known.items() if code in given or (code in asked and value not in ("", None))
    }


def reference(record: Record) -> dict[str, str]:
    """A reference answer to a record, with its name as a snapshot."""
    return {"uid": record.uid, "name": display_name(record.answers)}


def officer_reference(session: Session) -> dict[str, str]:
    """A reference answer to the officer who works."""
    return {"uid": session.officer.uid, "name": session.officer.name}


def _person(session: Session, subject_uid: str, given: Mapping[str, Any]) -> dict[str, Any]:
    household = session.store.records.get(subject_uid) if subject_uid else None
    today = session.today().isoformat()
    return {
        "household_id": reference(household) if household is not None else None,
        "status": "calon",
        "birth_date_precision": "exact",
        "consents": blank_consents(today, session.wiring.new_id),
    }


def _household(session: Session, subject_uid: str, given: Mapping[str, Any]) -> dict[str, Any]:
    return {}


def _group(session: Session, subject_uid: str, given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "formed_on": session.today().isoformat(),
        "assigned_staff_id": officer_reference(session),
        "status": "calon",
    }


def _membership(session: Session, subject_uid: str, given: Mapping[str, Any]) -> dict[str, Any]:
    group = session.store.records.get(subject_uid) if subject_uid else None
    return {
        "group_id": reference(group) if group is not None else None,
        "role": "anggota",
        "joined_on": session.today().isoformat(),
    }


def _unit(session: Session, subject_uid: str, given: Mapping[str, Any]) -> dict[str, Any]:
    owner = session.store.records.get(subject_uid) if subject_uid else None
    if owner is None:
        return {}
    is_group = owner.kind == RecordKind.KUBE_GROUP
    household = None if is_group else household_of(session, owner)
    place: Answers = owner.answers if is_group else (household.answers if household is not None else {})
    return {
        "owner_kind": "group" if is_group else "person",
        ("group_id" if is_group else "person_id"): reference(owner),
        "batch_id": owner.answers.get("batch_id"),
        "idea_code": owner.answers.get("idea_code"),
        "village_code": place.get("village_code"),
        "location_address": place.get("address"),
        "status": "rencana",
    }


def _training(session: Session, subject_uid: str, given: Mapping[str, Any]) -> dict[str, Any]:
    today = session.today().isoformat()
    return {"starts_on": today, "ends_on": today, "organizer": session.officer.office}


def _assessment(session: Session, subject_uid: str, given: Mapping[str, Any]) -> dict[str, Any]:
    subject = session.store.records.get(subject_uid)
    if subject is None:
        return {"assessed_on": session.today().isoformat()}
    earlier = documents_of(session, subject_uid, RecordKind.ASSESSMENT)
    skills = earlier[-1].answers.get("skills") if earlier else None
    return {
        "subject_kind": "group" if subject.kind == RecordKind.KUBE_GROUP else "person",
        "subject_id": reference(subject),
        "assessed_on": session.today().isoformat(),
        "staff": officer_reference(session),
        "respondent": display_name(subject.answers),
        "planned_aid_idr": _planned_aid(session, subject),
        "skills": skills,
    }


def _planned_aid(session: Session, subject: Record) -> int | None:
    """What the programme gives each of its units; None where nobody said which programme it is."""
    known = batch_answers(session, subject.answers) or batch_of_person(session, subject.uid) or {}
    return whole(known, "unit_amount_idr")


def _visit(session: Session, subject_uid: str, given: Mapping[str, Any]) -> dict[str, Any]:
    today = session.today()
    unit = session.store.records.get(subject_uid)
    if unit is None:
        return {"visited_on": today.isoformat()}
    visited = read_day(given.get("visited_on")) or today
    visited_on = visited.isoformat()
    group = record_of(session, unit.answers.get("group_id"))
    earlier = documents_of(session, subject_uid, RecordKind.VISIT)
    members = len(present_members(session, group.uid)) if group is not None else None
    last = earlier[-1].answers if earlier else {}
    received = unit_answers(session, unit)
    return {
        "owner_kind": unit.answers.get("owner_kind"),
        "unit_id": {"uid": unit.uid, "name": unit_name(session, unit)},
        "visit_no": next_visit_no(session, unit.uid),
        "kind": "terjadwal",
        "visited_on": visited_on,
        "period_from": period_start(str(received.get("handover_on") or ""), earlier),
        "period_to": visited_on,
        "days_planned": unit.answers.get("planned_days_per_month"),
        "members_total": members,
        "members_active": members,
        "asset_checks": asset_rows(session, received),
        "previous_actions": action_rows(last),
        "next_visit_on": default_next_visit(session, unit, visited),
    }


def _aid(session: Session, subject_uid: str, given: Mapping[str, Any]) -> dict[str, Any]:
    today = session.today().isoformat()
    unit = session.store.records.get(subject_uid)
    if unit is None:
        return {"handover_on": today}
    owner = owner_of(session, unit)
    minutes = standing_minutes(session, unit.uid)
    batch = batch_answers(session, unit.answers) or {}
    staff = session.store.records.get(session.officer.uid)
    roles = form(RecordKind.STAFF).question("role")
    village = session.reference.regions.village(village_of(session, unit.answers))
    group = owner if owner is not None and owner.kind == RecordKind.KUBE_GROUP else None
    return {
        "bast_type": "serah_terima",
        "owner_kind": unit.answers.get("owner_kind"),
        "unit_id": {"uid": unit.uid, "name": unit_name(session, unit)},
        "batch_id": unit.answers.get("batch_id"),
        "tranche_no": len({one.fact.answers.get("tranche_no") for one in minutes}) + 1,
        "handover_on": today,
        "place": village.name if village is not None else "",
        "basis": batch.get("legal_basis_text"),
        "handed_by": officer_reference(session),
        "handed_by_position": _(roles.choice_label((staff.answers if staff else {}).get("role", session.officer.role))),
        "received_by": _receiver(session, owner),
        "items": _aid_items(session, unit, minutes, batch),
        "bank_name": group.answers.get("bank_name") if group is not None else None,
        "bank_account": group.answers.get("bank_account") if group is not None else None,
        "copies": 2,
    }


def _graduation(session: Session, subject_uid: str, given: Mapping[str, Any]) -> dict[str, Any]:
    unit = session.store.records.get(subject_uid)
    today = session.today().isoformat()
    if unit is None:
        return {"proposed_on": today}
    return {
        "owner_kind": unit.answers.get("owner_kind"),
        "unit_id": {"uid": unit.uid, "name": unit_name(session, unit)},
        "proposed_on": today,
        "after_care_months": AFTER_CARE_MONTHS,
    }


def _referral(session: Session, subject_uid: str, given: Mapping[str, Any]) -> dict[str, Any]:
    subject = session.store.records.get(subject_uid)
    staff = session.store.records.get(session.officer.uid)
    phone = str(staff.answers.get("phone") or "") if staff is not None else ""
    known = {
        "sent_on": session.today().isoformat(),
        "contact": " · ".join(part for part in (session.officer.name, show_phone(phone) if phone else "") if part),
    }
    if subject is None:
        return known
    if subject.kind == RecordKind.PERSON:
        return {**known, "person_id": reference(subject)}
    unit = {"uid": subject.uid, "name": unit_name(session, subject)}
    return {**known, "unit_id": unit, "person_id": _receiver(session, owner_of(session, subject))}


def _receiver(session: Session, owner: Record | None) -> dict[str, str] | None:
    """Who speaks for an owner: the person, or the ketua of the group."""
    if owner is None or owner.kind == RecordKind.PERSON:
        return reference(owner) if owner is not None else None
    chair = next((row for row in present_members(session, owner.uid) if row.role == "ketua"), None)
    return {"uid": chair.person_uid, "name": chair.name} if chair is not None else None


def _aid_items(session: Session, unit: Record, minutes: list[Minutes], batch: Answers) -> list[dict[str, Any]]:
    """What the assessment proposed and nobody handed over yet; a sum of money where the batch pays in money."""
    if batch.get("aid_form") == "uang_rekening":
        return [{"id": session.wiring.new_id(), "kind": "uang", "name": _("Modal usaha"), "qty": "1", "unit": "paket"}]
    return [
        {
            "id": session.wiring.new_id(),
            "name": row.get("item"),
            "qty": row.get("qty"),
            "planned_qty": row.get("qty"),
            "unit": row.get("unit"),
            "unit_price_idr": row.get("price_idr"),
        }
        for row in planned_rows(session, unit, minutes)
    ]


def unit_name(session: Session, unit: Record) -> str:
    """Name under which visits of a unit are listed: the owner's, and the business's where it has its own."""
    owner = record_of(session, unit.answers.get("group_id")) or record_of(session, unit.answers.get("person_id"))
    names = [display_name(owner.answers) if owner is not None else "", str(unit.answers.get("business_name") or "")]
    return " – ".join(dict.fromkeys(name for name in names if name))


def period_start(handover_on: str, earlier: list[Any]) -> str:
    """The day after the last reported period; for the first visit the day after the handover; "" when unknown."""
    last = best_to_compare(earlier)
    until = (last.answers.get("period_to") or last.occurred_on) if last is not None else handover_on
    last_day = read_day(until)
    return (last_day + timedelta(days=1)).isoformat() if last_day is not None else ""


def asset_rows(session: Session, unit: Answers) -> list[dict[str, Any]]:
    """One row for every tool of the unit, its condition still to be looked at."""
    return [
        {"id": session.wiring.new_id(), "name": row.get("name"), "qty": row.get("qty"), "unit": row.get("unit")}
        for _at, row in live_rows(unit.get("tools"))
    ]


def action_rows(last: Answers) -> list[dict[str, Any]]:
    """One row for every follow-up that is open, under the same id, its result still to be asked.

    Open is what the last visit agreed on, and what it found not done or only partly done.
    """
    promised = form(RecordKind.VISIT).question("support_needed")
    kinds = next(column for column in promised.columns if column.code == "kind")
    asked = ("id", "action", "who", "by_date")
    still_open = [
        {code: row[code] for code in asked if code in row}
        for _at, row in live_rows(last.get("previous_actions"))
        if row.get("result") in STILL_OPEN
    ]
    agreed = [
        {
            "id": row.get("id"),
            "action": ": ".join(
                str(part)
                for part in (kinds.choice_label(row["kind"]) if row.get("kind") else "", row.get("what"))
                if part
            ),
            **{code: row[code] for code in ("who", "by_date") if code in row},
        }
        for _at, row in live_rows(last.get("support_needed"))
    ]
    return [*still_open, *agreed]


FILLERS: Mapping[RecordKind, Callable[[Session, str, Mapping[str, Any]], dict[str, Any]]] = {
    RecordKind.PERSON: _person,
    RecordKind.HOUSEHOLD: _household,
    RecordKind.KUBE_GROUP: _group,
    RecordKind.MEMBERSHIP: _membership,
    RecordKind.BUSINESS_UNIT: _unit,
    RecordKind.TRAINING_EVENT: _training,
    RecordKind.ASSESSMENT: _assessment,
    RecordKind.VISIT: _visit,
    RecordKind.AID: _aid,
    RecordKind.GRADUATION: _graduation,
    RecordKind.REFERRAL: _referral,
}
