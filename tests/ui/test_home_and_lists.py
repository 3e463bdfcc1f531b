from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from kube_field.domain.records import RecordKind
from kube_field.ui.pages.groups_page import GroupsPage
from kube_field.ui.pages.home_page import HomePage, WorkRow
from kube_field.ui.pages.people_page import PeoplePage
from kube_field.ui.pages.register_page import NEW_FAMILY, RegisterPage, WantedPerson
from kube_field.ui.pages.visits_page import VisitsPage
from kube_field.ui.pages.work_words import work_chip, work_group
from kube_field.ui.theme import Tone
from kube_field.ui.widgets.choice_panel import Choosable
from kube_field.usecases.views import PersonFilter, WorkItem
from tests.support import page_samples as samples

UNIT = RecordKind.BUSINESS_UNIT


@pytest.mark.parametrize(
    ("state", "days", "words", "tone"),
    [
        ("overdue", 12, "Lewat 12 hari", Tone.CRITICAL),
        ("due", 0, "Hari ini", Tone.WATCH),
        ("due", -1, "Besok", Tone.WATCH),
        ("soon", -3, "3 hari lagi", Tone.NEUTRAL),
        ("lapsed", 200, "Tidak terpantau", Tone.CRITICAL),
        ("returned", 0, "Dikembalikan", Tone.CRITICAL),
        ("draft", 0, "Draf", Tone.NEUTRAL),
    ],
)
def test_a_chip_says_how_pressing_the_work_is(state, days, words, tone):
    assert work_chip(WorkItem(state, "KUBE Mawar", "", "", "u", UNIT, days=days)) == (words, tone)


def test_refused_and_returned_work_are_both_repairs():
    states = ("returned", "needs_repair", "overdue", "draft", "candidate")
    groups = [work_group(WorkItem(state, "", "", "", "", UNIT)) for state in states]
    assert groups == ["repair", "repair", "visit", "draft", "candidate"]


def test_home_lists_the_work_and_filters_it_by_village_and_kind(qtbot):
    page = HomePage()
    qtbot.addWidget(page)
    page.show_home(samples.home_summary(), "Selamat pagi, Sri", "Senin, 23 November 2026")
    assert page.title_label.whole_text() == "Selamat pagi, Sri"
    assert len(page.findChildren(WorkRow)) == len(samples.work_items())
    page._village.setCurrentIndex(page._village.findData("Swarga Bara"))
    assert {item.village for item in page.shown_items()} == {"Swarga Bara"}
    page._group.setCurrentIndex(page._group.findData("repair"))
    assert [item.state for item in page.shown_items()] == ["needs_repair"]


def test_a_home_with_thousands_of_lines_makes_those_that_are_looked_at(qtbot):
    items = tuple(
        WorkItem("overdue", f"KUBE {n}", "Swarga Bara", "", f"u{n}", UNIT, days=9_000 - n) for n in range(9_000)
    )
    page = HomePage()
    qtbot.addWidget(page)
    page.resize(1170, 700)
    page.show()
    page.show_home(samples.home_summary(items), "", "")
    qtbot.waitUntil(lambda: page._bar.maximum() > page._bar.pageStep())
    qtbot.waitUntil(lambda: not page._grow.isActive())
    made = len(page.findChildren(WorkRow))
    assert 16 <= made < 100
    seen = [page._rows.itemAt(at).widget() for at in range(0, 2 * made, 2)]
    assert all(isinstance(row, WorkRow) for row in seen)
    page._bar.setValue(page._bar.maximum())
    qtbot.waitUntil(lambda: len(page.findChildren(WorkRow)) > made)
    last = page._rows.itemAt(page._rows.count() - 3).widget()
    with qtbot.waitSignal(page.action_requested) as told:
        last.action_requested.emit()
    assert told.args[0] == items[len(page.findChildren(WorkRow)) - 1]


def test_a_line_of_home_tells_which_work_it_is(qtbot):
    page = HomePage()
    qtbot.addWidget(page)
    page.show_home(samples.home_summary(), "", "")
    row = page.findChildren(WorkRow)[2]
    with qtbot.waitSignal(page.action_requested) as told:
        row.action_requested.emit()
    assert told.args[0].target_uid == "u1"


def test_an_empty_home_offers_the_first_step(qtbot):
    page = HomePage()
    qtbot.addWidget(page)
    page.show_home(samples.home_summary(()), "", "")
    empty = page._rows.itemAt(0).widget()
    with qtbot.waitSignal(page.register_requested):
        empty.button.click()


