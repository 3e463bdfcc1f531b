"""A later tranche that the batch pays after a visit: set aside until one is accepted, never lost.

Whatever the order of arrival, the minutes stand in the end where a visit after the tranche before is accepted.
"""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from kube_field.domain.records import PROVINCE_SCOPE, RecordKind, Role
from kube_field.server import reviewing
from kube_field.server.storage.accounts import Accounts, User
from kube_field.server.storage.proof import check_feed
from kube_field.wire.messages import WireChange
from tests.contracts.desk import KECAMATAN, Desk
from tests.support.make_answers import BATCH_UID, complete_aid, complete_batch, complete_review, complete_visit
from tests.support.wire_changes import make_edit, make_fact, make_household, make_person, make_unit_change


@pytest.fixture(autouse=True)
def sound(desk: Desk):
    """A unit whose batch pays the second half after an accepted visit; Sari supervises, Ani is the province's."""
    desk.add("Sari", Role.PENYELIA_KAB, (KECAMATAN,))
    desk.add("Ani", Role.ADMIN_PROV, ("64",))
    assert desk.statuses(make_household(), make_person(), make_unit_change()) == ["applied"] * 3
    assert desk.statuses(batch(), name="Ani") == ["applied"]
    yield
    assert check_feed(desk.house.database) == []


def batch(**changes: Any) -> WireChange:
    fields = {"scope": PROVINCE_SCOPE, "by": "user-ani", "create": True}
    return make_edit(RecordKind.PROGRAM_BATCH, BATCH_UID, complete_batch(**changes), **fields)


def minutes(uid: str, tranche: int, on: str, **changes: Any) -> WireChange:
    answers = complete_aid("person", tranche_no=tranche, handover_on=on, **changes)
    return make_fact(uid, RecordKind.AID, answers=answers, body={"occurred_on": on})


def first() -> WireChange:
    return minutes("aid-1", 1, "2026-02-10")


def second(**changes: Any) -> WireChange:
    return minutes("aid-2", 2, "2026-08-10", **changes)


def visit(on: str = "2026-06-20", **changes: Any) -> WireChange:
    days = {"visited_on": on, "period_from": "2025-12-20", "period_to": on, "next_visit_on": "2026-12-01"}
    answers = complete_visit("person", **{**days, **changes})
    return make_fact("visit-1", answers=answers, body={"occurred_on": on})


def accepted(subject: str = "visit-1", uid: str = "review-1", **answers: Any) -> WireChange:
    said = {"decision": "accepted", "reason": "", "notes": [], **answers}
    made = make_fact(uid, RecordKind.REVIEW, subject, complete_review(**said), body={"number": ""})
    made.by = "user-sari"
    return made


def officer(desk: Desk, name: str) -> User:
    with desk.house.database.read():
        found = Accounts(desk.house.database).user(name)
    assert found is not None
    return found


def stands(desk: Desk) -> list[str]:
    return sorted(uid for (uid,) in desk.rows("SELECT uid FROM record WHERE kind = 'aid'"))


def test_without_an_accepted_visit_it_is_set_aside_with_the_reason_at_its_field(desk: Desk):
    assert desk.statuses(first(), visit()) == ["applied", "applied"]
    (result,) = desk.push(second())
    assert result.status == "quarantined"
    (error,) = result.errors
    assert (error.field, error.code) == ("tranche_no", "TRANCHE_NEEDS_VISIT")
    assert "disetujui" in error.message
    assert result.receipt is not None
    assert stands(desk) == ["aid-1"]


def test_it_goes_in_by_itself_once_the_visit_is_accepted_and_its_sender_hears_of_it(desk: Desk):
    late = second()
    assert desk.statuses(first(), visit(), late) == ["applied", "applied", "quarantined"]
    assert desk.statuses(accepted(), name="Sari") == ["applied"]
    assert stands(desk) == ["aid-1", "aid-2"]
    told = {row.body["change"]: row.body for row in desk.pull("user:user-rina").rows}
    assert told[late.id]["status"] == "applied"


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_whatever_the_order_of_arrival_both_minutes_stand_in_the_end(desk: Desk, order: tuple[int, ...]):
    changes = (first(), visit(), accepted(), second())
    for at in order:
        desk.push(changes[at], name="Sari" if at == 2 else "Rina")
    assert stands(desk) == ["aid-1", "aid-2"]


def test_in_one_batch_the_review_may_come_last(desk: Desk):
    changes = (first(), second(), visit(), accepted())
    assert desk.push(*changes, name="Sari")[0].status == "applied"
    assert stands(desk) == ["aid-1", "aid-2"]


@pytest.mark.parametrize(
    "told",
    [
        {"on": "2026-01-20"},
        {"kind": "telepon"},
        {"met": "tidak_ada_orang"},
    ],
    ids=["before the first tranche", "by telephone", "nobody met"],
)
def test_a_visit_that_counts_for_nothing_opens_no_tranche(desk: Desk, told: dict[str, Any]):
    desk.push(first(), visit(**told))
    desk.push(accepted(), name="Sari")
    assert desk.statuses(second()) == ["quarantined"]


def test_a_returned_visit_opens_no_tranche(desk: Desk):
    desk.push(first(), visit())
    desk.push(accepted(decision="returned", reason="Lengkapi angka", notes=[]), name="Sari")
    assert desk.statuses(second()) == ["quarantined"]


def test_a_tranche_without_that_condition_and_a_correction_go_in_at_once(desk: Desk):
    desk.push(first())
    change = {"bast_type": "perubahan", "changes_of": {"uid": "aid-1", "name": "x"}, "changed_on": "2026-11-20"}
    reason = {"change_reason": "Tahap keliru ditulis"}
    assert desk.statuses(second(**change, **reason)) == ["applied"]
    straight = [{"id": f"k{no}", "no": no, "percent": 50, "condition": "langsung"} for no in (1, 2)]
    edit = {"tranches": (complete_batch()["tranches"], straight)}
    fields = {"scope": PROVINCE_SCOPE, "by": "user-ani", "base": 1}
    assert desk.statuses(make_edit(RecordKind.PROGRAM_BATCH, BATCH_UID, edit, **fields), name="Ani") == ["applied"]
    assert desk.statuses(minutes("aid-3", 2, "2026-08-11")) == ["applied"]


def test_of_a_batch_that_the_server_does_not_hold_nothing_is_demanded(desk: Desk):
    elsewhere = {"batch_id": {"uid": "batch-unknown", "name": "Paket lama"}}
    assert desk.statuses(second(**elsewhere)) == ["applied"]


def test_a_supervisor_may_let_it_in_by_hand_or_refuse_it(desk: Desk):
    late = second()
    desk.push(first(), late)
    assert reviewing.accept(desk.house, late.id, officer(desk, "Sari")).status == "applied"
    assert stands(desk) == ["aid-1", "aid-2"]


def test_one_that_was_refused_by_hand_stays_refused_when_a_visit_is_accepted_later(desk: Desk):
    late = second()
    desk.push(first(), late, visit())
    reviewing.refuse(desk.house, late.id, "Salah unit", officer(desk, "Sari"))
    desk.push(accepted(), name="Sari")
    assert stands(desk) == ["aid-1"]
