"""Garbage is looked for on the thread of the windows, and in all of the memory in a rest only."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from kube_field.ui.collecting import REST_SECONDS, TICK_MS, YOUNG, Collecting
from kube_field.ui.idle_watch import IdleWatch


class Clock:
    now = 1000.0

    def seconds(self) -> float:
        return self.now


class Knot:
    """Garbage that counting references does not find."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def collecting(qapp: QApplication, clock: Clock) -> Iterator[Collecting]:
    watch = IdleWatch(qapp, lambda: None, seconds=clock.seconds, wall=clock.seconds)
    made = Collecting(watch)
    made.rest_with(watch)
    yield made
    made.stop()
    watch.stop()


def old_knot() -> weakref.ref[Knot]:
    """One that two looks at young objects passed by."""
    knot = Knot()
    gc.collect(YOUNG)
    gc.collect(YOUNG)
    return weakref.ref(knot)


def make_many() -> list[list[None]]:
    """More objects than Python makes before it looks by itself."""
    return [[] for _ in range(2 * gc.get_threshold()[0])]


def rest(clock: Clock, collecting: Collecting, seconds: float) -> None:
    clock.now += seconds
    collecting.tick()


def test_old_garbage_goes_in_a_rest_only(collecting: Collecting, clock: Clock):
    garbage = old_knot()
    rest(clock, collecting, REST_SECONDS - 1)
    assert garbage() is not None
    rest(clock, collecting, 1)
    assert garbage() is None


def test_it_goes_once_in_a_rest_and_again_in_the_next(collecting: Collecting, clock: Clock):
    rest(clock, collecting, REST_SECONDS)
    garbage = old_knot()
    rest(clock, collecting, REST_SECONDS)
    assert garbage() is not None
    collecting.on_work()
    rest(clock, collecting, REST_SECONDS)
    assert garbage() is None


def test_no_worker_destroys_what_windows_leave_and_it_goes_soon_though_somebody_works(collecting: Collecting, qtbot):
    gone_on: list[int] = []
    weakref.finalize(Knot(), lambda: gone_on.append(threading.get_ident()))
    worker = threading.Thread(target=make_many)
    worker.start()
    worker.join()
    assert gone_on == []
    kept = make_many()
    qtbot.waitUntil(lambda: bool(gone_on), timeout=20 * TICK_MS)
    assert gone_on == [threading.get_ident()]
    assert len(kept) > gc.get_threshold()[0]


def test_what_is_here_at_the_beginning_is_not_looked_at_and_all_is_as_before_afterwards(qapp: QApplication):
    watch = IdleWatch(qapp, lambda: None)
    collecting = Collecting(watch)
    assert not gc.isenabled()
    collecting.rest_with(watch)
    assert gc.get_freeze_count() > 10_000
    collecting.stop()
    watch.stop()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
