"""Papers against hostile or unlucky content: nothing interpreted, lost or leaked, always the same bytes."""

import hashlib
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from kube_field.reports.attendance_list import render_attendance_list
from kube_field.reports.fonts import MISSING_SIGN
from kube_field.reports.footer import Origin, qr_runs, qr_text, short_id
from kube_field.reports.visit_report import render_visit_report
from tests.support.make_papers import (
    KOP,
    VISIT_UID,
    make_jpeg,
    make_list_snapshot,
    make_participants,
    make_photo,
    make_photo_reader,
    make_reference,
    make_training,
    make_visit_answers,
    make_visit_fact,
    make_visit_snapshot,
    sha,
)
from tests.support.read_papers import count_images, metadata, page_texts, paper_text

LONG_NAME = "Siti Nurhaliza Kusumaningtyas Wulandari Puspitasari Contoh Inda"
MARKUP = ["<b>Ani", '<img src="file:///etc/passwd"/>', "A & B", "Siti<table>.x", "&lt;i&gt;", "%(x)s {y}", "</para>"]


def render(fact, watermark="", photos=None):
    return render_visit_report(
        fact, reference=make_reference(), photos=photos or make_photo_reader(), watermark=watermark
    )


def named(name, **changed):
    return make_visit_fact(
        make_visit_answers(met_names=name, signature_recipient={"name": name}, **changed),
        make_visit_snapshot(owner_name=name, officers={"ketua": name}),
    )


@pytest.mark.parametrize("name", MARKUP)
def test_markup_in_a_name_is_printed_letter_by_letter(name):
    text = paper_text(render(named(name)))
    assert text.count(name) >= 3


def test_markup_draws_no_image():
    assert count_images(render(named(MARKUP[1]))) == count_images(render(named("Ani")))


@pytest.mark.parametrize("name", ["Ani\x00Contoh", "Ani 😀", "محمد", "शान्ति", "Ani\ufffe"])
def test_a_character_without_shape_leaves_a_visible_sign(name):
    assert f"Nama KUBE : {''}" in paper_text(render(named(name)))
    assert MISSING_SIGN in paper_text(render(named(name))).replace("\ufffe", MISSING_SIGN)


@pytest.mark.parametrize("name", ["Y", "Nur'aini", "Sri-Wahyuni, S.Pd.", "José", "Đỗ Ngọc"])
def test_short_and_unusual_names_are_printed_as_they_are(name):
    assert f"Nama KUBE : {name}" in paper_text(render(named(name)))


def test_a_name_of_63_letters_is_printed_whole():
    assert len(LONG_NAME) == 63
    squeezed = paper_text(render(named(LONG_NAME))).replace(" ", "")
    assert squeezed.count(LONG_NAME.replace(" ", "")) >= 3


@pytest.mark.parametrize("code", ["price_stock_note", "wellbeing_note", "support_given_note", "officer_opinion"])
def test_a_note_of_2000_characters_is_printed_whole_on_the_page(code):
    note = " ".join(f"kata{number:03d}" for number in range(250))
    fact = make_visit_fact(make_visit_answers(**{code: note}))
    text = " ".join(re.sub(r"Halaman \d+ dari.*?Contoh, S\.Sos\.", " ", page) for page in page_texts(render(fact)))
    assert note in re.sub(r"\s+", " ", text)


def test_a_long_note_in_a_narrow_cell_runs_on_in_the_next_row():
    note = " ".join(f"kata{number:03d}" for number in range(400))
    rows = [{"id": "c", "code": "modal", "severity": 1, "note": note}]
    text = paper_text(render(make_visit_fact(make_visit_answers(constraints=rows))))
    assert all(f"kata{number:03d}" in text for number in range(400))


def test_no_page_is_blank():
    for text in page_texts(render(make_visit_fact())):
        assert len(text) > 150


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 6])
def test_every_photo_stands_on_the_paper_once_with_its_caption(count):
    photos = [make_photo(seed, "produk", f"Foto nomor {seed}") for seed in range(1, count + 1)]
    pdf = render(make_visit_fact(make_visit_answers(photos=photos or None, book_photo=None)))
    text = paper_text(pdf)
    assert count_images(pdf) == count
    assert all(f"Produk: Foto nomor {seed} (23 Nov 2026 10.15)" in text for seed in range(1, count + 1))


def test_an_upright_photo_keeps_its_shape():
    photo = make_photo(9, "alat", "tegak", width=960, height=1280)
    assert count_images(render(make_visit_fact(make_visit_answers(photos=[photo], book_photo=None)))) == 1


def test_photos_are_passed_through_undecoded():
    pdf = render(make_visit_fact())
    assert make_jpeg(1) in pdf
    assert make_jpeg(2) in pdf


def test_a_photo_that_is_elsewhere_or_damaged_is_named_in_its_place():
    text = paper_text(render(make_visit_fact(), photos=lambda _sha: None))
    assert "Foto tidak tersimpan di laptop ini" in text
    for broken in (b"", b"no jpeg", make_jpeg(1)[:12], b"\xff\xd8\xff\xe0"):
        text = paper_text(render(make_visit_fact(), photos=lambda _sha, broken=broken: broken))
        assert "Berkas foto tidak dapat dibaca" in text


