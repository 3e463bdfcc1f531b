"""The first thing a synchronisation must survive: the server did it, and the laptop never heard of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kube_field.usecases.sync import sync_now
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import make_unit, record_visit, register_person
from tests.support.network import DropsRequest, Follows, LosesReply, Repeats
from tests.support.server import RunningServer, enrolled, http_of, running_server


@pytest.fixture
def server(tmp_path: Path):
    with running_server(tmp_path) as running:
        yield running


@pytest.fixture
def rina(tmp_path: Path, server: RunningServer):
    with make_laptop(tmp_path, "Rina") as laptop:
        yield enrolled(server, laptop)


def states(laptop: Laptop) -> set[str]:
    return {state for (state,) in laptop.store.db.rows("SELECT state FROM outbox")}


def test_a_lost_answer_to_a_push_makes_no_double_and_loses_nothing(server: RunningServer, rina: Laptop):
    register_person(rina.session)
    with http_of(rina.session) as inner:
        line = LosesReply(inner, "push")
        run = sync_now(rina.session, line, wait=lambda _seconds: None)

    assert run.outcome == ""
    assert line.calls.count("push") == 2
    changes = rina.store.db.rows("SELECT change_id, sha256, receipt_sha256, state FROM outbox")
    assert all(sha == receipt and state == "acked" for _id, sha, receipt, state in changes)
    assert server.count("intake") == len(changes)
    assert server.count("record_version") == server.count("record") == server.count("feed")
