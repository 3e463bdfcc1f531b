"""Figures that an assessment shows and never stores (handbook 5.8)."""

from __future__ import annotations

from kube_field.domain.forms.answered import day, fact, full_total, rows, whole
from kube_field.domain.forms.declaration import Context
from kube_field.domain.forms.goods import line_total, sum_of_lines
from kube_field.domain.forms.visit_computed import poverty_line
from kube_field.domain.money import round_half_up
from kube_field.domain.records import Answers

INCOMES = ("income_main_idr", "income_spouse_idr", "income_others_idr", "remittance_idr", "aid_cash_idr")
EXPENSES = ("exp_food_idr", "exp_school_idr", "exp_health_idr", "exp_home_idr", "exp_debt_idr", "exp_other_idr")


def income_total(answers: Answers, _context: Context) -> int | None:
    """All income of the family in a month; None while a part is not known."""
    return full_total(answers, INCOMES)


def expense_total(answers: Answers, _context: Context) -> int | None:
    """All expenses of the family in a month; None while a part is not known."""
    return full_total(answers, EXPENSES)


def income_per_capita(answers: Answers, context: Context) -> int | None:
    """Income per head of the family; None when its size is not known."""
    income, size = income_total(answers, context), whole(fact(context, "household"), "size")
    return round_half_up(income, size) if income is not None and size is not None and size > 0 else None


def ratio_to_poverty_line(answers: Answers, context: Context) -> int | None:
    """Income per head in percent of the poverty line on the day of the assessment, rounded down."""
    income, line = income_per_capita(answers, context), poverty_line(context, day(answers, "assessed_on"))
    return income * 100 // line if income is not None and line else None


def debt_total(answers: Answers, _context: Context) -> int | None:
    """Balance of all debts; zero when there are none."""
    if answers.get("has_debts") is False:
        return 0
    balances = [whole(row, "balance_idr") for _at, row in rows(answers, "debts")]
    return None if None in balances or not balances else sum(balance for balance in balances if balance is not None)


def proposed_aid_total(answers: Answers, _context: Context) -> int | None:
    """Quantity times price over all proposed goods, each line rounded half up; None while a line is not complete."""
    return sum_of_lines(line_total(row, "price_idr") for _at, row in rows(answers, "proposed_aid"))
