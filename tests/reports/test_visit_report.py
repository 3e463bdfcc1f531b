"""LAPORAN KUNJUNGAN PENDAMPINGAN as the office files it."""

import re

import pytest

from kube_field.reports.visit_report import render_visit_report
from tests.support.make_papers import (
    make_draft_visit,
    make_person_visit,
    make_photo,
    make_photo_reader,
    make_reference,
    make_visit_answers,
    make_visit_fact,
    make_visit_snapshot,
)
from tests.support.read_papers import count_images, page_texts, paper_text


def render(fact, watermark=""):
    return render_visit_report(fact, reference=make_reference(), photos=make_photo_reader(), watermark=watermark)


def text_of(fact, watermark=""):
    return paper_text(render(fact, watermark))


def with_answers(**changed):
    return make_visit_fact(make_visit_answers(**changed))


def with_snapshot(**changed):
    return make_visit_fact(None, make_visit_snapshot(**changed))


def test_a_report_has_all_its_parts_in_their_order():
    text = text_of(make_visit_fact())
    titles = [
        "LAPORAN KUNJUNGAN PENDAMPINGAN",
        "KELOMPOK USAHA BERSAMA (KUBE)",
        "Nomor: 400.9/L07-0012/KUNJ/KKR/XI/2026",
        "A. IDENTITAS",
        "B. PELAKSANAAN KUNJUNGAN",
        "C. KONDISI USAHA",
        "D. KEUANGAN USAHA",
        "E. ADMINISTRASI DAN KELEMBAGAAN",
        "F. KEADAAN RUMAH TANGGA",
        "G. MASALAH DAN KENDALA",
        "H. TINDAK LANJUT KUNJUNGAN LALU",
        "I. PENDAMPINGAN YANG DIBERIKAN",
        "J. RENCANA TINDAK LANJUT",
        "L. DOKUMENTASI FOTO",
        "M. PENGESAHAN",
    ]
    places = [text.index(title) for title in titles]
    assert places == sorted(places)


def test_the_kop_names_the_office():
    text = text_of(make_visit_fact())
    assert text.startswith("PEMERINTAH KABUPATEN KUTAI KARTANEGARA DINAS SOSIAL")
    assert "Telepon (0541) 000000" in text
    assert "Laman dinsos.contoh.go.id · Pos-el dinsos@contoh.go.id" in text


def test_an_office_without_letterhead_begins_with_the_title():
    assert text_of(with_snapshot(kop={})).startswith("LAPORAN KUNJUNGAN PENDAMPINGAN")


def test_an_emblem_stands_in_the_kop():
    photo = make_photo(4, "lainnya", "")
    kop = {"office": "Dinas Sosial", "emblem_sha256": photo["sha256"]}
    assert count_images(render(with_snapshot(kop=kop))) == count_images(render(make_visit_fact())) + 1


def test_the_opening_names_the_order_or_the_programme():
    ordered = "Berdasarkan Surat Tugas nomor 094/512/Dayasos/2026 tanggal 16 November 2026, telah dilaksanakan"
    assert ordered in text_of(make_visit_fact())
    free = "Dalam rangka pemantauan dan evaluasi program pemberdayaan usaha, telah dilaksanakan"
    assert free in text_of(with_snapshot(order={}))


def test_identity_shows_group_officers_members_and_aid():
    text = text_of(make_visit_fact())
    assert "Melati Contoh / Kenanga Contoh / Cempaka Contoh" in text
    assert "10 orang (L 2, P 8)" in text
    assert "Rp20.000.000 pada 20 Juli 2026 (BAST 400.9/L07-0003/BAST/KKR/VII/2026)" in text
    assert "Muara Muntai Ulu, Kec. Muara Muntai, Kabupaten Kutai Kartanegara" in text
    assert "Jalan Poros Desa, RT 005" in text


def test_a_persons_report_masks_the_nik_and_has_no_officers_of_a_group():
    text = text_of(make_person_visit())
    assert "USAHA PERORANGAN (WRSE/KELUARGA)" in text
    assert "6402********9906" in text
    assert "Sekretaris" not in text
    assert "Kebiasaan menabung : Kadang-kadang" in text
    assert not re.search(r"\b\d{16}\b", text)


def test_figures_are_brought_to_30_days_and_compared():
    text = text_of(make_visit_fact())
    assert "Masa laporan 21 Oktober 2026 s.d. 23 November 2026 (34 hari) · Sumber angka: buku kas" in text
    assert "Omzet 7.450.000 6.573.529 5.612.903 +960.626" in text
    assert "Jumlah biaya 5.025.000 4.433.824 4.112.903 +320.921" in text
    assert "Laba (Rugi) 2.425.000 2.139.706 1.500.000 +639.706" in text
    assert "Nilai stok 2.300.000 2.450.000 (150.000)" in text
    assert "Cicilan per bulan 250.000 250.000 0" in text
    assert "Tabungan/IKS 300.000 264.706 145.161 +119.545" in text


