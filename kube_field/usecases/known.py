"""What only this laptop knows, handed to the rules of a form: NIKs in use, family, members, last visit, due day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal
from gettext import gettext as _
from typing import Any

from kube_field.domain.dates import show_date
from kube_field.domain.forms.answered import read_day, rows, text
from kube_field.domain.forms.consent import PARTNER_CONSENT
from kube_field.domain.forms.declaration import Context, Stage
from kube_field.domain.forms.goods import quantity
from kube_field.domain.forms.graduation import GRADUATED
from kube_field.domain.names import fold_name
from kube_field.domain.records import Answers, Draft, Record, RecordKind, Role
from kube_field.domain.rules.reading import is_scored
from kube_field.usecases import views
from kube_field.usecases.due import due_after
from kube_field.usecases.graduated import decision_in_effect
from kube_field.usecases.graduation_criteria import criteria_of
from kube_field.usecases.histories import history_rows
from kube_field.usecases.parents import household_of, record_of, reference_name, reference_uid, village_of
from kube_field.usecases.previous import documents_of, earlier_documents, known_of_previous
from kube_field.usecases.received_aid import Minutes, standing_minutes, unit_answers
from kube_field.usecases.session import Session
from kube_field.usecases.visit_background import background_of, group_data, last_stage

CLOSED_GROUPS = ("bubar", "lulus", "tidak_aktif")
"""A group in these states no longer holds its members."""
ACCEPTED = "accepted"
CONSENT = "consent_id"
NIK_CHANGERS = (Role.PENYELIA_KAB, Role.ADMIN_PROV)
"""Roles that may change a NIK after the first accepted document (handbook 8.2)."""


def context_of(session: Session, draft: Draft, stage: Stage = Stage.FINAL) -> Context:
    """Everything that the rules may know besides the answers of this draft."""
    gather = FACTS_OF_KIND.get(draft.kind)
    facts = {"area_codes": session.officer.areas, **(gather(session, draft) if gather is not None else {})}
    return Context(today=session.today(), stage=stage, reference=session.reference, facts=facts)


def refreshed_answers(session: Session, draft: Draft) -> Answers:
    """The answers with what the app fills in brought up to date.

    The number of a visit that was never final; the consent of whoever is referred.
    """
    if draft.kind == RecordKind.REFERRAL:
        consent = partner_consent(session, reference_uid(draft.answers.get("person_id")))
        kept = {code: value for code, value in draft.answers.items() if code != CONSENT}
        return {**kept, CONSENT: consent} if consent else kept
    if draft.kind != RecordKind.VISIT or draft.supersedes:
        return draft.answers
    return {**draft.answers, "visit_no": next_visit_no(session, draft.subject_uid, draft.document_id)}


def next_visit_no(session: Session, unit_uid: str, document_id: str = "") -> int:
    """One more than the highest number among the unit's visits; the document's own does not count."""
    numbers = [
        fact.answers.get("visit_no")
        for fact in documents_of(session, unit_uid, RecordKind.VISIT)
        if fact.document_id != document_id
    ]
    return max((number for number in numbers if isinstance(number, int)), default=0) + 1


def batch_answers(session: Session, answers: Answers) -> Answers | None:
    """Answers of the batch that these answers name, None when it is not known here."""
    batch = record_of(session, answers.get("batch_id"))
    return batch.answers if batch is not None else None


def group_members(session: Session, group_uid: str) -> list[dict[str, Any]]:
    """Present members of a group as the rules look at them."""
    return [_member(session, row) for row in present_members(session, group_uid)]


def present_members(session: Session, group_uid: str) -> list[views.MemberRow]:
    """Memberships of a group that are not closed."""
    return [row for row in session.store.listings.members(group_uid) if not row.left_on]


def _member(session: Session, row: views.MemberRow) -> dict[str, Any]:
    person = session.store.records.get(row.person_uid)
    household = household_of(session, person) if person is not None else None
    checks = session.store.facts.of_subject(household.uid, RecordKind.DESIL_CHECK) if household is not None else []
    newest = max(checks, key=lambda fact: fact.occurred_on, default=None)
    return {
        "uid": row.uid,
        "person_uid": row.person_uid,
        "name": row.name,
        "role": row.role,
        "sex": row.sex,
        "birth_date": row.birth_date,
        "village_code": str(household.answers.get("village_code") or "") if household is not None else "",
        "household_uid": household.uid if household is not None else "",
        **({"desil": newest.answers.get("desil")} if newest is not None else {}),
        "joined_on": row.joined_on,
    }


def _known_of_person(session: Session, draft: Draft) -> dict[str, Any]:
    known = facts_of_person(session, draft.record_uid, draft.answers)
    nik = draft.answers.get("nik")
    if isinstance(nik, str) and nik:
        names = [name for uid, name in session.store.listings.holders_of_nik(nik) if uid != draft.record_uid]
        known["existing_niks"] = {nik: names[0]} if names else {}
    stored = session.store.records.get(draft.record_uid)
    held = stored.answers.get("nik") if stored is not None else None
    if held and nik != held and has_accepted_document(session, draft.record_uid):
        known["accepted_nik"] = {"nik": held, "may_change": session.officer.role in NIK_CHANGERS}
    return known


def facts_of_person(session: Session, uid: str, answers: Answers) -> dict[str, Any]:
    """What the eligibility of a person hangs on: family, programme batch, income by the newest assessment."""
    known: dict[str, Any] = {}
    household = record_of(session, answers.get("household_id"))
    if household is not None:
        known["household"] = household_facts(session, household)
        known["village_code"] = str(household.answers.get("village_code") or "")
    if (batch := batch_of_person(session, uid)) is not None:
        known["batch"] = batch
    if assessments := documents_of(session, uid, RecordKind.ASSESSMENT):
        known["assessment"] = assessments[-1].answers
    return known


def batch_of_person(session: Session, person_uid: str) -> Answers | None:
    """The batch that assists a person: of the own business, else of the group."""
    units = session.store.records.where(RecordKind.BUSINESS_UNIT, person_id=person_uid)
    groups = [session.store.records.get(one["group_uid"]) for one in memberships_of(session, person_uid)]
    found = (batch_answers(session, one.answers) for one in (*units, *groups) if one is not None)
    return next((batch for batch in found if batch is not None), None)


def has_accepted_document(session: Session, person_uid: str) -> bool:
    """True once a penyelia accepted a document about this person or the own business (handbook 8.2)."""
    units = session.store.records.where(RecordKind.BUSINESS_UNIT, person_id=person_uid)
    return any(
        session.store.listings.documents(views.DocumentFilter(subject_uid=uid, drafts=False, review=ACCEPTED, limit=1))
        for uid in (person_uid, *(unit.uid for unit in units))
    )


def _known_of_household(session: Session, draft: Draft) -> dict[str, Any]:
    family = session.store.records.where(RecordKind.PERSON, household_id=draft.record_uid)
    known: dict[str, Any] = {"household_niks": [str(one.answers["nik"]) for one in family if one.answers.get("nik")]}
    if family:
        known["consents"] = family_consents([given_consents(session, person.uid) for person in family])
    return known


def family_consents(told: list[dict[str, bool]]) -> dict[str, bool]:
    """What a family agreed to: yes where one member said yes, no where only no was said."""
    items = {item for one in told for item in one}
    return {item: any(one.get(item, False) for one in told) for item in items}


def _known_of_group(session: Session, draft: Draft) -> dict[str, Any]:
    known: dict[str, Any] = {}
    if session.store.records.get(draft.record_uid) is not None:
        known["members"] = group_members(session, draft.record_uid)
        known["has_aid"] = any(unit.handover_on for unit in session.store.listings.units(owner_uid=draft.record_uid))
    if (batch := batch_answers(session, draft.answers)) is not None:
        known["batch"] = batch
    village = draft.answers.get("village_code")
    if isinstance(village, str) and village:
        same = session.store.records.where(RecordKind.KUBE_GROUP, village_code=village)
        known["group_names"] = [str(one.answers.get("name") or "") for one in same if one.uid != draft.record_uid]
    return known


def _known_of_membership(session: Session, draft: Draft) -> dict[str, Any]:
    known: dict[str, Any] = {}
    if group_uid := reference_uid(draft.answers.get("group_id")):
        known["members"] = [m for m in group_members(session, group_uid) if m["uid"] != draft.record_uid]
    if person_uid := reference_uid(draft.answers.get("person_id")):
        known["memberships"] = memberships_of(session, person_uid, draft.record_uid)
    return known


def memberships_of(session: Session, person_uid: str, except_uid: str = "") -> list[dict[str, str]]:
    """Memberships of a person that still hold, in groups still at work: {uid, group_uid, group_name}."""
    found: list[dict[str, str]] = []
    for one in session.store.records.where(RecordKind.MEMBERSHIP, person_id=person_uid):
        held = one.answers.get("group_id")
        group = record_of(session, held)
        at_work = group is None or group.answers.get("status") not in CLOSED_GROUPS
        if not one.answers.get("left_on") and one.uid != except_uid and at_work:
            found.append({"uid": one.uid, "group_uid": reference_uid(held), "group_name": reference_name(held)})
    return found


def _known_of_unit(session: Session, draft: Draft) -> dict[str, Any]:
    known: dict[str, Any] = {}
    if (batch := batch_answers(session, draft.answers)) is not None:
        known["batch"] = batch
    person = record_of(session, draft.answers.get("person_id"))
    if person is not None:
        known["owner"] = {"nik": str(person.answers.get("nik") or "")}
        known["consents"] = given_consents(session, person.uid)
    return known


def _known_of_visit(session: Session, draft: Draft) -> dict[str, Any]:
    unit = session.store.records.get(draft.subject_uid)
    if unit is None:
        return {}
    received = unit_answers(session, unit)
    known: dict[str, Any] = {
        "unit": received,
        "handover_on": received.get("handover_on") or "",
        "graduated": received.get("status") == GRADUATED,
        "village_code": village_of(session, unit.answers),
    }
    if person_uid := reference_uid(unit.answers.get("person_id")):
        known["consents"] = given_consents(session, person_uid)
    if (batch := batch_answers(session, unit.answers)) is not None:
        known["batch"] = batch
    day = read_day(draft.answers.get("visited_on"))
    earlier = earlier_documents(session, draft, day.isoformat() if day is not None else "")
    if earlier:
        known["previous"] = known_of_previous(earlier)
    known["background"] = background_of(session, received, earlier, day)
    if (group := group_data(session, unit)) is not None:
        known |= {"group_data": group, "stage_judged": last_stage(earlier)}
    if day is not None and (due_on := due_after(session, unit, day.isoformat(), draft.document_id)):
        known["due_on"] = due_on
    return known


def given_consents(session: Session, person_uid: str) -> dict[str, bool]:
    """What a person agreed to, by item: the newest word counts."""
    told = session.store.facts.of_subject(person_uid, RecordKind.CONSENT)
    return {str(fact.answers.get("item")): fact.answers.get("given") is True for fact in told}


def partner_consent(session: Session, person_uid: str) -> dict[str, str] | None:
    """The person's newest word that his data may be shared with partners, as a reference; None without a yes."""
    told = [
        fact
        for fact in (session.store.facts.of_subject(person_uid, RecordKind.CONSENT) if person_uid else [])
        if fact.answers.get("item") == PARTNER_CONSENT
    ]
    if not told or told[-1].answers.get("given") is not True:
        return None
    given_on = read_day(told[-1].answers.get("given_on"))
    words = _("Persetujuan {day}").format(day=show_date(given_on)) if given_on else _("Persetujuan")
    return {"uid": told[-1].uid, "name": words}


