from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from kube_field.reference import load_reference
from kube_field.ui.forms.editor import Surroundings
from kube_field.ui.models.attendance_model import AttendanceColumn, AttendanceModel, read_time
from kube_field.ui.pages.attendance_page import AttendancePage, SessionChoice
from kube_field.ui.widgets.choice_panel import Choosable
from kube_field.usecases.views import AttendanceCell
from tests.support import page_samples as samples

WALK_IN = AttendanceCell("w2", "", "Teratai Contoh", "P", "", "", "7890", "hadir", walk_in={"name": "Teratai Contoh"})
SESSIONS = [SessionChoice(1, "2026-11-23", "Buku kas harian"), SessionChoice(2, "2026-11-24", "Kemasan")]


@pytest.fixture
def page(qtbot):
    made = AttendancePage()
    qtbot.addWidget(made)
    made.equip(Surroundings(date(2026, 11, 23), lambda: "new", regions=load_reference().regions))
    made.show_sheet(samples.attendance_sheet(4), SESSIONS)
    with qtbot.waitActive(made):  # a window that comes to the front later would take the cursor out of a cell
        made.show()
        made.activateWindow()
    return made


def statuses(page):
    return [cell.status for cell in page.model.cells]


def test_letters_set_the_status_and_step_down(page, qtbot):
    for key in "hisA":
        qtbot.keyClicks(page.grid, key)
    assert statuses(page)[:4] == ["hadir", "izin", "sakit", "tanpa_kabar"]
    assert page.grid.currentIndex().row() == 4


def test_arrows_move_and_delete_takes_a_status_back(page, qtbot):
    qtbot.keyClick(page.grid, Qt.Key.Key_Down)
    qtbot.keyClick(page.grid, Qt.Key.Key_Delete)
    assert statuses(page)[1] == ""
    assert page.grid.currentIndex().row() == 1


def test_ctrl_a_makes_everybody_present(page, qtbot):
    qtbot.keyClick(page.grid, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert set(statuses(page)) == {"hadir"}
    assert page._finalise.isEnabled()


def test_one_letter_sets_every_chosen_row(page, qtbot):
    for row in (0, 2):
        index = page.model.index(row, AttendanceColumn.STATUS)
        page.grid.selectionModel().select(index, page.grid.selectionModel().SelectionFlag.Select)
    page.grid.selectionModel().select(
        page.model.index(1, AttendanceColumn.STATUS), page.grid.selectionModel().SelectionFlag.Deselect
    )
    qtbot.keyClicks(page.grid, "s")
    assert statuses(page)[0] == statuses(page)[2] == "sakit"


def test_a_note_may_begin_with_a_status_letter(page, qtbot):
    page.grid.setCurrentIndex(page.model.index(0, AttendanceColumn.NOTE))
    qtbot.keyClicks(page.grid, "s")
    editor = page.grid.findChild(QLineEdit)
    qtbot.keyClicks(editor, "akit kepala")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.grid.currentIndex().row() == 1)
    assert page.model.cells[0].note == "sakit kepala"
    assert page.model.cells[0].status == "hadir"


def test_a_typed_time_is_understood_or_not_taken(page):
    cell = page.model.index(0, AttendanceColumn.TIME)
    assert page.model.setData(cell, "815")
    assert page.model.cells[0].time_in == "08:15"
    assert not page.model.setData(cell, "2575")
    assert page.model.cells[0].time_in == "08:15"
    assert page.model.data(cell) == "08.15"


@pytest.mark.parametrize(
    ("typed", "read"),
    [("8", "08:00"), ("08.15", "08:15"), ("8:5", ""), ("1330", "13:30"), ("24", ""), ("", ""), ("pagi", ""), ("٨", "")],
)
def test_times_are_read_as_officers_write_them(typed, read):
    assert read_time(typed) == read


@given(st.integers(0, 23), st.integers(0, 59))
def test_every_time_of_day_is_read_back(hour, minute):
    assert read_time(f"{hour:02d}.{minute:02d}") == f"{hour:02d}:{minute:02d}"


@given(st.text(max_size=6))
def test_whatever_is_typed_gives_a_time_or_nothing(text):
    read = read_time(text)
    assert read == "" or (int(read[:2]) < 24 and int(read[3:]) < 60)


