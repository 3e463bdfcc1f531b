"""A supervisor sees what was set aside in his areas and nowhere else, and decides each of it once; both databases."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kube_field.domain.records import RecordKind, Role
from kube_field.server import aside
from kube_field.server.applying import Applying
from kube_field.server.routes import exchange, quarantine
from kube_field.server.routes.hello import hello
from kube_field.server.storage.proof import check_feed
from kube_field.wire.codec import from_json, to_json
from kube_field.wire.messages import Hello, WireChange
from kube_field.wire.quarantine import AsideAnswer, AskAside, Decide, Decided
from kube_field.wire.refusals import Refusal, RefusalCode
from kube_field.wire.server_words import ServerKind
from tests.contracts.desk import Desk
from tests.support.make_answers import (
    GROUP_UID,
    VILLAGE,
    complete_group,
    complete_household,
    complete_membership,
    reference_to,
)
from tests.support.wire_changes import make_edit, make_fact, make_household, make_person

OLD = complete_household()["head_name"]


@pytest.fixture(autouse=True)
def sound(desk: Desk):
    """Sari supervises Rina's kabupaten, Bayu the other one, Ayu the province; the proofs hold at the end."""
    desk.add("Sari", Role.PENYELIA_KAB, ("64.02",))
    desk.add("Bayu", Role.PENYELIA_KAB, ("64.07",))
    desk.add("Ayu", Role.ADMIN_PROV, ("64",))
    yield
    assert check_feed(desk.house.database) == []


def seen(desk: Desk, name: str, **fields: str) -> AsideAnswer:
    """The list as it travels."""
    answer = quarantine.list_aside(desk.call(AskAside(by=f"user-{name.lower()}", **fields), name))
    return from_json(AsideAnswer, to_json(answer))


def ids(desk: Desk, name: str) -> list[str]:
    return [item.change for item in seen(desk, name).items]


def decide(desk: Desk, name: str, change: WireChange | str, decision: str = "accept", reason: str = "") -> Decided:
    wanted = change if isinstance(change, str) else change.id
    body = Decide(by=f"user-{name.lower()}", change=wanted, decision=decision, reason=reason)
    return quarantine.decide(desk.call(body, name))


def strange(desk: Desk, uid: str = "home-1") -> WireChange:
    """A family written by somebody whom the server does not know."""
    change = make_household(uid)
    change.by = "somebody"
    assert desk.statuses(change) == ["quarantined"]
    return change


def late_edit(desk: Desk) -> WireChange:
    """Rina's edit of a family that moved to the other kabupaten."""
    desk.push(make_household(), make_edit(RecordKind.HOUSEHOLD, "home-1", {"village_code": (VILLAGE, "64.07.07.2002")}))
    late = make_edit(RecordKind.HOUSEHOLD, "home-1", {"head_name": (OLD, "Terlambat")}, base=1)
    assert desk.statuses(late) == ["quarantined"]
    return late


def fail(desk: Desk, raw: bytes) -> None:
    """A change at which the server failed, whatever it looks like."""
    with desk.house.database.write():
        assert exchange._intake(desk.call(None)).take_failed(raw).status == "failed"


def test_the_record_is_shown_as_its_officer_wrote_it_with_the_reason(desk: Desk):
    change = strange(desk)
    (item,) = seen(desk, "Sari").items
    assert (item.change, item.kind, item.status, item.code) == (change.id, "household", "quarantined", "AUTHOR_UNKNOWN")
    assert item.fields["head_name"] == (None, OLD)
    assert (item.author, item.author_known, item.sender, item.scope) == ("", False, "Rina", "64.02.12")


def test_a_fact_shows_its_answers_its_number_and_the_name_that_it_carries(desk: Desk):
    visit = make_fact()
    visit.by = "somebody"
    desk.push(visit)
    (item,) = seen(desk, "Ayu").items
    assert (item.number, item.occurred_on, item.author) == ("L07-0001", "2026-11-20", "Rina")
    assert "visited_on" in item.fields
    assert "snapshot" not in item.fields


