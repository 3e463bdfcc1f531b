"""A damaged database in the window: found behind it, told, repaired from the unlock page, opened as before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from kube_field.desktop import Desktop
from kube_field.paths import AppPaths
from kube_field.ui.data_watch import DataWatch
from kube_field.ui.pages.unlock_page import UnlockPage
from kube_field.ui.tasks import ImmediateTaskRunner
from kube_field.usecases.data_safety import check_is_due
from tests.support.command_line import PASSWORD, USER, reopened, set_up
from tests.support.journalled import Journalled
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import register_person

PATIENCE_MS = 60_000
TASKS = ImmediateTaskRunner()


def flip(path: Path, offset: int) -> None:
    content = bytearray(path.read_bytes())
    content[offset] ^= 1
    path.write_bytes(bytes(content))


def unlock_page(desktop: Desktop) -> UnlockPage:
    assert desktop.start_window is not None
    page = desktop.start_window.centralWidget()
    assert isinstance(page, UnlockPage)
    return page


@pytest.fixture
def begin(qtbot, qapp: QApplication) -> Iterator[Callable[[Path], Desktop]]:
    begun: list[Desktop] = []

    def start(folder: Path) -> Desktop:
        desktop = Desktop(qapp, AppPaths(folder), begin_again=lambda _paths, _demo: None)
        begun.append(desktop)
        desktop.start()
        return desktop

    yield start
    for desktop in begun:
        desktop.close()
        if desktop.start_window is not None:
            desktop.start_window.close()


def test_a_damaged_database_is_repaired_from_the_unlock_page(qtbot, tmp_path: Path, begin: Callable[[Path], Desktop]):
    with set_up(tmp_path) as laptop:
        register_person(laptop.session)
        unsent = laptop.store.queue.pill().unsent
    flip(tmp_path / "kube.db", 60)
    desktop = begin(tmp_path)
    page = unlock_page(desktop)
    assert page.repair_button.isHidden()
    page._password._edit.setText(PASSWORD)
    page._open.click()
    qtbot.waitUntil(lambda: not page.repair_button.isHidden(), timeout=PATIENCE_MS)
    assert "Pulihkan data" in page._problem.text()
    assert page._password.text == PASSWORD, "the repair needs it"
    page.repair_button.click()
    assert not page._open.isEnabled()
    qtbot.waitUntil(lambda: not page._advice.isHidden(), timeout=PATIENCE_MS)
    assert f"{unsent} perubahan yang belum terkirim" in page._advice.text()
    assert page.repair_button.isHidden()
    page._open.click()
    qtbot.waitUntil(lambda: desktop.laptop is not None, timeout=PATIENCE_MS)
    assert desktop.laptop is not None
    assert desktop.laptop.user == USER
    assert desktop.laptop.store.queue.pill().unsent == unsent


def test_damage_that_is_found_while_working_is_repaired_at_the_next_start(
    qtbot, tmp_path: Path, begin: Callable[[Path], Desktop]
):
    """The bad page lies where opening never looks."""
    with set_up(tmp_path) as laptop:
        register_person(laptop.session)
        root = int(laptop.store.db.value("SELECT rootpage FROM sqlite_schema WHERE name = 'program_batch'"))
    flip(tmp_path / "kube.db", (root - 1) * 4096 + 100)
    desktop = begin(tmp_path)
    page = unlock_page(desktop)
    page._password._edit.setText(PASSWORD)
    page._open.click()
    qtbot.waitUntil(lambda: desktop.workplace is not None, timeout=PATIENCE_MS)
    assert desktop.workplace is not None
    assert desktop._data_watch is not None
    desktop._data_watch.look_at_file()
    notice = desktop.workplace.window.notice
    qtbot.waitUntil(lambda: "rusak" in notice.label.text() and not notice.isHidden(), timeout=PATIENCE_MS)
    notice.button.click()
    assert desktop.laptop is None
    again = begin(tmp_path)
    page = unlock_page(again)
    page._password._edit.setText(PASSWORD)
    page._open.click()
    qtbot.waitUntil(lambda: not page.repair_button.isHidden(), timeout=PATIENCE_MS)
    page.repair_button.click()
    qtbot.waitUntil(lambda: not page._advice.isHidden(), timeout=PATIENCE_MS)
    with reopened(tmp_path) as laptop:
        assert laptop.store.db.rows("PRAGMA quick_check") == [("ok",)]


@pytest.fixture
def watched(tmp_path: Path) -> Laptop:
    return make_laptop(tmp_path)


def test_the_file_is_checked_once_a_week(qtbot, watched: Laptop):
    with watched as laptop:
        watch = DataWatch(laptop.session, TASKS, lambda: False)
        damaged: list[bool] = []
        watch.damaged.connect(lambda: damaged.append(True))
        assert check_is_due(laptop.session)
        watch.look_at_file()
        assert not check_is_due(laptop.session)
        laptop.clock.advance(days=6)
        assert not check_is_due(laptop.session)
        laptop.clock.advance(days=2)
        assert check_is_due(laptop.session)
        watch.look_at_file()
        laptop.clock.advance(days=-30)
        assert check_is_due(laptop.session), "a clock that was set back does not put it off for months"
        assert damaged == []


def test_while_data_are_sent_the_check_waits(qtbot, watched: Laptop):
    with watched as laptop:
        DataWatch(laptop.session, TASKS, lambda: True).look_at_file()
        assert check_is_due(laptop.session)


def test_a_missing_second_copy_is_told_once_and_quietly(qtbot, tmp_path: Path, watched: Laptop):
    copied = Journalled(tmp_path)
    with watched as laptop:
        watch = DataWatch(replace(laptop.session, store=copied.store), TASKS, lambda: False)
        told: list[str] = []
        watch.notice_wanted.connect(told.append)
        copied.path.unlink()
        copied.path.mkdir()
        watch.look_at_copy()
        copied.visit()
        watch.look_at_copy()
        watch.look_at_copy()
        assert len(told) == 1
        assert "Catatan Anda tersimpan" in told[0]
        copied.path.rmdir()
        copied.visit()
        watch.look_at_copy()
        copied.lose_database()
        watch = DataWatch(replace(laptop.session, store=copied.store), TASKS, lambda: False)
        watch.notice_wanted.connect(told.append)
        watch.begin()
        assert told[1].startswith("2 perubahan")
        watch.stop()
        copied.store.close()
