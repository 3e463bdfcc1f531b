"""The fictional sample goes in through the real use cases and says what its files say (handbook 11)."""

import io
import json
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest

from kube_field.cli_rules import run_rule
from kube_field.domain.forms.declaration import Context
from kube_field.domain.forms.visit_computed import profit, total_cost, working_capital
from kube_field.domain.records import RecordKind, Role
from kube_field.reference import read_table
from kube_field.usecases import views
from kube_field.usecases.ports import Wiring
from kube_field.usecases.received_aid import standing_minutes
from kube_field.usecases.sample_data import SAMPLE_AREAS, load_sample
from tests.support.laptop import make_laptop


def session_for(laptop):
    def at(role, instant):
        laptop.clock.at = instant
        session = laptop.session if role == Role.PENDAMPING else laptop.as_role(role)
        return replace(session, wiring=Wiring(now=laptop.clock.now, new_id=laptop.new_id))

    return at


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    with make_laptop(tmp_path_factory.mktemp("sample"), areas=SAMPLE_AREAS) as laptop:
        sample = load_sample(session_for(laptop))
        laptop.clock.set_day("2026-11-23")
        yield laptop, sample


def test_everything_of_the_files_is_there(loaded):
    laptop, sample = loaded
    counts = {name: len(getattr(sample, name)) for name in ("people", "households", "groups", "units", "visits")}
    assert counts == {"people": 31, "households": 31, "groups": 3, "units": 6, "visits": 21}
    assert laptop.store.listings.count_people(views.PersonFilter()) == 31
    assert laptop.store.drafts.listed() == []
    assert [len(laptop.store.listings.members(uid)) for uid in sample.groups.values()] == [10, 10, 5]


def test_visits_carry_the_figures_of_the_file(loaded):
    laptop, sample = loaded
    context = Context(laptop.session.today())
    for row in read_table("sample", "sample_visits.csv"):
        fact = laptop.store.facts.get(sample.visits[row["visit_key"]])
        answers = fact.answers
        assert (answers["revenue_idr"], total_cost(answers, context)) == (int(row["revenue"]), int(row["cost"]))
        assert profit(answers, context) == int(row["revenue"]) - int(row["cost"])
        held = int(row["cash"]) + int(row["stock"]) + int(row["recv"]) - int(row["payab"])
        assert working_capital(answers, context) == held
        assert len([code for code in answers["channels"] if code != "none"]) == int(row["channels"])
        assert (fact.occurred_on, answers["bookkeeping_level"]) == (row["visit_date"], int(row["bookkeeping"]))


def test_every_visit_froze_the_score_of_the_file(loaded):
    """Levels, coverage, score, status, flags and final status of all 21, as the officer's laptop keeps them."""
    laptop, sample = loaded
    for row in read_table("sample", "sample_visits.csv"):
        frozen = laptop.store.facts.get(sample.visits[row["visit_key"]]).snapshot["score"]
        wanted = {code: level for code, level in (pair.split("=") for pair in row["exp_levels"].split())}
        levels = {one["code"]: "-" if one["level"] is None else str(one["level"]) for one in frozen["indicators"]}
        assert levels == {code: level for code, level in wanted.items() if level != "NA"}, row["visit_key"]
        assert abs(Decimal(frozen["coverage"]) - Decimal(row["exp_coverage"])) < Decimal("0.001")
        assert (frozen["total"], frozen["status"]) == (int(row["exp_score"]), row["exp_score_status"])
        assert [flag["code"] for flag in frozen["flags"]] == row["exp_flags"].split()
        assert frozen["final_status"] == row["exp_final_status"]


def test_family_income_has_the_ratio_of_the_file(loaded):
    laptop, sample = loaded
    for row in read_table("sample", "sample_visits.csv"):
        fact = laptop.store.facts.get(sample.visits[row["visit_key"]])
        line = fact.snapshot["poverty_line"]["amount_idr"]
        for one in fact.answers["hh_income_sample"]:
            if row["hh_ratio"]:
                wanted = float(row["hh_ratio"]) * line * one["household_size"]
                assert abs(one["income_month_idr"] - wanted) <= 0.5 + 1e-6
            else:
                assert one["income_month_idr"] == "tidak_tahu"


def test_the_visits_of_a_unit_are_numbered_in_the_order_of_their_days(loaded):
    laptop, sample = loaded
    numbers = [laptop.store.facts.get(sample.visits[f"K{n:02d}"]).answers["visit_no"] for n in range(1, 7)]
    assert numbers == [1, 2, 3, 4, 5, 6]
    documents = {laptop.store.facts.get(uid).number for uid in sample.visits.values()}
    assert len(documents) == 21


