"""Clocks that jump, stand still, or stand at a border of days: the province holds the same as with good clocks.

No decision of laptop or server rests on a laptop's clock. A wrong one is told (S03), and refuses nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kube_field.domain.records import RecordKind, Role
from kube_field.domain.sync_views import SyncRun
from kube_field.errors import KubeFieldError
from kube_field.server.storage.accounts import Accounts
from kube_field.server.storage.proof import check_feed
from kube_field.usecases.drafts import begin_draft, save_draft
from tests.support.direct_server import DirectServer, direct_server
from tests.support.laptop import START, Laptop, make_laptop
from tests.support.make_records import (
    commit_saved,
    make_batch,
    make_unit,
    record_visit,
    register_household,
    register_person,
)
from tests.support.wholeness import assert_alike, assert_whole

TEN_YEARS = timedelta(days=3652)
RIGHT = timedelta()
DEAD_BATTERY = datetime(1970, 1, 1, tzinfo=UTC) - START
BIOS_DATE = datetime(2000, 1, 1, tzinfo=UTC) - START
CLOCK_TEXTS = frozenset({"finalised_at", "number", "kept_at", "other_at", "occurred_on", "valid_from", "seal"})
"""What a laptop's clock wrote: the instant of a change, the year in a document's number, the day of a changed value,
and the signature over them, with a key that each laptop drew."""


@dataclass
class Times:
    """What time it is, and by how much each laptop is wrong about it."""

    at: datetime = START
    rina: timedelta = RIGHT
    budi: timedelta = RIGHT
    stand: bool = False
    """The clocks of the laptops stand still all day, at the same millisecond."""

    def now(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at

    def on_laptop(self, off: timedelta) -> datetime:
        return (self.at.replace(second=0, microsecond=0) if self.stand else self.now()) + off


@dataclass
class Places:
    """A server with the right time, and two laptops."""

    times: Times
    server: DirectServer
    rina: Laptop
    budi: Laptop

    def sync(self, laptop: Laptop, *, off: timedelta = RIGHT) -> SyncRun:
        """A run, which goes well whatever the clock says; a wrong clock is told."""
        run = self.server.sync(laptop.session)
        assert (run.outcome, run.exit_code, run.refused) == ("", 0, 0), run
        is_wrong = abs(off) > timedelta(minutes=10)
        assert ("Jam laptop" in run.message) == is_wrong, (off, run.message)
        assert (laptop.store.queue.pill().unsolved is not None) == is_wrong, "told on every page until it is right"
        return run


@pytest.fixture
def open_places(tmp_path: Path) -> Iterator[Callable[[str], Places]]:
    with ExitStack() as stack:

        def made(name: str) -> Places:
            folder = tmp_path / name
            folder.mkdir()
            times = Times()
            server = stack.enter_context(direct_server(folder, now=times.now))
            rina, budi = (stack.enter_context(make_laptop(folder, who)) for who in ("Rina", "Budi"))
            rina.clock.now = lambda: times.on_laptop(times.rina)  # type: ignore[method-assign]
            budi.clock.now = lambda: times.on_laptop(times.budi)  # type: ignore[method-assign]
            for laptop, who in ((rina, "Rina"), (budi, "Budi")):
                object.__setattr__(laptop.session.wiring, "now", laptop.clock.now)
                server.enrol(laptop.session, server.add_user(who))
            admin = server.add_user("Admin", Role.ADMIN_PROV, ("64",))
            with server.house.database.write():
                Accounts(server.house.database).add_alias("staff-admin", admin.uid)
            return Places(times, server, rina, budi)

        yield made


def edit(laptop: Laptop, uid: str, **changes: Any) -> None:
    draft = begin_draft(laptop.session, kind=RecordKind.HOUSEHOLD, record_uid=uid)
    commit_saved(laptop.session, save_draft(laptop.session, draft=draft, answers={**draft.answers, **changes}))


def story(places: Places, rina: list[timedelta], budi: list[timedelta]) -> None:
    """Three days of two officers; before each, their clocks are set wrong by this much."""
    times, server = places.times, places.server
    person = register_person(places.rina.session)
    batch = make_batch(places.rina.session)
    unit = make_unit(places.rina.session, person, batch_id={"uid": batch.uid, "name": "KUBE"})
    home = str(person.answers["household_id"]["uid"])
    places.sync(places.rina)
    places.sync(places.budi)
    for day in range(3):
        times.at += timedelta(days=1)
        times.rina, times.budi = rina[day], budi[day]
        edit(places.rina, home, address=f"Jalan Rina {day}", head_name=f"Rina {day}")
        edit(places.budi, home, address=f"Jalan Budi {day}", rt=day + 1)
        register_household(places.rina.session, 2 + day, kk_number=f"64021212041{day:05d}")
        visited = (times.at - timedelta(days=1)).date().isoformat()
        record_visit(places.rina.session, unit.uid, visited)
        for laptop, off in ((places.budi, budi[day]), (places.rina, rina[day]), (places.budi, budi[day])):
            places.sync(laptop, off=off)
    times.rina = times.budi = RIGHT
    for laptop in (places.rina, places.budi):
        places.sync(laptop)
        assert_whole(laptop.store)
        assert_alike(server, laptop.store)
    assert check_feed(server.house.database) == []


def without_clocks(value: Any) -> Any:
    if isinstance(value, dict):
        named = sorted(value.items())
        return {name: without_clocks(part) for name, part in named if name not in CLOCK_TEXTS}
    return [without_clocks(part) for part in value] if isinstance(value, list) else value


def standing(server: DirectServer) -> list[tuple[Any, ...]]:
    """Every record with its history, apart from what a clock wrote into it and ids that the server drew."""
    people = server.rows(
        "SELECT uid, kind, scope, version, body, deleted FROM record WHERE kind NOT IN ('conflict', 'laptop')"
    )
    told = server.rows("SELECT kind, scope, body FROM record WHERE kind LIKE 'conflict%'")
    changes = server.rows("SELECT change_id, status FROM intake")
    records = [
        (uid, kind, scope, v, without_clocks(json.loads(body)), gone) for uid, kind, scope, v, body, gone in people
    ]
    words = [(kind, scope, without_clocks(json.loads(body))) for kind, scope, body in told]
    return [*sorted(records, key=repr), *sorted(words, key=repr), *sorted(changes)]


@pytest.mark.parametrize(
    ("rina", "budi"),
    [
        ([-TEN_YEARS] * 3, [RIGHT] * 3),
        ([TEN_YEARS] * 3, [RIGHT] * 3),
        ([RIGHT, -TEN_YEARS, TEN_YEARS], [TEN_YEARS, RIGHT, -TEN_YEARS]),
        ([DEAD_BATTERY] * 3, [BIOS_DATE] * 3),
        ([BIOS_DATE, RIGHT, DEAD_BATTERY], [timedelta(hours=1), timedelta(hours=-7), timedelta(minutes=9)]),
    ],
)
def test_a_jumping_clock_changes_nothing_of_what_the_province_holds(
    open_places: Callable[[str], Places], rina: list[timedelta], budi: list[timedelta]
):
    good, bad = open_places("benar"), open_places("salah")
    story(good, [RIGHT] * 3, [RIGHT] * 3)
    story(bad, rina, budi)
    assert standing(bad.server) == standing(good.server)
    assert len(standing(good.server)) > 20


def test_two_laptops_that_write_in_the_same_millisecond_lose_nothing(open_places: Callable[[str], Places]):
    good, still = open_places("jalan"), open_places("diam")
    story(good, [RIGHT] * 3, [RIGHT] * 3)
    still.times.stand = True
    story(still, [RIGHT] * 3, [RIGHT] * 3)
    assert standing(still.server) == standing(good.server)
    written = [set(laptop.store.db.rows("SELECT at FROM outbox")) for laptop in (still.rina, still.budi)]
    assert set.intersection(*written), "both wrote in one millisecond"


# midnight


MIDNIGHT = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
"""00.00 WITA of 24 November; in UTC it is 16.00 of the 23rd."""


def unit_of(places: Places) -> str:
    batch = make_batch(places.rina.session)
    person = register_person(places.rina.session)
    return make_unit(places.rina.session, person, batch_id={"uid": batch.uid, "name": "KUBE"}).uid


@pytest.mark.parametrize("seconds", [-3600, -1, 1, 3600, 7 * 3600, 9 * 3600])
def test_the_day_is_that_of_the_province_around_midnight(open_places: Callable[[str], Places], seconds: int):
    places = open_places("malam")
    unit = unit_of(places)
    places.times.at = MIDNIGHT + timedelta(seconds=seconds)
    today = "2026-11-23" if seconds < 0 else "2026-11-24"
    tomorrow = "2026-11-24" if seconds < 0 else "2026-11-25"
    with pytest.raises(KubeFieldError) as refused:
        record_visit(places.rina.session, unit, tomorrow)
    assert "visited_on" in {detail["field"] for detail in refused.value.details}
    visit = record_visit(places.rina.session, unit, today)
    places.sync(places.rina)
    assert places.server.rows(f"SELECT status FROM intake WHERE uid = '{visit.uid}'") == [("applied",)]
    assert visit.occurred_on == today


def test_a_clock_that_nobody_calls_wrong_is_not_refused_at_midnight(open_places: Callable[[str], Places]):
    """Nine minutes fast, and it is the next day on the laptop already."""
    places = open_places("cepat")
    unit = unit_of(places)
    places.times.at, places.times.rina = MIDNIGHT - timedelta(minutes=5), timedelta(minutes=9)
    record_visit(places.rina.session, unit, "2026-11-24")
    places.sync(places.rina, off=places.times.rina)


def test_the_year_of_a_number_is_that_of_the_province(open_places: Callable[[str], Places]):
    places = open_places("tahun")
    unit = unit_of(places)
    places.times.at = datetime(2026, 12, 31, 15, 59, 50, tzinfo=UTC)
    before = record_visit(places.rina.session, unit, "2026-12-30")
    places.times.at = datetime(2026, 12, 31, 16, 0, 10, tzinfo=UTC)
    after = record_visit(places.rina.session, unit, "2026-12-31")
    assert before.number.endswith("/XII/2026")
    assert after.number.endswith("/I/2027")
    places.sync(places.rina)
