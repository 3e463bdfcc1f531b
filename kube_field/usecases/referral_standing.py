"""How referrals stand by the small facts that were written of them."""

from __future__ import annotations

from kube_field.domain.forms.answered import text
from kube_field.domain.forms.referral import DONE, MARKET_PARTNERS, PREPARED
from kube_field.domain.records import Fact, RecordKind
from kube_field.usecases.session import Session


def statuses_of(session: Session, referral: Fact) -> list[Fact]:
    """What was written of a referral and its earlier revisions, in the order of writing."""
    found = [
        status
        for revision in session.store.facts.revisions(referral.document_id)
        for status in session.store.facts.of_subject(revision.uid, RecordKind.REFERRAL_STATUS)
    ]
    return sorted(found, key=lambda fact: (fact.finalised_at, fact.uid))


def status_of(session: Session, referral: Fact) -> str:
    """Code of how a referral stands."""
    told = statuses_of(session, referral)
    return text(told[-1].answers, "status") if told else PREPARED


def has_partner(session: Session, unit_uid: str) -> bool:
    """True when a referral to a bank, cooperative or Disperindagkop came to a good end (handbook 7.3, Maju d)."""
    return any(
        text(referral.answers, "partner_kind") in MARKET_PARTNERS and status_of(session, referral) == DONE
        for referral in session.store.facts.of_subject(unit_uid, RecordKind.REFERRAL)
    )
