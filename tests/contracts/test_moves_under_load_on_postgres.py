"""Moves, new children, facts that wait and edits, all at the same moment on a real PostgreSQL: every proof holds."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kube_field.domain.records import RecordKind
from kube_field.server.storage.proof import check_feed
from kube_field.wire.messages import ATTENTION
from tests.contracts.desk import KECAMATAN, Desk, open_desk
from tests.support.make_answers import VILLAGE, complete_person, reference_to
from tests.support.postgres import make_ready_database
from tests.support.wire_changes import make_edit, make_fact, make_household, make_unit_change

pytestmark = pytest.mark.postgres
OTHER, OTHER_VILLAGE = "64.07.07", "64.07.07.2002"
OFFICERS = ("Ani", "Budi", "Citra", "Dewi")


@pytest.fixture
def desk(tmp_path: Path):
    """Everybody works in both areas."""
    with open_desk(tmp_path, make_ready_database()) as opened:
        for name in OFFICERS:
            opened.add(name, areas=(KECAMATAN, OTHER))
        yield opened
        assert check_feed(opened.house.database) == []


def together(desk: Desk, work) -> list[object]:
    start = threading.Barrier(len(OFFICERS))

    def one(name: str) -> object:
        start.wait()
        return desk.house.database.retry(lambda: work(name))

    with ThreadPoolExecutor(len(OFFICERS)) as pool:
        return list(pool.map(one, OFFICERS))


def by(change, name: str):
    change.by = f"user-{name.lower()}"
    return change


def move(uid: str, kind: RecordKind, turn: int):
    here, there = (VILLAGE, OTHER_VILLAGE) if turn % 2 == 0 else (OTHER_VILLAGE, VILLAGE)
    return make_edit(kind, uid, {"village_code": (here, there)}, base=turn + 1)


def test_children_that_arrive_while_their_parent_moves_end_up_beside_it(desk: Desk):
    desk.push(by(make_household(), "Ani"), name="Ani")
    desk.push(by(make_unit_change(), "Ani"), name="Ani")
    for turn in range(8):
        person = complete_person(household_id=reference_to("home-1", "Keluarga"))
        person.pop("consents")
        work = {
            "Ani": move("home-1", RecordKind.HOUSEHOLD, turn),
            "Budi": make_edit(RecordKind.PERSON, f"person-{turn}", person, create=True),
            "Citra": move("unit-1", RecordKind.BUSINESS_UNIT, turn),
            "Dewi": make_fact(f"visit-{turn}", body={"author_uid": "user-dewi"}),
        }
        results = together(desk, lambda name, work=work: desk.push(by(work[name], name), name=name)[0])
        assert not [result for result in results if result.status in ATTENTION]  # type: ignore[attr-defined]
    places = dict(desk.rows("SELECT uid, scope FROM record"))
    assert {places[f"person-{turn}"] for turn in range(8)} == {places["home-1"]}
    assert {places[f"visit-{turn}"] for turn in range(8)} == {places["unit-1"]}


def test_a_review_and_the_visit_it_waits_for_never_miss_each_other(desk: Desk):
    desk.push(by(make_unit_change(), "Ani"), name="Ani")
    small = {"desil": "2", "checked_on": "2026-11-01", "source": "siks_ng"}
    for turn in range(8):
        work = {
            "Ani": make_fact(f"visit-{turn}"),
            "Budi": make_fact(f"check-{turn}", RecordKind.DESIL_CHECK, f"visit-{turn}", small),
            "Citra": make_fact(f"other-{turn}"),
            "Dewi": make_fact(f"again-{turn}", RecordKind.DESIL_CHECK, f"other-{turn}", small),
        }
        together(desk, lambda name, work=work: desk.push(by(work[name], name), name=name))
    assert desk.rows("SELECT count(*) FROM held") == [(0,)]


def test_moves_crossing_each_other_end_in_order(desk: Desk):
    for name in OFFICERS:
        desk.push(by(make_household(f"home-{name}"), name), name=name)
    for turn in range(6):
        together(
            desk,
            lambda name, turn=turn: desk.push(by(move(f"home-{name}", RecordKind.HOUSEHOLD, turn), name), name=name),
        )
    assert set(dict(desk.rows("SELECT uid, scope FROM record WHERE kind = 'household'")).values()) == {KECAMATAN}
