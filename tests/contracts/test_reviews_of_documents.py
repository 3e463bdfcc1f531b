"""The server judges who reviews what: by role, never one's own, and an accepted document stays accepted."""

from __future__ import annotations

from typing import Any

import pytest

from kube_field.domain.records import RecordKind, Role
from kube_field.server import reviewing
from kube_field.server.storage.proof import check_feed
from kube_field.wire.messages import ChangeResult, WireChange
from tests.contracts.desk import KECAMATAN, Desk
from tests.support.make_answers import complete_graduation, complete_review
from tests.support.wire_changes import make_fact, make_household, make_person, make_unit_change


@pytest.fixture(autouse=True)
def sound(desk: Desk):
    """Rina's visit is there; Sari and Tuti supervise, Dewi is a social worker, Budi a field officer, Wati a PSM."""
    roles = {"Sari": Role.PENYELIA_KAB, "Tuti": Role.PENYELIA_KAB, "Dewi": Role.PEKERJA_SOSIAL}
    for name, role in (roles | {"Budi": Role.PENDAMPING, "Wati": Role.PSM}).items():
        desk.add(name, role, (KECAMATAN,))
    assert desk.statuses(make_household(), make_person(), make_unit_change(), make_fact("visit-1")) == ["applied"] * 4
    yield
    assert check_feed(desk.house.database) == []


def review(uid: str = "review-1", subject: str = "visit-1", *, by: str = "Sari", **answers: Any) -> WireChange:
    made = make_fact(uid, RecordKind.REVIEW, subject, complete_review(**answers), body={"number": ""})
    made.by = f"user-{by.lower()}"
    return made


def said(desk: Desk, change: WireChange, by: str = "Sari") -> ChangeResult:
    return desk.push(change, name=by)[0]


def codes(result: ChangeResult) -> list[str]:
    return [error.code for error in result.errors]


def test_a_supervisor_returns_a_document_and_its_officer_hears_of_it(desk: Desk):
    assert said(desk, review()).status == "applied"
    (row,) = [row for row in desk.pull().rows if row.k == "review"]
    assert row.body["subject_uid"] == "visit-1"
    assert row.body["answers"]["notes"][0]["question"] == "revenue_idr"


@pytest.mark.parametrize("by", ["Budi", "Wati", "Rina"])
def test_field_officers_review_nothing(desk: Desk, by: str):
    assert codes(said(desk, review(by=by), by)) == ["NOT_ALLOWED"]


def test_nobody_reviews_his_own_document(desk: Desk):
    own = make_fact("visit-2")
    own.by = "user-sari"
    assert said(desk, own).status == "applied"
    assert codes(said(desk, review(subject="visit-2"))) == ["OWN_DOCUMENT"]


def test_only_documents_are_reviewed(desk: Desk):
    assert codes(said(desk, review(subject="person-1"))) == ["NOT_A_DOCUMENT"]


def test_an_accepted_document_is_not_returned_by_somebody_who_had_not_heard(desk: Desk):
    assert said(desk, review(decision="accepted", reason="", notes=[])).status == "applied"
    late = said(desk, review("review-2", by="Tuti"), "Tuti")
    assert (late.status, codes(late)) == ("rejected", ["ACCEPTED_ALREADY"])


def test_two_reviews_in_one_batch_are_judged_one_after_the_other(desk: Desk):
    accepted = review(decision="accepted", reason="", notes=[])
    assert desk.statuses(accepted, review("review-2"), name="Sari") == ["applied", "rejected"]


def test_what_was_said_before_the_server_was_put_back_is_kept_beside_the_acceptance(desk: Desk):
    """Sari returned it, then Tuti accepted it; the acceptance came back first."""
    accepted = review("review-2", by="Tuti", decision="accepted", reason="", notes=[])
    returned = review(by="Sari")
    accepted.again = returned.again = True
    assert said(desk, accepted, "Tuti").status == "applied"
    assert said(desk, returned).status == "applied"
    assert {row.uid for row in desk.pull().rows if row.k == "review"} == {"review-1", "review-2"}
    assert codes(said(desk, review("review-3", by="Sari"))) == ["ACCEPTED_ALREADY"]


def test_one_of_before_that_would_be_refused_for_another_reason_waits_to_be_looked_at(desk: Desk):
    """A social worker's word about what somebody wrote who is no volunteer, as far as this server knows."""
    word = review(by="Dewi")
    word.again = True
    result = said(desk, word, "Dewi")
    assert (result.status, codes(result)) == ("quarantined", ["ACCEPTED_BEFORE"])
    assert reviewing.accept(desk.house, word.id).status == "applied"


def test_the_same_review_twice_counts_once(desk: Desk):
    word = review(decision="accepted", reason="", notes=[])
    assert [said(desk, word).status, said(desk, word).status] == ["applied", "applied"]


def test_a_returned_document_may_be_accepted_or_voided_afterwards(desk: Desk):
    assert said(desk, review()).status == "applied"
    assert said(desk, review("review-2", decision="void", notes=[]), "Sari").status == "applied"


def test_a_social_worker_reviews_volunteers_only(desk: Desk):
    assert codes(said(desk, review(by="Dewi"), "Dewi")) == ["NOT_ALLOWED"]
    visit = make_fact("visit-2")
    visit.by = "user-wati"
    assert said(desk, visit, "Wati").status == "applied"
    assert said(desk, review(subject="visit-2", by="Dewi"), "Dewi").status == "applied"


def test_a_review_waits_for_its_document(desk: Desk):
    assert said(desk, review(subject="visit-9")).status == "held"
    assert desk.statuses(make_fact("visit-9")) == ["applied"]
    assert [row.k for row in desk.pull().rows].count("review") == 1


def test_a_return_without_a_word_is_refused(desk: Desk):
    result = said(desk, review(reason="", notes=[]))
    assert (result.status, [error.field for error in result.errors]) == ("rejected", ["reason"])


@pytest.mark.parametrize("subject", ["", "visit-1:x", 7, None])
def test_a_review_of_nothing_is_refused(desk: Desk, subject: Any):
    assert said(desk, review(subject=subject)).status == "rejected"


@pytest.mark.parametrize(
    ("by", "reason", "expected"),
    [
        ("Budi", "Sudah mandiri", ["NOT_ALLOWED"]),
        ("Dewi", "Sudah mandiri", ["NOT_ALLOWED"]),
        ("Sari", "", ["REASON_REQUIRED"]),
        ("Sari", "Sudah mandiri", []),
    ],
)
def test_graduation_is_decided_by_a_supervisor_with_a_reason(desk: Desk, by: str, reason: str, expected: list[str]):
    """Also what a volunteer proposed: a social worker reviews his other documents, never this."""
    proposal = make_fact("graduation-1", RecordKind.GRADUATION, answers=complete_graduation("person"))
    proposal.by = "user-wati"
    assert said(desk, proposal, "Wati").status == "applied"
    word = review(subject="graduation-1", by=by, decision="accepted", reason=reason, notes=[])
    assert codes(said(desk, word, by)) == expected
