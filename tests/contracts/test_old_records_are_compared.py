"""Records from before there was an index of doubles are compared too, in small steps that can stop anywhere."""

from __future__ import annotations

import pytest

from kube_field.server import looking_back
from kube_field.server.keeper import Keeper
from kube_field.server.looking_back import look_back
from kube_field.server.storage.proof import check_feed
from kube_field.wire.server_words import ServerKind
from tests.contracts.desk import Desk
from tests.contracts.merge_words import add_deciders, decide, place
from tests.support.wire_changes import make_household, make_person, who_is


@pytest.fixture(autouse=True)
def old_records(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    """Six women, two of them twice, stored by a server that did not look for doubles."""
    add_deciders(desk)
    twins = [make_person(f"twin-{n}", birth_date=f"1970-01-0{n + 1}") for n in range(2)]
    desk.push(make_household(), *(make_person(f"person-{n}") for n in range(6)), *twins)
    with desk.house.database.write():
        for n in range(2):
            own, other = who_is(f"twin-{n}")["nik"], who_is(f"person-{n}")["nik"]
            desk.house.database.tell(
                f"UPDATE record SET body = replace(body, '{own}', '{other}') WHERE kind = 'person'"
            )
        desk.house.database.tell("DELETE FROM record_mark")
    monkeypatch.setattr(looking_back, "STEP", 3)
    yield
    assert check_feed(desk.house.database) == []


def pairs(desk: Desk) -> list[list[str]]:
    return sorted(word["uids"] for word in desk.words(ServerKind.DUPLICATE).values() if word["state"] == "open")


def test_all_of_them_are_found_in_the_end(desk: Desk):
    assert pairs(desk) == []
    assert look_back(desk.house, steps=1) == 3
    assert look_back(desk.house, steps=9) == 6
    assert look_back(desk.house) == 0
    assert pairs(desk) == [["person-0", "twin-0"], ["person-1", "twin-1"]]


def test_looking_again_after_the_end_says_nothing_anew(desk: Desk):
    look_back(desk.house)
    head = desk.pull().head
    look_back(desk.house)
    assert desk.pull().head == head


def test_a_case_found_among_old_records_can_be_decided(desk: Desk):
    Keeper(desk.house).round()
    assert decide(desk, "merge", "person-0", "twin-0").status == "applied"
    assert place(desk, "twin-0")[2] == "person-0"
