"""Telephone numbers by handbook 3.3."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kube_field.domain.phones import check_phone, show_phone


@pytest.mark.parametrize(
    "typed",
    [
        "081120003344",
        "0811-2000-3344",
        "0811 2000 3344",
        "(0811) 2000.3344",
        "+6281120003344",
        "+62 0811 2000 3344",
        "6281120003344",
        "62081120003344",
        "006281120003344",
        "0062081120003344",
        "'081120003344",
    ],
)
def test_every_spelling_of_a_mobile_number_is_stored_alike(typed):
    checked = check_phone(typed)
    assert (checked.verdict, checked.codes, checked.value) == ("ok", (), "+6281120003344")


@pytest.mark.parametrize(
    ("typed", "verdict", "codes", "value"),
    [
        ("", "ok", (), None),
        ("   ", "ok", (), None),
        ("081120003344/081120003355", "error", ("PHONE_MULTIPLE",), None),
        ("081120003344, 081120003355", "error", ("PHONE_MULTIPLE",), None),
        ("081120003344;081120003355", "error", ("PHONE_MULTIPLE",), None),
        ("081120003344 & 081120003355", "error", ("PHONE_MULTIPLE",), None),
        ("081120003344 atau 081120003355", "error", ("PHONE_MULTIPLE",), None),
        ("081120003344 Atau 081120003355", "error", ("PHONE_MULTIPLE",), None),
        ("0811 2000 3344 (WA)", "error", ("PHONE_CHARS",), None),
        ("tidak ada", "error", ("PHONE_CHARS",), None),
        ("08112000334\uff14", "error", ("PHONE_CHARS",), None),
        ("+", "error", ("PHONE_CHARS",), None),
        ("0811+2000", "error", ("PHONE_CHARS",), None),
        ("81120003344", "warning", ("PHONE_NO_LEADING_ZERO",), "+6281120003344"),
        ("+60123456789", "warning", ("PHONE_FOREIGN",), "+60123456789"),
        ("+6012345", "error", ("PHONE_LENGTH",), None),
        ("+60123456", "warning", ("PHONE_FOREIGN",), "+60123456"),
        ("+601234567890123", "warning", ("PHONE_FOREIGN",), "+601234567890123"),
        ("+6012345678901234", "error", ("PHONE_LENGTH",), None),
        ("081234567", "error", ("PHONE_LENGTH",), None),
        ("0812345678", "ok", (), "+62812345678"),
        ("0812345678901", "ok", (), "+62812345678901"),
        ("08123456789012", "error", ("PHONE_LENGTH",), None),
        ("080123456789", "error", ("PHONE_INVALID",), None),
        ("0541202020", "ok", ("PHONE_LANDLINE",), "+62541202020"),
        ("054120", "error", ("PHONE_LENGTH",), None),
        ("05412020", "ok", ("PHONE_LANDLINE",), "+625412020"),
        ("054120202020", "ok", ("PHONE_LANDLINE",), "+6254120202020"),
        ("0541202020201", "error", ("PHONE_LENGTH",), None),
        ("621234567", "ok", ("PHONE_LANDLINE",), "+62621234567"),
        ("081200000000", "warning", ("PHONE_SUSPICIOUS",), "+6281200000000"),
        ("081210000000", "ok", (), "+6281210000000"),
        ("81200000000", "warning", ("PHONE_NO_LEADING_ZERO", "PHONE_SUSPICIOUS"), "+6281200000000"),
        ("0000000", "error", ("PHONE_INVALID",), None),
    ],
)
def test_numbers(typed, verdict, codes, value):
    checked = check_phone(typed)
    assert (checked.verdict, checked.codes, checked.value) == (verdict, codes, value)


def test_two_numbers_are_refused_with_the_words_of_the_handbook():
    assert check_phone("0811/0812").findings[0][2] == "Isi satu nomor saja."


def test_a_required_number_that_is_missing_is_an_error():
    assert check_phone("", required=True).codes == ("PHONE_REQUIRED",)


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("+6281120003344", "0811-2000-3344"),
        ("+62812345678", "0812-3456-78"),
        ("+62812345678901", "0812-3456-78901"),
        ("+62541202020", "0541-202020"),
        ("+60123456789", "+60123456789"),
    ],
)
def test_a_number_is_shown_as_people_write_it(stored, shown):
    assert show_phone(stored) == shown


@given(st.text(alphabet="0123456789+-. ()/", max_size=20))
def test_reading_what_is_shown_gives_the_stored_number_back(typed):
    value = check_phone(typed).value
    if value is not None:
        assert check_phone(value).value == value
        assert check_phone(show_phone(value)).value == value


@given(st.text(max_size=30))
def test_any_text_gets_a_verdict(typed):
    checked = check_phone(typed)
    assert checked.value is not None or checked.verdict == "error" or not typed.strip().removeprefix("'").strip()
