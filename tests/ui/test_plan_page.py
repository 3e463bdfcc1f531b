"""Rencana kunjungan in the window: due units are chosen, the plan and its sheets are saved in one file."""

from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kube_field.domain.records import Record
from kube_field.domain.sheet_code import sheet_code
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.plan_page import PlanPage
from kube_field.ui.pages.verify_page import VerifyPage
from kube_field.ui.presenters.paper_output import PaperOutput
from kube_field.ui.presenters.plan_presenter import PlanPresenter
from kube_field.ui.presenters.verify_presenter import VerifyPresenter
from kube_field.ui.tasks import ImmediateTaskRunner
from kube_field.usecases.day_plans import sheet_paper
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import make_unit, register_person


@pytest.fixture
def laptop(tmp_path: Path):
    with make_laptop(tmp_path) as made:
        made.clock.set_day("2026-11-23")
        yield made


@pytest.fixture
def units(laptop: Laptop) -> list[Record]:
    """One long due, one due in a few days."""
    late = make_unit(laptop.session, register_person(laptop.session, 8), handover_on="2026-07-01")
    soon = make_unit(laptop.session, register_person(laptop.session, 9), handover_on="2026-11-13")
    return [late, soon]


@pytest.fixture
def page(qtbot: QtBot, tmp_path: Path, laptop: Laptop, units: list[Record]) -> PlanPage:
    page = PlanPage()
    qtbot.addWidget(page)
    output = PaperOutput(choose_file=lambda _parent, name: tmp_path / name)
    presenter = PlanPresenter(page, laptop.session, ImmediateTaskRunner(), Navigator(), output)
    page.show()
    presenter.refresh()
    presenter.preview()
    return page


def test_late_units_are_chosen_and_the_plan_is_on_view(page: PlanPage, units: list[Record]):
    assert [item.target_uid for item in page.chosen()] == [units[0].uid]
    assert page.preview.page_count == 1
    page.none_button.click()
    assert page.chosen() == []
    assert not page.print_all_button.isEnabled()
    page.all_button.click()
    assert len(page.chosen()) == 2


def test_plan_and_sheets_are_saved_in_one_file(page: PlanPage, tmp_path: Path, laptop: Laptop, units: list[Record]):
    page.all_button.click()
    page.save_all_button.click()
    (saved,) = tmp_path.glob("Rencana kunjungan*.pdf")
    sheets = [pdfium.PdfDocument(sheet_paper(laptop.session, unit_uid=unit.uid)) for unit in units]
    assert len(pdfium.PdfDocument(saved)) == 1 + sum(len(sheet) for sheet in sheets)


def test_a_scanned_sheet_opens_its_draft(qtbot: QtBot, tmp_path: Path, laptop: Laptop, units: list[Record]):
    navigate, page = Navigator(), VerifyPage()
    qtbot.addWidget(page)
    VerifyPresenter(page, laptop.session, ImmediateTaskRunner(), navigate)
    path = tmp_path / "pindaian.pdf"
    path.write_bytes(sheet_paper(laptop.session, unit_uid=units[0].uid))
    with qtbot.waitSignal(navigate.draft_wanted) as opened:
        page.file_given.emit(path)
    (draft,) = laptop.store.drafts.listed()
    assert (opened.args, draft.subject_uid) == ([draft.uid], units[0].uid)
    with qtbot.waitSignal(navigate.draft_wanted) as again:
        page.text_given.emit(sheet_code(units[0].uid))
    assert again.args == [draft.uid]


def test_several_sheets_wait_to_be_opened(qtbot: QtBot, laptop: Laptop, tmp_path: Path, page: PlanPage):
    page.all_button.click()
    page.save_all_button.click()
    (saved,) = tmp_path.glob("Rencana kunjungan*.pdf")
    verify = VerifyPage()
    qtbot.addWidget(verify)
    VerifyPresenter(verify, laptop.session, ImmediateTaskRunner(), Navigator())
    verify.file_given.emit(saved)
    assert "2 lembar kunjungan ditemukan" in [
        label.text() for label in verify.findChildren(QWidget) if hasattr(label, "text")
    ]
