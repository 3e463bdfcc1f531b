"""Work off the GUI thread: order, threads, errors, cancelling, a quiet end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from kube_field.errors import Failure, KubeFieldError
from kube_field.ui.tasks import SYNC, ImmediateTaskRunner, TaskRunner


@pytest.fixture
def runner(qtbot: Any) -> Iterator[TaskRunner]:
    made = TaskRunner()
    yield made
    assert made.shut_down()


def test_work_runs_elsewhere_and_its_answer_comes_home(runner: TaskRunner, qtbot: Any) -> None:
    seen: list[Any] = []
    runner.run(threading.get_ident, lambda ident: seen.append((ident, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(seen), timeout=3000)
    worked_on, answered_on = seen[0]
    assert worked_on != answered_on
    assert answered_on == threading.get_ident()


def test_one_lane_keeps_the_order_and_one_thread(runner: TaskRunner, qtbot: Any) -> None:
    order: list[int] = []
    threads: set[int] = set()
    for number in range(200):
        runner.run(lambda number=number: (number, threading.get_ident()), lambda pair: _note(pair, order, threads))
    qtbot.waitUntil(lambda: len(order) == 200, timeout=5000)
    assert order == list(range(200))
    assert len(threads) == 1


def _note(pair: tuple[int, int], order: list[int], threads: set[int]) -> None:
    order.append(pair[0])
    threads.add(pair[1])


def test_sync_does_not_wait_for_the_database(runner: TaskRunner, qtbot: Any) -> None:
    gate = threading.Event()
    done: list[str] = []
    runner.run(lambda: gate.wait(5), lambda _result: done.append("database"))
    runner.run(lambda: None, lambda _result: done.append("sync"), lane=SYNC)
    qtbot.waitUntil(lambda: done == ["sync"], timeout=3000)
    gate.set()
    qtbot.waitUntil(lambda: done == ["sync", "database"], timeout=3000)


def test_a_failure_of_the_officer_goes_to_failed_and_a_bug_to_the_handler(runner: TaskRunner, qtbot: Any) -> None:
    failed: list[KubeFieldError] = []
    bugs: list[BaseException] = []
    runner.on_unhandled = bugs.append

    def full() -> None:
        raise KubeFieldError(Failure.DISK_FULL, "Disk penuh.")

    def broken() -> None:
        raise ZeroDivisionError

    runner.run(full, None, failed.append)
    runner.run(broken, None, failed.append)
    qtbot.waitUntil(lambda: bool(failed) and bool(bugs), timeout=3000)
    assert failed[0].failure == Failure.DISK_FULL
    assert isinstance(bugs[0], ZeroDivisionError)


def test_the_answer_of_cancelled_work_is_dropped(runner: TaskRunner, qtbot: Any) -> None:
    seen: list[str] = []
    gate = threading.Event()
    cancelled = runner.run(lambda: gate.wait(5), lambda _result: seen.append("first"))
    runner.run(lambda: None, lambda _result: seen.append("second"))
    cancelled.set()
    gate.set()
    qtbot.waitUntil(lambda: seen == ["second"], timeout=3000)


def test_busy_is_told_once_at_the_beginning_and_once_at_the_end(runner: TaskRunner, qtbot: Any) -> None:
    told: list[bool] = []
    runner.busy_changed.connect(told.append)
    for _number in range(5):
        runner.run(lambda: None)
    qtbot.waitUntil(lambda: told == [True, False], timeout=3000)


def test_database_work_that_was_asked_for_is_done_before_the_end(qtbot: Any) -> None:
    runner = TaskRunner()
    done: list[int] = []
    for number in range(20):
        runner.run(lambda number=number: done.append(number))
    assert runner.shut_down()
    assert done == list(range(20))
    runner.run(lambda: done.append(99))
    assert runner.shut_down()
    assert 99 not in done


def test_answers_after_the_end_are_dropped_because_their_pages_may_be_gone(qtbot: Any) -> None:
    answers: list[Any] = []
    runner = TaskRunner(answers.append)
    runner.run(lambda: 7, answers.append)
    runner.run(lambda: 1 // 0, answers.append)
    assert runner.shut_down()
    qtbot.wait(20)
    assert answers == []


def test_the_end_waits_for_every_lane_although_one_hangs(qtbot: Any) -> None:
    runner, gate, ended = TaskRunner(), threading.Event(), threading.Event()
    begun = threading.Event()

    def send() -> None:
        begun.set()
        threading.Event().wait(0.05)
        ended.set()

    runner.run(gate.wait)
    runner.run(send, lane=SYNC)
    assert begun.wait(3)
    assert not runner.shut_down(200)
    assert ended.is_set()
    gate.set()
    assert runner.shut_down()


def test_the_immediate_runner_answers_before_it_returns() -> None:
    seen: list[Any] = []
    runner = ImmediateTaskRunner()

    def refused() -> None:
        raise KubeFieldError(Failure.NOT_ALLOWED, "Tidak boleh.")

    runner.run(lambda: 7, seen.append)
    runner.run(refused, None, lambda error: seen.append(error.sentence))
    assert seen == [7, "Tidak boleh."]
    with pytest.raises(ZeroDivisionError):
        runner.run(lambda: 1 // 0)
