"""Rupiah by handbook 3.4 and the words of 9.0."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kube_field.domain.money import (
    LARGEST_IDR,
    accounting,
    amount_in_words,
    check_amount,
    group_thousands,
    number_in_words,
    round_half_up,
    show_rupiah,
)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("0", 0),
        ("1250000", 1_250_000),
        ("1.250.000", 1_250_000),
        ("Rp1.250.000", 1_250_000),
        ("Rp 1.250.000", 1_250_000),
        ("rp. 1.250.000,00", 1_250_000),
        ("IDR 1.250.000", 1_250_000),
        ("1.250.000,-", 1_250_000),
        ("1250000,00", 1_250_000),
        ("2,5 juta", 2_500_000),
        ("2,5jt", 2_500_000),
        ("Rp2,5 JT", 2_500_000),
        ("1,250 juta", 1_250_000),
        ("1.000 juta", 1_000_000_000),
        ("500rb", 500_000),
        ("500 ribu", 500_000),
        ("75k", 75_000),
        ("0,5 rb", 500),
        ("99.999.999.999", LARGEST_IDR),
    ],
)
def test_amounts_that_people_type(typed, value):
    checked = check_amount(typed)
    assert (checked.verdict, checked.codes, checked.value) == ("ok", (), value)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "AMT_REQUIRED"),
        ("  ", "AMT_REQUIRED"),
        ("Rp", "AMT_FORMAT"),
        ("abc", "AMT_FORMAT"),
        ("12.50", "AMT_FORMAT"),
        ("1.2500", "AMT_FORMAT"),
        ("1250.000", "AMT_FORMAT"),
        ("1..250", "AMT_FORMAT"),
        ("0.500", "AMT_FORMAT"),
        ("2.5 juta", "AMT_FORMAT"),
        ("2 miliar", "AMT_FORMAT"),
        ("1 250 000", "AMT_FORMAT"),
        ("6,4E+15", "AMT_FORMAT"),
        ("\uff11000", "AMT_FORMAT"),
        ("satu juta", "AMT_FORMAT"),
        ("-", "AMT_FORMAT"),
        ("1,250", "AMT_AMBIGUOUS"),
        ("12,500.00", "AMT_AMBIGUOUS"),
        ("1.250.000,50", "AMT_FRACTION"),
        ("1250,5", "AMT_FRACTION"),
        ("1,250,000.50", "AMT_FRACTION"),
        ("1,2345 rb", "AMT_FRACTION"),
        ("2,5555555 juta", "AMT_FRACTION"),
        ("-5000", "AMT_NEGATIVE"),
        ("-Rp5.000", "AMT_NEGATIVE"),
        ("Rp-5.000", "AMT_NEGATIVE"),
        ("Rp -5.000", "AMT_NEGATIVE"),
        ("−5000", "AMT_NEGATIVE"),
        ("(350.000)", "AMT_NEGATIVE"),
        ("Rp(350.000)", "AMT_NEGATIVE"),
        ("100.000.000.000", "AMT_TOO_LARGE"),
        ("100000 juta", "AMT_TOO_LARGE"),
    ],
)
def test_amounts_that_cannot_be_read(typed, code):
    checked = check_amount(typed)
    assert (checked.verdict, checked.codes) == ("error", (code,))


def test_an_ambiguous_comma_is_explained():
    assert check_amount("1,250").findings[0][2] == "Gunakan titik untuk ribuan."


def test_english_groups_are_read_with_a_warning():
    for typed in ("1,250,000", "Rp1,250,000", "1,250,000.00"):
        checked = check_amount(typed)
        assert (checked.verdict, checked.codes, checked.value) == ("warning", ("AMT_ENGLISH_GROUPING",), 1_250_000)


def test_the_soft_limit_itself_is_still_usual():
    assert check_amount("15.000.000", soft_limit=15_000_000).verdict == "ok"
    above = check_amount("15.000.001", soft_limit=15_000_000)
    assert (above.verdict, above.codes) == ("warning", ("AMT_UNUSUAL",))
    assert above.findings[0][2] == "Nilai sangat besar, periksa jumlah nol."
    assert check_amount("16,000,000", soft_limit=15_000_000).codes == ("AMT_ENGLISH_GROUPING", "AMT_UNUSUAL")


def test_empty_is_not_zero():
    assert check_amount("", required=False).value is None
    assert check_amount("0", required=False).value == 0


@given(st.integers(0, LARGEST_IDR))
def test_an_amount_is_read_back_from_every_way_it_is_shown(amount):
    for shown in (show_rupiah(amount), group_thousands(amount), f"{show_rupiah(amount)},00", str(amount)):
        assert check_amount(shown).value == amount


@given(st.text(max_size=25))
def test_any_text_gets_a_verdict(text):
    checked = check_amount(text)
    assert (checked.value is not None) or checked.verdict == "error"


def test_losses_stand_in_brackets_in_tables():
    assert accounting(-350_000) == "(350.000)"
    assert accounting(350_000) == "350.000"
    assert accounting(0) == "0"
    assert show_rupiah(-350_000) == "-Rp350.000"


@pytest.mark.parametrize(
    ("top", "bottom", "rounded"),
    [(5, 2, 3), (-5, 2, -3), (7, 3, 2), (8, 3, 3), (225, 10, 23), (0, 7, 0), (1, 3, 0), (5, -2, -3)],
)
def test_halves_are_rounded_up_without_floating_point(top, bottom, rounded):
    assert round_half_up(top, bottom) == rounded


@given(st.integers(-(10**15), 10**15), st.integers(1, 10**9))
def test_rounding_is_never_further_away_than_a_half(top, bottom):
    assert abs(round_half_up(top, bottom) * bottom - top) * 2 <= bottom


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "nol"),
        (1, "satu"),
        (9, "sembilan"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (12, "dua belas"),
        (19, "sembilan belas"),
        (20, "dua puluh"),
        (21, "dua puluh satu"),
        (100, "seratus"),
        (101, "seratus satu"),
        (110, "seratus sepuluh"),
        (111, "seratus sebelas"),
        (200, "dua ratus"),
        (1000, "seribu"),
        (1100, "seribu seratus"),
        (2000, "dua ribu"),
        (11_000, "sebelas ribu"),
        (100_000, "seratus ribu"),
        (101_000, "seratus satu ribu"),
        (111_011, "seratus sebelas ribu sebelas"),
        (201_000, "dua ratus satu ribu"),
        (1_000_000, "satu juta"),
        (1_001_000, "satu juta seribu"),
        (1_250_500, "satu juta dua ratus lima puluh ribu lima ratus"),
        (20_000_000, "dua puluh juta"),
        (1_000_000_000, "satu miliar"),
        (
            LARGEST_IDR,
            "sembilan puluh sembilan miliar sembilan ratus sembilan puluh sembilan juta "
            "sembilan ratus sembilan puluh sembilan ribu sembilan ratus sembilan puluh sembilan",
        ),
    ],
)
def test_numbers_in_words(amount, words):
    assert number_in_words(amount) == words
    assert amount_in_words(amount) == f"{words} rupiah"


def _read_words(words):
    """A second, independent reading of number words, for the property below."""
    ones = ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"]
    total = group = last = 0
    for word in words.split():
        if word in ones:
            last = ones.index(word)
        elif word in ("sepuluh", "sebelas"):
            last = {"sepuluh": 10, "sebelas": 11}[word]
        elif word == "belas":
            last += 10
        elif word == "puluh":
            group, last = group + last * 10, 0
        elif word in ("ratus", "seratus"):
            group, last = group + (1 if word == "seratus" else last) * 100, 0
        elif word == "seribu":
            total, group, last = total + 1000, 0, 0
        else:
            scale = {"ribu": 10**3, "juta": 10**6, "miliar": 10**9}[word]
            total, group, last = total + (group + last) * scale, 0, 0
    return total + group + last


@given(st.integers(0, LARGEST_IDR))
def test_words_say_the_number(amount):
    assert _read_words(number_in_words(amount)) == amount
