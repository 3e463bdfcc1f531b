"""Ctrl+V in the grids of a group and of a training: shown first, taken together, taken back together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from kube_field.domain.records import Record, RecordKind
from kube_field.ui.navigation import Navigator
from kube_field.ui.pages.attendance_page import AttendancePage
from kube_field.ui.pages.paste_panel import PastePanel
from kube_field.ui.pages.profile_page import ProfilePage
from kube_field.ui.presenters.profile_presenter import ProfilePresenter
from kube_field.ui.presenters.trainings_presenter import AttendancePresenter
from kube_field.ui.tasks import ImmediateTaskRunner
from kube_field.usecases.groups import Newcomer, add_members
from kube_field.usecases.pasting import Fate
from kube_field.usecases.trainings import attendance_sheet, invited_uids
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import make_group, make_training, nik_of, register_household, register_person


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    with make_laptop(tmp_path) as made:
        yield made


@pytest.fixture
def people(laptop: Laptop) -> list[Record]:
    family = register_household(laptop.session)
    return [register_person(laptop.session, n, household=family) for n in (1, 2, 3)]


def copied(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def notice(page: Any) -> str:
    return str(page.notice_bar.label.text())


def names_of(laptop: Laptop, group: Record) -> list[str]:
    return [row.person_uid for row in laptop.store.listings.members(group.uid)]


@pytest.fixture
def group(laptop: Laptop) -> Record:
    return make_group(laptop.session)


@pytest.fixture
def profile(qtbot: Any, laptop: Laptop, group: Record) -> ProfilePage:
    page = ProfilePage()
    qtbot.addWidget(page)
    ProfilePresenter(page, laptop.session, ImmediateTaskRunner(), Navigator()).open(RecordKind.KUBE_GROUP, group.uid)
    page.tabs.setCurrentWidget(page.members)
    page.show()
    return page


def choose(panel: PastePanel, row: int, words: str) -> None:
    """Say what becomes of a line."""
    panel.table.selectRow(row)
    at = next(at for at in range(panel.choice.count()) if panel.choice.itemText(at).startswith(words))
    panel.choice.setCurrentIndex(at)
    panel.choice.activated.emit(at)


def test_ctrl_v_shows_the_list_and_takes_nothing_yet(
    qtbot: Any, laptop: Laptop, group: Record, people: list[Record], profile: ProfilePage
):
    copied(f"NIK\tJabatan\r\n{nik_of(1)}\tKetua\r\n{nik_of(2)}\t\r\n")
    profile.activateWindow()
    profile.members.table.setFocus()
    qtbot.waitUntil(profile.members.table.hasFocus)
    qtbot.keyClick(profile.members.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    panel = profile.members.pasting
    assert panel.isVisible()
    assert panel.summary.whole_text() == "2 diambil · 0 tidak diambil"
    assert names_of(laptop, group) == []
    qtbot.keyClick(panel.table, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    assert names_of(laptop, group) == []


def test_a_pasted_list_of_members_comes_in_and_goes_back_as_one(
    laptop: Laptop, group: Record, people: list[Record], profile: ProfilePage
):
    copied(f"NIK\tJabatan\tMasuk\r\n{nik_of(1)}\tKetua\t01/03/2026\r\n{nik_of(2)}\t\t\r\n{nik_of(9)}\t\t\r\n")
    profile.members.paste_button.click()
    panel = profile.members.pasting
    assert "belum terdaftar" in panel.table.items_model.item(0).words, "what is asked stands first"
    assert panel.take.text() == "Masukkan 2 baris"
    panel.take.click()
    assert names_of(laptop, group) == [people[0].uid, people[1].uid]
    first = laptop.store.listings.members(group.uid)[0]
    assert (first.role, first.joined_on) == ("ketua", "2026-03-01")
    assert "2 anggota ditambahkan" in notice(profile)
    profile.notice_bar.button.click()
    assert names_of(laptop, group) == []


def test_the_officer_decides_about_an_ambiguous_line(
    laptop: Laptop, group: Record, people: list[Record], profile: ProfilePage
):
    copied(f"Nama\tNIK\n{people[0].answers['full_name']}\t640212480668990\n")
    profile.members.paste_button.click()
    panel = profile.members.pasting
    assert not panel.take.isEnabled()
    assert "16" in panel.why.label.text()
    choose(panel, 0, f"Ambil: {people[0].answers['full_name']}")
    assert panel.take.isEnabled()
    panel.take.click()
    assert names_of(laptop, group) == [people[0].uid]


def test_one_person_cannot_be_chosen_for_two_lines(
    laptop: Laptop, group: Record, people: list[Record], profile: ProfilePage
):
    name = people[0].answers["full_name"]
    copied(f"Nama\tNIK\n{name}\t{nik_of(1)}\n{name}\t\n")
    profile.members.paste_button.click()
    panel = profile.members.pasting
    choose(panel, 0, f"Ambil: {name}")
    assert not panel.take.isEnabled()
    assert "dua baris" in panel.summary.whole_text()
    choose(panel, 0, "Jangan diambil")
    assert panel.take.isEnabled()


def test_one_who_may_not_come_in_is_named_and_the_list_stays(
    laptop: Laptop, group: Record, people: list[Record], profile: ProfilePage
):
    other = make_group(laptop.session, name="KUBE Lain")
    add_members(laptop.session, group_uid=other.uid, newcomers=(Newcomer(people[0].uid),))
    copied(f"NIK\n{nik_of(1)}\n{nik_of(2)}\n")
    profile.members.paste_button.click()
    panel = profile.members.pasting
    panel.take.click()
    assert people[0].answers["full_name"] in notice(profile)
    assert names_of(laptop, group) == []
    assert panel.isVisible()
    choose(panel, 0, "Jangan diambil")
    panel.take.click()
    assert names_of(laptop, group) == [people[1].uid]


def test_what_is_no_list_is_told_on_the_page(profile: ProfilePage):
    copied("12\t13")
    profile.members.paste_button.click()
    assert "Tidak ada kolom NIK atau nama" in notice(profile)
    assert not profile.members.pasting.isVisible()


def test_ctrl_v_in_a_line_of_text_is_the_lines_own(qtbot: Any, profile: ProfilePage):
    copied("Melati")
    profile.activateWindow()
    profile.members._add.click()
    edit = profile.members.chooser._edit
    qtbot.waitUntil(edit.hasFocus)
    qtbot.keyClick(edit, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert edit.text() == "Melati"
    assert not profile.members.pasting.isVisible()


# Attendance


@pytest.fixture
def event(laptop: Laptop, people: list[Record]) -> Record:
    return make_training(laptop.session, people[:1])


@pytest.fixture
def attendance(qtbot: Any, laptop: Laptop, event: Record) -> AttendancePage:
    page = AttendancePage()
    qtbot.addWidget(page)
    AttendancePresenter(page, laptop.session, ImmediateTaskRunner(), Navigator()).open(event.uid)
    page.show()
    return page


LIST = "NIK\tNama\tL/P\tDesa\tHadir\n{known}\t\t\t\tS\n{new}\t\t\t\tH\n\tZainab Tak Dikenal\tP\tLong Lalang\tH\n"


def pasted_list() -> str:
    return LIST.format(known=nik_of(1), new=nik_of(2))


def test_a_pasted_attendance_list_fills_the_grid_and_is_taken_back_as_one(
    laptop: Laptop, event: Record, people: list[Record], attendance: AttendancePage
):
    before = attendance.model.cells
    copied(pasted_list())
    attendance._paste.click()
    panel = attendance.pasting
    assert [line.fate for line in panel.table.items_model.items()] == [Fate.WALK_IN, Fate.TAKE, Fate.TAKE]
    assert panel.summary.whole_text() == "2 diambil · 1 peserta tambahan · 0 tidak diambil"
    panel.take.click()
    assert [(cell.name, cell.status) for cell in attendance.model.cells] == [
        (people[0].answers["full_name"], "sakit"),
        (people[1].answers["full_name"], "hadir"),
        ("Zainab Tak Dikenal", "hadir"),
    ]
    attendance.flush()
    stored = attendance_sheet(laptop.session, event_uid=event.uid, session_no=1)
    assert [cell.status for cell in stored.cells] == ["sakit", "hadir", "hadir"]
    assert invited(laptop, event) == {people[0].uid, people[1].uid}
    attendance.notice_bar.button.click()
    assert attendance.model.cells == before
    assert invited(laptop, event) == {people[0].uid}
    attendance.flush()
    assert attendance_sheet(laptop.session, event_uid=event.uid, session_no=1).cells == before


def invited(laptop: Laptop, event: Record) -> set[str]:
    stored = laptop.store.records.get(event.uid)
    assert stored is not None
    return invited_uids(stored)


def test_what_was_typed_after_the_paste_stays_when_it_is_taken_back(people: list[Record], attendance: AttendancePage):
    copied(pasted_list())
    attendance._paste.click()
    attendance.pasting.take.click()
    attendance.model.set_status([1], "izin")
    attendance.notice_bar.button.click()
    assert [(cell.person_uid, cell.status) for cell in attendance.model.cells] == [
        (people[0].uid, ""),
        (people[1].uid, "izin"),
    ]


def test_an_unknown_walk_in_can_be_left_out(people: list[Record], attendance: AttendancePage):
    copied(pasted_list())
    attendance._paste.click()
    choose(attendance.pasting, 0, "Jangan diambil")
    attendance.pasting.take.click()
    assert len(attendance.model.cells) == 2


def test_pasting_tells_no_news_from_the_server(people: list[Record], attendance: AttendancePage):
    copied(pasted_list())
    attendance._paste.click()
    attendance.pasting.take.click()
    (presenter,) = (one for one in attendance.served_by if isinstance(one, AttendancePresenter))
    presenter.tell_news()
    assert "pembaruan" not in notice(attendance)
    attendance.notice_bar.button.click()
    presenter.tell_news()
    assert "pembaruan" not in notice(attendance)
