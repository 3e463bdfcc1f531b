"""Decisions about the same records meet, follow each other and are taken back; what was edited since stays."""

from __future__ import annotations

import pytest

from kube_field.domain.records import RecordKind
from kube_field.server.storage.double_rows import DoubleRows
from kube_field.server.storage.likeness import NIK, case_id
from kube_field.server.storage.proof import check_feed
from kube_field.wire.messages import WireChange
from kube_field.wire.server_words import ServerKind, duplicate_uid
from tests.contracts.desk import KECAMATAN, Desk
from tests.contracts.merge_words import (
    OTHER,
    OTHER_PHONE,
    OTHER_VILLAGE,
    PHONE,
    THIRD_PHONE,
    across_districts,
    add_deciders,
    aliases,
    body,
    case_about,
    code_of,
    decide,
    decision,
    edit,
    open_fields,
    place,
    twins,
    two_families,
)
from tests.support.make_answers import VILLAGE
from tests.support.wire_changes import make_edit, make_household, make_person, who_is


@pytest.fixture(autouse=True)
def sound(desk: Desk):
    """Whatever happens, the proofs hold at the end."""
    add_deciders(desk)
    yield
    assert check_feed(desk.house.database) == []


# decisions that meet


def test_the_same_decision_again_changes_nothing(desk: Desk):
    twins(desk, {"phone": None}, {"phone": OTHER_PHONE})
    made = decision(desk)
    assert desk.statuses(made, name="Sari") == ["applied"]
    head = desk.pull().head
    assert desk.statuses(made, name="Sari") == ["applied"]
    assert desk.pull().head == head


def test_two_supervisors_who_merge_in_opposite_ways_make_one_record(desk: Desk):
    twins(desk)
    first, second = decision(desk), decision(desk, "merge", "person-2", "person-1", uid="d-2", by="user-wati")
    assert desk.statuses(first, name="Sari") == ["applied"]
    assert desk.statuses(second, name="Wati") == ["applied"]
    assert place(desk, "person-1")[2] == ""
    assert aliases(desk) == [("person-2", "person-1", False)]
    assert decide(desk, "undo").status == "applied"
    assert place(desk, "person-2")[2] == ""


def test_who_tells_apart_what_was_merged_meanwhile_is_told(desk: Desk):
    twins(desk)
    apart = decision(desk, "different", by="user-wati")
    decide(desk)
    assert code_of(desk.push(apart, name="Wati")[0]) == ("rejected", "MERGED")


def test_who_merges_what_was_told_apart_meanwhile_is_told(desk: Desk):
    twins(desk)
    merge = decision(desk, by="user-wati")
    decide(desk, "different")
    assert code_of(desk.push(merge, name="Wati")[0]) == ("rejected", "DIFFERENT")


def test_two_people_that_are_no_more_alike_are_not_merged(desk: Desk):
    twins(desk)
    made = decision(desk)
    other = who_is("person-2")
    told = {name: (value, other[name]) for name, value in who_is("person-1").items()}
    assert desk.statuses(edit("person-2", **told)) == ["applied"]
    assert code_of(desk.push(made, name="Sari")[0]) == ("rejected", "CASE_GONE")


def three(desk: Desk) -> None:
    twins(desk, {"phone": None}, {"phone": None})
    third = make_person("person-3", **who_is("person-1"))
    third = make_edit(RecordKind.PERSON, "person-3", {**third.set, "phone": (None, THIRD_PHONE)}, create=True)
    assert desk.statuses(third) == ["applied"]


def test_merges_follow_each_other(desk: Desk):
    three(desk)
    pairs = {tuple(sorted(word["uids"])): uid for uid, word in desk.words(ServerKind.DUPLICATE).items()}
    first = decision(desk, "merge", "person-2", "person-1", case=pairs["person-1", "person-2"])
    second = decision(desk, "merge", "person-3", "person-2", case=pairs["person-2", "person-3"], uid="d-2")
    assert desk.statuses(first, second, name="Sari") == ["applied", "applied"]
    assert aliases(desk) == [("person-1", "person-2", False), ("person-2", "person-3", False)]
    (result,) = desk.push(edit("person-1", phone=(None, PHONE)))
    assert result.alias == "person-3"
    assert ("person-3", "phone", THIRD_PHONE, PHONE) in open_fields(desk)
    undo = decision(desk, "undo", "person-2", "person-1", case=pairs["person-1", "person-2"], uid="d-3")
    assert code_of(desk.push(undo, name="Sari")[0]) == ("rejected", "MERGED_AGAIN")
    undo = decision(desk, "undo", "person-3", "person-2", case=pairs["person-2", "person-3"], uid="d-4")
    assert desk.statuses(undo, name="Sari") == ["applied"]
    assert place(desk, "person-1")[1:] == ("person-2", "person-2")
    assert place(desk, "person-2")[1:] == ("home-1", "")


