"""What supervisors decided, and the server accepted, before it was put back: it may come again in any order.

Words that a laptop sends with `again` were acknowledged once. They are carried out, or somebody looks at them; they are
never refused for good.
"""

from __future__ import annotations

import pytest

from kube_field.domain.records import RecordKind, Role
from kube_field.errors import KubeFieldError
from kube_field.server.reviewing import accept
from kube_field.server.storage.accounts import Accounts, User
from kube_field.server.storage.double_rows import DoubleRows
from kube_field.server.storage.likeness import KK, NAME, NIK, case_id
from kube_field.server.storage.proof import check_feed
from kube_field.wire.messages import ChangeResult, WireChange
from kube_field.wire.server_words import ServerKind, duplicate_uid
from tests.contracts.desk import KECAMATAN, Desk
from tests.contracts.merge_words import (
    OTHER,
    OTHER_VILLAGE,
    add_deciders,
    by_budi,
    code_of,
    decide,
    decision,
    edit,
    place,
    twins,
)
from tests.support.make_answers import VILLAGE
from tests.support.wire_changes import kk_of, make_household, make_person, who_is


@pytest.fixture(autouse=True)
def sound(desk: Desk):
    """Whatever happens, the proofs hold at the end."""
    add_deciders(desk)
    yield
    assert check_feed(desk.house.database) == []


def again(change: WireChange) -> WireChange:
    """The same word, as it is told to a server that was put back since."""
    change.again = True
    return change


def word_about(desk: Desk, reason: str, *pair: str) -> str:
    """The uid of the word about two records, told already or not."""
    with desk.house.database.read():
        secret = DoubleRows(desk.house.database).secret()
    one, other = sorted(pair)
    return duplicate_uid(case_id(secret, reason, one, other), KECAMATAN)


def officer(desk: Desk, name: str) -> User:
    with desk.house.database.read():
        found = Accounts(desk.house.database).user(name)
    assert found is not None
    return found


def let_in(desk: Desk, change: WireChange, name: str) -> ChangeResult:
    return accept(desk.house, change.id, officer(desk, name))


def family_of_budi(desk: Desk) -> None:
    """home-2 lies in the other area and has the number of home-1."""
    desk.push(make_household())
    desk.push(by_budi(make_household("home-2", village_code=OTHER_VILLAGE, kk_number=kk_of("home-1"))), name="Budi")


def moved(uid: str, old: str, new: str, scope: str) -> WireChange:
    made = edit(uid, kind=RecordKind.HOUSEHOLD, village_code=(old, new))
    made.scope = scope
    return made


# where the records lie


def test_a_merge_of_before_that_comes_before_the_move_of_its_record_waits_to_be_looked_at(desk: Desk):
    family_of_budi(desk)
    merge = again(decision(desk, "merge", "home-1", "home-2"))
    assert code_of(desk.push(merge, name="Sari")[0]) == ("quarantined", "ACCEPTED_BEFORE")
    with pytest.raises(KubeFieldError):
        let_in(desk, merge, "Sari")
    into_her_area = moved("home-2", OTHER_VILLAGE, VILLAGE, KECAMATAN)
    into_her_area.by = "user-budi"
    assert desk.statuses(into_her_area, name="Budi") == ["applied"]
    assert let_in(desk, merge, "Sari").status == "applied"
    assert place(desk, "home-2") == (KECAMATAN, "home-1", "home-1")


def test_a_way_back_of_before_is_looked_at_as_its_merge_is(desk: Desk):
    family_of_budi(desk)
    merge, back = again(decision(desk, "merge", "home-1", "home-2")), again(decision(desk, "undo", "home-1", "home-2"))
    results = desk.push(merge, back, name="Sari")
    assert [result.status for result in results] == ["quarantined", "quarantined"]
    assert let_in(desk, merge, "Wati").status == "applied"
    assert let_in(desk, back, "Wati").status == "applied"
    assert place(desk, "home-2") == (OTHER, "", "")


