"""Rules of person and household (handbook 3, 5.3, 5.4)."""

from __future__ import annotations

import pytest

from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.consent import PRIVACY_NOTICE, with_contact
from kube_field.domain.forms.declaration import Severity
from kube_field.domain.forms.evaluation import evaluate
from kube_field.domain.records import RecordKind
from kube_field.reference import load_reference
from tests.support import make_answers as make

PERSON, HOUSEHOLD = form(RecordKind.PERSON), form(RecordKind.HOUSEHOLD)
GALAT, PERINGATAN, KETERANGAN = Severity.GALAT, Severity.PERINGATAN, Severity.KETERANGAN


def judge(declared, answers, **facts):
    return evaluate(declared, answers, make.make_context(reference=load_reference(), **facts))


def said(declared, answers, code, **facts):
    return next((f.severity for f in judge(declared, answers, **facts).findings if f.code == code), None)


def test_a_nik_in_use_is_refused_with_the_name_of_its_holder():
    judged = judge(PERSON, make.complete_person(), existing_niks={make.NIK: "Kenanga Contoh"})
    assert [f.message for f in judged.errors] == ["NIK sudah dipakai: Kenanga Contoh."]


def test_a_family_card_number_is_no_nik():
    family = make.complete_household(kk_number=make.NIK)
    assert said(PERSON, make.complete_person(), "NIK_IS_KK", household=family) == GALAT


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"birth_date": "1968-06-09"}, "NIK_DOB_MISMATCH"),
        ({"sex": "L", "category": ["24"], "prse_criteria": None}, "NIK_SEX_MISMATCH"),
        ({"nik": "9999994806689901"}, "NIK_REGION_UNKNOWN"),
        ({"nik": "6402124806680000"}, "NIK_SERIAL_ZERO"),
    ],
)
def test_what_a_real_card_may_show_is_only_a_warning(changes, code):
    answers = make.complete_person(**changes)
    assert said(PERSON, answers, code) == PERINGATAN
    assert judge(PERSON, answers).errors == ()


def test_of_a_year_only_the_year_is_compared_with_the_nik():
    answers = make.complete_person(birth_date="1968-07-01", birth_date_precision="year_only")
    assert said(PERSON, answers, "NIK_DOB_MISMATCH") is None


def test_a_nik_of_another_place_is_silent():
    family = make.complete_household(village_code="64.72.01.1001")
    assert said(PERSON, make.complete_person(), "NIK_OTHER_REGION", household=family) == KETERANGAN


def test_a_person_without_nik_says_why():
    answers = make.complete_person(nik=None, nik_status="missing")
    assert {f.question for f in judge(PERSON, answers).errors} == {"nik_missing_reason"}
    assert judge(PERSON, {**answers, "nik_missing_reason": "Belum merekam KTP"}).errors == ()


def test_a_missing_nik_is_an_error_otherwise():
    assert said(PERSON, make.complete_person(nik=None), "NIK_REQUIRED") == GALAT


@pytest.mark.parametrize(
    ("born", "code", "expected"),
    [
        ("2008-11-23", "AGE_UNDER_18", None),
        ("2008-11-24", "AGE_UNDER_18", PERINGATAN),
        ("1966-11-24", "AGE_OVER_59", None),
        ("1966-11-23", "AGE_OVER_59", PERINGATAN),
        ("1916-11-23", "AGE_IMPLAUSIBLE", None),
        ("1915-11-23", "AGE_IMPLAUSIBLE", GALAT),
        ("2026-11-24", "DATE_FUTURE", GALAT),
    ],
)
def test_ages_of_prse_are_eighteen_to_fifty_nine(born, code, expected):
    assert said(PERSON, make.complete_person(birth_date=born), code) == expected


@pytest.mark.parametrize(
    ("born", "verdict"),
    [("2008-11-23", "Memenuhi"), ("1966-11-24", "Memenuhi"), ("1966-11-23", "Perlu"), ("1965-11-23", "Tidak")],
)
def test_at_exactly_sixty_the_panel_asks_for_consideration(born, verdict):
    judged = judge(PERSON, make.complete_person(birth_date=born))
    assert judged.computed["prse_eligibility"].startswith(verdict)


def test_a_wife_with_enough_income_is_not_eligible():
    answers = make.complete_person(
        marital_status="kawin", is_main_breadwinner=False, prse_criteria=["umur_18_59", "penghasilan_kurang"]
    )
    assert judge(PERSON, answers).computed["prse_eligibility"].startswith("Tidak memenuhi")


@pytest.mark.parametrize("status", ["belum_kawin", "cerai_hidup", "cerai_mati", "kawin_ditinggal"])
def test_a_woman_alone_with_too_little_income_is_eligible(status):
    answers = make.complete_person(
        marital_status=status, is_main_breadwinner=False, prse_criteria=["penghasilan_kurang"]
    )
    assert judge(PERSON, answers).computed["prse_eligibility"].startswith("Memenuhi")


