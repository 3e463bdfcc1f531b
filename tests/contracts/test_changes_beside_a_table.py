"""Single changes and a table in one batch leave what the same leave as single changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kube_field.domain.records import RecordKind, Role
from kube_field.server.storage.proof import check_feed
from kube_field.wire.messages import ChangeResult, WireChange
from tests.contracts.desk import KECAMATAN, Desk, open_desk
from tests.contracts.test_new_facts_in_bulk import facts, left
from tests.contracts.test_reviews_of_documents import review
from tests.support.make_answers import VILLAGE, complete_household
from tests.support.wire_changes import make_edit, make_fact, make_household, make_unit_change

OTHER, OTHER_VILLAGE = "64.07.07", "64.07.07.2002"
Mix = tuple[list[WireChange], list[WireChange]]


def prepared(desk: Desk) -> None:
    """Rina has a family and two units; Rini works in two areas, Sari supervises."""
    desk.add("Rini", areas=(KECAMATAN, OTHER))
    desk.add("Sari", Role.PENYELIA_KAB, (KECAMATAN,))
    for change in STANDING:
        assert desk.statuses(change) == ["applied"]


def by_rini(*changes: WireChange) -> list[WireChange]:
    for change in changes:
        change.by = "user-rini"
    return list(changes)


def moved(uid: str) -> WireChange:
    return make_edit(RecordKind.BUSINESS_UNIT, uid, {"village_code": (VILLAGE, OTHER_VILLAGE)}, base=1, scope=OTHER)


STANDING = [make_household(), make_unit_change("unit-1"), make_unit_change("unit-2")]
RT = complete_household()["rt"]
there = make_unit_change("unit-3", village_code=OTHER_VILLAGE)
there.scope = OTHER
MIXES: dict[str, Mix] = {
    "an edit of something else": ([make_edit(RecordKind.HOUSEHOLD, "home-1", {"rt": (RT, 4)}, base=1)], facts()),
    "a record on which they hang": ([make_unit_change("unit-3")], [make_fact("v-1", subject="unit-3"), make_fact()]),
    "a record of another area": (
        by_rini(there, moved("unit-2")),
        by_rini(
            make_fact(),
            make_fact("visit-2", subject="unit-2", scope=OTHER),
            make_fact("v-3", subject="unit-3", scope=OTHER),
        ),
    ),
    "a record that moves away from under them": (
        by_rini(moved("unit-1")),
        by_rini(make_fact(), make_fact("visit-2", subject="unit-2")),
    ),
    "a word about one of them": ([review()], [make_fact("visit-1"), make_fact("visit-2")]),
    "a fact that waits for one of them": (
        [make_fact("visit-9", deps=["visit-1"]), make_unit_change("unit-3")],
        [make_fact("visit-1"), make_fact("visit-2")],
    ),
    "nothing on which one of them hangs": (
        [make_unit_change("unit-3")],
        [make_fact(), make_fact("v-2", subject="u-9")],
    ),
    "one of them": ([(again := make_fact()), make_unit_change("unit-3")], [again, make_fact("visit-2")]),
    "another with the same id": ([make_unit_change("unit-3", id="same")], [make_fact(id="same"), make_fact("visit-2")]),
    "what cannot be right": ([make_household("home-2", head_name="")], [make_fact(), make_fact("visit-2")]),
    "a stale edit": (
        [make_edit(RecordKind.HOUSEHOLD, "home-1", {"rt": (77, 4)}, base=0), make_unit_change("unit-3")],
        [make_fact("v-1", subject="unit-3"), make_fact("v-2", answers={})],
    ),
}

QUICK = ("an edit of something else", "a record on which they hang", "a record of another area", "what cannot be right")
"""Where the table goes the fast way beside the changes."""


def told(results: list[ChangeResult]) -> list[Any]:
    return [(one.id, one.status, one.version, [error.code for error in one.errors]) for one in results]


def ids(desk: Desk) -> dict[str, list[Any]]:
    """What was left, but for the bodies as they travelled."""
    found = left(desk)
    found["intake"] = [(*row[:5], *row[6:]) for row in found["intake"]]
    return found | {"held": desk.rows("SELECT change_id, waits_for FROM held ORDER BY change_id")}


@pytest.mark.parametrize("name", MIXES)
def test_a_batch_of_both_leaves_what_it_leaves_without_a_table(desk: Desk, tmp_path: Path, name: str):
    changes, table = MIXES[name]
    prepared(desk)
    together = desk.push(*changes, in_table=table)
    assert check_feed(desk.house.database) == []
    (tmp_path / "alone").mkdir()
    with open_desk(tmp_path / "alone", "") as alone:
        prepared(alone)
        each = alone.push(*changes, *table)
        assert told(together) == told(each)
        assert ids(desk) == ids(alone)


@pytest.mark.parametrize("name", QUICK)
def test_the_facts_of_a_batch_of_both_go_the_fast_way(desk: Desk, name: str):
    changes, table = MIXES[name]
    prepared(desk)
    answer = desk.answer(desk.push_body("Rina", *changes, in_table=table))
    assert answer.taken is not None
    assert answer.taken.n == len(table)
    heads = dict(desk.rows("SELECT scope, head FROM scope_head"))
    assert {fed.scope: fed.head for fed in answer.fed} == {scope: heads[scope] for scope in {f.scope for f in table}}
    for fed in answer.fed:
        assert fed.head - fed.before == sum(fact.scope == fed.scope for fact in table)
