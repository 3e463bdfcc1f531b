"""Two records of one person become one, and nothing that anybody wrote is lost, whenever it comes."""

from __future__ import annotations

import json

import pytest

from kube_field.domain.records import RecordKind
from kube_field.server.reviewing import accept
from kube_field.server.storage.accounts import Accounts
from kube_field.server.storage.proof import check_feed
from kube_field.wire.server_words import ServerKind
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
    by_budi,
    code_of,
    decide,
    decision,
    edit,
    open_fields,
    phone_before,
    place,
    twins,
    two_families,
)
from tests.support.make_answers import VILLAGE
from tests.support.wire_changes import kk_of, make_edit, make_fact, make_household, make_person, who_is


@pytest.fixture(autouse=True)
def sound(desk: Desk):
    """Whatever happens, the proofs hold at the end."""
    add_deciders(desk)
    yield
    assert check_feed(desk.house.database) == []


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


def test_an_answer_to_a_question_that_is_not_asked_beside_the_kept_ones_is_not_taken(desk: Desk):
    missing = {"nik": None, "nik_status": "missing", "nik_missing_reason": "Hilang"}
    twins(desk, None, {**missing, "full_name": who_is("person-1")["full_name"]})
    decide(desk)
    assert "nik_missing_reason" not in body(desk, "person-1")
    assert [found[1] for found in open_fields(desk)] == ["nik_status"]


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


def test_only_who_may_write_in_both_areas_merges_across_them(desk: Desk):
    across_districts(desk)
    assert code_of(decide(desk)) == ("rejected", "NOT_ALLOWED")
    assert code_of(decide(desk, name="Rina")) == ("rejected", "NOT_ALLOWED")
    assert decide(desk, name="Wati").status == "applied"
    assert {place(desk, uid)[0] for uid in ("person-2", "history-1", "al:person-2")} == {KECAMATAN}
    left = [row for row in desk.pull(OTHER, name="Budi", seq=1).rows if row.st == "exit"]
    assert {"person-2", "history-1"} <= {row.uid for row in left}


def test_late_work_from_the_district_that_a_merge_took_a_record_from_is_looked_at(desk: Desk):
    across_districts(desk)
    decide(desk, name="Wati")
    late = by_budi(edit("person-2", phone=(PHONE, THIRD_PHONE)))
    fact = by_budi(phone_before("history-2"))
    results = desk.push(late, fact, name="Budi")
    assert [code_of(result) for result in results] == [("quarantined", "MOVED_AWAY")] * 2
    assert all(not result.alias for result in results), "what stands elsewhere is not his to know"
    with desk.house.database.read():
        wati = Accounts(desk.house.database).user("Wati")
    taken = [accept(desk.house, change.id, wati) for change in (late, fact)]
    assert [(result.status, result.alias) for result in taken] == [("merged", "person-1"), ("applied", "")]
    assert body(desk, "person-1")["phone"] == THIRD_PHONE
    assert place(desk, "history-2")[0] == KECAMATAN


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
