"""Whatever a server takes in, every laptop can take over: by page, as a first download and by stick; the run ends well.

And nothing of it is only kept unread there: both ends ask the same of a record.
"""

from __future__ import annotations

import copy
import itertools
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kube_field.domain.records import EDITABLE_KINDS, Role
from kube_field.server.courier import take_bundle
from kube_field.server.snapshots import make_snapshot
from kube_field.server.storage.accounts import Accounts
from kube_field.server.storage.proof import check_feed
from kube_field.usecases.courier import CourierTally, give, take
from kube_field.usecases.sync import sync_store
from kube_field.wire.bundle import answer_path, unanswered
from kube_field.wire.canonical import fact_hash
from kube_field.wire.fact_shape import FIELDS
from kube_field.wire.messages import ChangeResult
from tests.contracts.desk import KECAMATAN, Desk
from tests.contracts.test_any_change_is_decided import CHANGES, rooms_of, signed, somewhere
from tests.support.direct_server import DirectServer, direct_server
from tests.support.laptop import Laptop, make_laptop
from tests.support.server import greet_whole

OUR_AREAS = ("64", KECAMATAN)
FACTS = [change for change in CHANGES if change["kind"] not in {kind.value for kind in EDITABLE_KINDS}]
TAKEN = frozenset({"applied", "merged", "conflict"})
names = itertools.count(1)
EDGES = st.sampled_from([0, -1, 1, 2**31, 2**53, 2**63 - 1, 2**63, -(2**63), 2**64, 2**70, True, None, "", "x", {}, []])
texts = st.one_of(st.text(max_size=20), st.sampled_from(["\x00", "٣٢", "1e400", "=1+1", "ab" * 32]))
values = st.recursive(
    st.one_of(st.integers(-(2**70), 2**70), texts, st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=6,
)
PHOTO = {"sha256": "ab" * 32, "size": 9, "mime": "image/jpeg", "question": "photos"}
PHOTOS = st.fixed_dictionaries({}, optional={name: st.one_of(st.just(value), EDGES) for name, value in PHOTO.items()})
FIELD = st.tuples(
    st.just("field"),
    st.sampled_from([*FIELDS, *["x_new"] * 5]),
    st.one_of(EDGES, values, st.lists(PHOTOS, max_size=2), st.sampled_from(["2026-11-20", "2026-02-30", "9999-12-31"])),
)
GONE = st.tuples(st.just("gone"), st.sampled_from(list(FIELDS)))
ANSWER = st.tuples(
    st.just("answer"),
    st.sampled_from(["visit_no", "session_no", "status", "person_id", "decision", "next_visit_on", "x_new", "foto"]),
    st.one_of(EDGES, values, PHOTOS),
)
ANYWHERE = st.tuples(
    st.just("anywhere"),
    st.integers(0, 60),
    st.lists(st.integers(0, 50), min_size=1, max_size=6),
    st.one_of(EDGES, values),
)
TURNS = st.lists(st.one_of(FIELD, GONE, ANSWER, ANYWHERE), min_size=1, max_size=2)
ODD = st.tuples(st.integers(0, 100), st.sampled_from([True, True, True, False]), TURNS)


def turned(change: dict[str, Any], turn: tuple[Any, ...]) -> None:
    """Have one thing in a change otherwise than it should be."""
    fields = change["set"]
    if turn[0] == "field":
        fields[turn[1]] = [None, turn[2]]
    elif turn[0] == "gone":
        fields.pop(turn[1], None)
    elif turn[0] == "answer":
        answers = fields.get("answers", [None, fields])[1]
        if isinstance(answers, dict):
            answers[turn[1]] = turn[2] if answers is not fields else [None, turn[2]]
    else:
        rooms = [room for room in rooms_of({**change, "set": fields})[1:] if room]
        holder, place = somewhere(rooms[turn[1] % len(rooms)], turn[2])
        holder[place] = turn[3]


def odd_change(number: int, is_new: bool, turns: list[tuple[Any, ...]], pool: list[dict[str, Any]]) -> bytes:
    change = copy.deepcopy(pool[number % len(pool)])
    change["id"] = f"odd-{next(names)}"
    if is_new:
        change["uid"] = f"odd-uid-{next(names)}"
    for turn in turns:
        if isinstance(change["set"], dict) and change["set"]:
            turned(change, turn)
    return signed(change)


class Province:
    """A server and three laptops of one area, each with its own way to hear of what is new."""

    def __init__(self, server: DirectServer, desk: Desk, laptops: list[Laptop], stick: Path) -> None:
        self.server, self.desk, self.laptops, self.stick = server, desk, laptops, stick
        self.online, self.newcomer, self.remote = laptops

    def by_page(self) -> None:
        assert self.server.sync(self.online.session).outcome == ""

    def by_file(self) -> None:
        """Everything anew, as a laptop that was just enrolled."""
        for scope in OUR_AREAS:
            make_snapshot(self.server.house, scope)
            sync_store(self.newcomer.store).start_over(scope)
        greet_whole(self.newcomer.store)
        self.server.remember = True
        assert self.server.sync(self.newcomer.session).outcome == ""
        asked = {path for _who, path, _body in self.server.answers if "/snapshot/" in path}
        self.server.remember = False
        self.server.answers.clear()
        assert {path.split("/")[-2] for path in asked} == {*OUR_AREAS}

    def by_stick(self) -> None:
        give(self.remote.session, self.stick, CourierTally())
        for path in unanswered(self.stick):
            answer_path(path).write_bytes(take_bundle(self.server.house, path.read_bytes()).answer)
        tally = CourierTally()
        take(self.remote.session, self.stick, tally)
        assert (tally.not_read, tally.behind, tally.asking) == ([], [], [])
        for path in self.stick.iterdir():
            path.unlink()


@contextmanager
def province_of_three() -> Iterator[Province]:
    folder = Path(tempfile.mkdtemp())
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        server = stack.enter_context(direct_server(folder))
        desk = Desk(server.house)
        desk.add("Rina")
        desk.add("Admin", Role.ADMIN_PROV, ("64",))
        with server.house.database.write():
            accounts = Accounts(server.house.database)
            accounts.add_alias("staff-rina", "user-rina")
            accounts.add_alias("staff-admin", "user-admin")
        desk.push(*(json.dumps(change).encode() for change in CHANGES))
        laptops = [
            stack.enter_context(make_laptop(folder, name, code=f"L0{at}"))
            for at, name in enumerate(("Budi", "Citra", "Dewi"), 1)
        ]
        for laptop in laptops:
            server.enrol(laptop.session, server.add_user(laptop.session.officer.name))
            assert server.sync(laptop.session).outcome == ""
        stick = folder / "flashdisk"
        stick.mkdir()
        yield Province(server, desk, laptops, stick)
        assert check_feed(server.house.database) == []


@pytest.fixture(scope="module")
def province() -> Iterator[Province]:
    with province_of_three() as opened:
        yield opened


def here(laptop: Laptop) -> list[tuple[Any, ...]]:
    return laptop.store.db.rows("SELECT uid, kind, version, sha256, scope_id FROM sync_base ORDER BY uid")


def assert_all_have_it(province: Province, results: list[ChangeResult], before: int) -> None:
    stands = province.server.rows(
        "SELECT count(*) FROM scope_index WHERE state = 'put' AND scope IN ('64', '64.02.12')"
    )
    bases = [[row for row in here(laptop) if row[-1] in OUR_AREAS] for laptop in province.laptops]
    assert bases[0] == bases[1] == bases[2]
    assert [(len(bases[0]),)] == stands
    for laptop in province.laptops:
        assert laptop.store.db.rows("SELECT uid, kind, body_json FROM unknown_record") == []
        states = laptop.store.db.rows("SELECT state FROM sync_scope WHERE scope_id IN ('64', '64.02.12')")
        assert states == [("live",)] * 2, "the sums are the server's"
    assert len(bases[0]) >= before, [one.status for one in results]


@pytest.mark.timeout(1800)
@given(st.lists(ODD, min_size=1, max_size=8), st.booleans())
def test_what_the_server_takes_every_laptop_can_take(
    province: Province, odd: list[tuple[int, bool, list[tuple[Any, ...]]]], of_facts: bool
):
    pool = FACTS if of_facts else CHANGES
    before = len([row for row in here(province.online) if row[-1] in OUR_AREAS])
    raws = [odd_change(number, is_new, turns, pool) for number, is_new, turns in odd]
    results = province.desk.push(*raws)
    assert {one.status for one in results} <= TAKEN | {"held", "rejected", "quarantined"}
    province.by_page()
    province.by_file()
    province.by_stick()
    assert_all_have_it(province, results, before)


def test_what_a_server_took_in_before_it_looked_closely_stops_no_laptop():
    """It is there with another body than today's server takes: kept unread, and all that comes after it is shown."""
    visit = next(change for change in FACTS if change["kind"] == "visit")
    before, after = ({**copy.deepcopy(visit), "id": f"odd-{uid}", "uid": uid} for uid in ("dari-dulu", "hari-ini"))
    body = {name: new for name, (_old, new) in before["set"].items() if name != "author_name"}
    with province_of_three() as province:
        assert [one.status for one in province.desk.push(signed(before))] == ["applied"]
        with province.server.house.database.write():
            hashed = fact_hash("dari-dulu", "visit", body)
            sql = "UPDATE record SET body = ?, sha256 = ? WHERE uid = 'dari-dulu'"
            province.server.house.database.tell(sql, json.dumps(body), hashed)
        assert [one.status for one in province.desk.push(signed(after))] == ["applied"]
        province.by_page()
        province.by_file()
        province.by_stick()
        for laptop in province.laptops:
            rows = laptop.store.db.rows("SELECT uid, body_json FROM unknown_record")
            assert [(uid, json.loads(kept)) for uid, kept in rows] == [("dari-dulu", body)]
            assert laptop.store.facts.get("hari-ini") is not None
            states = laptop.store.db.rows("SELECT state FROM sync_scope WHERE scope_id IN ('64', '64.02.12')")
            assert states == [("live",)] * 2
