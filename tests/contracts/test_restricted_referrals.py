"""A referral to the protection of women and children goes to its author and the supervisors, and to nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from kube_field.domain.records import RecordKind, Role
from kube_field.server.routes import quarantine
from kube_field.server.storage.accounts import Accounts
from kube_field.server.storage.proof import check_feed
from kube_field.wire.messages import WireChange
from kube_field.wire.quarantine import AskAside, Decide
from kube_field.wire.refusals import Refusal
from tests.contracts.desk import KECAMATAN, Desk
from tests.support.make_answers import complete_referral, complete_referral_status, complete_review
from tests.support.wire_changes import make_edit, make_fact, make_household, make_person

SHELF = "64.02:user-rina"
ELSEWHERE = "64.08:user-rina"
MAY_READ = ("Rina", "Sari", "Admin")
MAY_NOT = ("Budi", "Dewi", "Tuti", "Wati", "Pak", "Semua")


@pytest.fixture(autouse=True)
def sound(desk: Desk):
    """Sari supervises Rina's kabupaten, Tuti another one; Semua is a field officer of the whole province."""
    for name, role, area in (
        ("Sari", Role.PENYELIA_KAB, "64.02"),
        ("Tuti", Role.PENYELIA_KAB, "64.08"),
        ("Admin", Role.ADMIN_PROV, "64"),
        ("Budi", Role.PENDAMPING, KECAMATAN),
        ("Dewi", Role.PEKERJA_SOSIAL, "64.02"),
        ("Wati", Role.PSM, KECAMATAN),
        ("Pak", Role.PIMPINAN, "64"),
        ("Semua", Role.PENDAMPING, "64"),
    ):
        desk.add(name, role, (area,))
    assert desk.statuses(make_household(), make_person()) == ["applied"] * 2
    yield
    assert check_feed(desk.house.database) == []


def referral(uid: str = "referral-1", *, partner: str = "uptd_ppa", **fields: Any) -> WireChange:
    return make_fact(uid, RecordKind.REFERRAL, "person-1", complete_referral(partner_kind=partner), **fields)


def status(uid: str = "status-1", by: str = "Rina", **fields: Any) -> WireChange:
    made = make_fact(
        uid, RecordKind.REFERRAL_STATUS, "referral-1", complete_referral_status(), body={"number": ""}, **fields
    )
    made.by = f"user-{by.lower()}"
    return made


def review(by: str) -> WireChange:
    made = make_fact("review-1", RecordKind.REVIEW, "referral-1", complete_review(), body={"number": ""}, scope=SHELF)
    made.by = f"user-{by.lower()}"
    return made


def transfer(desk: Desk, name: str) -> None:
    """The officer works in another kabupaten from now on."""
    with desk.house.database.write():
        Accounts(desk.house.database).grant(f"user-{name.lower()}", ("64.07",), "2026-11-23T00:30:00.000Z")


def waiting_for(desk: Desk, name: str) -> tuple[list[str], int | None]:
    """What was set aside and waits for this supervisor: the changes, and how many the list says that it holds."""
    answer = quarantine.list_aside(desk.call(AskAside(by=f"user-{name.lower()}"), name))
    return [item.change for item in answer.items], answer.total


def held_by(desk: Desk, name: str) -> set[str]:
    """What an officer's laptop would receive, whatever scope it lies in."""
    scopes = [scope for (scope,) in desk.rows("SELECT scope FROM scope_head")]
    found: set[str] = set()
    for scope in scopes:
        try:
            found |= {row.uid for row in desk.pull(scope, name).rows}
        except Refusal:
            continue
    return found


@pytest.mark.parametrize("name", MAY_READ)
def test_author_and_supervisors_receive_it(desk: Desk, name: str):
    assert desk.statuses(referral(), status()) == ["applied"] * 2
    assert {"referral-1", "status-1"} <= held_by(desk, name)


@pytest.mark.parametrize("name", MAY_NOT)
def test_nobody_else_receives_it_or_what_hangs_on_it(desk: Desk, name: str):
    assert desk.statuses(referral(), status()) == ["applied"] * 2
    assert {"referral-1", "status-1"} & held_by(desk, name) == set()
    with pytest.raises(Refusal):
        desk.pull(SHELF, name)


def test_an_ordinary_referral_goes_to_everybody_of_the_area(desk: Desk):
    assert desk.statuses(referral(partner="bank_kur")) == ["applied"]
    assert "referral-1" in held_by(desk, "Budi")


