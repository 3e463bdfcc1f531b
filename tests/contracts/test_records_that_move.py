"""People move away: the record leaves one area and stands in another with all that hangs on it, on both databases."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from msgspec import UNSET, UnsetType
from msgspec.structs import replace as replaced

from kube_field.domain.records import RecordKind
from kube_field.server import reviewing
from kube_field.server.applying import Applying
from kube_field.server.endpoint import House
from kube_field.server.storage.accounts import Accounts
from kube_field.server.storage.proof import check_feed
from kube_field.wire.codec import to_json
from kube_field.wire.messages import WireChange
from tests.contracts.desk import KECAMATAN, Desk
from tests.support.make_answers import (
    VILLAGE,
    complete_consent,
    complete_group,
    complete_household,
    complete_membership,
    complete_unit,
    complete_value_history,
    reference_to,
)
from tests.support.wire_changes import make_edit, make_fact, make_household, make_person, make_unit_change

OTHER = "64.07.07"
OTHER_VILLAGE = "64.07.07.2002"
OLD = complete_household()["head_name"]


@pytest.fixture(autouse=True)
def sound(desk: Desk):
    """Budi works in the other area; whatever happens, the proofs hold at the end."""
    desk.add("Budi", areas=(OTHER,))
    yield
    assert check_feed(desk.house.database) == []


def move(uid: str = "home-1", kind: RecordKind = RecordKind.HOUSEHOLD, *, base: int = 1) -> WireChange:
    """As Rina's laptop says it: the change already names the new area."""
    return make_edit(kind, uid, {"village_code": (VILLAGE, OTHER_VILLAGE)}, base=base, scope=OTHER)


def by_budi(change: WireChange) -> WireChange:
    change.by = "user-budi"
    return change


def places(desk: Desk) -> dict[str, str]:
    return dict(desk.rows("SELECT uid, scope FROM record"))


def states(desk: Desk, scope: str, name: str = "Rina") -> dict[str, str]:
    """What an officer's laptop is told that knew the first row already."""
    return {row.uid: row.st for row in desk.pull(scope, name, seq=0 if name == "Budi" else 1).rows}


def a_family(desk: Desk) -> None:
    """A family, its member with a consent, her business with a visit, and an unsettled conflict about the address."""
    statuses = desk.statuses(
        make_household("first"),
        make_household(),
        make_person("person-1", "home-1"),
        make_fact("consent-1", RecordKind.CONSENT, "person-1", complete_consent(), body={"number": ""}),
        make_unit_change(village_code=None, person_id=reference_to("person-1", "Melati")),
        make_fact(),
    )
    assert statuses == ["applied"] * 4 + ["rejected", "held"], "a unit without a village is no unit"


def test_a_family_takes_its_people_their_facts_and_its_conflicts_along(desk: Desk):
    a_family(desk)
    desk.push(make_edit(RecordKind.HOUSEHOLD, "home-1", {"head_name": (OLD, "Satu")}, base=1))
    (late,) = desk.push(make_edit(RecordKind.HOUSEHOLD, "home-1", {"head_name": (OLD, "Dua")}, base=1))
    (moved,) = desk.push(move(base=2))
    assert (moved.status, moved.version) == ("applied", 3)
    followers = {"home-1", "person-1", "consent-1", late.conflicts[0]}
    assert {uid for uid, scope in places(desk).items() if scope == OTHER} == followers
    left = states(desk, KECAMATAN)
    assert {uid: left[uid] for uid in followers} == dict.fromkeys(followers, "exit")
    assert states(desk, OTHER, "Budi") == dict.fromkeys(followers, "put")


def test_a_row_that_left_tells_nothing_of_the_record_any_more(desk: Desk):
    desk.push(make_household("first"), make_household())
    desk.push(move())
    desk.push(by_budi(make_edit(RecordKind.HOUSEHOLD, "home-1", {"head_name": (OLD, "Rahasia")}, base=2)), name="Budi")
    (row,) = desk.pull(seq=1).rows
    assert (row.uid, row.st, row.v, row.body, row.by, row.sha) == ("home-1", "exit", 2, {}, "", "")


def a_group_with_a_member() -> list[WireChange]:
    named = {"group_id": reference_to("group-1", "KUBE"), "person_id": reference_to("person-1", "Melati")}
    return [
        make_edit(RecordKind.KUBE_GROUP, "group-1", complete_group(), create=True),
        make_edit(RecordKind.MEMBERSHIP, "member-1", complete_membership(**named), create=True),
    ]


