"""The monthly recap's arithmetic."""

from __future__ import annotations

from dataclasses import fields
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from kube_field.domain.recap import Activity, Economy, ScoredUnit, Standing, Standings, total

COUNTS = st.lists(st.builds(Activity, planned=st.integers(0, 99), done=st.integers(0, 99), minutes_idr=st.integers(0)))


def scored(revenue: int | None, profit: int | None = None, ratio: str = "", books: int | None = None) -> ScoredUnit:
    return ScoredUnit(
        None if revenue is None else Fraction(revenue),
        None if profit is None else Fraction(profit),
        Fraction(ratio) if ratio else None,
        books,
    )


def test_the_share_of_visits_is_not_told_where_none_was_planned():
    assert Activity(planned=0, done=2).percent is None
    assert Activity(planned=8, done=1).percent == 13
    assert Activity(planned=3, done=3).percent == 100


def test_medians_are_of_what_was_answered_and_never_means():
    found = Economy.of([scored(100, 10, "0.5", 4), scored(1_000_000, -5, "1.5", 2), scored(300), scored(None)])
    assert (found.units, found.median_revenue) == (4, 300)
    assert (found.median_profit, found.profitable_percent) == (3, 50)  # 2.5, half up
    assert (found.median_income_percent, found.books_percent) == (100, 50)


def test_nothing_scored_leaves_every_figure_open():
    assert Economy.of([]) == Economy()


def test_every_standing_has_its_column():
    assert [field.name for field in fields(Standings)] == [str(one) for one in Standing]
    counted = Standings.of([Standing.HEALTHY, Standing.HEALTHY, Standing.GRADUATED])
    assert (counted.healthy, counted.graduated, counted.critical) == (2, 1, 0)


@given(COUNTS)
def test_sums_do_not_depend_on_the_order(rows):
    assert total(Activity, rows) == total(Activity, rows[::-1])
    assert total(Activity, rows).planned == sum(row.planned for row in rows)
