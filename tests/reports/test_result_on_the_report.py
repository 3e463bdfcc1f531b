"""K. PENILAIAN KEBERLANJUTAN and the stage in E, on reports of the second version of the visit."""

from __future__ import annotations

from typing import Any

import pytest

from kube_field.domain.records import Fact
from kube_field.domain.rules.flags import Flag, Situation, flags_of
from kube_field.domain.rules.score import Status, VisitFigures, score_of
from kube_field.domain.rules.telling import told_score
from kube_field.reports.visit_report import render_visit_report
from tests.support.make_papers import (
    make_photo_reader,
    make_reference,
    make_visit_answers,
    make_visit_fact,
    make_visit_snapshot,
)
from tests.support.read_papers import page_texts, paper_text

WORKED = VisitFigures(
    owner_kind="person", period_days=30, revenue_idr=3_600_000, cost_idr=2_520_000, capital_base_idr=2_000_000,
    cash_idr=900_000, stock_idr=800_000, receivable_idr=150_000, payable_idr=0, days_open=24, days_planned=26,
    tools=("baik", "baik", "rusak_ringan"), channels=2, bookkeeping_level=3, savings_habit="irregular",
    instalment_idr=0,
)  # fmt: skip
"""The first worked example of handbook 7.1, but for turnover of before and income."""


def frozen(figures: VisitFigures = WORKED, *flags: Flag, **situation: Any) -> dict[str, Any]:
    score = score_of(figures)
    found = flags_of(Situation(visit=figures, score=score, **situation))
    return told_score(score, (*found, *flags))


def report(snapshot: dict[str, Any], **answers: Any) -> bytes:
    fact: Fact = make_visit_fact(make_visit_answers(**answers), make_visit_snapshot(**snapshot), form_version="2026.2")
    return render_visit_report(fact, reference=make_reference(), photos=make_photo_reader())


def text_of(snapshot: dict[str, Any], **answers: Any) -> str:
    return paper_text(report(snapshot, **answers))


def test_the_result_stands_between_plan_and_photos() -> None:
    text = text_of({"score": frozen()})
    places = [text.index(title) for title in ("J. RENCANA", "K. PENILAIAN KEBERLANJUTAN", "L. DOKUMENTASI")]
    assert places == sorted(places)


def test_the_sentence_and_every_line_are_printed() -> None:
    score = frozen()
    text = text_of({"score": score})
    assert f"Nilai {score['total']} dari 100: SEHAT (kelengkapan data 79%)." in text, "75 of 95"
    for title in ("Indikator", "Bobot", "Tingkat (0–4)", "Nilai", "Penjelasan"):
        assert title in text
    assert "A1 Laba terhadap omzet" in text
    assert "11,25" in text, "15 x 3 / 4 of the working capital"
    assert "Jumlah yang terjawab" in text
    assert "Tanda peringatan: tidak ada." in text
    assert "Penilaian ini merupakan alat bantu; keputusan ada pada petugas dan atasan." in text


def test_indicators_that_were_not_answered_have_a_dash() -> None:
    text = " ".join(text_of({"score": frozen()}).split())
    told = text[text.index("A2 Omzet") : text.index("A3 Modal")]
    assert "10 – –" in told


def test_warnings_are_listed_and_said_to_lower_the_status() -> None:
    text = text_of({"score": frozen(business_status="berhenti_sementara")})
    assert ": RAWAN (kelengkapan data" in text
    assert "Menurut nilai saja sehat; tanda peringatan menurunkannya." in text
    assert "F1 Usaha berhenti. Kunjungan tambahan dalam 14 hari dan musyawarah." in text


def test_too_little_data_gives_no_number() -> None:
    little = VisitFigures(owner_kind="group", bookkeeping_level=3, channels=2)
    text = text_of({"score": frozen(little)})
    assert "Data belum cukup untuk dinilai (kelengkapan data 15%)." in text
    assert "dari 100" not in text


def test_a_warning_counts_also_where_the_data_are_not_enough() -> None:
    little = VisitFigures(owner_kind="group", bookkeeping_level=3, channels=2)
    text = text_of({"score": frozen(little, business_status="berhenti")})
    assert "Menurut tanda peringatan: KRITIS." in text


def test_the_officers_words_and_the_changes_are_printed() -> None:
    text = text_of(
        {"score": frozen(), "graduation": {"words": "Memenuhi 5 dari 8 syarat. Belum: buku kas rutin."}},
        officer_opinion="Layak dilanjutkan.",
        officer_status="watch",
        officer_status_reason="Ketua sering sakit.",
        changes_text="Omzet naik 5% dari Rp5.800.000 menjadi Rp6.090.000.",
    )
    assert "Perubahan sejak kunjungan lalu: Omzet naik 5% dari Rp5.800.000 menjadi" in text
    assert "Perlu perhatian. Alasan: Ketua sering sakit." in text
    assert "Memenuhi 5 dari 8 syarat." in text
    assert text.count("Layak dilanjutkan.") == 1, "the opinion stands in K alone"


def test_a_visit_that_met_nobody_says_why_there_is_no_result() -> None:
    text = text_of({}, met="tidak_ada_orang")
    assert "Kunjungan ini tidak dinilai karena tidak ada orang yang ditemui." in text


@pytest.mark.parametrize(
    ("snapshot", "words"),
    [
        ({"stage": "Tumbuh", "stage_judged_on": "2026-10-20"}, "Tumbuh (dinilai 20 Oktober 2026)"),
        ({}, "belum dinilai"),
    ],
)
def test_the_stage_of_a_kube_is_told_with_its_day(snapshot: dict[str, Any], words: str) -> None:
    text = " ".join(text_of({"score": frozen(), **snapshot}).split())
    assert f"Tahap KUBE : {words}" in text


def test_a_table_of_all_indicators_is_never_torn_from_its_head() -> None:
    pages = page_texts(report({"score": frozen()}))
    assert all("Penjelasan" in page for page in pages if "A1 Laba terhadap omzet" in page)


def test_the_status_words_are_those_of_the_handbook() -> None:
    told = {status: text_of({"score": {**frozen(), "status": status, "final_status": status}}) for status in Status}
    assert ": PERLU PERHATIAN (" in told[Status.WATCH]
    assert ": KRITIS (" in told[Status.CRITICAL]
