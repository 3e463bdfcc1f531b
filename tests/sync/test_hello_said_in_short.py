"""A laptop says hello in short where it may, and whole where the server asks for it or does not know the short one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kube_field.domain.records import Role
from kube_field.usecases.sync import sync_now, sync_store
from kube_field.wire.refusals import Refusal, RefusalCode
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import register_household, register_person
from tests.support.network import DropsRequest, Line, LosesReply, Repeats
from tests.support.server import AT, RunningServer, enrolled, http_of, running_server
from tests.sync.test_lost_answer import assert_everything_arrived_once


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    with running_server(tmp_path) as running:
        yield running


@pytest.fixture
def rina(tmp_path: Path, server: RunningServer) -> Iterator[Laptop]:
    """A laptop that has said a whole hello, and has a family to send since."""
    with make_laptop(tmp_path, "Rina") as laptop:
        enrolled(server, laptop)
        assert server.sync(laptop.session).outcome == ""
        register_household(laptop.session)
        yield laptop


def greetings(laptop: Laptop, make_line: Callable[[Any], Line] = Line) -> list[str]:
    with http_of(laptop.session) as inner:
        line = make_line(inner)
        assert sync_now(laptop.session, line, wait=lambda _seconds: None).outcome == ""
    return [name for name in line.calls if name in ("hello", "again", "push")]


class Refuses(Line):
    """A server that refuses every hello in short."""

    code = RefusalCode.NO_SUCH_ADDRESS

    def carry(self, name: str, call: Callable[[], Any]) -> Any:
        if name == "again":
            raise Refusal(self.code, "")
        return call()


def test_the_first_batch_goes_with_the_hello(server: RunningServer, rina: Laptop):
    assert greetings(rina) == ["again"]
    assert_everything_arrived_once(server, rina)


@pytest.mark.parametrize(
    "code",
    [
        RefusalCode.NO_SUCH_ADDRESS,
        RefusalCode.BODY_UNREADABLE,
        RefusalCode.BODY_TOO_LARGE,
        RefusalCode.TABLE_REFUSED,
        RefusalCode.SAY_HELLO,
    ],
)
def test_a_server_that_refuses_it_gets_a_whole_one(server: RunningServer, rina: Laptop, code: RefusalCode):
    class Refused(Refuses):
        pass

    Refused.code = code
    assert greetings(rina, Refused) == ["again", "hello", "push"]
    assert_everything_arrived_once(server, rina)


def test_a_new_area_is_noticed_and_downloaded(server: RunningServer, rina: Laptop):
    budi = server.add_user("Budi", Role.PENDAMPING, ("64.08.11",))
    with server.house.database.write():
        server.accounts.add_officer(sync_store(rina.store).device_id(), budi.uid, AT)
    assert greetings(rina) == ["again", "hello", "push"]
    assert sync_store(rina.store).scope_state("64.08.11") == "live"
    assert greetings(rina) == ["again"]
    assert_everything_arrived_once(server, rina)


@pytest.mark.parametrize(
    ("fault", "asked"),
    [(LosesReply, ["again", "again"]), (DropsRequest, ["again", "again"])],
)
def test_a_request_or_answer_that_is_lost_is_repeated(
    server: RunningServer, rina: Laptop, fault: Callable[..., Line], asked: list[str]
):
    assert greetings(rina, lambda inner: fault(inner, "again")) == asked
    assert_everything_arrived_once(server, rina)


def test_one_that_arrives_twice_makes_neither_a_clone_nor_a_double(server: RunningServer, rina: Laptop):
    register_person(rina.session, 2)
    assert greetings(rina, Repeats) == ["again"]
    assert greetings(rina) == ["again"]
    assert_everything_arrived_once(server, rina)
    assert server.count("device") == 1


def test_a_server_put_back_is_told_all_of_it(server: RunningServer, rina: Laptop):
    greetings(rina)
    with server.house.database.write():
        for table in ("feed", "scope_index", "scope_head", "record", "record_version", "intake"):
            server.house.database.run(f"DELETE FROM {table}")
    calls = greetings(rina)
    assert calls[:2] == ["again", "hello"]
    assert_everything_arrived_once(server, rina)
