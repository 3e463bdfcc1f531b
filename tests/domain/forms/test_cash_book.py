"""Kas usaha: what the weeks give, what is proposed, and every warning on both sides of its threshold."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kube_field.domain.forms.cash_book import AMOUNTS, MOST_WEEKS, PROPOSED, cash_book, weeks_of_period
from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.declaration import Severity
from kube_field.domain.forms.evaluation import Evaluation, evaluate
from kube_field.domain.forms.visit_computed import profit
from kube_field.domain.records import RecordKind
from tests.support.make_answers import complete_visit, make_cash_book, make_context

SECOND, THIRD = form(RecordKind.VISIT, "2026.2"), form(RecordKind.VISIT, "2026.3")
PERIOD = {"period_from": "2026-10-21", "period_to": "2026-11-19", "visited_on": "2026-11-20"}
WEEKS = ("2026-10-21", "2026-10-28", "2026-11-04", "2026-11-11", "2026-11-18")


def visit(**changes: Any) -> dict[str, Any]:
    return complete_visit(**{**PERIOD, **make_cash_book(), **changes})


def judged(answers: dict[str, Any], **facts: Any) -> Evaluation:
    return evaluate(THIRD, answers, make_context(**facts))


def book_codes(answers: dict[str, Any], **facts: Any) -> list[str]:
    found = judged(answers, **facts).findings
    return [one.code for one in found if one.code.startswith("BOOK_") and one.severity == Severity.PERINGATAN]


def agreeing(answers: dict[str, Any]) -> dict[str, Any]:
    """The visit with everything that the book proposes put in."""
    told = judged(answers).proposed
    return {**answers, **{code: told[code].value for code in PROPOSED if code in told}}


def test_the_third_version_only_adds_the_book():
    before, after = ({one.code for one in declared.questions()} for declared in (SECOND, THIRD))
    added = after - before
    assert before < after
    assert {"cash_book_words", "book_period", "cash_weeks", "book_source"} < added
    assert all(code.startswith(("cash_", "book_")) for code in added)
    same = [one for one in THIRD.questions() if one.code in before and one.propose is None]
    assert all(one == SECOND.question(one.code) for one in same)


def test_answers_of_the_second_version_are_whole_in_the_third():
    for kind in ("group", "person"):
        assert judged(complete_visit(kind)).errors == ()


def test_the_book_gives_turnover_cost_of_goods_profit_and_cash():
    book = cash_book(visit())
    assert book is not None
    assert (book.days, book.total("sold_idr"), book.cost_of_goods) == (30, 4_500_000, 2_450_000)
    assert (book.gross_profit, book.profit) == (2_050_000, 1_600_000)
    assert (book.cash_expected, book.cash_difference) == (1_250_000, 0)


def test_what_is_proposed_makes_the_forms_own_sums_agree():
    told = judged(visit()).proposed
    values = {code: told[code].value for code in ("figures_source", *PROPOSED)}
    assert values == {
        "figures_source": "buku_kas",
        "revenue_idr": 4_500_000,
        "cost_material_idr": 2_450_000,
        "cost_labor_idr": 250_000,
        "cost_transport_idr": 0,
        "cost_rent_utilities_idr": 0,
        "cost_other_idr": 200_000,
        "cash_idr": 1_250_000,
        "stock_idr": 700_000,
    }
    full = agreeing(visit())
    book = cash_book(full)
    assert book is not None
    assert profit(full, make_context()) == book.profit


def test_an_agreeing_book_says_nothing():
    assert book_codes(agreeing(visit())) == []


def test_without_a_book_nothing_is_proposed_and_nothing_said():
    empty = judged(complete_visit(**PERIOD))
    assert [code for code in PROPOSED if code in empty.proposed] == []
    assert empty.computed["cash_book_words"] is None
    assert book_codes(complete_visit(**PERIOD)) == []


def test_weeks_without_amounts_are_no_book():
    rows = [{"id": "w1", "week_from": "2026-10-21", "week_to": "2026-10-27"}]
    assert cash_book({"cash_weeks": rows}) is None


def test_zero_is_a_week_and_a_struck_row_is_none():
    row = {"id": "w1", "week_from": "2026-10-21", "week_to": "2026-10-27", "sold_idr": 0}
    assert cash_book({"cash_weeks": [row]}) is not None
    assert cash_book({"cash_weeks": [{**row, "struck": "salah"}]}) is None


def test_cost_of_goods_needs_both_stocks():
    told = judged(visit(book_stock_start_idr=None)).proposed
    assert "cost_material_idr" not in told
    assert told["revenue_idr"].value == 4_500_000


def test_a_cost_that_cannot_be_is_not_proposed():
    assert "cost_material_idr" not in judged(visit(book_stock_end_idr=9_000_000)).proposed


def test_weeks_that_cover_part_of_the_period_are_brought_to_all_of_it():
    told = judged(visit(period_from="2026-09-21")).proposed
    assert told["revenue_idr"].value == 9_000_000
    assert told["cash_idr"].value == 1_250_000, "a state is not brought to anything"
    assert told["revenue_idr"].words == "menurut kas usaha 30 hari, dihitung untuk 60 hari"


@pytest.mark.parametrize(
    ("start", "end", "weeks", "first", "last"),
    [
        ("2026-11-13", "2026-11-19", 1, ("2026-11-13", "2026-11-19"), ("2026-11-13", "2026-11-19")),
        ("2026-11-12", "2026-11-19", 2, ("2026-11-12", "2026-11-18"), ("2026-11-19", "2026-11-19")),
        ("2026-10-21", "2026-11-19", 5, ("2026-10-21", "2026-10-27"), ("2026-11-18", "2026-11-19")),
        ("2026-10-16", "2026-11-19", 5, ("2026-10-16", "2026-10-22"), ("2026-11-13", "2026-11-19")),
        ("2026-10-15", "2026-11-19", 5, ("2026-10-22", "2026-10-28"), ("2026-11-19", "2026-11-19")),
        ("2026-08-01", "2026-11-19", 5, ("2026-10-17", "2026-10-23"), ("2026-11-14", "2026-11-19")),
    ],
)
def test_weeks_are_laid_out_from_the_period(start: str, end: str, weeks: int, first: Any, last: Any):
    laid = weeks_of_period({"period_from": start, "period_to": end}, make_context())
    assert len(laid) == weeks
    assert tuple(laid[0].values()) == (first[0], *first)
    assert tuple(laid[-1].values()) == (last[0], *last)


@given(st.integers(0, 200), st.integers(0, 400))
def test_laid_out_weeks_touch_each_other_and_end_with_the_period(begin: int, length: int):
    start = date(2025, 12, 20) + timedelta(days=begin)
    end = start + timedelta(days=length)
    laid = weeks_of_period({"period_from": start.isoformat(), "period_to": end.isoformat()}, make_context())
    days = [(date.fromisoformat(one["week_from"]), date.fromisoformat(one["week_to"])) for one in laid]
    assert 1 <= len(days) <= 5
    assert days[-1][1] == end
    assert days[0][0] >= start
    assert all(b[0] - a[1] == timedelta(days=1) for a, b in pairwise(days))
    assert length >= 35 or days[0][0] == start


def test_the_last_day_of_the_calendar_is_no_trouble():
    laid = weeks_of_period({"period_from": "9999-12-20", "period_to": "9999-12-31"}, make_context())
    assert laid[-1] == {"id": "9999-12-27", "week_from": "9999-12-27", "week_to": "9999-12-31"}


def test_no_weeks_without_a_period():
    assert weeks_of_period({"period_from": "2026-11-19"}, make_context()) == []
    assert weeks_of_period({"period_from": "2026-11-19", "period_to": "2026-11-18"}, make_context()) == []


AMOUNT = st.one_of(st.none(), st.integers(0, 99_999_999_999))
ROWS = st.lists(st.fixed_dictionaries(dict.fromkeys(AMOUNTS, AMOUNT)), min_size=1, max_size=10)


def rows_of(weeks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    first = date(2026, 1, 1)
    return [
        {
            "id": f"w{at}",
            "week_from": (first + timedelta(days=7 * at)).isoformat(),
            "week_to": (first + timedelta(days=7 * at + 6)).isoformat(),
            **{code: amount for code, amount in week.items() if amount is not None},
        }
        for at, week in enumerate(weeks)
    ]


STATES = st.fixed_dictionaries(
    {f"book_{name}_idr": AMOUNT for name in ("cash_start", "cash_end", "stock_start", "stock_end", "drawn")}
)


@given(ROWS, STATES, st.randoms(use_true_random=False))
def test_sums_are_exact_and_the_order_of_the_weeks_does_not_matter(weeks: Any, states: Any, random: Any):
    rows = rows_of(weeks)
    mixed = list(rows)
    random.shuffle(mixed)
    book, other = (cash_book({**states, "cash_weeks": one}) for one in (rows, mixed))
    if book is None or other is None:
        assert book is other
        return
    for code in AMOUNTS:
        assert book.total(code) == other.total(code) == sum(week[code] or 0 for week in weeks)
    for name in ("days", "cost_of_goods", "gross_profit", "profit", "cash_expected", "cash_difference"):
        value = getattr(book, name)
        assert value == getattr(other, name)
        assert value is None or type(value) is int
    if book.cost_of_goods is not None and book.profit is not None:
        costs = book.cost_of_goods + book.total("wages_idr") + book.total("other_idr")
        assert book.profit + costs == book.total("sold_idr")


# Plausibility, both sides of every threshold


def one_week(**changes: Any) -> dict[str, Any]:
    """One week of seven days that is the whole period; amounts of the row by `week_…`."""
    row = {"id": "w1", "week_from": "2026-11-13", "week_to": "2026-11-19", "sold_idr": 1_000_000, "bought_idr": 600_000}
    row |= {name.removeprefix("week_") + "_idr": value for name, value in changes.items() if name.startswith("week_")}
    states = {name: value for name, value in changes.items() if not name.startswith("week_")}
    base = {"period_from": "2026-11-13", "period_to": "2026-11-19", "visited_on": "2026-11-20", "cash_weeks": [row]}
    return agreeing(complete_visit(**{**base, **states}))


@pytest.mark.parametrize(
    ("bought", "stock", "told"),
    [(0, None, True), (0, 0, True), (1, None, False), (0, 1, False)],
)
def test_selling_with_no_buying_and_no_stock(bought: int, stock: int | None, told: bool):
    assert ("BOOK_SOLD_FROM_NOTHING" in book_codes(one_week(week_bought=bought, book_stock_start_idr=stock))) is told


@pytest.mark.parametrize(
    ("stock_end", "home", "code"),
    [
        (799_999, 0, None),
        (800_000, 0, "BOOK_GOODS_APPEAR"),
        (800_001, 0, "BOOK_GOODS_APPEAR"),
        (700_000, 99_999, None),
        (700_000, 100_000, "BOOK_GOODS_APPEAR"),
    ],
)
def test_a_margin_that_cannot_be(stock_end: int, home: int, code: str | None):
    answers = one_week(book_stock_start_idr=200_000, book_stock_end_idr=stock_end, week_home=home)
    assert book_codes(answers) == ([code] if code else [])


@pytest.mark.parametrize(("sold", "told"), [(600_000, False), (599_999, True)])
def test_selling_below_cost(sold: int, told: bool):
    codes = book_codes(one_week(week_sold=sold, book_stock_start_idr=0, book_stock_end_idr=0))
    assert ("BOOK_SOLD_BELOW_COST" in codes) is told


@pytest.mark.parametrize(
    ("sold", "difference", "told"),
    [
        (1_000_000, 100_000, False),
        (1_000_000, 100_001, True),
        (1_000_000, -100_000, False),
        (1_000_000, -100_001, True),
        (100_000, 50_000, False),
        (100_000, 50_001, True),
        (100_000, -50_000, False),
        (100_000, -50_001, True),
    ],
)
def test_cash_that_does_not_add_up(sold: int, difference: int, told: bool):
    expected = 500_000 + sold - 50_000 - 100_000
    answers = one_week(
        week_sold=sold,
        week_bought=50_000,
        book_cash_start_idr=500_000,
        book_drawn_idr=100_000,
        book_cash_end_idr=expected + difference,
    )
    assert ("BOOK_CASH_DIFFERS" in book_codes(answers)) is told


def test_cash_is_not_judged_without_both_states():
    assert "BOOK_CASH_DIFFERS" not in book_codes(one_week(book_cash_end_idr=9_000_000))


@pytest.mark.parametrize(
    ("last", "told"),
    [(500_000, False), (499_999, True), (2_000_000, False), (2_000_001, True), (0, False), (None, False)],
)
def test_sales_far_from_the_last_visit(last: int | None, told: bool):
    before = {"period_from": "2026-11-06", "period_to": "2026-11-12", "revenue_idr": last}
    assert ("BOOK_FAR_FROM_LAST" in book_codes(one_week(), previous=before)) is told


def test_periods_of_other_length_are_compared_by_30_days():
    before = {"period_from": "2026-10-30", "period_to": "2026-11-12", "revenue_idr": 1_000_000}
    assert "BOOK_FAR_FROM_LAST" not in book_codes(one_week(), previous=before)
    assert "BOOK_FAR_FROM_LAST" in book_codes(one_week(), previous={**before, "revenue_idr": 999_999})


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        ("2026-11-13", "2026-11-19", False),
        ("2026-11-12", "2026-11-18", True),
        ("2026-11-14", "2026-11-20", True),
    ],
)
def test_a_week_outside_the_period(start: str, end: str, told: bool):
    answers = one_week()
    answers["cash_weeks"] = [{**answers["cash_weeks"][0], "week_from": start, "week_to": end}]
    assert ("BOOK_WEEK_OUTSIDE" in book_codes(agreeing(answers))) is told


def test_a_week_that_stands_there_twice():
    answers = one_week()
    answers["cash_weeks"] = [*answers["cash_weeks"], {**answers["cash_weeks"][0], "id": "w2"}]
    assert "BOOK_WEEK_TWICE" in book_codes(answers)
    assert "BOOK_WEEK_TWICE" not in book_codes(one_week())


def test_a_week_whose_sales_were_left_blank():
    assert "BOOK_SOLD_EMPTY" in book_codes(one_week(week_sold=None))
    assert "BOOK_SOLD_EMPTY" not in book_codes(one_week(week_sold=0))


def test_figures_that_differ_from_the_book_are_told_by_name():
    answers = {**one_week(), "revenue_idr": 999_999}
    found = [one for one in judged(answers).findings if one.code == "BOOK_DIFFERS"]
    assert [(one.question, one.message) for one in found] == [("revenue_idr", "Berbeda dari kas usaha: Omzet.")]
    assert "BOOK_DIFFERS" not in book_codes(one_week())


@pytest.mark.parametrize(("sold", "told"), [(25_000_000, False), (25_000_001, True)])
def test_a_week_with_a_zero_too_many(sold: int, told: bool):
    found = judged(one_week(week_sold=sold)).findings
    assert (("AMT_UNUSUAL", "sold_idr") in [(one.code, one.column) for one in found]) is told


def test_more_weeks_than_fit_the_paper_are_refused():
    row = one_week()["cash_weeks"][0]
    most = [{**row, "id": f"w{n}"} for n in range(MOST_WEEKS)]
    assert judged(one_week(cash_weeks=most)).errors == ()
    assert [one.code for one in judged(one_week(cash_weeks=[*most, {**row, "id": "one more"}])).errors] == ["TOO_MANY"]


def test_no_book_is_asked_where_nobody_was_met():
    assert "cash_weeks" not in judged(visit(met="tidak_ada_orang")).applicable
