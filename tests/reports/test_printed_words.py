"""What a report says on paper, held against its code: one changed figure is found, an untouched paper never blamed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pypdfium2 as pdfium
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kube_field.domain.key_figures import KeyFigures
from kube_field.domain.money import LARGEST_IDR
from kube_field.domain.records import Fact
from kube_field.reports.printed_words import Compared, compared_with_words
from kube_field.reports.visit_report import render_visit_report
from tests.support.make_papers import (
    make_person_visit,
    make_photo_reader,
    make_reference,
    make_visit_answers,
    make_visit_fact,
    make_visit_snapshot,
)
from tests.support.make_seals import seal_for, sealed_visit

SCORE = {"total": 79, "status": "watch", "final_status": "watch", "coverage": "0.9", "indicators": [], "flags": []}


def visit(answers: Mapping[str, Any] | None = None, **snapshot: Any) -> Fact:
    fact = make_visit_fact(answers, make_visit_snapshot(score=SCORE, **snapshot), form_version="2026.2")
    return sealed_visit(fact)


def words_of(fact: Fact) -> str:
    pdf = render_visit_report(fact, reference=make_reference(), photos=make_photo_reader())
    document = pdfium.PdfDocument(pdf)
    return "\n".join(document[number].get_textpage().get_text_range() for number in range(len(document)))


def by_name(found: list[Compared]) -> dict[str, Compared]:
    return {one.name: one for one in found}


WORDS = words_of(visit())
SEAL = seal_for(visit())


def test_everything_that_the_code_says_is_found_on_the_paper():
    assert compared_with_words(SEAL, WORDS) == [
        Compared("Nomor", "400.9/L07-0012/KUNJ/KKR/XI/2026", "400.9/L07-0012/KUNJ/KKR/XI/2026"),
        Compared("Unit", "KUBE Melati Contoh", "KUBE Melati Contoh"),
        Compared("Tanggal", "23 November 2026", "Senin, 23 November 2026"),
        Compared("Omzet", "7.450.000", "7.450.000"),
        Compared("Laba (Rugi)", "2.425.000", "2.425.000"),
        Compared("Modal kerja", "5.300.000", "5.300.000"),
        Compared("Nilai", "79", "79"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "name", "found"),
    [
        ("Omzet 7.450.000", "Omzet 9.450.000", "Omzet", "9.450.000"),
        ("Laba (Rugi) 2.425.000", "Laba (Rugi) (2.425.000)", "Laba (Rugi)", "(2.425.000)"),
        ("modal awal) 5.300.000", "modal awal) 5.300.001", "Modal kerja", "5.300.001"),
        ("Nilai 79 dari", "Nilai 97 dari", "Nilai", "97"),
        ("Nama KUBE : KUBE Melati Contoh", "Nama KUBE : KUBE Mawar Contoh", "Unit", "KUBE Mawar Contoh"),
        ("Nama KUBE : KUBE Melati Contoh", "Nama KUBE : KUBE Melati Contoh Dua", "Unit", "KUBE Melati Contoh Dua"),
        ("Senin, 23 November", "Senin, 30 November", "Tanggal", "Senin, 30 November 2026"),
        ("Nomor: 400.9/L07-0012", "Nomor: 400.9/L07-0013", "Nomor", "400.9/L07-0013/KUNJ/KKR/XI/2026"),
        ("Halaman 2 dari 4 · 400.9/L07-0012", "Halaman 2 dari 4 · 400.9/L07-0013", "Nomor",
         "400.9/L07-0013/KUNJ/KKR/XI/2026"),
    ],
)  # fmt: skip
def test_what_was_changed_on_the_paper_is_named(old: str, new: str, name: str, found: str):
    assert old in WORDS
    compared = by_name(compared_with_words(SEAL, WORDS.replace(old, new)))
    assert [one for one in compared.values() if one.differs] == [compared[name]]
    assert compared[name].found == found


def test_words_that_are_not_there_are_told_as_not_found():
    for words in ("", "Surat lain tanpa angka", "Omzet\nLaba (Rugi)\n"):
        assert [(one.found, one.differs) for one in compared_with_words(SEAL, words)] == [("", False)] * 7


def test_a_figure_that_was_not_answered_must_not_become_an_amount():
    fact = visit(make_visit_answers(revenue_idr="tidak_tahu"))
    words, seal = words_of(fact), seal_for(fact)
    assert seal.figures == KeyFigures(None, None, 5_300_000, 79)
    compared = by_name(compared_with_words(seal, words))
    assert (compared["Omzet"].found, compared["Laba (Rugi)"].found) == ("tidak tahu", "–")
    assert not any(one.differs for one in compared.values())
    forged = by_name(compared_with_words(seal, words.replace("Omzet tidak tahu", "Omzet 7.450.000")))
    assert forged["Omzet"].differs


def test_the_business_of_one_person_is_compared_by_its_name():
    fact = sealed_visit(make_person_visit())
    compared = by_name(compared_with_words(seal_for(fact), words_of(fact)))
    assert compared["Unit"].found
    assert not any(one.differs for one in compared.values())


amounts = st.integers(0, LARGEST_IDR)


@settings(max_examples=12)
@example(revenue=0, cost=99_998_875_000, cash=0, debt=379, name="A")
@given(
    revenue=amounts, cost=amounts, cash=amounts, debt=amounts, name=st.text("AÉé ()-/.,ßoé", min_size=1, max_size=70)
)
def test_an_untouched_paper_is_never_blamed(revenue: int, cost: int, cash: int, debt: int, name: str):
    answers = make_visit_answers(revenue_idr=revenue, cost_material_idr=cost, cash_idr=cash, payable_idr=debt)
    fact = visit(answers, owner_name=name)
    found = compared_with_words(seal_for(fact), words_of(fact))
    assert [one for one in found if one.differs] == []
    assert [one.found for one in found[3:]] == [one.coded for one in found[3:]]
