"""Kunci: what was typed is stored, the folder is free, and a fresh program begins at the unlock page."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from kube_field.assembly import add_officer
from kube_field.desktop import Desktop
from kube_field.domain.records import RecordKind
from kube_field.paths import AppPaths
from kube_field.storage.lock import lock_folder
from kube_field.summary import read_summary
from kube_field.ui.pages.unlock_page import UnlockPage
from kube_field.ui.tasks import SYNC
from kube_field.ui.theme import apply_theme
from kube_field.usecases.drafts import begin_draft, drafts
from tests.support import make_records
from tests.support.command_line import PASSWORD, officer_of, reopened, set_up

pytestmark = pytest.mark.usefixtures("signals_stay")
PATIENCE_MS = 20_000
BUDIS = "rakit jukung tepian lamin enggang"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A closed laptop of Rina and Budi with a draft; Rina's household waits to be sent."""
    folder = tmp_path / "laptop"
    with set_up(folder) as laptop:
        make_records.register_household(laptop.session)
        begin_draft(laptop.session, kind=RecordKind.PERSON)
        add_officer(laptop, user="budi", password=BUDIS, officer=officer_of("Budi"))
    return folder


class Again:
    """Takes the place of the new process: at this moment the folder has to be free."""

    def __init__(self) -> None:
        self.began: list[tuple[AppPaths, bool]] = []

    def __call__(self, paths: AppPaths, is_demo: bool) -> None:
        lock_folder(paths.data_dir).release()
        self.began.append((paths, is_demo))


def unlocked(qtbot, folder: Path, again: Again) -> Desktop:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply_theme(app)
    desktop = Desktop(app, AppPaths(folder), begin_again=again)
    desktop.start()
    assert desktop.start_window is not None
    page = desktop.start_window.centralWidget()
    assert isinstance(page, UnlockPage)
    qtbot.keyClicks(page._password._edit, PASSWORD)
    qtbot.keyClick(page._password._edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: desktop.workplace is not None, timeout=PATIENCE_MS)
    return desktop


def test_locking_stores_what_is_typed_frees_the_folder_and_begins_again_once(qtbot, folder: Path):
    again = Again()
    desktop = unlocked(qtbot, folder, again)
    work = desktop.workplace
    assert work is not None
    (draft,) = drafts(work.session)
    work.navigate.open_draft(draft.uid)
    form = work.window.page("form")
    qtbot.waitUntil(lambda: form.form_view is not None, timeout=PATIENCE_MS)
    form.form_view.open_question("full_name")
    row = form.form_view._views[form.form_view.current_section()].rows["full_name"]
    qtbot.keyClicks(row.editor.line, "Anggrek Contoh")
    desktop.lock()
    desktop.lock()
    assert again.began == [(AppPaths(folder), False)]
    assert not work.window.isVisible()
    desktop.close()
    with reopened(folder) as laptop:
        kept = laptop.store.drafts.get(draft.uid)
        assert kept is not None
        assert kept.answers["full_name"] == "Anggrek Contoh"


def test_the_locked_laptop_shows_how_much_of_each_officers_work_waits(qtbot, folder: Path):
    again = Again()
    desktop = unlocked(qtbot, folder, again)
    desktop.lock()
    assert read_summary(AppPaths(folder).summary) == {"rina": 2, "budi": 0}
    assert [(tile.user, tile.unsent) for tile in desktop._officers()] == [("rina", 2), ("budi", 0)]


def test_a_disk_that_takes_no_numbers_still_locks(qtbot, folder: Path):
    AppPaths(folder).summary.mkdir()
    again = Again()
    desktop = unlocked(qtbot, folder, again)
    desktop.lock()
    assert len(again.began) == 1


def test_work_that_does_not_end_keeps_its_database_and_calls_nothing_back(qtbot, folder: Path, monkeypatch):
    monkeypatch.setattr("kube_field.desktop.LOCK_WAIT_MS", 50)
    again = Again()
    desktop = unlocked(qtbot, folder, again)
    assert desktop.laptop is not None
    store, gate = desktop.laptop.store, threading.Event()
    answers: list[object] = []

    def send() -> str:
        gate.wait(20)
        return store.setting("device_code")

    desktop.tasks.run(send, answers.append, lane=SYNC)
    monkeypatch.setattr(desktop, "_on_crash", answers.append)
    monkeypatch.setattr(desktop.tasks, "on_unhandled", answers.append)
    desktop.lock()
    assert (len(again.began), desktop.is_still) == (1, False)
    assert store.setting("device_code")
    gate.set()
    assert desktop.tasks.shut_down()
    qtbot.wait(20)
    assert answers == []
    store.close()
