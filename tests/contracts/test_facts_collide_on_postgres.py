"""Whoever is in the way of many new facts at once costs them nothing but another try."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest

from kube_field.server.routes import exchange
from kube_field.server.storage.database import RETRIES, _slot
from kube_field.server.storage.proof import check_feed
from kube_field.wire.messages import WireChange
from kube_field.wire.refusals import Refusal, RefusalCode
from tests.contracts.desk import KECAMATAN, Desk, open_desk
from tests.support.meeting import cut, meanwhile
from tests.support.postgres import make_ready_database
from tests.support.wire_changes import make_fact, make_unit_change

pytestmark = pytest.mark.postgres
UNIT = "unit-1"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path, make_ready_database()) as opened:
        opened.add("Ani")
        opened.push(make_unit_change(UNIT))
        yield opened
        assert check_feed(opened.house.database) == []


@pytest.fixture
def stranger(desk: Desk) -> Iterator[psycopg.Connection[Any]]:
    """Somebody else in the database; it is the desk that notices a deadlock, and has to begin anew."""
    with psycopg.connect(str(desk.house.database.db.database)) as connection:
        connection.execute("SET deadlock_timeout = '60s'")
        yield connection


def test_a_deadlock_while_facts_are_copied_is_tried_again(desk: Desk, stranger: psycopg.Connection[Any]):
    again: list[int] = []
    stranger.execute("LOCK TABLE record_version IN EXCLUSIVE MODE")
    statuses = meanwhile(
        stranger,
        lambda: desk.house.database.retry(lambda: desk.statuses(make_fact()), again.append),
        lambda: stranger.execute("SELECT pg_advisory_xact_lock(640000, %s)", (_slot(UNIT),)),
    )
    assert statuses == ["applied"]
    assert again == [0]


def test_facts_that_come_twice_at_once_get_one_receipt_each(desk: Desk):
    """The second one's rows meet those of the first, which are not told yet: it begins anew and finds them."""
    facts, again = [make_fact("visit-1"), make_fact("visit-2")], []
    written, done = threading.Event(), threading.Event()

    def first() -> Any:
        with desk.house.database.write():
            answer = exchange.push(desk.call(desk.push_body("Rina", *facts)))
            written.set()
            done.wait(30)
        return answer.results

    def second() -> Any:
        written.wait(30)
        return desk.house.database.retry(lambda: desk.push(*facts, name="Ani"), again.append)

    with ThreadPoolExecutor(2) as pool, psycopg.connect(str(desk.house.database.db.database)) as watching:
        results = [pool.submit(first), pool.submit(second)]
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        while watching.execute(waiting).fetchone() == (0,) and not results[1].done():
            time.sleep(0.01)
        done.set()
        told = [result.result(timeout=60) for result in results]
    assert told[0] == told[1]
    assert [one.status for one in told[0]] == ["applied", "applied"]
    assert again == [0]


def test_a_connection_that_is_lost_while_facts_are_copied_is_made_anew(desk: Desk, stranger: psycopg.Connection[Any]):
    again: list[int] = []
    stranger.execute("LOCK TABLE record_version IN EXCLUSIVE MODE")
    statuses = meanwhile(
        stranger,
        lambda: desk.house.database.retry(lambda: desk.statuses(make_fact()), again.append),
        lambda: cut(stranger),
    )
    assert statuses == ["applied"]
    assert again == [0]


def test_a_connection_that_is_lost_while_a_change_is_written_is_made_anew(
    desk: Desk, stranger: psycopg.Connection[Any]
):
    again: list[int] = []
    stranger.execute("LOCK TABLE record_version IN EXCLUSIVE MODE")
    statuses = meanwhile(
        stranger,
        lambda: desk.house.database.retry(lambda: desk.statuses(make_unit_change("unit-2")), again.append),
        lambda: cut(stranger),
    )
    assert statuses == ["applied"]
    assert again == [0]


def test_connections_that_are_lost_again_and_again_are_no_fault_of_the_change(
    desk: Desk, stranger: psycopg.Connection[Any]
):
    """Whoever sent it is told to come later; nothing is written that holds it against the change."""
    change = make_unit_change("unit-2")
    call = desk.call(desk.push_body("Rina", change))
    stranger.execute("LOCK TABLE record_version IN EXCLUSIVE MODE")
    with ThreadPoolExecutor(1) as pool:
        doing, lost = pool.submit(exchange.push_one_by_one, call), 0
        while not doing.done():
            lost += cut(stranger)
            time.sleep(0.01)
    stranger.rollback()
    with pytest.raises(Refusal) as refused:
        doing.result()
    assert refused.value.code == RefusalCode.BUSY
    assert lost == RETRIES
    assert desk.rows(f"SELECT count(*) FROM intake WHERE change_id = '{change.id}'") == [(0,)]


@pytest.mark.parametrize("fact", [make_fact(), make_fact("visit-9", deps=["visit-late"])])
def test_a_batch_takes_the_heads_when_it_has_to_wait_for_no_record_any_more(
    desk: Desk, stranger: psycopg.Connection[Any], fact: WireChange
):
    """A change and a table of facts: who holds a record of the facts may still want the head of their area."""
    again: list[int] = []
    new = make_unit_change("unit-2")
    stranger.execute("SELECT pg_advisory_xact_lock(640000, %s)", (_slot(UNIT),))
    statuses = meanwhile(
        stranger,
        lambda: desk.house.database.retry(lambda: desk.statuses(new, in_table=[fact]), again.append),
        lambda: stranger.execute("SELECT head FROM scope_head WHERE scope = %s FOR UPDATE", (KECAMATAN,)),
    )
    assert statuses in (["applied", "applied"], ["applied", "held"])
    assert again == []