def test_working_capital_is_set_against_what_was_given():
    text = text_of(make_visit_fact())
    assert "(88% dari modal awal)" in text.replace("88% dari modal", "88% dari modal")
    assert "5.300.000" in text
    assert "dari modal awal" not in text_of(with_snapshot(working_capital_base_idr=None))


def test_a_loss_stands_in_brackets():
    text = text_of(with_answers(revenue_idr=4_675_000))
    assert "Laba (Rugi) (350.000)" in text


def test_the_first_visit_has_nothing_to_compare_with():
    text = text_of(with_snapshot(previous={}))
    assert "Omzet 7.450.000 6.573.529 – –" in text


def test_zero_unknown_refused_and_unanswered_are_four_different_things():
    text = text_of(
        with_answers(cost_other_idr=0, cash_idr="tidak_tahu", stock_idr="menolak", receivable_idr=None, days_open=0)
    )
    assert "Biaya lain 0 0 0 0" in text
    assert "Kas tidak tahu" in text
    assert "Nilai stok tidak bersedia menjawab" in text
    assert "Piutang tertagih –" in text
    assert "0 dari 26 hari rencana" in text
    assert "Modal kerja sekarang –" in text


def test_a_sum_with_an_unknown_part_is_unknown():
    text = text_of(with_answers(cost_labor_idr="tidak_tahu"))
    assert "Jumlah biaya – –" in text
    assert "Laba (Rugi) – –" in text


def test_household_income_is_set_against_the_frozen_poverty_line():
    text = text_of(make_visit_fact())
    sentence = (
        "Penghasilan rata-rata per kapita Rp866.111 per bulan, yaitu 96% dari garis kemiskinan "
        "Kalimantan Timur Maret 2026 (Rp895.000)."
    )
    assert sentence in text


def test_without_a_poverty_line_the_income_stands_alone():
    assert "per kapita Rp866.111 per bulan." in text_of(with_snapshot(poverty_line={}))


def test_choices_are_printed_with_the_labels_of_the_form():
    text = text_of(make_visit_fact())
    assert "Saluran penjualan : Langsung, Titip di warung, Pasar" in text
    assert "Pembukuan : Buku kas rutin" in text
    assert "IKS : Rutin" in text
    assert "1 Bahan baku Sedang 1 Nov 2026 Ikan gabus sulit saat air pasang." in text
    assert "Menghitung harga jual" in text


def test_a_code_that_no_form_knows_is_printed_as_it_is():
    assert "Jenis kunjungan : kunjungan_malam" in text_of(with_answers(kind="kunjungan_malam"))


def test_no_constraints_is_said_in_words():
    text = text_of(with_answers(has_constraints=False, constraints=None))
    assert "Tidak ada kendala yang disampaikan." in text


def test_rows_that_were_taken_back_are_not_printed():
    rows = [
        {"id": "c1", "code": "modal", "severity": 1, "note": "dicoret"},
        {"id": "c2", "code": "utang", "severity": 3, "note": "tetap"},
    ]
    rows[0]["struck"] = "salah isi"
    text = text_of(with_answers(constraints=rows))
    assert "dicoret" not in text
    assert "1 Utang Berat – tetap" in text


def test_actions_of_the_last_visit_and_the_plan_are_listed():
    text = text_of(make_visit_fact())
    assert "1 Membuat label kemasan Penerima 10 Nov 2026 Selesai" in text
    assert "Batal: sinyal di desa tidak ada" in text
    assert "1 Perizinan: Mendaftar SPP-IRT Pendamping 15 Des 2026" in text
    assert "Kunjungan berikutnya direncanakan pada Senin, 21 Desember 2026." in text


@pytest.mark.parametrize(
    ("planned", "words"),
    [
        ("2026-11-17", "17 November 2026, terlambat 6 hari"),
        ("2026-11-18", "18 November 2026, sesuai jadwal"),
        ("2026-11-28", "28 November 2026, sesuai jadwal"),
        ("2026-11-29", "29 November 2026, lebih awal 6 hari"),
        ("", "di luar jadwal"),
    ],
)
def test_the_planned_day_says_whether_the_visit_was_late(planned, words):
    assert f"Jadwal semula : {words}" in text_of(with_snapshot(planned_on=planned))


def test_the_position_itself_stays_off_the_paper():
    text = text_of(make_visit_fact())
    assert "Titik lokasi : Tersedia" in text
    assert "116.5" not in text
    assert "Tidak tersedia: layar rusak" in text_of(with_answers(location={"note": "layar rusak"}))


