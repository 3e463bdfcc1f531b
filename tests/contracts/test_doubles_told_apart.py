"""A supervisor says that two records are different people: the case is closed everywhere, and stays closed."""

from __future__ import annotations

import pytest

from kube_field.domain.records import RecordKind, Role
from kube_field.server.storage.proof import check_feed
from kube_field.wire.messages import WireChange
from kube_field.wire.server_words import ServerKind
from tests.contracts.desk import KECAMATAN, Desk
from tests.support.wire_changes import make_edit, make_fact, make_household, make_person, who_is

OTHER, OTHER_VILLAGE = "64.07.07", "64.07.07.2002"
NIK = who_is("person-1")["nik"]


@pytest.fixture(autouse=True)
def sound(desk: Desk):
    """Sari supervises one kabupaten; whatever happens, the proofs hold at the end."""
    desk.add("Sari", Role.PENYELIA_KAB, (KECAMATAN,))
    desk.push(make_household(), make_person("person-1"), make_person("person-2", nik=NIK))
    yield
    assert check_feed(desk.house.database) == []


def states(desk: Desk) -> list[str]:
    return [word["state"] for _uid, word in sorted(desk.words(ServerKind.DUPLICATE).items())]


def case_of(desk: Desk) -> str:
    return min(desk.words(ServerKind.DUPLICATE))


def decision(case: str, word: str = "different", *, by: str = "user-sari", **body: str) -> WireChange:
    told = {"duplicate": case, "decision": word, "kept": "person-1", "merged": "person-2", "reason": "KTP berbeda"}
    named = make_fact(f"decision-{word}", RecordKind.MERGE_DECISION, "person-1", told | body)
    named.by = by
    return named


def test_a_supervisor_closes_the_case_and_is_named(desk: Desk):
    assert [item.status for item in desk.push(decision(case_of(desk)), name="Sari")] == ["applied"]
    (word,) = desk.words(ServerKind.DUPLICATE).values()
    assert (word["state"], word["decided_by"]) == ("different", "Sari")
    (row,) = [row for row in desk.pull().rows if row.k == ServerKind.DUPLICATE]
    assert (row.v, row.body["state"]) == (2, "different")


def test_the_same_decision_twice_says_nothing_anew(desk: Desk):
    case = case_of(desk)
    desk.push(decision(case), name="Sari")
    assert desk.statuses(decision(case), name="Sari") == ["applied"]
    assert [row.v for row in desk.pull().rows if row.k == ServerKind.DUPLICATE] == [2]


def test_a_closed_case_stays_closed_when_the_numbers_change_and_come_back(desk: Desk):
    desk.push(decision(case_of(desk)), name="Sari")
    right = who_is("person-2")["nik"]
    desk.push(make_edit(RecordKind.PERSON, "person-2", {"nik": (NIK, right)}, base=1))
    desk.push(make_edit(RecordKind.PERSON, "person-2", {"nik": (right, NIK)}, base=2))
    assert states(desk) == ["different"]


def test_an_officer_may_not_decide(desk: Desk):
    (result,) = desk.push(decision(case_of(desk), by="user-rina"))
    assert (result.status, result.errors[0].code) == ("rejected", "NOT_ALLOWED")
    assert states(desk) == ["open"]


def test_who_may_write_in_one_area_only_may_not_decide_about_both(desk: Desk):
    desk.add("Budi", areas=(OTHER,))
    home = make_household("home-2", village_code=OTHER_VILLAGE)
    home.by, home.scope = "user-budi", OTHER
    twin = make_person("person-3", "home-2", nik=NIK)
    twin.by, twin.scope = "user-budi", OTHER
    assert desk.statuses(home, twin, name="Budi") == ["applied", "applied"]
    case = next(uid for uid, word in desk.words(ServerKind.DUPLICATE).items() if word["elsewhere"])
    (result,) = desk.push(decision(case, merged="person-3"), name="Sari")
    assert (result.status, result.errors[0].code) == ("rejected", "NOT_ALLOWED")


@pytest.mark.parametrize("case", ["dp:nothing:64.02.12", "", "person-1"])
def test_a_word_that_is_not_about_these_two_is_refused(desk: Desk, case: str):
    (result,) = desk.push(decision(case), name="Sari")
    assert (result.status, result.errors[0].code) == ("rejected", "UNKNOWN_CASE" if case else "REQUIRED")
    assert states(desk) == ["open"]


def test_a_server_that_forgot_the_case_knows_it_by_its_records(desk: Desk):
    case = case_of(desk)
    with desk.house.database.write():
        desk.house.database.tell("DELETE FROM dup_case")
    assert desk.statuses(decision(case), name="Sari") == ["applied"]
    assert states(desk) == ["different"]


def test_a_decision_waits_for_a_record_that_is_not_there_yet(desk: Desk):
    case = case_of(desk)
    (result,) = desk.push(decision(case, merged="person-9"), name="Sari")
    assert (result.status, result.hold) == ("held", "person-9")
