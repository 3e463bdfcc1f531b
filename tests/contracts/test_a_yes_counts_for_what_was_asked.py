"""A supervisor's yes lets in what he was asked about, and nothing else that its author wrote; both databases."""

from __future__ import annotations

import json

import pytest

from kube_field.domain.records import PROVINCE_SCOPE, RecordKind, Role
from kube_field.server import reviewing
from kube_field.server.applying import Applying
from kube_field.server.storage.accounts import Accounts, User
from kube_field.server.storage.double_rows import DoubleRows
from kube_field.server.storage.likeness import KK, case_id
from kube_field.server.storage.proof import check_feed
from kube_field.wire.messages import ChangeResult, WireChange
from kube_field.wire.server_words import duplicate_uid
from tests.contracts.desk import KECAMATAN, Desk
from tests.contracts.merge_words import OTHER, OTHER_VILLAGE, by_budi, decision, place
from tests.support.make_answers import (
    BATCH_UID,
    GROUP_UID,
    complete_aid,
    complete_batch,
    complete_group,
    complete_membership,
    complete_visit,
    reference_to,
)
from tests.support.wire_changes import kk_of, make_edit, make_fact, make_household, make_person, make_unit_change

NEW_AREA = "64.72.01"


@pytest.fixture(autouse=True)
def sound(desk: Desk):
    """Tono left this area; Sari supervises it, Ani the province, Budi works in the other one; the proofs hold."""
    desk.add("Sari", Role.PENYELIA_KAB, (KECAMATAN,))
    desk.add("Ani", Role.ADMIN_PROV, ("64",))
    desk.add("Budi", areas=(OTHER,))
    desk.add("Tono")
    let_go(desk, "user-tono")
    yield
    assert check_feed(desk.house.database) == []


def let_go(desk: Desk, user_uid: str) -> None:
    """An officer works in another area from now on."""
    with desk.house.database.write():
        Accounts(desk.house.database).grant(user_uid, (NEW_AREA,), "2026-11-23T00:30:00.000Z")


def by(user_uid: str, change: WireChange) -> WireChange:
    change.by = user_uid
    return change


def officer(desk: Desk, name: str) -> User:
    with desk.house.database.read():
        found = Accounts(desk.house.database).user(name)
    assert found is not None
    return found


def accept(desk: Desk, change: WireChange, name: str = "Sari") -> ChangeResult:
    return reviewing.accept(desk.house, change.id, officer(desk, name))


def now_is(desk: Desk, change: WireChange) -> tuple[str, str, str]:
    """What became of a change: its status, why, and who decided it by hand."""
    ((status, result, decider),) = desk.rows(
        f"SELECT status, result, decided_by FROM intake WHERE change_id = '{change.id}'"
    )
    errors = json.loads(result).get("errors") or [{}]
    return status, errors[0].get("code", ""), decider


def minutes(tranche: int, on: str) -> WireChange:
    answers = complete_aid("person", tranche_no=tranche, handover_on=on)
    return make_fact(f"aid-{tranche}", RecordKind.AID, answers=answers, body={"occurred_on": on})


def give_a_batch(desk: Desk) -> None:
    """A family, and a batch that pays the second tranche after an accepted visit only."""
    fields = {"scope": PROVINCE_SCOPE, "by": "user-ani", "create": True}
    batch = make_edit(RecordKind.PROGRAM_BATCH, BATCH_UID, complete_batch(), **fields)
    assert desk.statuses(make_household(), make_person()) == ["applied"] * 2
    assert desk.statuses(batch, name="Ani") == ["applied"]


def like_number(desk: Desk, *pair: str) -> str:
    """The word about two families of one number, before the server can give it."""
    with desk.house.database.read():
        secret = DoubleRows(desk.house.database).secret()
    return duplicate_uid(case_id(secret, KK, *sorted(pair)), KECAMATAN)