def test_tools_are_listed_with_their_condition():
    text = text_of(make_visit_fact())
    assert "Keadaan alat bantuan: Nama alat Jumlah Keadaan Keterangan" in text
    assert "Wajan besar 3 buah Rusak ringan satu gagang patah" in text
    assert "Keadaan alat bantuan" not in text_of(with_snapshot(tools=[]))


def test_a_visit_at_which_nobody_was_met_says_why_parts_are_missing():
    text = text_of(with_answers(met="tidak_ada_orang", signature_recipient=None))
    assert "Bagian C sampai H tidak diisi karena tidak ada orang yang ditemui" in text
    assert "D. KEUANGAN USAHA" not in text
    assert "J. RENCANA TINDAK LANJUT" in text


def test_a_telephone_call_has_no_place():
    text = text_of(with_answers(kind="telepon", place=None, location=None, photos=None, book_photo=None))
    assert "Titik lokasi" not in text
    assert "Tidak ada foto." in text


def test_the_officers_opinion_is_not_lost():
    assert "Kelompok kompak dan buku kas rapi." in text_of(make_visit_fact())


def test_the_village_head_is_named_as_the_region_names_him():
    text = text_of(with_snapshot(head_title="Petinggi"))
    assert "Mengetahui, Petinggi Muara Muntai Ulu," in text
    assert "Mengetahui, Penyelia," in text_of(with_snapshot(head_title=""))


def test_names_stand_under_the_signatures_with_the_officers_number():
    text = text_of(make_visit_fact())
    assert "Muara Muntai Ulu, 23 November 2026" in text
    assert text.rindex("Melati Contoh") > text.index("M. PENGESAHAN")
    assert "NIP. 199001012019032001" in text


def test_who_did_not_sign_is_said_with_the_reason():
    text = text_of(with_answers(signature_recipient={"waived": "sedang sakit"}))
    assert "tidak menandatangani: sedang sakit" in text
    assert text.rindex("Melati Contoh") > text.index("tidak menandatangani")


def test_a_thumbprint_is_named_and_shown():
    photo = make_photo(5, "lainnya", "")
    fact = with_answers(signature_recipient={"name": "Melati Contoh", "thumbprint": photo})
    assert "(cap jempol)" in text_of(fact)
    assert count_images(render(fact)) == count_images(render(make_visit_fact())) + 1


def test_signatures_never_stand_alone_on_a_page():
    last = page_texts(render(make_visit_fact()))[-1]
    assert last.index("M. PENGESAHAN") > len("Buku kas")


def test_a_draft_with_hardly_an_answer_is_a_paper_too():
    assert "DRAF" in text_of(make_draft_visit(), "DRAF")
    text = text_of(make_draft_visit())
    assert "Nomor: –" in text
    assert "draf, belum difinalkan" in text
    assert "Status usaha : –" in text
    assert "M. PENGESAHAN" in text


def test_a_preview_of_what_finalising_would_freeze_does_not_claim_to_be_final():
    text = text_of(make_visit_fact(number=""), "DRAF")
    assert "difinalkan" not in text.replace("belum difinalkan", "")
    assert "draf, belum difinalkan" in text


def test_an_idea_without_a_frozen_name_is_named_by_the_catalogue():
    business = {"idea_code": "SEMBAKO", "idea_name": "", "business_name": ""}
    assert "Warung sembako kecil" in text_of(with_snapshot(business=business))


def test_a_draft_without_any_answer_or_snapshot_is_a_paper_too():
    assert "LAPORAN KUNJUNGAN PENDAMPINGAN" in text_of(make_visit_fact({}, {}, finalised_at="", number=""), "DRAF")


def test_answers_in_the_wrong_shape_do_not_stop_a_draft():
    wrong = {
        "owner_kind": "group",
        "visited_on": "kemarin",
        "period_from": "2026-13-77",
        "period_to": 12,
        "revenue_idr": "banyak",
        "channels": "langsung",
        "constraints": ["x", None],
        "has_constraints": True,
        "hh_income_sample": {"a": 1},
        "photos": ["x"],
        "signature_staff": "Rina",
        "location": "sana",
        "book_photo": {"waived": "buku tertinggal"},
        "next_visit_on": 5,
    }
    text = text_of(make_visit_fact(wrong, {"previous": [], "kop": None, "tools": [1]}, finalised_at=""), "DRAF")
    assert "kemarin" in text
    assert "banyak" in text


def test_a_form_version_that_this_program_does_not_know_is_printed_with_the_newest_form():
    assert "Berjalan baik" in text_of(make_visit_fact(form_version="2099.9"))
