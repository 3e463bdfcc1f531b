"""No record disappears over an edit that whoever deleted it had not seen, and no edit in a deleted record."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import UNSET

from kube_field.domain.records import RecordKind
from kube_field.server.storage.proof import check_feed
from kube_field.wire.messages import WireChange
from tests.contracts.desk import Desk
from tests.contracts.merge_words import add_deciders, decide, twins
from tests.contracts.put_back import begin_life, life_of
from tests.support.make_answers import complete_household, reference_to
from tests.support.wire_changes import make_edit, make_household, make_person

OLD = complete_household()["head_name"]


def edit(sets: dict[str, Any], *, base: int = 1, by: str = "user-rina", **fields: Any) -> WireChange:
    return make_edit(RecordKind.HOUSEHOLD, "home-1", sets, base=base, by=by, **fields)


def deletion(*, base: int = 1, by: str = "user-rina", **fields: Any) -> WireChange:
    return edit({"deleted": (None, True)}, base=base, by=by, **fields)


def new_name(*, base: int = 1, by: str = "user-tono", **fields: Any) -> WireChange:
    return edit({"head_name": (OLD, "Nama Baru")}, base=base, by=by, **fields)


def is_deleted(desk: Desk, uid: str = "home-1") -> bool:
    ((deleted,),) = desk.rows(f"SELECT deleted FROM record WHERE uid = '{uid}'")
    return bool(deleted)


@pytest.fixture(autouse=True)
def sound(desk: Desk):
    """Tono works beside Rina; whatever happens, the proofs hold at the end."""
    desk.add("Tono")
    yield
    assert check_feed(desk.house.database) == []


# what is decided in one batch


@pytest.mark.parametrize("ids", [("a" * 8, "b" * 8), ("b" * 8, "a" * 8)], ids=["edit first", "deletion first"])
def test_what_waited_for_a_record_sees_what_else_waited_for_it(desk: Desk, ids: tuple[str, str]):
    assert desk.statuses(new_name(id=ids[0]), name="Tono") == ["held"]
    assert desk.statuses(deletion(id=ids[1])) == ["held"]
    desk.push(make_household())
    assert not is_deleted(desk)
    (word,) = desk.conflicts().values()
    assert (word["field"], word["kept"], word["other"]) == ("deleted", None, True)
    assert desk.rows("SELECT body FROM record WHERE uid = 'home-1'")[0][0].count("Nama Baru") == 1


# what one laptop wrote


@pytest.mark.parametrize("together", [True, False], ids=["one batch", "two batches"])
def test_a_deletion_takes_away_what_was_edited_on_the_same_laptop_before(desk: Desk, together: bool):
    desk.push(make_household())
    changes = [new_name(by="user-rina"), deletion()]
    if together:
        desk.push(*changes)
    else:
        desk.push(changes[0])
        desk.push(changes[1])
    assert is_deleted(desk)
    assert desk.conflicts() == {}


def test_a_record_that_was_written_and_deleted_on_one_laptop_is_deleted_however_it_comes(desk: Desk):
    desk.push(make_household())
    assert desk.statuses(deletion(base=0)) == ["merged"]
    assert is_deleted(desk)


def test_a_deletion_on_ones_other_laptop_loses_against_the_edit_that_was_not_seen_there(desk: Desk):
    desk.push(make_household())
    desk.push(new_name(by="user-rina"))
    assert desk.statuses(deletion(), name="Tono") == ["conflict"]
    assert not is_deleted(desk)


def test_a_deletion_loses_against_anothers_edit_beside_an_own_one(desk: Desk):
    desk.push(make_household())
    desk.push(edit({"rt": (2, 7)}))
    desk.push(new_name(), name="Tono")
    assert desk.statuses(deletion()) == ["conflict"]


def test_an_edit_of_what_was_merged_brings_back_what_was_deleted_on_the_same_laptop(desk: Desk):
    """Who edits the one that she still sees did not delete that."""
    add_deciders(desk)
    twins(desk)
    decide(desk, "merge")
    gone = make_edit(RecordKind.PERSON, "person-1", {"deleted": (None, True)}, base=1)
    late = make_edit(RecordKind.PERSON, "person-2", {"birth_place": ("Tenggarong", "Kota Bangun")}, base=1)
    desk.push(gone)
    (result,) = desk.push(late)
    assert (result.status, result.alias, is_deleted(desk, "person-1")) == ("conflict", "person-1", False)


# what was written before where it was written


def test_a_deletion_on_a_copy_of_a_laptop_asks_for_it_has_not_seen_what_the_other_one_wrote(desk: Desk):
    """Nobody knows yet that there are two: both go by the same name."""
    first = make_household()
    desk.push(first)
    desk.push(new_name(by="user-rina", id="edit", after=first.id))
    assert (desk.statuses(deletion(after=first.id)), is_deleted(desk)) == (["conflict"], False)


def test_a_deletion_takes_away_what_was_written_on_its_laptop_before(desk: Desk):
    """Whatever became of what lies between, and under whatever name the laptop comes since."""
    first = make_household()
    desk.push(first)
    desk.push(new_name(id="edit", after=first.id), name="Tono")
    refused = desk.push(edit({"n_school": (2, 50)}, id="refused", after="edit"), name="Tono")
    assert [one.status for one in refused] == ["rejected"]
    assert (desk.statuses(deletion(after="refused")), is_deleted(desk)) == (["merged"], True)


BROKEN = {
    "a program of before wrote it": edit({"rw": (1, 8)}, id="link"),
    "its way damaged it": edit({"rw": (1, 8)}, id="link", after="own", sha256="0" * 64),
    "it never came": None,
}


@pytest.mark.parametrize("link", BROKEN.values(), ids=BROKEN)
def test_where_a_link_is_missing_what_came_from_the_laptop_was_seen_there(desk: Desk, link: WireChange | None):
    desk.push(make_household())
    desk.push(edit({"rt": (2, 7)}, id="own", after=""))
    if link is not None:
        desk.push(link)
    assert (desk.statuses(deletion(after="link")), is_deleted(desk)) == (["merged"], True)


@pytest.mark.parametrize("tells", [True, False])
def test_what_is_let_in_does_not_bring_back_what_its_author_deleted_since(desk: Desk, *, tells: bool):
    """An edit waited for its new family while the one who had written it deleted the person."""
    first = make_person()
    desk.push(make_household(), first)
    away = {"household_id": (reference_to("home-1", "Keluarga"), reference_to("home-9", "Keluarga"))}
    move = make_edit(RecordKind.PERSON, "person-1", away, base=1, id="move", deps=["home-9"])
    gone = make_edit(RecordKind.PERSON, "person-1", {"deleted": (None, True)}, base=1)
    move.after, gone.after = (first.id, "move") if tells else (UNSET, UNSET)
    assert desk.statuses(move) + desk.statuses(gone) == ["held", "applied"]
    desk.push(make_household("home-9"))
    assert (is_deleted(desk, "person-1"), desk.conflicts()) == (True, {})


def test_what_comes_in_one_batch_was_written_where_the_other_was(desk: Desk):
    first = make_household()
    desk.push(first)
    both = (deletion(after="edit"), new_name(by="user-rina", id="edit", after=first.id))
    assert (desk.statuses(*both), is_deleted(desk)) == (["merged", "applied"], True)


# what is of the life before


@pytest.mark.parametrize("told", [{"again": True}, {"life": "another"}], ids=["again", "life"])
@pytest.mark.parametrize("base", [1, 2, 3])
def test_a_deletion_of_the_life_before_does_not_take_away_an_edit_of_this_one(
    desk: Desk, base: int, told: dict[str, Any]
):
    desk.push(make_household())
    begin_life(desk)
    desk.push(new_name(), name="Tono")
    assert desk.statuses(deletion(base=base, **told)) == ["conflict"]
    assert not is_deleted(desk)


def test_a_deletion_of_this_life_takes_away_what_was_seen_in_it(desk: Desk):
    desk.push(make_household())
    begin_life(desk)
    desk.push(new_name(), name="Tono")
    assert desk.statuses(deletion(base=2, life=life_of(desk.house).epoch)) == ["applied"]
    assert is_deleted(desk)


@pytest.mark.parametrize("base", [1, 2, 3])
def test_an_edit_of_the_life_before_brings_back_what_was_deleted_in_this_one(desk: Desk, base: int):
    desk.push(make_household())
    begin_life(desk)
    desk.push(deletion(by="user-tono"), name="Tono")
    assert desk.statuses(edit({"rt": (2, 7)}, base=base, again=True)) == ["conflict"]
    assert not is_deleted(desk)


def test_a_number_that_this_life_has_not_reached_is_of_the_life_before(desk: Desk):
    desk.push(make_household())
    begin_life(desk)
    desk.push(new_name(), name="Tono")
    assert desk.statuses(deletion(base=3)) == ["conflict"]


def test_a_deletion_of_the_life_before_takes_away_what_was_seen_then(desk: Desk):
    desk.push(make_household())
    desk.push(new_name(), name="Tono")
    begin_life(desk)
    assert desk.statuses(deletion(base=2, again=True)) == ["applied"]
    assert is_deleted(desk)


def test_a_deletion_of_the_life_before_takes_away_a_record_that_came_again_itself(desk: Desk):
    begin_life(desk)
    desk.push(make_household(by="user-tono"), name="Tono")
    assert desk.statuses(deletion(again=True)) == ["applied"]
    assert is_deleted(desk)


def test_a_deletion_of_the_first_life_asks_after_a_second_restore_too(desk: Desk):
    """The versions that it counts on were made anew by others in the second life, and are kept in the third."""
    desk.push(make_household())
    begin_life(desk)
    desk.push(new_name(), name="Tono")
    desk.push(edit({"rt": (2, 7)}, base=2, by="user-tono"), name="Tono")
    begin_life(desk)
    assert (desk.statuses(deletion(base=3, again=True)), is_deleted(desk)) == (["conflict"], False)


def test_a_deletion_asks_nothing_for_what_its_own_officer_had_put_over_it(desk: Desk):
    """The other one's answers were there and gone again before; what he deleted is what he had typed."""
    desk.push(make_household(id="new", rt=2))
    for base, sets in ((1, {"rt": (2, 3)}), (2, {"rt": (3, 2)})):
        assert desk.statuses(edit(sets, base=base, by="user-tono"), name="Tono") == ["applied"]
    assert desk.statuses(edit({"rt": (2, 7)}, id="own", after="new")) == ["merged"]
    assert desk.statuses(deletion(after="own")) == ["merged"]
    assert is_deleted(desk)