def test_minutes_do_not_come_in_with_the_unit_that_they_waited_for(desk: Desk):
    give_a_batch(desk)
    unit = by("user-tono", make_unit_change())
    first, second = (by("user-tono", minutes(*told)) for told in ((1, "2026-02-10"), (2, "2026-08-10")))
    assert desk.statuses(unit, first, second, name="Tono") == ["quarantined", "held", "held"]
    assert accept(desk, unit).status == "applied"
    assert now_is(desk, first) == now_is(desk, second) == ("quarantined", "FORMER_AREA", "")
    assert accept(desk, second).status == "applied", "asked about the second tranche itself, she may let it in"
    assert now_is(desk, second) == ("applied", "", "user-sari")
    assert now_is(desk, first)[0] == "quarantined"


def test_minutes_of_an_officer_who_works_here_still_need_the_visit_after_his_unit_was_let_in(desk: Desk):
    give_a_batch(desk)
    unit = by("local-rina", make_unit_change())
    second = by("user-rina", minutes(2, "2026-08-10"))
    assert desk.statuses(unit, second) == ["quarantined", "held"]
    with desk.house.database.write():
        Accounts(desk.house.database).add_alias("local-rina", "user-rina")
    assert accept(desk, unit).status == "applied"
    assert now_is(desk, second) == ("quarantined", "TRANCHE_NEEDS_VISIT", "")


def test_two_families_are_not_made_one_by_a_yes_to_one_of_them(desk: Desk):
    other = make_household("home-2", village_code=OTHER_VILLAGE, kk_number=kk_of("home-1"))
    assert desk.statuses(by_budi(other), name="Budi") == ["applied"]
    let_go(desk, "user-sari")
    home = by("user-sari", make_household())
    merge = decision(desk, "merge", "home-1", "home-2", case=like_number(desk, "home-1", "home-2"))
    assert desk.statuses(home, merge, name="Sari") == ["quarantined", "held"]
    assert accept(desk, home, "Ani").status == "applied"
    assert now_is(desk, merge) == ("quarantined", "FORMER_AREA", "")
    assert place(desk, "home-2") == (OTHER, "", "")
    assert accept(desk, merge, "Ani").status == "applied", "asked about the merge itself, the province may make it"
    assert place(desk, "home-2") == (KECAMATAN, "home-1", "home-1")


def test_what_hangs_on_what_was_let_in_comes_along_and_what_lies_elsewhere_does_not(desk: Desk):
    group = make_edit(RecordKind.KUBE_GROUP, GROUP_UID, complete_group(village_code=OTHER_VILLAGE), create=True)
    assert desk.statuses(by_budi(group), name="Budi") == ["applied"]
    home, person = by("user-tono", make_household()), by("user-tono", make_person())
    answers = complete_membership(group_id=reference_to(GROUP_UID, "K"), person_id=reference_to("person-1", "M"))
    member = make_edit(RecordKind.MEMBERSHIP, "member-1", answers, create=True, scope=OTHER, deps=["person-1"])
    by("user-tono", member)
    assert desk.statuses(home, person, member, name="Tono") == ["quarantined", "held", "held"]
    assert accept(desk, home, "Ani").status == "applied"
    assert now_is(desk, person) == ("applied", "", "user-ani")
    assert now_is(desk, member) == ("rejected", "NOT_ALLOWED", ""), "as if it had never waited for anybody"


def test_the_console_lets_in_what_it_was_asked_about_and_no_minutes_beside(desk: Desk):
    give_a_batch(desk)
    unit, second = by("user-tono", make_unit_change()), by("user-tono", minutes(2, "2026-08-10"))
    desk.push(unit, second, name="Tono")
    assert reviewing.accept(desk.house, unit.id).status == "applied"
    assert now_is(desk, second) == ("quarantined", "FORMER_AREA", "")
    assert reviewing.accept(desk.house, second.id).status == "applied"
    assert now_is(desk, second) == ("applied", "", "server")


def test_a_visit_of_the_unit_comes_in_with_it_and_is_no_acceptance(desk: Desk):
    give_a_batch(desk)
    unit, visit = by("user-tono", make_unit_change()), by("user-tono", make_fact(answers=complete_visit("person")))
    second = by("user-tono", minutes(2, "2026-08-10"))
    desk.push(unit, visit, second, name="Tono")
    accept(desk, unit)
    assert now_is(desk, visit) == ("applied", "", "user-sari")
    assert reviewing.reprocess(desk.house).left == 1
    assert now_is(desk, second) == ("quarantined", "FORMER_AREA", "")


