"""The month of visits and the area by status, on the page of visits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTableView

from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.visits_page import VisitsPage
from kube_field.ui.presenters.visits_presenter import VisitsPresenter
from kube_field.ui.tasks import ImmediateTaskRunner
from kube_field.ui.theme import Tone
from kube_field.ui.widgets.chip import ChipLabel
from kube_field.ui.widgets.status_bar import StatusBar
from tests.support import make_records
from tests.support.laptop import Laptop, make_laptop


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    with make_laptop(tmp_path) as made:
        made.clock.set_day("2026-11-23")
        yield made


def opened(qtbot: Any, laptop: Laptop) -> VisitsPage:
    page = VisitsPage()
    qtbot.addWidget(page)
    presenter = VisitsPresenter(page, laptop.session, ImmediateTaskRunner(), Navigator())
    page.served_by.append(presenter)
    page.resize(1100, 640)
    page.show()
    presenter.refresh()
    return page


def shown_texts(page: VisitsPage) -> list[tuple[str, ...]]:
    model = page.calendar.visits.table.items_model
    return [
        tuple(str(model.index(row, at).data()) for at in range(model.columnCount())) for row in range(model.rowCount())
    ]


def test_the_month_marks_its_days_and_today_lists_what_is_late(qtbot: Any, laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session, handover_on="2026-09-20")
    make_records.record_visit(laptop.session, unit.uid, "2026-10-03", next_visit_on="2026-10-30")
    page = opened(qtbot, laptop)
    page.tabs.setCurrentWidget(page.calendar)
    assert page.calendar.calendar.shown_month() == "2026-11"
    (row,) = shown_texts(page)
    assert row[0] == "Terlambat"
    assert row[1].split(" · ")[-1] == "20 Okt 2026"
    page.calendar.calendar.setCurrentPage(2026, 10)
    assert page.calendar.calendar._marks == {"2026-10-03": [(Tone.GOOD, 1)]}


def test_a_visit_of_the_calendar_is_begun_with_enter_and_a_made_one_opens_its_unit(qtbot: Any, laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session, handover_on="2026-11-01")
    make_records.record_visit(laptop.session, unit.uid, "2026-11-14", next_visit_on="2026-12-20")
    page = opened(qtbot, laptop)
    page.tabs.setCurrentWidget(page.calendar)
    calendar = page.calendar.calendar
    calendar.show_today("2026-11-14")
    page.calendar.visits.table.selectRow(0)
    assert not page.calendar.start_button.isEnabled()
    with qtbot.waitSignal(page.calendar.unit_opened) as told:
        qtbot.keyClick(page.calendar.visits.table, Qt.Key.Key_Return)
    assert told.args == [unit.uid]
    calendar.show_today("2026-12-01")
    page.calendar.visits.table.selectRow(0)
    assert page.calendar.start_button.isEnabled()
    with qtbot.waitSignal(page.visit_requested) as told:
        page.calendar.start_button.click()
    assert told.args == [unit.uid]


def test_days_are_walked_with_the_arrow_keys(qtbot: Any, laptop: Laptop) -> None:
    page = opened(qtbot, laptop)
    page.tabs.setCurrentWidget(page.calendar)
    grid = page.calendar.calendar.findChild(QTableView)
    assert grid is not None
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    assert page.calendar.calendar.chosen_day() == "2026-11-24"


def test_the_area_shows_a_bar_for_every_village_and_words_beside_it(qtbot: Any, laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session, handover_on="2026-10-20")
    stopped = {"business_status": "berhenti", "stop_reason": ["modal_habis"]}
    make_records.record_visit(laptop.session, unit.uid, "2026-11-20", **stopped)
    page = opened(qtbot, laptop)
    page.tabs.setCurrentWidget(page.area)
    (bar,) = page.area.findChildren(StatusBar)
    assert bar.accessibleName().endswith("1 Kritis")
    assert [(chip.text(), chip.tone()) for chip in page.area.findChildren(ChipLabel)] == [("1 Kritis", Tone.CRITICAL)]


def test_an_area_without_businesses_says_what_will_be_there(qtbot: Any, laptop: Laptop) -> None:
    page = opened(qtbot, laptop)
    page.tabs.setCurrentWidget(page.area)
    assert page.area.currentIndex() == 0