def test_a_decision_about_a_record_in_an_area_that_was_withdrawn_waits_to_be_looked_at(desk: Desk):
    desk.add("Tuti", Role.PENYELIA_KAB, (KECAMATAN, OTHER))
    family_of_budi(desk)
    merge = decision(desk, "merge", "home-1", "home-2", by="user-tuti")
    with desk.house.database.write():
        Accounts(desk.house.database).grant("user-tuti", (KECAMATAN,), "2026-11-23T00:30:00.000Z")
    assert code_of(desk.push(merge, name="Tuti")[0]) == ("quarantined", "FORMER_AREA")
    with pytest.raises(KubeFieldError):
        let_in(desk, merge, "Sari")
    assert let_in(desk, merge, "Wati").status == "applied"
    assert place(desk, "home-2")[2] == "home-1"


def test_a_decision_about_a_record_that_moved_away_waits_to_be_looked_at(desk: Desk):
    desk.push(make_household(), make_household("home-2", kk_number=kk_of("home-1")))
    apart = decision(desk, "different", "home-1", "home-2")
    assert desk.statuses(moved("home-2", VILLAGE, OTHER_VILLAGE, OTHER)) == ["applied"]
    assert code_of(desk.push(apart, name="Sari")[0]) == ("quarantined", "MOVED_AWAY")
    assert let_in(desk, apart, "Wati").status == "applied"
    assert {word["state"] for word in desk.words(ServerKind.DUPLICATE).values()} == {"different"}


def test_a_decision_about_a_record_whose_move_has_to_be_looked_at_waits_too(desk: Desk):
    """Sari moved it into her area herself, on a server that does not know that it ever lay in the one before."""
    family_of_budi(desk)
    move = moved("home-2", OTHER_VILLAGE, VILLAGE, KECAMATAN)
    move.by, move.again = "user-sari", True
    merge = decision(desk, "merge", "home-1", "home-2")
    assert [code_of(result)[0] for result in desk.push(move, merge, name="Sari")] == ["quarantined", "quarantined"]


# what was decided meanwhile


def second(desk: Desk, code: str) -> WireChange:
    """A decision that comes second, after one that makes it impossible."""
    twins(desk)
    one = word_about(desk, NIK, "person-1", "person-2")
    if code == "MERGED_AWAY":
        desk.push(make_person("person-3", **who_is("person-1")))
        late = decision(desk, "merge", "person-3", "person-2", case=word_about(desk, NIK, "person-2", "person-3"))
        decide(desk, case=one, uid="first")
    elif code == "MERGED":
        late = decision(desk, "different", case=one)
        decide(desk, case=one, uid="first")
    elif code == "DIFFERENT":
        late = decision(desk, case=one)
        decide(desk, "different", case=one, uid="first")
    else:
        late = decision(desk, case=one)
        desk.push(
            edit("person-2", **{name: (value, who_is("person-2")[name]) for name, value in who_is("person-1").items()})
        )
    return late


SECOND = ["MERGED_AWAY", "MERGED", "DIFFERENT", "CASE_GONE"]


@pytest.mark.parametrize("code", SECOND)
def test_the_second_of_two_decisions_is_refused_with_the_reason(desk: Desk, code: str):
    assert code_of(desk.push(second(desk, code), name="Sari")[0]) == ("rejected", code)


@pytest.mark.parametrize("code", SECOND)
def test_one_that_was_accepted_before_waits_with_the_reason_and_stays_when_it_cannot_be_let_in(desk: Desk, code: str):
    late = again(second(desk, code))
    (result,) = desk.push(late, name="Sari")
    assert code_of(result) == ("quarantined", "DECIDED_BEFORE")
    with pytest.raises(KubeFieldError) as told:
        let_in(desk, late, "Wati")
    assert told.value.sentence == result.errors[0].message
    assert desk.have(late.id)[late.id] == ("quarantined", 0)


