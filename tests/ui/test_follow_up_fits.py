"""The list "Perlu ditindaklanjuti" is read whole at 150 %: status, of when it is, and the two lowest indicators."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from kube_field.domain.rules.score import WEIGHTS, Status
from kube_field.ui.pages.visits_page import VisitsPage
from kube_field.ui.theme import apply_theme, current_theme
from kube_field.ui.widgets.chip import chip_width
from kube_field.ui.widgets.data_table import DataTable
from kube_field.usecases.business_standing import MOST_FOLLOWED, BusinessStanding, FollowUp
from kube_field.usecases.visit_calendar import CalendarVisit, VisitMark
from tests.support.page_samples import unit_rows

LOWEST = list(combinations(WEIGHTS, 2))


def follow_ups() -> list[FollowUp]:
    (unit,) = unit_rows()
    statuses = [Status.CRITICAL, Status.AT_RISK, Status.WATCH, Status.HEALTHY, Status.INSUFFICIENT]
    standings = [
        BusinessStanding(statuses[at % len(statuses)], 53, "2026-12-28", 98, pair) for at, pair in enumerate(LOWEST)
    ]
    told = [FollowUp(unit, one, unwatched, "2026-12-28") for one in standings for unwatched in (True, False)]
    return [*told, FollowUp(replace(unit, name=""), None, True, "2026-12-28")]


@pytest.fixture
def large(qapp: Any) -> Any:
    apply_theme(qapp, 1.5)
    yield
    apply_theme(qapp, 1.0)


def table_of(qtbot: Any) -> DataTable:
    page = VisitsPage()
    qtbot.addWidget(page)
    page.tabs.setCurrentWidget(page.follow_up)
    page.follow_up.show_follow_ups(follow_ups())
    page.resize(1366 - 96, 680)
    page.show()
    return page.follow_up.table.table


def test_nothing_of_a_row_but_long_names_is_cut_at_150_percent(qtbot: Any, large: None) -> None:
    table = table_of(qtbot)
    words = table.fontMetrics().horizontalAdvance
    for at, column in enumerate(table.items_model.columns):
        for item in table.items_model.items():
            text = column.text(item)
            if column.tone is not None:
                needed = chip_width(text, current_theme()) + 8
            else:
                needed = max((words(line) for line in text.split("\n")), default=0)
            assert table.columnWidth(at) >= needed, (column.header, text)
    assert table.horizontalScrollBar().maximum() == 0


def test_every_line_of_a_row_has_its_height(qtbot: Any, large: None) -> None:
    table = table_of(qtbot)
    lines = max(
        column.text(item).count("\n") + 1 for column in table.items_model.columns for item in table.items_model.items()
    )
    assert lines == 2
    assert table.rowHeight(0) >= lines * table.fontMetrics().lineSpacing()


def test_a_unit_that_nobody_watches_says_its_last_status_and_of_when(qtbot: Any) -> None:
    table = table_of(qtbot)
    shown = [" ".join(column.text(table.items_model.item(0)) for column in table.items_model.columns)]
    assert "Tidak terpantau" in shown[0]
    assert "Kritis" in shown[0]
    assert "28 Des 2026" in shown[0]


def test_the_visits_of_a_day_stand_beside_the_month_without_scrolling_sideways(qtbot: Any, large: None) -> None:
    page = VisitsPage()
    qtbot.addWidget(page)
    page.tabs.setCurrentWidget(page.calendar)
    page.calendar.calendar.show_today("2026-11-23")
    late = CalendarVisit("2026-11-23", "2026-09-28", VisitMark.LATE, 3, "u1", "KUBE Dahlia Contoh", "Long Hubung")
    page.calendar.show_visits("2026-11", [late])
    page.resize(1366 - 96, 680)
    page.show()
    table = page.calendar.visits.table
    assert table.horizontalScrollBar().maximum() == 0
    words = table.fontMetrics().horizontalAdvance
    for at, column in enumerate(table.items_model.columns):
        assert table.columnWidth(at) >= max(words(line) for line in column.text(late).split("\n"))
    shown = " ".join(column.text(late) for column in table.items_model.columns)
    assert all(word in shown for word in ("Terlambat", "KUBE Dahlia Contoh", "Long Hubung", "28 Sep 2026"))


def test_a_full_list_says_that_only_the_most_pressing_are_shown(qtbot: Any) -> None:
    page = VisitsPage()
    qtbot.addWidget(page)
    panel = page.follow_up
    one = follow_ups()[0]
    panel.show_follow_ups([one] * (MOST_FOLLOWED - 1))
    assert panel.more.isHidden()
    panel.show_follow_ups([one] * MOST_FOLLOWED)
    assert not panel.more.isHidden()
    assert panel.more.text() == "500 usaha yang paling mendesak ditampilkan."
