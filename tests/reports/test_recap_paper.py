"""The recap on paper, and from the page of reports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.reports_page import Paper, ReportsPage
from kube_field.ui.presenters.paper_output import PaperOutput
from kube_field.ui.presenters.reports_presenter import ReportsPresenter, paper_rows
from kube_field.ui.tasks import ImmediateTaskRunner
from kube_field.usecases.recap_papers import recap_paper
from tests.support import make_records
from tests.support.laptop import Laptop, make_laptop
from tests.support.read_papers import page_sizes, paper_text


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    with make_laptop(tmp_path / "laptop") as made:
        made.clock.set_day("2026-11-25")
        yield made


def test_the_recap_lies_and_says_what_it_counts(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session, handover_on="2026-10-20")
    stopped = {"business_status": "berhenti", "stop_reason": ["modal_habis"]}
    make_records.record_visit(laptop.session, unit.uid, "2026-11-20", **stopped)
    pdf = recap_paper(laptop.session, kabupaten="64.02", month="2026-11", only_accepted=False)
    words = paper_text(pdf)
    for told in (
        "REKAPITULASI PENDAMPINGAN KUBE/WRSE",
        "Bulan November 2026",
        "Dasar: dokumen Final, Terkirim, dan Disetujui sampai 25 Nov 2026",
        "Tabel IV. Unit yang memerlukan tindak lanjut",
        "Usaha berhenti.",
        "Rencana kunjungan = kunjungan yang jatuh tempo pada bulan ini menurut jadwal.",
        "Diperiksa oleh, Penyelia Kabupaten/Kota,",
    ):
        assert told in words
    assert all(wide > high for wide, high in page_sizes(pdf))


def test_an_empty_month_says_so_in_every_table(laptop: Laptop) -> None:
    words = paper_text(recap_paper(laptop.session, kabupaten="64.02", month="2026-11", only_accepted=True))
    assert "Tidak ada kegiatan pada bulan ini." in words
    assert "Tidak ada unit kritis atau rawan." in words
    assert "Dasar: dokumen Disetujui sampai" in words


def test_recaps_are_offered_by_month_and_basis_and_their_tables_saved(
    qtbot: Any, laptop: Laptop, tmp_path: Path
) -> None:
    make_records.make_unit(laptop.session, handover_on="2026-10-20")
    rows = paper_rows(laptop.session, Paper.RECAP, "2026-11", "", "64.02.12")
    assert [row.number for row in rows] == ["resmi", "kerja"]
    page = ReportsPage()
    qtbot.addWidget(page)
    names = iter(("rekap.xlsx", "rekap.csv"))
    output = PaperOutput(choose_file=lambda _parent, _name: tmp_path / next(names))
    ReportsPresenter(page, laptop.session, ImmediateTaskRunner(), Navigator(), output)
    page._paper.setCurrentIndex(page._paper.findData(str(Paper.RECAP)))
    assert not page.table_button.isHidden()
    page.list.table.selectRow(0)
    assert page.preview.page_count >= 1
    page.table_button.click()
    page.table_button.click()
    assert (tmp_path / "rekap.xlsx").read_bytes().startswith(b"PK")
    assert "Tabel I. Kegiatan" in (tmp_path / "rekap.csv").read_text(encoding="utf-8-sig")
    assert "Tersimpan" in page.notice_bar.label.text()
