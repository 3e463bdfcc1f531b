"""The handover minutes on paper, in the handbook's wording (9.4), conditional articles, annexes, correction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kube_field.domain.records import Fact
from kube_field.usecases.aid import begin_aid
from kube_field.usecases.corrections import begin_correction
from kube_field.usecases.drafts import save_draft
from kube_field.usecases.papers import document_paper, draft_paper
from kube_field.usecases.photos import add_photo
from tests.support import make_answers
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_papers import make_jpeg
from tests.support.make_records import commit_saved, hand_over, make_batch, make_group, make_unit, register_person
from tests.support.read_papers import count_images, page_texts, paper_text

MONEY = [
    {"id": "u", "kind": "uang", "name": "Modal usaha", "qty": "1", "unit": "paket", "unit_price_idr": 5_000_000},
]
TRANSFER = {
    "bank_name": "bri",
    "bank_account": "1234567890",
    "transferred_on": "2026-11-20",
    "transfer_reference": "TRX-1",
}


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    with make_laptop(tmp_path) as made:
        yield made


def of_person(laptop: Laptop, **changes: Any) -> Fact:
    batch = make_batch(
        laptop.session,
        name="WRSE APBD Prov",
        scheme="wrse_perorangan",
        min_members=None,
        max_members=None,
        tranches=[{"id": "k", "no": 1, "percent": 100, "condition": "langsung"}],
    )
    unit = make_unit(
        laptop.session, register_person(laptop.session), batch_id={"uid": batch.uid, "name": "WRSE APBD Prov"}
    )
    return hand_over(laptop.session, unit.uid, "2026-11-23", **changes)


def corrected(laptop: Laptop, fact: Fact) -> Fact:
    draft = begin_correction(laptop.session, uid=fact.uid, reason="Tempatnya keliru ditulis")
    signed = {code: fact.answers[code] for code in fact.answers if code.startswith(("signature", "photos"))}
    answers = {**draft.answers, **signed, "place": "Kantor kampung", "conditions_read": True}
    made = commit_saved(laptop.session, save_draft(laptop.session, draft=draft, answers=answers))
    assert isinstance(made, Fact)
    return made


def test_the_minutes_of_a_group_carry_every_article_and_the_members(laptop: Laptop):
    unit = make_unit(laptop.session, make_group(laptop.session, members=10))
    fact = hand_over(laptop.session, unit.uid, "2026-11-23")
    text = paper_text(document_paper(laptop.session, uid=fact.uid))
    for words in (
        "BERITA ACARA SERAH TERIMA BANTUAN Peralatan dan Bahan Usaha kepada KUBE Mawar",
        f"Nomor: {fact.number}",
        "Pada hari ini, Senin, tanggal dua puluh tiga, bulan November, tahun dua ribu dua puluh enam (23-11-2026), "
        "bertempat di Balai Kampung Long Lalang, kami yang bertanda tangan di bawah ini:",
        "dalam hal ini bertindak untuk dan atas nama Dinas Sosial Kabupaten Kutai Kartanegara, selanjutnya disebut "
        "PIHAK KESATU;",
        "Jabatan : Ketua KUBE Mawar",
        "NIK : 6402124806689901",
        "selanjutnya disebut PIHAK KEDUA.",
        "Berdasarkan Keputusan Kepala Dinas Sosial Nomor 1 Tahun 2026, kedua pihak menyatakan:",
        "Pasal 1. PIHAK KESATU menyerahkan kepada PIHAK KEDUA, dan PIHAK KEDUA menerima dari PIHAK KESATU, bantuan "
        "KUBE APBD Prov 2026, tahap ke-1 dalam keadaan baik dan lengkap, dengan rincian:",
        "Jumlah Rp2.900.000,00 (dua juta sembilan ratus ribu rupiah).",
        "Pasal 2. Bantuan digunakan hanya untuk usaha",
        "tidak boleh dijual, digadaikan, atau dipindahtangankan tanpa persetujuan tertulis Dinas Sosial.",
        "Pasal 3. Bantuan merupakan aset kelompok dan bukan milik perorangan; anggota yang keluar tidak membawa bagian "
        "bantuan.",
        "Pasal 4. PIHAK KEDUA bersedia mengikuti bimbingan, mencatat keuangan usaha, dan menerima kunjungan "
        "pemantauan secara berkala.",
        "Pasal 5. Pencairan tahap ke-2 dilakukan setelah hasil pemantauan menyatakan usaha berjalan.",
        "Demikian Berita Acara ini dibuat dengan sebenarnya dalam rangkap 2 untuk dipergunakan sebagaimana mestinya.",
        "Saksi 1,",
        "Saksi 2,",
        "LAMPIRAN: DAFTAR ANGGOTA KUBE MAWAR",
        "Teratai Contoh",
    ):
        assert words in text, words


def test_articles_that_do_not_apply_are_left_out_and_the_others_keep_counting(laptop: Laptop):
    text = paper_text(document_paper(laptop.session, uid=of_person(laptop).uid))
    assert "kepada Sdri. Melati Contoh Satu" in text
    assert "Pasal 3. PIHAK KEDUA bersedia mengikuti bimbingan" in text
    assert "tahap ke-" not in text
    assert [words for words in ("aset kelompok", "Pasal 4.", "LAMPIRAN: DAFTAR ANGGOTA") if words in text] == []


def test_money_is_called_modal_usaha_and_names_the_account(laptop: Laptop):
    fact = of_person(laptop, items=MONEY, **TRANSFER)
    text = paper_text(document_paper(laptop.session, uid=fact.uid))
    assert "Modal Usaha kepada Sdri. Melati Contoh Satu" in text
    assert "Uang ditransfer ke rekening BRI nomor 1234567890 pada 20 November 2026, bukti TRX-1." in text


def test_what_is_short_is_noted(laptop: Laptop):
    first, second = make_answers.complete_aid()["items"]
    fact = of_person(laptop, items=[first, {**second, "qty": "35"}], shortage_note="Menyusul pekan depan.")
    text = paper_text(document_paper(laptop.session, uid=fact.uid))
    assert "Catatan kekurangan: Tepung tapioka: kurang 5 kg. Menyusul pekan depan." in text


def test_photos_stand_in_an_annex_of_their_own(laptop: Laptop, tmp_path: Path):
    path = tmp_path / "foto.jpg"
    path.write_bytes(make_jpeg(2))
    photo = {**add_photo(laptop.session, path=path), "photo_kind": "serah_terima", "caption": "di balai"}
    pdf = document_paper(laptop.session, uid=of_person(laptop, photos=[photo]).uid)
    pages = page_texts(pdf)
    assert "LAMPIRAN: FOTO SERAH TERIMA" in pages[-1]
    assert "Serah terima: di balai" in pages[-1]
    assert ("PIHAK KESATU," in pages[-1], count_images(pdf)) == (False, 1)


def test_a_reprint_is_the_same_to_the_byte_whatever_changed_since(laptop: Laptop):
    fact = of_person(laptop)
    first = document_paper(laptop.session, uid=fact.uid)
    laptop.clock.at += timedelta(days=40)
    person = laptop.session.store.records.get(fact.answers["received_by"]["uid"])
    assert person is not None
    with laptop.store.transaction():
        laptop.store.put_record(replace(person, answers={**person.answers, "full_name": "Nama Baru"}))
    laptop.store.put_setting("kop_address", "Jalan Baru 1")
    assert document_paper(laptop.session, uid=fact.uid) == first


def test_a_correction_names_what_it_changes(laptop: Laptop):
    fact = of_person(laptop)
    text = paper_text(document_paper(laptop.session, uid=corrected(laptop, fact).uid))
    for words in (
        f"BERITA ACARA PERUBAHAN atas Berita Acara Serah Terima Nomor {fact.number} tanggal 23 November 2026",
        "Yang diubah Semula Menjadi Alasan",
        "Tempat Balai Kampung Long Lalang Kantor kampung Tempatnya keliru ditulis",
        "Dengan perubahan ini, rincian bantuan menjadi:",
        "Ketentuan lain dalam berita acara tersebut tetap berlaku.",
    ):
        assert words in text, words
    assert "Pasal 1." not in text


def test_an_empty_draft_prints_with_its_mark(laptop: Laptop):
    unit = make_unit(laptop.session, register_person(laptop.session))
    draft = begin_aid(laptop.session, unit_uid=unit.uid)
    save_draft(laptop.session, draft=draft, answers={"unit_id": draft.answers["unit_id"]})
    text = paper_text(draft_paper(laptop.session, draft_uid=draft.uid))
    assert "DRAF" in text
    assert "PIHAK KESATU," in text
