"""Answers of two officers that are an error only together are a conflict, whoever comes first; no one is refused."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from kube_field.domain.records import RecordKind
from kube_field.server.routes.exchange import push_one_by_one
from kube_field.server.storage.proof import check_feed
from kube_field.wire.messages import ChangeResult, WireChange
from tests.contracts.desk import Desk
from tests.contracts.merge_words import add_deciders, decide
from tests.contracts.put_back import begin_life
from tests.support.make_answers import GROUP_UID, complete_group, complete_membership, reference_to
from tests.support.wire_changes import kk_of, make_edit, make_household


def edit(sets: dict[str, Any], *, base: int = 1, by: str = "user-rina", **fields: Any) -> WireChange:
    return make_edit(RecordKind.HOUSEHOLD, "home-1", sets, base=base, by=by, **fields)


def by_tono(desk: Desk, sets: dict[str, Any], **fields: Any) -> ChangeResult:
    (result,) = desk.push(edit(sets, by="user-tono", **fields), name="Tono")
    return result


def standing(desk: Desk, uid: str = "home-1") -> dict[str, Any]:
    return next(row.body for row in desk.pull().rows if row.uid == uid)


def beside(desk: Desk, result: ChangeResult) -> list[tuple[Any, ...]]:
    """What an edit left beside the record: field, what its author saw, what stands, what he typed."""
    words = desk.conflicts()
    return sorted(tuple(words[uid][part] for part in ("field", "base", "kept", "other")) for uid in result.conflicts)


@pytest.fixture
def home(desk: Desk) -> Desk:
    """A family of four, two of them at school, whom Rina, Tono and Tuti know."""
    desk.add("Tono")
    desk.add("Tuti")
    assert desk.statuses(make_household(size=4, n_school=2)) == ["applied"]
    return desk


@pytest.fixture(autouse=True)
def sound(desk: Desk):
    """Whatever happens, the proofs hold at the end."""
    yield
    assert check_feed(desk.house.database) == []


def test_a_count_that_only_anothers_answer_makes_too_large_lies_beside_the_record(home: Desk):
    home.push(edit({"size": (4, 3)}))
    late = by_tono(home, {"n_school": (2, 4), "rt": (2, 7)})
    assert (late.status, beside(home, late)) == ("conflict", [("n_school", 2, 2, 4)])
    stands = standing(home)
    assert (stands["size"], stands["n_school"], stands["rt"]) == (3, 2, 7)


def test_it_is_the_same_when_the_other_one_comes_first(home: Desk):
    assert by_tono(home, {"n_school": (2, 4)}).status == "applied"
    (late,) = home.push(edit({"size": (4, 3), "rt": (2, 7)}))
    assert (late.status, beside(home, late)) == ("conflict", [("size", 4, 4, 3)])
    stands = standing(home)
    assert (stands["size"], stands["n_school"], stands["rt"]) == (4, 4, 7)


def test_what_is_written_after_the_conflict_decides_it(home: Desk):
    home.push(edit({"size": (4, 3)}))
    late = by_tono(home, {"n_school": (2, 4)})
    assert by_tono(home, {"size": (3, 4)}, base=2).status == "applied"
    settled = by_tono(home, {"n_school": (2, 4)}, base=3, resolves=late.conflicts)
    assert (settled.status, standing(home)["n_school"]) == ("applied", 4)
    assert home.conflicts()[late.conflicts[0]]["state"] == "resolved"


def test_a_choice_that_is_still_an_error_is_refused_and_the_conflict_stays_open(home: Desk):
    home.push(edit({"size": (4, 3)}))
    late = by_tono(home, {"n_school": (2, 4)})
    settled = by_tono(home, {"n_school": (2, 4)}, base=2, resolves=late.conflicts)
    assert [error.code for error in settled.errors] == ["COUNT_ABOVE_SIZE"]
    assert home.conflicts()[late.conflicts[0]]["state"] == "open"


def test_an_error_that_its_author_had_before_his_eyes_is_refused_whatever_others_did(home: Desk):
    home.push(edit({"rt": (2, 7)}), edit({"n_elderly": (0, 1)}))
    late = by_tono(home, {"n_school": (2, 5)})
    assert (late.status, [error.code for error in late.errors]) == ("rejected", ["COUNT_ABOVE_SIZE"])


def test_a_choice_that_no_form_offers_is_refused_beside_anothers_edit_too(home: Desk):
    home.push(edit({"size": (4, 3), "water": ("bersih", None)}))
    late = by_tono(home, {"water": ("bersih", "tidak ada")})
    assert (late.status, [error.field for error in late.errors]) == ("rejected", ["water"])


def test_two_values_of_one_answer_are_a_conflict_though_another_answer_shrank_too(home: Desk):
    home.push(edit({"size": (4, 2), "n_school": (2, 1)}))
    late = by_tono(home, {"n_school": (2, 3)})
    assert (late.status, beside(home, late)) == ("conflict", [("n_school", 2, 1, 3)])


def test_an_answer_that_leans_on_one_that_lost_lies_beside_the_record_too(home: Desk):
    home.push(edit({"size": (4, 3)}))
    late = by_tono(home, {"size": (4, 6), "n_school": (2, 5)})
    assert beside(home, late) == [("n_school", 2, 2, 5), ("size", 4, 3, 6)]


def test_an_answer_that_leans_on_one_that_lost_before_lies_beside_the_record_too(home: Desk):
    home.push(edit({"size": (4, 3)}))
    assert by_tono(home, {"size": (4, 6)}).status == "conflict"
    late = by_tono(home, {"n_school": (2, 5)})
    assert (late.status, beside(home, late)) == ("conflict", [("n_school", 2, 2, 5)])


def test_an_answer_that_leans_on_one_that_lost_on_the_same_laptop_lies_beside_the_record_too(home: Desk):
    by_tono(home, {"size": (4, 3)})
    assert home.statuses(edit({"size": (4, 6)})) == ["conflict"]
    (late,) = home.push(edit({"n_school": (2, 5)}, by="user-tuti"))
    assert (late.status, beside(home, late)) == ("conflict", [("n_school", 2, 2, 5)])


def test_an_answer_that_leans_on_ones_own_of_a_batch_before_is_taken(home: Desk):
    home.push(edit({"rt": (2, 7)}))
    assert by_tono(home, {"size": (4, 6)}).status == "merged"
    assert by_tono(home, {"n_school": (2, 5)}).status == "merged"


def test_what_was_right_in_the_life_before_is_not_refused_when_it_comes_again_first(home: Desk):
    late = by_tono(home, {"n_school": (2, 5)}, base=2, again=True)
    assert (late.status, beside(home, late)) == ("conflict", [("n_school", 2, 2, 5)])
    assert home.statuses(edit({"size": (4, 6)}, again=True)) == ["applied"]


def test_a_deletion_meets_an_edit_that_only_lies_beside_the_record(home: Desk):
    home.push(edit({"size": (4, 3)}), edit({"deleted": (None, True)}, base=2))
    late = by_tono(home, {"n_school": (2, 4)})
    assert beside(home, late) == [("deleted", None, None, True), ("n_school", 2, 2, 4)]
    assert "deleted" not in standing(home)


def test_a_member_who_left_before_the_day_on_which_another_let_him_join_did_not_leave_yet(desk: Desk):
    desk.add("Tono")
    group = make_edit(RecordKind.KUBE_GROUP, GROUP_UID, complete_group(), create=True)
    member = make_edit(RecordKind.MEMBERSHIP, "member-1", complete_membership(), create=True)
    joined = make_edit(RecordKind.MEMBERSHIP, "member-1", {"joined_on": ("2025-10-06", "2026-06-06")}, base=1)
    assert desk.statuses(group, member, joined) == ["applied"] * 3
    left = {"left_on": (None, "2026-03-03"), "left_reason": (None, "pindah")}
    (late,) = desk.push(make_edit(RecordKind.MEMBERSHIP, "member-1", left, base=1, by="user-tono"), name="Tono")
    assert (late.status, beside(desk, late)) == ("conflict", [("left_on", None, None, "2026-03-03")])
    assert standing(desk, "member-1")["joined_on"] == "2026-06-06"


def test_what_the_same_officer_wrote_about_a_family_that_was_merged_into_this_one_is_anothers_answer(desk: Desk):
    """She has not heard of the merge: on her laptop this family is as large as it was."""
    add_deciders(desk)
    desk.push(make_household(size=4, n_school=2), make_household("home-2", kk_number=kk_of("home-1"), size=4))
    decide(desk, "merge", "home-1", "home-2")
    other = make_edit(RecordKind.HOUSEHOLD, "home-2", {"size": (4, 2)}, base=1)
    assert [result.alias for result in desk.push(other)] == ["home-1"]
    (late,) = desk.push(edit({"n_school": (2, 4)}))
    assert (late.status, beside(desk, late)) == ("conflict", [("n_school", 2, 2, 4)])


@pytest.mark.parametrize("tells", [True, False])
def test_an_answer_that_went_into_the_record_of_a_merge_was_before_its_authors_eyes_after_the_way_back(
    home: Desk, *, tells: bool
):
    """What she typed stays with the record that stood then; on her laptop the family that is apart again has it."""
    add_deciders(home)
    home.push(make_household("home-2", kk_number=kk_of("home-1"), size=4, n_school=2))
    decide(home, "merge", "home-1", "home-2")
    larger = make_edit(RecordKind.HOUSEHOLD, "home-2", {"size": (4, 6)}, base=1, id="larger")
    assert [result.alias for result in home.push(larger)] == ["home-1"]
    assert decide(home, "undo", "home-1", "home-2").status == "applied"
    own = {"after": "larger"} if tells else {}
    at_school = make_edit(RecordKind.HOUSEHOLD, "home-2", {"n_school": (2, 5)}, base=1, **own)
    (late,) = home.push(at_school)
    assert (late.status, beside(home, late)) == ("conflict", [("n_school", 2, 2, 5)])


def test_what_went_into_the_record_of_a_merge_excuses_nothing_once_the_way_back_was_seen(home: Desk):
    add_deciders(home)
    home.push(make_household("home-2", kk_number=kk_of("home-1"), size=4, n_school=2))
    decide(home, "merge", "home-1", "home-2")
    home.push(make_edit(RecordKind.HOUSEHOLD, "home-2", {"size": (4, 6)}, base=1))
    decide(home, "undo", "home-1", "home-2")
    apart = next(row.v for row in home.pull().rows if row.uid == "home-2")
    (late,) = home.push(make_edit(RecordKind.HOUSEHOLD, "home-2", {"n_school": (2, 5)}, base=apart))
    assert (late.status, [error.code for error in late.errors]) == ("rejected", ["COUNT_ABOVE_SIZE"])


def test_an_error_that_ones_own_waiting_edit_takes_away_is_not_refused(desk: Desk):
    """The member joined earlier, in a group that is still to come; then he left, before the day that stands."""
    group = make_edit(RecordKind.KUBE_GROUP, GROUP_UID, complete_group(), create=True)
    answers = complete_membership()
    desk.push(group, make_edit(RecordKind.MEMBERSHIP, "member-1", answers, create=True))
    earlier = {
        "joined_on": (answers["joined_on"], "2025-01-06"),
        "group_id": (answers["group_id"], reference_to("group-9", "KUBE Kenanga")),
    }
    left = {"left_on": (None, "2025-03-03"), "left_reason": (None, "pindah")}
    edits = [make_edit(RecordKind.MEMBERSHIP, "member-1", sets, base=1) for sets in (earlier, left)]
    assert desk.statuses(*edits) == ["held", "conflict"]


THREE = (
    edit({"size": (4, 6)}, id="first", after=""),
    edit({"n_school": (2, 5)}, id="second", after="first", by="user-tono"),
    edit({"size": (6, 5)}, id="third", after="second"),
)
"""Written on one laptop: each leans on the one before."""


@pytest.mark.parametrize("order", [*permutations(THREE)], ids=lambda order: " ".join(one.id for one in order))
def test_what_one_laptop_did_to_a_record_is_judged_as_it_was_written_whatever_order_it_comes_in(
    home: Desk, order: tuple[WireChange, ...]
):
    statuses = {one.id: status for one, status in zip(order, home.statuses(*order), strict=True)}
    assert statuses == {"first": "applied", "second": "merged", "third": "merged"}
    assert (standing(home)["size"], standing(home)["n_school"]) == (5, 5)


def test_one_by_one_they_are_judged_as_they_were_written_too(home: Desk):
    """After a fault of the server each change has a transaction of its own."""
    results = push_one_by_one(home.call(home.push_body("Rina", *reversed(THREE)))).results
    assert [(one.id, one.status) for one in results] == [
        ("third", "merged"),
        ("second", "merged"),
        ("first", "applied"),
    ]


def test_what_nothing_before_it_makes_right_is_refused(home: Desk):
    refused, other = home.push(edit({"n_school": (2, 5)}, after="first"), edit({"rt": (2, 7)}, id="first", after=""))
    assert ([error.code for error in refused.errors], other.status) == (["COUNT_ABOVE_SIZE"], "applied")


def test_of_several_that_lost_the_last_one_typed_counts(home: Desk):
    by_tono(home, {"size": (4, 3)})
    lost = edit({"size": (4, 5)}, id="b", after=""), edit({"size": (5, 6)}, id="a", after="b")
    assert home.statuses(*lost) == ["conflict", "conflict"]
    (late,) = home.push(edit({"n_school": (2, 6)}, after="a"))
    assert (late.status, beside(home, late)) == ("conflict", [("n_school", 2, 2, 6)])


def test_what_lost_and_was_settled_excuses_nothing_any_more(home: Desk):
    by_tono(home, {"size": (4, 3)})
    (lost,) = home.push(edit({"size": (4, 6)}))
    assert by_tono(home, {"size": (3, 4)}, base=2, resolves=lost.conflicts).status == "applied"
    (late,) = home.push(edit({"n_school": (2, 5)}, base=3))
    assert (late.status, [error.code for error in late.errors]) == ("rejected", ["COUNT_ABOVE_SIZE"])


@pytest.mark.parametrize("tells", [True, False])
@pytest.mark.parametrize("chosen", [3, 4])
def test_what_lost_and_was_settled_unheard_was_before_its_authors_eyes(home: Desk, chosen: int, *, tells: bool):
    """Rina wrote both without a line, which went down between them; before it is back Tono settles what lost."""
    by_tono(home, {"size": (4, 3)})
    (lost,) = home.push(edit({"size": (4, 6)}, id="larger"))
    assert by_tono(home, {"size": (3, chosen)}, base=2, resolves=lost.conflicts).status == "applied"
    (late,) = home.push(edit({"n_school": (2, 5)}, **({"after": "larger"} if tells else {})))
    assert (late.status, beside(home, late)) == ("conflict", [("n_school", 2, 2, 5)])


def test_what_lost_and_was_settled_by_its_author_excuses_nothing_any_more(home: Desk):
    by_tono(home, {"size": (4, 3)})
    (lost,) = home.push(edit({"size": (4, 6)}, id="larger"))
    assert home.statuses(edit({"size": (3, 3)}, base=2, id="settled", after="larger", resolves=lost.conflicts)) == [
        "applied"
    ]
    (late,) = home.push(edit({"n_school": (2, 5)}, base=2, after="settled"))
    assert (late.status, [error.code for error in late.errors]) == ("rejected", ["COUNT_ABOVE_SIZE"])


def test_what_its_author_saw_before_the_server_was_put_back_is_not_counted_against_him(home: Desk):
    """He saw a family of six; his laptop tells it as written upon the first version, since it heard of the restore."""
    begin_life(home)
    late = by_tono(home, {"n_school": (2, 5)})
    assert (late.status, beside(home, late)) == ("conflict", [("n_school", 2, 2, 5)])
    assert home.statuses(edit({"size": (4, 6)}, again=True)) == ["applied"]


def test_an_answer_that_makes_another_one_an_error_lies_beside_the_record_whoever_gave_that(home: Desk):
    """It may have come from the record's time in another one: its author need not have seen both."""
    home.push(edit({"n_school": (2, 4)}))
    (late,) = home.push(edit({"size": (4, 2), "rt": (2, 7)}))
    assert (late.status, beside(home, late)) == ("conflict", [("size", 4, 4, 2)])
    stands = standing(home)
    assert (stands["size"], stands["n_school"], stands["rt"]) == (4, 4, 7)


