"""Both sides of every threshold of the score and the flags; no point is unexplained, no order matters."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kube_field.domain.rules.flags import ORDER, Situation, final_status, flags_of
from kube_field.domain.rules.score import WEIGHTS, Indicator, Score, Status, VisitFigures, percent, score_of

BASE = VisitFigures(
    owner_kind="group",
    period_days=30,
    revenue_idr=1_000_000,
    cost_idr=700_000,
    previous_revenue=(Fraction(1_000_000),),
    capital_base_idr=1_000_000,
    cash_idr=1_000_000,
    stock_idr=0,
    receivable_idr=0,
    payable_idr=0,
    days_open=20,
    days_planned=20,
    tools=("baik",),
    channels=3,
    bookkeeping_level=4,
    members_active=20,
    members_total=20,
    days_since_meeting=10,
    iks_level=4,
    income_ratio=Fraction(2),
    instalment_idr=0,
)


def level(code: str, **fields: Any) -> int | None:
    return score_of(replace(BASE, **fields)).level(code)


@pytest.mark.parametrize(
    ("profit", "expected"),
    [(-1, 0), (0, 1), (49_999, 1), (50_000, 2), (149_999, 2), (150_000, 3), (299_999, 3), (300_000, 4)],
)
def test_margin(profit: int, expected: int):
    assert level("A1", cost_idr=1_000_000 - profit) == expected


def test_no_turnover_is_the_lowest_margin():
    assert level("A1", revenue_idr=0, cost_idr=0) == 0


@pytest.mark.parametrize(
    ("revenue", "expected"),
    [
        (499_999, 0), (500_000, 1), (799_999, 1), (800_000, 2), (949_999, 2), (950_000, 3),
        (1_100_000, 3), (1_100_001, 4),
    ],
)  # fmt: skip
def test_turnover_against_before(revenue: int, expected: int):
    assert level("A2", revenue_idr=revenue, cost_idr=0) == expected


@pytest.mark.parametrize(
    ("cash", "expected"),
    [
        (249_999, 0), (250_000, 1), (499_999, 1), (500_000, 2), (799_999, 2), (800_000, 3),
        (999_999, 3), (1_000_000, 4),
    ],
)  # fmt: skip
def test_working_capital(cash: int, expected: int):
    assert level("A3", cash_idr=cash) == expected


@pytest.mark.parametrize(
    ("opened", "expected"), [(4, 0), (5, 1), (9, 1), (10, 2), (14, 2), (15, 3), (17, 3), (18, 4), (25, 4)]
)
def test_days_open_of_twenty(opened: int, expected: int):
    assert level("B1", days_open=opened) == expected


@pytest.mark.parametrize(
    ("tools", "expected"),
    [
        ("hilang", 0), ("rusak_berat|rusak_berat|rusak_berat|baik", 1), ("baik|rusak_berat", 2),
        ("baik|baik|baik|hilang", 3), ("baik|rusak_ringan|baik|baik", 3), ("baik|baik", 4),
    ],
)  # fmt: skip
def test_tools(tools: str, expected: int):
    assert level("B2", tools=tuple(tools.split("|"))) == expected


@pytest.mark.parametrize(("count", "expected"), [(0, 0), (1, 2), (2, 3), (3, 4), (7, 4)])
def test_channels(count: int, expected: int):
    assert level("B3", channels=count) == expected


@pytest.mark.parametrize(
    ("active", "days", "expected"),
    [(9, 60, 0), (10, 60, 1), (12, 60, 1), (13, 60, 2), (15, 60, 2), (16, 60, 3), (18, 60, 3), (19, 60, 4),
     (19, 61, 3), (9, 61, 0)],
)  # fmt: skip
def test_active_members_of_twenty(active: int, days: int, expected: int):
    assert level("C2", members_active=active, days_since_meeting=days) == expected


@pytest.mark.parametrize(
    ("hundredths", "expected"), [(59, 0), (60, 1), (79, 1), (80, 2), (99, 2), (100, 3), (124, 3), (125, 4)]
)
def test_income_against_the_poverty_line(hundredths: int, expected: int):
    assert level("D1", income_ratio=Fraction(hundredths, 100)) == expected


@pytest.mark.parametrize(
    ("instalment", "expected"),
    [(0, 4), (60_000, 3), (60_001, 2), (105_000, 2), (105_001, 1), (180_000, 1), (180_001, 0)],
)
def test_instalments_of_a_profit_of_300_000(instalment: int, expected: int):
    assert level("D2", instalment_idr=instalment) == expected


def test_debt_without_profit_is_the_lowest_level():
    assert level("D2", instalment_idr=1, cost_idr=1_000_000) == 0


@pytest.mark.parametrize(("habit", "expected"), [("none", 0), ("irregular", 2), ("regular", 4), ("", None)])
def test_savings_of_a_person(habit: str, expected: int | None):
    assert level("C3", owner_kind="person", savings_habit=habit) == expected


def test_a_person_has_no_members_to_count():
    assert "C2" not in [one.code for one in score_of(replace(BASE, owner_kind="person")).indicators]


def test_zero_is_an_answer_and_empty_is_not():
    assert (level("B3", channels=0), level("B3", channels=None)) == (0, None)


@pytest.mark.parametrize(
    ("total", "status"),
    [(70, "healthy"), (69, "watch"), (50, "watch"), (49, "at_risk"), (30, "at_risk"), (29, "critical")],
)
def test_statuses_begin_where_the_handbook_says(total: int, status: str):
    score = Score((Indicator("A1", total, 4, "."), Indicator("A2", 100 - total, 0, ".")))
    assert (score.total, score.status) == (total, status)


@pytest.mark.parametrize(("answered", "status"), [(60, "healthy"), (59, "insufficient")])
def test_less_than_sixty_percent_answered_is_not_enough(answered: int, status: str):
    score = Score((Indicator("A1", answered, 4, "."), Indicator("A2", 100 - answered, None, ".")))
    assert (score.total, score.status) == (100, status)


def codes(**fields: Any) -> list[str]:
    visit = fields.pop("visit", BASE)
    return [flag.code for flag in flags_of(Situation(visit=visit, score=score_of(visit), **fields))]


LOSS = replace(BASE, cost_idr=1_000_001)


@pytest.mark.parametrize(("before", "floor"), [(0, None), (1, "at_risk"), (2, "critical"), (5, "critical")])
def test_losses_in_a_row(before: int, floor: str | None):
    found = flags_of(Situation(visit=LOSS, score=score_of(LOSS), earlier=[LOSS] * before))
    assert [flag.floor for flag in found if flag.code == "F2"] == ([floor] if floor else [])


def test_a_loss_before_a_profit_counts_no_more():
    assert "F2" not in codes(visit=LOSS, earlier=[LOSS, LOSS, BASE])


@pytest.mark.parametrize(
    ("status", "days", "expected"),
    [("berhenti", None, ["F1"]), ("berhenti_sementara", 1, ["F1"]), ("belum_mulai", 30, []),
     ("belum_mulai", 31, ["F1"]), ("belum_mulai", None, []), ("berjalan_lambat", 400, [])],
)  # fmt: skip
def test_stopped(status: str, days: int | None, expected: list[str]):
    assert codes(business_status=status, days_since_handover=days) == expected


@pytest.mark.parametrize(("active", "expected"), [(10, []), (9, ["F4"])])
def test_less_than_half_active(active: int, expected: list[str]):
    assert codes(visit=replace(BASE, members_active=active)) == expected


@pytest.mark.parametrize(("tool", "expected"), [("rusak_berat", []), ("dipinjamkan", []), ("hilang", ["F5"]),
                                                 ("dijual", ["F5"]), ("digadaikan", ["F5"])])  # fmt: skip
def test_tools_gone(tool: str, expected: list[str]):
    assert codes(visit=replace(BASE, tools=("baik", tool))) == expected


@pytest.mark.parametrize(("days", "expected"), [(180, ["F6"]), (181, []), (None, [])])
def test_capital_nearly_gone(days: int | None, expected: list[str]):
    assert codes(visit=replace(BASE, cash_idr=249_999), days_since_handover=days) == expected


@pytest.mark.parametrize(
    ("now", "before", "expected"), [(1, 1, ["F7"]), (2, 1, []), (1, 2, []), (1, None, []), (0, 0, ["F7"])]
)
def test_no_books_twice(now: int, before: int | None, expected: list[str]):
    earlier = [replace(BASE, bookkeeping_level=before)]
    assert codes(visit=replace(BASE, bookkeeping_level=now), earlier=earlier) == expected


@pytest.mark.parametrize(
    ("instalment", "lenders", "floor"),
    [
        (105_000, (), None), (105_001, (), "watch"), (180_000, (), "watch"), (180_001, (), "at_risk"),
        (0, ("rentenir",), "watch"), (0, ("pinjol",), "watch"), (0, ("bank",), None), (200_000, ("pinjol",), "at_risk"),
    ],
)  # fmt: skip
def test_heavy_debt(instalment: int, lenders: tuple[str, ...], floor: str | None):
    visit = replace(BASE, instalment_idr=instalment)
    found = flags_of(Situation(visit=visit, score=score_of(visit), lenders=lenders))
    assert [flag.floor for flag in found if flag.code == "F8"] == ([floor] if floor else [])


@pytest.mark.parametrize(
    ("now", "before", "expected"), [(79, 100, ["F10"]), (79, 98, []), (80, 200, []), (64, 80, []), (63, 80, ["F10"])]
)
def test_falling_income(now: int, before: int, expected: list[str]):
    visit, last = (replace(BASE, income_ratio=Fraction(value, 100)) for value in (now, before))
    assert [code for code in codes(visit=visit, earlier=[last]) if code == "F10"] == expected


def test_the_officers_own_flag_counts_with_its_reason():
    score = score_of(BASE)
    (flag,) = flags_of(Situation(visit=BASE, score=score, own_floor=Status.AT_RISK, own_reason="Ketua sakit"))
    assert (flag.code, flag.sentence, final_status(score.status, [flag])) == ("F11", "Ketua sakit", "at_risk")


def test_not_being_watched_is_told_and_changes_no_status():
    score = score_of(BASE)
    (flag,) = flags_of(Situation(visit=BASE, score=score, unwatched_since="2026-01-02"))
    assert (flag.code, final_status(score.status, [flag])) == ("F9", "healthy")


def test_flags_speak_where_the_score_does_not():
    empty = VisitFigures(owner_kind="person")
    score = score_of(empty)
    assert (score.total, score.status) == (None, "insufficient")
    flags = flags_of(Situation(visit=empty, score=score, business_status="berhenti"))
    assert final_status(score.status, flags) == "critical"
    assert final_status(score.status, []) == "insufficient"


@pytest.mark.parametrize(
    ("share", "words"),
    [(Fraction(1, 3), "33,3 %"), (Fraction(-1, 200), "-0,5 %"), (Fraction(0), "0,0 %"), (Fraction(-1, 9999), "0,0 %")],
)
def test_shares_in_words(share: Fraction, words: str):
    assert percent(share) == words


amounts = st.none() | st.integers(0, 10**9)
small = st.none() | st.integers(0, 40)
visits = st.builds(
    VisitFigures,
    owner_kind=st.sampled_from(("group", "person")),
    period_days=st.none() | st.integers(1, 200),
    revenue_idr=amounts,
    cost_idr=amounts,
    capital_base_idr=amounts,
    cash_idr=amounts,
    stock_idr=amounts,
    receivable_idr=amounts,
    payable_idr=amounts,
    days_open=small,
    days_planned=small,
    tools=st.lists(st.sampled_from(("baik", "rusak_ringan", "rusak_berat", "hilang", "dijual")), max_size=5).map(tuple),
    channels=small,
    bookkeeping_level=st.none() | st.integers(0, 4),
    members_active=small,
    members_total=small,
    days_since_meeting=small,
    iks_level=st.none() | st.integers(0, 4),
    savings_habit=st.sampled_from(("", "none", "irregular", "regular")),
    income_ratio=st.none() | st.fractions(0, 5),
    instalment_idr=amounts,
    previous_revenue=st.lists(st.fractions(0, 10**7), max_size=3).map(tuple),
)


@given(visits)
def test_no_point_is_unexplained(visit: VisitFigures):
    score = score_of(visit)
    assert all(one.words for one in score.indicators)
    assert [one.weight for one in score.indicators] == [WEIGHTS[one.code] for one in score.indicators]
    assert sum(one.points for one in score.indicators) == score.points
    assert all(one.level is None or 0 <= one.level <= 4 for one in score.indicators)
    assert score.total is None or 0 <= score.total <= 100
    assert 0 <= score.coverage <= 1


@given(visits)
def test_the_order_of_earlier_turnovers_and_of_tools_does_not_matter(visit: VisitFigures):
    totals = {
        score_of(replace(visit, previous_revenue=order, tools=tuple(reversed(visit.tools)))).total
        for order in permutations(visit.previous_revenue)
    }
    assert totals == {score_of(visit).total}


@given(visits, st.lists(visits, max_size=3), st.sampled_from(("", "berhenti", "berjalan_baik")))
def test_flags_never_make_a_status_better(visit: VisitFigures, earlier: list[VisitFigures], business: str):
    score = score_of(visit)
    flags = flags_of(Situation(visit=visit, score=score, earlier=earlier, business_status=business))
    final = final_status(score.status, flags)
    if score.status != Status.INSUFFICIENT:
        assert ORDER.index(final) >= ORDER.index(score.status)
    assert all(flag.sentence and flag.action for flag in flags)