def _known_of_referral(session: Session, draft: Draft) -> dict[str, Any]:
    person_uid = reference_uid(draft.answers.get("person_id"))
    consent = partner_consent(session, person_uid)
    return {"consent": consent["uid"] if consent else ""} if person_uid else {}


def household_facts(session: Session, household: Record) -> dict[str, Any]:
    """A family's answers with its DTSEN checks, as its own form shows them."""
    return {**household.answers, **history_rows(session, RecordKind.HOUSEHOLD, household.uid)}


def _known_of_assessment(session: Session, draft: Draft) -> dict[str, Any]:
    subject = session.store.records.get(draft.subject_uid)
    if subject is None:
        return {}
    known: dict[str, Any] = {"subject": subject.answers}
    household = household_of(session, subject)
    if household is not None:
        known["household"] = household_facts(session, household)
        known["village_code"] = village_of(session, household.answers)
    elif subject.kind == RecordKind.KUBE_GROUP:
        known["village_code"] = village_of(session, subject.answers)
    if (batch := batch_answers(session, subject.answers)) is not None:
        known["batch"] = batch
    known["assisted"] = assisted_in_village(session, str(known.get("village_code") or ""), subject.uid)
    return known


def assisted_in_village(session: Session, village: str, except_owner: str) -> dict[str, int]:
    """Units of the programme in a village that have not stopped, by idea; those of one owner do not count."""
    units = session.store.records.where(RecordKind.BUSINESS_UNIT, village_code=village) if village else []
    return Counter(
        str(unit.answers["idea_code"])
        for unit in units
        if unit.answers.get("idea_code")
        and unit.answers.get("status") != "berhenti"
        and except_owner not in (reference_uid(unit.answers.get(code)) for code in ("group_id", "person_id"))
    )


