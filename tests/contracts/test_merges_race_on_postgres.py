"""Merges, moves, edits and facts about the same people at one moment, on a real PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kube_field.domain.records import RecordKind
from kube_field.server.storage.proof import check_feed
from kube_field.wire.server_words import ServerKind
from tests.contracts.desk import Desk, open_desk
from tests.contracts.merge_words import (
    OTHER,
    OTHER_PHONE,
    OTHER_VILLAGE,
    PHONE,
    add_deciders,
    body,
    decision,
    edit,
    phone_before,
    place,
)
from tests.support.make_answers import VILLAGE
from tests.support.postgres import make_ready_database
from tests.support.wire_changes import make_household, make_person, who_is

pytestmark = pytest.mark.postgres
ROUNDS = 6


@pytest.fixture
def desk(tmp_path: Path):
    with open_desk(tmp_path, make_ready_database()) as opened:
        add_deciders(opened)
        opened.add("Rahmat")
        yield opened
        assert check_feed(opened.house.database) == []


def at_once(desk: Desk, *works: Callable[[], object]) -> list[object]:
    start = threading.Barrier(len(works))

    def one(work: Callable[[], object]) -> object:
        start.wait()
        return desk.house.database.retry(work)

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


def family(desk: Desk, name: str) -> tuple[str, str, str]:
    """A family in which one woman stands twice, and the case about her."""
    one, other = f"{name}-1", f"{name}-2"
    same = {**who_is(name), "phone": PHONE}
    made = [make_household(name), make_person(one, name, **same), make_person(other, name, **same)]
    assert desk.statuses(*made) == ["applied"] * 3
    words = desk.words(ServerKind.DUPLICATE)
    return one, other, next(uid for uid, word in words.items() if set(word["uids"]) == {one, other})


def test_opposite_merges_at_once_make_one_record(desk: Desk):
    for turn in range(ROUNDS):
        one, other, case = family(desk, f"k{turn}")
        first = decision(desk, "merge", one, other, case=case, uid=f"d-{turn}-1")
        second = decision(desk, "merge", other, one, case=case, uid=f"d-{turn}-2", by="user-wati")
        results = at_once(
            desk, lambda a=first: desk.statuses(a, name="Sari"), lambda a=second: desk.statuses(a, name="Wati")
        )
        assert results == [["applied"], ["applied"]]
        assert sorted(place(desk, uid)[2] != "" for uid in (one, other)) == [False, True]


def test_a_family_that_moves_while_its_people_are_merged_stays_together(desk: Desk):
    for turn in range(ROUNDS):
        name = f"k{turn}"
        one, other, case = family(desk, name)
        desk.push(phone_before(f"{name}-fact", other))
        merge = decision(desk, "merge", one, other, case=case, uid=f"d-{turn}", by="user-wati")
        move = edit(name, kind=RecordKind.HOUSEHOLD, village_code=(VILLAGE, OTHER_VILLAGE))
        results = at_once(desk, lambda a=merge: desk.statuses(a, name="Wati"), lambda a=move: desk.statuses(a))
        assert results == [["applied"], ["applied"]]
        assert {place(desk, uid)[0] for uid in (name, one, other, f"{name}-fact", f"al:{other}")} == {OTHER}


def test_an_edit_and_a_fact_at_the_moment_of_a_merge_or_of_its_way_back_arrive(desk: Desk):
    for turn in range(ROUNDS):
        name = f"k{turn}"
        one, other, case = family(desk, name)
        merge = decision(desk, "merge", one, other, case=case, uid=f"d-{turn}")
        late, fact = edit(other, phone=(PHONE, OTHER_PHONE)), phone_before(f"{name}-fact", other)
        works = [
            lambda a=merge: desk.statuses(a, name="Sari"),
            lambda a=late: desk.statuses(a),
            lambda a=fact: desk.statuses(a, name="Rahmat"),
        ]
        for (status,) in at_once(desk, *works):
            assert status in ("applied", "merged")
        phones = [body(desk, uid)["phone"] for uid in (one, other)]
        shown = [word["other"] for word in desk.conflicts().values() if word["record"] == one]
        assert OTHER_PHONE in [*phones, *shown]
        undo = decision(desk, "undo", one, other, case=case, uid=f"u-{turn}")
        fact = phone_before(f"{name}-late", other)
        works = [lambda a=undo: desk.statuses(a, name="Sari"), lambda a=fact: desk.statuses(a, name="Rahmat")]
        assert at_once(desk, *works) == [["applied"], ["applied"]]
        assert place(desk, other)[1:] == (name, "")
