"""Petugas di laptop ini: who works here, a colleague joins, everybody changes his own password."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from kube_field.errors import Failure, KubeFieldError
from kube_field.ui.pages.officers_card import OfficerLine
from kube_field.ui.pages.sync_page import DeviceView, SyncPage
from kube_field.ui.pages.unlock_page import OfficerTile, UnlockPage
from kube_field.ui.presenters.officers_presenter import OfficersPresenter
from kube_field.ui.tasks import ImmediateTaskRunner
from tests.support import page_samples as samples
from tests.support import sync_samples

GOOD, OTHER = "rakit jukung tepian lamin enggang", "tajau mandau lamin ulap doyo"


class House:
    """Officers that answer as told; the real ones are tested with a real server."""

    def __init__(self) -> None:
        self.trouble: KubeFieldError | None = None
        self.lines = [OfficerLine("rina", "Rina", 3, at_work=True), OfficerLine("budi", "Budi", 0, enrolled=False)]
        self.asked: list[tuple[str, ...]] = []

    def officers(self) -> list[OfficerLine]:
        return self.lines

    def add_officer(self, user: str, code: str, password: str) -> str:
        self._do(user, code, password)
        self.lines.append(OfficerLine(user, "Sari Contoh", 0))
        return "Sari Contoh"

    def change_password(self, old: str, new: str) -> None:
        self._do(old, new)

    def _do(self, *words: str) -> None:
        self.asked.append(words)
        if self.trouble is not None:
            raise self.trouble


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def page(qtbot, house: House) -> SyncPage:
    page = SyncPage(lambda: sync_samples.NOW)
    qtbot.addWidget(page)
    OfficersPresenter(page, ImmediateTaskRunner(), house).refresh()
    page.show_device(DeviceView("L07", "https://kube.contoh.go.id", "", "Rina", True), samples.pill())
    return page


def texts(page: SyncPage) -> list[str]:
    return [label.accessibleName() or label.text() for label in page.officers.findChildren(QLabel)]


def fill_in(page: SyncPage, password: str = GOOD, again: str = GOOD) -> None:
    page.officers.add_button.click()
    form = page.officers.adding
    form.user.setText(" sari ")
    form.code.setText("ABCD-EFGH-JKLM")
    form.password._edit.setText(password)
    form.again._edit.setText(again)


def test_the_card_tells_who_works_here_and_what_of_each_waits(page: SyncPage):
    shown = texts(page)
    assert {"Rina (Anda)", "3 belum terkirim", "Budi", "semua terkirim"} <= set(shown)
    assert "masuk sebagai budi · belum didaftarkan ke server" in shown


def test_a_colleague_joins_and_nothing_typed_stays(page: SyncPage, house: House):
    fill_in(page)
    page.officers.adding.press.click()
    assert house.asked == [("sari", "ABCD-EFGH-JKLM", GOOD)]
    assert page.notice_bar.label.text() == "Sari Contoh sekarang dapat membuka laptop ini sebagai sari."
    assert page.officers.adding.isHidden()
    assert page.officers.adding.password.text == ""
    assert "Sari Contoh" in texts(page)


def test_a_refused_code_is_told_in_the_form_and_what_was_typed_stays(page: SyncPage, house: House):
    house.trouble = KubeFieldError(Failure.NOT_ALLOWED, "Kode tidak dikenal.", "Minta kode baru.", code="S05")
    fill_in(page)
    page.officers.adding.press.click()
    assert page.officers.adding._problem.text() == "Kode tidak dikenal. Minta kode baru."
    assert not page.officers.adding.isHidden()
    assert page.officers.adding.code.text() == "ABCD-EFGH-JKLM"
    assert page.officers.adding.press.isEnabled()


@pytest.mark.parametrize(("password", "again"), [("pendek", "pendek"), (GOOD, OTHER), ("", "")])
def test_a_weak_or_mistyped_password_cannot_be_given(page: SyncPage, password: str, again: str):
    fill_in(page, password, again)
    assert not page.officers.adding.press.isEnabled()


def test_while_it_works_nothing_can_be_pressed(page: SyncPage):
    fill_in(page)
    page.officers.adding.show_busy("Menambahkan…")
    assert page.officers.adding.press.text() == "Menambahkan…"
    assert not page.officers.adding.press.isEnabled()
    assert not page.officers.adding._cancel.isEnabled()


def test_only_one_form_is_open_and_esc_puts_it_away(qtbot, page: SyncPage):
    page.officers.add_button.click()
    page.officers.change_button.click()
    assert page.officers.adding.isHidden()
    qtbot.keyClick(page.officers.changing, Qt.Key.Key_Escape)
    assert page.officers.changing.isHidden()
    assert not page.officers.change_button.isHidden()


def test_everybody_changes_his_own_password(page: SyncPage, house: House):
    page.officers.change_button.click()
    form = page.officers.changing
    form.old._edit.setText(GOOD)
    for field in (form.password, form.again):
        field._edit.setText(OTHER)
    form.press.click()
    assert house.asked == [(GOOD, OTHER)]
    assert page.notice_bar.label.text() == "Kata sandi Anda sudah diganti."
    assert (form.old.text, form.password.text, form.again.text) == ("", "", "")


def test_without_enrolment_nobody_is_added(page: SyncPage):
    page.show_device(DeviceView("", "", "", "Rina", False), samples.pill())
    assert not page.officers.add_button.isEnabled()
    assert "Petugas pertama" in page.officers.add_button.toolTip()


def test_the_locked_laptop_promises_only_what_there_is(qtbot):
    page = UnlockPage()
    qtbot.addWidget(page)
    page.show_officers([OfficerTile("rina", "Rina", 3)])
    page.forgot_button.click()
    assert "Petugas lain" in page._advice.text()
    assert "pemulihan" not in page._advice.text()
    page.add_button.click()
    assert "Sinkronisasi › Perangkat" in page._advice.text()
    page.add_button.click()
    assert page._advice.isHidden()