def _known_of_attendance(session: Session, draft: Draft) -> dict[str, Any]:
    event = session.store.records.get(draft.subject_uid)
    known: dict[str, Any] = {"event": event.answers} if event is not None else {}
    nik = draft.answers.get("walk_in_nik")
    if isinstance(nik, str) and nik:
        names = [name for _uid, name in session.store.listings.holders_of_nik(nik)]
        known["existing_niks"] = {nik: names[0]} if names else {}
    return known


def _known_of_aid(session: Session, draft: Draft) -> dict[str, Any]:
    unit = session.store.records.get(draft.subject_uid)
    if unit is None:
        return {}
    minutes = [one for one in standing_minutes(session, unit.uid) if one.fact.uid != draft.supersedes]
    batch = batch_answers(session, draft.answers) or batch_answers(session, unit.answers)
    known: dict[str, Any] = {
        "earlier": earlier_aid(session, unit, minutes),
        "planned": planned_rows(session, unit, minutes),
        "village_code": village_of(session, unit.answers),
    }
    if batch is not None:
        known["batch"] = batch
    if (receiver := record_of(session, draft.answers.get("received_by"))) is not None:
        known["receiver"] = {"nik": str(receiver.answers.get("nik") or "")}
        known["consents"] = given_consents(session, receiver.uid)
    if (group := record_of(session, unit.answers.get("group_id"))) is not None:
        known["group"] = group.answers
        known["members"] = [
            {"person_uid": row.person_uid, "name": row.name, "role": row.role, "has_nik": bool(row.nik)}
            for row in present_members(session, group.uid)
        ]
    if (original := session.store.facts.get(draft.supersedes)) is not None:
        known["original"] = original.answers
    return known