def test_the_same_photo_twice_is_kept_once():
    photo = make_photo(1, "produk", "")
    once = render(make_visit_fact(make_visit_answers(photos=[photo], book_photo=None)))
    twice = render(make_visit_fact(make_visit_answers(photos=[photo, photo], book_photo=None)))
    assert len(twice) - len(once) < 2000


def test_a_reprint_is_the_same_to_the_byte():
    assert render(make_visit_fact()) == render(make_visit_fact())


def test_another_process_prints_the_same_bytes():
    program = (
        "import hashlib, sys\n"
        "from tests.support.make_papers import make_visit_fact, make_reference, make_photo_reader\n"
        "from kube_field.reports.visit_report import render_visit_report\n"
        "pdf = render_visit_report(make_visit_fact(), reference=make_reference(), photos=make_photo_reader())\n"
        "print(hashlib.sha256(pdf).hexdigest())\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == hashlib.sha256(render(make_visit_fact())).hexdigest()


def test_other_papers_before_it_do_not_change_a_paper():
    first = render(make_visit_fact())
    render(named("Zzz ŽŽŽ ĐĐ"))
    assert render(make_visit_fact()) == first


def test_a_changed_answer_changes_the_qr():
    one, other = make_visit_fact(), make_visit_fact(make_visit_answers(cash_idr=1))
    assert one.sha256 != other.sha256
    assert render(one) != render(replace(one, sha256=other.sha256))


def test_the_file_says_its_title_and_nothing_about_who_made_it():
    pdf = render(make_visit_fact())
    assert metadata(pdf) == {"Title": "Laporan Kunjungan Pendampingan 400.9/L07-0012/KUNJ/KKR/XI/2026"}
    for word in (
        b"ReportLab",
        b"reportlab",
        b"/Author",
        b"/Producer",
        b"/Creator",
        b"/CreationDate",
        b"/home",
        b"/work",
    ):
        assert word not in pdf


def test_every_font_is_embedded():
    pdf = render(make_visit_fact())
    fonts = set(re.findall(rb"/BaseFont /([^\s/]+)", pdf))
    assert fonts == {b"AAAAAA+NotoSans-Regular", b"AAAAAA+NotoSans-Bold"}
    assert pdf.count(b"/FontFile2") == 2
    assert b"Helvetica" not in pdf


def test_the_footer_of_a_final_paper_says_what_it_is():
    for number, text in enumerate(pages := page_texts(render(make_visit_fact())), start=1):
        assert f"Halaman {number} dari {len(pages)} · 400.9/L07-0012/KUNJ/KKR/XI/2026 · ID 91bc52d8 · Revisi 1" in text
        assert "difinalkan 23 Nov 2026 12.02 WITA oleh Rina Contoh, S.Sos." in text


@pytest.mark.parametrize("mark", ["DRAF", "DIBATALKAN", "CONTOH"])
def test_a_watermark_stands_on_every_page(mark):
    pages = page_texts(render(make_visit_fact(), mark))
    assert len(pages) > 2
    assert all(mark in text for text in pages)


def test_a_final_paper_carries_no_mark():
    text = paper_text(render(make_visit_fact()))
    assert "DRAF" not in text
    assert "CONTOH" not in text


def test_the_qr_holds_the_id_and_the_beginning_of_the_hash():
    fact = make_visit_fact()
    origin = Origin(uid=fact.uid, finalised="23 Nov 2026 12.02", sha256=fact.sha256)
    assert qr_text(origin) == f"{VISIT_UID} {fact.sha256[:16]}"
    assert qr_text(replace(origin, finalised="")) == ""
    assert short_id(VISIT_UID) == "91bc52d8"


def test_the_runs_of_a_qr_stay_inside_its_square():
    runs, modules = qr_runs(f"{VISIT_UID} 0123456789abcdef")
    assert modules == 33
    assert all(x >= 0 and x + length <= modules and y in range(modules) for x, y, length in runs)
    assert (0, modules - 1, 7) in runs


def test_twenty_members_and_none_both_fit():
    many = [{"id": f"m{n}", "person": {"uid": f"u{n}", "name": f"Anggota {n} Contoh"}} for n in range(20)]
    text = paper_text(render(make_visit_fact(make_visit_answers(members_present=many))))
    assert all(f"Anggota {n} Contoh" in text for n in range(20))
    empty = make_visit_snapshot(members={"total": 0, "male": 0, "female": 0}, officers={})
    assert "0 orang (L 0, P 0)" in paper_text(render(make_visit_fact(None, empty)))


def test_a_broken_emblem_does_not_stop_the_paper():
    snapshot = make_visit_snapshot(kop={**KOP, "emblem_sha256": sha(b"x")})
    assert "DINAS SOSIAL" in paper_text(render(make_visit_fact(None, snapshot), photos=lambda _sha: b"no picture"))


def test_markup_in_an_attendance_list_is_printed_letter_by_letter():
    cells = [replace(cell, name=name) for cell, name in zip(make_participants(7), MARKUP, strict=True)]
    event = make_training()
    pdf = render_attendance_list(event, event["sessions"][0], cells, snapshot=make_list_snapshot(), blank=True)
    squeezed = paper_text(pdf).replace(" ", "")
    assert all(name.replace(" ", "") in squeezed for name in MARKUP)