def test_a_group_takes_its_members_and_a_unit_goes_by_its_own_village(desk: Desk):
    unit = make_edit(
        RecordKind.BUSINESS_UNIT,
        "unit-1",
        complete_unit(group_id=reference_to("group-1", "KUBE")),
        create=True,
    )
    assert desk.statuses(*a_group_with_a_member(), unit, make_fact()) == ["applied"] * 4
    desk.push(move("group-1", RecordKind.KUBE_GROUP))
    assert places(desk) == {"group-1": OTHER, "member-1": OTHER, "unit-1": KECAMATAN, "visit-1": KECAMATAN}
    desk.push(move("unit-1", RecordKind.BUSINESS_UNIT))
    assert set(places(desk).values()) == {OTHER}


def test_a_person_goes_where_his_new_family_lies(desk: Desk):
    desk.push(make_household(), make_person("person-1", "home-1"))
    elsewhere = by_budi(make_household("home-2", village_code=OTHER_VILLAGE))
    elsewhere.scope = OTHER
    desk.push(elsewhere, name="Budi")
    marries = make_edit(
        RecordKind.PERSON,
        "person-1",
        {"household_id": (reference_to("home-1", "Keluarga"), reference_to("home-2", "Keluarga"))},
        base=1,
    )
    assert desk.statuses(marries) == ["applied"]
    assert places(desk)["person-1"] == OTHER


def test_a_record_that_comes_back_stands_in_its_first_area_again(desk: Desk):
    desk.push(make_household("first"), make_household(), make_person("person-1", "home-1"))
    desk.push(move())
    back = make_edit(RecordKind.HOUSEHOLD, "home-1", {"village_code": (OTHER_VILLAGE, VILLAGE)}, base=2)
    assert desk.statuses(by_budi(back), name="Budi") == ["applied"]
    assert set(places(desk).values()) == {KECAMATAN}
    assert set(states(desk, KECAMATAN).values()) == {"put"}
    assert states(desk, OTHER, "Budi") == {}
    assert {row.st for row in desk.pull(OTHER, "Budi", seq=1).rows} == {"exit"}


def test_there_and_back_again_in_one_batch(desk: Desk):
    back = make_edit(RecordKind.HOUSEHOLD, "home-1", {"village_code": (OTHER_VILLAGE, VILLAGE)}, base=2)
    with desk.house.database.write():
        from kube_field.server.storage.accounts import Accounts

        Accounts(desk.house.database).grant("user-rina", (KECAMATAN, OTHER), "2026-11-23T00:30:00.000Z")
    assert desk.statuses(make_household(), move(), back) == ["applied"] * 3
    assert places(desk) == {"home-1": KECAMATAN}


def test_a_village_nobody_knows_moves_nothing(desk: Desk):
    desk.push(make_household())
    nowhere = make_edit(RecordKind.HOUSEHOLD, "home-1", {"village_code": (VILLAGE, "64.99.99.2001")}, base=1)
    assert desk.statuses(nowhere) == ["rejected"]
    assert places(desk) == {"home-1": KECAMATAN}


def test_a_late_edit_from_the_old_area_waits_for_a_supervisor_and_learns_nothing(desk: Desk):
    desk.push(make_household())
    desk.push(move())
    late = make_edit(RecordKind.HOUSEHOLD, "home-1", {"head_name": (OLD, "Terlambat")}, base=1)
    (result,) = desk.push(late)
    assert (result.status, result.version, result.conflicts) == ("quarantined", 0, [])
    assert result.errors[0].code == "MOVED_AWAY"
    assert result.receipt is not None
    assert json.loads(desk.rows("SELECT body FROM record WHERE uid = 'home-1'")[0][0])["head_name"] == OLD


def test_a_late_edit_that_names_a_third_area_waits_too(desk: Desk):
    desk.push(make_household())
    desk.push(move())
    again = make_edit(
        RecordKind.HOUSEHOLD, "home-1", {"village_code": (OTHER_VILLAGE, "64.72.01.1001")}, base=1, scope="64.72.01"
    )
    assert desk.statuses(again) == ["quarantined"]


def test_a_late_visit_to_a_business_that_moved_waits_for_a_supervisor(desk: Desk):
    desk.push(make_unit_change())
    desk.push(move("unit-1", RecordKind.BUSINESS_UNIT))
    assert desk.statuses(make_fact()) == ["quarantined"]
    assert "visit-1" not in places(desk)


