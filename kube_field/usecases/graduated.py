"""Whether a unit graduated or left: by the proposal that a supervisor accepted, until its business is at risk again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kube_field.domain.forms.answered import text, whole
from kube_field.domain.forms.graduation import INDEPENDENT
from kube_field.domain.forms.review import ACCEPTED
from kube_field.domain.records import Fact, RecordKind
from kube_field.domain.rules.score import Status
from kube_field.domain.schedule import after_care_plan
from kube_field.usecases.previous import documents_of
from kube_field.usecases.session import Session

PHONE_CALL = "telepon"
REOPENING = (Status.AT_RISK, Status.CRITICAL)
"""A business that is so again is taken up again (handbook 7.4)."""


@dataclass(frozen=True, slots=True)
class Decision:
    """An accepted proposal: what it is, when it was decided, why, by whom."""

    fact: Fact
    decided_on: str
    reason: str
    by: str
    reopened_on: str = ""
    """Day of the visit that took the unit up again, "" while it stands."""

    @property
    def is_independent(self) -> bool:
        """True for a unit that stands on its own; the others left."""
        return text(self.fact.answers, "kind") == INDEPENDENT

    @property
    def plan(self) -> str:
        """Code of the plan of after-care visits."""
        return after_care_plan(whole(self.fact.answers, "after_care_months") or 0)


def decisions_of(session: Session, unit_uid: str) -> list[Decision]:
    """Every accepted proposal of a unit, the oldest first."""
    found = []
    for fact in session.store.facts.of_subject(unit_uid, RecordKind.GRADUATION):
        reviews = session.store.facts.of_subject(fact.uid, RecordKind.REVIEW)
        accepted = [one for one in reviews if one.answers.get("decision") == ACCEPTED]
        if session.store.listings.standing(fact.uid).review == ACCEPTED and accepted:
            said = accepted[0]
            decided = Decision(fact, said.occurred_on, text(said.answers, "reason"), said.author_name)
            found.append(_reopened(session, unit_uid, decided))
    return sorted(found, key=lambda one: one.decided_on)


def decision_in_effect(session: Session, unit_uid: str) -> Decision | None:
    """The decision that holds today; None for a unit that is assisted still, or again."""
    return next((one for one in reversed(decisions_of(session, unit_uid)) if not one.reopened_on), None)


def _reopened(session: Session, unit_uid: str, decided: Decision) -> Decision:
    if not decided.is_independent:
        return decided
    days = [
        fact.occurred_on
        for fact in documents_of(session, unit_uid, RecordKind.VISIT)
        if fact.occurred_on > decided.decided_on
        and fact.answers.get("kind") != PHONE_CALL
        and _frozen_status(fact) in REOPENING
    ]
    return Decision(decided.fact, decided.decided_on, decided.reason, decided.by, min(days, default=""))


def _frozen_status(fact: Fact) -> Any:
    score = fact.snapshot.get("score")
    return score.get("final_status") if isinstance(score, dict) else None