def test_the_training_has_two_sessions_with_attendance(loaded):
    laptop, sample = loaded
    facts = laptop.store.facts.of_subject(sample.trainings[0], RecordKind.ATTENDANCE)
    assert Counter(fact.answers["session_no"] for fact in facts) == {1: 10, 2: 10}
    assert Counter(fact.answers["status"] for fact in facts) == {"hadir": 17, "izin": 2, "tanpa_kabar": 1}


def test_everything_waits_to_be_sent(loaded):
    laptop, sample = loaded
    waiting = {row.uid for row in laptop.store.queue.rows()}
    assert {*sample.people.values(), *sample.visits.values(), *sample.units.values()} <= waiting


def test_names_are_fictional_and_niks_have_a_serial_of_99(loaded):
    laptop, sample = loaded
    for uid in sample.people.values():
        assert laptop.store.records.get(uid).answers["nik"][12:14] == "99"


def test_the_three_single_women_were_assessed_before_their_handover(loaded):
    laptop, sample = loaded
    assert list(sample.assessments) == ["P26", "P27", "P28"]
    for unit_key, person_key in (("U4", "P26"), ("U5", "P27"), ("U6", "P28")):
        fact = laptop.store.facts.get(sample.assessments[person_key])
        unit = laptop.store.records.get(sample.units[unit_key])
        assert fact.subject_uid == sample.people[person_key]
        assert fact.occurred_on < unit.answers["handover_on"]
        assert fact.answers["chosen_idea"] == unit.answers["idea_code"]
        assert (
            unit.answers["baseline_income_idr"] == fact.answers["income_main_idr"] + fact.answers["income_others_idr"]
        )
    everyone = laptop.store.facts.of_kind(RecordKind.ASSESSMENT)
    assert len(everyone) == 3
    assert {key for fact in everyone for key in fact.confirmed} == {"respondent:NAME_SINGLE_LETTER"}


def test_every_unit_received_what_the_file_says_by_minutes(loaded):
    """One unit's minutes wait for a word still: its visits do not know its first capital."""
    laptop, sample = loaded
    rows = read_table("sample", "sample_units.csv")
    assert list(sample.minutes) == [row["unit_key"] for row in rows]
    for row in rows:
        (minutes,) = standing_minutes(laptop.session, sample.units[row["unit_key"]])
        assert (minutes.handover_on, minutes.total_idr) == (row["handover_date"], int(row["aid_value_idr"]))
        assert minutes.is_accepted == (row["unit_key"] != "U6")
        missing = ["Rak, 1 paket", "Timbangan, 1 paket", "Etalase, 1 paket"] if row["unit_key"] == "U6" else []
        assert minutes.fact.snapshot["not_handed"] == missing
        for code in ("received_by", "signature_recipient", "conditions_read"):
            assert minutes.fact.answers[code]


def test_visits_look_at_the_tools_of_the_minutes(loaded):
    laptop, sample = loaded
    for row in read_table("sample", "sample_visits.csv"):
        checked = laptop.store.facts.get(sample.visits[row["visit_key"]]).answers.get("asset_checks") or []
        (minutes,) = standing_minutes(laptop.session, sample.units[row["unit_key"]])
        assert [one["name"] for one in checked] == [one["name"] for one in minutes.items if one["kind"] == "alat"]


def test_the_command_line_gives_the_score_of_the_file_for_every_visit(loaded):
    """`kube-field score` with the sample's own answers, broken lines between them."""
    laptop, sample = loaded
    rows = sorted(read_table("sample", "sample_visits.csv"), key=lambda row: row["visit_date"])
    units = {row["unit_key"]: row for row in read_table("sample", "sample_units.csv")}
    earlier: dict[str, list] = {key: [] for key in units}
    lines = []
    for row in rows:
        fact = laptop.store.facts.get(sample.visits[row["visit_key"]])
        unit = laptop.store.records.get(sample.units[row["unit_key"]]).answers
        known = {"village_code": unit["village_code"], "handover_on": unit["handover_on"]}
        capital = {"working_capital_base_idr": int(row["wc_base"])} if row["wc_base"] else {}
        told = {"visit": fact.answers, "unit": known | capital, "earlier": list(earlier[row["unit_key"]])}
        lines += [json.dumps(told), "{ini bukan JSON"]
        earlier[row["unit_key"]].append(fact.answers)
    said: list[dict] = []
    assert run_rule("score", io.StringIO("\n".join(lines)), said.append) == 3
    assert [one["errors"][0]["code"] for one in said[1::2]] == ["JSON"] * len(rows)
    for row, answer in zip(rows, said[::2], strict=True):
        assert (answer["total"], answer["status"]) == (int(row["exp_score"]), row["exp_score_status"]), row["visit_key"]
        assert answer["final_status"] == row["exp_final_status"]
        assert [flag["code"] for flag in answer["flags"]] == row["exp_flags"].split()
