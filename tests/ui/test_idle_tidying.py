"""The database is compacted in a rest only, once, and never in the way of who works again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from kube_field.ui.idle_tidying import REST_SECONDS, IdleTidying
from kube_field.ui.idle_watch import IdleWatch
from kube_field.ui.tasks import TaskRunner
from kube_field.usecases.compacting import compacting
from tests.support.laptop import Laptop, make_laptop

PATIENCE_MS = 8000


class Clock:
    """A clock that is set by hand."""

    now = 1000.0

    def seconds(self) -> float:
        return self.now


class Long:
    """Work that goes on until it is stopped."""

    def __init__(self) -> None:
        self.begun, self.let_go = threading.Event(), threading.Event()

    def run(self) -> bool:
        self.begun.set()
        self.let_go.wait(30)
        return False

    def stop(self) -> None:
        self.let_go.set()


class Rest:
    """An officer who rests and works, and what is made of it."""

    def __init__(self, app: QApplication) -> None:
        self.clock, self.made, self.busy = Clock(), [], False
        self.tasks = TaskRunner()
        self.watch = IdleWatch(app, lambda: None, seconds=self.clock.seconds, wall=self.clock.seconds)
        self.tidying = IdleTidying(self.watch, self.tasks, self._make, lambda: self.busy)

    def _make(self) -> Long:
        self.made.append(Long())
        return self.made[-1]

    def rest(self, seconds: float) -> None:
        self.clock.now += seconds
        self.tidying.tick()

    def close(self) -> None:
        self.tidying.stop()
        self.watch.stop()
        assert self.tasks.shut_down()


@pytest.fixture
def rest(qapp: QApplication) -> Iterator[Rest]:
    made = Rest(qapp)
    yield made
    made.close()


def test_it_begins_in_a_rest_and_once_in_it(rest: Rest):
    rest.rest(REST_SECONDS - 1)
    assert rest.made == []
    rest.rest(2)
    rest.rest(600)
    assert len(rest.made) == 1


def test_while_data_are_sent_it_waits(rest: Rest):
    rest.busy = True
    rest.rest(REST_SECONDS + 1)
    assert rest.made == []
    rest.busy = False
    rest.rest(1)
    assert len(rest.made) == 1


def test_a_key_lets_go_of_the_database_at_once_and_the_next_rest_tries_again(qtbot, rest: Rest):
    field = QLineEdit()
    qtbot.addWidget(field)
    field.show()
    qtbot.waitExposed(field)
    rest.watch.tick()
    rest.rest(REST_SECONDS + 1)
    assert rest.made[0].begun.wait(10)
    saved: list[str] = []
    QTest.keyClick(field.windowHandle(), Qt.Key.Key_A)
    rest.tasks.run(lambda: "saved", saved.append)
    qtbot.waitUntil(lambda: saved == ["saved"], timeout=PATIENCE_MS)
    rest.rest(REST_SECONDS + 1)
    assert len(rest.made) == 2


def test_closing_the_window_lets_go_too(rest: Rest):
    rest.rest(REST_SECONDS + 1)
    assert rest.made[0].begun.wait(10)
    rest.tidying.stop()
    assert rest.made[0].let_go.is_set()
    rest.rest(600)
    assert len(rest.made) == 1


def test_the_real_work_runs_on_the_database_worker(qtbot, qapp: QApplication, tmp_path: Path):
    with make_laptop(tmp_path) as laptop:
        fill_and_purge(laptop)
        file = Path(laptop.store.db.database)
        size = file.stat().st_size
        clock, tasks = Clock(), TaskRunner()
        watch = IdleWatch(qapp, lambda: None, seconds=clock.seconds, wall=clock.seconds)
        tidying = IdleTidying(watch, tasks, lambda: compacting(laptop.session), lambda: False)
        clock.now += REST_SECONDS
        tidying.tick()
        qtbot.waitUntil(lambda: file.stat().st_size < size / 2, timeout=PATIENCE_MS)
        tidying.stop()
        watch.stop()
        assert tasks.shut_down()


def fill_and_purge(laptop: Laptop) -> None:
    with laptop.store.transaction():
        for n in range(4000):
            laptop.store.db.insert_row("unknown_record", {"uid": f"u{n}", "kind": "x", "body_json": "y" * 2000})
    with laptop.store.transaction():
        laptop.store.db.execute_sql("DELETE FROM unknown_record")
    laptop.store.db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
