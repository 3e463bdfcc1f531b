"""Minutes of a handover and decisions of graduation are append-only: the server takes no second revision of them."""

from __future__ import annotations

from typing import Any

import pytest

from kube_field.domain.records import RecordKind
from tests.contracts.desk import Desk
from tests.support.make_answers import complete_aid, complete_graduation, complete_visit
from tests.support.wire_changes import make_fact, make_household, make_person, make_unit_change

CHANGE = {
    "bast_type": "perubahan",
    "changes_of": {"uid": "aid-1", "name": "L07-0001/BAST/KKR/II/2026"},
    "changed_on": "2026-11-20",
    "change_reason": "Jumlah tepung keliru ditulis",
}


@pytest.fixture(autouse=True)
def unit(desk: Desk) -> None:
    assert desk.statuses(make_household(), make_person(), make_unit_change()) == ["applied"] * 3


@pytest.mark.parametrize(
    ("kind", "answers"),
    [(RecordKind.AID, complete_aid("person")), (RecordKind.GRADUATION, complete_graduation("person"))],
)
def test_a_second_revision_is_refused(desk: Desk, kind: RecordKind, answers: dict[str, Any]):
    assert desk.statuses(make_fact("aid-1", kind, answers=answers)) == ["applied"]
    body = {"document_id": "doc-aid-1", "revision": 2, "supersedes": "aid-1"}
    (result,) = desk.push(make_fact("aid-2", kind, answers=answers, body=body))
    assert (result.status, [error.code for error in result.errors]) == ("rejected", ["NEVER_REVISED"])


def test_a_correction_is_a_document_of_its_own(desk: Desk):
    assert desk.statuses(make_fact("aid-1", RecordKind.AID, answers=complete_aid("person"))) == ["applied"]
    change = make_fact("aid-2", RecordKind.AID, answers=complete_aid("person", **CHANGE), body={"supersedes": "aid-1"})
    assert desk.statuses(change) == ["applied"]


def test_a_visit_is_revised_as_before(desk: Desk):
    body = {"document_id": "doc-visit-1", "revision": 2, "supersedes": "visit-1"}
    second = make_fact("visit-2", answers=complete_visit("person"), body=body)
    assert desk.statuses(make_fact("visit-1"), second) == ["applied"] * 2