def test_a_late_edit_is_shown_where_the_record_lies_now_and_not_where_it_was(desk: Desk):
    late = late_edit(desk)
    assert ids(desk, "Bayu") == [late.id]
    assert ids(desk, "Sari") == []
    assert ids(desk, "Ayu") == [late.id]
    with pytest.raises(Refusal) as told:
        decide(desk, "Sari", late)
    assert told.value.code == RefusalCode.NOT_ALLOWED
    assert decide(desk, "Bayu", late).status == "merged"


def test_nobody_refuses_what_lies_in_another_area(desk: Desk):
    change = strange(desk)
    with pytest.raises(Refusal) as told:
        decide(desk, "Bayu", change, "refuse", "bukan data kami")
    assert told.value.code == RefusalCode.NOT_ALLOWED
    assert ids(desk, "Sari") == [change.id]


@pytest.mark.parametrize("role", [Role.PENDAMPING, Role.PEKERJA_SOSIAL, Role.PIMPINAN])
def test_other_roles_see_and_decide_nothing(desk: Desk, role: Role):
    change = strange(desk)
    desk.add("Dewi", role, ("64.02",))
    with pytest.raises(Refusal) as told:
        seen(desk, "Dewi")
    assert told.value.code == RefusalCode.NOT_ALLOWED
    with pytest.raises(Refusal):
        decide(desk, "Dewi", change)


def test_nobody_decides_in_the_name_of_an_officer_of_another_laptop(desk: Desk):
    change = strange(desk)
    for body, ask in (
        (AskAside(by="user-sari"), quarantine.list_aside),
        (Decide(by="user-sari", change=change.id, decision="accept"), quarantine.decide),
    ):
        with pytest.raises(Refusal) as told:
            ask(desk.call(body, "Rina"))
        assert told.value.code == RefusalCode.NOT_ALLOWED


def test_a_supervisor_on_a_colleagues_laptop_decides_as_himself(desk: Desk):
    change = strange(desk)
    call = desk.call(Decide(by="user-sari", change=change.id, decision="accept"), "Rina")
    sari = desk.call(None, "Sari").caller.user
    call = replace(call, who=replace(call.caller, colleagues=(sari,)))
    assert (quarantine.decide(call).by, ids(desk, "Sari")) == ("Sari", [])


def test_an_accepted_record_stands_and_its_sender_is_told(desk: Desk):
    change = strange(desk)
    told = decide(desk, "Sari", change)
    assert (told.status, told.yours, told.by, bool(told.at)) == ("applied", True, "Sari", True)
    assert [uid for (uid,) in desk.rows("SELECT uid FROM record WHERE kind = 'household'")] == ["home-1"]
    (word,) = desk.words(ServerKind.DECISION).values()
    assert (word["change"], word["status"]) == (change.id, "applied")


def test_a_refusal_reaches_the_sender_with_its_reason(desk: Desk):
    change = strange(desk)
    told = decide(desk, "Sari", change, "refuse", "Keluarga ini sudah terdaftar")
    assert (told.status, told.errors[0].message) == ("rejected", "Keluarga ini sudah terdaftar")
    (word,) = desk.words(ServerKind.DECISION).values()
    assert word["errors"][0]["message"] == "Keluarga ini sudah terdaftar"
    assert ids(desk, "Sari") == []


def test_a_refusal_without_a_reason_is_none(desk: Desk):
    change = strange(desk)
    with pytest.raises(Refusal) as told:
        decide(desk, "Sari", change, "refuse", "  ")
    assert "Alasan" in told.value.message
    assert ids(desk, "Sari") == [change.id]


def test_an_answer_that_was_lost_is_given_again_and_nothing_happens_twice(desk: Desk):
    change = strange(desk)
    first = decide(desk, "Sari", change)
    assert decide(desk, "Sari", change) == first
    assert desk.rows("SELECT version FROM record WHERE uid = 'home-1'") == [(1,)]


def test_the_first_decision_stands_and_the_second_supervisor_learns_whose_it_was(desk: Desk):
    change = strange(desk)
    decide(desk, "Sari", change, "refuse", "Sudah terdaftar")
    told = decide(desk, "Ayu", change)
    assert (told.status, told.yours, told.by) == ("rejected", False, "Sari")


