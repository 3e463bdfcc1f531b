"""The command `check`: fields, context keys as text, verdicts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kube_field.domain.checks import as_answer, check
from kube_field.domain.forms.catalogue import FORMS
from kube_field.errors import Failure, KubeFieldError
from kube_field.reference import load_reference

TODAY = date(2026, 11, 23)
REGIONS = load_reference().regions
NIK = "6402124806689901"


def ask(field, value, **context):
    return as_answer(check(field, value, context, TODAY, REGIONS))


def answer(verdict, *codes, value):
    return {"verdict": verdict, "codes": list(codes), "value": value}


def test_a_good_nik_answers_its_normal_form():
    assert ask("nik", "6402 1248 0668 9901", dob="08/06/1968", sex="P", domicile="64.02.12") == answer("ok", value=NIK)


def test_for_ok_the_silent_codes_are_told():
    assert ask("nik", "3507096204749903", domicile="64.02.12")["codes"] == ["NIK_OTHER_REGION"]


@pytest.mark.parametrize("existing", [[NIK], {NIK: "Melati"}, NIK, f"6402125511719902, {NIK}"])
def test_existing_niks_come_as_list_mapping_or_text(existing):
    assert ask("nik", NIK, existing=existing)["codes"] == ["NIK_DUPLICATE"]


def test_context_values_of_the_nik():
    assert ask("nik", NIK, kk=NIK)["codes"] == ["NIK_IS_KK"]
    assert ask("nik", NIK, dob="1968-06-09", sex="L")["codes"] == ["NIK_DOB_MISMATCH", "NIK_SEX_MISMATCH"]
    assert ask("kk", "6402121204139801", niks=["6402121204139801"])["codes"] == ["KK_IS_NIK"]
    assert ask("nik", 6402124806689901)["verdict"] == "ok"


@pytest.mark.parametrize("field", ["nik", "kk", "name", "amount", "date"])
def test_an_empty_value_is_an_error_unless_the_context_says_it_is_a_draft(field):
    assert ask(field, "")["verdict"] == "error"
    assert ask(field, None)["codes"][0].endswith("_REQUIRED")
    for no in ("0", 0, False):
        assert ask(field, "", required=no) == answer("ok", value="")


def test_a_phone_number_is_optional():
    assert ask("phone", "") == answer("ok", value="")
    assert ask("phone", "", required="1")["codes"] == ["PHONE_REQUIRED"]
    assert ask("phone", "0811-2000-3344") == answer("ok", value="+6281120003344")


def test_a_soft_limit_comes_as_text_or_number():
    for limit in (15_000_000, "15000000", "15.000.000"):
        assert ask("amount", "16 juta", soft_max=limit) == answer("warning", "AMT_UNUSUAL", value=16_000_000)
    assert ask("amount", "0") == answer("ok", value=0)
    assert ask("amount", 1250000) == answer("ok", value=1_250_000)
    assert ask("amount", "-5") == answer("error", "AMT_NEGATIVE", value="")


def test_dates_know_visit_birth_and_handover():
    assert ask("date", "24/11/2026")["codes"] == ["DATE_FUTURE"]
    assert ask("date", "01/02/2026", kind="visit", handover="2026-02-10")["codes"] == ["DATE_BEFORE_HANDOVER"]
    assert ask("date", "23/11/1966", kind="birth", category="prse")["codes"] == ["AGE_OVER_59"]
    assert ask("date", "23/11/1966", kind="birth")["verdict"] == "ok"
    assert ask("date", "5 Jan 2026") == answer("ok", value="2026-01-05")


def test_a_question_of_a_form_is_judged_by_its_own_rules():
    assert ask("visit.revenue_idr", "1.250.000") == answer("ok", value=1_250_000)
    assert ask("visit.revenue_idr", "1,250")["codes"] == ["AMT_AMBIGUOUS"]
    assert ask("visit.revenue_idr", "100.000.001")["codes"] == ["AMT_UNUSUAL"]
    assert ask("visit.revenue_idr", 100_000_000)["verdict"] == "ok"
    assert ask("visit.visited_on", "24/11/2026")["codes"] == ["DATE_FUTURE"]
    assert ask("visit.business_status", "entah")["codes"] == ["CHOICE_UNKNOWN"]
    assert ask("person.full_name", "Y")["codes"] == ["NAME_SINGLE_LETTER"]
    assert ask("person.full_name", "")["codes"] == ["NAME_REQUIRED"]
    assert ask("person.nik", NIK, existing=[NIK])["codes"] == ["NIK_DUPLICATE"]


@pytest.mark.parametrize("field", ["", "umur", "visit", "visit.none", "none.full_name"])
def test_an_unknown_field_is_named(field):
    with pytest.raises(KubeFieldError) as caught:
        ask(field, "1")
    assert caught.value.failure is Failure.USAGE


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    ["nik", "kk", "phone", "name", "amount", "date"]
    + [f"{form.kind}.{question.code}" for form in FORMS for question in form.questions()]
)
CONTEXT = st.fixed_dictionaries(
    {},
    optional={
        key: JSON
        for key in (
            "dob",
            "sex",
            "domicile",
            "existing",
            "niks",
            "kk",
            "kind",
            "category",
            "handover",
            "soft_max",
            "required",
        )
    },
)


@given(FIELDS, JSON, CONTEXT)
def test_any_value_in_any_context_gets_a_verdict(field, value, context):
    assert ask(field, value, **context)["verdict"] in ("ok", "warning", "error")
