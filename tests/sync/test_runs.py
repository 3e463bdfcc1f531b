"""A run as the officer sees it: progress, cancelling, poison, a server put back from a backup."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from kube_field.sync.ports import Progress
from kube_field.usecases.sync import sync_now
from kube_field.wire.canonical import hash_of_change
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import register_household
from tests.support.network import Line
from tests.support.server import RunningServer, enrolled, http_of, running_server


@pytest.fixture
def server(tmp_path: Path):
    with running_server(tmp_path) as running:
        yield running


def states(laptop: Laptop) -> dict[str, int]:
    return dict(laptop.store.db.rows("SELECT state, count(*) FROM outbox GROUP BY state"))


def poison(laptop: Laptop) -> str:
    """Break the first waiting change so that its content does not fit its hash any more; its id."""
    name = laptop.store.db.value("SELECT change_id FROM outbox WHERE state = 'queued' ORDER BY n LIMIT 1")
    with laptop.store.transaction():
        laptop.store.db.execute_sql("UPDATE outbox SET sha256 = ? WHERE change_id = ?", ("0" * 64, name))
    return str(name)


def test_a_poisoned_record_delays_no_other_and_says_why(server: RunningServer, rina: Laptop):
    register_household(rina.session, 1)
    name = poison(rina)
    register_household(rina.session, 2)
    register_household(rina.session, 3)
    run = server.sync(rina.session)
    assert run.refused == 1
    assert run.outcome == ""
    bad = [row for row in rina.session.store.queue.rows() if row.change_id == name]
    assert [row.state for row in bad] == ["rejected"]
    assert bad[0].reason
    assert rina.session.store.queue.pill().failed == 1
    assert rina.session.store.queue.pill().last_good_at == "", "not all was sent"
    again = server.sync(rina.session)
    assert (again.sent, again.refused) == (0, 0), "the child that is held is not asked about again"
    assert states(rina)["held"] == 1


def test_cancelling_stops_between_two_steps_and_the_next_run_goes_on(server: RunningServer, rina: Laptop):
    register_household(rina.session)
    with http_of(rina.session) as inner:
        line = Line(inner)
        run = sync_now(rina.session, line, cancelled=lambda: len(line.calls) >= 1)
    assert (run.outcome, line.calls) == ("CANCELLED", ["hello"])
    assert states(rina) == {"queued": 2}
    assert server.sync(rina.session).sent == 2
    assert [row.outcome for row in rina.session.store.queue.runs()] == ["", "CANCELLED"]


def test_progress_tells_how_far_it_is(server: RunningServer, rina: Laptop):
    register_household(rina.session)
    told: list[Progress] = []
    with http_of(rina.session) as transport:
        sync_now(rina.session, transport, told.append)
    assert told[0] == Progress("push", 2, 2)
    assert (told[-1].phase, told[-1].total) == ("pull", 0), "nobody knows how much comes"


def test_the_last_good_run_is_one_in_which_everything_got_its_receipt(server: RunningServer, rina: Laptop):
    assert rina.session.store.queue.pill().last_good_at == ""
    run = server.sync(rina.session)
    assert rina.session.store.queue.pill().last_good_at == run.ended_at


def test_a_server_put_back_from_a_backup_gets_everything_again(tmp_path: Path):
    with make_laptop(tmp_path) as laptop, make_laptop(tmp_path, "Dewi", code="L08") as other:
        with running_server(tmp_path) as server:
            enrolled(server, laptop)
            enrolled(server, other)
            register_household(laptop.session, 1)
            server.sync(laptop.session)
            server.sync(other.session)
        shutil.copy(tmp_path / "server" / "server.db", tmp_path / "backup.db")
        with running_server(tmp_path) as server:
            move(laptop, server)
            register_household(laptop.session, 2)
            assert server.sync(laptop.session).sent == 2
        shutil.copy(tmp_path / "backup.db", tmp_path / "server" / "server.db")
        with running_server(tmp_path) as server:
            move(laptop, server)
            move(other, server)
            run = server.sync(laptop.session)
            assert run.sent == 2, "what the server lost is sent again under the same ids"
            assert run.notice.startswith("Server provinsi dipulihkan dari cadangan")
            assert [len(laptop.store.queue.handed_over(n)) for n in (1, 2, 3)] == [2, 2, 2], "each paper keeps its rows"
            assert server.rows("SELECT count(*) FROM record WHERE kind <> 'laptop'") == [(4,)]
            server.sync(other.session)
            assert len(other.store.db.rows("SELECT uid FROM household")) == 2
    assert states_of_ids(tmp_path) == 4


def states_of_ids(tmp_path: Path) -> int:
    """Changes on the server after everything."""
    with running_server(tmp_path) as server:
        return server.count("intake")


def move(laptop: Laptop, server: RunningServer) -> None:
    """The server answers at another port now."""
    with laptop.store.transaction():
        laptop.store.db.execute_sql("UPDATE sync_meta SET v = ? WHERE k = 'server_url'", (server.url,))


def test_a_change_of_an_unknown_kind_of_form_is_kept_on_both_sides(server: RunningServer, rina: Laptop):
    register_household(rina.session)
    change = rina.session.store.queue.pending_sets(
        str(rina.store.db.value("SELECT uid FROM outbox WHERE kind = 'household'"))
    )[0]
    newer = replace(change, form_version="2099.1")
    with rina.store.transaction():
        rina.store.db.execute_sql(
            "UPDATE outbox SET form_version = '2099.1', sha256 = ? WHERE change_id = ?",
            (hash_of_change(newer), change.id),
        )
    server.sync(rina.session)
    assert states(rina) == {"attention": 1, "held": 1}
    assert server.rows("SELECT status FROM intake WHERE status = 'failed'") == [("failed",)]
