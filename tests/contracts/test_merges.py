"""Two records of one person become one and can become two again, and nothing that anybody wrote is lost."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kube_field.domain.records import RecordKind, Role
from kube_field.server.storage.proof import check_feed
from kube_field.wire.messages import ChangeResult, WireChange
from kube_field.wire.server_words import ServerKind
from tests.contracts.desk import KECAMATAN, Desk
from tests.support import make_answers
from tests.support.make_answers import VILLAGE
from tests.support.wire_changes import (
    kk_of,
    make_edit,
    make_fact,
    make_household,
    make_person,
    make_unit_change,
    who_is,
)

OTHER, OTHER_VILLAGE = "64.07.07", "64.07.07.2002"
NIK = who_is("person-1")["nik"]
PHONE, OTHER_PHONE, THIRD_PHONE = "+6281200000001", "+6281200000002", "+6281200000003"


@pytest.fixture(autouse=True)
def sound(desk: Desk):
    """Sari supervises one kabupaten, Wati the province; whatever happens, the proofs hold at the end."""
    desk.add("Sari", Role.PENYELIA_KAB, (KECAMATAN,))
    desk.add("Wati", Role.ADMIN_PROV, ("64",))
    desk.add("Budi", areas=(OTHER,))
    yield
    assert check_feed(desk.house.database) == []


def by_budi(change: WireChange) -> WireChange:
    change.by, change.scope = "user-budi", OTHER
    return change


def twins(desk: Desk, one: dict[str, Any] | None = None, other: dict[str, Any] | None = None) -> None:
    """Two records of one woman in one family, each with these answers of its own; None takes one out."""
    same = {name: value for name, value in who_is("person-1").items()}
    changes = [make_household()]
    for uid, answers in (("person-1", one), ("person-2", other)):
        made = make_person(uid, **{**same, **(answers or {})})
        kept = {name: pair for name, pair in made.set.items() if pair[1] is not None}
        changes.append(make_edit(RecordKind.PERSON, uid, kept, create=True))
    assert desk.statuses(*changes) == ["applied"] * 3


def case_about(desk: Desk, *uids: str) -> str:
    words = desk.words(ServerKind.DUPLICATE)
    return next(uid for uid, word in sorted(words.items()) if set(uids) & set(word["uids"]) and word["state"] != "gone")


def decision(
    desk: Desk, word: str = "merge", kept: str = "person-1", merged: str = "person-2", **fields: Any
) -> WireChange:
    case = fields.pop("case", "") or case_about(desk, kept, merged)
    by = fields.pop("by", "user-sari")
    told = {"duplicate": case, "decision": word, "kept": kept, "merged": merged, "reason": "KTP keduanya sama"}
    uid = fields.pop("uid", f"decision-{desk.steps}-{word}")
    made = make_fact(uid, RecordKind.MERGE_DECISION, kept, told, body={"number": ""}, **fields)
    made.by = by
    return made


def decide(desk: Desk, word: str = "merge", *pair: str, name: str = "Sari", **fields: Any) -> ChangeResult:
    made = decision(desk, word, *pair, by=f"user-{name.lower()}", **fields)
    return desk.push(made, name=name)[0]


def code_of(result: ChangeResult) -> tuple[str, str]:
    return result.status, result.errors[0].code if result.errors else ""


def body(desk: Desk, uid: str) -> dict[str, Any]:
    ((found, more),) = desk.rows(f"SELECT body, extra FROM record WHERE uid = '{uid}'")
    return {**json.loads(found), **json.loads(more)}


def place(desk: Desk, uid: str) -> tuple[str, str, str]:
    """Where a record lies, what it hangs on, and what it was merged into."""
    ((scope, subject, into),) = desk.rows(f"SELECT scope, subject_uid, merged_into FROM record WHERE uid = '{uid}'")
    return scope, subject, into


def edit(uid: str, base: int = 1, kind: RecordKind = RecordKind.PERSON, **sets: tuple[Any, Any]) -> WireChange:
    return make_edit(kind, uid, sets, base=base)


def aliases(desk: Desk) -> list[tuple[str, str, bool]]:
    return sorted((word["old"], word["new"], word["undone"]) for word in desk.words(ServerKind.ALIAS).values())


def open_fields(desk: Desk) -> list[tuple[str, str, Any, Any]]:
    return sorted(
        (word["record"], word["field"], word["kept"], word["other"])
        for word in desk.conflicts().values()
        if word["state"] == "open"
    )


# merging


def test_the_merged_record_is_seen_under_the_kept_one(desk: Desk):
    twins(desk)
    before = body(desk, "person-2")
    assert code_of(decide(desk)) == ("applied", "")
    assert place(desk, "person-2") == (KECAMATAN, "person-1", "person-1")
    assert body(desk, "person-2") == before
    assert aliases(desk) == [("person-2", "person-1", False)]
    (word,) = desk.words(ServerKind.DUPLICATE).values()
    assert (word["state"], word["kept"], word["merged"], word["decided_by"]) == (
        "merged",
        "person-1",
        "person-2",
        "Sari",
    )


def test_an_answer_that_the_kept_record_lacks_is_taken(desk: Desk):
    twins(desk, {"phone": None}, {"phone": OTHER_PHONE})
    decide(desk)
    assert body(desk, "person-1")["phone"] == OTHER_PHONE
    assert open_fields(desk) == []
    ((sets,),) = desk.rows("SELECT sets FROM record_version WHERE uid = 'person-1' AND version = 2")
    assert json.loads(sets) == {"phone": [None, OTHER_PHONE]}


def test_answers_that_differ_are_both_kept_and_shown_with_their_authors(desk: Desk):
    twins(desk, {"phone": PHONE}, {"phone": OTHER_PHONE})
    decide(desk)
    assert body(desk, "person-1")["phone"] == PHONE
    assert open_fields(desk) == [("person-1", "phone", PHONE, OTHER_PHONE)]
    (word,) = desk.conflicts().values()
    assert (word["kept_by"], word["other_by"]) == ("Rina", "Rina")


def test_choosing_the_other_value_settles_the_conflict(desk: Desk):
    twins(desk, {"phone": PHONE}, {"phone": OTHER_PHONE})
    decide(desk)
    (conflict,) = desk.conflicts()
    chosen = make_edit(RecordKind.PERSON, "person-1", {"phone": (PHONE, OTHER_PHONE)}, base=1, resolves=[conflict])
    assert desk.statuses(chosen) == ["applied"]
    assert open_fields(desk) == []
    assert body(desk, "person-1")["phone"] == OTHER_PHONE


def two_families(desk: Desk) -> None:
    """home-1 with person-1, home-2 of the same KK number with person-2, the unit of person-2 and its visit."""
    other = make_household("home-2", kk_number=kk_of("home-1"))
    unit = make_unit_change(person_id=make_answers.reference_to("person-2", "Melati"))
    people = make_person("person-1"), make_person("person-2", "home-2")
    assert set(desk.statuses(make_household(), other, *people, unit, make_fact(), phone_before())) == {"applied"}


def phone_before(uid: str = "history-1", person: str = "person-2") -> WireChange:
    return make_fact(uid, RecordKind.VALUE_HISTORY, person, make_answers.complete_value_history(), body={"number": ""})


def test_families_are_merged_with_everything_that_hangs_on_them(desk: Desk):
    two_families(desk)
    facts = body(desk, "visit-1"), body(desk, "history-1")
    assert decide(desk, "merge", "home-1", "home-2").status == "applied"
    move = edit("home-1", kind=RecordKind.HOUSEHOLD, village_code=(VILLAGE, OTHER_VILLAGE))
    assert desk.statuses(move) == ["applied"]
    for uid in ("home-1", "home-2", "person-1", "person-2", "history-1", "al:home-2"):
        assert place(desk, uid)[0] == OTHER, uid
    assert place(desk, "unit-1")[0] == KECAMATAN, "a unit with a village of its own stays"
    assert (body(desk, "visit-1"), body(desk, "history-1")) == facts


def test_people_of_families_that_were_merged_do_not_differ_in_their_family(desk: Desk):
    other = make_household("home-2", kk_number=kk_of("home-1"))
    twin = make_person("person-2", "home-2", **who_is("person-1"))
    desk.push(make_household(), other, make_person("person-1"), twin)
    decide(desk, "merge", "home-1", "home-2")
    assert decide(desk, "merge", "person-1", "person-2").status == "applied"
    assert [found[1] for found in open_fields(desk) if found[0] == "person-1"] == []


def test_the_place_of_a_family_is_never_taken_over_silently(desk: Desk):
    desk.push(make_household(), make_person("person-1"), make_household("home-2"))
    desk.push(make_person("person-2", "home-2", **who_is("person-1")))
    decide(desk)
    assert [found[1] for found in open_fields(desk)] == ["household_id"]
    assert body(desk, "person-1")["household_id"]["uid"] == "home-1"


def across_districts(desk: Desk) -> None:
    desk.push(make_household(), make_person("person-1"))
    home = make_household("home-2", village_code=OTHER_VILLAGE)
    twin = make_person("person-2", "home-2", **who_is("person-1"))
    desk.push(by_budi(home), by_budi(twin), by_budi(phone_before()), name="Budi")


def test_only_who_may_write_in_both_areas_merges_across_them(desk: Desk):
    across_districts(desk)
    assert code_of(decide(desk)) == ("rejected", "NOT_ALLOWED")
    assert code_of(decide(desk, name="Rina")) == ("rejected", "NOT_ALLOWED")
    assert decide(desk, name="Wati").status == "applied"
    assert {place(desk, uid)[0] for uid in ("person-2", "history-1", "al:person-2")} == {KECAMATAN}
    left = [row for row in desk.pull(OTHER, name="Budi", seq=1).rows if row.st == "exit"]
    assert {"person-2", "history-1"} <= {row.uid for row in left}


def test_an_undone_merge_between_districts_goes_back_to_where_its_family_is(desk: Desk):
    across_districts(desk)
    decide(desk, name="Wati")
    assert code_of(decide(desk, "undo")) == ("rejected", "NOT_ALLOWED"), "the other area is not Sari's"
    assert decide(desk, "undo", name="Wati").status == "applied"
    assert place(desk, "person-2") == (OTHER, "home-2", "")
    assert {place(desk, uid)[0] for uid in ("history-1", "al:person-2")} == {OTHER}


# what comes late


def test_a_late_edit_of_the_merged_record_reaches_the_one_that_stands(desk: Desk):
    twins(desk, {"phone": PHONE}, {"phone": PHONE})
    decide(desk)
    (result,) = desk.push(edit("person-2", phone=(PHONE, OTHER_PHONE)))
    assert (result.status, result.version, result.alias) == ("merged", 2, "person-1")
    assert body(desk, "person-1")["phone"] == OTHER_PHONE
    assert body(desk, "person-2")["phone"] == PHONE


def test_a_late_edit_that_disagrees_with_the_standing_record_is_shown_beside_it(desk: Desk):
    twins(desk, {"phone": PHONE}, {"phone": OTHER_PHONE})
    decide(desk)
    (result,) = desk.push(edit("person-2", phone=(OTHER_PHONE, THIRD_PHONE)))
    assert (result.status, result.alias) == ("conflict", "person-1")
    assert ("person-1", "phone", PHONE, THIRD_PHONE) in open_fields(desk)


def test_who_deletes_the_merged_record_late_does_not_delete_the_standing_one(desk: Desk):
    twins(desk)
    decide(desk)
    (result,) = desk.push(edit("person-2", deleted=(None, True)))
    assert (result.status, result.alias) == ("merged", "person-1")
    assert "deleted" not in body(desk, "person-1")


def test_an_edit_in_the_same_batch_as_the_merge_is_late_too(desk: Desk):
    twins(desk, {"phone": PHONE}, {"phone": PHONE})
    late = edit("person-2", phone=(PHONE, OTHER_PHONE))
    assert desk.statuses(decision(desk), late, name="Sari") == ["applied", "merged"]
    assert body(desk, "person-1")["phone"] == OTHER_PHONE


def test_a_fact_about_the_merged_record_is_taken_in_whole(desk: Desk):
    twins(desk)
    decide(desk)
    assert desk.statuses(phone_before()) == ["applied"]
    assert body(desk, "history-1")["subject_uid"] == "person-2"
    assert place(desk, "history-1")[0] == KECAMATAN


def test_a_visit_of_a_unit_of_the_merged_person_is_taken_in_whole(desk: Desk):
    two_families(desk)
    decide(desk, "merge", "home-1", "home-2")
    assert desk.statuses(make_fact("visit-2")) == ["applied"]


def test_a_conflict_of_the_merged_record_can_still_be_settled(desk: Desk):
    twins(desk, {"phone": PHONE}, {"phone": PHONE})
    desk.push(edit("person-2", phone=(PHONE, OTHER_PHONE)))
    desk.push(edit("person-2", phone=(PHONE, THIRD_PHONE)))
    (conflict,) = desk.conflicts()
    decide(desk)
    chosen = make_edit(
        RecordKind.PERSON, "person-2", {"phone": (OTHER_PHONE, OTHER_PHONE)}, base=2, resolves=[conflict]
    )
    desk.push(chosen)
    assert desk.conflicts()[conflict]["state"] == "resolved"


def test_a_conflict_of_the_merged_record_can_be_settled_on_the_standing_one(desk: Desk):
    twins(desk, {"phone": PHONE}, {"phone": PHONE})
    desk.push(edit("person-2", phone=(PHONE, OTHER_PHONE)))
    desk.push(edit("person-2", phone=(PHONE, THIRD_PHONE)))
    (conflict,) = desk.conflicts()
    decide(desk)
    chosen = make_edit(RecordKind.PERSON, "person-1", {"phone": (PHONE, THIRD_PHONE)}, base=1, resolves=[conflict])
    desk.push(chosen)
    assert desk.conflicts()[conflict]["state"] == "resolved"


def test_a_laptop_that_pulls_sees_the_record_its_alias_and_the_decision(desk: Desk):
    twins(desk)
    seq = desk.pull().seq
    decide(desk)
    rows = {row.k: row for row in desk.pull(seq=seq).rows}
    assert rows[ServerKind.ALIAS].body == {"old": "person-2", "new": "person-1", "undone": False}
    assert rows[RecordKind.PERSON].uid == "person-2"
    assert rows[ServerKind.DUPLICATE].body["state"] == "merged"
    assert rows[RecordKind.MERGE_DECISION].st == "put"


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


def test_a_merge_that_a_server_forgot_is_made_again_by_the_same_word(desk: Desk):
    twins(desk)
    case = case_about(desk, "person-1")
    with desk.house.database.write():
        desk.house.database.tell("DELETE FROM dup_case")
    assert decide(desk, case=case).status == "applied"
    assert aliases(desk) == [("person-2", "person-1", False)]
