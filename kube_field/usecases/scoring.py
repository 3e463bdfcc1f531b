"""The score of a visit as this laptop knows it: its figures, those of the visits before it, flags, final status."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kube_field.domain.forms.answered import day
from kube_field.domain.forms.evaluation import finalised_answers
from kube_field.domain.records import Answers, Draft, Fact, RecordKind
from kube_field.domain.rules.result import Background, EarlierVisit, VisitScore, judged
from kube_field.domain.rules.telling import decimal_text, told_score
from kube_field.usecases.drafts import evaluate_draft
from kube_field.usecases.known import context_of
from kube_field.usecases.previous import documents_of, earlier_documents
from kube_field.usecases.received_aid import unit_answers
from kube_field.usecases.session import Session
from kube_field.usecases.visit_background import background_of


def score_of_draft(session: Session, draft: Draft) -> VisitScore | None:
    """The score that a draft visit would get if it were finalised now; None when nobody was met."""
    evaluation = evaluate_draft(session, draft=draft)
    kept = finalised_answers(evaluation.form, evaluation.answers, context_of(session, draft))
    return score_of_answers(session, draft, kept)


def score_of_answers(session: Session, draft: Draft, kept: Answers) -> VisitScore | None:
    """As `score_of_draft`, from answers that were cut to what applies already."""
    visited_on = day(kept, "visited_on")
    earlier = earlier_documents(session, draft, visited_on.isoformat() if visited_on else "")
    return judged(kept, _background(session, draft.subject_uid, kept, earlier))


def score_of_fact(session: Session, fact: Fact) -> VisitScore | None:
    """The score of a final visit by what is known today; None when nobody was met."""
    return score_and_background(session, fact)[0]


def score_and_background(session: Session, fact: Fact) -> tuple[VisitScore | None, tuple[EarlierVisit, ...]]:
    """The score of a final visit, and what the scored visits before it came to, the oldest first."""
    earlier = [
        other
        for other in documents_of(session, fact.subject_uid, RecordKind.VISIT)
        if other.document_id != fact.document_id
        and (other.occurred_on, other.finalised_at) < (fact.occurred_on, fact.finalised_at)
    ]
    behind = _background(session, fact.subject_uid, fact.answers, earlier)
    return judged(fact.answers, behind), behind.earlier


def _background(session: Session, unit_uid: str, answers: Answers, earlier: Sequence[Fact]) -> Background:
    record = session.store.records.get(unit_uid)
    unit: Answers = unit_answers(session, record) if record is not None else {}
    return background_of(session, unit, earlier, day(answers, "visited_on"))


def frozen_score(found: VisitScore) -> dict[str, Any]:
    """A score for the snapshot of a fact: everything that is told of it, and what it was reckoned with."""
    return {
        **told_score(found.score, found.flags),
        "inputs": {
            "working_capital_base_idr": found.figures.capital_base_idr,
            "poverty_line_idr": found.poverty_line_idr,
            "handover_on": found.handover_on,
            "previous_revenue": [decimal_text(amount) for amount in found.figures.previous_revenue],
        },
    }