def test_who_merges_into_a_record_that_was_merged_away_is_told(desk: Desk):
    three(desk)
    pairs = {tuple(sorted(word["uids"])): uid for uid, word in desk.words(ServerKind.DUPLICATE).items()}
    late = decision(desk, "merge", "person-2", "person-3", case=pairs["person-2", "person-3"], uid="late")
    decide(desk, "merge", "person-1", "person-2", case=pairs["person-1", "person-2"])
    assert code_of(desk.push(late, name="Sari")[0]) == ("rejected", "MERGED_AWAY")


def test_three_records_of_one_woman_leave_one_question_after_a_merge(desk: Desk):
    three(desk)
    pairs = {tuple(sorted(word["uids"])): uid for uid, word in desk.words(ServerKind.DUPLICATE).items()}
    decide(desk, "merge", "person-1", "person-2", case=pairs["person-1", "person-2"])
    states = {tuple(sorted(word["uids"])): word["state"] for word in desk.words(ServerKind.DUPLICATE).values()}
    assert [pair for pair, state in states.items() if state == "open"] == [("person-1", "person-3")]


# taking back


def test_an_undone_merge_leaves_everything_as_it_was(desk: Desk):
    twins(desk, {"phone": None}, {"phone": OTHER_PHONE})
    before = body(desk, "person-1"), body(desk, "person-2"), place(desk, "person-1"), place(desk, "person-2")
    decide(desk)
    assert decide(desk, "undo").status == "applied"
    assert (body(desk, "person-1"), body(desk, "person-2"), place(desk, "person-1"), place(desk, "person-2")) == before
    assert aliases(desk) == [("person-2", "person-1", True)]
    (word,) = desk.words(ServerKind.DUPLICATE).values()
    assert (word["state"], word["kept"], word["decided_by"]) == ("open", "", "")


def test_an_undone_merge_closes_the_conflicts_that_it_opened(desk: Desk):
    twins(desk, {"phone": PHONE}, {"phone": OTHER_PHONE})
    decide(desk)
    decide(desk, "undo")
    assert open_fields(desk) == []
    assert body(desk, "person-1")["phone"] == PHONE


def test_what_was_edited_since_the_merge_stays(desk: Desk):
    twins(desk, {"phone": None, "alias_name": None}, {"phone": OTHER_PHONE})
    decide(desk)
    desk.push(edit("person-1", 2, phone=(OTHER_PHONE, THIRD_PHONE)))
    desk.push(edit("person-2", 1, phone=(OTHER_PHONE, PHONE)))
    decide(desk, "undo")
    assert body(desk, "person-1")["phone"] == THIRD_PHONE
    assert body(desk, "person-2")["phone"] == OTHER_PHONE


def test_an_answer_typed_back_by_hand_stays_too(desk: Desk):
    twins(desk, {"phone": None}, {"phone": OTHER_PHONE})
    decide(desk)
    desk.push(edit("person-1", 2, phone=(OTHER_PHONE, THIRD_PHONE)))
    desk.push(edit("person-1", 3, phone=(THIRD_PHONE, OTHER_PHONE)))
    decide(desk, "undo")
    assert body(desk, "person-1")["phone"] == OTHER_PHONE


@pytest.mark.parametrize("with_the_undo", [False, True])
def test_an_answer_that_an_officer_typed_too_stays(desk: Desk, with_the_undo: bool):
    """He had not heard of the merge and found his own answer there: nothing was edited, and yet it is his."""
    twins(desk, {"phone": None}, {"phone": OTHER_PHONE})
    decide(desk)
    same = edit("person-1", phone=(None, OTHER_PHONE))
    if not with_the_undo:
        assert desk.statuses(same) == ["merged"]
    undo = decision(desk, "undo")
    assert desk.statuses(*([same] if with_the_undo else []), undo, name="Sari")[-1] == "applied"
    assert body(desk, "person-1")["phone"] == OTHER_PHONE


