"""Answers of visits and assessments as what the rules look at; nothing misshapen gets through."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from kube_field.domain.forms.answered import day, full_total, picked, rows, text, whole
from kube_field.domain.forms.visit_computed import COSTS
from kube_field.domain.records import Answers
from kube_field.domain.rules.flags import Situation
from kube_field.domain.rules.recommendation import ELECTRICITY, NONE, SKILL_WORTH, WATER, Family
from kube_field.domain.rules.score import MOST_PREVIOUS, Status, VisitFigures, revenue_per_month, score_of

LEVELS = range(5)
RATINGS = range(4)
NOBODY = "tidak_ada_orang"
OWN_FLOORS = (Status.WATCH, Status.AT_RISK, Status.CRITICAL)
OTHER_INCOMES = ("income_spouse_idr", "income_others_idr", "remittance_idr")


def is_scored(answers: Answers) -> bool:
    """True for a visit at which somebody was met; the others count as visits, not in scores."""
    return text(answers, "met") != NOBODY


def visit_figures(
    answers: Answers,
    *,
    capital_base_idr: int | None,
    poverty_line_idr: int | None,
    earlier: Sequence[VisitFigures] = (),
) -> VisitFigures:
    """The figures of one visit; `earlier` are those of the scored visits before it, the newest last."""
    met_on, visited_on = day(answers, "last_meeting_on"), day(answers, "visited_on")
    revenues = [revenue for one in earlier if (revenue := revenue_per_month(one)) is not None]
    channels = answers.get("channels")
    return VisitFigures(
        owner_kind=text(answers, "owner_kind"),
        period_days=_days(day(answers, "period_from"), day(answers, "period_to")),
        revenue_idr=whole(answers, "revenue_idr"),
        cost_idr=full_total(answers, COSTS),
        capital_base_idr=capital_base_idr,
        cash_idr=whole(answers, "cash_idr"),
        stock_idr=whole(answers, "stock_idr"),
        receivable_idr=whole(answers, "receivable_idr"),
        payable_idr=whole(answers, "payable_idr"),
        days_open=whole(answers, "days_open"),
        days_planned=whole(answers, "days_planned"),
        tools=tuple(condition for _at, row in rows(answers, "asset_checks") if (condition := text(row, "condition"))),
        channels=len([one for one in picked(answers, "channels") if one != NONE]) if channels is not None else None,
        bookkeeping_level=_within(answers, "bookkeeping_level", LEVELS),
        members_active=whole(answers, "members_active"),
        members_total=whole(answers, "members_total"),
        days_since_meeting=(visited_on - met_on).days if visited_on and met_on else None,
        iks_level=_within(answers, "iks_level", LEVELS),
        savings_habit=text(answers, "savings_habit"),
        income_ratio=_income_ratio(answers, poverty_line_idr),
        instalment_idr=whole(answers, "debt_instalment_month_idr"),
        previous_revenue=tuple(revenues[-MOST_PREVIOUS:]),
    )


def situation(
    answers: Answers,
    visit: VisitFigures,
    *,
    earlier: Sequence[VisitFigures] = (),
    handover_on: date | None = None,
    unwatched_since: str = "",
) -> Situation:
    """What the flags look at, for a visit whose figures were read already."""
    visited_on = day(answers, "visited_on")
    return Situation(
        visit=visit,
        score=score_of(visit),
        earlier=tuple(earlier),
        business_status=text(answers, "business_status"),
        days_since_handover=(visited_on - handover_on).days if visited_on and handover_on else None,
        lenders=picked(answers, "lender_kinds"),
        unwatched_since=unwatched_since,
        own_floor=_own_floor(answers),
        own_reason=text(answers, "own_flag_reason"),
    )


def _own_floor(answers: Answers) -> Status | None:
    """The officer's own flag (F11), asked since the second version of the visit."""
    flag = text(answers, "own_flag")
    return Status(flag) if flag in OWN_FLOORS else None


def family_of(
    assessment: Answers,
    household: Answers,
    *,
    aid_idr: int,
    age: int | None = None,
    assisted: Mapping[str, int] | None = None,
) -> Family:
    """What an assessment and its household tell; `aid_idr` is planned, `assisted` counts units in the village."""
    other = full_total(assessment, OTHER_INCOMES)
    return Family(
        scheme=text(assessment, "subject_kind"),
        capital_idr=aid_idr + (whole(assessment, "own_capital_idr") or 0),
        spaces=picked(assessment, "spaces"),
        electricity=_one_of(household, "electricity", ELECTRICITY),
        water=_one_of(household, "water", WATER),
        skills=_skills(assessment),
        demand=_ratings(assessment, "demand", "market"),
        raw=_ratings(assessment, "raw", "material"),
        competitors={
            text(row, "idea_code"): count
            for _at, row in rows(assessment, "competitors")
            if (count := whole(row, "count")) is not None
        },
        assisted=assisted or {},
        hours=_decimal(assessment.get("hours_available")),
        caregiver=assessment.get("caregiver") is True,
        limited_strength=assessment.get("limited_strength") is True,
        age=age,
        wishes={text(row, "idea_code"): rank for _at, row in rows(assessment, "interests") if (rank := _rank(row))},
        refused=picked(assessment, "refuse"),
        has_cold_storage=assessment.get("cold_storage") is True,
        flood_prone=household.get("flood_prone") is True,
        has_other_income=bool(other),
    )


def _days(start: date | None, end: date | None) -> int | None:
    return (end - start).days + 1 if start and end and end >= start else None


def _within(answers: Mapping[str, Any], code: str, allowed: Collection[int]) -> int | None:
    value = whole(answers, code)
    return value if value in allowed else None


def _one_of(answers: Mapping[str, Any], code: str, allowed: Collection[str]) -> str:
    value = text(answers, code)
    return value if value in allowed else NONE


def _income_ratio(answers: Answers, line: int | None) -> Fraction | None:
    """Mean income per head of the sampled families over the poverty line."""
    heads = [
        Fraction(income, size)
        for _at, row in rows(answers, "hh_income_sample")
        if (income := whole(row, "income_month_idr")) is not None and (size := whole(row, "household_size") or 0) > 0
    ]
    return sum(heads, Fraction(0)) / len(heads) / line if heads and line else None


def _skills(assessment: Answers) -> dict[str, str]:
    """The best level told of each skill."""
    told: dict[str, str] = {}
    for _at, row in rows(assessment, "skills"):
        code, level = text(row, "skill_code"), text(row, "level")
        if level in SKILL_WORTH and SKILL_WORTH[level] >= SKILL_WORTH[told.get(code, NONE)]:
            told[code] = level
    return told


def _ratings(assessment: Answers, table: str, column: str) -> dict[str, int]:
    return {
        text(row, column): level
        for _at, row in rows(assessment, table)
        if (level := _within(row, "level", RATINGS)) is not None
    }


def _rank(row: Mapping[str, Any]) -> int | None:
    return _within(row, "rank", (1, 2, 3))


def _decimal(value: Any) -> Fraction:
    try:
        return max(Fraction(0), Fraction(str(value)))
    except (ValueError, ZeroDivisionError):
        return Fraction(0)
