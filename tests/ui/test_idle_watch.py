"""When nobody works the laptop locks: by the clock, after sleep, and never while somebody types or points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from kube_field.ui.idle_watch import IDLE_SECONDS, TICK_MS, IdleWatch


@dataclass
class Clocks:
    """Two clocks that are set by hand, and the count of locks."""

    monotonic: float = 1000.0
    wall: float = 1_800_000_000.0
    locks: int = 0

    def lock(self) -> None:
        self.locks += 1

    def go_on(self, seconds: float) -> None:
        self.monotonic += seconds
        self.wall += seconds


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def watch(qapp: QApplication, clocks: Clocks) -> Iterator[IdleWatch]:
    made = IdleWatch(qapp, clocks.lock, seconds=lambda: clocks.monotonic, wall=lambda: clocks.wall)
    yield made
    made.stop()
    made.deleteLater()


def wait_out(watch: IdleWatch, clocks: Clocks, seconds: float) -> None:
    """Let time pass as the timer sees it."""
    for _tick in range(round(seconds * 1000 / TICK_MS)):
        clocks.go_on(TICK_MS / 1000)
        watch.tick()


def shown_field(qtbot: Any) -> QLineEdit:
    field = QLineEdit()
    qtbot.addWidget(field)
    field.show()
    qtbot.waitExposed(field)
    return field


def test_ten_minutes_without_work_lock_once(watch: IdleWatch, clocks: Clocks) -> None:
    wait_out(watch, clocks, IDLE_SECONDS - 5)
    assert clocks.locks == 0
    wait_out(watch, clocks, 5)
    assert clocks.locks == 1


@pytest.mark.parametrize("hand", ["key", "click", "move"])
def test_keys_and_the_mouse_put_the_lock_off(qtbot: Any, watch: IdleWatch, clocks: Clocks, hand: str) -> None:
    field = shown_field(qtbot)
    wait_out(watch, clocks, IDLE_SECONDS - 10)
    window = field.windowHandle()
    if hand == "key":
        QTest.keyClick(window, Qt.Key.Key_A)
    elif hand == "click":
        QTest.mouseClick(window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(3, 3))
    else:
        QTest.mouseMove(window, QPoint(5, 5))
        QTest.mouseMove(window, QPoint(9, 9))
    qtbot.wait(1)
    wait_out(watch, clocks, IDLE_SECONDS - 10)
    assert clocks.locks == 0
    wait_out(watch, clocks, 10)
    assert clocks.locks == 1


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_work_in_a_menu_that_opened_later_counts_too(qtbot: Any, watch: IdleWatch, clocks: Clocks) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    menu.addAction("Satu")
    wait_out(watch, clocks, IDLE_SECONDS - 10)
    menu.popup(QPoint(10, 10))
    qtbot.waitExposed(menu)
    wait_out(watch, clocks, 5)
    QTest.keyClick(menu.windowHandle(), Qt.Key.Key_Down)
    wait_out(watch, clocks, 10)
    assert clocks.locks == 0
    menu.close()


def test_sleep_in_which_only_the_wall_clock_goes_on_locks(watch: IdleWatch, clocks: Clocks) -> None:
    clocks.wall += 3600
    wait_out(watch, clocks, 5)
    assert clocks.locks == 1


def test_sleep_in_which_both_clocks_go_on_locks(watch: IdleWatch, clocks: Clocks) -> None:
    wait_out(watch, clocks, 60)
    clocks.go_on(120)
    watch.tick()
    assert clocks.locks == 1


def test_a_window_that_was_busy_for_a_moment_is_not_asleep(watch: IdleWatch, clocks: Clocks) -> None:
    clocks.go_on(30)
    watch.tick()
    assert clocks.locks == 0


def test_what_happens_inside_the_widgets_costs_the_watch_nothing(
    qtbot: Any, watch: IdleWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []
    monkeypatch.setattr(IdleWatch, "eventFilter", lambda _self, watched, _event: bool(seen.append(watched)))
    field = shown_field(qtbot)
    watch.tick()
    field.setText("Siti")
    field.setFocus()
    qtbot.wait(1)
    assert [one for one in seen if isinstance(one, QLineEdit)] == []
