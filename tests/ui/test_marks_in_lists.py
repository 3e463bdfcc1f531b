"""Bentrok, Mungkin ganda and Digabung stand in the lists and lead to their pages, by mouse and from the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt

from kube_field.domain.records import RecordKind
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.groups_page import GroupsPage
from kube_field.ui.pages.people_page import PeoplePage
from kube_field.ui.pages.profile_page import ProfilePage
from kube_field.ui.pages.trainings_page import TrainingsPage
from kube_field.ui.presenters.groups_presenter import GroupsPresenter
from kube_field.ui.presenters.people_presenter import PeoplePresenter
from kube_field.ui.presenters.profile_presenter import ProfilePresenter
from kube_field.ui.presenters.trainings_presenter import TrainingsPresenter
from kube_field.ui.tasks import ImmediateTaskRunner
from kube_field.ui.widgets.data_table import DataTable
from tests.support.laptop import make_laptop
from tests.support.make_conflicts import put_conflict
from tests.support.make_doubles import put_double, put_merge, put_twin
from tests.support.make_records import make_group, make_training, register_person


@pytest.fixture
def laptop(tmp_path):
    with make_laptop(tmp_path) as made:
        yield made


@pytest.fixture
def went() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def navigate(went) -> Navigator:
    made = Navigator()
    made.conflicts_wanted.connect(lambda uid: went.append(("conflicts", uid)))
    made.double_wanted.connect(lambda uid: went.append(("double", uid)))
    return made


def shown(qtbot, laptop, navigate, page: Any, presenter: Callable[..., Any]) -> Any:
    qtbot.addWidget(page)
    presenter(page, laptop.session, ImmediateTaskRunner(), navigate).refresh()
    page.resize(1170, 700)
    page.show()
    return page


def marks_of(table: DataTable) -> dict[str, str]:
    at = next(n for n, column in enumerate(table.items_model.columns) if column.header == "Tanda")
    return {row.uid: table.items_model.columns[at].text(row) for row in table.items_model.items()}


def click_mark(qtbot, table: DataTable, uid: str) -> None:
    at = next(n for n, column in enumerate(table.items_model.columns) if column.header == "Tanda")
    row = next(n for n, item in enumerate(table.items_model.items()) if item.uid == uid)
    place = table.visualRect(table.items_model.index(row, at)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_people_in_conflict_and_possible_doubles_are_marked_and_lead_there(qtbot, laptop, navigate, went) -> None:
    first, second = register_person(laptop.session), register_person(laptop.session, 2)
    twin = put_twin(laptop.store, second, "person-twin", full_name="Melati C. Dua")
    put_conflict(laptop.store, first, "phone", "+6281255550000")
    put_double(laptop.store, second, twin)
    page = shown(qtbot, laptop, navigate, PeoplePage(), PeoplePresenter)
    told = marks_of(page.table)
    assert (told[first.uid], told[second.uid], told[twin.uid]) == ("Bentrok", "Ganda?", "Ganda?")
    click_mark(qtbot, page.table, first.uid)
    click_mark(qtbot, page.table, twin.uid)
    assert went == [("conflicts", first.uid), ("double", twin.uid)]


def test_the_button_under_the_list_does_the_same_from_the_keyboard(qtbot, laptop, navigate, went) -> None:
    person, other = register_person(laptop.session), register_person(laptop.session, 2)
    put_conflict(laptop.store, person, "phone", "+6281255550000")
    page = shown(qtbot, laptop, navigate, PeoplePage(), PeoplePresenter)
    assert page.marks.button.isHidden()
    rows = [row.uid for row in page.table.items_model.items()]
    page.table.selectRow(rows.index(other.uid))
    assert page.marks.button.isHidden()
    page.table.selectRow(rows.index(person.uid))
    assert page.marks.button.text() == "Selesaikan bentrok"
    qtbot.keyClick(page.marks.button, Qt.Key.Key_Space)
    assert went == [("conflicts", person.uid)]


def test_groups_and_trainings_in_conflict_are_marked(qtbot, laptop, navigate, went) -> None:
    group = make_group(laptop.session)
    training = make_training(laptop.session)
    put_conflict(laptop.store, group, "name", "KUBE Lain")
    put_conflict(laptop.store, training, "title", "Judul lain", change="c-2")
    groups = shown(qtbot, laptop, navigate, GroupsPage(), GroupsPresenter)
    trainings = shown(qtbot, laptop, navigate, TrainingsPage(), TrainingsPresenter)
    click_mark(qtbot, groups.table, group.uid)
    click_mark(qtbot, trainings.list.table, training.uid)
    assert went == [("conflicts", group.uid), ("conflicts", training.uid)]


@pytest.fixture
def profile(qtbot, laptop, navigate):
    page = ProfilePage()
    qtbot.addWidget(page)
    return page, ProfilePresenter(page, laptop.session, ImmediateTaskRunner(), navigate)


def test_a_profile_leads_to_its_case(laptop, profile, went) -> None:
    page, presenter = profile
    person = register_person(laptop.session)
    put_double(laptop.store, person, put_twin(laptop.store, person, "person-twin"))
    presenter.open(RecordKind.PERSON, person.uid)
    page.double.click()
    assert went == [("double", person.uid)]


def test_a_merged_record_leads_to_the_one_that_stays_and_says_so(laptop, profile, went) -> None:
    page, presenter = profile
    person = register_person(laptop.session)
    twin = put_twin(laptop.store, person, "person-twin", full_name="Melati C. Satu")
    put_merge(laptop.store, person, twin)
    presenter.open(RecordKind.PERSON, twin.uid)
    assert page.title_label.whole_text() == "Melati Contoh Satu"
    assert page.notice_bar.label.text().startswith("Melati C. Satu digabung dengan Melati Contoh Satu.")
    assert page.merged.text() == "Digabung dengan Melati C. Satu"
    page.merged.click()
    assert went == [("double", person.uid)]


def test_a_family_lists_the_marks_of_its_members(qtbot, laptop, profile, went) -> None:
    page, presenter = profile
    person = register_person(laptop.session)
    put_conflict(laptop.store, person, "phone", "+6281255550000")
    presenter.open(RecordKind.HOUSEHOLD, person.answers["household_id"]["uid"])
    page.resize(1170, 700)
    page.show()
    click_mark(qtbot, page.family.table, page.family.table.items_model.items()[0].uid)
    assert went == [("conflicts", person.uid)]
