"""FORMULIR ASESMEN KEBUTUHAN DAN POTENSI USAHA as the office files it, and blank for the pen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kube_field.domain.records import Fact, Record, RecordKind
from kube_field.errors import KubeFieldError
from kube_field.reports.assessment_form import render_assessment_form
from kube_field.usecases.assessments import begin_assessment
from kube_field.usecases.drafts import begin_draft, save_draft
from kube_field.usecases.papers import blank_assessment_paper, document_paper, draft_paper
from tests.support import make_answers, make_records
from tests.support.laptop import Laptop, make_laptop
from tests.support.read_papers import page_texts, paper_text

TITLES = [
    "FORMULIR ASESMEN KEBUTUHAN DAN POTENSI USAHA",
    "Nomor:",
    "Tanggal asesmen",
    "I. IDENTITAS DAN KELUARGA",
    "II. DATA KESEJAHTERAAN",
    "III. PENGHASILAN DAN PENGELUARAN PER BULAN",
    "IV. ASET, TABUNGAN, UTANG",
    "V. KETERAMPILAN DAN PENGALAMAN USAHA",
    "VI. WAKTU DAN TENAGA",
    "VII. TEMPAT DAN SARANA",
    "VIII. PASAR, BAHAN BAKU, PESAING",
    "IX. MINAT",
    "X. SARAN USAHA",
    "XI. KESEPAKATAN",
    "XII. PENDAPAT PETUGAS",
    "XIII. PERNYATAAN DAN PERSETUJUAN",
    "Responden,",
]


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    with make_laptop(tmp_path) as made:
        yield made


@pytest.fixture
def widow(laptop: Laptop) -> Record:
    return make_records.register_person(laptop.session, 18)


def draft_of(laptop: Laptop, subject: Record, kind: str = "person", **changes: Any) -> Any:
    draft = begin_assessment(laptop.session, subject_uid=subject.uid)
    answers = make_answers.complete_assessment(kind, **changes)
    own = {code: draft.answers[code] for code in ("subject_kind", "subject_id", "staff", "respondent")}
    return save_draft(laptop.session, draft=draft, answers={**answers, **own})


def final(laptop: Laptop, subject: Record, kind: str = "person", **changes: Any) -> Fact:
    stored = make_records.commit_saved(laptop.session, draft_of(laptop, subject, kind, **changes))
    assert isinstance(stored, Fact)
    return stored


def text_of(laptop: Laptop, fact: Fact) -> str:
    return " ".join(paper_text(document_paper(laptop.session, uid=fact.uid)).split())


def test_the_form_has_all_its_parts_in_their_order(laptop: Laptop, widow: Record) -> None:
    text = text_of(laptop, final(laptop, widow))
    places = [text.index(title) for title in TITLES]
    assert places == sorted(places)
    assert "/ASM/" in text


def test_a_form_that_froze_bare_numbers_is_printed_as_it_was(laptop: Laptop, widow: Record) -> None:
    fact = final(laptop, widow)
    address = {**fact.snapshot["address"], "rt": 2, "rw": 2}
    frozen = replace(fact, snapshot={**fact.snapshot, "address": address})
    text = paper_text(render_assessment_form(frozen, reference=laptop.session.reference, photos=laptop.photos.read))
    assert "Gang Kenanga, dekat dermaga, RT 2 RW 2, Long Lalang" in text


def test_identity_stands_in_full_with_the_family(laptop: Laptop, widow: Record) -> None:
    text = text_of(laptop, final(laptop, widow))
    for words in (
        "6402 1258 0688 9918",
        "Umur : 38 tahun",
        "Jenis kelamin : Perempuan",
        "Alamat lengkap : Gang Kenanga, dekat dermaga, RT 002 RW 002, Long Lalang, Kec. Tabang",
        "Jumlah anggota keluarga : 4 orang",
        "Listrik : s.d. 450 VA/genset/surya",
        "Desil DTSEN : Desil 2",
        "Kategori PPKS : Perempuan Rawan Sosial Ekonomi",
    ):
        assert words in text, words


def test_money_is_set_against_the_poverty_line_of_the_day(laptop: Laptop, widow: Record) -> None:
    text = text_of(laptop, final(laptop, widow))
    assert "Jumlah 2.900.000 Jumlah 2.550.000" in text
    words = "Penghasilan per kapita Rp725.000 (80% dari garis kemiskinan Rp897.759 per September 2025)."
    assert words in text


def test_the_five_suggestions_are_printed_as_they_were_frozen(laptop: Laptop, widow: Record) -> None:
    fact = final(laptop, widow)
    text = text_of(laptop, fact)
    for one in fact.snapshot["recommendation"]["suggestions"]:
        assert str(one["points"]) in text
    assert "Gorengan dan jajanan sekolah" in text
    assert "Saran dihitung dengan aturan versi 2026.1; keputusan diambil bersama penerima." in text


def test_goods_are_summed_in_words(laptop: Laptop, widow: Record) -> None:
    goods = [
        {"id": "g1", "item": "Kompor", "qty": "2", "unit": "buah", "price_idr": 450_000},
        {"id": "g2", "item": "Minyak goreng", "qty": "10.5", "unit": "liter", "price_idr": 20_000},
    ]
    text = text_of(laptop, final(laptop, widow, proposed_aid=goods))
    assert "2 Minyak goreng 10,5 liter 20.000 210.000" in text
    assert "Jumlah Rp1.110.000 (satu juta seratus sepuluh ribu rupiah)." in text


def test_conditions_stand_behind_their_box(laptop: Laptop, widow: Record) -> None:
    fact = final(laptop, widow, officer_opinion="layak_dengan_syarat", officer_opinion_reason="Kursus dahulu.")
    assert "Layak dengan syarat: Kursus dahulu. Tidak layak: –" in text_of(laptop, fact)


def test_who_is_not_worthy_has_no_agreement(laptop: Laptop, widow: Record) -> None:
    refused = dict.fromkeys(("chosen_idea", "chosen_reason", "chosen_by", "proposed_aid"))
    fact = final(laptop, widow, officer_opinion="tidak_layak", officer_opinion_reason="Sudah mampu.", **refused)
    text = text_of(laptop, fact)
    assert "Usaha yang disepakati : –" in text
    assert "Tidak layak: Sudah mampu." in text


def test_the_notice_and_the_consents_are_printed(laptop: Laptop, widow: Record) -> None:
    text = text_of(laptop, final(laptop, widow))
    assert "Menolak difoto atau menolak lokasi rumah dicatat tidak memengaruhi hak atas bantuan." in text
    assert "Saya menyatakan keterangan di atas benar." in text
    assert text.count("ya tidak") >= 5


def test_a_reprint_is_byte_for_byte_the_same_whatever_changed_since(laptop: Laptop, widow: Record) -> None:
    fact = final(laptop, widow)
    first = document_paper(laptop.session, uid=fact.uid)
    edit = begin_draft(laptop.session, kind=RecordKind.PERSON, record_uid=widow.uid)
    changed = {**edit.answers, "full_name": "Melati Nama Baru", "education": "sarjana"}
    make_records.commit_saved(laptop.session, save_draft(laptop.session, draft=edit, answers=changed))
    assert document_paper(laptop.session, uid=fact.uid) == first


def test_an_assessment_of_the_first_version_says_that_nothing_was_suggested(laptop: Laptop, widow: Record) -> None:
    older = replace(draft_of(laptop, widow), form_version="2026.1")
    laptop.store.save_draft(older)
    fact = make_records.commit_saved(laptop.session, older)
    assert isinstance(fact, Fact)
    text = text_of(laptop, fact)
    assert "Saran usaha belum dihitung pada formulir versi 2026.1." in text
    assert "Rencana bantuan" not in text


def test_a_record_from_before_the_paper_is_printed_with_what_it_knows(laptop: Laptop, widow: Record) -> None:
    fact = final(laptop, widow)
    frozen = ("identity", "family", "welfare", "consents", "prse_criteria", "pdp_contact")
    bare = {code: value for code, value in fact.snapshot.items() if code not in frozen}
    with laptop.store.db.atomic():
        laptop.store.facts.remove(fact.uid)
        laptop.store.facts.insert(replace(fact, snapshot=bare))
    text = text_of(laptop, fact)
    assert "NIK : 6402********9918" in text


def test_a_group_is_assessed_without_family_money(laptop: Laptop) -> None:
    group = make_records.make_group(laptop.session, members=3)
    text = text_of(laptop, final(laptop, group, "group"))
    assert "Tidak ditanyakan untuk kelompok." in text
    assert "II. DATA KESEJAHTERAAN" not in text
    assert "Jumlah anggota : 3 orang (L 0, P 3)" in text
    assert "Listrik di tempat usaha" in text


def test_a_draft_is_marked(laptop: Laptop, widow: Record) -> None:
    draft = begin_assessment(laptop.session, subject_uid=widow.uid)
    assert "DRAF" in paper_text(draft_paper(laptop.session, draft_uid=draft.uid))


def test_the_blank_form_offers_every_choice_and_room_to_write(laptop: Laptop) -> None:
    text = " ".join(paper_text(blank_assessment_paper(laptop.session)).split())
    places = [text.index(title) for title in TITLES]
    assert places == sorted(places)
    for words in (
        "Kawin, ditinggal tanpa kejelasan",
        "Pusat oleh-oleh",
        "Berlimpah",
        "Pilihan ke-3",
        "Layak dengan syarat: ....",
    ):
        assert words in text, words
    assert "None" not in text
    assert "–" not in text.replace("18–59", "").replace("– Saya", "")


def test_the_blank_form_of_a_person_knows_who_it_is_for_but_not_what_will_be_agreed(
    laptop: Laptop, widow: Record
) -> None:
    text = " ".join(paper_text(blank_assessment_paper(laptop.session, subject_uid=widow.uid)).split())
    assert "Umur : 38 tahun" in text
    assert "Nomor: ...." in text


def test_the_blank_form_of_somebody_unknown_is_refused(laptop: Laptop) -> None:
    with pytest.raises(KubeFieldError) as told:
        blank_assessment_paper(laptop.session, subject_uid="tidak-ada")
    assert told.value.sentence == "Warga atau kelompok ini tidak ada di laptop."


def test_the_signatures_never_stand_alone_on_a_page(laptop: Laptop, widow: Record) -> None:
    for paper in (
        document_paper(laptop.session, uid=final(laptop, widow).uid),
        blank_assessment_paper(laptop.session),
    ):
        last = page_texts(paper)[-1]
        assert "Responden," in last
        assert "Saya bersedia" in last