def test_what_the_server_decided_by_itself_meanwhile_names_nobody(desk: Desk):
    change = strange(desk)
    change.by = "somebody"
    desk.add("Somebody")
    with desk.house.database.write():
        desk.call(None).accounts.add_alias("somebody", "user-somebody")
    desk.push(change)
    told = decide(desk, "Sari", change, "refuse", "Tidak dikenal")
    assert (told.status, told.yours, told.by) == ("applied", False, "")


def test_a_change_that_the_server_does_not_hold_is_told_as_such(desk: Desk):
    with pytest.raises(Refusal) as told:
        decide(desk, "Sari", "nowhere")
    assert told.value.code == RefusalCode.NOT_SET_ASIDE


def test_an_unknown_decision_decides_nothing(desk: Desk):
    change = strange(desk)
    with pytest.raises(Refusal):
        decide(desk, "Sari", change, "maybe")
    assert ids(desk, "Sari") == [change.id]


def test_a_record_that_the_server_could_not_take_is_listed_tried_again_and_refused(desk: Desk, monkeypatch):
    def breaks(*_args: object) -> None:
        raise RuntimeError("poison")

    change = make_household()
    with monkeypatch.context() as broken:
        broken.setattr(Applying, "apply", breaks)
        assert desk.statuses(change) == ["failed"]
        (item,) = seen(desk, "Sari").items
        assert (item.status, item.code) == ("failed", "SERVER_FAULT")
        assert decide(desk, "Sari", change).status == "failed"
    assert decide(desk, "Sari", change).status == "applied"


def test_what_nobody_can_read_is_shown_to_the_province_alone(desk: Desk):
    fail(desk, b'{"id": 7')
    assert ids(desk, "Sari") == []
    (item,) = seen(desk, "Ayu").items
    assert (item.kind, item.fields) == ("", {})
    assert decide(desk, "Ayu", item.change, "refuse", "Tidak terbaca").status == "rejected"


def test_a_body_that_can_be_read_no_more_is_shown_to_the_province_alone(desk: Desk):
    change = make_household()
    fail(desk, to_json(change))
    with desk.house.database.write():
        desk.house.database.run("UPDATE intake SET body = '{\"id\": 7'")
    assert ids(desk, "Sari") == []
    (item,) = seen(desk, "Ayu").items
    assert (item.kind, item.fields) == ("", {})
    assert decide(desk, "Ayu", change, "refuse", "Tidak terbaca").status == "rejected"


@pytest.mark.parametrize(
    "poison",
    [
        {"uid": "\x00"},
        {"uid": "\ud800"},
        {"kind": "from_the_future"},
        {"kind": "visit", "set": {"subject_uid": [None, "\x00"], "answers": [None, 7]}},
        {"set": {"household_id": [None, {"uid": "\x00"}], "head_name": [1, [[["deep"]]]]}},
        {"scope": "\x00"},
        {"scope": "64.02.\ud800", "by": "\ud800"},
        {"set": {"head_name": [None, "\ud800"], "\ud800": [None, 1]}},
        {"set": 7},
    ],
)
def test_poison_never_hides_what_waits_beside_it(desk: Desk, poison: dict[str, Any]):
    bad, good = make_household("home-1"), make_household("home-2")
    fail(desk, to_json(bad))
    fail(desk, to_json(good))
    body = json.dumps({**json.loads(to_json(bad)), **poison})
    fail(desk, body.replace(bad.id, "arrived-so").encode())
    with desk.house.database.write():
        desk.house.database.tell("UPDATE intake SET body = ? WHERE change_id = ?", body, bad.id)
    assert good.id in ids(desk, "Sari")
    listed = set(ids(desk, "Ayu"))
    assert {bad.id, good.id} < listed
    assert len(listed) == 3
    assert decide(desk, "Ayu", bad, "refuse", "Rusak").status == "rejected"


def test_what_waits_for_its_parent_for_long_is_shown_but_cannot_be_decided(desk: Desk):
    visit = make_fact()
    assert desk.statuses(visit) == ["held"]
    assert ids(desk, "Sari") == [], "a parent may be on its way"
    later = desk.house.now() + timedelta(days=6)
    desk.house = replace(desk.house, now=lambda: later)
    (item,) = seen(desk, "Sari").items
    assert (item.status, item.waits_for) == ("held", "unit-1")
    told = decide(desk, "Sari", visit)
    assert (told.status, told.yours) == ("held", False)