@pytest.mark.parametrize(("desil", "verdict"), [("5", "Memenuhi"), ("6", "Perlu"), ("belum_dicek", "Perlu")])
def test_desil_is_evidence_and_not_a_gate(desil, verdict):
    family = make.complete_household(dtsen_rows=[{"id": "d", "desil": desil, "checked_on": "2026-01-01"}])
    judged = judge(PERSON, make.complete_person(), household=family)
    assert judged.computed["poverty_eligibility"].startswith(verdict)


def test_the_newest_desil_counts():
    rows = [
        {"id": "a", "desil": "8", "checked_on": "2026-04-01"},
        {"id": "b", "desil": "3", "checked_on": "2026-07-01"},
        {"id": "c", "desil": "9", "checked_on": "2026-09-01", "struck": "salah orang"},
    ]
    family = make.complete_household(dtsen_rows=rows)
    assert "desil 3" in judge(PERSON, make.complete_person(), household=family).computed["poverty_eligibility"]


def test_a_public_servant_is_a_warning():
    assert said(PERSON, make.complete_person(is_public_servant=True), "PUBLIC_SERVANT") == PERINGATAN


def test_prse_of_a_man_is_a_warning():
    assert said(PERSON, make.complete_person(sex="L"), "PRSE_NOT_A_WOMAN") == PERINGATAN


def consents(**given):
    return [
        {"id": item, "item": item, "given": yes, "given_on": "2026-01-15", "how": "lisan"}
        for item, yes in given.items()
    ]


def test_nothing_is_recorded_without_the_first_consent():
    assert said(PERSON, make.complete_person(consents=consents(data_program=False)), "CONSENT_REQUIRED") == GALAT
    assert said(PERSON, make.complete_person(consents=consents(foto=True)), "CONSENT_REQUIRED") == GALAT
    assert judge(PERSON, make.complete_person(consents=consents(data_program=True))).errors == ()


def test_the_newest_word_on_a_consent_counts():
    taken_back = [
        *consents(data_program=True),
        {"id": "later", "item": "data_program", "given": False, "given_on": "2026-02-01", "how": "lisan"},
    ]
    assert said(PERSON, make.complete_person(consents=taken_back), "CONSENT_REQUIRED") == GALAT


def test_a_photo_of_a_person_needs_her_consent():
    answers = make.complete_person(photo_id=[make.photo()], consents=consents(data_program=True, foto=False))
    assert said(PERSON, answers, "CONSENT_PHOTO") == GALAT
    assert said(PERSON, make.complete_person(photo_id=[make.photo()]), "CONSENT_PHOTO") is None


@pytest.mark.parametrize("part", ["n_under5", "n_school", "n_elderly", "n_disabled"])
def test_no_part_of_a_family_is_larger_than_the_family(part):
    assert said(HOUSEHOLD, make.complete_household(**{part: 4}), "COUNT_ABOVE_SIZE") is None
    assert said(HOUSEHOLD, make.complete_household(**{part: 5}), "COUNT_ABOVE_SIZE") == GALAT


def test_a_family_card_number_equal_to_a_nik_of_the_family_is_an_error():
    answers = make.complete_household()
    assert said(HOUSEHOLD, answers, "KK_IS_NIK", household_niks=[make.KK]) == GALAT
    assert said(HOUSEHOLD, answers, "KK_IS_NIK", household_niks=[make.NIK]) is None


def test_a_family_card_number_that_looks_like_a_nik_is_a_warning():
    answers = make.complete_household(kk_number="6402124806689801")
    assert said(HOUSEHOLD, answers, "KK_LOOKS_LIKE_NIK") == PERINGATAN


def test_rw_may_be_empty_and_rt_may_not():
    assert judge(HOUSEHOLD, make.complete_household(rw=None, dusun=None)).errors == ()
    assert [f.question for f in judge(HOUSEHOLD, make.complete_household(rt=None)).errors] == ["rt"]


@pytest.mark.parametrize(
    ("areas", "expected"),
    [(("64.02",), None), (("64.02.12",), None), (("64",), None), (("64.02.13", "64.71"), PERINGATAN), ((), None)],
)
def test_a_village_outside_the_task_area_is_a_warning(areas, expected):
    assert said(HOUSEHOLD, make.complete_household(), "REGION_OUTSIDE_AREA", area_codes=areas) == expected


def test_a_list_that_was_not_looked_at_needs_no_source():
    row = {"id": "d", "desil": "belum_dicek", "checked_on": "2026-01-01"}
    assert judge(HOUSEHOLD, make.complete_household(dtsen_rows=[row])).errors == ()
    errors = judge(HOUSEHOLD, make.complete_household(dtsen_rows=[{**row, "desil": "1"}])).errors
    assert [(f.row, f.column) for f in errors] == [(0, "source")]


@pytest.mark.parametrize(
    ("contact", "end"),
    [
        ("", "Pertanyaan: Dinas Sosial setempat."),
        ("Kenanga Contoh, telepon 0541-000000.", "Pertanyaan: Kenanga Contoh, telepon 0541-000000."),
    ],
)
def test_the_privacy_notice_names_whom_to_ask(contact, end):
    notice = with_contact(PRIVACY_NOTICE, contact)
    assert notice.endswith(end)
    assert "{" not in notice
