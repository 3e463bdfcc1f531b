"""A server that was put back may get members before their family or group: they wait, and lie with it afterwards.

A laptop names in `deps` only what it has not sent yet; what it sent before the restore it takes for known.
"""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from kube_field.domain.records import RecordKind
from tests.contracts.desk import KECAMATAN, Desk
from tests.support.make_answers import VILLAGE, complete_group, complete_household, complete_membership, reference_to
from tests.support.wire_changes import make_edit, make_household, make_person

OTHER, OTHER_VILLAGE = "64.07.07", "64.07.07.2002"


def make_group():
    return make_edit(RecordKind.KUBE_GROUP, "group-1", complete_group(), create=True)


def make_member():
    answers = complete_membership(group_id=reference_to("group-1", "Melati"))
    return make_edit(RecordKind.MEMBERSHIP, "member-1", answers, create=True)


CASES = {
    "membership": (make_group, make_member, RecordKind.KUBE_GROUP),
    "person": (make_household, lambda: make_person("person-1", "home-1"), RecordKind.HOUSEHOLD),
}


@pytest.mark.parametrize("case", CASES)
def test_a_child_without_its_parent_is_held_and_lies_where_the_parent_lies(desk: Desk, case: str):
    """The parent has moved since: taken in before it, the child would have stayed behind."""
    make_parent, make_child, kind = CASES[case]
    parent, child = make_parent(), make_child()
    assert child.deps == []
    (held,) = desk.push(child)
    assert (held.status, held.hold) == ("held", parent.uid)
    assert desk.rows("SELECT count(*) FROM record") == [(0,)]
    moved = make_edit(kind, parent.uid, {"village_code": (VILLAGE, OTHER_VILLAGE)}, base=1, scope=OTHER)
    assert desk.statuses(parent, moved) == ["applied", "applied"]
    assert desk.statuses(child) == ["applied"]
    assert dict(desk.rows("SELECT uid, scope FROM record WHERE kind <> 'decision'")) == {
        parent.uid: OTHER,
        child.uid: OTHER,
    }
    assert desk.rows("SELECT count(*) FROM held") == [(0,)]


@pytest.mark.parametrize("case", CASES)
def test_in_one_batch_in_the_wrong_order_both_are_taken_in(desk: Desk, case: str):
    make_parent, make_child, _kind = CASES[case]
    assert desk.statuses(make_child(), make_parent()) == ["applied", "applied"]
    assert {scope for (scope,) in desk.rows("SELECT scope FROM record")} == {KECAMATAN}


@pytest.mark.parametrize("ids", ["ab", "ba"])
def test_what_waited_is_decided_in_the_order_of_its_arrival_whatever_a_laptops_clock_made_of_its_ids(
    desk: Desk, ids: str
):
    """She corrects her own correction; the ids carry the time of a clock that may have been set back in between."""
    names = (complete_household()["head_name"], "Melati Sari", "Melati Sari Dewi")
    edits = [make_edit(RecordKind.HOUSEHOLD, "home-1", {"head_name": pair}, base=1) for pair in pairwise(names)]
    for change, name in zip(edits, ids, strict=True):
        change.id = name * 8
    assert desk.statuses(*edits) == ["held", "held"]
    assert desk.statuses(make_household()) == ["applied"]
    assert desk.conflicts() == {}
    ((body,),) = desk.rows("SELECT body FROM record WHERE uid = 'home-1'")
    assert json.loads(body)["head_name"] == names[-1]


def test_what_waits_on_for_another_record_keeps_its_order(desk: Desk):
    """Both edits wait for the person, then for the family into which the first one puts her."""
    families = [reference_to(f"home-{number}", "Keluarga") for number in (1, 2, 3)]
    edits = [make_edit(RecordKind.PERSON, "person-1", {"household_id": pair}, base=1) for pair in pairwise(families)]
    edits[0].id, edits[1].id = "b" * 8, "a" * 8
    edits[1].deps = ["home-2"]
    assert desk.statuses(*edits) == ["held", "held"]
    desk.push(make_household(), make_person(), make_household("home-3"))
    assert desk.rows("SELECT waits_for FROM held") == [("home-2",)] * 2
    desk.push(make_household("home-2"))
    assert desk.conflicts() == {}
    assert desk.rows("SELECT subject_uid FROM record WHERE uid = 'person-1'") == [("home-3",)]


def test_who_waits_for_a_second_record_keeps_his_turn(desk: Desk):
    """The first edit waits for one group and then for another, the second, which corrects it, for the other alone."""
    group, member = make_group(), make_member()
    answers = complete_membership(group_id=reference_to("group-1", "Melati"))
    desk.push(group, member)
    moved = {
        "group_id": (answers["group_id"], reference_to("group-9", "K9")),
        "joined_on": (answers["joined_on"], "2025-01-06"),
    }
    first = make_edit(RecordKind.MEMBERSHIP, "member-1", moved, base=1, deps=["group-8"])
    second = make_edit(
        RecordKind.MEMBERSHIP, "member-1", {"joined_on": ("2025-01-06", "2025-02-06")}, base=1, deps=["group-9"]
    )
    assert desk.statuses(first, second) == ["held", "held"]
    for hour, (uid, name) in enumerate((("group-8", "Mawar Delapan"), ("group-9", "Melati Sembilan")), start=2):
        desk.at = f"2026-11-23T0{hour}:00:00.000Z"
        desk.push(make_edit(RecordKind.KUBE_GROUP, uid, complete_group(name=name), create=True))
    assert desk.conflicts() == {}
    ((body,),) = desk.rows("SELECT body FROM record WHERE uid = 'member-1'")
    assert json.loads(body)["joined_on"] == "2025-02-06"
