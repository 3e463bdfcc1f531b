"""Warga: found, not registered twice, looked at, and their NIK shown only on request."""

from __future__ import annotations

from gettext import gettext as _

from kube_field.domain.document_state import chip_of
from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.declaration import Context
from kube_field.domain.forms.evaluation import evaluate
from kube_field.domain.identifiers import mask_nik
from kube_field.domain.records import Fact, Record, RecordKind
from kube_field.errors import Failure, KubeFieldError
from kube_field.usecases import views
from kube_field.usecases.answer_text import SECTION_ROWS, sections_in_words
from kube_field.usecases.assets import aid_of_units
from kube_field.usecases.audit_trail import audit_line
from kube_field.usecases.business_standing import standing_badges
from kube_field.usecases.conflicts import joined_story, settled_story
from kube_field.usecases.drafts import with_missing
from kube_field.usecases.duplicates import doubles_section
from kube_field.usecases.known import facts_of_person
from kube_field.usecases.parents import display_name, household_of, reference_name, reference_uid, village_of
from kube_field.usecases.permissions import require_may_see_nik
from kube_field.usecases.referrals import referrals_of
from kube_field.usecases.secrecy import seen_by_officer
from kube_field.usecases.session import Session

PANEL = ("prse_eligibility", "poverty_eligibility")
"""Computed questions of the eligibility panel."""


def find_people(session: Session, *, wanted: views.PersonFilter) -> list[views.PersonRow]:
    """People of this laptop by words, region, status or category; NIK masked."""
    return session.store.listings.people(wanted)


def count_people(session: Session, *, wanted: views.PersonFilter) -> int:
    """How many people the filter matches, whatever its limit."""
    return session.store.listings.count_people(wanted)


def near_matches(
    session: Session, *, nik: str = "", name: str = "", birth_year: int | None = None, village_code: str = ""
) -> list[views.PersonRow]:
    """People who may be the one about to be registered: the same NIK, or a like name near in age and place."""
    if not nik and not name.strip():
        return []
    return session.store.listings.near_people(nik, name, birth_year, village_code)


def reveal_nik(session: Session, *, uid: str) -> str:
    """The full NIK of a person; that it was shown is written to the audit trail first.

    Raises: KubeFieldError NOT_ALLOWED for leaders.
    """
    require_may_see_nik(session.officer)
    person = the_record(session, uid, RecordKind.PERSON)
    session.store.audit(audit_line(session, "nik.reveal", person.kind, person.uid))
    return str(person.answers.get("nik") or "")


def person_profile(session: Session, *, uid: str) -> views.Profile:
    """Everything about one person: answers by section, family, business units, documents, trainings, past values.

    Raises: KubeFieldError VALIDATION when the person is not on this laptop.
    """
    person = the_record(session, uid, RecordKind.PERSON)
    household = household_of(session, person)
    units = tuple(session.store.listings.units(owner_uid=uid))
    documents = documents_of_owner(session, uid, units)
    village = village_of(session, person.answers)
    nik = str(person.answers.get("nik") or "")
    trainings = _trainings(session, person)
    sections = (
        *doubles_section(session, uid),
        *sections_in_words(form(person.kind), person.answers, session.reference),
        *eligibility(session, person),
    )
    if household is not None:
        sections += sections_in_words(form(household.kind), household.answers, session.reference)
    return views.Profile(
        uid=uid,
        kind=person.kind,
        title=display_name(person.answers),
        subtitle=session.reference.regions.full_name(village) if village else "",
        badges=(*_badges(session, person), *standing_badges(session, units)),
        sections=sections,
        timeline=timeline(session, documents, [*trainings, *_memberships(session, uid)]),
        documents=documents,
        units=units,
        aid=aid_of_units(session, (unit.uid for unit in units)),
        referrals=tuple(referrals_of(session, (uid, *(unit.uid for unit in units)))),
        trainings=tuple(trainings),
        history=tuple(past_values(session, person) + (past_values(session, household) if household else [])),
        masked_nik=mask_nik(nik) if nik else "",
        household_uid=household.uid if household is not None else "",
    )


def eligibility(session: Session, person: Record) -> tuple[SECTION_ROWS, ...]:
    """The eligibility panel as a section: verdict and reasons, which advise and never decide (handbook 5.4)."""
    known = facts_of_person(session, person.uid, person.answers)
    context = Context(today=session.today(), reference=session.reference, facts=known)
    computed = evaluate(form(person.kind), person.answers, context).computed
    declared = form(person.kind)
    lines = tuple((_(declared.question(code).label), str(computed[code])) for code in PANEL if computed.get(code))
    return ((_("Kelayakan"), lines),) if lines else ()