def about_pair(desk: Desk, word: str, other: str) -> WireChange:
    """A decision about person-1 and another record of her."""
    cases = {tuple(sorted(told["uids"])): uid for uid, told in desk.words(ServerKind.DUPLICATE).items()}
    return decision(desk, word, "person-1", other, case=cases["person-1", other], uid=f"{word}-{other}")


@pytest.mark.parametrize("first", ["person-2", "person-3"])
@pytest.mark.parametrize("together", [True, False])
def test_what_two_merged_records_answered_goes_with_the_last_of_them(desk: Desk, first: str, together: bool):
    """person-3 is registered when person-2 was merged already, and answers what was taken from person-2."""
    twins(desk, {"phone": None}, {"phone": OTHER_PHONE})
    third = make_person("person-3", **{**who_is("person-1"), "phone": OTHER_PHONE})
    assert desk.statuses(about_pair(desk, "merge", "person-2"), name="Sari") == ["applied"]
    assert desk.statuses(third) == ["applied"]
    assert desk.statuses(about_pair(desk, "merge", "person-3"), name="Sari") == ["applied"]
    last = {"person-2": "person-3", "person-3": "person-2"}[first]
    undo = [about_pair(desk, "undo", uid) for uid in (first, last)]
    results = desk.push(*undo, name="Sari") if together else [desk.push(made, name="Sari")[0] for made in undo]
    assert [result.status for result in results] == ["applied", "applied"]
    assert "phone" not in body(desk, "person-1")


def test_merge_and_undo_in_one_batch(desk: Desk):
    twins(desk, {"phone": None}, {"phone": OTHER_PHONE})
    before = body(desk, "person-1")
    merge, undo = decision(desk), decision(desk, "undo", uid="d-2")
    assert desk.statuses(merge, undo, name="Sari") == ["applied", "applied"]
    assert body(desk, "person-1") == before
    assert place(desk, "person-2")[1:] == ("home-1", "")


def test_a_merge_can_be_undone_once_and_made_again(desk: Desk):
    twins(desk, {"phone": None}, {"phone": OTHER_PHONE})
    decide(desk)
    decide(desk, "undo")
    assert decide(desk, "undo").status == "applied"
    assert decide(desk, "merge", "person-2", "person-1").status == "applied"
    assert place(desk, "person-1")[1:] == ("person-2", "person-2")
    assert decide(desk, "undo", "person-2", "person-1").status == "applied"
    assert place(desk, "person-1")[1:] == ("home-1", "")


def test_a_family_taken_apart_gets_its_people_back(desk: Desk):
    two_families(desk)
    decide(desk, "merge", "home-1", "home-2")
    desk.push(edit("home-1", kind=RecordKind.HOUSEHOLD, village_code=(VILLAGE, OTHER_VILLAGE)))
    case = case_about(desk, "home-1", "home-2")
    undo = decision(desk, "undo", "home-1", "home-2", case=case, by="user-wati")
    assert desk.statuses(undo, name="Wati") == ["applied"]
    assert {place(desk, uid)[0] for uid in ("home-1", "person-1")} == {OTHER}
    assert {place(desk, uid)[0] for uid in ("home-2", "person-2", "history-1", "al:home-2")} == {KECAMATAN}


def test_the_word_that_moves_a_record_moves_with_it(desk: Desk):
    """A server that went back heard of the merge the other way round than the supervisor who takes it back."""
    across_districts(desk)
    case = case_about(desk, "person-1")
    assert decide(desk, name="Wati", case=case).status == "applied"
    back = decision(desk, "undo", "person-2", "person-1", case=case, by="user-wati", uid="back")
    assert desk.statuses(back, name="Wati") == ["applied"]
    assert place(desk, "person-2")[0] == OTHER
    assert place(desk, "back")[:2] == (OTHER, "person-2")


def test_a_merge_that_a_server_forgot_is_made_again_by_the_same_word(desk: Desk):
    twins(desk)
    case = case_about(desk, "person-1")
    with desk.house.database.write():
        desk.house.database.tell("DELETE FROM dup_case")
    assert decide(desk, case=case).status == "applied"
    assert aliases(desk) == [("person-2", "person-1", False)]


# a server that went back and is told everything again, in another order


def expected_case(desk: Desk) -> str:
    with desk.house.database.read():
        secret = DoubleRows(desk.house.database).secret()
    return duplicate_uid(case_id(secret, NIK, "person-1", "person-2"), KECAMATAN)


