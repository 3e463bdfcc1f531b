"""Conflicts are records of their own: both values, both names, and how somebody settles them, on both databases."""

from __future__ import annotations

from typing import Any

import pytest

from kube_field.domain.records import RecordKind
from kube_field.server.storage.proof import check_feed
from kube_field.wire.messages import ChangeResult, WireChange
from kube_field.wire.server_words import conflict_uid
from tests.contracts.desk import KECAMATAN, Desk
from tests.support.make_answers import complete_household
from tests.support.wire_changes import make_edit, make_fact, make_household, make_unit_change

OLD = complete_household()["head_name"]


def edit(sets: dict[str, Any], *, base: int, by: str = "user-rina", resolves: list[str] | None = None) -> WireChange:
    return make_edit(RecordKind.HOUSEHOLD, "home-1", sets, base=base, by=by, resolves=resolves or [])


def clash(desk: Desk) -> str:
    """Rina and Dewi give the head of the family different names; the uid of the conflict."""
    desk.add("Dewi")
    desk.push(make_household())
    desk.push(edit({"head_name": (OLD, "Pertama")}, base=1))
    (result,) = desk.push(edit({"head_name": (OLD, "Kedua")}, base=1, by="user-dewi"), name="Dewi")
    assert result.status == "conflict"
    return result.conflicts[0]


def settle(desk: Desk, conflict: str, chosen: str, *, base: int = 2, name: str = "Rina") -> ChangeResult:
    by = f"user-{name.lower()}"
    sets = {"head_name": ("Pertama", chosen)}
    return desk.push(edit(sets, base=base, by=by, resolves=[conflict]), name=name)[0]


def head_name(desk: Desk) -> str:
    return next(row.body["head_name"] for row in desk.pull().rows if row.uid == "home-1")


@pytest.fixture(autouse=True)
def sound(desk: Desk):
    """Whatever happens, the proofs hold at the end."""
    yield
    assert check_feed(desk.house.database) == []


def test_a_conflict_tells_both_values_who_typed_them_and_when_the_server_got_them(desk: Desk):
    uid = clash(desk)
    row = next(row for row in desk.pull().rows if row.uid == uid)
    assert (row.k, row.v, row.st) == ("conflict", 1, "put")
    told = {name: row.body[name] for name in ("record", "record_kind", "field", "base", "kept", "other", "state")}
    assert told == {
        "record": "home-1",
        "record_kind": "household",
        "field": "head_name",
        "base": OLD,
        "kept": "Pertama",
        "other": "Kedua",
        "state": "open",
    }
    assert (row.body["kept_by"], row.body["other_by"]) == ("Rina", "Dewi")
    assert "" not in (row.body["kept_at"], row.body["other_at"])


def test_three_values_in_one_batch_are_two_conflicts_with_the_first_author_named(desk: Desk):
    desk.push(
        make_household(),
        edit({"head_name": (OLD, "Satu")}, base=1),
        edit({"head_name": (OLD, "Dua")}, base=1),
        edit({"head_name": (OLD, "Tiga")}, base=1),
    )
    words = desk.conflicts().values()
    assert sorted((word["kept"], word["kept_by"], word["other"]) for word in words) == [
        ("Satu", "Rina", "Dua"),
        ("Satu", "Rina", "Tiga"),
    ]


def test_choosing_the_other_value_stores_it_and_closes_the_conflict(desk: Desk):
    uid = clash(desk)
    result = settle(desk, uid, "Kedua")
    assert (result.status, result.version, head_name(desk)) == ("applied", 3, "Kedua")
    word = desk.conflicts()[uid]
    assert (word["state"], word["chosen"], word["resolved_by"]) == ("resolved", "Kedua", "Rina")
    row = next(row for row in desk.pull().rows if row.uid == uid)
    assert row.v == 2


