"""A province comes back to a server that was put back: each laptop waits for its turn, and an officer need not."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from msgspec import structs

from kube_field.cli_laptop import tell_turn
from kube_field.domain.sync_views import SyncRun
from kube_field.server.lineage import LAPTOPS_PER_SECOND, LONGEST_JITTER, retry_jitter, take_up_life
from kube_field.sync.ports import Progress
from kube_field.sync.turn import TURN, turn_of
from kube_field.usecases.sync import make_engine
from kube_field.wire.messages import HelloAnswer, Person
from tests.support.direct_server import DirectServer, direct_server
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import register_household

PROVINCE = 10_000
JITTER = PROVINCE // LAPTOPS_PER_SECOND
BACK = HelloAnswer(
    server_id="s", epoch="e", device="d", device_code="L07", continuity="c", rollback=True, clock=0,
    user=Person(uid="u", name="Rina", role="pendamping", areas=[]), retry_jitter_s=JITTER,
)  # fmt: skip


def test_the_province_comes_back_at_the_pace_that_the_server_bears():
    """10,000 laptops within a quarter of an hour: no minute sees a quarter more than its share."""
    chance = Random(3)
    minutes = Counter(int(turn_of(BACK, chance.random()) // 60) for _laptop in range(PROVINCE))
    assert max(minutes.values()) < LAPTOPS_PER_SECOND * 60 * 1.25
    assert set(minutes) == set(range(JITTER // 60 + 1))


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ({}, JITTER),
        ({"retry_jitter_s": LONGEST_JITTER}, LONGEST_JITTER),
        ({"rollback": False, "standing": "broken"}, JITTER),
        ({"rollback": False}, 0),
        ({"retry_jitter_s": 0}, 0),
        ({"retry_jitter_s": -5}, 0),
    ],
)
def test_who_has_everything_to_verify_waits_and_nobody_else(told: dict[str, Any], seconds: int):
    assert turn_of(structs.replace(BACK, **told), 1.0) == seconds


@pytest.fixture
def rina(tmp_path: Path) -> Iterator[Laptop]:
    with make_laptop(tmp_path, "Rina") as laptop:
        yield laptop


@pytest.fixture
def put_back(tmp_path: Path, rina: Laptop) -> Iterator[DirectServer]:
    """The server of a large province as it was before Rina's second family came."""
    file, copy = tmp_path / "server" / "server.db", tmp_path / "backup.db"
    with direct_server(tmp_path) as server:
        server.enrol(rina.session, server.add_user("Rina"))
        database = server.house.database
        with database.write():
            (known,) = database.named_rows("SELECT * FROM device")
            others = [{**known, "device_id": f"d{n}", "code": f"K{n}"} for n in range(PROVINCE - 1)]
            database.add_rows("device", others)
            take_up_life(server.house)
        register_household(rina.session, 1)
        assert server.sync(rina.session).sent == 2
    shutil.copy(file, copy)
    with direct_server(tmp_path) as server:
        register_household(rina.session, 2)
        assert server.sync(rina.session).sent == 2
    shutil.copy(copy, file)
    with direct_server(tmp_path) as server:
        with server.house.database.write():
            take_up_life(server.house, "restore")
            assert retry_jitter(server.house) == JITTER
        yield server


def run(
    server: DirectServer, laptop: Laptop, told: list[Progress], cancelled: Callable[[], bool] = lambda: False
) -> tuple[SyncRun, float]:
    """One run of a laptop that has the last turn of all; how long it waited."""
    slept: list[float] = []
    with server.line(laptop.session) as line:
        engine = make_engine(laptop.session, line, told.append, cancelled, wait=slept.append)
        engine._around = replace(engine._around, chance=lambda: 1.0)
        return engine.run(), sum(slept)


def test_a_laptop_waits_its_whole_turn_tells_how_long_and_goes_on(put_back: DirectServer, rina: Laptop):
    told: list[Progress] = []
    done, seconds = run(put_back, rina, told)
    assert seconds == pytest.approx(JITTER)
    assert (done.outcome, done.sent) == ("", 2), "what the server lost is sent again"
    turns = [one for one in told if one.phase == TURN]
    assert turns[0] == Progress(TURN, 0, JITTER)
    assert turns[-1] == Progress(TURN, JITTER - 1, JITTER)
    assert told.index(turns[-1]) < min(at for at, one in enumerate(told) if one.phase != TURN)


def test_an_officer_who_stops_the_wait_goes_on_at_once_with_the_next_run(put_back: DirectServer, rina: Laptop):
    told: list[Progress] = []
    done, seconds = run(put_back, rina, told, cancelled=lambda: len(told) >= 3)
    assert done.outcome == "CANCELLED"
    assert seconds < 5
    assert put_back.count("record") < 5
    done, seconds = run(put_back, rina, [])
    assert (done.outcome, done.sent, seconds) == ("", 2, 0)


def test_the_command_says_each_minute_how_long_it_waits(capsys: pytest.CaptureFixture[str]):
    for second in range(130):
        tell_turn(Progress(TURN, second, 130))
    tell_turn(Progress("push", 0, 5))
    told = capsys.readouterr()
    assert told.out == ""
    assert [line.split(" menit")[0][-1] for line in told.err.splitlines()] == ["3", "2", "1"]
    assert all("Ctrl+C" in line and "Data aman" in line for line in told.err.splitlines())
