"""The disk is full at the n-th new page of a run of synchronisation, on the laptop and on the server, for every n.

The run ends with a sentence, nothing is half stored, what waits still waits, and with room again it all goes through.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kube_field.errors import Failure
from kube_field.server.storage.proof import check_feed
from kube_field.sqlite import driver
from tests.support.day import Day, make_morning, sent_from
from tests.support.direct_server import DirectServer, direct_server
from tests.support.laptop import Laptop
from tests.support.wholeness import assert_alike, assert_whole, assert_whole_page_or_none

SEVERAL = 9
"""Pages from one full disk to the next in the ordinary run."""


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_morning(tmp_path_factory.mktemp("pagi"))


def told(server: DirectServer, laptop: Laptop) -> str:
    """What the officer reads after a run that the disk stopped; "" after a good one."""
    run = server.sync(laptop.session)
    if not run.outcome:
        return ""
    assert run.exit_code == Failure.DISK_FULL, run
    return run.message


def laptop_full_after(day: Day, pages: int) -> bool:
    """One run with so many new pages left; True when they were enough."""
    with direct_server(day.folder) as server:
        with day.laptop() as laptop:
            before = sent_from(laptop)
            limit = int(laptop.store.db.value("PRAGMA page_count")) + pages
            laptop.store.db.execute_sql(f"PRAGMA max_page_count = {limit}").fetchall()
            sentence = told(server, laptop)
            assert not sentence or "penuh" in sentence, sentence
            assert sent_from(laptop) == before
            assert_whole(laptop.store)
            assert_whole_page_or_none(laptop.store)
        with day.laptop() as again:  # a connection without the limit: there is room again
            assert server.sync(again.session).outcome == ""
            assert_whole(again.store)
            assert_alike(server, again.store)
            assert sent_from(again) == before
        assert check_feed(server.house.database) == []
    return not sentence


def server_full_after(day: Day, pages: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    with direct_server(day.folder) as first:
        limit = int(first.rows("PRAGMA page_count")[0][0]) + pages
    with day.laptop() as laptop:
        before = sent_from(laptop)
        with monkeypatch.context() as patched:
            patched.setattr(driver, "PRAGMAS", (*driver.PRAGMAS, ("max_page_count", str(limit))))
            with direct_server(day.folder) as server:
                run = server.sync(laptop.session)
                assert run.outcome == "" or (run.outcome == "BUSY" and "Penyimpanan server penuh" in run.message)
                assert check_feed(server.house.database) == []
                assert server.rows("PRAGMA integrity_check") == [("ok",)]
        assert sent_from(laptop) == before
        assert_whole(laptop.store)
        with direct_server(day.folder) as server:
            there = dict(server.rows("SELECT change_id, sha256 FROM intake"))
            acknowledged = laptop.store.db.rows("SELECT change_id, sha256 FROM outbox WHERE state = 'acked'")
            assert set(acknowledged) <= set(there.items())
            assert server.sync(laptop.session).outcome == ""
            assert_alike(server, laptop.store)
            assert check_feed(server.house.database) == []
    return run.outcome == ""


def until_enough(run: Callable[[Day, int], bool], morning: Path, tmp_path: Path, step: int) -> int:
    """Fewer and fewer pages missing until none is; after how many pages that was."""
    pages = 0
    while True:
        folder = tmp_path / f"{pages}"
        folder.mkdir()
        if run(Day(morning, folder), pages):
            return pages
        shutil.rmtree(folder)
        pages += step


def test_a_laptop_whose_disk_fills_up_in_a_run_stores_nothing_half(morning: Path, tmp_path: Path):
    assert until_enough(laptop_full_after, morning, tmp_path, SEVERAL) > SEVERAL


@pytest.mark.slow
def test_a_laptop_whose_disk_is_full_at_any_page_of_a_run(morning: Path, tmp_path: Path):
    assert until_enough(laptop_full_after, morning, tmp_path, 1) > SEVERAL


def test_a_server_whose_disk_fills_up_in_a_push_takes_all_of_it_or_nothing(
    morning: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def run(day: Day, pages: int) -> bool:
        return server_full_after(day, pages, monkeypatch)

    assert until_enough(run, morning, tmp_path, SEVERAL) > SEVERAL


@pytest.mark.slow
def test_a_server_whose_disk_is_full_at_any_page(morning: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def run(day: Day, pages: int) -> bool:
        return server_full_after(day, pages, monkeypatch)

    assert until_enough(run, morning, tmp_path, 1) > SEVERAL
