"""Charts of a business on its owner's profile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from kube_field.domain.records import Record, RecordKind
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.profile_page import ProfilePage
from kube_field.ui.presenters.profile_presenter import ProfilePresenter
from kube_field.ui.tasks import ImmediateTaskRunner
from kube_field.ui.theme import Tone
from kube_field.usecases.progress import unit_progress
from tests.support import make_records
from tests.support.laptop import Laptop, make_laptop


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    with make_laptop(tmp_path) as made:
        yield made


def opened(qtbot: Any, laptop: Laptop, record: Record) -> ProfilePage:
    page = ProfilePage()
    qtbot.addWidget(page)
    presenter = ProfilePresenter(page, laptop.session, ImmediateTaskRunner(), Navigator())
    page.served_by.append(presenter)
    page.resize(1000, 640)
    page.show()
    presenter.open(record.kind, record.uid)
    return page


def turn_to_charts(page: ProfilePage) -> None:
    page.tabs.setCurrentWidget(page.progress)


def told(page: ProfilePage) -> list[str]:
    return [label.text() for label in page.progress._values]


def test_a_unit_without_visits_says_what_will_be_drawn(qtbot: Any, laptop: Laptop) -> None:
    page = opened(qtbot, laptop, make_records.make_unit(laptop.session))
    turn_to_charts(page)
    assert page.progress.currentWidget() is page.progress.empty


def test_charts_show_every_visit_and_tell_the_newest_in_words(qtbot: Any, laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    make_records.record_visit(laptop.session, unit.uid, "2026-10-20")
    make_records.record_visit(laptop.session, unit.uid, "2026-11-20", revenue_idr=100_000)
    points = unit_progress(laptop.session, unit_uid=unit.uid)
    page = opened(qtbot, laptop, unit)
    turn_to_charts(page)
    assert page.progress.currentWidget() is not page.progress.empty
    assert page.progress._visit.whole_text() == "Kunjungan ke-2 · 20 November 2026"
    assert told(page)[1].startswith("(Rp")  # a loss
    assert told(page)[3] == f"{points[1].score} dari 100"
    assert "20 Oktober 2026: omzet Rp" in page.progress.money.accessibleName()
    assert page.progress.money.axis().low < 0


def test_arrow_keys_walk_from_visit_to_visit_on_all_charts(qtbot: Any, laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    for day in ("2026-09-20", "2026-10-20", "2026-11-20"):
        make_records.record_visit(laptop.session, unit.uid, day)
    page = opened(qtbot, laptop, unit)
    turn_to_charts(page)
    chart = page.progress.score
    chart.setFocus()
    for key, visit in (
        (Qt.Key.Key_Home, "ke-1"),
        (Qt.Key.Key_Right, "ke-2"),
        (Qt.Key.Key_Right, "ke-3"),
        (Qt.Key.Key_Right, "ke-3"),
        (Qt.Key.Key_Left, "ke-2"),
    ):
        qtbot.keyClick(chart, key)
        assert visit in page.progress._visit.whole_text()
    assert page.progress.income._pointed == chart._pointed == "2026-10-20"


def test_the_mouse_points_at_the_nearest_visit(qtbot: Any, laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    for day in ("2026-09-20", "2026-11-20"):
        make_records.record_visit(laptop.session, unit.uid, day)
    page = opened(qtbot, laptop, unit)
    turn_to_charts(page)
    qtbot.mouseMove(page.progress.money, page.progress.money.rect().topLeft())
    qtbot.waitUntil(lambda: "ke-1" in page.progress._visit.whole_text())


def test_points_of_the_score_carry_the_sign_of_their_status(qtbot: Any, laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    stopped = {"business_status": "berhenti", "stop_reason": ["modal_habis"]}
    make_records.record_visit(laptop.session, unit.uid, "2026-11-20", **stopped)
    page = opened(qtbot, laptop, unit)
    turn_to_charts(page)
    assert [point.tone for point in page.progress.score._lines[0].points] == [Tone.CRITICAL]
    assert page.progress.score.axis().high == 100


def test_an_owner_of_two_businesses_chooses_which_is_drawn(qtbot: Any, laptop: Laptop) -> None:
    group = make_records.make_group(laptop.session, members=5)
    first = make_records.make_unit(laptop.session, group, business_name="Amplang")
    second = make_records.make_unit(laptop.session, group, business_name="Keripik")
    make_records.record_visit(laptop.session, second.uid, "2026-11-20")
    page = opened(qtbot, laptop, laptop.session.store.records.get(group.uid) or group)
    assert page.progress.units.count() == 2
    page.progress.units.setCurrentIndex(page.progress.units.findData(first.uid))
    turn_to_charts(page)
    assert page.progress.currentWidget() is page.progress.empty
    page.progress.units.setCurrentIndex(page.progress.units.findData(second.uid))
    assert page.progress.currentWidget() is not page.progress.empty


def test_another_profile_never_shows_the_charts_of_the_one_before(qtbot: Any, laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    make_records.record_visit(laptop.session, unit.uid, "2026-11-20")
    person = make_records.register_person(laptop.session, 20)
    page = opened(qtbot, laptop, unit)
    turn_to_charts(page)
    presenter = page.served_by[0]
    assert isinstance(presenter, ProfilePresenter)
    presenter.open(RecordKind.PERSON, person.uid)
    turn_to_charts(page)
    assert page.progress.currentWidget() is page.progress.empty
