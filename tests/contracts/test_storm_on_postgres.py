"""Everything at once on a real PostgreSQL: records moved both ways, merged, edited, visited and read meanwhile.

No row is missed by who reads along, nobody sees what was written in another's area, every change is decided once,
and every proof holds afterwards.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import peewee
import psycopg
import pytest

from kube_field.domain.records import RecordKind, Role
from kube_field.server.routes import exchange
from kube_field.server.storage.database import _slot, collided, step_aside
from kube_field.server.storage.proof import check_feed
from kube_field.wire.messages import ATTENTION, DONE, WireChange
from tests.contracts.desk import KECAMATAN, Desk, open_desk
from tests.support.make_answers import VILLAGE, complete_household
from tests.support.postgres import make_ready_database
from tests.support.wire_changes import make_edit, make_fact, make_household, make_unit_change

pytestmark = pytest.mark.postgres
OTHER, OTHER_VILLAGE = "64.07.07", "64.07.07.2002"
WRITERS = ("Ani", "Budi", "Citra", "Dewi", "Eka", "Fitri", "Gita", "Hana")
FACTS = 15
LONGEST_PAUSE = 0.01
"""Seconds between the last word of a transaction and its commit: a naive cursor missed 8.4 % of rows so."""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Everybody works in both areas, but Rina and Tuti each in one."""
    with open_desk(tmp_path, make_ready_database()) as opened:
        for name in WRITERS:
            opened.add(name, areas=(KECAMATAN, OTHER))
        opened.add("Tuti", areas=(OTHER,))
        opened.add("Wati", Role.ADMIN_PROV, ("64",))
        yield opened
        assert check_feed(opened.house.database) == []


def by(change: WireChange, name: str) -> WireChange:
    change.by = f"user-{name.lower()}"
    return change


def at_once(works: dict[str, Callable[[], Any]]) -> dict[str, Any]:
    """All of them, from the same moment on."""
    start = threading.Barrier(len(works))

    def one(work: Callable[[], Any]) -> Any:
        start.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return dict(zip(works, pool.map(one, works.values()), strict=True))


@contextmanager
def reading(desk: Desk, name: str, scope: str, size: int = 20_000) -> Iterator[list[Any]]:
    """Rows that a laptop gets which reads along by its cursor, until everything was written."""
    done, rows = threading.Event(), []

    def read() -> None:
        seq, last = 0, False
        while not last:
            last = done.is_set()
            more = True
            while more:
                page = desk.pull(scope, name, seq=seq, max_bytes=size)
                rows.extend(page.rows)
                assert page.seq >= seq
                seq, more = page.seq, page.more

    with ThreadPoolExecutor(1) as pool:
        reader = pool.submit(read)
        try:
            yield rows
        finally:
            done.set()
            reader.result()


def pushed_slowly(desk: Desk, name: str, changes: list[WireChange], pause: float) -> list[str]:
    """A batch whose transaction stays open for a moment after its last word."""

    def push() -> Any:
        body = desk.push_body(name, *changes)
        with desk.house.database.write():
            answer = exchange.push(desk.call(body, name))
            time.sleep(pause)
        return answer

    answer = desk.house.database.retry(push)
    desk.tokens[name] = answer.continuity
    return [result.status for result in answer.results]


def batch_of(name: str, batch: int) -> list[WireChange]:
    """A batch of small facts; every fourth brings a family too, and so cannot go in by the quick way."""
    return [*checks(name, batch), *([by(make_household(f"h-{name}-{batch}"), name)] * (batch % 4 == 3))]


def checks(name: str, batch: int, home: str = "home-1") -> list[WireChange]:
    """Small facts about a family."""
    small = {"desil": "2", "checked_on": "2026-11-01", "source": "siks_ng"}
    body = {"author_uid": f"user-{name.lower()}", "number": ""}
    uids = [f"c-{name}-{batch}-{home}-{n}" for n in range(FACTS)]
    return [by(make_fact(uid, RecordKind.DESIL_CHECK, home, small, body=body), name) for uid in uids]