def test_a_merge_of_before_is_let_in_once_the_other_one_was_taken_back(desk: Desk):
    late = again(second(desk, "MERGED_AWAY"))
    assert code_of(desk.push(late, name="Sari")[0])[0] == "quarantined"
    assert decide(desk, "undo", case=word_about(desk, NIK, "person-1", "person-2")).status == "applied"
    assert let_in(desk, late, "Sari").status == "applied"
    assert place(desk, "person-2")[2] == "person-3"


# the way back


def alike_by_name(desk: Desk) -> None:
    """Two women of one name and birth date, with two numbers."""
    other = {**who_is("person-1"), "nik": who_is("person-2")["nik"]}
    assert desk.statuses(make_household(), make_person("person-1"), make_person("person-2", **other)) == ["applied"] * 3


def test_a_way_back_takes_the_merge_back_by_whichever_case_it_was_made(desk: Desk):
    """Before it was put back they had one number for a while, and were merged because of that."""
    alike_by_name(desk)
    by_name, by_number = (word_about(desk, reason, "person-1", "person-2") for reason in (NAME, NIK))
    assert decide(desk, case=by_name).status == "applied"
    back = again(decision(desk, "undo", case=by_number))
    assert desk.statuses(back, name="Sari") == ["applied"]
    assert place(desk, "person-2")[1:] == ("home-1", "")
    assert [(word["reason"], word["state"]) for word in desk.words(ServerKind.DUPLICATE).values()] == [("name", "open")]


def three_in_one(desk: Desk) -> tuple[WireChange, WireChange]:
    """person-1 and person-2 are one by way of person-3; what Sari said of these two before: merged, and taken back."""
    twins(desk)
    desk.push(make_person("person-3", **who_is("person-1")))
    words = {uid: word_about(desk, NIK, uid, "person-3") for uid in ("person-1", "person-2")}
    for uid, case in words.items():
        assert decide(desk, "merge", "person-3", uid, case=case, uid=f"into-{uid}").status == "applied"
    case = word_about(desk, NIK, "person-1", "person-2")
    return again(decision(desk, "merge", case=case)), again(decision(desk, "undo", case=case))


@pytest.mark.parametrize("with_the_merge", [True, False])
def test_a_way_back_of_two_that_are_one_by_way_of_a_third_does_not_wait_for_what_is_there(
    desk: Desk, with_the_merge: bool
):
    merge, back = three_in_one(desk)
    results = desk.push(*([merge] if with_the_merge else []), back, name="Sari")
    assert code_of(results[-1]) == ("quarantined", "DECIDED_BEFORE")
    assert desk.rows("SELECT count(*) FROM held") == [(0,)]
    late = decision(desk, "undo", case=word_about(desk, NIK, "person-1", "person-2"), uid="never-accepted")
    assert code_of(desk.push(late, name="Sari")[0]) == ("rejected", "MERGED_AGAIN")


def test_it_is_let_in_once_they_are_apart(desk: Desk):
    merge, back = three_in_one(desk)
    desk.push(merge, back, name="Sari")
    for uid in ("person-2", "person-1"):
        case = word_about(desk, NIK, uid, "person-3")
        assert decide(desk, "undo", "person-3", uid, case=case, uid=f"out-of-{uid}").status == "applied"
    assert let_in(desk, back, "Sari").status == "applied"
    assert {place(desk, uid)[2] for uid in ("person-1", "person-2")} == {""}


def test_a_family_that_was_merged_the_other_way_round_is_taken_apart_by_the_same_word(desk: Desk):
    desk.push(make_household(), make_household("home-2", kk_number=kk_of("home-1")))
    case = word_about(desk, KK, "home-1", "home-2")
    assert decide(desk, "merge", "home-2", "home-1", case=case).status == "applied"
    back = again(decision(desk, "undo", "home-1", "home-2", case=case))
    assert desk.statuses(back, name="Sari") == ["applied"]
    assert place(desk, "home-1")[2] == ""
