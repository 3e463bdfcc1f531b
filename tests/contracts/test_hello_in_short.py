"""A hello in short is answered only where nothing changed, and takes its batch with it, on both databases."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from msgspec import UNSET, Raw

from kube_field.domain.records import Role
from kube_field.server.routes.again import again, again_one_by_one
from kube_field.server.storage.accounts import Accounts, User
from kube_field.wire.again import Again, AgainAnswer
from kube_field.wire.changes import from_wire
from kube_field.wire.codec import from_json, to_json
from kube_field.wire.messages import HelloAnswer, WireChange
from kube_field.wire.new_facts import table_of
from kube_field.wire.refusals import RefusalCode
from tests.contracts.desk import Desk
from tests.contracts.test_continuity import Image, refusal_of
from tests.contracts.test_new_facts_in_bulk import left
from tests.support.wire_changes import make_fact, make_unit_change

SCOPES = ["64", "64.02.12", "user:user-rina"]


@dataclass
class Known(Image):
    """A laptop that said a whole hello, and what it keeps of the answer."""

    terms: str = ""
    heads: list[tuple[int, str]] = field(default_factory=lambda: [(0, "")] * len(SCOPES))

    def whole(self) -> HelloAnswer:
        answer = self.hello()
        assert [offer.id for offer in answer.scopes] == SCOPES
        self.terms = answer.terms
        return answer

    def short(self, *changes: WireChange, facts: tuple[WireChange, ...] = ()) -> Again:
        body = Again(
            terms=self.terms,
            continuity=self.token or "",
            step=str(self.step),
            seen=self.heads,
            changes=[Raw(to_json(change)) for change in changes],
            facts=table_of([from_wire(fact) for fact in facts]) if facts else UNSET,
        )
        return from_json(Again, to_json(body))

    def again(self, body: Again) -> AgainAnswer:
        answer = self.ask(again, body)
        self.token, self.step = answer.continuity, self.step + 1
        return answer


@pytest.fixture
def rina(desk: Desk) -> Known:
    laptop = Known(desk)
    laptop.whole()
    return laptop


def test_what_is_known_is_not_said_again(rina: Known):
    whole = len(to_json(rina.whole()))
    answer = rina.again(rina.short())
    assert (answer.heads, answer.photos, answer.results) == ([0, 0, 0], [], [])
    assert len(to_json(answer)) < whole / 4
    assert rina.again(rina.short()).continuity == rina.token


def test_a_batch_goes_in_with_it(rina: Known):
    answer = rina.again(rina.short(make_unit_change(), facts=(make_fact("visit-1"), make_fact("visit-2"))))
    assert [one.status for one in answer.results] == ["applied"]
    assert answer.taken is not None
    assert (answer.taken.n, answer.heads) == (2, [0, 0, 0])
    (fed,) = answer.fed
    rina.heads[1] = (fed.head, fed.chain)
    assert rina.again(rina.short()).heads == [0, 3, 0]


def test_a_lost_answer_costs_neither_the_name_nor_a_double(rina: Known):
    body = rina.short(make_unit_change())
    first, second = rina.ask(again, body), rina.ask(again, body)
    assert first.continuity != second.continuity
    assert first.results == second.results
    following = replace(rina, token=first.continuity, step=rina.step + 1)
    assert following.again(following.short()).heads == [0, 1, 0]
    assert rina.desk.rows("SELECT count(*) FROM feed")[0][0] == 1


def change_rights(desk: Desk) -> None:
    accounts = Accounts(desk.house.database)
    user = accounts.user("Rina")
    assert user is not None
    with desk.house.database.write():
        accounts.add_user(User("user-budi", "Budi", Role.PENDAMPING, ("64.08",)), "2026-11-23T02:00:00.000Z")
        accounts.add_officer("laptop-Rina", "user-budi", "2026-11-23T02:00:00.000Z")


@pytest.mark.parametrize("changed", ["terms", "rights", "token", "chain", "server behind", "scopes", "program"])
def test_where_anything_changed_the_whole_hello_is_asked_for_and_nothing_taken(rina: Known, changed: str):
    body = rina.short(make_unit_change())
    if changed == "terms":
        body.terms = "0" * 16
    elif changed == "rights":
        change_rights(rina.desk)
    elif changed == "token":
        body.continuity = "of a clone"
    elif changed == "chain":
        rina.again(rina.short(make_unit_change("unit-2")))
        body = rina.short(make_unit_change())
        body.seen[1] = (1, "0" * 64)
    elif changed == "server behind":
        body.seen[1] = (7, "0" * 64)
    elif changed == "scopes":
        body.seen.pop()
    else:
        body.app = "9.9"
    before, devices = left(rina.desk), rina.desk.rows("SELECT * FROM device")
    assert refusal_of(lambda: rina.ask(again, body)) == RefusalCode.SAY_HELLO
    assert left(rina.desk) == before
    assert rina.desk.rows("SELECT * FROM device") == devices


def test_another_laptop_of_the_officer_has_other_terms(rina: Known):
    other = Known(rina.desk, device="laptop-Rina")
    other.token = rina.token
    assert refusal_of(lambda: other.ask(again, other.short())) == RefusalCode.SAY_HELLO


def test_after_an_unexpected_error_each_change_gets_a_transaction_of_its_own(rina: Known):
    body = rina.short(make_unit_change(), facts=(make_fact("visit-1"), make_fact("visit-2", answers={})))
    answer = again_one_by_one(rina.desk.call(body))
    assert [one.status for one in answer.results] == ["applied", "applied", "rejected"]
    assert answer.taken is None
