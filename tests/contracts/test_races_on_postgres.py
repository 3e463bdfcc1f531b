"""Several officers at once against a real PostgreSQL: no hole in the feed, no row missed, nothing twice."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kube_field.domain.records import RecordKind
from kube_field.server.storage.proof import check_feed
from kube_field.wire.server_words import ServerKind
from tests.contracts.desk import Desk, open_desk
from tests.support.make_answers import complete_household
from tests.support.postgres import make_ready_database
from tests.support.wire_changes import (
    make_edit,
    make_fact,
    make_household,
    make_person,
    make_unit_change,
    who_is,
)

pytestmark = pytest.mark.postgres
OFFICERS = ("Ani", "Budi", "Citra", "Dewi")


@pytest.fixture
def desk(tmp_path: Path):
    with open_desk(tmp_path, make_ready_database()) as opened:
        for name in OFFICERS:
            opened.add(name)
        yield opened


def together(desk: Desk, work) -> list[object]:
    """Run `work(name)` for every officer at the same moment."""
    start = threading.Barrier(len(OFFICERS))

    def one(name: str) -> object:
        start.wait()
        return desk.house.database.retry(lambda: work(name))

    with ThreadPoolExecutor(len(OFFICERS)) as pool:
        return list(pool.map(one, OFFICERS))


def test_a_reader_between_writers_misses_no_row(desk: Desk):
    done = threading.Event()
    seen: list[str] = []

    def read() -> None:
        seq, last = 0, False
        while not last:
            last = done.is_set()
            page = desk.pull(seq=seq)
            seen.extend(row.uid for row in page.rows)
            seq = page.seq

    reader = threading.Thread(target=read)
    reader.start()
    try:
        together(desk, lambda name: [desk.push(make_household(f"{name}-{n}"), name=name) for n in range(12)])
    finally:
        done.set()
        reader.join()
    assert sorted(seen) == sorted(f"{name}-{n}" for name in OFFICERS for n in range(12))
    assert [seq for (seq,) in desk.rows("SELECT seq FROM feed ORDER BY seq")] == list(range(1, 49))


def test_one_record_made_by_four_at_once_is_one_record(desk: Desk):
    change = make_household()
    results = together(desk, lambda name: desk.push(change, name=name)[0])
    receipts = {result.receipt.id for result in results if result.receipt}  # type: ignore[attr-defined]
    assert len(receipts) == 1
    assert desk.rows("SELECT count(*) FROM feed") == [(1,)]


def test_four_edits_of_one_field_leave_one_value_and_three_conflicts(desk: Desk):
    desk.push(make_household())
    old = complete_household()["head_name"]
    together(
        desk,
        lambda name: desk.push(
            make_edit(RecordKind.HOUSEHOLD, "home-1", {"head_name": (old, name)}, base=1), name=name
        ),
    )
    kept = next(row for row in desk.pull().rows if row.uid == "home-1").body["head_name"]
    others = {word["other"] for word in desk.conflicts().values()}
    assert {kept, *others} == set(OFFICERS)


def test_a_child_that_arrives_together_with_its_parent_is_never_left_behind(desk: Desk):
    for turn in range(6):
        unit, visit = f"unit-{turn}", f"visit-{turn}"
        work = {
            "Ani": make_unit_change(unit),
            "Budi": make_fact(visit, subject=unit),
            "Citra": make_household(f"home-{turn}"),
            "Dewi": make_household(f"other-{turn}"),
        }
        together(desk, lambda name, work=work: desk.push(work[name], name=name))
        assert desk.rows(f"SELECT count(*) FROM record WHERE uid IN ('{unit}', '{visit}')") == [(2,)]
    assert desk.rows("SELECT count(*) FROM held") == [(0,)]


def test_one_nik_from_four_laptops_at_once_opens_one_case_for_each_pair(desk: Desk):
    desk.push(make_household())
    for turn in range(5):
        nik = who_is(f"turn-{turn}")["nik"]
        together(desk, lambda name, turn=turn, nik=nik: desk.push(make_person(f"{name}-{turn}", nik=nik), name=name))
        assert desk.rows("SELECT count(*) FROM dup_case WHERE state = 'open'") == [(6 * (turn + 1),)]
    words = desk.words(ServerKind.DUPLICATE)
    assert len(words) == len({tuple(word["uids"]) for word in words.values()}) == 30
    assert check_feed(desk.house.database) == []