def test_people_are_filtered_while_typing_and_opened_with_enter(qtbot):
    page = PeoplePage()
    qtbot.addWidget(page)
    page.show_choices(kecamatan=[("64.02.12", "Tabang")], statuses={"aktif": "Aktif"}, categories={})
    page.show_people(samples.person_rows(5), 12_431)
    assert "5 dari 12.431" in page._count.text()
    with qtbot.waitSignal(page.filter_changed) as told:
        qtbot.keyClicks(page._search, "melati")
    assert told.args[0] == PersonFilter(text="melati")
    page.table.selectRow(1)
    with qtbot.waitSignal(page.person_opened) as opened:
        qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert opened.args == ["p1"]


def test_choosing_a_kecamatan_forgets_the_village(qtbot):
    page = PeoplePage()
    qtbot.addWidget(page)
    page.show_choices(kecamatan=[("64.02.12", "Tabang")], statuses={}, categories={})
    page.show_villages([("64.02.12.2002", "Long Lalang")])
    page._village.setCurrentIndex(1)
    assert page.wanted().village == "64.02.12.2002"
    page._kecamatan.setCurrentIndex(1)
    assert page.wanted() == PersonFilter(kecamatan="64.02.12")


def test_an_empty_list_says_what_will_be_there(qtbot):
    page = PeoplePage()
    qtbot.addWidget(page)
    page.show_people([], 0)
    assert page._stack.currentWidget() is page._empty
    assert page._empty.title_label.text() == "Belum ada warga yang terdaftar"
    page._search.setText("zzz")
    page.show_people([], 0)
    assert page._empty.title_label.text() == "Tidak ada yang cocok"


def test_groups_sort_by_the_number_of_members(qtbot):
    page = GroupsPage()
    qtbot.addWidget(page)
    page.show_choices(kecamatan=[], statuses={"aktif": "Aktif"})
    page.show_groups(samples.group_rows())
    page.table.sortByColumn(4, Qt.SortOrder.DescendingOrder)
    assert page.table.items_model.item(0).members == 10
    assert page._count.text() == "12 kelompok"


@pytest.mark.parametrize(
    ("wanted", "enough"),
    [
        (WantedPerson(nik="6402124806689901"), True),
        (WantedPerson(nik="640212480668"), False),
        (WantedPerson(name="Melati"), False),
        (WantedPerson(name="Melati", birth_year=1968), True),
        (WantedPerson(name="Melati", village_code="64.02.12.2002"), True),
        (WantedPerson(birth_year=1968, village_code="64.02.12.2002"), False),
    ],
)
def test_a_search_needs_a_nik_or_a_name_with_year_or_village(wanted, enough):
    assert wanted.is_enough is enough


def test_a_new_person_cannot_be_made_before_matches_were_shown(qtbot):
    page = RegisterPage()
    qtbot.addWidget(page)
    with qtbot.waitSignal(page.look_requested) as looked:
        qtbot.keyClicks(page._name, "Melati Contoh")
        qtbot.keyClicks(page._year, "1968")
    assert not page._create.isEnabled()
    page.show_matches(samples.person_rows(2), looked.args[0])
    assert page._create.isEnabled()
    qtbot.keyClicks(page._name, " Dua")
    assert not page._create.isEnabled()


def test_matches_for_what_is_no_longer_typed_are_not_shown(qtbot):
    page = RegisterPage()
    qtbot.addWidget(page)
    page._name.setText("Kenanga")
    page.show_matches(samples.person_rows(2), WantedPerson(name="Melati", birth_year=1968))
    assert not page._create.isEnabled()
    assert page.table.items_model.rowCount() == 0


def test_a_new_person_is_made_in_a_family_that_is_chosen(qtbot):
    page = RegisterPage()
    qtbot.addWidget(page)
    page._name.setText("Melati Contoh")
    page._year.setText("1968")
    page.show_matches([], page.wanted())
    page._create.click()
    page.show_families([Choosable("h1", "Keluarga Contoh")])
    assert page.family._list.count() == 2
    with qtbot.waitSignal(page.create_requested) as made:
        page.family._on_item(page.family._list.item(1))
    assert made.args == [WantedPerson(name="Melati Contoh", birth_year=1968), NEW_FAMILY]


def test_visits_filter_by_state_and_open_what_is_due(qtbot):
    page = VisitsPage()
    qtbot.addWidget(page)
    page.show_due([item for item in samples.work_items() if item.action == "start_visit"])
    page.show_documents(samples.document_rows())
    page._state.setCurrentIndex(page._state.findData("returned"))
    assert [row.chip.state for row in page.documents.table.items_model.items()] == ["returned"]
    page.due.table.selectRow(0)
    with qtbot.waitSignal(page.visit_requested) as told:
        page._start.click()
    assert told.args == ["u1"]
    with qtbot.waitSignal(page.filter_changed) as filtered:
        page._kind.setCurrentIndex(1)
    assert filtered.args[0].kind == RecordKind.VISIT
