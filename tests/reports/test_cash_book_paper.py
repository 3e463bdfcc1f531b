"""BUKU KAS USAHA: one page, the figures of the book, the same bytes at every reprint."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from kube_field.domain.forms.cash_book import MOST_WEEKS
from kube_field.domain.records import Fact
from kube_field.errors import KubeFieldError
from kube_field.reports.cash_book import render_cash_book
from tests.support.make_answers import make_cash_book
from tests.support.make_papers import (
    make_photo_reader,
    make_reference,
    make_visit_answers,
    make_visit_fact,
    make_visit_snapshot,
)
from tests.support.read_papers import page_texts, paper_text


def visit(snapshot: dict[str, Any] | None = None, **changes: Any) -> Fact:
    answers = make_visit_answers(**{**make_cash_book(), **changes})
    return make_visit_fact(answers, make_visit_snapshot(**(snapshot or {})), form_version="2026.3")


def render(fact: Fact, watermark: str = "") -> bytes:
    return render_cash_book(fact, reference=make_reference(), photos=make_photo_reader(), watermark=watermark)


def longest_book() -> dict[str, Any]:
    first = date(2026, 9, 7)
    amounts = dict.fromkeys(("sold_idr", "bought_idr", "home_idr", "wages_idr", "other_idr"), 99_999_999)
    rows = [
        {
            "id": f"w{n}",
            "week_from": str(first + timedelta(7 * n)),
            "week_to": str(first + timedelta(7 * n + 6)),
            **amounts,
        }
        for n in range(MOST_WEEKS)
    ]
    return {"cash_weeks": rows, "book_stock_end_idr": 99_999_999_999, "book_drawn_idr": 99_999_999_999}


def test_it_shows_every_week_the_sums_and_what_they_give():
    text = paper_text(render(visit()))
    for words in (
        "BUKU KAS USAHA",
        "Lampiran laporan kunjungan nomor 400.9/L07-0012/KUNJ/KKR/XI/2026",
        "KUBE Melati Contoh",
        "21–27 Okt 2026",
        "28 Okt–3 Nov 2026",
        "Jumlah 4.500.000 2.800.000 150.000 250.000 200.000 1.250.000",
        "Harga pokok penjualan (HPP) 2.450.000",
        "Laba (Rugi) 1.600.000",
        "Kas menurut hitungan 1.250.000",
        "Selisih kas 0",
        "Bendahara,",
        "Cempaka Contoh",
        "Petugas Pendamping,",
    ):
        assert words in text, words


def test_a_business_of_one_person_is_signed_by_its_owner():
    text = paper_text(render(visit({"owner_kind": "person", "owner_name": "Anggrek Contoh"}, owner_kind="person")))
    assert "Pemilik usaha," in text
    assert "Bendahara," not in text


def test_a_loss_stands_in_brackets_and_what_is_not_known_is_a_dash():
    text = paper_text(render(visit(book_stock_end_idr=0, book_stock_start_idr=5_000_000, book_cash_end_idr=None)))
    assert "Laba (Rugi) (3.600.000)" in text
    assert "Selisih kas –" in text


@pytest.mark.parametrize("watermark", ["", "DIBATALKAN"])
def test_the_most_weeks_of_large_amounts_and_the_longest_names_fit_one_page(watermark: str):
    names = {"owner_name": "KUBE " + "Bunga Melati Putih " * 5, "officers": {"bendahara": "Siti " + "Nurhaliza " * 9}}
    assert len(page_texts(render(visit(names, **longest_book()), watermark))) == 1


def test_a_reprint_is_the_same_paper():
    assert render(visit()) == render(visit())


def test_a_visit_without_a_book_has_no_such_paper():
    with pytest.raises(KubeFieldError, match="tidak berisi kas usaha"):
        render(make_visit_fact(make_visit_answers(), form_version="2026.3"))
