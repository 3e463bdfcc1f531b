"""Dates by handbook 3.5."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kube_field.domain.dates import (
    MONTHS,
    age_on,
    check_date,
    date_in_words,
    day_and_date,
    month_and_year,
    short_date,
    show_date,
    wita_day,
    wita_text,
)

TODAY = date(2026, 11, 23)


def read(text, **context):
    return check_date(text, today=TODAY, **context)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("05/06/2026", "2026-06-05"),
        ("5/6/2026", "2026-06-05"),
        ("05-06-2026", "2026-06-05"),
        ("05.06.2026", "2026-06-05"),
        ("2026-06-05", "2026-06-05"),
        ("5 Januari 2026", "2026-01-05"),
        ("5 januari 2026", "2026-01-05"),
        ("05  Jan  2026", "2026-01-05"),
        ("5 Feb. 2026", "2026-02-05"),
        ("5 Pebruari 2026", "2026-02-05"),
        ("5 Peb 2026", "2026-02-05"),
        ("5 Mar 2026", "2026-03-05"),
        ("5 Mei 2026", "2026-05-05"),
        ("17 Agust. 2026", "2026-08-17"),
        ("17 Agt 2026", "2026-08-17"),
        ("17 Agu 2026", "2026-08-17"),
        ("1 Sept 2026", "2026-09-01"),
        ("1 Okt 2026", "2026-10-01"),
        ("10 Nopember 2026", "2026-11-10"),
        ("10 Nop. 2026", "2026-11-10"),
        ("31 Des 2025", "2025-12-31"),
        ("29/02/2024", "2024-02-29"),
        ("23/11/2026", "2026-11-23"),
    ],
)
def test_dates_that_people_type(typed, value):
    checked = read(typed)
    assert (checked.verdict, checked.codes, checked.value) == ("ok", (), value)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "DATE_REQUIRED"),
        ("kemarin", "DATE_FORMAT"),
        ("5 May 2026", "DATE_FORMAT"),
        ("05/06-2026", "DATE_FORMAT"),
        ("2026/06/05", "DATE_FORMAT"),
        ("5/6/202", "DATE_FORMAT"),
        ("46000", "DATE_FORMAT"),
        ("0\uff15/06/2026", "DATE_FORMAT"),
        ("05/06/26", "DATE_TWO_DIGIT_YEAR"),
        ("5 Januari 26", "DATE_TWO_DIGIT_YEAR"),
        ("31/02/2026", "DATE_NOT_EXIST"),
        ("29/02/2026", "DATE_NOT_EXIST"),
        ("29/02/1900", "DATE_NOT_EXIST"),
        ("12/25/2025", "DATE_NOT_EXIST"),
        ("00/01/2026", "DATE_NOT_EXIST"),
        ("01/01/0000", "DATE_NOT_EXIST"),
        ("24/11/2026", "DATE_FUTURE"),
    ],
)
def test_dates_that_are_refused(typed, code):
    checked = read(typed)
    assert (checked.verdict, checked.codes) == ("error", (code,))


def test_a_plan_may_lie_ahead_and_an_empty_date_may_be_left_out():
    assert read("24/11/2026", kind="any").verdict == "ok"
    assert read("", required=False).verdict == "ok"


def test_a_visit_before_the_handover_is_a_warning():
    handover = date(2026, 2, 10)
    assert read("10/02/2026", handover=handover).verdict == "ok"
    assert read("09/02/2026", handover=handover).codes == ("DATE_BEFORE_HANDOVER",)
    assert read("09/02/2026", kind="birth", handover=handover).verdict == "ok"


@pytest.mark.parametrize(
    ("born", "verdict", "codes"),
    [
        ("23/11/1916", "ok", ()),
        ("24/11/1915", "ok", ()),
        ("23/11/1915", "error", ("AGE_IMPLAUSIBLE",)),
        ("24/11/2026", "error", ("DATE_FUTURE",)),
    ],
)
def test_nobody_is_older_than_110(born, verdict, codes):
    checked = read(born, kind="birth")
    assert (checked.verdict, checked.codes) == (verdict, codes)


@pytest.mark.parametrize(
    ("born", "codes"),
    [
        ("23/11/2008", ()),
        ("24/11/2008", ("AGE_UNDER_18",)),
        ("24/11/1966", ()),
        ("23/11/1966", ("AGE_OVER_59",)),
    ],
)
def test_the_ages_of_prse_are_18_to_59(born, codes):
    assert read(born, kind="birth", category="prse").codes == codes
    assert read(born, kind="birth", category=["23", "24"]).codes == codes
    assert read(born, kind="birth", category="24").codes == ()


def test_somebody_born_on_29_february_has_a_birthday_on_1_march_of_a_common_year():
    born = date(2008, 2, 29)
    assert age_on(born, date(2026, 2, 28)) == 17
    assert age_on(born, date(2026, 3, 1)) == 18
    assert age_on(born, date(2028, 2, 29)) == 20


def test_dates_are_shown_in_indonesian():
    assert show_date("2026-11-23") == "23 November 2026"
    assert short_date(TODAY) == "23 Nov 2026"
    assert day_and_date(TODAY) == "Senin, 23 November 2026"
    assert day_and_date("2026-11-29") == "Minggu, 29 November 2026"
    assert month_and_year("2025-09-01") == "September 2025"


def test_instants_are_shown_on_the_clocks_of_east_kalimantan():
    assert wita_text("2026-11-23T02:42:04.567Z") == "23 Nov 2026 10.42"
    assert wita_text("2026-11-23T02:42:04.567Z", seconds=True) == "23 Nov 2026 10.42.04"
    assert wita_day("2026-11-23T15:59:59.999Z") == date(2026, 11, 23)
    assert wita_day("2026-11-23T16:00:00.000Z") == date(2026, 11, 24)


def test_the_opening_of_minutes_says_the_date_in_words():
    assert date_in_words(TODAY) == (
        "Pada hari ini, Senin, tanggal dua puluh tiga, bulan November, tahun dua ribu dua puluh enam (23-11-2026)"
    )


@given(st.dates(date(1900, 1, 1), TODAY))
def test_every_way_of_writing_a_day_is_read_back(day):
    spellings = (
        day.isoformat(),
        f"{day.day}/{day.month}/{day.year}",
        f"{day.day:02d}.{day.month:02d}.{day.year}",
        show_date(day),
        short_date(day),
        f"{day.day} {MONTHS[day.month - 1].upper()} {day.year}",
    )
    assert {read(text).value for text in spellings} == {day.isoformat()}


@given(st.text(max_size=25))
def test_any_text_gets_a_verdict(text):
    checked = read(text)
    assert checked.value is not None or checked.verdict == "error"