def test_absence_clears_the_time_of_arrival(page, qtbot):
    page.model.setData(page.model.index(0, AttendanceColumn.TIME), "8")
    qtbot.keyClicks(page.grid, "i")
    assert page.model.cells[0].time_in == ""


def test_totals_are_live_and_an_unfilled_list_cannot_be_final(page, qtbot):
    assert "5 peserta" in page._totals.whole_text()
    assert "belum diisi 1" in page._totals.whole_text()
    assert not page._finalise.isEnabled()
    page.grid.go_to(3)
    qtbot.keyClicks(page.grid, "a")
    assert "Tanpa kabar 1" in page._totals.whole_text()
    assert page._finalise.isEnabled()


def test_edits_are_handed_on_by_themselves(page, qtbot):
    with qtbot.waitSignal(page.sheet_changed, timeout=4000) as told:
        qtbot.keyClicks(page.grid, "i")
    assert told.args[0].cells[0].status == "izin"
    assert told.args[0].event_uid == "t1"


def test_leaving_the_page_hands_on_what_was_typed(page, qtbot):
    qtbot.keyClicks(page.grid, "s")
    with qtbot.waitSignal(page.sheet_changed):
        page.hide()


def test_switching_the_session_saves_first(page, qtbot):
    qtbot.keyClicks(page.grid, "s")
    with qtbot.waitSignals([page.sheet_changed, page.session_chosen], order="strict"):
        page._sessions.setCurrentIndex(1)
        page._sessions.activated.emit(1)


def test_a_participant_is_never_added_twice(page):
    known = page.model.cells[0]
    assert page.add_cells([known]) == 0
    assert page.add_cells([WALK_IN]) == 1
    added = page.model.cells[-1]
    assert (added.status, added.phone_end, added.person_uid) == ("hadir", "7890", "")
    assert "(peserta tambahan)" in page.model.data(page.model.index(5, AttendanceColumn.NAME))


def test_a_walk_in_is_offered_matches_before_being_added(page, qtbot):
    page._walk_in.click()
    panel = page.walk_in
    panel.looked_for.connect(lambda _name, _nik: panel.show_matches([Choosable("p7", "Melati Contoh", "P · 1968")]))
    added: list[object] = []
    panel.added.connect(added.append)
    qtbot.keyClicks(panel.fields.editors["walk_in_name"].focus_widget(), "Melati Contoh")
    panel._add.click()
    assert added == []
    assert panel._matches.count() == 2
    with qtbot.waitSignal(page.walk_in_is) as told:
        panel._on_match("p7")
    assert told.args == ["p7"]


def test_an_officer_may_say_that_no_match_is_the_one(page, qtbot):
    page._walk_in.click()
    panel = page.walk_in
    qtbot.keyClicks(panel.fields.editors["walk_in_name"].focus_widget(), "Seroja Contoh")
    panel.fields.editors["walk_in_sex"].set_value("P")
    panel._timer.stop()
    with qtbot.waitSignal(page.walk_in_added) as told:
        panel._add.click()
    assert told.args[0]["name"] == "Seroja Contoh"
    assert told.args[0]["sex"] == "P"


def test_an_empty_list_offers_to_add_participants(qtbot):
    page = AttendancePage()
    qtbot.addWidget(page)
    page.show_sheet(samples.attendance_sheet(0), SESSIONS)
    assert page.grid.isHidden()
    page._empty.button.click()
    assert not page.chooser.isHidden()


def test_the_model_keeps_the_rules_of_qt(qtmodeltester):
    model = AttendanceModel()
    model.show_cells(samples.attendance_sheet(6).cells)
    qtmodeltester.check(model)


def test_a_locked_list_cannot_be_changed():
    model = AttendanceModel()
    model.show_cells(samples.attendance_sheet(2).cells, locked=True)
    model.set_status([0], "sakit")
    assert model.cells[0].status == "hadir"
    assert not model.setData(model.index(0, AttendanceColumn.NOTE), "x")


def test_where_there_is_little_room_names_stay_readable(page):
    page.resize(1300, 600)
    assert not page.grid.isColumnHidden(AttendanceColumn.PHONE)
    page.resize(760, 600)
    assert page.grid.isColumnHidden(AttendanceColumn.PHONE)
    assert not page.grid.isColumnHidden(AttendanceColumn.TIME)
    page.open_detail()
    page._close_detail()
    assert page.grid.isColumnHidden(AttendanceColumn.PHONE)
