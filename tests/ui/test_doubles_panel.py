"""Mungkin ganda on screen: compared, decided with a reason, waiting, taken back; an officer only looks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout

from kube_field.domain.records import RecordKind, Role
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.sync_page import SyncPage
from kube_field.ui.presenters.doubles_presenter import DoublesPresenter
from kube_field.ui.tasks import ImmediateTaskRunner
from tests.support import sync_samples
from tests.support.laptop import make_laptop
from tests.support.make_doubles import put_double, put_merge, put_twin
from tests.support.make_records import register_person


@pytest.fixture
def laptop(tmp_path):
    with make_laptop(tmp_path) as made:
        yield made


@pytest.fixture
def pair(laptop):
    person = register_person(laptop.session)
    return person, put_twin(laptop.store, person, "person-twin", full_name="Melati C. Satu")


def opened(qtbot, session) -> SyncPage:
    page = SyncPage(lambda: sync_samples.NOW)
    qtbot.addWidget(page)
    DoublesPresenter(page, session, ImmediateTaskRunner(), Navigator(), lambda: None).refresh()
    return page


def give_reason(qtbot, panel) -> None:
    panel.reason._edit.setText("KTP keduanya sama")
    qtbot.keyClick(panel.reason._edit, Qt.Key.Key_Return)


def decisions(laptop) -> list[tuple[str, str]]:
    facts = laptop.store.facts.of_kind(RecordKind.MERGE_DECISION)
    return [(fact.answers["decision"], fact.answers["kept"]) for fact in facts]


def test_a_supervisor_chooses_who_stays_and_merges_with_a_reason(qtbot, laptop, pair) -> None:
    put_double(laptop.store, *pair)
    page = opened(qtbot, laptop.as_role(Role.PENYELIA_KAB))
    panel = page.doubles
    assert page.tabs.tabText(page.tabs.indexOf(panel)) == "Mungkin ganda (1)"
    page.open_double(pair[1].uid)
    assert not panel.merge.isEnabled()
    panel.sides.cards[1].radio.setChecked(True)
    panel.merge.click()
    assert decisions(laptop) == []
    give_reason(qtbot, panel)
    assert decisions(laptop) == [("merge", pair[1].uid)]
    column = panel.open_list.table.items_model.columns[-1]
    assert column.text(panel.open_list.table.items_model.items()[0]) == "Menunggu dikirim"
    page.open_double(pair[0].uid)
    assert panel.merge.isHidden()
    assert "menunggu dikirim" in panel.hint.text()


def test_different_people_are_told_apart_without_a_choice(qtbot, laptop, pair) -> None:
    put_double(laptop.store, *pair)
    panel = opened(qtbot, laptop.as_role(Role.PENYELIA_KAB)).doubles
    panel.open_button.click()
    panel.different.click()
    give_reason(qtbot, panel)
    assert decisions(laptop) == [("different", pair[0].uid)]


def test_a_merge_is_taken_back_from_its_list(qtbot, laptop, pair) -> None:
    put_merge(laptop.store, *pair)
    panel = opened(qtbot, laptop.as_role(Role.PENYELIA_KAB)).doubles
    panel.done_choice.setChecked(True)
    panel.open_button.click()
    assert panel.merge.isHidden()
    panel.undo.click()
    give_reason(qtbot, panel)
    assert decisions(laptop) == [("undo", pair[0].uid)]


def test_an_officer_sees_the_case_and_who_decides(qtbot, laptop, pair) -> None:
    put_double(laptop.store, *pair)
    panel = opened(qtbot, laptop.session).doubles
    panel.open_button.click()
    assert panel.sides is not None
    assert not panel.sides.cards[0].isEnabled()
    assert panel.merge.isHidden()
    assert panel.different.isHidden()
    assert "penyelia" in panel.hint.text()


def test_escape_goes_back_to_the_list_and_decides_nothing(qtbot, laptop, pair) -> None:
    put_double(laptop.store, *pair)
    panel = opened(qtbot, laptop.as_role(Role.PENYELIA_KAB)).doubles
    panel.open_button.click()
    qtbot.keyClick(panel, Qt.Key.Key_Escape)
    assert panel.currentIndex() == 0
    assert decisions(laptop) == []


def test_the_question_names_who_stays_and_hides_the_buttons_until_it_is_put_away(qtbot, laptop, pair) -> None:
    put_double(laptop.store, *pair)
    panel = opened(qtbot, laptop.as_role(Role.PENYELIA_KAB)).doubles
    panel.open_button.click()
    panel.sides.cards[1].radio.setChecked(True)
    panel.merge.click()
    question = panel.reason._title.text()
    assert "Pertahankan Melati C. Satu dan gabungkan Melati Contoh Satu" in question
    assert panel.merge.isHidden()
    assert panel.different.isHidden()
    qtbot.keyClick(panel.reason._edit, Qt.Key.Key_Escape)
    assert not panel.merge.isHidden()
    assert panel.currentIndex() == 1, "Esc puts the question away, not the case"
    assert decisions(laptop) == []


def test_who_chooses_the_other_one_while_asked_is_asked_about_that_one(qtbot, laptop, pair) -> None:
    put_double(laptop.store, *pair)
    panel = opened(qtbot, laptop.as_role(Role.PENYELIA_KAB)).doubles
    panel.open_button.click()
    panel.sides.cards[1].radio.setChecked(True)
    panel.merge.click()
    panel.reason._edit.setText("KTP sama")
    panel.sides.cards[0].radio.setChecked(True)
    assert "Pertahankan Melati Contoh Satu dan gabungkan Melati C. Satu" in panel.reason._title.text()
    assert panel.reason._edit.text() == "KTP sama"
    qtbot.keyClick(panel.reason._edit, Qt.Key.Key_Return)
    assert decisions(laptop) == [("merge", pair[0].uid)]


def test_two_of_one_name_are_told_apart_by_their_side(qtbot, laptop) -> None:
    person = register_person(laptop.session)
    put_double(laptop.store, person, put_twin(laptop.store, person, "person-twin"))
    panel = opened(qtbot, laptop.as_role(Role.PENYELIA_KAB)).doubles
    panel.open_button.click()
    panel.sides.cards[0].radio.setChecked(True)
    panel.merge.click()
    assert "Pertahankan Melati Contoh Satu (sebelah kiri)" in panel.reason._title.text()


def test_the_columns_of_both_tables_stand_under_each_other(qtbot, laptop, pair) -> None:
    put_double(laptop.store, *pair)
    page = opened(qtbot, laptop.as_role(Role.PENYELIA_KAB))
    page.resize(1366, 768)
    page.show()
    page.tabs.setCurrentWidget(page.doubles)
    page.doubles.open_button.click()
    (grid,) = page.doubles.sides.findChildren(QGridLayout)
    rows = [row for row in range(grid.rowCount()) if grid.itemAtPosition(row, 1) and grid.itemAtPosition(row, 2)]
    places = {
        tuple(item.widget().x() for at in (1, 2) if (item := grid.itemAtPosition(row, at)) is not None)
        for row in rows
        if grid.itemAtPosition(row, 1) is not grid.itemAtPosition(row, 2)
    }
    assert len(rows) > 10
    assert len(places) == 1
