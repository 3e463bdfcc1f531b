"""What the app knows and writes by itself: village in words, consents, eligibility, first figures, the locked NIK."""

from __future__ import annotations

import pytest

from kube_field.domain.commit import Commit
from kube_field.domain.records import RecordKind, Role
from kube_field.errors import KubeFieldError
from kube_field.usecases.drafts import begin_draft, evaluate_draft, save_draft
from kube_field.usecases.finalise import commit_draft
from kube_field.usecases.households import household_profile
from kube_field.usecases.people import person_profile
from tests.support import make_answers
from tests.support.laptop import Laptop
from tests.support.make_records import (
    commit_answers,
    commit_saved,
    make_batch,
    make_group,
    make_unit,
    nik_of,
    record_assessment,
    register_household,
    register_person,
)
from tests.support.make_store import make_fact_record


def test_the_village_is_kept_in_the_words_of_the_day_it_was_chosen(laptop: Laptop):
    home = register_household(laptop.session, village_name_snapshot=None)
    assert home.answers["village_name_snapshot"] == "Long Lalang, Kec. Tabang, Kab. Kutai Kartanegara"
    kept = {**home.answers, "dusun": "Hulu", "dtsen_rows": make_answers.complete_household()["dtsen_rows"]}
    edited = commit_answers(laptop.session, RecordKind.HOUSEHOLD, kept, record_uid=home.uid)
    assert edited.answers["village_name_snapshot"] == home.answers["village_name_snapshot"]
    moved = {**kept, "village_code": "64.02.12.2003"}
    again = commit_answers(laptop.session, RecordKind.HOUSEHOLD, moved, record_uid=home.uid)
    words = laptop.session.reference.regions.full_name("64.02.12.2003")
    assert again.answers["village_name_snapshot"] == words


def with_consents(session, person, **given):
    draft = begin_draft(session, kind=RecordKind.PERSON, record_uid=person.uid)
    rows = [{**row, "given": given.get(row["item"], row["given"])} for row in draft.answers["consents"]]
    return save_draft(session, draft=draft, answers={**draft.answers, "consents": rows})


def test_a_consent_is_withdrawn_by_one_new_fact_and_the_old_word_stays(laptop: Laptop):
    person = register_person(laptop.session)
    commit_saved(laptop.session, with_consents(laptop.session, person, foto=False))
    told = [f for f in laptop.store.facts.of_subject(person.uid, RecordKind.CONSENT) if f.answers["item"] == "foto"]
    assert [(f.answers["given"], f.answers["given_on"]) for f in told] == [(True, "2026-01-15"), (False, "2026-11-23")]
    rows = begin_draft(laptop.session, kind=RecordKind.PERSON, record_uid=person.uid).answers["consents"]
    assert [row["item"] for row in rows] == ["data_program", "foto", "lokasi", "mitra", "publikasi"]
    assert [row["given"] for row in rows if row["item"] == "foto"] == [False]
    assert len(laptop.store.facts.of_subject(person.uid, RecordKind.CONSENT)) == 6


def test_an_edit_that_leaves_the_consents_alone_writes_none(laptop: Laptop):
    person = register_person(laptop.session)
    commit_saved(laptop.session, with_consents(laptop.session, person))
    assert len(laptop.store.facts.of_subject(person.uid, RecordKind.CONSENT)) == 5


def test_a_family_that_does_not_want_its_home_on_a_map_is_not_put_there(laptop: Laptop):
    rows = [{**row, "given": row["item"] != "lokasi"} for row in make_answers.complete_person()["consents"]]
    person = register_person(laptop.session, consents=rows)
    home = laptop.store.records.get(person.answers["household_id"]["uid"])
    draft = begin_draft(laptop.session, kind=RecordKind.HOUSEHOLD, record_uid=home.uid)
    point = {"latitude": "0.500000", "longitude": "116.000000"}
    saved = save_draft(laptop.session, draft=draft, answers={**draft.answers, "location": point})
    assert "CONSENT_LOCATION" in {f.code for f in evaluate_draft(laptop.session, draft=saved).errors}


def test_a_group_with_aid_needs_the_decision_of_the_village_head(laptop: Laptop):
    group = make_group(laptop.session, members=5)
    draft = begin_draft(laptop.session, kind=RecordKind.KUBE_GROUP, record_uid=group.uid)
    without = save_draft(laptop.session, draft=draft, answers={**draft.answers, "sk_number": None})
    assert not [f for f in evaluate_draft(laptop.session, draft=without).errors if f.question == "sk_number"]
    make_unit(laptop.session, group, handover_on="2026-02-10")
    assert [f.code for f in evaluate_draft(laptop.session, draft=without).errors] == ["REQUIRED"]


def panel(session, uid):
    sections = dict(person_profile(session, uid=uid).sections)
    return dict(sections["Kelayakan"])


def test_a_profile_says_whether_and_why_somebody_is_eligible(laptop: Laptop):
    person = register_person(laptop.session)
    told = panel(laptop.session, person.uid)
    assert told["Kelayakan WRSE/PRSE"].startswith("Memenuhi")
    assert told["Kelayakan fakir miskin"] == "Memenuhi: keluarga tercatat di desil 2."
    record_assessment(laptop.session, person)
    assert "dari garis kemiskinan" in panel(laptop.session, person.uid)["Kelayakan fakir miskin"]


def test_the_batch_says_up_to_which_desil_somebody_counts_as_poor(laptop: Laptop):
    batch = make_batch(laptop.session, desil_max=1)
    make_group(laptop.session, members=1, batch=batch)
    person = next(iter(laptop.store.records.where(RecordKind.PERSON)))
    assert panel(laptop.session, person.uid)["Kelayakan fakir miskin"].startswith("Perlu pertimbangan")


