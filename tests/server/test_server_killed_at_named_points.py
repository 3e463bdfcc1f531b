"""The server's program is killed at every point where something is written and not committed, or not answered.

The point is in the real command, in a process of its own, on SQLite and on PostgreSQL. Afterwards every change that a
laptop has a receipt for is there once, every area proves itself, and the laptop's next run brings the rest.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from kube_field.domain.records import Role
from kube_field.errors import Failure
from kube_field.server.storage.proof import check_feed
from kube_field.sync.ports import Transport
from kube_field.sync.transports.http import HttpTransport
from kube_field.usecases.courier import visit_stick
from kube_field.usecases.enrolment import enrol
from kube_field.usecases.sync import sync_now
from tests.contracts.put_back import postgres_tools
from tests.support.dying import SERVER
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_picture import photo_item
from tests.support.make_records import make_unit, record_visit, register_household, register_person
from tests.support.network import Line
from tests.support.postgres import make_database
from tests.support.real_server import RealServer, ServerDidNotStartError
from tests.support.server import OF_CHANGES, greet_whole, http_of
from tests.support.wholeness import SENT_FROM, assert_alike, assert_whole

AREA = "64.02.12"
OF_A_RUN = (
    "token renewed",
    "facts half written",
    "batch written, not committed",
    "hello written, not committed",
    "short hello and batch written, not committed",
    "records written, feed not",
    "committed, not answered",
    "piece on the disk, row not",
    "photo named, row not",
)
OF_A_WHOLE_HELLO = ("token renewed", "batch written, not committed", "hello written, not committed")
OF_THE_OFFICE = ("rights written down, not committed", "bundle taken, not answered", "copy written, not named")
OF_A_RESTORE = ("old database put aside", "copy put back, life not begun")
OF_A_POSTGRES_RESTORE = ("tables put aside", "tables put back", "copy put back, life not begun")
ANSWERS_OF_A_RUN = 12
FIRST_VISIT = date(2026, 4, 20)
postgres = pytest.mark.postgres


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=postgres)])
def server(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RealServer]:
    monkeypatch.setenv("PATH", f"{postgres_tools()}{os.pathsep}{os.environ['PATH']}")
    running = RealServer(tmp_path / "server", make_database() if request.param == "postgres" else "")
    yield running
    running.stop()


@pytest.fixture
def rina(tmp_path: Path, server: RealServer) -> Iterator[Laptop]:
    with make_laptop(tmp_path, "Rina") as laptop:
        join(laptop, server)
        yield laptop


def join(laptop: Laptop, server: RealServer) -> None:
    with HttpTransport(server.url) as desk:
        code = server.add_user(laptop.session.officer.name, Role.PENDAMPING, AREA).code
        enrol(laptop.session, desk=desk, url=server.url, code=code)


def write(laptop: Laptop, turn: int, *, family: bool = True) -> None:
    """A family and a visit with two photos; at first a business to visit. Without edits it goes in by the quick way."""
    session = laptop.session
    unit = laptop.store.db.value("SELECT uid FROM business_unit") or make_unit(session, register_person(session)).uid
    if family:
        register_household(session, turn + 2, kk_number=f"64021212041{turn + 100:05d}")
    photos = [photo_item(laptop.photos, kind) for kind in ("tempat_usaha", "kegiatan")]
    day = FIRST_VISIT + timedelta(days=2 * turn)
    record_visit(session, str(unit), day.isoformat(), photos=photos, book_photo=photos[:1])


def run(laptop: Laptop, over: Callable[[HttpTransport], Transport] = lambda line: line) -> str:
    with http_of(laptop.session) as transport:
        done = sync_now(laptop.session, over(transport), wait=lambda _seconds: None)
    assert done.refused == 0, done
    return done.outcome


def assert_nothing_lost(server: RealServer, laptop: Laptop) -> None:
    """What has a receipt is there, every proof holds; nothing stands there twice."""
    there = dict(server.rows("SELECT change_id, sha256 FROM intake"))
    for change, sha256, state, _receipt in laptop.store.db.rows(SENT_FROM):
        assert state != "acked" or there[change] == sha256
    for (name,) in laptop.store.db.rows("SELECT sha256 FROM blob WHERE state = 'stored'"):
        assert (server.folder / "foto" / name[:2] / name).exists()
    (intake,) = server.rows("SELECT count(*), count(*) FROM intake")
    written = f"SELECT count(*), count(DISTINCT change_id) FROM record_version WHERE {OF_CHANGES}"
    assert server.rows(written) == [intake]
    with server.database() as database:
        assert check_feed(database) == []
    assert_whole(laptop.store)


def assert_all_goes_through(server: RealServer, laptop: Laptop) -> None:
    written = [row[:2] for row in laptop.store.db.rows(SENT_FROM)]
    assert run(laptop) == ""
    assert [row[:2] for row in laptop.store.db.rows(SENT_FROM)] == written
    assert_nothing_lost(server, laptop)
    assert_alike(server, laptop.store)
    assert laptop.store.db.rows("SELECT sha256 FROM blob WHERE state IN ('local', 'sending')") == []


def cut_at(server: RealServer, laptop: Laptop, point: str, times: int) -> bool:
    """One run against a server that dies at a point; False when the run never came there."""
    server.stop()
    server.start_again(point, times)
    outcome = run(laptop)
    died = server.died(within=15 if outcome else 0.1)
    assert died == (outcome != ""), (point, outcome)
    server.stop()
    return died


def killed_in_a_run(server: RealServer, laptop: Laptop, point: str, turn: int, times: int = 1) -> bool:
    write(laptop, turn, family=point != "facts half written")
    if point in OF_A_WHOLE_HELLO:
        greet_whole(laptop.store)
    died = cut_at(server, laptop, point, times)
    server.start_again()
    assert_nothing_lost(server, laptop)
    assert_all_goes_through(server, laptop)
    return died


def test_a_server_killed_at_a_point_of_a_run_is_taken_up(server: RealServer, rina: Laptop):
    for turn, point in enumerate(("batch written, not committed", OF_A_RUN[4], "photo named, row not")):
        assert killed_in_a_run(server, rina, point, turn), point


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_a_server_killed_at_any_point_of_a_run_is_taken_up(server: RealServer, rina: Laptop):
    turn = 0
    for point in OF_A_RUN:
        for times in (1, 2):
            assert killed_in_a_run(server, rina, point, turn, times) or times > 1, point
            turn += 1
    for times in range(1, ANSWERS_OF_A_RUN):
        killed_in_a_run(server, rina, "committed, not answered", turn, times)
        turn += 1


def test_an_administrators_command_that_is_killed_leaves_nothing_half(server: RealServer, rina: Laptop, tmp_path: Path):
    write(rina, 0)
    assert_all_goes_through(server, rina)
    server.tell_dying(OF_THE_OFFICE[0], "user", "add", "--name", "Budi", "--role", "pendamping", "--areas", AREA)
    users = [user["name"] for user in server.tell("user", "list")["users"]]
    assert sorted(users) in (["Rina"], ["Budi", "Rina"])
    write(rina, 1)
    stick = tmp_path / "flashdisk"
    stick.mkdir()
    visit_stick(rina.session, stick)
    server.tell_dying(OF_THE_OFFICE[1], "courier", str(stick))
    assert_nothing_lost(server, rina)
    assert len(server.tell("courier", str(stick))["taken"]) == 1
    assert visit_stick(rina.session, stick).receipts == 3
    server.tell_dying(OF_THE_OFFICE[2], "backup", "create", str(tmp_path / "cadangan"))
    assert not (tmp_path / "cadangan").exists()
    server.tell("backup", "create", str(tmp_path / "cadangan"))
    assert_all_goes_through(server, rina)


def test_a_database_is_not_put_back_under_a_running_server(server: RealServer, rina: Laptop, tmp_path: Path):
    write(rina, 0)
    assert_all_goes_through(server, rina)
    server.tell("backup", "create", str(tmp_path / "cadangan"))
    code, answer = server.ask("backup", "restore", str(tmp_path / "cadangan"))
    assert code == Failure.ALREADY_RUNNING
    assert "berjalan" in str(answer["message"])
    write(rina, 1)
    assert_all_goes_through(server, rina)
    server.stop()
    assert server.ask("backup", "restore", str(tmp_path / "cadangan"))[0] == 0


def restore_killed(server: RealServer, laptop: Laptop, image: Path, point: str) -> None:
    """A restore that is killed and given again; nothing with a receipt is missing once the laptop was there."""
    server.stop()
    server.tell_dying(point, "backup", "restore", str(image))
    server.tell("backup", "restore", str(image))
    server.start_again()
    assert_all_goes_through(server, laptop)
    assert server.rows("SELECT count(*) FROM record WHERE kind = 'household'")[0][0] >= 3


def test_a_restore_that_is_killed_is_given_again(server: RealServer, rina: Laptop, tmp_path: Path):
    write(rina, 0)
    assert_all_goes_through(server, rina)
    server.tell("backup", "create", str(tmp_path / "cadangan"))
    write(rina, 1)
    assert_all_goes_through(server, rina)
    for point in OF_A_POSTGRES_RESTORE if server.postgres_url else OF_A_RESTORE:
        restore_killed(server, rina, tmp_path / "cadangan", point)


def test_a_server_started_in_the_middle_of_a_restore_never_begins_from_nothing(
    server: RealServer, rina: Laptop, tmp_path: Path
):
    """What only the copy holds must not be missing because nobody gave the command again."""
    write(rina, 0)
    assert_all_goes_through(server, rina)
    server.tell("backup", "create", str(tmp_path / "cadangan"))
    known = set(server.rows("SELECT uid FROM record"))
    for point in OF_A_POSTGRES_RESTORE if server.postgres_url else OF_A_RESTORE:
        server.stop()
        server.tell_dying(point, "backup", "restore", str(tmp_path / "cadangan"))
        try:
            server.start_again()
        except ServerDidNotStartError:  # it may refuse, and then it is told to go on
            server.tell("backup", "restore", str(tmp_path / "cadangan"))
            server.start_again()
        assert set(server.rows("SELECT uid FROM record")) >= known, point
    assert_all_goes_through(server, rina)


# killed at any moment


class DiesInAPush(Line):
    """The server is killed so long after the first push of a run left."""

    def __init__(self, inner: Transport, server: RealServer, seconds: float) -> None:
        super().__init__(inner)
        self.timer = threading.Timer(seconds, server.kill)
        self.is_set = False

    def carry(self, name: str, call: Callable[[], Any]) -> Any:
        if name in ("push", "again") and not self.is_set:
            self.is_set = True
            self.timer.start()
        return call()


@dataclass
class Kills:
    """How often a run was cut by the kill, and how often what it had pushed was taken although no answer came."""

    cut: int = 0
    taken: int = 0


def cut_after(server: RealServer, laptop: Laptop, seconds: float) -> bool:
    """One run against a server that is killed so long after the first push; False when the run was whole by then."""
    lines: list[DiesInAPush] = []

    def over(line: Transport) -> DiesInAPush:
        lines.append(DiesInAPush(line, server, seconds))
        return lines[0]

    outcome = run(laptop, over)
    if not lines[0].is_set:  # it could send all of it another way
        server.kill()
    else:
        lines[0].timer.join()
    return outcome != ""


def kill_during_pushes(server: RealServer, laptop: Laptop, rounds: int) -> Kills:
    chance, kills = random.Random(41), Kills()
    write(laptop, 0)
    began = time.monotonic()
    assert run(laptop) == ""
    longest = time.monotonic() - began  # a whole run, on this machine and with what else it does now
    for turn in range(1, rounds + 1):
        write(laptop, turn)
        if turn % 10:
            kills.cut += cut_after(server, laptop, chance.uniform(0.0, longest))
        else:  # a clock seldom hits the few milliseconds between a commit and its answer
            kills.cut += cut_at(server, laptop, "committed, not answered", chance.randint(1, 4))
        acknowledged = laptop.store.db.value("SELECT count(*) FROM outbox WHERE state = 'acked'")
        kills.taken += server.rows("SELECT count(*) FROM intake") > [(acknowledged,)]
        server.start_again()
        assert_nothing_lost(server, laptop)
    assert_all_goes_through(server, laptop)
    return kills


def test_a_few_kills_during_pushes_lose_nothing(server: RealServer, rina: Laptop):
    kill_during_pushes(server, rina, 3)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_hundred_kills_during_pushes_lose_nothing(server: RealServer, rina: Laptop):
    kills = kill_during_pushes(server, rina, 100)
    assert kills.cut > 20
    assert kills.taken > 0


def test_every_named_point_of_the_server_is_tried():
    assert {*OF_A_RUN, *OF_THE_OFFICE, *OF_A_RESTORE, *OF_A_POSTGRES_RESTORE} == set(SERVER)
