"""DAFTAR HADIR PESERTA, blank for the hall and filled from the screen."""

import re
from dataclasses import replace

import pytest

from kube_field.reports.attendance_list import render_attendance_list
from tests.support.make_papers import VISIT_UID, make_list_snapshot, make_participants, make_training
from tests.support.read_papers import metadata, page_sizes, page_texts, paper_text

PORTRAIT, LANDSCAPE = (595, 842), (842, 595)


def render(cells, *, blank, event=None, watermark="", **snapshot):
    event = event or make_training()
    return render_attendance_list(
        event,
        event["sessions"][0],
        cells,
        snapshot=make_list_snapshot(**snapshot),
        blank=blank,
        watermark=watermark,
    )


def rows_on(text):
    """Numbers of the signature column, `1.` to `n.`, that stand on a page."""
    return [int(number) for number in re.findall(r"(?<![\d.,])(\d{1,3})\.(?= |$)", text)]


def test_a_blank_list_names_event_session_and_the_invited():
    text = paper_text(render(make_participants(12), blank=True))
    assert "DAFTAR HADIR PESERTA" in text
    assert "Nomor: …" in text
    assert "Materi/sesi : Buku kas harian" in text
    assert "Selasa, 24 November 2026" in text
    assert "08.30 s.d. 12.00 WITA" in text
    assert "Narasumber/Fasilitator : Seruni Contoh, S.E." in text
    assert "Kenanga Contoh 2" in text


def test_a_blank_list_leaves_room_for_those_who_come_too():
    text = paper_text(render(make_participants(12), blank=True))
    assert "Peserta tambahan" in text
    assert "Jumlah peserta: ………… orang" in text


@pytest.mark.parametrize(("invited", "rows"), [(0, 15), (1, 15), (12, 15), (13, 20), (15, 20), (20, 30), (40, 45)])
def test_empty_rows_fill_the_page_and_are_at_least_three(invited, rows):
    texts = page_texts(render(make_participants(invited), blank=True))
    numbers = sorted(number for text in texts for number in rows_on(text))
    assert numbers[-1] == rows
    assert len(set(numbers)) == rows


def test_no_page_has_more_than_fifteen_rows():
    for text in page_texts(render(make_participants(50), blank=True)):
        assert len(set(rows_on(text))) <= 15


def test_the_head_of_the_table_is_repeated():
    texts = page_texts(render(make_participants(40), blank=True))
    assert all("Tanda tangan" in text for text in texts)


def test_a_blank_list_is_upright():
    assert set(page_sizes(render(make_participants(5), blank=True))) == {PORTRAIT}


def test_more_than_eight_columns_lie_on_their_side():
    cells = make_participants(6, filled=True)
    assert set(page_sizes(render(cells, blank=False))) == {LANDSCAPE}
    assert set(page_sizes(render(cells[:2], blank=False))) == {PORTRAIT}


def test_a_filled_list_counts_who_was_there():
    pdf = render(make_participants(14, walk_ins=3, filled=True), blank=False, number="400.9/L07-0003/DH/KKR/XI/2026")
    text = paper_text(pdf)
    assert "Nomor: 400.9/L07-0003/DH/KKR/XI/2026" in text
    assert "Jumlah peserta: 17 orang (L 3, P 14). Hadir 11, izin 2, sakit 2, tanpa kabar 2." in text
    assert "Hadir 08.20" in text
    assert "Tanpa kabar" in text
    assert text.index("Peserta tambahan") > text.index("Sirih Contoh 2")


def test_the_footer_of_a_filled_list_is_that_of_its_document():
    pdf = render(
        make_participants(3, filled=True),
        blank=False,
        number="400.9/L07-0003/DH/KKR/XI/2026",
        uid=VISIT_UID,
        revision=2,
        finalised_at="2026-11-24T05:00:00.000Z",
        author_name="Rina Contoh, S.Sos.",
        sha256="ab" * 32,
    )
    text = paper_text(pdf)
    assert "ID 91bc52d8 · Revisi 2" in text
    assert "difinalkan 24 Nov 2026 13.00 WITA oleh Rina Contoh, S.Sos." in text


def test_three_people_sign_below_and_never_on_a_page_of_their_own():
    last = page_texts(render(make_participants(15), blank=True, division="Pemberdayaan Sosial"))[-1]
    assert "Narasumber," in last
    assert "Panitia/Petugas," in last
    assert "Mengetahui, Kepala Bidang Pemberdayaan Sosial," in last
    assert rows_on(last)


def test_several_trainers_are_listed_and_none_of_them_signs_by_default():
    event = make_training()
    event["trainers"].append({"id": "t2", "name": "Dahlia Contoh"})
    text = paper_text(render(make_participants(2), blank=True, event=event))
    assert "Seruni Contoh, S.E.; Dahlia Contoh" in text


def test_an_event_with_hardly_a_word_is_a_list_too():
    text = paper_text(render_attendance_list({}, {}, [], snapshot={}, blank=True))
    assert text.startswith("DAFTAR HADIR PESERTA")


def test_a_list_is_the_same_to_the_byte_and_says_only_its_title():
    first = render(make_participants(30, walk_ins=2, filled=True), blank=False)
    assert first == render(make_participants(30, walk_ins=2, filled=True), blank=False)
    assert list(metadata(first)) == ["Title"]


def test_a_watermark_stands_on_every_page_of_a_list():
    assert all("CONTOH" in text for text in page_texts(render(make_participants(20), blank=True, watermark="CONTOH")))


def test_fifteen_rows_and_the_signatures_of_a_blank_list_fit_on_one_page():
    cells = [replace(cell, village="Long Lalang, Kec. Tabang") for cell in make_participants(10)]
    (page,) = page_texts(render(cells, blank=True))
    assert sorted(rows_on(page))[-1] == 15
    assert "Long Lalang, Kec. Tabang" in page
    assert "Narasumber," in page


def test_no_word_in_the_head_of_a_filled_list_is_broken():
    text = paper_text(render(make_participants(4, filled=True)[:2], blank=False))
    assert "Kehadiran" in text
    assert "No Nama" in text
