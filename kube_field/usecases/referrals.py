"""Referrals: begun with the person's consent, followed by small facts, and reminded of (handbook 5.12)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from gettext import gettext as _
from typing import Any

from kube_field.domain.forms.answered import text
from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.declaration import Context
from kube_field.domain.forms.evaluation import evaluate
from kube_field.domain.forms.referral import CLOSED, PREPARED, REMINDER_DAYS, is_restricted
from kube_field.domain.records import Draft, Fact, RecordKind
from kube_field.errors import Failure, KubeFieldError
from kube_field.usecases import views
from kube_field.usecases.audit_trail import audit_line
from kube_field.usecases.drafts import begin_draft
from kube_field.usecases.finalise import refuse_findings, the_document
from kube_field.usecases.histories import change_of_fact, small_fact
from kube_field.usecases.parents import reference_name, unsent_references
from kube_field.usecases.permissions import require_may_write
from kube_field.usecases.ports import Commit
from kube_field.usecases.referral_standing import status_of, statuses_of
from kube_field.usecases.secrecy import may_see
from kube_field.usecases.session import Session

SUBJECTS = (RecordKind.PERSON, RecordKind.BUSINESS_UNIT)


def begin_referral(session: Session, *, subject_uid: str) -> Draft:
    """Open a referral of a person, or of the owner of a unit.

    Raises: KubeFieldError VALIDATION when the subject is not on this laptop, NOT_ALLOWED by role.
    """
    subject = session.store.records.get(subject_uid)
    if subject is None or subject.kind not in SUBJECTS:
        raise KubeFieldError(
            Failure.VALIDATION, _("Data ini tidak ada di laptop."), _("Sinkronkan dahulu, lalu cari lagi.")
        )
    return begin_draft(session, kind=RecordKind.REFERRAL, subject_uid=subject_uid)


def change_status(session: Session, *, uid: str, answers: Mapping[str, Any]) -> Fact:
    """Write down how a referral stands now; queued like everything else.

    Raises: KubeFieldError VALIDATION for what is missing or for a referral that has ended, NOT_ALLOWED by role.
    """
    require_may_write(session.officer, RecordKind.REFERRAL_STATUS)
    referral = the_document(session, uid)
    if status_of(session, referral) in CLOSED:
        raise KubeFieldError(
            Failure.VALIDATION, _("Rujukan ini sudah berakhir."), _("Buat rujukan baru bila masih diperlukan.")
        )
    told = {code: value for code, value in answers.items() if value not in (None, "")}
    context = Context(today=session.today(), reference=session.reference, facts={"referral": referral.answers})
    refuse_findings(evaluate(form(RecordKind.REFERRAL_STATUS), told, context).errors)
    fact = small_fact(session, RecordKind.REFERRAL_STATUS, referral, told, str(told["changed_on"]))
    change = change_of_fact(session, fact, unsent_references(session, {}, referral.uid))
    line = audit_line(session, "referral.status", referral.kind, referral.uid, str(told["status"]))
    session.store.commit(Commit(facts=(fact,), changes=(change,), audit=(line,)))
    return fact


def referrals_of(session: Session, subject_uids: Iterable[str], *, for_paper: bool = False) -> list[views.ReferralRow]:
    """Referrals of these records that this officer may see, the newest first; a paper never names a restricted one."""
    found: dict[str, Fact] = {}
    for uid in subject_uids:
        for fact in session.store.facts.of_subject(uid, RecordKind.REFERRAL):
            if may_see(session, fact) and not (for_paper and is_restricted(fact.answers)):
                found[fact.uid] = fact
    rows = [
        _row(session, fact) for fact in found.values() if session.store.listings.standing(fact.uid).review != "void"
    ]
    return sorted(rows, key=lambda row: (row.written_on, row.uid), reverse=True)


def waiting_referrals(session: Session) -> list[views.ReferralRow]:
    """Referrals without a change for 14 days or longer, the longest first; those that this officer may see."""
    newest = {fact.document_id: fact for fact in session.store.facts.of_kind(RecordKind.REFERRAL)}
    rows = [
        _row(session, fact)
        for fact in newest.values()
        if may_see(session, fact) and session.store.listings.standing(fact.uid).review != "void"
    ]
    late = [row for row in rows if not row.has_ended and row.days_waiting >= REMINDER_DAYS]
    return sorted(late, key=lambda row: (-row.days_waiting, row.uid))


def _row(session: Session, referral: Fact) -> views.ReferralRow:
    told = statuses_of(session, referral)
    status = text(told[-1].answers, "status") if told else PREPARED
    changed_on = told[-1].occurred_on if told else referral.occurred_on
    partners = form(RecordKind.REFERRAL).question("partner_kind")
    words = form(RecordKind.REFERRAL_STATUS).question("status").choice_label(status)
    partner = text(referral.answers, "partner_name") or partners.choice_label(referral.answers.get("partner_kind"))
    return views.ReferralRow(
        uid=referral.uid,
        person=reference_name(referral.answers.get("person_id")),
        partner=partner,
        need=text(referral.answers, "need"),
        written_on=referral.occurred_on,
        number=referral.number,
        status=status,
        status_words=_(words),
        changed_on=changed_on,
        has_ended=status in CLOSED,
        days_waiting=(session.today() - date.fromisoformat(changed_on)).days if changed_on else 0,
        result=text(told[-1].answers, "result") if told else "",
    )


def story_of(session: Session, referral: Fact) -> list[views.TimelineItem]:
    """Every change of a referral, the newest first."""
    question = form(RecordKind.REFERRAL_STATUS).question("status")
    return [
        views.TimelineItem(
            at=fact.occurred_on,
            what=_(question.choice_label(fact.answers.get("status"))),
            detail=" · ".join(part for part in (text(fact.answers, "result"), fact.author_name) if part),
            record_uid=fact.uid,
            kind=fact.kind,
        )
        for fact in reversed(statuses_of(session, referral))
    ]