def test_the_old_address_goes_along_with_whoever_moved_the_record(desk: Desk):
    desk.push(make_household())
    history = make_fact(
        "old-1", RecordKind.VALUE_HISTORY, "home-1", complete_value_history(), body={"number": ""}, scope=OTHER
    )
    assert desk.statuses(move(), history) == ["applied", "applied"]
    assert places(desk)["old-1"] == OTHER


def test_a_stranger_is_refused_for_good(desk: Desk):
    desk.add("Citra", areas=("64.72",))
    desk.push(make_household())
    strange = make_edit(RecordKind.HOUSEHOLD, "home-1", {"rt": (2, 7)}, base=1, scope=KECAMATAN)
    strange.by = "user-citra"
    assert desk.statuses(strange, name="Citra") == ["rejected"]


def test_who_moves_a_record_away_from_where_he_saw_it_is_never_refused_for_good(desk: Desk):
    """A server that was put back may have forgotten that the record came into his area."""
    (result,) = desk.push(onward_by_citra(desk), name="Citra")
    assert (result.status, result.errors[0].code) == ("quarantined", "MOVED_AWAY")
    assert places(desk)["home-1"] == KECAMATAN


@pytest.mark.parametrize("decide", [reviewing.accept, lambda house, change: reviewing.refuse(house, change, "Bukan")])
def test_what_he_did_next_is_looked_at_too_though_the_move_was_decided_meanwhile(
    desk: Desk, decide: Callable[[House, str], object]
):
    """He wrote it while the move still waited on his laptop: nobody had told him that the record is not his."""
    moved = onward_by_citra(desk)
    desk.push(moved, name="Citra")
    decide(desk.house, moved.id)
    assert codes_of_what_follows(desk, "Citra") == [("quarantined", "MOVED_AWAY")] * 2
    desk.add("Dewi", areas=("64.72",))
    assert codes_of_what_follows(desk, "Dewi") == [("rejected", "NOT_ALLOWED")] * 2