def test_a_referral_that_comes_with_other_facts_is_put_apart_too(desk: Desk):
    other = make_fact(
        "consent-9",
        RecordKind.CONSENT,
        "person-1",
        {"item": "foto", "given": True, "given_on": "2026-11-20", "how": "lisan"},
    )
    assert desk.statuses(other, referral()) == ["applied"] * 2
    assert desk.rows("SELECT uid, scope FROM record WHERE uid = 'referral-1'") == [("referral-1", SHELF)]
    assert "consent-9" in held_by(desk, "Budi")


def test_a_supervisor_follows_and_reviews_it_and_the_author_hears(desk: Desk):
    assert desk.statuses(referral()) == ["applied"]
    answer = desk.push(status(by="Sari", scope=SHELF), name="Sari")[0]
    assert [answer.status, desk.push(review("Sari"), name="Sari")[0].status] == ["applied"] * 2
    assert {"status-1", "review-1"} <= held_by(desk, "Rina")
    assert {"status-1", "review-1"} & held_by(desk, "Budi") == set()


@pytest.mark.parametrize("name", ["Budi", "Tuti", "Semua"])
def test_nobody_else_writes_about_it(desk: Desk, name: str):
    assert desk.statuses(referral()) == ["applied"]
    assert desk.push(status(by=name, scope=SHELF), name=name)[0].status == "rejected"
    assert desk.push(status("status-2", by=name), name=name)[0].status in ("rejected", "quarantined")
    assert "status-2" not in held_by(desk, "Rina")


@pytest.mark.parametrize("late", [status(scope=SHELF), status("status-2")])
def test_what_its_author_wrote_before_a_transfer_waits_for_the_supervisors_of_the_kabupaten(
    desk: Desk, late: WireChange
):
    assert desk.statuses(referral()) == ["applied"]
    transfer(desk, "Rina")
    (result,) = desk.push(late)
    assert (result.status, result.errors[0].code) == ("quarantined", "FORMER_AREA")
    assert [waiting_for(desk, name) for name in ("Sari", "Admin", "Tuti")] == [([late.id], 1), ([late.id], 1), ([], 0)]
    decided = quarantine.decide(desk.call(Decide(by="user-sari", change=late.id, decision="accept", reason=""), "Sari"))
    assert decided.status == "applied"
    assert {"referral-1", late.uid} <= held_by(desk, "Sari")
    assert {"referral-1", late.uid} & (held_by(desk, "Rina") | held_by(desk, "Budi")) == set()


def test_what_a_supervisor_wrote_before_a_transfer_waits_for_the_next_one(desk: Desk):
    assert desk.statuses(referral()) == ["applied"]
    transfer(desk, "Sari")
    late = review("Sari")
    (result,) = desk.push(late, name="Sari")
    assert (result.status, result.errors[0].code) == ("quarantined", "FORMER_AREA")
    desk.add("Bayu", Role.PENYELIA_KAB, ("64.02",))
    assert waiting_for(desk, "Bayu") == ([late.id], 1)


def test_whoever_never_read_it_is_refused_for_good_though_the_kabupaten_was_his(desk: Desk):
    assert desk.statuses(referral()) == ["applied"]
    transfer(desk, "Budi")
    assert [result.status for result in desk.push(status(by="Budi", scope=SHELF), name="Budi")] == ["rejected"]


def test_it_follows_a_family_that_moves_to_another_kabupaten(desk: Desk):
    assert desk.statuses(referral(), status()) == ["applied"] * 2
    move = make_edit(RecordKind.HOUSEHOLD, "home-1", {"village_code": ("64.02.12.2002", "64.08.03.2001")}, base=1)
    assert desk.statuses(move) == ["applied"]
    places = dict(desk.rows("SELECT uid, scope FROM record WHERE uid IN ('referral-1', 'status-1', 'person-1')"))
    assert places == {"person-1": "64.08.03", "referral-1": ELSEWHERE, "status-1": ELSEWHERE}
    assert "referral-1" in held_by(desk, "Tuti")
    assert "referral-1" not in held_by(desk, "Sari")


def test_nobody_makes_a_shelf_for_something_else(desk: Desk):
    visit = make_fact(
        "consent-8",
        RecordKind.CONSENT,
        "person-1",
        {"item": "foto", "given": True, "given_on": "2026-11-20", "how": "lisan"},
        scope=SHELF,
    )
    assert desk.statuses(visit) == ["applied"]
    assert desk.rows("SELECT scope FROM record WHERE uid = 'consent-8'") == [(KECAMATAN,)]
