"""How a business went from visit to visit (handbook 9.6 F)."""

from __future__ import annotations

from fractions import Fraction

from kube_field.domain.money import round_half_up
from kube_field.domain.progress import VisitPoint
from kube_field.domain.records import Fact, RecordKind
from kube_field.domain.rules.result import VisitScore
from kube_field.domain.rules.score import Status
from kube_field.usecases.previous import documents_of
from kube_field.usecases.scoring import score_of_fact
from kube_field.usecases.session import Session


def unit_progress(session: Session, *, unit_uid: str) -> tuple[VisitPoint, ...]:
    """One point for every visit at which somebody was met, oldest first; void visits are left out."""
    return tuple(
        _point(fact, found)
        for fact in documents_of(session, unit_uid, RecordKind.VISIT)
        if (found := score_of_fact(session, fact)) is not None
    )


def _point(fact: Fact, found: VisitScore) -> VisitPoint:
    """The figures of a visit; a result that was frozen with it stays as it was, whatever is known since."""
    frozen = fact.snapshot.get("score")
    total, status = (frozen["total"], frozen["final_status"]) if frozen else (found.score.total, found.final)
    figures, ratio = found.figures, found.figures.income_ratio
    visit_no = fact.answers.get("visit_no")
    return VisitPoint(
        visit_no=visit_no if isinstance(visit_no, int) else 0,
        visited_on=fact.occurred_on,
        revenue_idr=_rounded(figures.per_month(figures.revenue_idr)),
        profit_idr=_rounded(figures.per_month(figures.profit_idr)),
        income_percent=_rounded(ratio * 100 if ratio is not None else None),
        score=total,
        status=Status(status),
    )


def _rounded(number: Fraction | None) -> int | None:
    return None if number is None else round_half_up(number.numerator, number.denominator)
