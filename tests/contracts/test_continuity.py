"""Who is talking to us: lost answers, clones, laptops and servers put back (sync design 3.2), on both databases."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from msgspec import Raw

from kube_field.domain.records import Role
from kube_field.server.endpoint import Call, Caller, authenticate
from kube_field.server.routes import exchange
from kube_field.server.routes.hello import hello
from kube_field.server.storage.accounts import Accounts, Laptop
from kube_field.server.storage.lives import HEARD
from kube_field.wire.codec import to_json
from kube_field.wire.messages import Hello, HelloAnswer, Push, PushAnswer, ScopeState, WireChange
from kube_field.wire.refusals import Refusal, RefusalCode
from tests.contracts.desk import KECAMATAN, Desk
from tests.contracts.put_back import life_of
from tests.support.wire_changes import make_household


@dataclass
class Image:
    """What a laptop remembers of its sessions; a copy of it is a clone."""

    desk: Desk
    device: str = "laptop-Rina"
    login: str = ""
    token: str | None = None
    step: int = 0
    epoch: str = ""
    seen: dict[str, ScopeState] = field(default_factory=dict)

    def clone(self) -> Image:
        return replace(self, step=self.step + 1000, seen=dict(self.seen))

    def ask(self, handler, body):
        database = self.desk.house.database
        with database.write():
            accounts = Accounts(database)
            if self.login:
                caller = authenticate(accounts, f"Bearer {self.login}")
            else:
                holder, device = accounts.user("Rina"), accounts.device("laptop-Rina")
                assert holder is not None
                assert device is not None
                caller = Caller(holder, device, accounts.officers(device.device_id))
            return handler(Call(self.desk.house, body, {}, "127.0.0.1", "2026-11-23T02:00:00.000Z", caller))

    def send_hello(self) -> HelloAnswer:
        """The request arrives; whether the answer does is the test's business."""
        body = Hello(device=self.device, continuity=self.token, step=str(self.step), epoch=self.epoch, scopes=self.seen)
        return self.ask(hello, body)

    def take(self, answer: HelloAnswer | PushAnswer) -> None:
        self.token, self.step = answer.continuity, self.step + 1
        if isinstance(answer, HelloAnswer):
            self.device, self.login, self.epoch = answer.device, answer.token or self.login, answer.epoch

    def hello(self) -> HelloAnswer:
        answer = self.send_hello()
        self.take(answer)
        return answer

    def send_push(self, *changes: WireChange) -> PushAnswer:
        raws = [Raw(to_json(change)) for change in changes]
        return self.ask(
            exchange.push, Push(device=self.device, continuity=self.token, step=str(self.step), changes=raws)
        )

    def push(self, *changes: WireChange) -> PushAnswer:
        answer = self.send_push(*changes)
        self.take(answer)
        return answer


@pytest.fixture
def rina(desk: Desk) -> Image:
    return Image(desk)


def devices(desk: Desk) -> list[Laptop]:
    with desk.house.database.read():
        return Accounts(desk.house.database).devices()


def refusal_of(work) -> RefusalCode:
    with pytest.raises(Refusal) as caught:
        work()
    return caught.value.code


def test_a_laptop_that_goes_on_stays_what_it_is(rina: Image):
    for _run in range(3):
        assert (rina.hello().standing, rina.hello().token) == ("ok", "")
        rina.push()
    assert [one.device_id for one in devices(rina.desk)] == ["laptop-Rina"]


def test_hole_2_a_push_renews_the_token_so_that_what_it_brought_cannot_vanish_unnoticed(rina: Image):
    rina.hello()
    before = rina.token
    rina.push(make_household())
    assert rina.token != before
    rina.hello()
    old = replace(rina, token=before)
    assert old.send_hello().standing == "broken"


def test_hole_3_a_repeated_step_gets_a_fresh_token_and_every_one_of_them_is_expected(rina: Image):
    rina.hello()
    change = make_household()
    handed_out = [rina.send_push(change).continuity for _try in range(4)]
    assert len(set(handed_out)) == 4

    rina.token, rina.step = handed_out[1], rina.step + 1
    assert rina.hello().standing == "ok"
    assert replace(rina, token=handed_out[2], step=77).send_hello().standing == "broken"


def test_a_step_may_begin_as_a_push_and_be_repeated_as_a_hello(rina: Image):
    rina.hello()
    rina.send_push(make_household())
    assert rina.hello().standing == "ok"


def test_the_first_hello_may_be_repeated_without_any_token(rina: Image):
    rina.send_hello()
    assert rina.hello().standing == "ok"
    assert len(devices(rina.desk)) == 1


def test_a_push_of_a_clone_is_told_to_say_hello_and_leaves_no_trace(rina: Image):
    rina.hello()
    clone = rina.clone()
    rina.push()
    assert refusal_of(lambda: clone.push(make_household())) == RefusalCode.SAY_HELLO
    assert rina.desk.rows("SELECT count(*) FROM intake") == [(0,)]
    assert rina.hello().standing == "ok"


