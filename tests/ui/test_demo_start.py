"""The demonstration shows at once that its data are made, says what went wrong, and can be tried again."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from kube_field.demo import open_demo
from kube_field.desktop import Desktop
from kube_field.errors import Failure, KubeFieldError
from kube_field.paths import AppPaths
from kube_field.storage.lock import lock_folder
from kube_field.ui.pages.demo_start_page import DemoStartPage
from kube_field.ui.theme import apply_theme

pytestmark = pytest.mark.usefixtures("signals_stay")
PATIENCE_MS = 60_000


def test_it_says_what_is_going_on_what_went_wrong_and_goes_on(qtbot, tmp_path: Path):
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply_theme(app)
    paths = AppPaths(tmp_path / "contoh")
    paths.prepare()
    paths.demo_server.mkdir()
    in_the_way = paths.demo_server / "server.db"
    in_the_way.mkdir()
    desktop = Desktop(app, paths, begin_again=lambda _paths, _demo: None)
    try:
        desktop.start_demo()
        assert desktop.start_window is not None
        page = desktop.start_window.centralWidget()
        assert isinstance(page, DemoStartPage)
        assert (page.progress.isVisible(), page.again_button.isVisible()) == (True, False)
        qtbot.waitUntil(page.again_button.isVisible, timeout=PATIENCE_MS)
        assert "Server contoh tidak dapat dijalankan." in page.problem.text()
        assert not page.progress.isVisible()
        in_the_way.rmdir()
        qtbot.mouseClick(page.again_button, Qt.MouseButton.LeftButton)
        assert (page.progress.isVisible(), page.problem.isVisible()) == (True, False)
        qtbot.waitUntil(lambda: desktop.workplace is not None, timeout=PATIENCE_MS)
        assert desktop.workplace.session.is_demo
    finally:
        desktop.close()


def test_a_first_start_that_still_goes_on_in_another_window_is_left_alone(tmp_path: Path):
    paths = AppPaths(tmp_path)
    paths.database.write_bytes(b"being made")
    lock = lock_folder(tmp_path)
    with pytest.raises(KubeFieldError) as caught:
        open_demo(tmp_path)
    lock.release()
    assert caught.value.failure == Failure.ALREADY_RUNNING
    assert paths.database.read_bytes() == b"being made"