def test_a_decision_that_comes_before_its_records_is_carried_out_with_them(desk: Desk):
    desk.push(make_household(), make_person("person-1", phone=PHONE))
    (held,) = desk.push(decision(desk, case=expected_case(desk)), name="Sari")
    assert (held.status, held.hold) == ("held", "person-2")
    other = make_person("person-2", **{**who_is("person-1"), "phone": OTHER_PHONE})
    assert desk.statuses(other) == ["applied"]
    assert place(desk, "person-2") == (KECAMATAN, "person-1", "person-1")
    assert open_fields(desk) == [("person-1", "phone", PHONE, OTHER_PHONE)]
    assert [word["state"] for word in desk.words(ServerKind.DUPLICATE).values()] == ["merged"]


def test_merge_and_undo_that_come_before_their_records_leave_two(desk: Desk):
    desk.push(make_household(), make_person("person-1"))
    merge = decision(desk, case=expected_case(desk), id="change-1")
    undo = decision(desk, "undo", case=expected_case(desk), uid="d-2", id="change-2")
    assert desk.statuses(merge, undo, name="Sari") == ["held", "held"], "a laptop's own change ids are in its order"
    desk.push(make_person("person-2", **who_is("person-1")))
    assert place(desk, "person-2") == (KECAMATAN, "home-1", "")
    assert [word["state"] for word in desk.words(ServerKind.DUPLICATE).values()] == ["open"]


def test_work_that_comes_before_the_merge_it_followed_is_not_lost(desk: Desk):
    """The late edit of the merged record and the edit of what was taken, told again before the merge itself."""
    twins(desk, {"phone": None, "birth_place": None}, {"phone": PHONE, "birth_place": "Tabang"})
    merge = decision(desk)
    late = edit("person-2", phone=(PHONE, OTHER_PHONE))
    after = edit("person-1", 2, birth_place=("Tabang", "Tenggarong"))
    assert desk.statuses(after, late) == ["conflict", "applied"]
    assert desk.statuses(merge, name="Sari") == ["applied"]
    assert body(desk, "person-1")["phone"] == OTHER_PHONE
    known = {*(word["other"] for word in desk.conflicts().values()), body(desk, "person-1").get("birth_place")}
    assert {"Tabang", "Tenggarong"} <= known


def test_a_way_back_that_comes_before_its_merge_waits_for_it(desk: Desk):
    twins(desk, {"phone": None}, {"phone": OTHER_PHONE})
    before = body(desk, "person-1")
    undo = decision(desk, "undo", uid="d-2", by="user-wati")
    (held,) = desk.push(undo, name="Wati")
    assert held.status == "held"
    assert decide(desk).status == "applied"
    assert body(desk, "person-1") == before
    assert place(desk, "person-2") == (KECAMATAN, "home-1", "")
    assert desk.have(undo.id)[undo.id] == ("applied", 1)
    assert decide(desk, uid="d-3").status == "applied"
    assert place(desk, "person-2")[2] == "person-1", "it waited for one merge only"


def test_a_record_that_is_taken_apart_and_deleted_at_once_is_no_case_any_more(desk: Desk):
    twins(desk)
    decide(desk)
    apart = decision(desk, "undo")
    gone = make_edit(RecordKind.PERSON, "person-2", {"deleted": (None, True)}, base=3)
    gone.by = "user-sari"
    assert desk.statuses(apart, gone, name="Sari") == ["applied", "applied"]
    assert [word["state"] for word in desk.words(ServerKind.DUPLICATE).values()] == ["gone"]


def test_a_record_that_is_taken_apart_and_merged_with_another_one_at_once(desk: Desk):
    """A laptop far away sends both words together; between them nobody has looked for doubles."""
    three(desk)
    pairs = {tuple(sorted(word["uids"])): uid for uid, word in desk.words(ServerKind.DUPLICATE).items()}
    first, second = pairs["person-1", "person-2"], pairs["person-2", "person-3"]
    decide(desk, "merge", "person-1", "person-2", case=first)
    apart = decision(desk, "undo", "person-1", "person-2", case=first)
    again = decision(desk, "merge", "person-3", "person-2", case=second, uid="again")
    assert desk.statuses(apart, again, name="Sari") == ["applied", "applied"]
    assert place(desk, "person-2")[2] == "person-3"
    states = {tuple(sorted(word["uids"])): word["state"] for word in desk.words(ServerKind.DUPLICATE).values()}
    assert states == {
        ("person-1", "person-2"): "gone",
        ("person-2", "person-3"): "merged",
        ("person-1", "person-3"): "open",
    }
