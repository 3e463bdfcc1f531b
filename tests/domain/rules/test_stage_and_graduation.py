"""The stage of a KUBE and the graduation proposal: both sides of every threshold, nothing unexplained."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kube_field.domain.rules.flags import Flag
from kube_field.domain.rules.graduation import Candidate, proposal_of
from kube_field.domain.rules.score import Status, VisitFigures, score_of
from kube_field.domain.rules.stage import CODES, CRITERIA, GroupData, Stage, proposals, stage_of, stage_words
from tests.domain.rules.test_score_thresholds import BASE

BEST = replace(BASE, income_ratio=Fraction(1), bookkeeping_level=3, iks_level=3, members_active=16)


def judged(tumbuh: int, berkembang: int, maju: int) -> dict[str, bool]:
    """So many criteria of each stage met, the others not."""
    counts = dict(zip(CRITERIA, (tumbuh, berkembang, maju), strict=True))
    return {
        f"{stage}_{'abcdef'[at]}": at < counts[stage] for stage, texts in CRITERIA.items() for at in range(len(texts))
    }


@pytest.mark.parametrize(
    ("met", "stage"),
    [
        ((4, 5, 6), "persiapan"), ((5, 3, 6), "tumbuh"), ((5, 4, 4), "berkembang"), ((5, 4, 5), "maju"),
        ((6, 5, 6), "maju"), ((0, 0, 0), "persiapan"),
    ],
)  # fmt: skip
def test_a_stage_stands_on_the_one_before(met: tuple[int, int, int], stage: str):
    assert stage_of(judged(*met)).stage == stage


def test_there_are_seventeen_criteria_and_what_nobody_judged_is_listed():
    assert len(CODES) == 17
    found = stage_of({"tumbuh_a": True, "tumbuh_b": None})
    assert len(found.open) == 16
    assert stage_words(found) == "Persiapan (Tumbuh 1/6, Berkembang 0/5, Maju/Mandiri 0/6)."


def test_the_data_propose_what_they_can_speak_about():
    visits = [replace(BASE, cost_idr=cost) for cost in (700_000, 650_000, 600_000)]
    data = GroupData(
        has_pendamping=True,
        trained=True,
        officers_filled=True,
        has_accepted_bast=True,
        has_signboard=True,
        business_status="berjalan_lambat",
        channels=("lembaga",),
        visits=visits,
        scores=[score_of(visit) for visit in visits],
    )
    assert set(proposals(data).values()) == {True}
    assert set(proposals(GroupData()).values()) == {False}
    assert set(proposals(data)) < set(CODES)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"visits": [replace(BASE, cost_idr=cost) for cost in (700_000, 700_000, 600_000)]}, "maju_a"),
        ({"visits": [BASE, BASE, replace(BASE, iks_level=3)]}, "maju_b"),
        ({"visits": [BASE, BASE, replace(BASE, bookkeeping_level=3)]}, "maju_c"),
        ({"visits": [BASE, BASE, replace(BASE, cost_idr=1_000_000)]}, "berkembang_b"),
        ({"scores": [score_of(replace(BASE, revenue_idr=949_999))] * 3}, "maju_f"),
        ({"scores": [score_of(BASE)] * 2}, "maju_f"),
    ],
)
def test_the_data_do_not_propose_what_is_not_so(change: dict[str, Any], code: str):
    assert proposals(GroupData(**{"visits": [BASE] * 3, "scores": [score_of(BASE)] * 3} | change))[code] is False


def candidate(**changes: Any) -> Candidate:
    visit = changes.pop("visit", BEST)
    base: dict[str, Any] = {
        "owner_kind": "group",
        "days_since_handover": 365,
        "visits": [visit] * 3,
        "scores": [score_of(visit)] * 3,
        "finals": [Status.HEALTHY] * 3,
        "stage": Stage.BERKEMBANG,
    }
    return Candidate(**base | changes)


def missing(unit: Candidate) -> list[str]:
    return [one.code for one in proposal_of(unit).criteria if not one.is_met]


def test_a_unit_that_meets_everything():
    found = proposal_of(candidate())
    assert (found.is_ready, found.words) == (True, "Memenuhi 8 dari 8 syarat.")


def test_a_person_is_not_asked_about_members():
    assert [one.code for one in proposal_of(candidate(owner_kind="person")).criteria] == [f"G{n}" for n in range(1, 8)]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"days_since_handover": 364}, ["G1"]),
        ({"days_since_handover": None}, ["G1"]),
        ({"finals": [Status.WATCH, Status.HEALTHY, Status.HEALTHY]}, ["G2"]),
        ({"finals": [Status.WATCH, *[Status.HEALTHY] * 3]}, []),
        ({"visits": [BEST] * 2, "finals": [Status.HEALTHY] * 2}, ["G2", "G3"]),
        ({"visits": [replace(BEST, cost_idr=1_000_000), BEST, BEST]}, ["G3"]),
        ({"visits": [replace(BEST, income_ratio=Fraction(99, 100)), BEST, BEST]}, []),
        ({"visits": [BEST, replace(BEST, income_ratio=Fraction(99, 100)), BEST]}, ["G4"]),
        ({"visit": replace(BEST, cash_idr=799_999)}, ["G5"]),
        ({"visit": replace(BEST, cash_idr=800_000)}, []),
        ({"visit": replace(BEST, bookkeeping_level=2)}, ["G6"]),
        ({"flags": [Flag("F5", Status.AT_RISK, ".", ".")]}, ["G7"]),
        ({"flags": [Flag("F7", Status.WATCH, ".", ".")]}, []),
        ({"severities": [1, 2]}, []),
        ({"severities": [3]}, ["G7"]),
        ({"visit": replace(BEST, members_active=15)}, ["G8"]),
        ({"visit": replace(BEST, iks_level=2)}, ["G8"]),
        ({"stage": Stage.TUMBUH}, ["G8"]),
        ({"stage": Stage.MAJU}, []),
    ],
)
def test_what_is_missing_for_graduation(changes: dict[str, Any], expected: list[str]):
    assert missing(candidate(**changes)) == expected


def test_what_is_missing_is_said():
    words = proposal_of(candidate(days_since_handover=1)).words
    assert words == "Memenuhi 7 dari 8 syarat. Belum: sedikitnya 365 hari sejak BAST pertama."


@given(st.dictionaries(st.sampled_from(CODES), st.none() | st.booleans()))
def test_one_more_criterion_never_lowers_the_stage(answers: dict[str, bool | None]):
    order = list(Stage)
    now = stage_of(answers)
    for code in CODES:
        assert order.index(stage_of(answers | {code: True}).stage) >= order.index(now.stage)
    assert set(now.open) == {code for code in CODES if answers.get(code) is None}


def test_a_unit_without_visits_has_nothing_but_words():
    found = proposal_of(Candidate(owner_kind="group", days_since_handover=None))
    assert not found.is_ready
    assert all(one.words for one in found.criteria)
    assert VisitFigures(owner_kind="group").profit_idr is None
