"""Each kind of question at the borders of what it accepts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kube_field.domain.forms.declaration import Choice, Kind, Question, choices
from kube_field.domain.forms.kinds import check_value
from kube_field.reference import load_reference
from tests.support import make_answers as make


def codes(kind: Kind, value, **declared) -> list[str]:
    question = Question(code="q", label="Q", kind=kind, **declared)
    context = make.make_context(reference=load_reference() if kind == Kind.REGION else None)
    return [code for code, _severity, _message in check_value(question, value, context)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, []),
        (100, []),
        (101, ["AMT_UNUSUAL"]),
        (99_999_999_999, ["AMT_UNUSUAL"]),
        (100_000_000_000, ["AMT_TOO_LARGE"]),
        (-1, ["AMT_NEGATIVE"]),
        ("100", ["AMT_FORMAT"]),
        (1.0, ["AMT_FORMAT"]),
        (True, ["AMT_FORMAT"]),
    ],
)
def test_rupiah_is_a_whole_number_that_is_not_negative(value, expected):
    assert codes(Kind.RUPIAH, value, soft_limit=100) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1, []), (30, []), (0, ["TOO_SMALL"]), (31, ["TOO_LARGE"]), (True, ["SHAPE"]), (2**53, ["SHAPE"])],
)
def test_a_whole_number_keeps_its_bounds(value, expected):
    assert codes(Kind.INTEGER, value, at_least=1, at_most=30) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0", []),
        ("16", []),
        ("1.5", []),
        ("16.1", ["TOO_LARGE"]),
        ("-0.5", ["TOO_SMALL"]),
        ("1,5", ["DECIMAL_FORMAT"]),
        ("1e1", ["DECIMAL_FORMAT"]),
        ("NaN", ["DECIMAL_FORMAT"]),
        ("٣", ["DECIMAL_FORMAT"]),
        (1.5, ["DECIMAL_FORMAT"]),
    ],
)
def test_a_decimal_is_text_with_a_point(value, expected):
    assert codes(Kind.DECIMAL, value, at_least=0, at_most=16) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-11-23", []),
        ("2028-02-29", []),
        ("2026-02-29", ["DATE_NOT_EXIST"]),
        ("23/11/2026", ["DATE_FORMAT"]),
        ("20261123", ["DATE_FORMAT"]),
        ("2026-W48-1", ["DATE_FORMAT"]),
        (20261123, ["DATE_FORMAT"]),
    ],
)
def test_a_day_is_iso_text_of_the_calendar(value, expected):
    assert codes(Kind.DATE, value) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [("00:00", []), ("23:59", []), ("24:00", ["TIME_FORMAT"]), ("9:30", ["TIME_FORMAT"])]
)
def test_a_time_is_hours_and_minutes(value, expected):
    assert codes(Kind.TIME, value) == expected


def test_a_retired_choice_stays_readable():
    listed = (Choice("baru", "Baru"), Choice("lama", "Lama", active=False))
    assert codes(Kind.ONE_OF, "lama", choices=listed) == []
    assert codes(Kind.ONE_OF, "lain", choices=listed) == ["CHOICE_UNKNOWN"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (["a"], []),
        (["a", "b"], []),
        (["a", "a"], ["CHOICE_TWICE"]),
        (["x"], ["CHOICE_UNKNOWN"]),
        (["none"], []),
        (["none", "a"], ["CHOICE_NONE_AND_OTHERS"]),
        ("a", ["SHAPE"]),
    ],
)
def test_many_choices_are_known_once_and_not_beside_none(value, expected):
    listed = choices(("a", "A"), ("b", "B"), ("none", "Tidak ada"))
    assert codes(Kind.MANY_OF, value, choices=listed) == expected


@pytest.mark.parametrize(("value", "expected"), [(0, []), (4, []), (5, ["CHOICE_UNKNOWN"]), ("4", ["SHAPE"])])
def test_a_level_is_a_number_of_the_list(value, expected):
    assert codes(Kind.LEVEL, value, choices=choices(*((str(n), str(n)) for n in range(5)))) == expected


@pytest.mark.parametrize(("length", "expected"), [(9, ["TEXT_TOO_SHORT"]), (10, []), (80, []), (81, ["TEXT_TOO_LONG"])])
def test_a_text_keeps_its_length(length, expected):
    assert codes(Kind.TEXT, "a" * length, at_least=10, max_length=80) == expected


def test_blanks_are_not_a_text():
    assert codes(Kind.TEXT, "   ") == ["REQUIRED"]
    assert codes(Kind.TEXT, "a\x00b") == ["SHAPE"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (make.NIK, []),
        ("640212480668990", ["NIK_LENGTH"]),
        ("64021248066899O1", ["NIK_CHARS"]),
        ("６402124806689901", ["NIK_CHARS"]),
        ("1" * 16, ["NIK_PLACEHOLDER"]),
        ("6402 1248 0668 9901", ["NOT_NORMAL"]),
        (6402124806689901, ["SHAPE"]),
    ],
)
def test_a_nik_is_sixteen_ascii_digits_as_stored(value, expected):
    assert codes(Kind.NIK, value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("+6281200000001", []), ("081200000001", ["NOT_NORMAL"]), ("0812/0813", ["PHONE_MULTIPLE"])],
)
def test_a_telephone_number_is_stored_in_one_form(value, expected):
    assert codes(Kind.PHONE, value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("Y", ["NAME_SINGLE_LETTER"]), ("Melati", []), ("Nur'aini", []), ("Nur’aini", ["NOT_NORMAL"]), ("😀", 2)],
)
def test_a_name_of_one_word_is_valid_and_silent(value, expected):
    found = codes(Kind.NAME, value)
    assert len(found) == expected if isinstance(expected, int) else found == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("64.02.12.2002", []),
        ("64.02.12.9999", ["REGION_UNKNOWN"]),
        ("64.02.12", ["REGION_FORMAT"]),
        (64, ["REGION_FORMAT"]),
    ],
)
def test_a_village_is_in_the_list(value, expected):
    assert codes(Kind.REGION, value) == expected


@pytest.mark.parametrize(
    ("latitude", "longitude", "expected"),
    [
        ("-2.6", "113.6", []),
        ("2.7", "119.2", []),
        ("-2.600001", "117.0", ["GPS_OUTSIDE"]),
        ("2.700001", "117.0", ["GPS_OUTSIDE"]),
        ("0.5", "113.599999", ["GPS_OUTSIDE"]),
        ("0.5", "119.200001", ["GPS_OUTSIDE"]),
        ("90.1", "117.0", ["GPS_NOT_EXIST"]),
        ("0,5", "117.0", ["GPS_FORMAT"]),
    ],
)
def test_a_place_outside_the_province_is_a_warning(latitude, longitude, expected):
    assert codes(Kind.LOCATION, {"latitude": latitude, "longitude": longitude, "accuracy_m": 5}) == expected


def test_a_place_may_be_unavailable_in_words():
    assert codes(Kind.LOCATION, {"note": "tidak tersedia"}) == []
    assert codes(Kind.LOCATION, {"note": " "}) == ["SHAPE"]
    assert codes(Kind.LOCATION, {"latitude": "0.5"}) == ["GPS_FORMAT"]


@pytest.mark.parametrize(("count", "expected"), [(1, ["TOO_FEW"]), (2, []), (3, []), (4, ["TOO_MANY"])])
def test_rows_are_counted_without_those_taken_back(count, expected):
    rows = [{"id": f"r{n}"} for n in range(count)] + [{"id": "x", "struck": "salah"}]
    assert codes(Kind.ROWS, rows, at_least=2, at_most=3) == expected


def test_a_row_has_an_id_of_its_own():
    assert codes(Kind.ROWS, [{"a": 1}]) == ["SHAPE"]
    assert codes(Kind.ROWS, [{"id": "r"}, {"id": "r"}]) == ["ROW_TWICE"]


@pytest.mark.parametrize(("size", "expected"), [(400 * 1024, []), (400 * 1024 + 1, ["PHOTO_TOO_LARGE"])])
def test_a_photo_is_at_most_four_hundred_kilobytes(size, expected):
    assert codes(Kind.PHOTO, [{**make.photo(), "size": size}]) == expected


def test_a_photo_of_an_unknown_kind_is_asked_again():
    listed = choices(("produk", "Produk"))
    assert codes(Kind.PHOTO, [make.photo(kind="produk")], choices=listed) == []
    assert codes(Kind.PHOTO, [make.photo(kind="lain")], choices=listed) == ["PHOTO_KIND"]


def test_a_signature_is_drawn_or_a_thumbprint_and_has_a_name():
    assert codes(Kind.SIGNATURE, make.signature()) == []
    assert codes(Kind.SIGNATURE, {"name": "Melati", "thumbprint": make.photo()}) == []
    assert codes(Kind.SIGNATURE, {**make.signature(), "name": " "}) == ["SIGNATURE_NAME"]
    assert codes(Kind.SIGNATURE, {"name": "Melati", "strokes": []}) == ["SHAPE"]
    assert codes(Kind.SIGNATURE, {"name": "Melati", "strokes": [[[1.5, 2]]]}) == ["SHAPE"]


def test_a_signature_stays_within_eight_kilobytes():
    long = [[[n, n] for n in range(1000)]]
    assert codes(Kind.SIGNATURE, {"name": "Melati", "strokes": long}) == ["SIGNATURE_TOO_LARGE"]


def test_a_reference_names_a_record():
    assert codes(Kind.PERSON, {"uid": "u", "name": ""}) == []
    assert codes(Kind.REFERENCE, {"uid": "", "name": "x"}) == ["REQUIRED"]


@given(st.integers(min_value=0, max_value=99_999_999_999))
def test_every_amount_of_the_house_is_accepted(amount):
    assert codes(Kind.RUPIAH, amount) == []


@given(st.dates())
def test_every_day_of_the_calendar_is_accepted(day):
    assert codes(Kind.DATE, day.isoformat()) == []