def test_a_unit_remembers_the_figures_of_the_first_assessment(laptop: Laptop):
    person = register_person(laptop.session)
    record_assessment(
        laptop.session,
        person,
        has_existing_business=True,
        existing_idea_code="GORENGAN",
        existing_months=12,
        existing_revenue_idr=3_000_000,
        existing_profit_idr=800_000,
    )
    unit = make_unit(laptop.session, person)
    assert [unit.answers[f"baseline_{part}_idr"] for part in ("revenue", "cost", "income")] == [
        3_000_000,
        2_200_000,
        2_900_000,
    ]


def test_a_unit_without_assessment_has_no_first_figures(laptop: Laptop):
    unit = make_unit(laptop.session, register_person(laptop.session))
    assert not [code for code in unit.answers if code.startswith("baseline_")]


def accept(laptop, fact):
    review = make_fact_record(
        uid=laptop.new_id(), kind=RecordKind.REVIEW, subject_uid=fact.uid, answers={"decision": "accepted"}
    )
    laptop.store.commit(Commit(facts=(review,)))


def nik_edit(session, person, nik):
    draft = begin_draft(session, kind=RecordKind.PERSON, record_uid=person.uid)
    return save_draft(session, draft=draft, answers={**draft.answers, "nik": nik})


def test_a_nik_may_be_corrected_until_a_document_is_accepted_and_the_old_one_stays(laptop: Laptop):
    person = register_person(laptop.session)
    record_assessment(laptop.session, person)
    other = nik_of(1)[:-2] + "77"
    commit_saved(laptop.session, nik_edit(laptop.session, person, other))
    assert laptop.store.records.get(person.uid).answers["nik"] == other
    (past,) = laptop.store.facts.of_subject(person.uid, RecordKind.VALUE_HISTORY)
    assert (past.answers["field"], past.answers["old_value"]) == ("nik", nik_of(1))


def test_after_acceptance_only_a_penyelia_changes_a_nik_and_says_why(laptop: Laptop):
    person = register_person(laptop.session)
    accept(laptop, record_assessment(laptop.session, person))
    draft = nik_edit(laptop.session, person, nik_of(1)[:-2] + "77")
    with pytest.raises(KubeFieldError) as refused:
        commit_draft(laptop.session, draft_uid=draft.uid, confirmed={})
    assert [detail["code"] for detail in refused.value.details] == ["NIK_LOCKED"]
    penyelia = laptop.as_role(Role.PENYELIA_KAB)
    with pytest.raises(KubeFieldError) as unconfirmed:
        commit_draft(penyelia, draft_uid=draft.uid)
    assert [detail["code"] for detail in unconfirmed.value.details] == ["NIK_CHANGED"]
    commit_draft(penyelia, draft_uid=draft.uid, confirmed={"nik:NIK_CHANGED": "Salah ketik, sesuai KTP"})
    assert laptop.store.records.get(person.uid).answers["nik"].endswith("77")
    assert laptop.store.queue.pending_sets(person.uid)[-1].reason == "Salah ketik, sesuai KTP"


def test_moving_house_and_a_new_companion_stay_readable(laptop: Laptop):
    home = register_household(laptop.session)
    rows = make_answers.complete_household()["dtsen_rows"]
    moved = {**home.answers, "village_code": "64.02.12.2003", "dtsen_rows": rows}
    commit_answers(laptop.session, RecordKind.HOUSEHOLD, moved, record_uid=home.uid)
    (past,) = laptop.store.facts.of_subject(home.uid, RecordKind.VALUE_HISTORY)
    assert (past.answers["field"], past.answers["old_value"]) == ("village_code", "64.02.12.2002")
    (line,) = household_profile(laptop.session, uid=home.uid).history
    assert line.detail.startswith("Long Lalang")
    group = make_group(laptop.session)
    other = {**group.answers, "assigned_staff_id": {"uid": "staff-budi", "name": "Budi"}}
    commit_answers(laptop.session, RecordKind.KUBE_GROUP, other, record_uid=group.uid)
    (past,) = laptop.store.facts.of_subject(group.uid, RecordKind.VALUE_HISTORY)
    assert (past.answers["old_value"], past.answers["new_value"]) == (laptop.session.officer.name, "Budi")


def test_aid_waits_for_a_nik(laptop: Laptop):
    person = register_person(laptop.session, nik=None, nik_status="missing", nik_missing_reason="Belum merekam KTP")
    with pytest.raises(KubeFieldError) as refused:
        make_unit(laptop.session, person)
    assert "AID_WITHOUT_NIK" in [detail["code"] for detail in refused.value.details]


def test_the_criterion_of_age_is_worked_out_and_not_ticked(laptop: Laptop):
    person = register_person(laptop.session, prse_criteria=["nafkah_utama", "penghasilan_kurang"])
    assert person.answers["prse_criteria"] == ["umur_18_59", "nafkah_utama", "penghasilan_kurang"]
    older = register_person(
        laptop.session, 2, birth_date="1960-06-08", prse_criteria=["umur_18_59", "penghasilan_kurang"]
    )
    assert older.answers["prse_criteria"] == ["penghasilan_kurang"]


def test_a_business_is_not_put_on_a_map_against_its_owners_wish(laptop: Laptop):
    rows = [{**row, "given": row["item"] != "lokasi"} for row in make_answers.complete_person()["consents"]]
    person = register_person(laptop.session, consents=rows)
    with pytest.raises(KubeFieldError) as refused:
        make_unit(laptop.session, person, location={"latitude": "0.500000", "longitude": "116.000000"})
    assert [detail["code"] for detail in refused.value.details] == ["CONSENT_LOCATION"]
