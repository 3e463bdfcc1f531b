"""The four figures by which a visit report is known: turnover, profit, working capital, score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from kube_field.domain.forms.answered import whole
from kube_field.domain.forms.declaration import Context
from kube_field.domain.forms.visit_computed import profit, working_capital
from kube_field.domain.records import Fact

NO_CONTEXT = Context(today=date.min)
"""The sums of a visit need nothing but its answers."""


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """Rupiah of the period and of the day, and points of 100; None for what was not answered or not reckoned."""

    revenue_idr: int | None
    profit_idr: int | None
    capital_idr: int | None
    score: int | None

    NAMES: ClassVar[tuple[str, ...]] = ("revenue_idr", "profit_idr", "capital_idr", "score")

    @property
    def amounts(self) -> tuple[int | None, ...]:
        """The four in their order."""
        return (self.revenue_idr, self.profit_idr, self.capital_idr, self.score)


def key_figures(visit: Fact) -> KeyFigures:
    """The figures of a final visit, from its answers and frozen score alone."""
    score = visit.snapshot.get("score")
    total = score.get("total") if isinstance(score, Mapping) else None
    return KeyFigures(
        revenue_idr=whole(visit.answers, "revenue_idr"),
        profit_idr=profit(visit.answers, NO_CONTEXT),
        capital_idr=working_capital(visit.answers, NO_CONTEXT),
        score=total if isinstance(total, int) and not isinstance(total, bool) else None,
    )


def unit_name(visit: Fact) -> str:
    """What the report calls the business: the group's name; of a person's business its own, never the person's."""
    if visit.snapshot.get("owner_kind") == "group":
        return str(visit.snapshot.get("owner_name") or "")
    business = visit.snapshot.get("business")
    told = business if isinstance(business, Mapping) else {}
    return str(told.get("business_name") or told.get("idea_name") or "")
