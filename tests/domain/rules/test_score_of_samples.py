"""The score and the flags give the handbook's figures for all 21 sample visits and both worked examples."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from kube_field.domain.rules.flags import Situation, final_status, flags_of
from kube_field.domain.rules.score import VisitFigures, revenue_per_month, score_of
from kube_field.reference import read_table


def whole(text: str) -> int | None:
    return int(text) if text else None


def figures(row: dict[str, str], earlier: list[VisitFigures]) -> VisitFigures:
    return VisitFigures(
        owner_kind="group" if row["owner"] == "group" else "person",
        period_days=whole(row["period_days"]),
        revenue_idr=whole(row["revenue"]),
        cost_idr=whole(row["cost"]),
        capital_base_idr=whole(row["wc_base"]),
        cash_idr=whole(row["cash"]),
        stock_idr=whole(row["stock"]),
        receivable_idr=whole(row["recv"]),
        payable_idr=whole(row["payab"]),
        days_open=whole(row["days_open"]),
        days_planned=whole(row["days_plan"]),
        tools=tuple(row["tools"].split("|")) if row["tools"] else (),
        channels=whole(row["channels"]),
        bookkeeping_level=whole(row["bookkeeping"]),
        members_active=whole(row["active"]),
        members_total=whole(row["members"]),
        days_since_meeting=whole(row["days_since_meeting"]),
        iks_level=whole(row["iks"]),
        savings_habit=row["savings"],
        income_ratio=Fraction(row["hh_ratio"]) if row["hh_ratio"] else None,
        instalment_idr=whole(row["instalment"]),
        previous_revenue=tuple(revenue for one in earlier if (revenue := revenue_per_month(one)) is not None),
    )


def sample() -> Iterator[tuple[dict[str, str], VisitFigures, list[VisitFigures], int]]:
    handovers = {
        row["unit_key"]: date.fromisoformat(row["handover_date"]) for row in read_table("sample", "sample_units.csv")
    }
    before: dict[str, list[VisitFigures]] = {}
    for row in read_table("sample", "sample_visits.csv"):
        earlier = before.setdefault(row["unit_key"], [])
        visit = figures(row, earlier)
        days = (date.fromisoformat(row["visit_date"]) - handovers[row["unit_key"]]).days
        yield row, visit, list(earlier), days
        earlier.append(visit)


@pytest.mark.parametrize(
    ("row", "visit", "earlier", "days"), [pytest.param(*one, id=one[0]["visit_key"]) for one in sample()]
)
def test_a_sample_visit(row: dict[str, str], visit: VisitFigures, earlier: list[VisitFigures], days: int):
    score = score_of(visit)
    wanted = dict(pair.split("=") for pair in row["exp_levels"].split())
    told = {one.code: "-" if one.level is None else str(one.level) for one in score.indicators}
    assert told == {code: level for code, level in wanted.items() if level != "NA"}
    assert round(score.coverage, 3) == Fraction(row["exp_coverage"])
    assert (score.total, score.status) == (int(row["exp_score"]), row["exp_score_status"])
    flags = flags_of(Situation(visit=visit, score=score, earlier=earlier, days_since_handover=days))
    assert [flag.code for flag in flags] == row["exp_flags"].split()
    assert final_status(score.status, flags) == row["exp_final_status"]


PERSON: dict[str, Any] = {
    "owner_kind": "person",
    "period_days": 30,
    "revenue_idr": 3_600_000,
    "cost_idr": 2_520_000,
    "previous_revenue": (Fraction(3_300_000), Fraction(3_500_000)),
    "capital_base_idr": 2_000_000,
    "cash_idr": 900_000,
    "stock_idr": 800_000,
    "receivable_idr": 150_000,
    "payable_idr": 0,
    "days_open": 24,
    "days_planned": 26,
    "tools": ("baik", "baik", "rusak_ringan"),
    "channels": 2,
    "bookkeeping_level": 3,
    "savings_habit": "irregular",
    "income_ratio": Fraction(92, 100),
    "instalment_idr": 0,
}
GROUP: dict[str, Any] = {
    "owner_kind": "group",
    "period_days": 61,
    "revenue_idr": 9_150_000,
    "cost_idr": 9_500_000,
    "previous_revenue": (Fraction(7_200_000), Fraction(6_900_000), Fraction(5_600_000)),
    "capital_base_idr": 12_000_000,
    "cash_idr": 1_500_000,
    "stock_idr": 2_200_000,
    "receivable_idr": 1_900_000,
    "payable_idr": 800_000,
    "days_open": 9,
    "days_planned": 22,
    "tools": ("baik", "rusak_berat", "hilang", "baik"),
    "channels": 1,
    "bookkeeping_level": 1,
    "members_active": 5,
    "members_total": 10,
    "days_since_meeting": 95,
    "iks_level": 1,
    "income_ratio": Fraction(71, 100),
    "instalment_idr": 400_000,
}


@pytest.mark.parametrize(
    ("given", "points", "weight", "total", "status"),
    [(PERSON, Fraction(75), 95, 79, "healthy"), (GROUP, Fraction(45, 2), 100, 23, "critical")],
)
def test_the_worked_examples(given: dict[str, Any], points: Fraction, weight: int, total: int, status: str):
    score = score_of(VisitFigures(**given))
    assert (score.points, score.answered_weight, score.total, score.status) == (points, weight, total, status)