def test_keeping_the_standing_value_changes_nothing_but_closes_the_conflict(desk: Desk):
    uid = clash(desk)
    result = settle(desk, uid, "Pertama", name="Dewi")
    assert (result.status, result.version, head_name(desk)) == ("applied", 2, "Pertama")
    assert desk.conflicts()[uid]["state"] == "resolved"
    assert desk.conflicts()[uid]["resolved_by"] == "Dewi"


@pytest.mark.parametrize(("first", "second"), [("Pertama", "Kedua"), ("Kedua", "Pertama"), ("Kedua", "Ketiga")])
def test_settling_a_conflict_twice_differently_is_a_new_conflict(desk: Desk, first: str, second: str):
    uid = clash(desk)
    settle(desk, uid, first)
    late = settle(desk, uid, second, name="Dewi")
    assert (late.status, head_name(desk)) == ("conflict", first)
    new = desk.conflicts()[late.conflicts[0]]
    assert (new["kept"], new["other"], new["state"]) == (first, second, "open")
    assert new["other_by"] == "Dewi"
    assert desk.conflicts()[uid]["chosen"] == first


@pytest.mark.parametrize("chosen", ["Pertama", "Kedua"])
def test_settling_a_conflict_twice_alike_is_no_conflict(desk: Desk, chosen: str):
    uid = clash(desk)
    settle(desk, uid, chosen)
    assert settle(desk, uid, chosen, name="Dewi").status in ("applied", "merged")
    assert (head_name(desk), len(desk.conflicts())) == (chosen, 1)


def test_a_settling_value_that_came_too_late_for_a_third_edit_is_a_conflict_again(desk: Desk):
    uid = clash(desk)
    desk.push(edit({"head_name": ("Pertama", "Ketiga")}, base=2))
    late = settle(desk, uid, "Kedua", name="Dewi")
    assert (late.status, head_name(desk)) == ("conflict", "Ketiga")
    assert desk.conflicts()[uid]["state"] == "resolved"
    assert desk.conflicts()[late.conflicts[0]]["kept"] == "Ketiga"


def test_a_change_settles_only_conflicts_of_its_own_record(desk: Desk):
    uid = clash(desk)
    desk.push(make_household("home-2"))
    other = make_edit(RecordKind.HOUSEHOLD, "home-2", {"head_name": (OLD, "X")}, base=1, resolves=[uid, "cf:no:such"])
    assert desk.statuses(other) == ["applied"]
    assert desk.conflicts()[uid]["state"] == "open"


def test_an_edit_against_a_deletion_keeps_the_record_and_names_who_deleted_it(desk: Desk):
    desk.add("Dewi")
    desk.push(make_household())
    desk.push(edit({"deleted": True}, base=1))
    (result,) = desk.push(edit({"head_name": (OLD, "Baru")}, base=1, by="user-dewi"), name="Dewi")
    word = desk.conflicts()[result.conflicts[0]]
    assert (word["field"], word["kept"], word["other"]) == ("deleted", None, True)
    assert (word["kept_by"], word["other_by"]) == ("Dewi", "Rina")
    assert head_name(desk) == "Baru"


def test_a_deletion_against_an_edit_keeps_the_record_and_can_be_chosen_afterwards(desk: Desk):
    desk.add("Dewi")
    desk.push(make_household())
    desk.push(edit({"head_name": (OLD, "Baru")}, base=1))
    (late,) = desk.push(edit({"deleted": True}, base=1, by="user-dewi"), name="Dewi")
    word = desk.conflicts()[late.conflicts[0]]
    assert (word["kept"], word["kept_by"], word["other"], word["other_by"]) == (None, "Rina", True, "Dewi")
    assert desk.statuses(edit({"deleted": (None, True)}, base=2, resolves=late.conflicts)) == ["applied"]
    assert desk.rows("SELECT deleted FROM record WHERE uid = 'home-1'") == [(1,)]
    assert desk.conflicts()[late.conflicts[0]]["chosen"] is True