def test_a_clone_becomes_a_laptop_of_its_own_and_the_other_one_never_notices(rina: Image):
    rina.hello()
    clone = rina.clone()
    rina.push()
    answer = clone.hello()
    assert (answer.standing, answer.rollback) == ("broken", False)
    assert answer.device != "laptop-Rina"
    assert answer.token != ""
    assert [(one.parent_device, one.code) for one in devices(rina.desk)] == [("", "L01"), ("laptop-Rina", "L02")]
    for one in (rina, clone, rina, clone):
        assert one.hello().standing == "ok"
        assert [result.status for result in one.push(make_household(f"home-{one.device}-{one.step}")).results] == [
            "applied"
        ]
    assert {one.device_code for one in (rina.hello(), clone.hello())} == {"L01", "L02"}


def test_the_officers_of_a_laptop_work_on_its_clone_too(rina: Image):
    rina.desk.add("Budi", Role.PENDAMPING, ("64.02.09",))
    with rina.desk.house.database.write():
        Accounts(rina.desk.house.database).add_officer("laptop-Rina", "user-budi", "2026-11-23")
    rina.hello()
    clone = rina.clone()
    rina.hello()
    device = clone.hello().device
    with rina.desk.house.database.read():
        officers = Accounts(rina.desk.house.database).officers(device)
    assert [officer.name for officer in officers] == ["Budi", "Rina"]


def test_a_clone_whose_answer_was_lost_is_the_same_new_laptop_again(rina: Image):
    rina.hello()
    clone = rina.clone()
    rina.hello()
    first = clone.send_hello()
    second = clone.hello()
    assert first.device == second.device
    assert clone.hello().standing == "ok"
    assert len(devices(rina.desk)) == 2


def test_a_clone_whose_own_login_token_was_lost_gets_a_name_once_more(rina: Image):
    """The server went back to the moment between the two; the old token goes on working for the old laptop."""
    rina.hello()
    clone = rina.clone()
    rina.hello()
    clone.hello()
    with_old_token = replace(clone, login="")
    assert refusal_of(with_old_token.send_push) == RefusalCode.SAY_HELLO
    again = with_old_token.hello()
    assert (again.standing, again.device_code) == ("broken", "L03")
    assert again.token
    assert with_old_token.hello().standing == "ok"
    assert rina.hello().standing == "ok"


def test_hole_4_the_proof_is_the_chain_at_the_newest_head_ever_seen(rina: Image):
    rina.push(make_household())
    chain = rina.desk.pull().chain
    rina.seen = {KECAMATAN: ScopeState(seq=0, head=1, chain=chain)}
    assert rina.hello().rollback is False
    rina.seen = {KECAMATAN: ScopeState(seq=0, head=1, chain="0" * 64)}
    assert rina.hello().rollback is True
    rina.seen = {KECAMATAN: ScopeState(seq=1, head=2, chain=chain)}
    assert rina.hello().rollback is True


def test_a_server_that_went_back_is_known_by_an_area_too_that_is_not_granted_any_more(rina: Image):
    rina.push(make_household())
    elsewhere = "64.03.01"
    assert elsewhere not in [offer.id for offer in rina.hello().scopes]
    rina.seen = {
        KECAMATAN: ScopeState(seq=1, head=1, chain=rina.desk.pull().chain),
        elsewhere: ScopeState(seq=2, head=2, chain="f" * 64),
    }
    assert rina.hello().rollback is True


def test_a_laptop_keeps_its_name_when_it_was_the_server_that_went_back(rina: Image):
    rina.hello()
    rina.token = "a token of the days that the server lost"
    rina.seen = {KECAMATAN: ScopeState(seq=3, head=3, chain="f" * 64)}
    answer = rina.hello()
    assert (answer.standing, answer.rollback, answer.device, answer.token) == ("broken", True, "laptop-Rina", "")
    rina.seen = {}
    assert rina.hello().standing == "ok"


def test_a_laptop_that_knows_more_tells_the_server_that_it_was_put_back(rina: Image):
    """No witness told: the first laptop begins the new life, those that come behind it find it begun."""
    first = rina.hello().epoch
    other = rina.clone()
    for laptop in (rina, other):
        laptop.seen = {KECAMATAN: ScopeState(seq=3, head=3, chain="f" * 64)}
    second = rina.hello().epoch
    assert second != first
    assert other.hello().epoch == second
    rina.seen = {}
    assert rina.hello().epoch == second
    life = life_of(rina.desk.house)
    assert (life.epoch, life.number, life.parent, life.reason) == (second, 2, first, HEARD)


def test_a_server_put_back_twice_hears_of_the_second_time_too(rina: Image):
    rina.hello()
    for _restore in range(2):
        rina.seen = {KECAMATAN: ScopeState(seq=3, head=3, chain="f" * 64)}
        rina.hello()
        rina.seen = {}
        rina.hello()
    assert life_of(rina.desk.house).number == 3


def test_in_another_epoch_an_unknown_token_makes_no_clone(rina: Image):
    rina.hello()
    rina.token, rina.epoch = "a token of the days that the server lost", "the epoch before"
    answer = rina.hello()
    assert (answer.standing, answer.rollback, answer.device) == ("broken", False, "laptop-Rina")
    assert rina.hello().standing == "ok"
    assert len(devices(rina.desk)) == 1


def test_a_revoked_laptop_takes_its_clones_along(rina: Image):
    rina.hello()
    clone = rina.clone()
    rina.hello()
    clone.hello()
    with rina.desk.house.database.write():
        Accounts(rina.desk.house.database).revoke_device("laptop-Rina", "2026-11-24T00:00:00.000Z")
    assert refusal_of(clone.send_hello) == RefusalCode.DEVICE_REVOKED
