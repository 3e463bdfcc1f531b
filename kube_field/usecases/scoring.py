"""The score of a visit as this laptop knows it: its figures, those of the visits before it, flags, final status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kube_field.domain.forms.answered import day, whole
from kube_field.domain.forms.evaluation import finalised_answers
from kube_field.domain.records import PROVINCE_SCOPE, Answers, Draft, Fact, RecordKind
from kube_field.domain.rules.flags import Flag, final_status, flags_of
from kube_field.domain.rules.reading import is_scored, situation, visit_figures
from kube_field.domain.rules.score import TOP_LEVEL, Indicator, Score, Status, VisitFigures, score_of
from kube_field.domain.rules.telling import decimal_text, told_score
from kube_field.usecases.drafts import evaluate_draft
from kube_field.usecases.known import context_of
from kube_field.usecases.parents import village_of
from kube_field.usecases.previous import documents_of, earlier_documents
from kube_field.usecases.received_aid import unit_answers
from kube_field.usecases.session import Session

LOWEST = 2


@dataclass(frozen=True, slots=True)
class VisitScore:
    """What a visit comes to. `poverty_line_idr` and `handover_on` ("" without BAST) are what it was reckoned with."""

    figures: VisitFigures
    score: Score
    flags: tuple[Flag, ...]
    poverty_line_idr: int | None
    handover_on: str

    @property
    def final(self) -> Status:
        """The worse of the score's status and the floors of all flags."""
        return final_status(self.score.status, self.flags)

    @property
    def lowest(self) -> tuple[Indicator, ...]:
        """The two answered indicators with the lowest levels below the top, the heavier one first among equals."""
        found = [one for one in self.score.indicators if one.level is not None and one.level < TOP_LEVEL]
        return tuple(sorted(found, key=lambda one: (one.level or 0, -one.weight))[:LOWEST])


def score_of_draft(session: Session, draft: Draft) -> VisitScore | None:
    """The score that a draft visit would get if it were finalised now; None when nobody was met."""
    evaluation = evaluate_draft(session, draft=draft)
    kept = finalised_answers(evaluation.form, evaluation.answers, context_of(session, draft))
    return score_of_answers(session, draft, kept)


def score_of_answers(session: Session, draft: Draft, kept: Answers) -> VisitScore | None:
    """As `score_of_draft`, from answers that were cut to what applies already."""
    visited_on = day(kept, "visited_on")
    earlier = earlier_documents(session, draft, visited_on.isoformat() if visited_on else "")
    return _scored(session, draft.subject_uid, kept, earlier)


def score_of_fact(session: Session, fact: Fact) -> VisitScore | None:
    """The score of a final visit by what is known today; None when nobody was met."""
    earlier = [
        other
        for other in documents_of(session, fact.subject_uid, RecordKind.VISIT)
        if other.document_id != fact.document_id
        and (other.occurred_on, other.finalised_at) < (fact.occurred_on, fact.finalised_at)
    ]
    return _scored(session, fact.subject_uid, fact.answers, earlier)


def _scored(session: Session, unit_uid: str, answers: Answers, earlier: Sequence[Fact]) -> VisitScore | None:
    if not is_scored(answers):
        return None
    record = session.store.records.get(unit_uid)
    unit: Answers = unit_answers(session, record) if record is not None else {}
    village = village_of(session, unit) if unit else ""
    before: list[VisitFigures] = []
    for fact in earlier:
        if is_scored(fact.answers):
            before.append(_figures(session, unit, village, fact.answers, before))
    figures = _figures(session, unit, village, answers, before)
    handover = day(unit, "handover_on")
    now = situation(answers, figures, earlier=before, handover_on=handover)
    line = _poverty_line(session, village, day(answers, "visited_on"))
    return VisitScore(figures, score_of(figures), flags_of(now), line, handover.isoformat() if handover else "")


def _figures(
    session: Session, unit: Answers, village: str, answers: Answers, before: Sequence[VisitFigures]
) -> VisitFigures:
    return visit_figures(
        answers,
        capital_base_idr=whole(unit, "working_capital_base_idr"),
        poverty_line_idr=_poverty_line(session, village, day(answers, "visited_on")),
        earlier=before,
    )


def _poverty_line(session: Session, village: str, visited_on: date | None) -> int | None:
    kabupaten = session.reference.regions.kabupaten(village) if village else None
    scope = kabupaten.code if kabupaten is not None else PROVINCE_SCOPE
    line = session.reference.poverty.at(scope, visited_on or session.today())
    return line.amount_idr if line is not None else None


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
