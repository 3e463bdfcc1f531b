"""All of the memory is searched for garbage in a rest only."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from kube_field.ui.idle_collecting import NEVER, REST_SECONDS, IdleCollecting
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
def collecting(qapp: QApplication, clock: Clock) -> Iterator[IdleCollecting]:
    watch = IdleWatch(qapp, lambda: None, seconds=clock.seconds, wall=clock.seconds)
    made = IdleCollecting(watch)
    yield made
    made.stop()
    watch.stop()


def old_knot() -> weakref.ref[Knot]:
    """One that two collections of young objects passed by."""
    knot = Knot()
    gc.collect(1)
    gc.collect(1)
    return weakref.ref(knot)


def rest(clock: Clock, collecting: IdleCollecting, seconds: float) -> None:
    clock.now += seconds
    collecting.tick()


def test_old_garbage_goes_in_a_rest_only(collecting: IdleCollecting, clock: Clock):
    assert gc.get_threshold()[2] == NEVER
    garbage = old_knot()
    rest(clock, collecting, REST_SECONDS - 1)
    assert garbage() is not None
    rest(clock, collecting, 1)
    assert garbage() is None


def test_it_goes_once_in_a_rest_and_again_in_the_next(collecting: IdleCollecting, clock: Clock):
    rest(clock, collecting, REST_SECONDS)
    garbage = old_knot()
    rest(clock, collecting, REST_SECONDS)
    assert garbage() is not None
    collecting.on_work()
    rest(clock, collecting, REST_SECONDS)
    assert garbage() is None


def test_what_is_here_at_the_beginning_is_not_looked_at_and_all_is_as_before_afterwards(qapp: QApplication):
    before = gc.get_threshold()
    watch = IdleWatch(qapp, lambda: None)
    collecting = IdleCollecting(watch)
    assert gc.get_freeze_count() > 10_000
    collecting.stop()
    watch.stop()
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0
