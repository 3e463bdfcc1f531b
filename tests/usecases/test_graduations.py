"""Graduation: proposed with the criteria, decided by a supervisor with a reason, after-care, taken up again at risk."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kube_field.domain.records import Fact, Record, Role
from kube_field.errors import KubeFieldError
from kube_field.ui.pages.work_words import unit_state_chip
from kube_field.usecases.corrections import begin_correction
from kube_field.usecases.drafts import evaluate_draft, save_draft
from kube_field.usecases.due import due_after
from kube_field.usecases.finalise import reopen_document
from kube_field.usecases.graduated import decision_in_effect
from kube_field.usecases.graduations import begin_graduation, graduation_view
from kube_field.usecases.home import home
from kube_field.usecases.reviews import decisions_open, review_document
from kube_field.usecases.units import unit_profile
from kube_field.usecases.views import UnitRow
from kube_field.usecases.visits import begin_visit
from tests.support import make_answers
from tests.support.laptop import Laptop
from tests.support.make_records import commit_saved, make_unit, record_visit, register_person
from tests.support.make_reviews import reviewed, sent

INCOME = [{**make_answers.complete_visit("person")["hh_income_sample"][0], "income_month_idr": 5_000_000}]
GOOD = {
    "hh_income_sample": INCOME,
    "cash_idr": 2_000_000,
    "days_open": 22,
    "channels": ["langsung", "titip_warung", "pasar"],
}
DAYS = ("2026-08-20", "2026-09-20", "2026-10-20")


def grown_unit(laptop: Laptop, **last: Any) -> Record:
    """A person's business, a year after its handover, with three healthy visits."""
    laptop.clock.set_day("2026-10-20")
    person = register_person(laptop.session)
    unit = make_unit(laptop.session, person, handover_on="2025-10-01")
    for at, day in enumerate(DAYS):
        record_visit(laptop.session, unit.uid, day, **{**GOOD, **(last if at == 2 else {})})
    return unit


def proposed(laptop: Laptop, unit: Record, **changes: Any) -> Fact:
    draft = begin_graduation(laptop.session, unit_uid=unit.uid)
    answers = {**draft.answers, "kind": "lulus_mandiri", "reason": "Usaha berjalan sendiri sejak lama.", **changes}
    fact = commit_saved(laptop.session, save_draft(laptop.session, draft=draft, answers=answers))
    assert isinstance(fact, Fact)
    return fact


def row_of(laptop: Laptop) -> UnitRow:
    (row,) = laptop.session.store.listings.units()
    return row


def test_the_proposal_freezes_every_criterion(laptop: Laptop):
    fact = proposed(laptop, grown_unit(laptop))
    assert fact.snapshot["words"] == "Memenuhi 7 dari 7 syarat."
    assert [(one["code"], one["met"]) for one in fact.snapshot["criteria"]] == [(f"G{n}", True) for n in range(1, 8)]
    assert (fact.snapshot["rules_version"], fact.number.split("/")[1]) == ("2026.1", "GRD")


def test_the_days_since_the_handover_are_those_of_the_proposal_not_of_the_last_visit(laptop: Laptop):
    laptop.clock.set_day("2026-10-20")
    unit = make_unit(laptop.session, register_person(laptop.session), handover_on="2025-11-01")
    for day in DAYS:
        record_visit(laptop.session, unit.uid, day, **GOOD)
    assert graduation_view(laptop.session, unit.uid).criteria[0][2] is False
    laptop.clock.set_day("2026-11-01")
    assert graduation_view(laptop.session, unit.uid).criteria[0][2] is True


def test_an_unready_unit_is_warned_about_and_may_leave_without_a_warning(laptop: Laptop):
    draft = begin_graduation(laptop.session, unit_uid=grown_unit(laptop, bookkeeping_level=2).uid)
    for kind, expected in (("lulus_mandiri", True), ("keluar_pindah", False)):
        told = evaluate_draft(laptop.session, draft=replace(draft, answers={**draft.answers, "kind": kind}))
        assert ("CRITERIA_NOT_MET" in {one.code for one in told.findings}) is expected


