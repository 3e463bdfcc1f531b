"""Scores of visits by what lies on the laptop: earlier visits, the unit's capital, the poverty line of the day."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from kube_field.domain.records import RecordKind
from kube_field.domain.rules import RULES_VERSION
from kube_field.domain.rules.score import WEIGHTS, Status
from kube_field.domain.rules.telling import decimal_text
from kube_field.usecases.drafts import begin_draft, save_draft
from kube_field.usecases.scoring import frozen_score, score_of_draft, score_of_fact
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


def test_finalising_freezes_the_score_with_every_line(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    stopped = {"business_status": "berhenti_sementara", "stop_reason": ["modal_habis"]}
    fact = make_records.record_visit(laptop.session, unit.uid, "2026-11-20", **stopped)
    frozen = fact.snapshot["score"]
    found = score_of_fact(laptop.session, fact)
    assert found is not None
    assert frozen == frozen_score(found)
    assert (frozen["rules_version"], frozen["final_status"]) == (RULES_VERSION, "at_risk")
    assert [line["code"] for line in frozen["indicators"]] == list(WEIGHTS)
    assert sum(Fraction(line["points"]) for line in frozen["indicators"]) == found.score.points
    assert frozen["flags"][0]["sentence"] == "Usaha berhenti."
    stored = laptop.store.facts.get(fact.uid)
    assert stored is not None
    assert stored.snapshot["score"] == frozen


def test_what_was_frozen_stays_when_the_unit_changes(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    fact = make_records.record_visit(laptop.session, unit.uid, "2026-11-20")
    edit = begin_draft(laptop.session, kind=RecordKind.BUSINESS_UNIT, record_uid=unit.uid)
    changed = {**edit.answers, "working_capital_base_idr": 90_000_000}
    make_records.commit_saved(laptop.session, save_draft(laptop.session, draft=edit, answers=changed))
    stored = laptop.store.facts.get(fact.uid)
    assert stored is not None
    assert stored.sha256 == fact.sha256
    assert stored.snapshot["score"]["inputs"]["working_capital_base_idr"] == unit.answers["working_capital_base_idr"]


def test_a_visit_that_met_nobody_freezes_no_score(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    fact = make_records.record_visit(laptop.session, unit.uid, "2026-11-20", met="tidak_ada_orang")
    assert "score" not in fact.snapshot