# a yes to what cannot be decided yet


def into_a_family_to_come(user_uid: str = "user-tono") -> WireChange:
    """An edit that puts person-1 into a family which the server does not hold yet."""
    families = reference_to("home-1", "Keluarga"), reference_to("home-2", "Keluarga")
    return by(user_uid, make_edit(RecordKind.PERSON, "person-1", {"household_id": families}, base=1))


def accept_it_before_the_family_is_there(desk: Desk, edit: WireChange, name: str = "Sari") -> None:
    desk.push(make_household(), make_person())
    assert desk.statuses(edit, name="Tono") == ["quarantined"]
    assert accept(desk, edit, name).status == "held"


@pytest.mark.parametrize(("name", "uid"), [("Sari", "user-sari"), ("Ani", "user-ani")])
def test_a_yes_stands_while_its_change_waits_for_a_record(desk: Desk, name: str, uid: str):
    edit = into_a_family_to_come()
    accept_it_before_the_family_is_there(desk, edit, name)
    desk.push(make_household("home-2"))
    assert now_is(desk, edit) == ("applied", "", uid)
    assert place(desk, "person-1") == (KECAMATAN, "home-2", "")
    told = {row.body["change"]: row.body["status"] for row in desk.pull("user:user-tono", "Tono").rows}
    assert told == {edit.id: "applied"}


def test_a_yes_of_the_console_stands_too(desk: Desk):
    desk.push(make_household(), make_person())
    edit = into_a_family_to_come()
    desk.push(edit, name="Tono")
    assert reviewing.accept(desk.house, edit.id).status == "held"
    desk.push(make_household("home-2"))
    assert now_is(desk, edit) == ("applied", "", "server")


def test_a_yes_for_an_unknown_author_stands_when_he_is_enrolled_elsewhere_meanwhile(desk: Desk):
    edit = into_a_family_to_come("local-citra")
    accept_it_before_the_family_is_there(desk, edit)
    desk.add("Citra", areas=(NEW_AREA,))
    with desk.house.database.write():
        Accounts(desk.house.database).add_alias("local-citra", "user-citra")
    desk.push(make_household("home-2"))
    assert now_is(desk, edit) == ("applied", "", "user-sari")


def test_a_yes_of_an_officer_who_may_decide_no_more_is_asked_for_anew(desk: Desk):
    edit = into_a_family_to_come()
    accept_it_before_the_family_is_there(desk, edit)
    let_go(desk, "user-sari")
    desk.push(make_household("home-2"))
    assert now_is(desk, edit)[0] == "quarantined"
    assert now_is(desk, edit)[2] == ""
    assert accept(desk, edit, "Ani").status == "applied"


def test_a_yes_to_what_the_server_could_not_take_stands_until_it_can(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    home = by("user-tono", make_household())
    assert desk.statuses(home, name="Tono") == ["quarantined"]
    with monkeypatch.context() as broken:
        broken.setattr(Applying, "apply", lambda *_given: 1 / 0)
        assert accept(desk, home).status == "failed"
        reviewing.reprocess(desk.house)
    assert now_is(desk, home) == ("failed", "SERVER_FAULT", "user-sari")
    assert reviewing.reprocess(desk.house).decided == 1
    assert now_is(desk, home) == ("applied", "", "user-sari")


def test_a_yes_lets_in_nothing_else_that_comes_under_the_same_id(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    home = by("user-tono", make_household())
    desk.push(home, name="Tono")
    with monkeypatch.context() as broken:
        broken.setattr(Applying, "apply", lambda *_given: 1 / 0)
        accept(desk, home)
    other = by("user-tono", make_household(head_name="Orang Lain"))
    other.id = home.id
    assert desk.statuses(other, name="Tono") == ["quarantined"]
    assert desk.rows("SELECT uid FROM record WHERE kind = 'household'") == []
