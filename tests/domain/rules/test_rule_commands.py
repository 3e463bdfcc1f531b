"""`kube-field score`, `suggest` and `schedule`: answers by the handbook's names in, every explaining line out."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kube_field.cli_rules import run_rule
from kube_field.domain.rules.reading import family_of, visit_figures
from kube_field.domain.rules.recommendation import advise
from kube_field.domain.rules.score import score_of
from kube_field.reference import load_reference

VISIT = {
    "owner_kind": "person",
    "visited_on": "2026-07-01",
    "met": "penerima",
    "business_status": "berjalan_baik",
    "period_from": "2026-06-02",
    "period_to": "2026-07-01",
    "revenue_idr": 3_600_000,
    "cost_material_idr": 2_000_000,
    "cost_labor_idr": 0,
    "cost_transport_idr": 300_000,
    "cost_rent_utilities_idr": 220_000,
    "cost_other_idr": 0,
    "cash_idr": 900_000,
    "stock_idr": 800_000,
    "receivable_idr": 150_000,
    "payable_idr": 0,
    "days_open": 24,
    "days_planned": 26,
    "asset_checks": [{"id": "1", "condition": "baik"}, {"id": "2", "condition": "baik"},
                     {"id": "3", "condition": "rusak_ringan"}, {"id": "4", "condition": "hilang", "struck": "salah"}],
    "channels": ["langsung", "titip_warung"],
    "bookkeeping_level": 3,
    "savings_habit": "irregular",
    "hh_income_sample": [{"id": "1", "income_month_idr": 3_400_000, "household_size": 4}],
    "debt_instalment_month_idr": 0,
}  # fmt: skip
UNIT = {"village_code": "64.02.12.2002", "working_capital_base_idr": 2_000_000, "handover_on": "2026-04-01"}
ASSESSMENT = {
    "subject_kind": "person",
    "own_capital_idr": 0,
    "spaces": ["dapur", "kios"],
    "cold_storage": False,
    "skills": [{"skill_code": "memasak", "level": "experienced"}, {"skill_code": "berdagang", "level": "basic"},
               {"skill_code": "memasak", "level": "basic"}],
    "demand": [{"market": "sekolah", "level": 3}, {"market": "tetangga", "level": 2}],
    "raw": [{"material": "pangan_pasar", "level": 2}, {"material": "grosir", "level": 2}],
    "competitors": [{"idea_code": "GORENGAN", "count": 2}, {"idea_code": "SEMBAKO", "count": 7}],
    "hours_available": "5",
    "caregiver": True,
    "limited_strength": False,
    "income_spouse_idr": 0,
    "income_others_idr": 0,
    "remittance_idr": 0,
    "interests": [{"rank": 1, "idea_code": "GORENGAN"}, {"rank": 2, "idea_code": "KUE_BASAH"},
                  {"rank": 3, "idea_code": "SEMBAKO"}],
}  # fmt: skip
HOUSEHOLD = {"electricity": "dasar", "water": "bersih", "flood_prone": False}


def ask(command: str, *requests: Any) -> tuple[int, list[dict[str, Any]]]:
    said: list[dict[str, Any]] = []
    lines = "\n".join(one if isinstance(one, str) else json.dumps(one) for one in requests)
    code = run_rule(command, io.StringIO(lines), said.append)
    return code, json.loads(json.dumps(said))


def test_a_score_explains_every_point():
    earlier = [{**VISIT, "visited_on": f"2026-0{month}-01", "revenue_idr": 3_400_000} for month in (5, 6)]
    code, (answer,) = ask("score", {"visit": VISIT, "unit": UNIT, "earlier": earlier})
    assert (code, answer["ok"], answer["rules_version"]) == (0, True, "2026.1")
    levels = {one["code"]: one["level"] for one in answer["indicators"]}
    assert levels == {
        "A1": 4, "A2": 3, "A3": 3, "B1": 4, "B2": 3, "B3": 3, "C1": 3, "C3": 2, "D1": levels["D1"], "D2": 4,
    }  # fmt: skip
    assert sum(float(one["points"]) for one in answer["indicators"]) <= 95
    assert all(one["words"] for one in answer["indicators"])
    assert (answer["coverage"], answer["status"], answer["final_status"], answer["flags"]) == (
        "1", "healthy", "healthy", [],
    )  # fmt: skip


def test_a_visit_at_which_nobody_was_met_has_no_score():
    _code, (answer,) = ask("score", {"visit": {**VISIT, "met": "tidak_ada_orang"}, "unit": UNIT})
    assert answer["scored"] is False


def test_flags_say_what_to_do():
    _code, (answer,) = ask("score", {"visit": {**VISIT, "business_status": "berhenti"}, "unit": UNIT})
    assert [flag["code"] for flag in answer["flags"]] == ["F1"]
    assert (answer["final_status"], answer["flags"][0]["floor"]) == ("critical", "critical")
    assert answer["flags"][0]["action"]


def test_suggestions_come_as_in_the_handbook():
    request = {"assessment": ASSESSMENT, "household": HOUSEHOLD, "aid_idr": 5_000_000, "age": 38}
    code, (answer,) = ask("suggest", request)
    assert code == 0
    told = [(one["code"], one["points"]) for one in answer["suggestions"][:5]]
    assert told == [("GORENGAN", 95), ("SARAPAN", 88), ("MINUMAN", 83), ("KUE_BASAH", 78), ("WARUNG_KOPI", 71)]
    assert all(sum(line["points"] for line in one["lines"]) == one["points"] for one in answer["suggestions"])
    assert all(one["reasons"] for one in answer["excluded"])


def test_a_schedule_with_what_was_visited():
    request = {"handover_on": "2026-02-10", "visits": ["2026-02-24"], "today": "2026-03-12", "status": "critical"}
    code, (answer,) = ask("schedule", request)
    assert code == 0
    assert answer["plan"][0] == {"no": 1, "on": "2026-02-24", "fulfilled_by": "2026-02-24"}
    assert (answer["next"]["on"], answer["next"]["state"]) == ("2026-03-10", "due")


@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("score", "{"), ("score", "[]"), ("score", {}), ("score", {"visit": 3}), ("score", {"visit": {}, "earlier": 1}),
        ("suggest", {"assessment": {}, "household": {}}), ("suggest", {"assessment": ASSESSMENT}),
        ("suggest", {"assessment": ASSESSMENT, "household": {}, "assisted": {"LELE": "dua"}}),
        ("schedule", {}), ("schedule", {"handover_on": "besok"}), ("schedule", {"handover_on": "2026-02-30"}),
        ("schedule", {"handover_on": "2026-02-10", "visits": "2026-02-10"}),
        ("schedule", {"handover_on": "2026-02-10", "visit_plan_code": "lama"}),
        ("schedule", {"handover_on": "9999-12-30"}), ("schedule", {"handover_on": "0001-01-01"}),
        ("schedule", {"handover_on": "2026-02-10", "visits": ["9999-12-31"], "status": "critical"}),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_understood_leaves_the_others_alone(command: str, line: Any):
    good = {
        "score": {"visit": VISIT, "unit": UNIT},
        "suggest": {"assessment": ASSESSMENT, "household": HOUSEHOLD, "aid_idr": 5_000_000},
        "schedule": {"handover_on": "2026-02-10", "today": "2026-03-12"},
    }[command]
    code, answers = ask(command, line, good)
    assert code == 3
    assert [answer["ok"] for answer in answers] == [False, True]
    assert answers[0]["line"] == 1
    assert answers[0]["errors"][0]["message"]


def test_a_bad_line_is_named_by_its_place_in_the_file():
    good = {"handover_on": "2026-02-10", "today": "2026-03-12"}
    code, answers = ask("schedule", good, "", "   ", "{", good)
    assert code == 3
    assert [answer.get("line") for answer in answers] == [None, 4, None]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**12) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted(VISIT)), json_values))
def test_whatever_stands_in_a_visit_the_score_comes_out(changes: dict[str, Any]):
    figures = visit_figures(VISIT | changes, capital_base_idr=2_000_000, poverty_line_idr=900_000)
    score = score_of(figures)
    assert score.total is None or 0 <= score.total <= 100


@given(st.dictionaries(st.sampled_from(sorted(ASSESSMENT)), json_values))
def test_whatever_stands_in_an_assessment_the_suggestions_come_out(changes: dict[str, Any]):
    family = family_of(ASSESSMENT | changes, HOUSEHOLD, aid_idr=5_000_000)
    found = advise(family, load_reference().ideas)
    assert all(0 <= one.points <= 100 for one in found.suggestions)
