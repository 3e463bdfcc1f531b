"""NIK and KK numbers by handbook 3.1 and 3.2, both sides of every threshold."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kube_field.domain.identifiers import (
    check_kk,
    check_nik,
    group_nik,
    mask_nik,
    nik_birth_date,
    nik_sex,
    normalise_number,
)
from kube_field.reference import load_reference

TODAY = date(2026, 11, 23)
GOOD = "6402124806689901"
REGIONS = load_reference().regions


def nik(text, **context):
    return check_nik(text, today=TODAY, regions=REGIONS, **context)


def kk(text, **context):
    return check_kk(text, today=TODAY, regions=REGIONS, **context)


def made(day_part="480668", region="640212", serial="9901"):
    return region + day_part + serial


@pytest.mark.parametrize(
    "typed",
    [
        "6402124806689901",
        "'6402124806689901",
        "6402 1248 0668 9901",
        "6402-1248-0668-9901",
        "6402.1248.0668.9901",
        "6402\u00a01248\u00a00668\u00a09901",
        "6402–1248—0668‑9901",
        " 6402124806689901\n",
    ],
)
def test_a_good_nik_is_read_from_every_usual_spelling(typed):
    checked = nik(typed)
    assert (checked.verdict, checked.codes, checked.value) == ("ok", (), GOOD)


def test_only_one_leading_apostrophe_is_dropped():
    assert nik("''6402124806689901").codes == ("NIK_CHARS",)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "NIK_REQUIRED"),
        ("  ", "NIK_REQUIRED"),
        ("64021248066899O1", "NIK_CHARS"),
        ("6,4E+15", "NIK_CHARS"),
        ("\uff16402124806689901", "NIK_CHARS"),
        ("٦٤٠٢١٢٤٨٠٦٦٨٩٩٠١", "NIK_CHARS"),
        ("640212480668990²", "NIK_CHARS"),
        ("640212480668990", "NIK_LENGTH"),
        ("64021248066899011", "NIK_LENGTH"),
        ("1111111111111111", "NIK_PLACEHOLDER"),
        ("0000000000000000", "NIK_PLACEHOLDER"),
        ("1234567890123456", "NIK_PLACEHOLDER"),
        ("0123456789012345", "NIK_PLACEHOLDER"),
    ],
)
def test_what_cannot_be_a_nik_is_an_error(typed, code):
    checked = nik(typed)
    assert (checked.verdict, checked.codes) == ("error", (code,))


def test_messages_are_those_of_the_handbook():
    assert nik("").findings[0][2] == "NIK wajib diisi."
    assert nik("12a").findings[0][2] == "NIK hanya boleh berisi angka 0–9. Periksa huruf O atau I."
    assert nik("640212").findings[0][2] == "NIK harus 16 angka, yang diisi 6 angka."
    assert nik("1" * 16).findings[0][2] == "NIK ini bukan nomor sebenarnya."
    assert nik(GOOD, kk=GOOD).findings[0][2] == "Yang diisi adalah nomor KK, bukan NIK."
    assert nik(GOOD, existing={GOOD: "Melati"}).findings[0][2] == "NIK sudah dipakai: Melati."


def test_an_empty_nik_is_fine_where_it_is_not_required():
    assert nik("", required=False).verdict == "ok"


def test_a_nik_of_somebody_else_and_the_kk_number_are_errors():
    assert nik(GOOD, existing={GOOD: "Melati"}).codes == ("NIK_DUPLICATE",)
    assert nik(GOOD, kk="6402 1248 0668 9901").codes == ("NIK_IS_KK",)
    assert nik(GOOD, kk=GOOD, existing={GOOD: "Melati"}).codes == ("NIK_IS_KK", "NIK_DUPLICATE")


@pytest.mark.parametrize(
    ("region", "verdict"),
    [
        ("640212", "ok"),
        ("350709", "ok"),
        ("640499", "ok"),
        ("640501", "ok"),
        ("640601", "ok"),
        ("641001", "ok"),
        ("647301", "ok"),
        ("640701", "ok"),
        ("640704", "ok"),
        ("640219", "ok"),
        ("640799", "warning"),
        ("641201", "warning"),
        ("009999", "warning"),
    ],
)
def test_regions_of_today_and_of_the_past_are_known(region, verdict):
    checked = nik(made(region=region))
    assert checked.verdict == verdict
    assert checked.codes == (() if verdict == "ok" else ("NIK_REGION_UNKNOWN",))


def test_a_nik_from_another_region_is_told_silently():
    checked = nik("3507096204749903", domicile="64.02.12")
    assert (checked.verdict, checked.codes) == ("ok", ("NIK_OTHER_REGION",))
    assert checked.findings[0][2] == "NIK pertama diterbitkan di Kecamatan Turen, Kabupaten Malang."
    assert nik(GOOD, domicile="64.02.12").codes == ()
    assert nik(GOOD, domicile="64.02.12.2002").codes == ()
    assert nik(made(region="640401"), domicile="64.02.12").findings[0][2].endswith("Kabupaten Bulungan.")


@pytest.mark.parametrize(
    ("date_part", "valid"),
    [
        ("310168", True),
        ("710168", True),
        ("320168", False),
        ("400168", False),
        ("410168", True),
        ("720168", False),
        ("000168", False),
        ("310468", False),
        ("011368", False),
        ("010068", False),
        ("290224", True),
        ("290223", False),
        ("290200", True),
        ("690200", True),
    ],
)
def test_the_date_in_a_nik_must_exist_in_one_of_two_centuries(date_part, valid):
    assert ("NIK_DATE_INVALID" not in nik(made(date_part), born=date(1968, 1, 31)).codes) == valid


def test_the_entered_birth_date_is_compared_on_day_month_and_two_digits_of_the_year():
    assert nik(GOOD, born=date(1968, 6, 8)).verdict == "ok"
    for other in (date(1968, 6, 9), date(1968, 7, 8), date(1969, 6, 8)):
        assert nik(GOOD, born=other).codes == ("NIK_DOB_MISMATCH",)
    assert nik(GOOD, born=date(1868, 6, 8)).verdict == "ok"


def test_a_birth_date_known_by_its_year_is_compared_by_its_year():
    assert nik(GOOD, born=date(1968, 7, 1), born_year_only=True).verdict == "ok"
    assert nik(GOOD, born=date(1967, 7, 1), born_year_only=True).codes == ("NIK_DOB_MISMATCH",)


@pytest.mark.parametrize(
    ("date_part", "sex", "mismatch"),
    [
        ("080668", "L", False),
        ("080668", "P", True),
        ("480668", "P", False),
        ("480668", "L", True),
        ("480668", "", False),
    ],
)
def test_sex_is_compared_with_the_day(date_part, sex, mismatch):
    assert ("NIK_SEX_MISMATCH" in nik(made(date_part), sex=sex).codes) == mismatch


def test_serial_zero_is_a_warning():
    assert nik(made(serial="0000")).codes == ("NIK_SERIAL_ZERO",)
    assert nik(made(serial="0001")).verdict == "ok"


@pytest.mark.parametrize(
    ("date_part", "minor"), [("231109", False), ("241109", True), ("010126", True), ("010127", False)]
)
def test_a_child_by_its_nik_is_a_warning_until_the_birth_date_is_entered(date_part, minor):
    assert ("NIK_MINOR" in nik(made(date_part)).codes) == minor
    assert "NIK_MINOR" not in nik(made(date_part), born=date(1980, 1, 1)).codes


def test_the_message_names_the_age():
    assert nik(made("241109")).findings[0][2] == "Menurut NIK, umur 16 tahun."


def test_the_year_is_this_century_when_it_is_not_after_the_reference_year():
    assert nik_birth_date(made("010126"), TODAY) == date(2026, 1, 1)
    assert nik_birth_date(made("010127"), TODAY) == date(1927, 1, 1)
    assert nik_birth_date(made("690200"), TODAY) == date(2000, 2, 29)
    assert nik_birth_date(made("320168"), TODAY) is None


def test_sex_is_read_from_the_day():
    assert [nik_sex(made(part + "0168")) for part in ("01", "31", "32", "40", "41", "71", "72", "00")] == [
        "L",
        "L",
        "",
        "",
        "P",
        "P",
        "",
        "",
    ]


def test_a_nik_is_shown_masked_and_in_groups():
    assert mask_nik("6402124701859906") == "6402********9906"
    assert group_nik("6402124701859906") == "6402 1247 0185 9906"
    assert mask_nik("") == ""
    assert mask_nik("12345") == "*****"


@given(st.text(alphabet="0123456789", min_size=16, max_size=16))
def test_masked_never_shows_the_middle(number):
    masked = mask_nik(number)
    assert len(masked) == 16
    assert masked[4:12] == "*" * 8
    assert (masked[:4], masked[12:]) == (number[:4], number[12:])


@given(st.text(alphabet="0123456789 .-–'\u00a0", max_size=30))
def test_normalising_a_readable_number_twice_changes_nothing(typed):
    value = check_nik(typed, today=TODAY, required=False).value
    assert value is None or normalise_number(value) == value


@given(st.text(max_size=30))
def test_any_text_gets_a_verdict(typed):
    for checked in (check_nik(typed, today=TODAY, regions=REGIONS), check_kk(typed, today=TODAY, regions=REGIONS)):
        assert (checked.value is not None) or checked.verdict == "error"


@given(st.dates(date(1927, 1, 1), date(2026, 11, 23)), st.sampled_from("LP"))
def test_a_nik_made_of_a_birth_date_gives_it_back(born, sex):
    number = f"640212{born.day + (40 if sex == 'P' else 0):02d}{born.month:02d}{born.year % 100:02d}9901"
    assert (nik_birth_date(number, TODAY), nik_sex(number)) == (born, sex)
    assert check_nik(number, today=TODAY, born=born, sex=sex, domicile="64.02.12", regions=REGIONS).codes == ()


@pytest.mark.parametrize(
    ("typed", "verdict", "codes"),
    [
        ("6402121204139801", "ok", ()),
        ("6402-1212-0413-9801", "ok", ()),
        ("", "error", ("KK_REQUIRED",)),
        ("64021212O4139801", "error", ("KK_CHARS",)),
        ("640212120413980", "error", ("KK_LENGTH",)),
        ("7777777777777777", "error", ("KK_PLACEHOLDER",)),
        ("9999991204139801", "warning", ("KK_REGION_UNKNOWN",)),
        ("6402125204139801", "warning", ("KK_LOOKS_LIKE_NIK",)),
        ("6402124104139801", "warning", ("KK_LOOKS_LIKE_NIK",)),
        ("6402127199139801", "warning", ("KK_LOOKS_LIKE_NIK",)),
        ("6402124004139801", "warning", ("KK_DATE_INVALID",)),
        ("6402127204139801", "warning", ("KK_DATE_INVALID",)),
        ("6402123104139801", "warning", ("KK_DATE_INVALID",)),
        ("6402122311269801", "ok", ()),
        ("6402122411269801", "warning", ("KK_DATE_FUTURE",)),
        ("6402120101989801", "warning", ("KK_DATE_FUTURE",)),
        ("6402121204130000", "warning", ("KK_SERIAL_ZERO",)),
        ("9999995204130000", "warning", ("KK_REGION_UNKNOWN", "KK_LOOKS_LIKE_NIK", "KK_SERIAL_ZERO")),
    ],
)
def test_kk_numbers(typed, verdict, codes):
    checked = kk(typed)
    assert (checked.verdict, checked.codes) == (verdict, codes)


def test_a_nik_of_the_family_is_no_kk_number():
    assert kk(GOOD, niks=["6402 1248 0668 9901"]).codes == ("KK_IS_NIK",)
    assert kk("", required=False).verdict == "ok"
    assert kk("6402125204139801").findings[0][2] == "Angka ini mirip NIK perempuan."