def test_what_leans_on_an_edit_that_is_still_on_its_way_is_not_refused(home: Desk):
    """Of one giving the later stick may be read first."""
    first, second, _third = THREE
    (late,) = home.push(second)
    assert (late.status, beside(home, late)) == ("conflict", [("n_school", 2, 2, 5)])
    assert home.statuses(first) == ["applied"]


@pytest.mark.parametrize("tells", [True, False])
def test_an_answer_of_ones_own_stays_before_ones_eyes_whatever_unseen_ones_lie_under_it(desk: Desk, *, tells: bool):
    desk.add("Tono")
    first = make_household(size=4, n_school=2)
    desk.push(first)
    by_tono(desk, {"size": (4, 3)})
    by_tono(desk, {"size": (3, 4)}, base=2)
    own = {"after": first.id} if tells else {}
    assert desk.statuses(edit({"size": (4, 6)}, id="own", **own)) == ["merged"]
    by_tono(desk, {"size": (6, 3)}, base=4)
    (late,) = desk.push(edit({"n_school": (2, 5)}, **({"after": "own"} if tells else {})))
    assert (late.status, beside(desk, late)) == ("conflict", [("n_school", 2, 2, 5)])


@pytest.mark.parametrize("order", [*permutations(THREE)], ids=lambda order: " ".join(one.id for one in order))
def test_what_waited_for_a_record_is_judged_as_it_was_written_whatever_order_it_came_in(
    desk: Desk, order: tuple[WireChange, ...]
):
    desk.add("Tono")
    for minute, one in enumerate(order):
        desk.at = f"2026-11-23T00:0{minute}:00.000Z"
        assert desk.statuses(one) == ["held"]
    desk.push(make_household(size=4, n_school=2))
    assert desk.conflicts() == {}
    assert (standing(desk)["size"], standing(desk)["n_school"]) == (5, 5)
