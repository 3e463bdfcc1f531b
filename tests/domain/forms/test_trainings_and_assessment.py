"""Rules of training, attendance and assessment (handbook 5.8, 5.10)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kube_field.domain.forms.assessment_computed import INCOMES
from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.declaration import Severity
from kube_field.domain.forms.evaluation import evaluate
from kube_field.domain.records import RecordKind
from kube_field.reference import load_reference
from tests.support import make_answers as make

EVENT, ATTENDANCE = form(RecordKind.TRAINING_EVENT), form(RecordKind.ATTENDANCE)
ASSESSMENT = form(RecordKind.ASSESSMENT)
GALAT, PERINGATAN, KETERANGAN = Severity.GALAT, Severity.PERINGATAN, Severity.KETERANGAN


def judge(declared, answers, **facts):
    return evaluate(declared, answers, make.make_context(reference=load_reference(), **facts))


def said(declared, answers, code, **facts):
    return next((f.severity for f in judge(declared, answers, **facts).findings if f.code == code), None)


def test_a_training_ends_when_it_began_or_later():
    assert said(EVENT, make.complete_training(ends_on="2026-11-17"), "PERIOD_ORDER") == GALAT
    assert said(EVENT, make.complete_training(), "PERIOD_ORDER") is None


@pytest.mark.parametrize(("held", "expected"), [("2026-11-17", GALAT), ("2026-11-18", None), ("2026-11-19", GALAT)])
def test_a_session_lies_within_the_training(held, expected):
    session = {**make.complete_training()["sessions"][0], "date": held}
    assert said(EVENT, make.complete_training(sessions=[session]), "SESSION_OUTSIDE") == expected


def test_a_training_may_be_planned_ahead():
    session = {**make.complete_training()["sessions"][0], "date": "2026-12-10"}
    answers = make.complete_training(starts_on="2026-12-10", ends_on="2026-12-10", sessions=[session])
    assert judge(EVENT, answers).errors == ()


def test_nobody_is_invited_twice():
    row = make.complete_training()["participants"][0]
    answers = make.complete_training(participants=[row, {**row, "id": "i2"}])
    assert said(EVENT, answers, "PARTICIPANT_TWICE") == GALAT


@pytest.mark.parametrize(("number", "expected"), [(1, None), (2, None), (3, GALAT)])
def test_attendance_is_of_a_session_of_the_training(number, expected):
    answers = make.complete_attendance(session_no=number)
    assert said(ATTENDANCE, answers, "SESSION_UNKNOWN", event=make.complete_training()) == expected


def test_attendance_of_a_session_tomorrow_cannot_be_finalised():
    session = {**make.complete_training()["sessions"][0], "date": "2026-11-24"}
    event = make.complete_training(sessions=[session])
    assert said(ATTENDANCE, make.complete_attendance(), "DATE_FUTURE", event=event) == GALAT


def test_a_walk_in_is_asked_for_name_sex_and_village():
    errors = judge(ATTENDANCE, make.complete_attendance(person_id=None)).errors
    assert {f.question for f in errors} == {"walk_in_name", "walk_in_sex", "walk_in_village"}
    assert "walk_in_name" not in judge(ATTENDANCE, make.complete_attendance()).applicable


def test_a_walk_in_whose_nik_is_known_is_pointed_out():
    answers = make.complete_attendance(walk_in=True, walk_in_nik=make.NIK)
    assert said(ATTENDANCE, answers, "WALK_IN_IS_KNOWN", existing_niks={make.NIK: "Melati"}) == PERINGATAN
    assert said(ATTENDANCE, answers, "WALK_IN_IS_KNOWN", existing_niks={}) is None


def test_a_replacement_has_a_name():
    errors = judge(ATTENDANCE, make.complete_attendance(status="digantikan_oleh")).errors
    assert [f.question for f in errors] == ["replaced_by"]


@pytest.mark.parametrize("status", ["izin", "sakit", "tanpa_kabar"])
def test_who_was_away_signs_nothing(status):
    judged = judge(ATTENDANCE, make.complete_attendance(status=status))
    assert judged.errors == ()
    assert {"signature", "time_in", "transport_allowance_idr"} & judged.applicable == set()


@given(st.tuples(*(st.integers(min_value=0, max_value=10**8) for _code in INCOMES)), st.integers(1, 30))
def test_income_per_head_is_all_income_over_the_family(amounts, size):
    answers = make.complete_assessment(**dict(zip(INCOMES, amounts, strict=True)))
    judged = evaluate(ASSESSMENT, answers, make.make_context(household={"size": size}))
    assert judged.computed["income_total_idr"] == sum(amounts)
    assert abs(judged.computed["income_per_capita"] * size - sum(amounts)) * 2 <= size


def test_income_is_shown_against_the_poverty_line():
    judged = judge(ASSESSMENT, make.complete_assessment(), household={"size": 4})
    assert judged.computed["income_per_capita"] == 725_000
    assert judged.computed["ratio_to_poverty_line"] == 725_000 * 100 // 897_759


@pytest.mark.parametrize(("other", "expected"), [(3_450_000, None), (3_450_001, PERINGATAN)])
def test_expenses_above_twice_the_income_are_a_warning(other, expected):
    assert said(ASSESSMENT, make.complete_assessment(exp_other_idr=other), "EXPENSES_ABOVE_INCOME") == expected


@pytest.mark.parametrize(("amount", "expected"), [(15_000_000, None), (15_000_001, PERINGATAN)])
def test_an_unusual_income_is_a_warning(amount, expected):
    assert said(ASSESSMENT, make.complete_assessment(income_main_idr=amount), "AMT_UNUSUAL") == expected


@pytest.mark.parametrize(("hours", "expected"), [("0", None), ("16", None), ("16.5", GALAT)])
def test_a_day_has_at_most_sixteen_hours_for_the_business(hours, expected):
    assert said(ASSESSMENT, make.complete_assessment(hours_available=hours), "TOO_LARGE") == expected


def test_at_least_two_markets_are_rated():
    one = make.complete_assessment()["demand"][:1]
    assert said(ASSESSMENT, make.complete_assessment(demand=one), "TOO_FEW") == GALAT


def test_the_material_of_each_wish_is_rated():
    wish = [{"id": "i1", "rank": 1, "idea_code": "AMPLANG"}]
    assert said(ASSESSMENT, make.complete_assessment(interests=wish), "RAW_NOT_RATED") == GALAT


@pytest.mark.parametrize(("ranks", "expected"), [((1, 2), None), ((1, 1), GALAT), ((2, 3), GALAT)])
def test_wishes_are_ranked_from_one(ranks, expected):
    wishes = [
        {"id": str(n), "rank": rank, "idea_code": idea}
        for n, (rank, idea) in enumerate(zip(ranks, ("GORENGAN", "KUE_BASAH"), strict=True))
    ]
    assert said(ASSESSMENT, make.complete_assessment(interests=wishes), "RANKS") == expected


def test_nothing_is_both_wished_and_refused():
    assert said(ASSESSMENT, make.complete_assessment(refuse=["GORENGAN"]), "WISHED_AND_REFUSED") == GALAT


def test_no_line_of_a_table_says_the_same_twice():
    skill = make.complete_assessment()["skills"][0]
    answers = make.complete_assessment(skills=[skill, {**skill, "id": "k2"}])
    assert said(ASSESSMENT, answers, "ROW_TWICE") == GALAT


def test_the_proposal_is_added_up_and_held_against_the_batch():
    answers = make.complete_assessment()
    total = 650_000 + 20 * 18_000
    assert judge(ASSESSMENT, answers).computed["proposed_aid_total_idr"] == total
    assert said(ASSESSMENT, answers, "AID_ABOVE_UNIT_AMOUNT", batch={"unit_amount_idr": total}) is None
    assert said(ASSESSMENT, answers, "AID_ABOVE_UNIT_AMOUNT", batch={"unit_amount_idr": total - 1}) == PERINGATAN


def test_half_a_kilo_is_priced_half_up():
    row = {"id": "r", "item": "Tepung", "qty": "0.5", "unit": "kg", "price_idr": 12_001}
    judged = judge(ASSESSMENT, make.complete_assessment(proposed_aid=[row]))
    assert judged.computed["proposed_aid_total_idr"] == 6_001


@pytest.mark.parametrize(("qty", "expected"), [("0", GALAT), ("0.0", GALAT), ("0.1", None)])
def test_nothing_is_proposed_in_no_quantity(qty, expected):
    row = {"id": "r", "item": "Tepung", "qty": qty, "unit": "kg", "price_idr": 12_000}
    assert said(ASSESSMENT, make.complete_assessment(proposed_aid=[row]), "QUANTITY_ZERO") == expected


@pytest.mark.parametrize(("length", "expected"), [(9, GALAT), (10, None)])
def test_the_choice_of_a_business_is_explained_in_ten_letters(length, expected):
    assert said(ASSESSMENT, make.complete_assessment(chosen_reason="a" * length), "TEXT_TOO_SHORT") == expected


def test_where_the_officer_advises_against_nothing_is_proposed():
    answers = make.complete_assessment(
        officer_opinion="tidak_layak", chosen_idea=None, chosen_reason=None, chosen_by=None, proposed_aid=None
    )
    assert [f.question for f in judge(ASSESSMENT, answers).errors] == ["officer_opinion_reason"]


def test_no_debt_is_an_answer():
    judged = judge(ASSESSMENT, make.complete_assessment(has_debts=False, debts=None, exp_debt_idr=0))
    assert (judged.errors, judged.computed["debt_total_idr"]) == ((), 0)


def test_instalments_that_the_expenses_do_not_know_are_a_warning():
    assert said(ASSESSMENT, make.complete_assessment(exp_debt_idr=0), "INSTALMENTS_DIFFER") == PERINGATAN
    assert said(ASSESSMENT, make.complete_assessment(), "INSTALMENTS_DIFFER") is None


def test_a_group_is_not_asked_about_a_familys_money():
    judged = judge(ASSESSMENT, make.complete_assessment("group"))
    assert {"income_main_idr", "exp_food_idr", "savings_idr"} & judged.applicable == set()
    assert judged.errors == ()


def test_a_signature_is_waived_with_a_reason():
    answers = make.complete_assessment(signature_respondent={"waived": "Tangan sakit"})
    assert judge(ASSESSMENT, answers).errors == ()
