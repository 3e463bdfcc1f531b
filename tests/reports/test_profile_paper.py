"""The profile of a KUBE and of a person's business."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kube_field.domain.progress import VisitPoint
from kube_field.domain.records import Role
from kube_field.domain.rules.score import Status
from kube_field.reports.fonts import load_fonts
from kube_field.reports.layout import Sheet, draw_pages, paginate
from kube_field.reports.pen import Pen
from kube_field.reports.preview import page_images
from kube_field.reports.progress_chart import progress_chart
from kube_field.ui.pages.reports_page import Paper
from kube_field.ui.presenters.reports_presenter import paper_rows
from kube_field.usecases.drafts import save_draft
from kube_field.usecases.graduations import begin_graduation
from kube_field.usecases.groups import close_membership
from kube_field.usecases.profile_papers import profile_paper
from tests.support import make_records
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_reviews import reviewed
from tests.support.read_papers import paper_text


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    with make_laptop(tmp_path) as made:
        made.clock.set_day("2026-11-25")
        yield made


def test_a_group_is_told_with_members_stage_and_the_way_of_its_business(laptop: Laptop) -> None:
    group = make_records.make_group(laptop.session, members=5, bank_name="bankaltimtara", bank_account="1234567890")
    unit = make_records.make_unit(laptop.session, group, handover_on="2026-08-20")
    members = laptop.store.listings.members(group.uid)
    close_membership(laptop.session, uid=members[-1].uid, left_on="2026-10-01", reason="pindah")
    for day in ("2026-10-20", "2026-11-20"):
        make_records.record_visit(laptop.session, unit.uid, day)
    words = paper_text(profile_paper(laptop.session, unit_uid=unit.uid))
    for told in (
        "PROFIL KELOMPOK USAHA BERSAMA",
        "A. DATA UMUM",
        "B. SUSUNAN PENGURUS DAN ANGGOTA",
        "1 Okt 2026: Pindah",
        "F. PERKEMBANGAN USAHA",
        "ke-2",
        "Omzet per 30 hari (Rp)",
        "G. TAHAP KUBE",
        "K. KESIMPULAN",
        "syarat graduasi.",
        "Ketua KUBE,",
    ):
        assert told in words
    assert "1234567890" not in words
    assert "7890" in words


def test_a_person_has_neither_members_nor_stage_and_no_letter_is_left_out(laptop: Laptop) -> None:
    person = make_records.register_person(laptop.session, 9)
    unit = make_records.make_unit(laptop.session, person)
    words = paper_text(profile_paper(laptop.session, unit_uid=unit.uid))
    assert "PROFIL USAHA PERORANGAN" in words
    assert "SUSUNAN PENGURUS" not in words
    assert "TAHAP KUBE" not in words
    assert [letter for letter in "ABCDEFGHI" if f"{letter}. " not in words] == []
    assert "Belum ada kunjungan yang dinilai." in words
    assert str(person.answers["nik"]) not in words.replace(" ", "")


def test_a_person_s_general_data_say_where_with_whom_and_that_it_graduated(laptop: Laptop) -> None:
    person = make_records.register_person(laptop.session, 1)
    unit = make_records.make_unit(laptop.session, person, status="rencana", handover_on="2026-08-20")
    make_records.hold_session(laptop.session, make_records.make_training(laptop.session, [person]))
    make_records.record_visit(laptop.session, unit.uid, "2026-11-20")
    words = paper_text(profile_paper(laptop.as_role(Role.PENYELIA_KAB, "Sari"), unit_uid=unit.uid))
    assert "Alamat : Gang Kenanga, dekat dermaga, RT 002 RW 002, Long Lalang, Kec. Tabang" in words
    assert "Pendamping : Rina" in words
    assert "Pendamping, Rina Mengetahui," in words
    assert "Tanggal Pelatihan Kehadiran" in words
    assert "Hadir" in words
    draft = begin_graduation(laptop.session, unit_uid=unit.uid)
    told = {**draft.answers, "kind": "lulus_mandiri", "reason": "Usaha berjalan sendiri sejak lama."}
    fact = make_records.commit_saved(laptop.session, save_draft(laptop.session, draft=draft, answers=told))
    reviewed(laptop, fact.uid)
    words = paper_text(profile_paper(laptop.session, unit_uid=unit.uid))
    assert "Status : Lulus" in words


def test_a_loss_stands_in_brackets_and_below_the_line_of_zero(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session, handover_on="2026-08-20")
    make_records.record_visit(laptop.session, unit.uid, "2026-11-20", revenue_idr=100_000)
    assert "(" in paper_text(profile_paper(laptop.session, unit_uid=unit.uid)).split("F. PERKEMBANGAN")[1]


def test_profiles_are_offered_by_owner_and_place(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session, make_records.register_person(laptop.session, 9))
    assert [row.key for row in paper_rows(laptop.session, Paper.PROFILE, "", "", "64.02")] == [unit.uid]
    assert paper_rows(laptop.session, Paper.PROFILE, "", "tidak ada", "") == []
    assert paper_rows(laptop.session, Paper.PROFILE, "", "", "64.71") == []


@pytest.mark.parametrize("days", [("2026-10-20",), ("2026-08-01", "2026-10-20", "2026-11-20")])
def test_the_chart_draws_one_visit_as_well_as_many(days: tuple[str, ...]) -> None:
    points = [
        VisitPoint(at + 1, day, 1_000_000 * at, -500_000 + 300_000 * at, None, 50, Status.WATCH)
        for at, day in enumerate(days)
    ]
    fonts, sheet = load_fonts(), Sheet()
    pen = Pen((sheet.width, sheet.height), "Grafik", fonts)

    class Bare:
        def under(self, pen: Pen) -> None: ...

        def after(self, pen: Pen, page: int, pages: int) -> None: ...

    pages = paginate([progress_chart(points, sheet.text_width)], sheet.text_height)
    (image,) = page_images(draw_pages(pen, pages, sheet, Bare()), 300)
    assert min(image.rgb) < 100  # something black is there
