"""What could not be decided on arrival is decided later, and its sender is told in his own scope; both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kube_field.domain.records import RecordKind, Role
from kube_field.errors import KubeFieldError
from kube_field.server import reviewing
from kube_field.server.applying import Applying
from kube_field.server.storage.accounts import Accounts, User
from kube_field.server.storage.proof import check_feed
from kube_field.wire.messages import WireChange
from kube_field.wire.refusals import Refusal
from kube_field.wire.server_words import ServerKind
from tests.contracts.desk import KECAMATAN, Desk
from tests.support.make_answers import VILLAGE, complete_household
from tests.support.wire_changes import make_edit, make_fact, make_household, make_unit_change

OTHER = "64.07.07"
OLD = complete_household()["head_name"]


@pytest.fixture(autouse=True)
def sound(desk: Desk):
    """Whatever happens, the proofs hold at the end."""
    yield
    assert check_feed(desk.house.database) == []


def told(desk: Desk, name: str = "Rina") -> dict[str, dict[str, Any]]:
    """What an officer is told about the changes that he sent, by change."""
    return {row.body["change"]: row.body for row in desk.pull(f"user:user-{name.lower()}", name).rows}


def officer(desk: Desk, name: str) -> User:
    with desk.house.database.read():
        found = Accounts(desk.house.database).user(name)
    assert found is not None
    return found


def late_edit(desk: Desk) -> WireChange:
    """Rina's edit of a family that moved to Budi's area, in quarantine."""
    desk.add("Budi", areas=(OTHER,))
    away = {"village_code": (VILLAGE, "64.07.07.2002")}
    desk.push(make_household(), make_edit(RecordKind.HOUSEHOLD, "home-1", away, base=1, scope=OTHER))
    late = make_edit(RecordKind.HOUSEHOLD, "home-1", {"head_name": (OLD, "Terlambat")}, base=1)
    assert desk.statuses(late) == ["quarantined"]
    return late


def test_who_sent_a_change_that_was_held_is_told_when_its_parent_came(desk: Desk):
    desk.add("Dewi")
    visit = make_fact()
    (held,) = desk.push(visit)
    assert told(desk) == {}
    desk.push(make_unit_change(), name="Dewi")
    word = told(desk)[visit.id]
    assert (word["status"], word["version"]) == ("applied", 1)
    assert held.receipt is not None
    assert word["receipt"] == {"id": held.receipt.id, "sha256": visit.sha256, "at": held.receipt.at}
    assert told(desk, "Dewi") == {}, "she sent the unit, not the visit"
    assert desk.push(visit)[0].receipt == held.receipt


def test_what_was_held_and_is_wrong_is_told_as_rejected(desk: Desk):
    wrong = make_fact(answers={"visited_on": "2026-11-20"})
    right = make_fact("visit-2")
    desk.push(right, wrong)
    desk.push(make_unit_change())
    assert {change: word["status"] for change, word in told(desk).items()} == {right.id: "applied"}
    assert desk.have(wrong.id)[wrong.id] == ("rejected", 0), "a Galat is found on arrival, parent or not"


def test_what_is_decided_within_its_own_batch_needs_no_second_word(desk: Desk):
    assert desk.statuses(make_fact(), make_unit_change()) == ["applied", "applied"]
    assert told(desk) == {}


def test_nobody_else_reads_what_an_officer_is_told(desk: Desk):
    desk.add("Dewi")
    desk.push(make_fact())
    desk.push(make_unit_change())
    with pytest.raises(Refusal):
        desk.pull("user:user-rina", "Dewi")


def test_the_console_accepts_a_late_edit_and_its_sender_is_told(desk: Desk):
    late = late_edit(desk)
    (waiting,) = reviewing.quarantined(desk.house)
    assert (waiting.change_id, waiting.uid, waiting.code) == (late.id, "home-1", "MOVED_AWAY")
    result = reviewing.accept(desk.house, late.id)
    assert (result.status, result.version) == ("merged", 3)
    word = told(desk)[late.id]
    assert (word["status"], word["version"], word["receipt"]["sha256"]) == ("merged", 3, late.sha256)
    assert "Terlambat" not in str(word)
    (row,) = desk.pull(OTHER, "Budi").rows
    assert (row.body["head_name"], row.by) == ("Terlambat", "user-rina")
    assert reviewing.quarantined(desk.house) == []
    assert desk.rows(f"SELECT decided_by FROM intake WHERE change_id = '{late.id}'") == [("server",)]


def test_a_supervisor_accepts_in_his_own_area_only(desk: Desk):
    late = late_edit(desk)
    desk.add("Sari", Role.PENYELIA_KAB, ("64.02",))
    desk.add("Tono", Role.PENYELIA_KAB, ("64.07",))
    for name in ("Sari", "Budi"):
        with pytest.raises(KubeFieldError):
            reviewing.accept(desk.house, late.id, officer(desk, name))
    assert len(reviewing.quarantined(desk.house)) == 1
    assert reviewing.accept(desk.house, late.id, officer(desk, "Tono")).status == "merged"
    assert desk.rows(f"SELECT decided_by FROM intake WHERE change_id = '{late.id}'") == [("user-tono",)]


def test_a_refused_change_stays_refused_and_its_sender_reads_why(desk: Desk):
    late = late_edit(desk)
    with pytest.raises(KubeFieldError):
        reviewing.refuse(desk.house, late.id, "  ")
    reviewing.refuse(desk.house, late.id, "Keluarga sudah pindah")
    word = told(desk)[late.id]
    assert (word["status"], word["errors"][0]["code"]) == ("rejected", "REFUSED")
    assert word["errors"][0]["message"] == "Keluarga sudah pindah"
    assert desk.statuses(late) == ["rejected"]
    assert desk.rows(f"SELECT length(body) > 100 FROM intake WHERE change_id = '{late.id}'") in ([(1,)], [(True,)])
    for decide in (lambda: reviewing.accept(desk.house, late.id), lambda: reviewing.accept(desk.house, "no-such")):
        with pytest.raises(KubeFieldError):
            decide()


def test_an_accepted_visit_is_taken_in_and_what_waits_for_it_too(desk: Desk):
    desk.add("Budi", areas=(OTHER,))
    away = {"village_code": (VILLAGE, "64.07.07.2002")}
    desk.push(make_unit_change(), make_edit(RecordKind.BUSINESS_UNIT, "unit-1", away, base=1, scope=OTHER))
    visit = make_fact()
    child = make_fact(
        "check-1", RecordKind.DESIL_CHECK, "visit-1", {"desil": "2", "checked_on": "2026-11-01", "source": "siks_ng"}
    )
    assert desk.statuses(visit, child) == ["quarantined", "held"]
    assert reviewing.accept(desk.house, visit.id).status == "applied"
    words = {change: word["status"] for change, word in told(desk).items()}
    assert words == {visit.id: "applied", child.id: "applied"}


def test_what_others_wrote_about_an_accepted_visit_comes_in_by_their_own_rights_only(desk: Desk):
    desk.add("Tono", Role.PENYELIA_KAB, ("64.07",))
    desk.add("Dewi", areas=("64.09",))
    away = {"village_code": (VILLAGE, "64.07.07.2002")}
    desk.push(make_unit_change(), make_edit(RecordKind.BUSINESS_UNIT, "unit-1", away, base=1, scope=OTHER))
    visit = make_fact()
    answers = {"desil": "2", "checked_on": "2026-11-01", "source": "siks_ng"}
    strangers = make_fact("check-1", RecordKind.DESIL_CHECK, "visit-1", answers, by="user-dewi")
    assert desk.statuses(visit) == ["quarantined"]
    assert desk.statuses(strangers, name="Dewi") == ["held"]
    assert reviewing.accept(desk.house, visit.id, officer(desk, "Tono")).status == "applied"
    assert told(desk, "Dewi")[strangers.id]["status"] == "rejected"
    assert desk.rows(f"SELECT decided_by FROM intake WHERE change_id = '{strangers.id}'") == [("",)]


def test_what_failed_is_decided_after_a_mend_and_its_sender_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    change, other = make_household(), make_household("home-2")
    apply = Applying.apply

    def breaks(self, item, device_id):
        result = apply(self, item, device_id)
        if item.uid == "home-1":
            raise ZeroDivisionError
        return result

    with monkeypatch.context() as broken:
        broken.setattr(Applying, "apply", breaks)
        assert desk.statuses(change, other) == ["failed", "applied"]
        assert reviewing.reprocess(desk.house) == reviewing.Tried(0, 1)
    assert {row.uid for row in desk.pull().rows} == {"home-2"}
    assert reviewing.reprocess(desk.house) == reviewing.Tried(1, 0)
    assert told(desk)[change.id]["status"] == "applied"
    assert {row.uid for row in desk.pull().rows} == {"home-1", "home-2"}


def test_a_new_version_of_the_program_tries_once_by_itself(desk: Desk):
    newer = make_household()
    newer.by = "laptop-rina"
    assert desk.statuses(newer) == ["quarantined"]
    assert reviewing.reprocess_after_update(desk.house) == reviewing.Tried(0, 1)
    assert reviewing.reprocess_after_update(desk.house) is None
    with desk.house.database.write():
        Accounts(desk.house.database).add_alias("laptop-rina", "user-rina")
    updated = replace(desk.house, version="99.0")
    assert reviewing.reprocess_after_update(updated) == reviewing.Tried(1, 0)
    assert told(desk)[newer.id]["status"] == "applied"


def test_what_waits_long_for_a_missing_record_is_listed(desk: Desk):
    visit = make_fact()
    desk.push(visit)
    assert reviewing.held_for(desk.house, 5) == []
    later = desk.house.now() + timedelta(days=5)
    (waiting,) = reviewing.held_for(replace(desk.house, now=lambda: later), 5)
    assert (waiting.change_id, waiting.kind, waiting.scope, waiting.waits_for) == (
        visit.id,
        "visit",
        KECAMATAN,
        "unit-1",
    )


def test_a_later_word_replaces_the_earlier_one(desk: Desk):
    visit = make_fact()
    visit.by = "laptop-rina"
    assert desk.statuses(visit) == ["quarantined"]
    with desk.house.database.write():
        Accounts(desk.house.database).add_alias("laptop-rina", "user-rina")
    reviewing.reprocess(desk.house)
    assert told(desk)[visit.id]["status"] == "held"
    desk.push(make_unit_change())
    (row,) = desk.pull("user:user-rina").rows
    assert (row.v, row.k, row.body["status"]) == (2, ServerKind.DECISION, "applied")


def test_a_broken_proof_is_found(desk: Desk):
    visit = make_fact()
    desk.push(make_household(), make_unit_change(), visit)
    with desk.house.database.write():
        desk.house.database.run("UPDATE scope_index SET version = 7 WHERE uid = 'home-1'")
        desk.house.database.run("UPDATE record SET scope = '64.07.07' WHERE uid = 'unit-1'")
        desk.house.database.run("UPDATE feed SET change_id = 'x' WHERE uid = 'visit-1'")
        desk.house.database.run("UPDATE intake SET status = 'held' WHERE uid = 'visit-1'")
    faults = "\n".join(check_feed(desk.house.database))
    for fault in ("home-1 is not its newest", "visit-1: does not lie where unit-1", "chain breaks at 3", "the sum is"):
        assert fault in faults
    assert "held, but it waits for nothing" in faults
    with desk.house.database.write():
        desk.house.database.run("UPDATE scope_index SET version = 1 WHERE uid = 'home-1'")
        desk.house.database.run("UPDATE record SET scope = '64.02.12' WHERE uid = 'unit-1'")
        desk.house.database.run(f"UPDATE feed SET change_id = '{visit.id}' WHERE uid = 'visit-1'")
        desk.house.database.run("UPDATE intake SET status = 'applied' WHERE uid = 'visit-1'")
