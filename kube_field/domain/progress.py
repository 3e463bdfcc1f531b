"""How a business went from visit to visit, as charts on screen and paper show it."""

from __future__ import annotations

from dataclasses import dataclass

from kube_field.domain.rules.score import Status


@dataclass(frozen=True, slots=True)
class VisitPoint:
    """One visit at which somebody was met; None is not answered.

    Turnover and profit are rupiah brought to 30 days, `income_percent` is the income per head against the poverty line
    of that day, `score` lies between 0 and 100.
    """

    visit_no: int
    visited_on: str
    revenue_idr: int | None
    profit_idr: int | None
    income_percent: int | None
    score: int | None
    status: Status