def test_the_oldest_come_first_and_the_next_page_goes_on_there(desk: Desk, monkeypatch):
    monkeypatch.setattr(quarantine, "MAX_ASIDE", 2)
    changes = sorted(strange(desk, f"home-{n}").id for n in range(5))
    mine, told = [], seen(desk, "Sari")
    mine += told.items
    while told.more:
        told = seen(desk, "Sari", after=told.after)
        mine += told.items
    assert [item.change for item in mine] == changes
    assert [len(told.items), told.more] == [1, False]


def test_the_list_tells_how_many_wait_in_all(desk: Desk, monkeypatch):
    monkeypatch.setattr(quarantine, "MAX_ASIDE", 2)
    for n in range(5):
        strange(desk, f"home-{n}")
    fail(desk, b'{"id": 7')
    assert [seen(desk, name).total for name in ("Sari", "Ayu", "Bayu")] == [5, 6, 0]
    decide(desk, "Sari", ids(desk, "Sari")[0], "refuse", "Sudah terdaftar")
    assert [seen(desk, name).total for name in ("Sari", "Ayu", "Bayu")] == [4, 5, 0]


def greeted(desk: Desk, name: str, *colleagues: str) -> dict[str, int]:
    """What a laptop's hello tells about what waits."""
    call = desk.call(Hello(device=f"laptop-{name}", user=f"user-{name.lower()}", continuity=None, step=name), name)
    others = tuple(desk.call(None, other).caller.user for other in colleagues)
    with desk.house.database.write():
        return hello(replace(call, who=replace(call.caller, colleagues=others))).aside


def test_hello_tells_whoever_decides_how_many_wait_for_him(desk: Desk):
    strange(desk, "home-1")
    strange(desk, "home-2")
    assert greeted(desk, "Sari") == {"user-sari": 2}
    assert greeted(desk, "Bayu") == {"user-bayu": 0}
    assert greeted(desk, "Rina") == {}
    assert greeted(desk, "Rina", "Sari") == {"user-sari": 2}


def test_what_waited_for_an_accepted_record_may_lie_where_only_its_author_works(desk: Desk):
    """Bayu takes in a woman of his kabupaten; her membership of Rina's group was never his to allow."""
    desk.push(make_household(), make_edit(RecordKind.HOUSEHOLD, "home-1", {"village_code": (VILLAGE, "64.07.07.2002")}))
    group = make_edit(RecordKind.KUBE_GROUP, GROUP_UID, complete_group(), create=True)
    member = complete_membership(person_id=reference_to("person-1", "Melati Contoh"))
    joins = make_edit(RecordKind.MEMBERSHIP, "member-1", member, create=True, deps=["person-1"])
    woman = make_person()
    assert desk.statuses(woman, group, joins) == ["quarantined", "applied", "held"]
    assert decide(desk, "Bayu", woman).status == "applied"
    assert desk.statuses(joins) == ["applied"]


def test_a_record_that_moves_takes_what_waits_for_it_to_the_other_list(desk: Desk):
    desk.push(make_household())
    late = make_edit(RecordKind.HOUSEHOLD, "home-1", {"head_name": (OLD, "Terlambat")}, by="somebody")
    assert desk.statuses(late) == ["quarantined"]
    assert (ids(desk, "Sari"), ids(desk, "Bayu")) == ([late.id], [])
    desk.push(make_edit(RecordKind.HOUSEHOLD, "home-1", {"village_code": (VILLAGE, "64.07.07.2002")}))
    assert (ids(desk, "Sari"), ids(desk, "Bayu")) == ([], [late.id])


def test_no_body_is_read_of_what_waits_for_others(desk: Desk, monkeypatch):
    for n in range(4):
        strange(desk, f"home-{n}")
    read: list[str] = []
    own = aside.read_aside
    monkeypatch.setattr(aside, "read_aside", lambda body: read.append(body) or own(body))
    assert ids(desk, "Bayu") == []
    assert read == []
    assert len(ids(desk, "Sari")) == 4
    assert len(read) == 4