def the_record(session: Session, uid: str, kind: RecordKind) -> Record:
    """The record with this uid and kind.

    Raises: KubeFieldError VALIDATION when it is not on this laptop.
    """
    record = session.store.records.get(uid)
    if record is None or record.kind != kind or record.deleted:
        raise KubeFieldError(
            Failure.VALIDATION, _("Data ini tidak ada di laptop."), _("Sinkronkan dahulu, lalu cari lagi.")
        )
    return record


def documents_of_owner(
    session: Session, owner_uid: str, units: tuple[views.UnitRow, ...]
) -> tuple[views.DocumentRow, ...]:
    """Documents about a person or group and about their units, newest first."""
    found = [
        row
        for uid in (owner_uid, *(unit.uid for unit in units))
        for row in session.store.listings.documents(seen_by_officer(session, views.DocumentFilter(subject_uid=uid)))
        if row.kind != RecordKind.ATTENDANCE
    ]
    newest_first = sorted(found, key=lambda row: (row.is_draft, row.occurred_on), reverse=True)
    return tuple(with_missing(session, newest_first))


def timeline(
    session: Session, documents: tuple[views.DocumentRow, ...], others: list[views.TimelineItem]
) -> tuple[views.TimelineItem, ...]:
    """Documents and other happenings in one line, newest first."""
    told = [
        views.TimelineItem(
            at=row.occurred_on,
            what=row.title,
            detail=row.number,
            record_uid=row.uid,
            kind=row.kind,
            chip=chip_of(row.standing),
        )
        for row in documents
    ]
    return tuple(sorted([*told, *others], key=lambda item: item.at, reverse=True))


def past_values(session: Session, record: Record) -> list[views.TimelineItem]:
    """What became of a record: joined edits, settled conflicts, values of before; identity numbers masked."""
    return [*joined_story(session, record), *settled_story(session, record), *_dated_values(session, record)]


def _dated_values(session: Session, record: Record) -> list[views.TimelineItem]:
    questions = {question.code: question for question in form(record.kind).questions()}
    return [
        views.TimelineItem(
            at=fact.occurred_on,
            what=_(questions[code].label) if (code := str(fact.answers.get("field"))) in questions else code,
            detail=_old_value(session, fact, code),
            record_uid=fact.uid,
            kind=fact.kind,
        )
        for fact in reversed(session.store.facts.of_subject(record.uid, RecordKind.VALUE_HISTORY))
    ]


def _old_value(session: Session, fact: Fact, code: str) -> str:
    old = str(fact.answers.get("old_value") or "")
    if code == "village_code":
        return session.reference.regions.full_name(old)
    return mask_nik(old) if code in ("kk_number", "nik") else old


def _badges(session: Session, person: Record) -> tuple[tuple[str, str], ...]:
    questions = {question.code: question for question in form(person.kind).questions()}
    badges = []
    if status := person.answers.get("status"):
        badges.append((questions["status"].choice_label(status), str(status)))
    for code in person.answers.get("category") or []:
        badges.append((questions["category"].choice_label(code), "category"))
    return tuple(badges)


def _memberships(session: Session, person_uid: str) -> list[views.TimelineItem]:
    told: list[views.TimelineItem] = []
    for one in session.store.records.where(RecordKind.MEMBERSHIP, person_id=person_uid):
        group, group_uid = reference_name(one.answers.get("group_id")), reference_uid(one.answers.get("group_id"))
        joined, left = str(one.answers.get("joined_on") or ""), str(one.answers.get("left_on") or "")
        told.append(views.TimelineItem(joined, _("Masuk kelompok"), group, group_uid, RecordKind.KUBE_GROUP))
        if left:
            told.append(views.TimelineItem(left, _("Keluar dari kelompok"), group, group_uid, RecordKind.KUBE_GROUP))
    return told


def _trainings(session: Session, person: Record) -> list[views.TimelineItem]:
    """Sessions of trainings that this person was listed in, newest first."""
    wanted = views.DocumentFilter(kind=RecordKind.ATTENDANCE, subject_uid=person.uid, drafts=False)
    return [
        views.TimelineItem(row.occurred_on, row.subject, row.number, row.subject_uid, RecordKind.TRAINING_EVENT)
        for row in session.store.listings.documents(wanted)
    ]
