"""Business units: whose, where their visits stand, and how a new one begins."""

from __future__ import annotations

from kube_field.domain.forms.catalogue import form
from kube_field.domain.records import Draft, RecordKind
from kube_field.usecases import views
from kube_field.usecases.answer_text import sections_in_words
from kube_field.usecases.assets import aid_of_units
from kube_field.usecases.business_standing import standing_badges
from kube_field.usecases.documents import find_documents
from kube_field.usecases.drafts import begin_draft
from kube_field.usecases.graduations import graduation_view
from kube_field.usecases.parents import owner_of, village_of
from kube_field.usecases.people import past_values, the_record, timeline
from kube_field.usecases.prefill import unit_name
from kube_field.usecases.received_aid import unit_answers
from kube_field.usecases.referrals import referrals_of
from kube_field.usecases.session import Session


def units(session: Session, *, owner_uid: str = "") -> list[views.UnitRow]:
    """Business units of one owner, or all of this laptop."""
    return session.store.listings.units(owner_uid=owner_uid)


def unit_profile(session: Session, *, uid: str) -> views.Profile:
    """Everything about one unit: answers, its visits, its owner's members.

    Raises: KubeFieldError VALIDATION when the unit is not on this laptop.
    """
    unit = the_record(session, uid, RecordKind.BUSINESS_UNIT)
    owner = owner_of(session, unit)
    owner_uid = owner.uid if owner is not None else ""
    declared = form(unit.kind)
    documents = tuple(find_documents(session, wanted=views.DocumentFilter(subject_uid=uid)))
    village = village_of(session, unit.answers)
    told = unit_answers(session, unit)
    status = told.get("status")
    is_group = unit.answers.get("owner_kind") == "group"
    own = tuple(row for row in units(session, owner_uid=owner_uid) if row.uid == uid)
    return views.Profile(
        uid=uid,
        kind=unit.kind,
        title=unit_name(session, unit),
        subtitle=session.reference.regions.full_name(village) if village else "",
        badges=(
            *([(declared.question("status").choice_label(status), str(status))] if status else []),
            *standing_badges(session, own),
        ),
        sections=sections_in_words(declared, told, session.reference),
        timeline=timeline(session, documents, []),
        documents=documents,
        members=tuple(session.store.listings.members(owner_uid)) if is_group else (),
        units=own,
        aid=aid_of_units(session, (uid,)),
        graduation=graduation_view(session, uid),
        referrals=tuple(referrals_of(session, (uid,))),
        history=tuple(past_values(session, unit)),
    )


def begin_unit(session: Session, *, owner_uid: str) -> Draft:
    """A new business unit of a group or person, with what is known of its owner; an unfinished one is opened again.

    Raises: KubeFieldError NOT_ALLOWED.
    """
    for draft in session.store.drafts.of_subject(owner_uid, RecordKind.BUSINESS_UNIT):
        return draft
    return begin_draft(session, kind=RecordKind.BUSINESS_UNIT, subject_uid=owner_uid)
