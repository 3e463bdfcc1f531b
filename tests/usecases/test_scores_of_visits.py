"""Scores of visits by what lies on the laptop: earlier visits, the unit's capital, the poverty line of the day."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from kube_field.domain.rules.score import Status
from kube_field.usecases.scoring import decimal_text, score_of_draft, score_of_fact
from tests.support import make_records
from tests.support.laptop import Laptop


def test_a_draft_is_scored_against_the_visits_before_it(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    figures = {"period_from": "2026-09-21", "revenue_idr": 10_000_000}
    first = make_records.record_visit(laptop.session, unit.uid, "2026-10-20", **figures)
    draft, answers = make_records.visit_answers(laptop.session, unit.uid, "2026-11-20", revenue_idr=4_000_000)
    found = score_of_draft(laptop.session, replace(draft, answers=answers))
    alone = score_of_fact(laptop.session, first)
    assert found is not None
    assert alone is not None
    assert alone.score.level("A2") is None
    assert found.score.level("A2") == 0
    assert "F3" in [flag.code for flag in found.flags]
    assert found.final in (Status.AT_RISK, Status.CRITICAL)
    assert found.figures.capital_base_idr == unit.answers["working_capital_base_idr"]
    assert found.figures.income_ratio is not None


def test_a_visit_that_met_nobody_has_no_score(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    draft, answers = make_records.visit_answers(laptop.session, unit.uid, "2026-11-20")
    assert score_of_draft(laptop.session, replace(draft, answers={**answers, "met": "tidak_ada_orang"})) is None


def test_a_later_visit_says_nothing_about_an_earlier_one(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    first = make_records.record_visit(laptop.session, unit.uid, "2026-10-20")
    before = score_of_fact(laptop.session, first)
    make_records.record_visit(laptop.session, unit.uid, "2026-11-20", revenue_idr=1_000_000)
    assert score_of_fact(laptop.session, first) == before


def test_the_lowest_indicators_are_the_two_worst_that_were_answered(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    draft, answers = make_records.visit_answers(laptop.session, unit.uid, "2026-11-20", days_open=1, days_planned=25)
    found = score_of_draft(laptop.session, replace(draft, answers=answers))
    assert found is not None
    levels = sorted(one.level for one in found.score.indicators if one.level is not None)
    assert [one.level for one in found.lowest] == levels[:2]
    assert "B1" in [one.code for one in found.lowest]


def test_a_unit_that_is_not_here_leaves_its_capital_unanswered(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    draft, answers = make_records.visit_answers(laptop.session, unit.uid, "2026-11-20")
    found = score_of_draft(laptop.session, replace(draft, subject_uid="tidak-ada", answers=answers))
    assert found is not None
    assert found.score.level("A3") is None


def test_decimals_are_short_text() -> None:
    assert [decimal_text(one) for one in (Fraction(45, 4), Fraction(1), Fraction(2, 3))] == ["11.25", "1", "0.667"]
