"""A database that is locked, or whose line breaks, while changes are decided: nothing is called failed for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import peewee
import psycopg
import pytest

from kube_field.errors import Failure, KubeFieldError
from kube_field.server import reviewing
from kube_field.server.credentials import token_hash
from kube_field.server.endpoint import BEARER, Endpoint
from kube_field.server.routes import exchange
from kube_field.server.storage.accounts import Accounts
from kube_field.server.storage.database import RETRIES, ServerDatabase, hindered
from kube_field.sqlite.driver import open_database
from kube_field.wire.codec import to_json
from kube_field.wire.messages import Push, WireChange
from kube_field.wire.refusals import Refusal, RefusalCode
from tests.contracts.desk import Desk, open_desk
from tests.support.postgres import make_ready_database
from tests.support.server import AT
from tests.support.wire_changes import make_household

SHORT_WAIT = "PRAGMA busy_timeout = 20"


class Troubled(ServerDatabase):
    """A database that is locked, or whose line is cut, in the transactions that write and are named by number."""

    def __init__(self, db: peewee.Database, troubled: set[int]) -> None:
        super().__init__(db)
        self.troubled, self.begun = troubled, 0

    @contextmanager
    def write(self) -> Iterator[None]:
        self.begun += 1
        if self.begun not in self.troubled:
            with super().write():
                yield
        elif self.is_postgres:
            with super().write():
                self._cut()
                yield
        else:
            with self._locked(), super().write():
                yield

    @contextmanager
    def _locked(self) -> Iterator[None]:
        other = open_database(Path(self.db.database), None)
        self.run(SHORT_WAIT)
        try:
            with other.immediate():
                yield
        finally:
            other.close_all()

    def _cut(self) -> None:
        """End the server's process for this line, as a restart of PostgreSQL does."""
        ours = int(self.value("SELECT pg_backend_pid()"))
        with psycopg.connect(self.db.database, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", (ours,))


@contextmanager
def trouble(desk: Desk, *troubled: int) -> Iterator[Troubled]:
    """The desk over a database that is troubled in these transactions, however often a lost line is made anew."""
    sound = desk.house
    tries = tries_of(desk)
    database = Troubled(sound.database.db, {number + more for number in troubled for more in range(tries)})
    desk.house = replace(sound, database=database)
    try:
        yield database
    finally:
        desk.house = sound


def tries_of(desk: Desk) -> int:
    """How often one transaction is tried while its trouble lasts; SQLite has waited for its lock already."""
    return RETRIES if desk.house.database.is_postgres else 1


def courier(desk: Desk, *changes: WireChange) -> list[str]:
    call = desk.call(None)
    return [one.status for one in exchange.take_changes(call, [to_json(change) for change in changes])]


def assert_busy(work: Callable[[], Any]) -> None:
    with pytest.raises(Refusal) as caught:
        work()
    assert caught.value.code == RefusalCode.BUSY


def token_of(desk: Desk) -> str:
    with desk.house.database.write():
        Accounts(desk.house.database).add_token(token_hash("kunci"), "laptop-Rina", "user-rina", AT)
    return f"{BEARER}kunci"


def stored(desk: Desk) -> list[tuple[Any, ...]]:
    return sorted(desk.rows("SELECT uid, status FROM intake"))


def test_what_a_stick_brings_is_taken_when_the_trouble_is_over(desk: Desk):
    homes = [make_household(f"home-{n}") for n in range(3)]
    with trouble(desk, 1, 2):
        assert_busy(lambda: courier(desk, *homes))
        assert stored(desk) == []
    assert courier(desk, *homes) == ["applied"] * 3


@pytest.mark.parametrize("when", [2, 3, 4])
def test_a_batch_that_is_decided_change_by_change(desk: Desk, when: int):
    """After an unexpected error each change has a transaction of its own: the trouble meets one of these."""
    homes = [make_household(f"home-{n}") for n in range(3)]
    body = desk.push_body("Rina", *homes)
    with trouble(desk, when):
        assert_busy(lambda: exchange.push_one_by_one(desk.call(body)))
        assert {status for _uid, status in stored(desk)} <= {"applied"}
        assert len(stored(desk)) == when - 2
    assert courier(desk, *homes) == ["applied"] * 3


def test_a_whole_request_is_answered_that_the_server_is_busy(desk: Desk):
    endpoint = Endpoint(exchange.push, body=Push, writes=True, recover=exchange.push_one_by_one)
    body = desk.push_body("Rina", make_household())
    token = token_of(desk)
    with trouble(desk, 1) as database:
        call = replace(desk.call(body), token=token)
        assert_busy(lambda: endpoint._answered(call))
        assert database.begun == tries_of(desk), "nothing is decided change by change where no change is at fault"
    assert stored(desk) == []


@pytest.mark.postgres
def test_a_line_that_was_lost_once_is_made_anew(tmp_path: Path):
    with open_desk(tmp_path, make_ready_database()) as desk:
        sound = desk.house
        desk.house = replace(sound, database=Troubled(sound.database.db, {1}))
        assert courier(desk, make_household()) == ["applied"]
        assert desk.house.database.begun == 2
        desk.house = sound


def test_a_content_beyond_the_limits_of_postgres_is_its_own_fault():
    told = peewee.OperationalError("index row size exceeds maximum")
    told.__context__ = psycopg.errors.ProgramLimitExceeded("index row size exceeds maximum")
    assert not hindered(told)
    lost = peewee.OperationalError("server closed the connection unexpectedly")
    lost.__context__ = psycopg.OperationalError("server closed the connection unexpectedly")
    assert hindered(lost)
    assert hindered(KubeFieldError(Failure.DISK_FULL, "penuh"))
    assert not hindered(KubeFieldError(Failure.VALIDATION, "salah"))
    assert not hindered(peewee.OperationalError("no such column"))


def test_what_an_update_could_not_try_again_is_tried_at_the_next_start(desk: Desk):
    newer = make_household()
    newer.form = "2099.1"
    assert courier(desk, newer) == ["failed"]
    with trouble(desk, 1):
        assert reviewing.reprocess_after_update(desk.house) == reviewing.Tried(0, 1, 1)
    assert stored(desk) == [("home-1", "failed")]
    assert reviewing.reprocess_after_update(desk.house) == reviewing.Tried(0, 1), "it was decided anew now"
    assert reviewing.reprocess_after_update(desk.house) is None
