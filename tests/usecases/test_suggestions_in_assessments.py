"""Suggested businesses inside the assessment: the handbook's worked example through the form, frozen when final."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kube_field.domain.records import Draft, Fact, Record, RecordKind
from kube_field.domain.rules import RULES_VERSION
from kube_field.domain.rules.recommendation import Advice
from kube_field.usecases.assessments import begin_assessment
from kube_field.usecases.drafts import begin_draft, evaluate_draft, save_draft
from kube_field.usecases.finalise import commit_draft
from tests.support import make_answers, make_records
from tests.support.laptop import Laptop

WIDOW: dict[str, Any] = {
    "hours_available": "5",
    "caregiver": True,
    "income_spouse_idr": 0,
    "income_others_idr": 0,
    "remittance_idr": 0,
    "skills": [
        {"id": "k1", "skill_code": "memasak", "level": "experienced"},
        {"id": "k2", "skill_code": "berdagang", "level": "basic"},
    ],
    "own_capital_idr": 0,
    "planned_aid_idr": 5_000_000,
    "spaces": ["dapur", "kios"],
    "demand": [{"id": "m1", "market": "sekolah", "level": 3}, {"id": "m2", "market": "tetangga", "level": 2}],
    "raw": [{"id": "b1", "material": "pangan_pasar", "level": 2}, {"id": "b2", "material": "grosir", "level": 2}],
    "competitors": [
        {"id": "p1", "idea_code": "GORENGAN", "count": 2},
        {"id": "p2", "idea_code": "SEMBAKO", "count": 7},
    ],
    "interests": [
        {"id": "i1", "rank": 1, "idea_code": "GORENGAN"},
        {"id": "i2", "rank": 2, "idea_code": "KUE_BASAH"},
        {"id": "i3", "rank": 3, "idea_code": "SEMBAKO"},
    ],
    "refuse": None,
}
FIVE = [("GORENGAN", 95), ("SARAPAN", 88), ("MINUMAN", 83), ("KUE_BASAH", 78), ("WARUNG_KOPI", 71)]


@pytest.fixture
def widow(laptop: Laptop) -> Record:
    return make_records.register_person(laptop.session, 18)


def filled(laptop: Laptop, subject: Record, **changes: Any) -> Draft:
    draft = begin_assessment(laptop.session, subject_uid=subject.uid)
    answers = make_answers.complete_assessment(**{**WIDOW, **changes})
    own = {code: draft.answers[code] for code in ("subject_kind", "subject_id", "staff", "respondent")}
    return save_draft(laptop.session, draft=draft, answers={**answers, **own})


def advice_of(laptop: Laptop, draft: Draft) -> Advice:
    found = evaluate_draft(laptop.session, draft=draft).computed["suggestions"]
    assert isinstance(found, Advice)
    return found


def final(laptop: Laptop, draft: Draft) -> Fact:
    stored = make_records.commit_saved(laptop.session, draft)
    assert isinstance(stored, Fact)
    return stored


def test_the_worked_example_comes_out_of_the_form(laptop: Laptop, widow: Record) -> None:
    found = advice_of(laptop, filled(laptop, widow))
    assert [(one.idea.code, one.points) for one in found.best] == FIVE
    assert next(one.points for one in found.suggestions if one.idea.code == "SEMBAKO") == 58


def test_the_best_one_is_proposed_and_may_be_taken(laptop: Laptop, widow: Record) -> None:
    proposed = evaluate_draft(laptop.session, draft=filled(laptop, widow, chosen_idea=None)).proposed["chosen_idea"]
    assert (proposed.value, proposed.words) == ("GORENGAN", "nilai 95, sangat sesuai")


@pytest.mark.parametrize("code", ["planned_aid_idr", "spaces", "skills", "hours_available"])
def test_nothing_is_suggested_before_enough_is_answered(laptop: Laptop, widow: Record, code: str) -> None:
    judged = evaluate_draft(laptop.session, draft=filled(laptop, widow, **{code: None}))
    assert judged.computed["suggestions"] is None
    assert "chosen_idea" not in judged.proposed


def test_units_of_the_programme_in_the_village_count_as_competition(laptop: Laptop, widow: Record) -> None:
    draft = filled(laptop, widow)
    batch = make_records.make_batch(laptop.session)
    shared = {"batch_id": {"uid": batch.uid, "name": "KUBE"}, "idea_code": "GORENGAN"}
    for n in (3, 4):
        make_records.make_unit(laptop.session, make_records.register_person(laptop.session, n), **shared)
    make_records.make_unit(laptop.session, widow, **shared)
    best = next(one for one in advice_of(laptop, draft).suggestions if one.idea.code == "GORENGAN")
    market = next(line for line in best.lines if line.part == "Pasar")
    assert market.points == 9, "four like businesses: two told, two of the programme; her own does not count"
    assert "2 penerima lain di desa ini sudah menjalankan usaha sejenis" in market.words


def test_a_stopped_unit_is_no_competition(laptop: Laptop, widow: Record) -> None:
    batch = make_records.make_batch(laptop.session)
    stopped = {"batch_id": {"uid": batch.uid, "name": "KUBE"}, "idea_code": "GORENGAN", "status": "berhenti"}
    make_records.make_unit(laptop.session, make_records.register_person(laptop.session, 3), **stopped)
    assert [(one.idea.code, one.points) for one in advice_of(laptop, filled(laptop, widow)).best] == FIVE


def test_an_idea_outside_the_five_is_allowed_and_told(laptop: Laptop, widow: Record) -> None:
    draft = filled(laptop, widow, chosen_idea="SEMBAKO", chosen_reason="Mertua punya kios di depan rumah.")
    told = [one.message for one in evaluate_draft(laptop.session, draft=draft).findings if one.code == "CHOSEN_OUTSIDE"]
    assert told == ["Di luar lima saran teratas (nilai 58). Alasannya dicetak pada formulir."]
    assert final(laptop, draft).snapshot["recommendation"]["override"] is True


def test_an_excluded_idea_is_warned_about_with_its_reasons(laptop: Laptop, widow: Record) -> None:
    draft = filled(laptop, widow, chosen_idea="LELE")
    told = [
        one.message for one in evaluate_draft(laptop.session, draft=draft).findings if one.code == "CHOSEN_EXCLUDED"
    ]
    assert told == ["Tidak disarankan: Tempat yang diperlukan (pekarangan) tidak tersedia."]


def test_a_reason_of_nine_letters_is_too_short(laptop: Laptop, widow: Record) -> None:
    draft = filled(laptop, widow, chosen_idea="SEMBAKO", chosen_reason="Sembilan9")
    assert "chosen_reason" in [one.question for one in evaluate_draft(laptop.session, draft=draft).errors]


def test_the_suggestions_are_frozen_with_inputs_and_every_line(laptop: Laptop, widow: Record) -> None:
    fact = final(laptop, filled(laptop, widow))
    frozen = fact.snapshot["recommendation"]
    assert frozen["rules_version"] == RULES_VERSION
    assert [(one["code"], one["points"]) for one in frozen["suggestions"]] == FIVE
    assert all(sum(line["points"] for line in one["lines"]) == one["points"] for one in frozen["suggestions"])
    assert len(frozen["excluded"]) + 5 <= 27
    assert {one["code"] for one in frozen["excluded"]} >= {"LELE", "JAHIT"}
    inputs = frozen["inputs"]
    assert (inputs["capital_idr"], inputs["hours"], inputs["electricity"]) == (5_000_000, "5", "dasar")
    assert inputs["competitors"] == {"GORENGAN": 2, "SEMBAKO": 7}
    assert frozen["override"] is False
    stored = laptop.store.facts.get(fact.uid)
    assert stored is not None
    assert stored.snapshot["recommendation"] == frozen


def test_what_was_frozen_stays_when_the_family_changes(laptop: Laptop, widow: Record) -> None:
    fact = final(laptop, filled(laptop, widow))
    home = str(widow.answers["household_id"]["uid"])
    edit = begin_draft(laptop.session, kind=RecordKind.HOUSEHOLD, record_uid=home)
    saved = save_draft(laptop.session, draft=edit, answers={**edit.answers, "electricity": "none", "water": "none"})
    make_records.commit_saved(laptop.session, saved)
    stored = laptop.store.facts.get(fact.uid)
    assert stored is not None
    assert [(one["code"], one["points"]) for one in stored.snapshot["recommendation"]["suggestions"]] == FIVE


def test_an_assessment_of_the_first_version_stays_one(laptop: Laptop, widow: Record) -> None:
    older = replace(filled(laptop, widow), form_version="2026.1")
    laptop.store.save_draft(older)
    judged = evaluate_draft(laptop.session, draft=older)
    assert "suggestions" not in judged.computed
    fact = commit_draft(laptop.session, draft_uid=older.uid)
    assert isinstance(fact, Fact)
    assert fact.form_version == "2026.1"
    assert "recommendation" not in fact.snapshot
    assert "planned_aid_idr" not in fact.answers


def test_an_assessment_without_planned_aid_is_whole_and_says_why_nothing_is_suggested(
    laptop: Laptop, widow: Record
) -> None:
    draft = filled(laptop, widow, planned_aid_idr=None)
    judged = evaluate_draft(laptop.session, draft=draft)
    assert judged.errors == ()
    assert "NO_SUGGESTIONS" in [one.code for one in judged.findings]
    assert "recommendation" not in final(laptop, draft).snapshot


def test_a_group_tells_electricity_and_water_of_its_own_place(laptop: Laptop) -> None:
    group = make_records.make_group(laptop.session, members=3)
    draft = begin_assessment(laptop.session, subject_uid=group.uid)
    assert draft.answers["planned_aid_idr"] == 20_000_000, "what the programme gives each unit"
    coast: dict[str, Any] = {
        "spaces": ["dapur", "tepi_air"],
        "skills": [{"id": "k1", "skill_code": "olahan_ikan", "level": "experienced"}],
        "demand": [{"id": "m1", "market": "pasar", "level": 3}, {"id": "m2", "market": "pengepul", "level": 3}],
        "raw": [{"id": "b1", "material": "ikan", "level": 3}],
        "interests": [{"id": "i1", "rank": 1, "idea_code": "IKAN_ASIN"}],
        "chosen_idea": "IKAN_ASIN",
        "electricity": "none",
        "hours_available": "6",
    }
    answers = {**make_answers.complete_assessment("group", **coast), **draft.answers, "skills": coast["skills"]}
    saved = save_draft(laptop.session, draft=draft, answers=answers)
    found = advice_of(laptop, saved)
    assert found.best[0].idea.code == "IKAN_ASIN"
    against = {one.idea.code: [code for code, _words in one.reasons] for one in found.excluded}
    assert "E2" in against["AMPLANG"]
    assert final(laptop, saved).snapshot["recommendation"]["inputs"]["scheme"] == "group"
