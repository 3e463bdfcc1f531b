"""Names by handbook 3.6."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kube_field.domain.names import check_name, fold_name, normalise_name, without_titles


@pytest.mark.parametrize(
    "typed",
    [
        "Dahlia",
        "Melati Contoh Satu",
        "Hj. Cempaka binti Contoh",
        "Sa'diah Contoh",
        "Nur-Aini Contoh",
        "Siti Kembang Sepatu Contoh, S.Pd.",
        "Zoë Müller",
        "d'Água",
    ],
)
def test_names_as_cards_carry_them_are_silent(typed):
    checked = check_name(typed)
    assert (checked.verdict, checked.codes, checked.value) == ("ok", (), typed)


@pytest.mark.parametrize(
    ("typed", "verdict", "codes"),
    [
        ("", "error", ("NAME_REQUIRED",)),
        ("  \u00a0 ", "error", ("NAME_REQUIRED",)),
        ("123", "error", ("NAME_REQUIRED",)),
        ("-", "error", ("NAME_REQUIRED",)),
        ("Melati ☺", "error", ("NAME_CHARS",)),
        ("محمد", "error", ("NAME_CHARS",)),
        ("Мария", "error", ("NAME_CHARS",)),
        ("Ｍelati", "error", ("NAME_CHARS",)),
        ("Melati & Mawar", "error", ("NAME_CHARS",)),
        ("A" + "b" * 119, "warning", ("NAME_LONG",)),
        ("A" + "b" * 120, "error", ("NAME_TOO_LONG",)),
        ("A" + "b" * 59, "ok", ()),
        ("A" + "b" * 60, "warning", ("NAME_LONG",)),
        ("Melati 2", "warning", ("NAME_DIGITS",)),
        ("Melati (janda)", "warning", ("NAME_NOTE",)),
        ("Melati/Mawar", "warning", ("NAME_NOTE",)),
        ("Y", "warning", ("NAME_SINGLE_LETTER",)),
        ("Y.", "warning", ("NAME_SINGLE_LETTER",)),
        ("Yo", "ok", ()),
        ("Y1 (a)", "warning", ("NAME_DIGITS", "NAME_NOTE")),
    ],
)
def test_what_names_may_hold(typed, verdict, codes):
    checked = check_name(typed)
    assert (checked.verdict, checked.codes) == (verdict, codes)


def test_the_longest_sample_name_is_only_a_warning():
    name = "Hj. Anggrek Hutan Khatulistiwa Rimba Mahakam Contoh Sampai Enam"
    assert len(name) == 63
    assert check_name(name).codes == ("NAME_LONG",)


def test_a_note_belongs_elsewhere():
    assert check_name("Melati (alm)").findings[0][2] == "Tulis keterangan di kolom Catatan."


def test_spaces_and_apostrophes_are_normalised_and_case_is_kept():
    assert check_name("  Sa\u2019diah \u00a0 CONTOH ").value == "Sa'diah CONTOH"
    assert check_name("Sa`diah").value == "Sa'diah"
    assert check_name("Zoe\u0308").value == "Zo\u00eb"


def test_an_empty_name_is_fine_where_it_is_not_required():
    assert check_name("", required=False).verdict == "ok"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hj. Cempaka binti Contoh", "cempaka binti contoh"),
        ("H Achmad", "Achmad"),
        ("Siti Kembang, S.Pd.", "siti kembang"),
        ("Drs. H. Slamet", "Slamet"),
        ("Soekarno", "Sukarno"),
        ("Djoko", "Joko"),
        ("Tjahyo", "Cahyo"),
        ("Sjarifah", "Syarifah"),
        ("Sa'diah", "Sadiah"),
        ("Nur-Aini", "Nuraini"),
        ("Zoë", "ZOE"),
    ],
)
def test_names_that_people_hold_for_one_are_found_under_one_form(one, other):
    assert fold_name(one) == fold_name(other) != ""


def test_words_that_are_titles_are_left_out_of_what_is_searched():
    assert without_titles("Hj. Cempaka") == "Cempaka"
    assert without_titles("Drs. H. Slamet, S.Pd.") == "Slamet,"
    assert without_titles("Hj.") == "Hj."
    assert without_titles("L07-0012/KUNJ") == "L07-0012/KUNJ"


def test_a_name_that_is_only_a_title_still_has_a_form():
    assert fold_name("H.") == "h"
    assert fold_name("Y") == "y"


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing(text):
    once = normalise_name(text)
    assert normalise_name(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(st.text(alphabet="abdehjkostuy .'-,/()HSP\u00e9", max_size=40))
def test_folding_twice_changes_nothing(text):
    assert fold_name(fold_name(text)) == fold_name(text)


@given(st.text(max_size=130))
def test_any_text_gets_a_verdict(text):
    assert check_name(text).verdict in ("ok", "warning", "error")