def test_a_proposal_alone_changes_nothing(laptop: Laptop):
    unit = grown_unit(laptop)
    proposed(laptop, unit)
    assert decision_in_effect(laptop.session, unit.uid) is None
    assert (row_of(laptop).status, row_of(laptop).after_care) == ("berjalan", "")


def test_nobody_proposes_twice(laptop: Laptop):
    unit = grown_unit(laptop)
    fact = proposed(laptop, unit)
    draft = begin_graduation(laptop.session, unit_uid=unit.uid)
    assert "PROPOSED_ALREADY" in {one.code for one in evaluate_draft(laptop.session, draft=draft).errors}
    reviewed(laptop, fact.uid)
    assert "GRADUATED_ALREADY" in {one.code for one in evaluate_draft(laptop.session, draft=draft).errors}


def test_a_supervisor_decides_with_a_reason_and_nobody_else(laptop: Laptop):
    unit = grown_unit(laptop)
    fact = proposed(laptop, unit)
    sent(laptop)
    worker = laptop.as_role(Role.PEKERJA_SOSIAL, "Dewi")
    assert decisions_open(worker, uid=fact.uid) == ()
    assert decisions_open(laptop.session, uid=fact.uid) == ()
    sari = laptop.as_role(Role.PENYELIA_KAB, "Sari")
    with pytest.raises(KubeFieldError, match="alasan keputusan graduasi"):
        review_document(sari, uid=fact.uid, decision="accepted")
    assert graduation_view(laptop.session, unit.uid).may_be_proposed
    review_document(sari, uid=fact.uid, decision="accepted", reason="Sudah mandiri")
    assert ("Lulus", "lulus") in unit_profile(laptop.session, uid=unit.uid).badges
    view = graduation_view(laptop.session, unit.uid)
    assert not view.may_be_proposed
    (told,) = view.decisions
    assert told == "Lulus mandiri, diputuskan 20 Oktober 2026 oleh Sari: Sudah mandiri"


def test_after_care_asks_for_a_visit_at_90_and_180_days(laptop: Laptop):
    unit = grown_unit(laptop)
    reviewed(laptop, proposed(laptop, unit).uid)
    row = row_of(laptop)
    assert (row.status, row.plan, row.plan_from, row.is_over) == ("lulus", "pembinaan-2", "2026-10-20", False)
    stored = laptop.session.store.records.get(unit.uid)
    assert stored is not None
    assert due_after(laptop.session, stored, "2026-10-20") == "2027-01-18"
    assert due_after(laptop.session, stored, "2027-01-18") == "2027-04-18"
    assert due_after(laptop.session, stored, "2027-04-18") == ""
    laptop.clock.set_day("2026-12-01")
    assert [item.state for item in home(laptop.session).items if item.target_uid == unit.uid] == []
    laptop.clock.set_day("2027-01-18")
    (item,) = [item for item in home(laptop.session).items if item.target_uid == unit.uid]
    assert item.detail == "Kunjungan ke-4 jatuh tempo hari ini · Pembinaan lanjutan"


def test_a_good_after_care_visit_leaves_the_unit_graduated_and_asks_for_no_more_promises(laptop: Laptop):
    unit = grown_unit(laptop)
    reviewed(laptop, proposed(laptop, unit).uid)
    laptop.clock.set_day("2027-01-18")
    draft = begin_visit(laptop.session, unit_uid=unit.uid)
    needed = {one.question for one in evaluate_draft(laptop.session, draft=draft).missing}
    assert "support_needed" not in needed
    assert draft.answers["next_visit_on"] == "2027-04-18"
    record_visit(laptop.session, unit.uid, "2027-01-18", **GOOD, period_from="2026-12-20")
    assert decision_in_effect(laptop.session, unit.uid) is not None
    assert row_of(laptop).status == "lulus"