def test_what_he_did_next_is_looked_at_too_while_the_move_cannot_be_decided(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    moved = onward_by_citra(desk)
    with monkeypatch.context() as broken:
        broken.setattr(Applying, "apply", lambda *_given: 1 / 0)
        assert desk.statuses(moved, name="Citra") == ["failed"]
    assert codes_of_what_follows(desk, "Citra") == [("quarantined", "MOVED_AWAY")] * 2


def test_what_hangs_on_a_record_whose_move_had_to_be_looked_at_is_looked_at_too(desk: Desk):
    """She edits a person of the family and writes a fact about her; neither names the family."""
    moved = onward_by_citra(desk)
    desk.push(make_person())
    desk.push(moved, name="Citra")
    assert codes_of_the_person(desk, "Citra") == [("quarantined", "MOVED_AWAY")] * 2
    desk.add("Dewi", areas=("64.72",))
    assert codes_of_the_person(desk, "Dewi") == [("rejected", "NOT_ALLOWED")] * 2


@pytest.mark.parametrize("names", ["ab", "ba"], ids=["the move first", "the newcomer first"])
def test_what_waited_for_a_record_beside_its_move_is_looked_at_too(desk: Desk, names: str):
    """A server that was put back to before the family: both wait for it, in whatever order they are let go."""
    desk.add("Citra", areas=("64.72",))
    onward, newcomer = a_move_onward(), make_person("person-2")
    newcomer.scope, newcomer.by = OTHER, "user-citra"
    onward.id, newcomer.id = (name * 8 for name in names)
    assert desk.statuses(onward, newcomer, name="Citra") == ["held"] * 2
    desk.push(make_household())
    assert [code_of(desk, change) for change in (onward, newcomer)] == [("quarantined", "MOVED_AWAY")] * 2


def test_a_stranger_who_had_to_wait_is_refused_for_good_all_the_same(desk: Desk):
    desk.add("Citra", areas=("64.72",))
    strange = make_edit(RecordKind.HOUSEHOLD, "home-1", {"rt": (2, 7)}, base=1, scope=KECAMATAN)
    strange.by = "user-citra"
    assert desk.statuses(strange, name="Citra") == ["held"]
    desk.push(make_household())
    assert code_of(desk, strange) == ("rejected", "NOT_ALLOWED")


def test_what_he_did_next_under_his_own_name_is_looked_at_with_a_move_from_before_he_was_enrolled(desk: Desk):
    onward = onward_by_citra(desk)
    onward.by = "local-citra"
    with desk.house.database.write():
        Accounts(desk.house.database).add_alias("local-citra", "user-citra")
    assert desk.statuses(onward, name="Citra") == ["quarantined"]
    assert codes_of_what_follows(desk, "Citra") == [("quarantined", "MOVED_AWAY")] * 2


def test_a_member_of_a_group_whose_move_had_to_be_looked_at_is_looked_at_too(desk: Desk):
    desk.add("Citra", areas=("64.72",))
    desk.push(make_household(), make_person(), *a_group_with_a_member())
    steps_down = make_edit(RecordKind.MEMBERSHIP, "member-1", {"role": ("ketua", "anggota")}, base=2, scope=OTHER)
    steps_down.by = "user-citra"
    moved = a_move_onward("group-1", RecordKind.KUBE_GROUP)
    assert desk.statuses(moved, steps_down, name="Citra") == ["quarantined"] * 2


def test_what_is_founded_in_the_new_village_of_a_person_whom_its_author_moved_is_looked_at(desk: Desk):
    """Like a new person in that family: the officer moved it himself, and then registered a business there."""
    desk.push(make_household(), make_person())
    newcomer, unit = make_person("person-2"), a_unit_there("unit-1", "user-rina")
    newcomer.scope = OTHER
    results = desk.push(move(), newcomer, unit)
    assert [result.status for result in results] == ["applied", "quarantined", "quarantined"]
    assert [result.errors[0].code for result in results[1:]] == ["MOVED_AWAY"] * 2
    desk.add("Dewi", areas=("64.72",))
    assert desk.statuses(a_unit_there("unit-2", "user-dewi"), name="Dewi") == ["rejected"]


def test_what_is_founded_for_a_person_of_a_family_whose_move_had_to_be_looked_at_is_looked_at_too(desk: Desk):
    moved = onward_by_citra(desk)
    desk.push(make_person())
    assert desk.statuses(moved, a_unit_there("unit-1", "user-citra"), name="Citra") == ["quarantined"] * 2


@pytest.mark.parametrize(("seen_in", "status"), [(UNSET, "rejected"), (OTHER, "rejected"), ("64.72.01", "quarantined")])
def test_what_is_new_is_looked_at_if_that_on_which_it_hangs_was_seen_in_its_authors_area(
    desk: Desk, seen_in: str | UnsetType, status: str
):
    """The stick with her move of the family comes later, and the server was put back to before it came to her."""
    desk.add("Citra", areas=("64.72",))
    desk.push(make_household(), make_person())
    newcomer, unit = make_person("person-2"), a_unit_there("unit-1", "user-citra")
    consent = make_fact("consent-1", RecordKind.CONSENT, "person-1", complete_consent(), body={"number": ""})
    for change in (newcomer, unit, consent):
        change.scope, change.by, change.seen_in = OTHER, "user-citra", seen_in
    assert desk.statuses(newcomer, unit, consent, name="Citra") == [status] * 3
    assert set(places(desk)) == {"home-1", "person-1"}


def a_unit_there(uid: str, author: str) -> WireChange:
    """A business of person-1 in the village of the other area."""
    unit = make_unit_change(uid, village_code=OTHER_VILLAGE, person_id=reference_to("person-1", "Melati"))
    unit.scope, unit.by = OTHER, author
    return unit


def codes_of_the_person(desk: Desk, name: str) -> list[tuple[str, str]]:
    """What becomes of an edit of person-1, and of a consent of hers."""
    edit = make_edit(RecordKind.PERSON, "person-1", {"birth_place": ("Tenggarong", "Lalang")}, base=0, scope=OTHER)
    consent = make_fact(
        f"consent-{name}", RecordKind.CONSENT, "person-1", complete_consent(), body={"number": ""}, scope=OTHER
    )
    edit.by = consent.by = f"user-{name.lower()}"
    return [(result.status, result.errors[0].code) for result in desk.push(edit, consent, name=name)]


def onward_by_citra(desk: Desk) -> WireChange:
    """Her move of a family that lies elsewhere on the server."""
    desk.add("Citra", areas=("64.72",))
    desk.push(make_household())
    return a_move_onward()


def a_move_onward(uid: str = "home-1", kind: RecordKind = RecordKind.HOUSEHOLD) -> WireChange:
    """Citra saw the record in her area, of which a server that was put back knows nothing, and moves it on."""
    onward = make_edit(kind, uid, {"village_code": ("64.72.01.1001", OTHER_VILLAGE)}, base=2, scope=OTHER)
    onward.by = "user-citra"
    return onward


def codes_of_what_follows(desk: Desk, name: str) -> list[tuple[str, str]]:
    """What becomes of an edit of the household, and of a new person in it."""
    author = f"user-{name.lower()}"
    edit = make_edit(RecordKind.HOUSEHOLD, "home-1", {"rt": (2, 7)}, base=0, scope=OTHER)
    newcomer = make_person(f"person-{name}", "home-1")
    newcomer.scope = OTHER
    edit.by = newcomer.by = author
    return [(result.status, result.errors[0].code) for result in desk.push(edit, newcomer, name=name)]


@pytest.mark.parametrize(
    ("seen_in", "told"),
    [
        (UNSET, ("rejected", "NOT_ALLOWED")),
        (OTHER, ("rejected", "NOT_ALLOWED")),
        ("64.72.01", ("quarantined", "MOVED_AWAY")),
    ],
)
def test_who_saw_a_record_in_his_area_by_a_merge_that_the_server_forgot_is_never_refused_for_good(
    desk: Desk, seen_in: str | UnsetType, told: tuple[str, str]
):
    desk.add("Citra", areas=("64.72",))
    desk.push(make_household())
    onward = make_edit(
        RecordKind.HOUSEHOLD, "home-1", {"village_code": ("64.02.12.2007", OTHER_VILLAGE)}, base=2, scope=OTHER
    )
    onward.by, onward.seen_in = "user-citra", seen_in
    (result,) = desk.push(onward, name="Citra")
    assert (result.status, result.errors[0].code) == told


@pytest.mark.parametrize(
    ("again", "told"),
    [
        (UNSET, ("rejected", "NOT_ALLOWED")),
        (False, ("rejected", "NOT_ALLOWED")),
        (True, ("quarantined", "ACCEPTED_BEFORE")),
    ],
)
def test_what_was_accepted_before_the_server_was_put_back_is_never_refused_for_good(
    desk: Desk, again: bool | UnsetType, told: tuple[str, str]
):
    """The merge or move by which the record lay in his area is sent again by another laptop, perhaps later."""
    desk.add("Citra", areas=("64.72",))
    desk.push(make_household())
    edit = make_edit(RecordKind.HOUSEHOLD, "home-1", {"address": ("Jalan Melati", "Jalan Mawar")}, base=2)
    edit.by, edit.again = "user-citra", again
    (result,) = desk.push(edit, name="Citra")
    assert (result.status, result.errors[0].code) == told
    assert places(desk)["home-1"] == KECAMATAN


def citras_edit(again: bool | UnsetType) -> WireChange:
    edit = make_edit(RecordKind.HOUSEHOLD, "home-1", {"address": ("Jalan Melati", "Jalan Mawar")}, base=2)
    edit.by, edit.again = "user-citra", again
    return edit


def code_of(desk: Desk, change: WireChange) -> tuple[str, str]:
    ((status, result),) = desk.rows(f"SELECT status, result FROM intake WHERE change_id = '{change.id}'")
    return status, json.loads(result)["errors"][0]["code"]


def test_what_waits_keeps_its_cause_when_it_comes_again_on_a_stick_of_before(desk: Desk):
    """The stick was given before the laptop heard that the server was put back, and does not say that it was taken."""
    desk.add("Citra", areas=("64.72",))
    desk.push(make_household())
    edit = citras_edit(True)
    desk.push(edit, name="Citra")
    edit.again = UNSET
    (result,) = desk.push(edit, name="Citra")
    assert (result.status, result.errors[0].code) == ("quarantined", "ACCEPTED_BEFORE")
    reviewing.reprocess(desk.house)
    assert code_of(desk, edit) == ("quarantined", "ACCEPTED_BEFORE")


def test_what_is_held_is_judged_by_the_fuller_of_its_two_arrivals(desk: Desk):
    """First on a stick of before, then online; its family comes last."""
    desk.add("Citra", areas=("64.72",))
    edit = citras_edit(UNSET)
    assert desk.statuses(edit, name="Citra") == ["held"]
    edit.again = True
    assert desk.statuses(edit, name="Citra") == ["held"]
    desk.push(make_household())
    assert code_of(desk, edit) == ("quarantined", "ACCEPTED_BEFORE")


@pytest.mark.parametrize("first", ["again", "seen_in"])
def test_what_is_held_keeps_what_each_of_its_arrivals_told(desk: Desk, first: str):
    """Neither tells more than the other; both count when the family comes, nothing else of the second does."""
    desk.add("Citra", areas=("64.72",))
    edit = citras_edit(UNSET)
    words = {"again": True, "seen_in": "64.08.03"}
    for name in (first, *(words.keys() - {first})):
        told = replaced(edit, reason=f"bersama {name}", **{name: words[name]})
        assert desk.statuses(told, name="Citra") == ["held"]
    ((kept,),) = desk.rows(f"SELECT body FROM intake WHERE change_id = '{edit.id}'")
    assert json.loads(kept) == {**json.loads(to_json(edit)), "reason": f"bersama {first}", **words}
    desk.push(make_household())
    assert code_of(desk, edit) == ("quarantined", "ACCEPTED_BEFORE")


def test_what_is_held_is_judged_by_its_fuller_arrival_in_one_batch_with_what_it_waits_for(desk: Desk):
    desk.add("Citra", areas=("64.72",))
    edit = citras_edit(UNSET)
    assert desk.statuses(edit, name="Citra") == ["held"]
    edit.again = True
    desk.push(make_household(), edit)
    assert code_of(desk, edit) == ("quarantined", "ACCEPTED_BEFORE")


def test_what_was_refused_on_a_stick_of_before_is_looked_at_when_it_tells_that_it_was_accepted(desk: Desk):
    """The stick came first to the server that was put back; then the laptop heard of that, and sent it again."""
    desk.add("Citra", areas=("64.72",))
    desk.push(make_household())
    edit = citras_edit(UNSET)
    assert desk.statuses(edit, name="Citra") == ["rejected"]
    edit.again = True
    for _time in range(2):
        assert desk.statuses(edit, name="Citra") == ["quarantined"]
        assert code_of(desk, edit) == ("quarantined", "ACCEPTED_BEFORE")
    reviewing.reprocess(desk.house)
    assert code_of(desk, edit) == ("quarantined", "ACCEPTED_BEFORE")
    assert reviewing.accept(desk.house, edit.id).status == "conflict"


def test_what_a_supervisor_refused_stays_refused_whatever_comes_after(desk: Desk):
    desk.add("Citra", areas=("64.72",))
    desk.push(make_household())
    edit = citras_edit(UNSET)
    edit.by = "user-nobody"
    assert desk.statuses(edit, name="Citra") == ["quarantined"]
    reviewing.refuse(desk.house, edit.id, "salah orang")
    edit.again = True
    assert desk.statuses(edit, name="Citra") == ["rejected"]
    assert code_of(desk, edit) == ("rejected", "REFUSED")


def test_a_visit_follows_its_unit_that_moved_before_it_was_sent(desk: Desk):
    desk.push(make_unit_change())
    desk.push(move("unit-1", RecordKind.BUSINESS_UNIT))
    visit = by_budi(make_fact(body={"author_uid": "user-budi"}))
    assert desk.statuses(visit, name="Budi") == ["applied"]
    assert places(desk)["visit-1"] == OTHER


def test_the_history_of_a_move_has_no_holes(desk: Desk):
    desk.push(make_household(), make_person("person-1", "home-1"))
    desk.push(move())
    edited = by_budi(make_edit(RecordKind.PERSON, "person-1", {"birth_place": ("Tenggarong", "Long Lalang")}, base=1))
    (result,) = desk.push(edited, name="Budi")
    assert (result.status, result.version, result.conflicts) == ("merged", 3, [])


def test_what_follows_such_a_move_waits_with_it(desk: Desk):
    desk.add("Citra", areas=("64.72",))
    desk.push(make_household())
    moved = a_move_onward()
    together, later = (
        make_edit(RecordKind.HOUSEHOLD, "home-1", {"rt": (2, number)}, base=3, scope=OTHER) for number in (7, 8)
    )
    together.by = later.by = "user-citra"
    assert desk.statuses(moved, together, name="Citra") == ["quarantined"] * 2
    assert desk.statuses(later, name="Citra") == ["quarantined"]
    other = make_edit(RecordKind.HOUSEHOLD, "home-1", {"rt": (2, 9)}, base=3, scope=OTHER)
    other.by = "user-dewi"
    desk.add("Dewi", areas=("64.72",))
    assert desk.statuses(other, name="Dewi") == ["rejected"], "another officer's word vouches for nobody else"
