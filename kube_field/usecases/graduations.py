"""Proposals of graduation: begun once, and shown with the criteria and what was decided (handbook 5.13, 7.4)."""

from __future__ import annotations

from dataclasses import replace
from gettext import gettext as _

from kube_field.domain.dates import show_date
from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.review import RETURNED
from kube_field.domain.records import Draft, Fact, RecordKind
from kube_field.errors import Failure, KubeFieldError
from kube_field.usecases import views
from kube_field.usecases.drafts import begin_draft, new_draft
from kube_field.usecases.graduated import Decision, decision_in_effect, decisions_of
from kube_field.usecases.graduation_criteria import criteria_of
from kube_field.usecases.people import the_record
from kube_field.usecases.permissions import require_may_write
from kube_field.usecases.session import Session

OWN_CODES = ("kind", "reason", "after_care_months")


def begin_graduation(session: Session, *, unit_uid: str) -> Draft:
    """Open the proposal of a unit; an unfinished one is opened again.

    Raises: KubeFieldError VALIDATION when the unit is not on this laptop, NOT_ALLOWED by role.
    """
    unit = the_record(session, unit_uid, RecordKind.BUSINESS_UNIT)
    return begin_draft(session, kind=RecordKind.GRADUATION, subject_uid=unit.uid)


def propose_again(session: Session, *, fact: Fact) -> Draft:
    """Begin a new proposal in place of one that came back; its own words come along.

    Raises: KubeFieldError NOT_ALLOWED by role, or for a proposal that did not come back.
    """
    require_may_write(session.officer, RecordKind.GRADUATION)
    if session.store.listings.standing(fact.uid).review != RETURNED:
        raise KubeFieldError(
            Failure.NOT_ALLOWED,
            _("Usulan ini tidak dikembalikan, jadi tidak diusulkan ulang."),
            _("Usulan baru dimulai dari profil unit usaha."),
        )
    for draft in session.store.drafts.of_subject(fact.subject_uid, RecordKind.GRADUATION):
        return draft
    kept = {code: fact.answers[code] for code in OWN_CODES if code in fact.answers}
    begun = new_draft(session, kind=RecordKind.GRADUATION, subject_uid=fact.subject_uid, prefill=kept)
    draft = replace(begun, supersedes=fact.uid)
    session.store.save_draft(draft)
    return draft


def graduation_view(session: Session, unit_uid: str) -> views.GraduationView:
    """The criteria of a unit today and every decision about it.

    Raises: KubeFieldError VALIDATION when the unit is not on this laptop.
    """
    unit = the_record(session, unit_uid, RecordKind.BUSINESS_UNIT)
    proposal = criteria_of(session, unit, session.today())
    return views.GraduationView(
        words=proposal.words,
        criteria=tuple((one.code, one.words, one.is_met) for one in proposal.criteria),
        decisions=tuple(_told(one) for one in reversed(decisions_of(session, unit_uid))),
        may_be_proposed=decision_in_effect(session, unit_uid) is None,
    )


def _told(decided: Decision) -> str:
    kinds = form(RecordKind.GRADUATION).question("kind")
    kind = _(kinds.choice_label(decided.fact.answers.get("kind")))
    told = _("{kind}, diputuskan {day} oleh {name}: {reason}").format(
        kind=kind, day=show_date(decided.decided_on), name=decided.by, reason=decided.reason
    )
    if not decided.reopened_on:
        return told
    again = _("Dibuka kembali sejak kunjungan {day}: usaha rawan lagi.").format(day=show_date(decided.reopened_on))
    return f"{told} {again}"
