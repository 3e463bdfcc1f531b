"""Any series of merges, undos and edits: no value that was typed is lost, and the way back leads to the beginning."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kube_field.domain.records import RecordKind
from kube_field.server.storage.proof import check_feed
from kube_field.wire.server_words import ServerKind
from tests.contracts.desk import Desk, open_desk
from tests.contracts.merge_words import add_deciders, body, decision, place
from tests.support.wire_changes import make_edit, make_household, make_person, who_is

PEOPLE = 4
FIELDS = ("phone", "full_name", "birth_place")
PHONES = [None, *(f"+62812000000{n:02d}" for n in range(4))]
NAMES = ["Siti Aminah", "Siti A.", "Aminah Siti"]
TOWNS = [None, "Tenggarong", "Tabang"]
VALUES: dict[str, list[Any]] = {"phone": PHONES, "full_name": NAMES, "birth_place": TOWNS}
numbers = itertools.count(1)

someone = st.integers(0, PEOPLE - 1)
answers = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in VALUES.items()})
merges = st.tuples(st.just("merge"), someone, someone)
undos = st.tuples(st.just("undo"), someone, someone)
edits = st.tuples(st.just("edit"), someone, st.sampled_from(FIELDS))


class Family:
    """Some records of one woman in one family, on a desk that they share with others."""

    def __init__(self, desk: Desk, told: list[dict[str, Any]]) -> None:
        self.desk = desk
        self.name = f"k{next(numbers)}"
        self.uids = [f"{self.name}-{n}" for n in range(PEOPLE)]
        self.typed: dict[str, set[tuple[str, Any]]] = {uid: set() for uid in self.uids}
        self.seen = [dict(one) for one in told]
        same = who_is(self.name)
        changes = [make_household(self.name)]
        for uid, one in zip(self.uids, told, strict=True):
            made = make_person(uid, self.name, **{**same, **one})
            kept = {name: pair for name, pair in made.set.items() if pair[1] is not None}
            changes.append(make_edit(RecordKind.PERSON, uid, kept, create=True))
        assert set(desk.statuses(*changes)) == {"applied"}

    def decide(self, word: str, kept: int, merged: int) -> str:
        """The outcome; "" where there is no such case."""
        pair = {self.uids[kept], self.uids[merged]}
        words = self.desk.rows(
            f"SELECT uid, body FROM record WHERE kind = '{ServerKind.DUPLICATE}' AND body LIKE '%{self.name}-%'"
        )
        case = next((uid for uid, told in words if set(json.loads(told)["uids"]) == pair), "")
        if not case:
            return ""
        uid = f"decision-{next(numbers)}"
        made = decision(self.desk, word, self.uids[kept], self.uids[merged], case=case, uid=uid)
        (result,) = self.desk.push(made, name="Sari")
        assert result.status in ("applied", "rejected", "held" if word == "undo" else "applied"), result
        return result.status

    def edit(self, who: int, field: str) -> None:
        """Somebody who has heard of nothing since the beginning types a value that nobody typed before."""
        seen, new = self.seen[who][field], fresh(field)
        made = make_edit(RecordKind.PERSON, self.uids[who], {field: (seen, new)}, base=1)
        (result,) = self.desk.push(made)
        assert result.status in ("applied", "merged", "conflict"), result
        self.typed[self.uids[who]].add((field, new))

    def state(self) -> list[Any]:
        return [(body(self.desk, uid), place(self.desk, uid)) for uid in self.uids]

    def untold(self, kept: int, merged: int) -> list[str]:
        """Fields of a merged record whose value neither stands in the kept one nor is shown beside it."""
        ours, theirs = (body(self.desk, self.uids[at]) for at in (kept, merged))
        told = {
            (word["field"], word["other"])
            for word in self.desk.conflicts().values()
            if (word["record"], word["state"]) == (self.uids[kept], "open") and is_plain(word["other"])
        }
        found = [name for name in FIELDS if theirs.get(name) and theirs[name] != ours.get(name)]
        return [name for name in found if (name, theirs[name]) not in told]

    def lost(self) -> set[tuple[str, Any]]:
        """Values that were typed and stand in no history and in no conflict of these records."""
        known: set[tuple[str, Any]] = set()
        for (sets,) in self.desk.rows(f"SELECT sets FROM record_version WHERE uid LIKE '{self.name}-%'"):
            known |= {(name, value) for name, pair in json.loads(sets).items() for value in pair if is_plain(value)}
        for word in self.desk.conflicts().values():
            if word["record"] in self.uids:
                known |= {(word["field"], word[side]) for side in ("kept", "other") if is_plain(word[side])}
        return {told for every in self.typed.values() for told in every} - known


def fresh(field: str) -> str:
    """A value that no record has yet."""
    number = next(numbers)
    if field == "phone":
        return f"+62813{number:08d}"
    return "Siti " + "".join(chr(ord("a") + int(digit)) for digit in str(number)).title()


def is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with open_desk(tmp_path_factory.mktemp("gabung"), "") as opened:
        add_deciders(opened)
        yield opened
        assert check_feed(opened.house.database) == []


@given(st.lists(answers, min_size=PEOPLE, max_size=PEOPLE), st.lists(merges | undos | edits, max_size=12))
def test_no_value_is_lost_and_what_is_merged_stays_as_it_was(desk: Desk, told: list[Any], steps: list[Any]):
    family = Family(desk, told)
    for step in steps:
        before = family.state()
        if step[0] == "edit":
            family.edit(*step[1:])
        else:
            family.decide(*step)
        after = family.state()
        if step[0] == "merge" and after != before:
            assert family.untold(*step[1:]) == []
        for (was, lay), (now, lies) in zip(before, after, strict=True):
            assert was == now or not (lay[2] and lies[2]), "a merged record does not change"
        into = {uid: lies[2] for uid, (_now, lies) in zip(family.uids, after, strict=True)}
        for uid in family.uids:
            ends = [uid]
            while into[ends[-1]]:
                ends.append(into[ends[-1]])
                assert len(ends) <= PEOPLE, "records that were merged in a ring"
        assert family.lost() == set()


@given(st.lists(answers, min_size=PEOPLE, max_size=PEOPLE), st.lists(st.tuples(someone, someone), max_size=6))
def test_the_way_back_leads_to_the_beginning(desk: Desk, told: list[Any], pairs: list[tuple[int, int]]):
    family = Family(desk, told)
    states = []
    for kept, merged in pairs:
        before = family.state()
        if family.decide("merge", kept, merged) == "applied" and family.state() != before:
            states.append((kept, merged, before))
    for kept, merged, before in reversed(states):
        assert family.decide("undo", kept, merged) == "applied"
        assert family.state() == before
    open_now = [word for word in desk.conflicts().values() if word["record"] in family.uids and word["state"] == "open"]
    assert open_now == []