def test_the_last_after_care_visit_proposes_no_next_one_and_the_unit_leaves_the_list(laptop: Laptop):
    unit = grown_unit(laptop)
    reviewed(laptop, proposed(laptop, unit).uid)
    laptop.clock.set_day("2027-01-18")
    record_visit(laptop.session, unit.uid, "2027-01-18", **GOOD, period_from="2026-12-20")
    laptop.clock.set_day("2027-04-18")
    draft = begin_visit(laptop.session, unit_uid=unit.uid)
    assert "next_visit_on" not in draft.answers
    record_visit(laptop.session, unit.uid, "2027-04-18", **GOOD, period_from="2027-03-20", next_visit_on=None)
    laptop.clock.set_day("2028-03-09")
    told = home(laptop.session)
    assert [item for item in told.items if item.target_uid == unit.uid] == []
    assert [(state, count) for state, count in told.unit_states if count] == [("graduated", 1)]
    assert (told.units, unit_state_chip("graduated", 1)[0]) == (0, "1 lulus")


def test_a_business_at_risk_is_taken_up_again_for_good(laptop: Laptop):
    unit = grown_unit(laptop)
    reviewed(laptop, proposed(laptop, unit).uid)
    laptop.clock.set_day("2027-04-20")
    record_visit(
        laptop.session,
        unit.uid,
        "2027-01-18",
        **{**GOOD, "business_status": "berhenti_sementara", "stop_reason": ["sakit"]},
    )
    assert decision_in_effect(laptop.session, unit.uid) is None
    assert (row_of(laptop).status, row_of(laptop).plan) == ("berjalan", "standar")
    view = graduation_view(laptop.session, unit.uid)
    assert view.may_be_proposed
    (told,) = view.decisions
    assert told.endswith("Dibuka kembali sejak kunjungan 18 Januari 2027: usaha rawan lagi.")
    record_visit(laptop.session, unit.uid, "2027-03-18", **GOOD, period_from="2027-02-17")
    assert decision_in_effect(laptop.session, unit.uid) is None
    assert row_of(laptop).after_care == ""


def test_a_unit_that_left_has_no_visits_to_come(laptop: Laptop):
    unit = grown_unit(laptop)
    fact = proposed(laptop, unit, kind="keluar_pindah", after_care_months=None, reason="Keluarga pindah ke Jawa.")
    assert "after_care_months" not in fact.answers
    reviewed(laptop, fact.uid)
    assert (row_of(laptop).status, row_of(laptop).is_over) == ("berhenti", True)
    laptop.clock.set_day("2027-06-01")
    assert [item for item in home(laptop.session).items if item.target_uid == unit.uid] == []


def test_what_came_back_is_proposed_again_and_leaves_the_list(laptop: Laptop):
    unit = grown_unit(laptop)
    fact = proposed(laptop, unit)
    with pytest.raises(KubeFieldError, match="tidak dikembalikan"):
        begin_correction(laptop.session, uid=fact.uid, reason="lagi")
    reviewed(laptop, fact.uid, "returned", "Lampirkan buku kas")
    assert fact.uid in {item.target_uid for item in home(laptop.session).items}
    draft = begin_correction(laptop.session, uid=fact.uid, reason="Sesuai catatan")
    assert (draft.supersedes, draft.answers["reason"]) == (fact.uid, "Usaha berjalan sendiri sejak lama.")
    commit_saved(laptop.session, draft)
    assert fact.uid not in {item.target_uid for item in home(laptop.session).items}


def test_a_final_proposal_is_not_opened_again(laptop: Laptop):
    fact = proposed(laptop, grown_unit(laptop))
    with pytest.raises(KubeFieldError, match="tidak diubah lagi"):
        reopen_document(laptop.session, uid=fact.uid, reason="keliru")