def test_a_laptop_cannot_write_what_only_the_server_says(desk: Desk):
    uid = clash(desk)
    forged = make_edit(RecordKind.HOUSEHOLD, uid, {"state": ("open", "resolved")}, base=1)
    forged.kind = "conflict"
    onto = make_edit(RecordKind.HOUSEHOLD, uid, {"state": ("open", "resolved")}, base=1)
    squatting = make_household("d:some-change")
    assert desk.statuses(forged, onto, squatting) == ["rejected"] * 3
    assert desk.conflicts()[uid]["state"] == "open"
    assert desk.rows(f"SELECT count(*) FROM feed WHERE scope = '{KECAMATAN}'") == [(3,)]


def test_no_fact_takes_the_name_of_a_word_of_the_server(desk: Desk):
    desk.push(make_unit_change())
    assert desk.statuses(make_fact("d:some-change")) == ["rejected"]
    assert desk.statuses(make_fact("cf:some-change:rt"), make_fact()) == ["rejected", "applied"]


def test_an_answer_that_is_no_choice_is_refused_for_a_deleted_record_too(desk: Desk):
    desk.push(make_household())
    desk.push(edit({"deleted": (None, True)}, base=1))
    (result,) = desk.push(edit({"water": ("bersih", "tidak ada")}, base=1))
    assert (result.status, [error.field for error in result.errors]) == ("rejected", ["water"])


def test_an_edit_does_not_answer_for_the_value_that_stands_against_it(desk: Desk):
    """A program of another day may have let a value in that is no choice any more."""
    desk.push(make_household())
    with desk.house.database.write():
        desk.house.database.run(
            "UPDATE record SET body = replace(body, '\"bersih\"', '\"tidak ada\"') WHERE uid = 'home-1'"
        )
    (result,) = desk.push(edit({"water": ("bersih", "banyak")}, base=0))
    assert result.status == "conflict"


# a server that went back and is told everything again, in another order


def test_a_settled_conflict_stays_settled_when_its_settlement_comes_back_first(desk: Desk):
    """Rina chose her own value; then the server was put back, and her word came before the one that lost."""
    desk.add("Dewi")
    desk.push(make_household())
    lost = edit({"head_name": (OLD, "Dua Dua")}, base=1, by="user-dewi")
    conflict = conflict_uid(lost.id, "head_name")
    settled = edit({"head_name": ("Satu Satu", "Satu Satu")}, base=2, resolves=[conflict])
    assert desk.statuses(edit({"head_name": (OLD, "Satu Satu")}, base=1), settled) == ["applied", "applied"]
    assert desk.statuses(lost, name="Dewi") == ["conflict"]
    word = desk.conflicts()[conflict]
    assert (word["state"], word["chosen"], word["resolved_by"]) == ("resolved", "Satu Satu", "Rina")
    assert (word["other"], word["other_by"]) == ("Dua Dua", "Dewi")
    assert head_name(desk) == "Satu Satu"


def test_what_comes_after_it_in_one_batch_is_settled_too(desk: Desk):
    desk.add("Dewi")
    desk.push(make_household())
    lost = edit({"head_name": (OLD, "Dua Dua")}, base=1, by="user-dewi")
    conflict = conflict_uid(lost.id, "head_name")
    settled = edit({"head_name": (OLD, "Satu Satu")}, base=1, resolves=[conflict])
    assert desk.statuses(settled, lost) == ["applied", "conflict"]
    assert desk.conflicts()[conflict]["state"] == "resolved"


def test_another_conflict_of_the_same_field_is_open(desk: Desk):
    desk.add("Dewi")
    desk.push(make_household())
    lost, other = (edit({"head_name": (OLD, value)}, base=1, by="user-dewi") for value in ("Dua Dua", "Tiga Tiga"))
    settled = edit({"head_name": (OLD, "Satu Satu")}, base=1, resolves=[conflict_uid(lost.id, "head_name")])
    assert desk.statuses(settled, other) == ["applied", "conflict"]
    assert desk.conflicts()[conflict_uid(other.id, "head_name")]["state"] == "open"