@pytest.mark.parametrize("batches", [4, pytest.param(40, marks=pytest.mark.slow)])
def test_a_reader_misses_no_row_of_slow_transactions(desk: Desk, batches: int):
    """4,800 rows in the long run; the reader asks without pause while eight write."""
    desk.push(make_household())
    chance = random.Random(1)
    pauses = {name: [chance.uniform(0, LONGEST_PAUSE) for _batch in range(batches)] for name in WRITERS}

    def write(name: str) -> set[str]:
        return {
            status
            for batch, pause in enumerate(pauses[name])
            for status in pushed_slowly(desk, name, batch_of(name, batch), pause)
        }

    with reading(desk, "Rina", KECAMATAN) as rows:
        written = at_once({name: lambda name=name: write(name) for name in WRITERS})
    assert set().union(*written.values()) == {"applied"}
    stored = {uid for (uid,) in desk.rows(f"SELECT uid FROM scope_index WHERE scope = '{KECAMATAN}'")}
    assert len(stored) == len(WRITERS) * (batches * FACTS + batches // 4) + 1
    seen = [row.uid for row in rows]
    assert set(seen) == stored
    assert len(seen) == len(stored), "each once: nothing of it changed"


def test_four_laptops_that_make_one_record_differently_lose_no_value(desk: Desk):
    for turn in range(6):
        uid = f"home-{turn}"
        works = {
            name: lambda name=name, uid=uid: desk.house.database.retry(
                lambda: desk.statuses(by(make_household(uid, head_name=f"Kepala {name}"), name), name=name)
            )
            for name in WRITERS[:4]
        }
        statuses = [status for (status,) in at_once(works).values()]
        assert set(statuses) <= set(DONE)
        assert desk.rows(f"SELECT count(*) FROM record WHERE uid = '{uid}'") == [(1,)]
        shown = {word["other"] for word in desk.conflicts().values() if word["record"] == uid}
        kept = next(row for row in desk.pull().rows if row.uid == uid).body["head_name"]
        assert {kept, *shown} == {f"Kepala {name}" for name in WRITERS[:4]}


def test_who_reads_an_area_while_a_record_moves_never_sees_what_was_written_elsewhere(desk: Desk):
    """A family goes to and fro; each area writes its own word into it, and only while it is there."""
    word = complete_household()["head_name"]
    desk.push(by(make_household(), "Ani"), name="Ani")
    with reading(desk, "Rina", KECAMATAN) as here, reading(desk, "Tuti", OTHER) as there:
        for turn in range(40):
            away = turn % 2 == 0
            way = (VILLAGE, OTHER_VILLAGE) if away else (OTHER_VILLAGE, VILLAGE)
            move = make_edit(RecordKind.HOUSEHOLD, "home-1", {"village_code": way}, base=turn * 2 + 1)
            assert desk.statuses(by(move, "Ani"), name="Ani") == ["applied"]
            new = f"ditulis di {OTHER if away else KECAMATAN}, {turn}"
            edit = make_edit(RecordKind.HOUSEHOLD, "home-1", {"head_name": (word, new)}, base=turn * 2 + 2)
            edit.scope, word = (OTHER if away else KECAMATAN), new
            assert set(desk.statuses(by(edit, "Budi"), name="Budi")) == {"applied"}
    assert {row.st for row in here} == {row.st for row in there} == {"put", "exit"}
    for rows, scope in ((here, KECAMATAN), (there, OTHER)):
        puts = [row for row in rows if row.st == "put" and row.k == "household"]
        assert {row.body["village_code"][:8] for row in puts} == {scope}
        assert all(not row.body for row in rows if row.st == "exit")
        told_here = {row.body["head_name"].split(",")[0] for row in puts if "ditulis" in row.body["head_name"]}
        elsewhere = OTHER if scope == KECAMATAN else KECAMATAN
        assert f"ditulis di {scope}" in told_here
        after_move = [row for row in puts if row.v % 2 == 1 and row.v > 1]
        assert all(elsewhere not in row.body["head_name"] for row in after_move)


@pytest.fixture
def crossed(desk: Desk) -> Iterator[psycopg.Connection[Any]]:
    """A stranger who holds the history; he will want home-1 when the desk, which holds that, wants the history."""
    with psycopg.connect(str(desk.house.database.db.database)) as stranger:
        stranger.execute("SET deadlock_timeout = '60s'")  # it is the desk that notices, and has to begin anew
        before = complete_household()
        desk.push(make_household())
        assert desk.statuses(make_edit(RecordKind.HOUSEHOLD, "home-1", {"rt": (before["rt"], 4)}, base=1)) == [
            "applied"
        ]
        stranger.execute("LOCK TABLE record_version IN ACCESS EXCLUSIVE MODE")
        yield stranger


def meet(stranger: psycopg.Connection[Any]) -> None:
    """Wait until somebody waits for the stranger, then want what he holds."""
    waiting = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'record_version'::regclass"
    while stranger.execute(waiting).fetchone() is None:
        time.sleep(0.01)
    stranger.execute("SELECT pg_advisory_xact_lock(640000, %s)", (_slot("home-1"),))
    stranger.rollback()


def stale_edit() -> WireChange:
    """The history tells what happened since."""
    return make_edit(RecordKind.HOUSEHOLD, "home-1", {"rt": (complete_household()["rt"], 5)}, base=1)


def test_a_deadlock_while_a_change_is_decided_is_no_fault_of_the_change(desk: Desk, crossed: psycopg.Connection[Any]):
    again: list[int] = []
    works = {
        "desk": lambda: desk.house.database.retry(lambda: desk.statuses(stale_edit()), again.append),
        "stranger": lambda: meet(crossed),
    }
    assert at_once(works)["desk"] == ["conflict"]
    assert again == [0]


def test_a_deadlock_while_a_change_is_decided_alone_is_no_fault_of_the_change(
    desk: Desk, crossed: psycopg.Connection[Any]
):
    change = stale_edit()
    call = desk.call(desk.push_body("Rina", change))
    works = {"desk": lambda: exchange.push_one_by_one(call).results, "stranger": lambda: meet(crossed)}
    assert [result.status for result in at_once(works)["desk"]] == ["conflict"]
    assert desk.rows(f"SELECT status FROM intake WHERE change_id = '{change.id}'") == [("conflict",)]


class Storm:
    """What one officer does to all families, again and again; how often the database had to be asked again."""

    def __init__(self, desk: Desk, families: list[str], rounds: int) -> None:
        self.desk, self.families, self.rounds = desk, families, rounds
        self.again = 0
        self.sent: list[str] = []
        self.odd: list[Any] = []

    def work(self, name: str) -> None:
        chance = random.Random(name)
        for n in range(self.rounds):
            chosen = chance.sample(self.families, 3)
            changes = [by(self.change(chance, uid, f"{name}-{n}-{uid}"), name) for uid in chosen]
            self.push(name, changes, in_table=chance.random() < 0.7)

    def change(self, chance: random.Random, uid: str, new: str) -> WireChange:
        kind = chance.randrange(4)
        if kind == 0:
            return make_edit(RecordKind.HOUSEHOLD, uid, {"address": ("", f"Jalan {new}")}, base=1)
        if kind == 1:
            return make_fact(f"visit-{new}", subject=uid.replace("home", "unit"))
        places = (VILLAGE, OTHER_VILLAGE)
        here, there = places if chance.random() < 0.5 else places[::-1]
        moved = RecordKind.HOUSEHOLD if kind == 2 else RecordKind.BUSINESS_UNIT
        return make_edit(moved, uid.replace("home", "unit") if kind == 3 else uid, {"village_code": (here, there)})

    def push(self, name: str, changes: list[WireChange], *, in_table: bool) -> None:
        """As laptops do: new facts go in a table, but an old program's do not."""

        def pause(attempt: int) -> None:
            self.again += 1
            step_aside(attempt)

        table = [change for change in changes if change.kind == RecordKind.VISIT and in_table]
        alone = [change for change in changes if change not in table]
        while True:
            try:
                push = partial(self.desk.push, *alone, name=name, in_table=table)
                results = self.desk.house.database.retry(push, pause)
                break
            except peewee.OperationalError as error:  # the server says that it is busy, and the laptop comes again
                if not collided(error):
                    raise
        self.sent += [change.id for change in changes]
        self.odd += [result for result in results if result.status in ATTENTION]


@pytest.mark.parametrize("rounds", [4, pytest.param(40, marks=pytest.mark.slow)])
def test_a_storm_of_moves_edits_and_visits_over_two_areas_decides_everything_once(desk: Desk, rounds: int):
    families = [f"home-{n}" for n in range(8)]
    for uid in families:
        desk.push(by(make_household(uid), "Ani"), by(make_unit_change(uid.replace("home", "unit")), "Ani"), name="Ani")
    storm = Storm(desk, families, rounds)
    with reading(desk, "Wati", KECAMATAN) as here, reading(desk, "Wati", OTHER) as there:
        at_once({name: lambda name=name: storm.work(name) for name in WRITERS})
    assert len(storm.sent) == len(WRITERS) * rounds * 3
    assert storm.odd == []
    decided = {change for (change,) in desk.rows("SELECT change_id FROM intake WHERE status <> 'received'")}
    assert set(storm.sent) <= decided
    assert desk.rows("SELECT count(*) FROM held") == [(0,)]
    ((all_versions, of_a_change),) = desk.rows("SELECT count(*), count(DISTINCT (uid, change_id)) FROM record_version")
    assert all_versions == of_a_change, "a change is applied once"
    for rows, scope in ((here, KECAMATAN), (there, OTHER)):
        assert told(rows) == dict(
            desk.rows(f"SELECT uid, version FROM scope_index WHERE scope = '{scope}' AND state = 'put'")
        )


def test_batches_of_edits_and_tables_of_facts_about_the_same_families_never_wait_in_a_ring(desk: Desk):
    """Each edits one family and brings facts about others; whoever waits holds no head, and all take locks one way."""
    families = [f"home-{n}" for n in range(8)]
    desk.push(*(by(make_household(uid), "Ani") for uid in families), name="Ani")
    again: list[int] = []

    def work(name: str) -> set[str]:
        chance, seen = random.Random(name), set()
        for n in range(12):
            edited, *visited = chance.sample(families, 3)
            edit = by(make_edit(RecordKind.HOUSEHOLD, edited, {"address": ("", f"Jalan {name} {n}")}, base=1), name)
            table = [fact for uid in visited for fact in checks(name, n, uid)]
            push = partial(desk.statuses, edit, name=name, in_table=table)
            seen |= set(desk.house.database.retry(push, again.append))
        return seen

    seen = at_once({name: lambda name=name: work(name) for name in WRITERS})
    assert set().union(*seen.values()) <= {*DONE}
    assert desk.rows("SELECT count(*) FROM record WHERE kind = 'desil_check'") == [(len(WRITERS) * 12 * 2 * FACTS,)]
    assert again == []


def told(rows: list[Any]) -> dict[str, int]:
    """What stands in an area for who read along."""
    standing: dict[str, int] = {}
    for row in rows:
        if row.st == "exit":
            standing.pop(row.uid, None)
        else:
            standing[row.uid] = row.v
    return standing
