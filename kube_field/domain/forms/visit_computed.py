"""Figures that a visit shows and never stores (handbook 5.11 and 7.1); whole rupiah, no binary floating point."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kube_field.domain.forms.answered import day, full_total, rows, text, whole
from kube_field.domain.forms.declaration import Context
from kube_field.domain.money import round_half_up
from kube_field.domain.records import Answers

COSTS = (
    "cost_material_idr",
    "cost_labor_idr",
    "cost_transport_idr",
    "cost_rent_utilities_idr",
    "cost_other_idr",
)
DAYS_OF_A_MONTH = 30


def period_days(answers: Answers, _context: Context) -> int | None:
    """Days of the reported period, both ends included; None when it is not known or runs backwards."""
    start, end = day(answers, "period_from"), day(answers, "period_to")
    if start is None or end is None or end < start:
        return None
    return (end - start).days + 1


def total_cost(answers: Answers, _context: Context) -> int | None:
    """All costs of the period; None while one of them is not known."""
    return full_total(answers, COSTS)


def profit(answers: Answers, context: Context) -> int | None:
    """Revenue less costs; negative is a loss."""
    revenue, cost = whole(answers, "revenue_idr"), total_cost(answers, context)
    return None if revenue is None or cost is None else revenue - cost


def profit_per_month(answers: Answers, context: Context) -> int | None:
    """Profit brought to 30 days."""
    return per_month(profit(answers, context), period_days(answers, context))


def revenue_per_month(answers: Answers, context: Context) -> int | None:
    """Revenue brought to 30 days."""
    return per_month(whole(answers, "revenue_idr"), period_days(answers, context))


def per_month(amount: int | None, days: int | None) -> int | None:
    """An amount of a period of so many days, brought to 30 days, half up."""
    if amount is None or not days:
        return None
    return round_half_up(amount * DAYS_OF_A_MONTH, days)


def working_capital(answers: Answers, _context: Context) -> int | None:
    """Cash, stock and collectable receivables less payables."""
    held = full_total(answers, ("cash_idr", "stock_idr", "receivable_idr"))
    owed = whole(answers, "payable_idr")
    return None if held is None or owed is None else held - owed


def household_per_capita(answers: Answers, _context: Context) -> int | None:
    """Mean income per head over the sampled families, rupiah a month."""
    heads = [amount for _at, row in rows(answers, "hh_income_sample") if (amount := _per_head(row)) is not None]
    return round_half_up(sum(heads), len(heads)) if heads else None


def household_ratio(answers: Answers, context: Context) -> int | None:
    """Mean income per head in percent of the poverty line on the day of the visit, rounded down."""
    income, line = household_per_capita(answers, context), poverty_line(context, day(answers, "visited_on"))
    return income * 100 // line if income is not None and line else None


def poverty_line(context: Context, on: date | None) -> int | None:
    """The poverty line in rupiah per head and month for the village of the record; None when it is not known."""
    if context.reference is None or on is None:
        return None
    village = text(context.facts, "village_code")
    line = context.reference.poverty.at(village[:5] or "64", on)
    return line.amount_idr if line is not None else None


def _per_head(row: Mapping[str, object]) -> int | None:
    income, size = whole(row, "income_month_idr"), whole(row, "household_size")
    return round_half_up(income, size) if income is not None and size is not None and size > 0 else None
