"""The first thing a synchronisation must survive: the server did it, and the laptop never heard of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kube_field.usecases.sync import sync_now
from tests.support.laptop import Laptop
from tests.support.make_records import register_household, register_person
from tests.support.network import DropsRequest, Follows, Line, LosesReply, Repeats
from tests.support.server import RunningServer, http_of, running_server


@pytest.fixture
def server(tmp_path: Path):
    with running_server(tmp_path) as running:
        yield running


def run_over(laptop: Laptop, make_line):
    """One run over a failing line; gives the line and the run."""
    with http_of(laptop.session) as inner:
        line: Line = make_line(inner)
        return line, sync_now(laptop.session, line, wait=lambda _seconds: None)


def assert_everything_arrived_once(server: RunningServer, laptop: Laptop) -> None:
    changes = laptop.store.db.rows("SELECT change_id, sha256, receipt_sha256, state FROM outbox")
    assert changes
    assert {(sha == receipt, state) for _id, sha, receipt, state in changes} == {(True, "acked")}
    assert {name for (name,) in server.rows("SELECT change_id FROM intake")} == {name for name, *_rest in changes}
    assert server.made("feed") == server.made("record_version") == len(changes)


def test_a_lost_answer_to_a_push_makes_no_double_and_loses_nothing(server: RunningServer, rina: Laptop):
    register_person(rina.session)
    line, run = run_over(rina, lambda inner: LosesReply(inner, "push"))
    assert run.outcome == ""
    assert line.calls.count("push") == 2
    assert_everything_arrived_once(server, rina)


def test_the_second_arrival_of_a_change_gets_the_same_receipt(server: RunningServer, rina: Laptop):
    register_person(rina.session)
    run_over(rina, lambda inner: LosesReply(inner, "push", times=5))
    kept = dict(server.rows("SELECT change_id, result FROM intake"))
    assert kept
    server.sync(rina.session)
    assert dict(server.rows("SELECT change_id, result FROM intake")) == kept
    for change_id, receipt_id in rina.store.db.rows("SELECT change_id, receipt_id FROM outbox"):
        assert receipt_id in str(kept[change_id])


@pytest.mark.parametrize("call", ["hello", "push", "pull"])
@pytest.mark.parametrize("fault", [LosesReply, DropsRequest])
def test_a_fault_at_any_call_is_overcome_in_the_same_run(server: RunningServer, rina: Laptop, call: str, fault):
    register_person(rina.session)
    _line, run = run_over(rina, lambda inner: fault(inner, call, 2))
    assert run.outcome == ""
    assert_everything_arrived_once(server, rina)


def test_a_line_that_repeats_every_request_changes_nothing_twice(server: RunningServer, rina: Laptop):
    register_person(rina.session)
    _line, run = run_over(rina, Repeats)
    assert run.outcome == ""
    assert_everything_arrived_once(server, rina)


def test_after_five_tries_the_run_gives_up_and_the_queue_stays(server: RunningServer, rina: Laptop):
    register_household(rina.session)
    waits: list[float] = []
    with http_of(rina.session) as inner:
        line = DropsRequest(inner, "hello", times=99)
        run = sync_now(rina.session, line, wait=waits.append)
    assert (run.outcome, run.exit_code, len(line.calls)) == ("S04", 11, 5)
    assert len(waits) == 4
    assert "aman" in run.message
    assert {state for (state,) in rina.store.db.rows("SELECT state FROM outbox")} == {"queued"}
    server.sync(rina.session)
    assert_everything_arrived_once(server, rina)


@pytest.mark.parametrize("seed", range(6))
def test_any_mixture_of_faults_ends_with_everything_there_once(server: RunningServer, rina: Laptop, seed: int):
    import random

    chance = random.Random(seed)
    for n in range(1, 4):
        register_household(rina.session, n)
        plan = [chance.choice(["ok", "drop", "lose", "twice"]) for _ in range(12)]
        run_over(rina, lambda inner, plan=plan: Follows(inner, plan))
    server.sync(rina.session)
    assert_everything_arrived_once(server, rina)


def test_nothing_is_acknowledged_by_a_receipt_for_other_content(server: RunningServer, rina: Laptop):
    register_household(rina.session)

    class Forges(Line):
        def carry(self, name, call):
            answer = call()
            if name == "push":
                for result in answer.results:
                    result.receipt.sha256 = "0" * 64
                if answer.taken is not None:
                    answer.taken.proof = "0" * 64
            return answer

    run_over(rina, Forges)
    assert {state for (state,) in rina.store.db.rows("SELECT state FROM outbox")} == {"attention"}
    assert rina.session.store.queue.pill().failed == 2
