"""The line is cut behind every single byte of a message, both ways, on the road to a real server process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kube_field.domain.records import Role
from kube_field.server.storage.database import open_sqlite
from kube_field.sync.transports.http import HttpTransport
from kube_field.usecases.enrolment import enrol
from kube_field.usecases.sync import sync_now
from tests.support.cutting_proxy import Cut, CuttingProxy, Way, cutting_proxy
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import register_household
from tests.support.real_server import RealServer
from tests.support.server import OF_CHANGES, greet_whole, http_of
from tests.support.wholeness import assert_alike

SEVERAL = 17
"""Bytes from one cut to the next in the ordinary run; a prime, so that no message is always cut at one place."""
AGAIN, DIGEST = "/sync/v1/again", "/sync/v1/digest"
MESSAGES = [f"/sync/v1/{name}" for name in ("hello", "again", "push", "pull")]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RealServer]:
    running = RealServer(tmp_path / "server")
    yield running
    running.stop()


def cut_everywhere(server: RealServer, laptop: Laptop, proxy: CuttingProxy, path: str, way: Way, step: int) -> int:
    """One new family and one run for every place; how many places there were."""
    with HttpTransport(proxy.url) as desk:
        enrol(laptop.session, desk=desk, url=proxy.url, code=server.add_user("Rina", Role.PENDAMPING, "64.02.12").code)
    with http_of(laptop.session) as transport:  # the first hello is a whole one
        assert sync_now(laptop.session, transport, wait=lambda _seconds: None).outcome == ""
    places, after = 0, 0
    while True:
        register_household(laptop.session, places + 1, kk_number=f"64021212041{places + 1:05d}")
        if path != AGAIN:
            greet_whole(laptop.store)
        proxy.cut = Cut(path, way, after)
        with http_of(laptop.session) as transport:
            done = sync_now(laptop.session, transport, wait=lambda _seconds: None)
        assert done.outcome == "", (after, done)
        assert laptop.session.store.queue.pill().unsent == 0, after
        if proxy.cut is not None:  # the message is shorter than this: every place was cut
            return places
        places += 1
        after += step


def assert_pulled_whole(server: RealServer, laptop: Laptop, proxy: CuttingProxy) -> None:
    """The laptop holds what the server holds, and never had to be mended: a page that lost rows would heal unseen."""
    assert_alike(server, laptop.store)
    assert DIGEST not in {path for path, _way in proxy.sizes}


def assert_nothing_lost_nothing_doubled(server: RealServer, laptop: Laptop) -> None:
    server.stop()
    database = open_sqlite(server.folder / "server.db")
    try:
        with database.read():
            there = database.run("SELECT change_id, sha256 FROM intake").fetchall()
            versions = database.run(f"SELECT count(*) FROM record_version WHERE {OF_CHANGES}").fetchone()[0]
            feed = database.run(f"SELECT count(*) FROM feed WHERE {OF_CHANGES}").fetchone()[0]
    finally:
        database.close()
    ours = laptop.store.db.rows(
        "SELECT change_id, sha256 FROM outbox WHERE state = 'acked' AND receipt_sha256 = sha256"
    )
    assert sorted(map(tuple, there)) == sorted(ours)
    assert versions == feed == len(ours) == laptop.store.db.value("SELECT count(*) FROM outbox")


@pytest.mark.parametrize("way", list(Way))
@pytest.mark.parametrize("path", MESSAGES)
def test_a_cut_loses_nothing_and_doubles_nothing(tmp_path: Path, server: RealServer, path: str, way: Way):
    with make_laptop(tmp_path, "Rina") as laptop, cutting_proxy(server.url) as proxy:
        assert cut_everywhere(server, laptop, proxy, path, way, SEVERAL) > 15
        assert_pulled_whole(server, laptop, proxy)
        assert_nothing_lost_nothing_doubled(server, laptop)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("way", list(Way))
@pytest.mark.parametrize("path", MESSAGES)
def test_a_cut_behind_every_byte(tmp_path: Path, server: RealServer, path: str, way: Way):
    with make_laptop(tmp_path, "Rina") as laptop, cutting_proxy(server.url) as proxy:
        assert cut_everywhere(server, laptop, proxy, path, way, 1) > 200
        assert_pulled_whole(server, laptop, proxy)
        assert_nothing_lost_nothing_doubled(server, laptop)
