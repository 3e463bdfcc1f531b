"""Visits of two versions on one laptop: drafts of the first stay what they were, the second freezes more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kube_field.domain.records import Draft, Fact
from kube_field.domain.rules.stage import CODES
from kube_field.usecases.drafts import evaluate_draft, previous_answers, save_draft
from kube_field.usecases.finalise import correct_document
from kube_field.usecases.papers import document_paper
from kube_field.usecases.scoring import score_of_draft
from kube_field.usecases.visits import begin_visit
from tests.support import make_records
from tests.support.laptop import Laptop
from tests.support.read_papers import paper_text

MET = {code: True for code in CODES if code.startswith("tumbuh")}


def visit_of_version(laptop: Laptop, unit_uid: str, day: str, version: str, **changes: Any) -> Fact:
    draft, answers = make_records.visit_answers(laptop.session, unit_uid, day, **changes)
    older = replace(draft, form_version=version)
    laptop.store.save_draft(older)
    stored = make_records.commit_saved(laptop.session, save_draft(laptop.session, draft=older, answers=answers))
    assert isinstance(stored, Fact)
    return stored


def test_new_visits_are_begun_in_the_newest_version(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    assert begin_visit(laptop.session, unit_uid=unit.uid).form_version == "2026.3"


def test_a_draft_of_the_first_version_is_finalised_and_printed_as_one(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    fact = visit_of_version(laptop, unit.uid, "2026-11-20", "2026.1")
    assert fact.form_version == "2026.1"
    assert "graduation" not in fact.snapshot
    assert "K. PENILAIAN KEBERLANJUTAN" not in paper_text(document_paper(laptop.session, uid=fact.uid))
    correction = correct_document(laptop.session, uid=fact.uid, reason="Salah ketik omzet")
    assert correction.form_version == "2026.1"


def test_the_second_version_freezes_stage_and_graduation(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    fact = make_records.record_visit(laptop.session, unit.uid, "2026-11-20", assess_stage=True, **MET)
    assert fact.snapshot["stage"] == "Tumbuh"
    assert fact.snapshot["stage_judged_on"] == "2026-11-20"
    assert len(fact.snapshot["stage_open"]) == 11
    codes = [one["code"] for one in fact.snapshot["graduation"]["criteria"]]
    assert codes == ["G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8"]
    stored = laptop.store.facts.get(fact.uid)
    assert stored is not None
    assert stored.snapshot == fact.snapshot


def test_a_stage_is_known_at_later_visits_and_shown_beside_the_criteria(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    first = {"period_from": "2026-09-21", "assess_stage": True, **MET}
    make_records.record_visit(laptop.session, unit.uid, "2026-10-20", **first)
    later = make_records.record_visit(laptop.session, unit.uid, "2026-11-10", period_from="2026-10-21")
    assert (later.snapshot["stage"], later.snapshot["stage_judged_on"]) == ("Tumbuh", "2026-10-20")
    draft = begin_visit(laptop.session, unit_uid=unit.uid)
    assert previous_answers(laptop.session, draft=draft)["tumbuh_a"] is True


def test_the_officers_flag_counts_in_the_frozen_status(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    flagged = {"own_flag": "critical", "own_flag_reason": "Ketua akan pindah ke luar daerah."}
    fact = make_records.record_visit(laptop.session, unit.uid, "2026-11-20", **flagged)
    score = fact.snapshot["score"]
    assert score["final_status"] == "critical"
    assert [flag["sentence"] for flag in score["flags"] if flag["code"] == "F11"] == [flagged["own_flag_reason"]]


def test_a_visit_of_the_first_version_is_scored_in_the_history_of_the_second(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    visit_of_version(laptop, unit.uid, "2026-10-20", "2026.1", period_from="2026-09-21")
    draft, answers = make_records.visit_answers(laptop.session, unit.uid, "2026-11-20", revenue_idr=4_000_000)
    found = score_of_draft(laptop.session, replace(draft, answers=answers))
    assert found is not None
    assert found.score.level("A2") == 0


def promise_of(draft: Draft) -> list[tuple[str, str]]:
    return [(row["id"], row["action"]) for row in draft.answers.get("previous_actions") or []]


def test_promises_not_kept_are_asked_again_until_they_are_done(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    make_records.record_visit(laptop.session, unit.uid, "2026-10-20", period_from="2026-09-21")
    first = promise_of(begin_visit(laptop.session, unit_uid=unit.uid))
    assert len(first) == 1
    draft, answers = make_records.visit_answers(laptop.session, unit.uid, "2026-11-10")
    rows = [{**row, "result": "sebagian"} for row in answers["previous_actions"]]
    saved = save_draft(laptop.session, draft=draft, answers={**answers, "previous_actions": rows})
    make_records.commit_saved(laptop.session, saved)
    second = promise_of(begin_visit(laptop.session, unit_uid=unit.uid))
    assert second[0] == first[0]
    assert len(second) == 2


def test_an_answer_says_what_the_data_propose_now(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    draft, answers = make_records.visit_answers(laptop.session, unit.uid, "2026-11-20", assess_stage=True)
    judged = evaluate_draft(laptop.session, draft=replace(draft, answers=answers))
    assert judged.proposed["tumbuh_a"].value is True
    assert judged.proposed["tumbuh_b"].value is False, "nobody of the group was at a training"
    assert judged.proposed["tumbuh_c"].value is True
    assert judged.proposed["tumbuh_d"].value is True
