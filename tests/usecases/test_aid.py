"""Handover minutes on the laptop: begun from the proposal, standing in place of the unit's own fields, corrected."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kube_field.domain.commit import Commit
from kube_field.domain.records import Fact, Record, RecordKind
from kube_field.errors import KubeFieldError
from kube_field.usecases.aid import begin_aid
from kube_field.usecases.corrections import begin_correction
from kube_field.usecases.documents import may_reopen
from kube_field.usecases.drafts import begin_draft, evaluate_draft, save_draft
from kube_field.usecases.finalise import correct_document, reopen_document
from kube_field.usecases.known import context_of
from kube_field.usecases.received_aid import standing_minutes, unit_answers
from kube_field.usecases.scoring import score_of_fact
from kube_field.usecases.units import unit_profile
from kube_field.usecases.visits import begin_visit
from tests.support import make_answers
from tests.support.laptop import Laptop
from tests.support.make_records import (
    commit_saved,
    hand_over,
    make_batch,
    make_group,
    make_unit,
    record_assessment,
    record_visit,
    register_person,
)
from tests.support.make_reviews import reviewed

OWN_FIELDS = ("handover_on", "bast_number", "aid_value_idr", "working_capital_base_idr", "tools")


def bare_unit(laptop: Laptop, owner: Record | None = None, **changes: object) -> Record:
    """A unit without fields of its own about the aid."""
    return make_unit(laptop.session, owner, **{**dict.fromkeys(OWN_FIELDS), **changes})


def handed(laptop: Laptop, unit: Record) -> dict[str, object]:
    stored = laptop.session.store.records.get(unit.uid)
    assert stored is not None
    received = unit_answers(laptop.session, stored)
    return {code: received.get(code) for code in OWN_FIELDS[:4]} | {
        "tools": [row["name"] for row in received.get("tools") or []]
    }


def corrected(laptop: Laptop, fact: Fact, **changes: object) -> Fact:
    draft = begin_correction(laptop.session, uid=fact.uid, reason="Jumlahnya keliru ditulis")
    answers = {
        **draft.answers,
        "conditions_read": True,
        "photos": {"waived": "tidak difoto lagi"},
        "signature_recipient": make_answers.signature(),
        "signature_staff": make_answers.signature("Rina"),
        "signature_witness_1": make_answers.signature(),
        "signature_witness_2": make_answers.signature(),
        **changes,
    }
    made = commit_saved(laptop.session, save_draft(laptop.session, draft=draft, answers=answers))
    assert isinstance(made, Fact)
    return made


def test_the_form_begins_with_what_the_assessment_proposed(laptop: Laptop):
    person = register_person(laptop.session)
    record_assessment(laptop.session, person)
    batch = make_batch(laptop.session, scheme="wrse_perorangan", min_members=None, max_members=None)
    unit = bare_unit(laptop, person, batch_id={"uid": batch.uid, "name": "WRSE"})
    answers = begin_aid(laptop.session, unit_uid=unit.uid).answers
    told = [(row["name"], row["qty"], row["planned_qty"], row["unit_price_idr"]) for row in answers["items"]]
    assert told == [("Kompor dua tungku", "1", "1", 650_000), ("Minyak goreng", "20", "20", 18_000)]
    assert answers["received_by"] == {"uid": person.uid, "name": "Melati Contoh Satu"}
    assert (answers["tranche_no"], answers["handover_on"], answers["copies"]) == (1, "2026-11-23", 2)
    assert answers["basis"] == "Keputusan Kepala Dinas Sosial Nomor 1 Tahun 2026"


def test_a_group_receives_through_its_chair_and_an_unfinished_form_is_opened_again(laptop: Laptop):
    unit = bare_unit(laptop)
    draft = begin_aid(laptop.session, unit_uid=unit.uid)
    assert draft.answers["received_by"]["name"] == "Melati Contoh Satu"
    assert begin_aid(laptop.session, unit_uid=unit.uid).uid == draft.uid


def test_a_batch_that_pays_in_money_proposes_money_and_the_groups_account(laptop: Laptop):
    group = make_group(
        laptop.session,
        members=3,
        batch=make_batch(laptop.session, aid_form="uang_rekening"),
        bank_name="bri",
        bank_account="1234567890",
    )
    answers = begin_aid(laptop.session, unit_uid=bare_unit(laptop, group).uid).answers
    assert [(row["kind"], row["name"]) for row in answers["items"]] == [("uang", "Modal usaha")]
    assert (answers["bank_name"], answers["bank_account"]) == ("bri", "1234567890")


def test_what_follows_from_the_minutes_stands_in_place_of_the_units_own_fields(laptop: Laptop):
    unit = make_unit(laptop.session)
    assert handed(laptop, unit)["bast_number"] == "400.9/L07-0001/BAST/KKR/II/2026"
    fact = hand_over(laptop.session, unit.uid, "2026-03-05")
    assert handed(laptop, unit) == {
        "handover_on": "2026-03-05",
        "bast_number": fact.number,
        "aid_value_idr": 2_900_000,
        "working_capital_base_idr": None,
        "tools": ["Penggiling daging ikan (PG-0099)"],
    }
    reviewed(laptop, fact.uid)
    assert handed(laptop, unit)["working_capital_base_idr"] == 500_000
    assert [row.handover_on for row in laptop.session.store.listings.units()] == ["2026-03-05"]


def test_void_minutes_do_not_count(laptop: Laptop):
    unit = make_unit(laptop.session)
    fact = hand_over(laptop.session, unit.uid, "2026-03-05")
    reviewed(laptop, fact.uid, "void", "Salah penerima")
    assert handed(laptop, unit)["handover_on"] == "2026-02-10"
    assert [row.handover_on for row in laptop.session.store.listings.units()] == ["2026-02-10"]


def test_the_number_is_of_the_papers_own_series(laptop: Laptop):
    unit = bare_unit(laptop)
    first = hand_over(laptop.session, unit.uid)
    changed = corrected(laptop, first, place="Kantor kampung")
    assert [one.number.split("/")[1:3] for one in (first, changed)] == [["BAST", "KKR"], ["BAP", "KKR"]]


def test_final_minutes_are_neither_opened_nor_revised(laptop: Laptop):
    fact = hand_over(laptop.session, bare_unit(laptop).uid)
    assert not may_reopen(laptop.session, uid=fact.uid)
    for attempt in (reopen_document, correct_document):
        with pytest.raises(KubeFieldError, match="tidak diubah lagi setelah difinalkan"):
            attempt(laptop.session, uid=fact.uid, reason="keliru")


def test_a_correction_counts_once_it_is_accepted_and_the_first_minutes_stay_as_they_were(laptop: Laptop):
    unit = bare_unit(laptop)
    first = hand_over(laptop.session, unit.uid, "2026-02-10")
    grinder, flour = first.answers["items"]
    change = corrected(laptop, first, handover_on="2026-02-12", items=[grinder, {**flour, "qty": "30"}])
    assert (change.document_id != first.document_id, change.supersedes) == (True, first.uid)
    assert handed(laptop, unit)["aid_value_idr"] == 2_900_000
    reviewed(laptop, change.uid)
    assert handed(laptop, unit) == {
        "handover_on": "2026-02-12",
        "bast_number": change.number,
        "aid_value_idr": 2_775_000,
        "working_capital_base_idr": 375_000,
        "tools": ["Penggiling daging ikan (PG-0099)"],
    }
    assert [row.handover_on for row in laptop.session.store.listings.units()] == ["2026-02-12"]
    assert laptop.session.store.facts.get(first.uid) == first


def test_the_correction_tells_each_difference_with_its_reason(laptop: Laptop):
    first = hand_over(laptop.session, bare_unit(laptop).uid)
    grinder, flour = first.answers["items"]
    less = [grinder, {**flour, "qty": "30"}]
    changes = corrected(laptop, first, place="Kantor kampung", items=less).snapshot["changes"]
    assert [(one["what"], one["before"], one["after"], one["reason"]) for one in changes] == [
        ("Tempat", "Balai Kampung Long Lalang", "Kantor kampung", "Jumlahnya keliru ditulis"),
        (
            "Tepung tapioka",
            "Bahan/modal kerja, Tepung tapioka, 40 kg, Rp12.500, Baik",
            "Bahan/modal kerja, Tepung tapioka, 30 kg, Rp12.500, Baik",
            "Jumlahnya keliru ditulis",
        ),
    ]


def test_each_row_of_a_correction_prints_its_own_reason(laptop: Laptop):
    """A row taken back says why it was; what has no reason of its own shares the one for all."""
    first = hand_over(laptop.session, bare_unit(laptop).uid)
    grinder, flour = first.answers["items"]
    goods = [{**grinder, "serial_number": "PG-0100"}, {**flour, "struck": "Tidak jadi dibeli"}]
    own = [{"id": "place", "what": "Tempat", "reason": "Pindah karena banjir"}, {"id": grinder["id"], "what": "x"}]
    changed = corrected(laptop, first, place="Kantor kampung", items=goods, change_reasons=own)
    told = [(one["what"], one["reason"]) for one in changed.snapshot["changes"]]
    assert told == [
        ("Tempat", "Pindah karena banjir"),
        ("Penggiling daging ikan", "Jumlahnya keliru ditulis"),
        ("Tepung tapioka", "Tidak jadi dibeli"),
    ]


def test_reasons_alone_are_no_change(laptop: Laptop):
    first = hand_over(laptop.session, bare_unit(laptop).uid)
    draft = begin_correction(laptop.session, uid=first.uid, reason="Jumlahnya keliru ditulis")
    reasons = [{"id": "place", "what": "Tempat", "reason": "Pindah karena banjir"}]
    typed = replace(draft, answers={**draft.answers, "change_reasons": reasons})
    assert "NO_CHANGE" in {one.code for one in evaluate_draft(laptop.session, draft=typed).errors}


def test_one_change_at_a_time_and_a_returned_one_is_begun_anew(laptop: Laptop):
    unit = bare_unit(laptop)
    first = hand_over(laptop.session, unit.uid)
    change = corrected(laptop, first, place="Kantor kampung")
    with pytest.raises(KubeFieldError, match=f"sudah diubah dengan {change.number}"):
        begin_correction(laptop.session, uid=first.uid, reason="lagi")
    reviewed(laptop, change.uid, "returned", "Tempatnya masih keliru")
    anew = begin_correction(laptop.session, uid=change.uid, reason="Sesuai catatan")
    assert (anew.supersedes, anew.answers["place"]) == (first.uid, "Kantor kampung")
    assert anew.answers["changes_of"] == {"uid": first.uid, "name": first.number}


def test_of_two_accepted_corrections_of_two_laptops_the_newest_stands_in_profile_and_list(laptop: Laptop):
    """A colleague corrected the same minutes before either laptop knew of the other."""
    unit = bare_unit(laptop)
    first = hand_over(laptop.session, unit.uid, "2026-02-10")
    one = corrected(laptop, first, handover_on="2026-02-12")
    answers = {**one.answers, "handover_on": "2026-02-14"}
    other = replace(one, uid="bap-2", document_id="bap-2", answers=answers, finalised_at=one.finalised_at + "z")
    laptop.session.store.commit(Commit(facts=(other,)))
    reviewed(laptop, one.uid)
    reviewed(laptop, other.uid)
    assert [minutes.fact.uid for minutes in standing_minutes(laptop.session, unit.uid)] == [other.uid]
    assert [row.handover_on for row in laptop.session.store.listings.units()] == ["2026-02-14"]


def test_the_second_tranche_waits_for_an_accepted_visit(laptop: Laptop):
    unit = bare_unit(laptop)
    hand_over(laptop.session, unit.uid, "2026-02-10")
    draft = begin_aid(laptop.session, unit_uid=unit.uid)
    assert draft.answers["tranche_no"] == 2

    def refused() -> bool:
        return "TRANCHE_NEEDS_VISIT" in {one.code for one in evaluate_draft(laptop.session, draft=draft).errors}

    assert refused()
    visit = record_visit(laptop.session, unit.uid, "2026-03-20")
    assert refused()
    reviewed(laptop, visit.uid)
    assert not refused()
    (summary,) = unit_profile(laptop.session, uid=unit.uid).aid
    assert summary.words.endswith("Tahap 2 sudah boleh diserahkan.")


def test_a_visit_that_met_nobody_or_telephoned_opens_no_tranche(laptop: Laptop):
    unit = bare_unit(laptop)
    hand_over(laptop.session, unit.uid, "2026-02-10")
    visit = record_visit(laptop.session, unit.uid, "2026-03-20", kind="telepon", photos=None, signature_recipient=None)
    reviewed(laptop, visit.uid)
    draft = begin_aid(laptop.session, unit_uid=unit.uid)
    assert context_of(laptop.session, draft).facts["earlier"]["accepted_visits"] == 0


def test_the_second_tranche_proposes_what_the_first_left_out(laptop: Laptop):
    person = register_person(laptop.session)
    record_assessment(laptop.session, person)
    unit = bare_unit(laptop, person)
    row = {"id": "m", "kind": "bahan", "name": "MINYAK GORENG", "qty": "15", "unit": "liter", "unit_price_idr": 18_000}
    hand_over(laptop.session, unit.uid, items=[{**row, "condition": "baik"}])
    items = begin_aid(laptop.session, unit_uid=unit.uid).answers["items"]
    assert [(one["name"], one["planned_qty"]) for one in items] == [("Kompor dua tungku", "1"), ("Minyak goreng", "5")]


def test_a_person_without_nik_cannot_receive(laptop: Laptop):
    person = register_person(laptop.session, nik=None, nik_status="missing", nik_missing_reason="KTP hilang")
    draft = begin_aid(laptop.session, unit_uid=bare_unit(laptop, person).uid)
    assert "AID_WITHOUT_NIK" in {one.code for one in evaluate_draft(laptop.session, draft=draft).errors}


def test_visits_look_at_the_tools_of_the_minutes_and_the_profile_tells_their_history(laptop: Laptop):
    unit = bare_unit(laptop)
    hand_over(laptop.session, unit.uid, "2026-02-10")
    visit = begin_visit(laptop.session, unit_uid=unit.uid)
    assert [row["name"] for row in visit.answers["asset_checks"]] == ["Penggiling daging ikan (PG-0099)"]
    record_visit(laptop.session, unit.uid, "2026-03-12")
    worse = [{"id": "w", "name": "Penggiling daging ikan (PG-0099)", "qty": "1", "condition": "rusak_ringan"}]
    record_visit(laptop.session, unit.uid, "2026-04-12", asset_checks=worse)
    (summary,) = unit_profile(laptop.session, uid=unit.uid).aid
    received = "Diterima Rp2.900.000 dari Rp20.000.000, tahap 1 dari 2."
    assert summary.words == f"{received} Tahap 2 menunggu kunjungan yang disetujui penyelia."
    (tool,) = summary.tools
    assert (tool.condition, tool.checked_on, tool.handed_on) == ("Rusak ringan", "2026-04-12", "2026-02-10")
    assert tool.story == "12 Apr 2026 rusak ringan; 12 Mar 2026 baik"


def test_plan_paper_and_score_of_a_visit_read_the_minutes(laptop: Laptop):
    unit = make_unit(laptop.session)
    fact = hand_over(laptop.session, unit.uid, "2026-10-21")
    reviewed(laptop, fact.uid)
    visit = record_visit(laptop.session, unit.uid, "2026-11-04")
    snapshot = visit.snapshot
    assert snapshot["aid"] == {"value_idr": 2_900_000, "handover_on": "2026-10-21", "bast_number": fact.number}
    assert (snapshot["working_capital_base_idr"], snapshot["planned_on"]) == (500_000, "2026-11-04")
    score = score_of_fact(laptop.session, visit)
    assert score is not None
    assert (score.figures.capital_base_idr, score.handover_on) == (500_000, "2026-10-21")


def test_a_row_of_the_store_names_its_standing_minutes_like_the_use_case(laptop: Laptop):
    """The list of units asks in SQL what `standing_minutes` asks in Python."""
    tranches = [{"id": f"t{no}", "no": no, "percent": 50, "condition": "langsung"} for no in (1, 2)]
    group = make_group(laptop.session, members=3, batch=make_batch(laptop.session, tranches=tranches))
    unit = bare_unit(laptop, group)
    assert [row.handover_on for row in laptop.session.store.listings.units()] == [""]
    second = hand_over(laptop.session, unit.uid, "2026-06-01", tranche_no=2)
    hand_over(laptop.session, unit.uid, "2026-02-10", tranche_no=1)
    minutes = standing_minutes(laptop.session, unit.uid)
    assert [one.handover_on for one in minutes] == ["2026-02-10", "2026-06-01"]
    assert [row.handover_on for row in laptop.session.store.listings.units()] == ["2026-02-10"]
    assert not minutes[1].is_accepted
    assert minutes[1].fact == second


def test_a_reader_writes_no_minutes(laptop: Laptop):
    from kube_field.domain.records import Role

    unit = bare_unit(laptop)
    leader = replace(laptop.session, officer=replace(laptop.session.officer, role=Role.PIMPINAN))
    with pytest.raises(KubeFieldError, match="hanya untuk melihat"):
        begin_draft(leader, kind=RecordKind.AID, subject_uid=unit.uid)