def earlier_aid(session: Session, unit: Record, minutes: list[Minutes]) -> dict[str, Any]:
    """What was handed over before: tranches, value, and how many visits were accepted since the newest of them."""
    own = str(unit.answers.get("handover_on") or "")
    since = max((one.handover_on for one in minutes), default=own)
    visits = [
        fact
        for fact in documents_of(session, unit.uid, RecordKind.VISIT)
        if fact.occurred_on >= since and is_scored(fact.answers) and fact.answers.get("kind") != "telepon"
    ]
    return {
        "tranches": [one.fact.answers.get("tranche_no") for one in minutes],
        "total_idr": sum(one.total_idr for one in minutes),
        "own_handover": bool(own),
        "accepted_visits": sum(session.store.listings.standing(fact.uid).review == ACCEPTED for fact in visits),
    }


def planned_rows(session: Session, unit: Record, minutes: list[Minutes]) -> list[dict[str, Any]]:
    """Rows of the owner's newest proposed aid, less what earlier minutes handed over of goods of the same name."""
    owner_uid = reference_uid(unit.answers.get("group_id")) or reference_uid(unit.answers.get("person_id"))
    assessments = documents_of(session, owner_uid, RecordKind.ASSESSMENT) if owner_uid else []
    given: dict[str, Decimal] = {}
    for one in minutes:
        for row in one.items:
            name = fold_name(text(row, "name"))
            given[name] = given.get(name, Decimal()) + (quantity(row) or 0)
    waiting = []
    for _at, row in rows(assessments[-1].answers, "proposed_aid") if assessments else ():
        left = (quantity(row) or Decimal()) - given.get(fold_name(text(row, "item")), Decimal())
        if left > 0:
            waiting.append({**row, "qty": format(left.normalize(), "f")})
    return waiting


def _known_of_graduation(session: Session, draft: Draft) -> dict[str, Any]:
    unit = session.store.records.get(draft.subject_uid)
    if unit is None:
        return {}
    on = read_day(draft.answers.get("proposed_on")) or session.today()
    decided = decision_in_effect(session, unit.uid)
    waiting = [
        fact.number
        for fact in session.store.facts.of_subject(unit.uid, RecordKind.GRADUATION)
        if fact.uid != draft.record_uid and not session.store.listings.standing(fact.uid).review
    ]
    return {
        "graduation": criteria_of(session, unit, on),
        "decided": decided.fact.number if decided is not None else "",
        "open_proposal": waiting[0] if waiting else "",
        "village_code": village_of(session, unit.answers),
    }


FACTS_OF_KIND: Mapping[RecordKind, Callable[[Session, Draft], dict[str, Any]]] = {
    RecordKind.PERSON: _known_of_person,
    RecordKind.HOUSEHOLD: _known_of_household,
    RecordKind.KUBE_GROUP: _known_of_group,
    RecordKind.MEMBERSHIP: _known_of_membership,
    RecordKind.BUSINESS_UNIT: _known_of_unit,
    RecordKind.VISIT: _known_of_visit,
    RecordKind.ASSESSMENT: _known_of_assessment,
    RecordKind.ATTENDANCE: _known_of_attendance,
    RecordKind.AID: _known_of_aid,
    RecordKind.GRADUATION: _known_of_graduation,
    RecordKind.REFERRAL: _known_of_referral,
}
