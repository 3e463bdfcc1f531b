"""Families: looked at with their members, and how a person is registered into one."""

from __future__ import annotations

from dataclasses import dataclass
from gettext import gettext as _
from typing import Any

from kube_field.domain.forms.catalogue import form
from kube_field.domain.identifiers import mask_nik
from kube_field.domain.records import Draft, Record, RecordKind
from kube_field.usecases import views
from kube_field.usecases.answer_text import sections_in_words
from kube_field.usecases.drafts import begin_draft, draft_row
from kube_field.usecases.duplicates import doubles_section
from kube_field.usecases.parents import display_name, reference_uid
from kube_field.usecases.people import past_values, the_record
from kube_field.usecases.prefill import reference
from kube_field.usecases.session import Session


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Who is to be registered, as far as the search told: NIK and name may be empty, so may the village's code."""

    name: str = ""
    nik: str = ""
    village_code: str = ""


def household_profile(session: Session, *, uid: str) -> views.Profile:
    """Everything about one family: answers, its members, and past values; unfinished members stand among the documents.

    Raises: KubeFieldError VALIDATION when the family is not on this laptop.
    """
    household = the_record(session, uid, RecordKind.HOUSEHOLD)
    village = str(household.answers.get("village_code") or "")
    return views.Profile(
        uid=uid,
        kind=household.kind,
        title=_("Keluarga {name}").format(name=display_name(household.answers)),
        subtitle=session.reference.regions.full_name(village) if village else "",
        sections=(
            *doubles_section(session, uid),
            *sections_in_words(form(household.kind), household.answers, session.reference),
        ),
        members=tuple(_family_row(session, one, village) for one in _family(session, uid)),
        history=tuple(past_values(session, household)),
        documents=tuple(_unfinished(session, uid)),
    )


def begin_family_member(session: Session, *, household_uid: str, person: NewPerson | None = None) -> Draft:
    """A new person of a family that is on this laptop.

    Raises: KubeFieldError VALIDATION when the family is not here, NOT_ALLOWED by role.
    """
    household = the_record(session, household_uid, RecordKind.HOUSEHOLD)
    known = {**_known(person or NewPerson()), "household_id": reference(household)}
    return begin_draft(session, kind=RecordKind.PERSON, subject_uid=household_uid, prefill=known)


def begin_family(session: Session, *, person: NewPerson) -> Draft:
    """A new family and its first person: both as drafts, the family's is handed back because it is written first.

    Raises: KubeFieldError NOT_ALLOWED by role.
    """
    known: dict[str, Any] = {"village_code": person.village_code} if person.village_code else {}
    family = begin_draft(session, kind=RecordKind.HOUSEHOLD, prefill=known)
    told = {**_known(person), "household_id": {"uid": family.record_uid, "name": person.name}}
    begin_draft(session, kind=RecordKind.PERSON, subject_uid=family.record_uid, prefill=told)
    return family


def _known(person: NewPerson) -> dict[str, Any]:
    return {code: value for code, value in (("full_name", person.name), ("nik", person.nik)) if value}


def _family(session: Session, household_uid: str) -> list[Record]:
    found = session.store.records.where(RecordKind.PERSON, household_id=household_uid)
    return sorted(found, key=lambda one: (one.answers.get("relation_to_head") != "kepala", display_name(one.answers)))


def _family_row(session: Session, person: Record, village: str) -> views.MemberRow:
    place = session.reference.regions.village(village) if village else None
    nik = str(person.answers.get("nik") or "")
    return views.MemberRow(
        uid=person.uid,
        person_uid=person.uid,
        name=display_name(person.answers),
        nik=mask_nik(nik) if nik else "",
        sex=str(person.answers.get("sex") or ""),
        birth_date=str(person.answers.get("birth_date") or ""),
        village=place.name if place is not None else "",
        role=str(person.answers.get("relation_to_head") or ""),
        joined_on="",
    )


def _unfinished(session: Session, household_uid: str) -> list[views.DocumentRow]:
    """Members whose form is not finished yet."""
    return [
        draft_row(session, draft)
        for draft in session.store.drafts.listed()
        if draft.kind == RecordKind.PERSON and reference_uid(draft.answers.get("household_id")) == household_uid
    ]
