"""A fact that no laptop could show is refused with its fields named, by the quick way in and by the slow one."""

from __future__ import annotations

from typing import Any

import pytest

from kube_field.domain.records import RecordKind
from kube_field.server.fast_facts import FastFacts
from kube_field.server.storage.proof import check_feed
from kube_field.wire.canonical import hash_of_change
from kube_field.wire.changes import from_wire
from kube_field.wire.messages import WireChange
from tests.contracts.desk import Desk
from tests.support.make_answers import complete_visit, photo
from tests.support.wire_changes import make_edit, make_fact, make_household, make_unit_change

MISSING = object()
PHOTO = {**photo(), "question": "photos"}
NEEDED = ("form_version", "subject_uid", "occurred_on", "answers", "author_uid", "author_name", "finalised_at")
WRONG: list[tuple[str, Any]] = [
    *((name, MISSING) for name in NEEDED),
    ("author_name", 5),
    ("author_name", "a\x00b"),
    ("occurred_on", "kemarin"),
    ("occurred_on", "2026-02-30"),
    ("occurred_on", "20261120"),
    ("occurred_on", ""),
    ("finalised_at", "kemarin"),
    ("finalised_at", "9999-12-31T23:59:59.000Z"),
    ("revision", 2**70),
    ("revision", -1),
    ("revision", True),
    ("snapshot", []),
    ("confirmed", "ya"),
    ("attachments", {}),
    ("attachments", ["foto"]),
    ("attachments", [{**PHOTO, "size": 2**64}]),
    ("attachments", [{**PHOTO, "sha256": "../../foto"}]),
    ("attachments", [{name: value for name, value in PHOTO.items() if name != "question"}]),
    ("x_weight", 2**63),
    ("snapshot", {"deep": [{"n": -(2**63) - 1}]}),
]


def signed(change: WireChange) -> WireChange:
    change.sha256 = hash_of_change(from_wire(change))
    return change


def changed(name: str, value: Any, uid: str = "visit-2", **fields: Any) -> WireChange:
    """A visit whose body has this instead of what it should have."""
    change = make_fact(uid, **fields)
    if value is MISSING:
        del change.set[name]
    else:
        change.set[name] = (None, value)
    return signed(change)


@pytest.fixture(params=["quick", "slow"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "slow":
        monkeypatch.setattr(FastFacts, "take", lambda _self, _raws: None)
    return str(request.param)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(("name", "value"), WRONG)
def test_what_no_laptop_could_show_is_refused_and_stops_no_other(desk: Desk, name: str, value: Any):
    bad = changed(name, value)
    desk.push(make_unit_change())
    (alone,) = desk.push(bad)
    assert (alone.status, alone.receipt, [one.field for one in alone.errors]) == ("rejected", None, [name])
    assert all(one.message for one in alone.errors)
    assert desk.statuses(make_fact("visit-1"), changed(name, value, "visit-3")) == ["applied", "rejected"]
    assert [row.uid for row in desk.pull().rows] == ["unit-1", "visit-1"]
    assert check_feed(desk.house.database) == []


def test_every_field_that_is_wrong_is_named(desk: Desk):
    desk.push(make_unit_change())
    bad = changed("author_name", MISSING)
    bad.set["revision"], bad.set["attachments"] = (None, "satu"), (None, 7)
    (result,) = desk.push(signed(bad))
    assert {one.field for one in result.errors} == {"author_name", "revision", "attachments"}
    long = {**complete_visit("person"), "x_one": 2**64, "x_two": [2**80]}
    (result,) = desk.push(make_fact("visit-3", answers=long))
    assert {(one.field, one.code) for one in result.errors} == {
        ("x_one", "NUMBER_TOO_LARGE"),
        ("x_two", "NUMBER_TOO_LARGE"),
    }


def test_what_is_misshapen_does_not_wait_for_its_parent(desk: Desk):
    assert desk.statuses(changed("author_name", MISSING), make_fact("visit-1")) == ["rejected", "held"]


@pytest.mark.usefixtures("way")
def test_what_is_beside_what_laptops_need_is_kept(desk: Desk):
    """A newer program says more, of a photo too; and a small fact may leave out what it has no use for."""
    desk.push(make_unit_change())
    more = make_fact("visit-1", body={"attachments": [{**PHOTO, "caption": "kios"}], "x_new": {"n": 2**63 - 1}})
    less = make_fact("visit-2")
    for name in ("document_id", "supersedes", "number", "snapshot", "confirmed", "attachments", "revision"):
        del less.set[name]
    assert desk.statuses(more, signed(less)) == ["applied", "applied"]
    bodies = {row.uid: row.body for row in desk.pull().rows}
    for change in (more, less):
        assert bodies[change.uid] == {name: new for name, (_old, new) in change.set.items()}


def test_a_shape_of_tomorrow_waits_until_its_form_is_known(desk: Desk):
    desk.push(make_unit_change())
    newer = changed("author_name", MISSING, form="2099.1")
    (result,) = desk.push(newer)
    assert (result.status, result.errors[0].code) == ("failed", "UNKNOWN_FORM")
    newer.form = "2026.1"
    (result,) = desk.push(newer)
    assert (result.status, [one.field for one in result.errors]) == ("rejected", ["author_name"])


def test_a_number_that_no_database_takes_is_refused_in_an_edit_too(desk: Desk):
    desk.push(make_household())
    (result,) = desk.push(make_edit(RecordKind.HOUSEHOLD, "home-1", {"x_size": 2**63, "rt": 7}, base=1))
    assert (result.status, [one.field for one in result.errors]) == ("rejected", ["x_size"])
    (result,) = desk.push(make_edit(RecordKind.HOUSEHOLD, "home-1", {"rt": 7}, base=2**70))
    assert (result.status, [one.field for one in result.errors]) == ("rejected", ["base"])
    taken_out = make_edit(RecordKind.HOUSEHOLD, "home-1", {"x_size": (2**70, 5)}, base=1)
    assert desk.statuses(taken_out) == ["conflict"], "an old value may be one, from before"
    assert desk.statuses(make_edit(RecordKind.HOUSEHOLD, "home-1", {"rw": 2**63 - 1}, base=1)) == ["rejected"]


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00", "", "kemarin"])
def test_a_moment_beyond_the_calendar_is_judged_by_the_servers_day(desk: Desk, at: str):
    assert desk.statuses(make_unit_change(), make_fact(at=at)) == ["applied", "applied"]
    assert desk.statuses(make_fact("visit-2", at=at)) == ["applied"]
