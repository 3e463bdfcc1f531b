"""Whoever works for the whole province chooses among all its districts, in lists and for the recap."""

from __future__ import annotations

from pathlib import Path

from kube_field.ui.pages.reports_page import Paper
from kube_field.ui.presenters.people_presenter import kecamatan_of
from kube_field.ui.presenters.reports_presenter import areas_of, paper_rows
from tests.support.laptop import make_laptop


def test_the_province_has_all_its_kecamatan_and_recaps(tmp_path: Path) -> None:
    with make_laptop(tmp_path, areas=("64",)) as laptop:
        assert len(kecamatan_of(laptop.session)) == 105
        assert len(areas_of(laptop.session)) == 10 + 105
        assert len(paper_rows(laptop.session, Paper.RECAP, "2026-10", "")) == 10 * 2


def test_a_kabupaten_has_its_own(tmp_path: Path) -> None:
    with make_laptop(tmp_path, areas=("64.02",)) as laptop:
        assert len(kecamatan_of(laptop.session)) == 20
        assert len(paper_rows(laptop.session, Paper.RECAP, "2026-10", "")) == 2
