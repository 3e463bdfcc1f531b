"""Laptops and a server in processes of their own: lost answers, a killed server, a laptop that was taken off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kube_field.assembly import OpenLaptop, join_server, transport_of
from kube_field.domain.records import RecordKind, Role
from kube_field.errors import Failure
from kube_field.server.storage.database import open_sqlite
from kube_field.usecases.session import WITA
from kube_field.usecases.sync import sync_now
from tests.support import make_answers
from tests.support.command_line import kube, officer_of, set_up
from tests.support.losing_proxy import losing_proxy
from tests.support.make_records import commit_answers
from tests.support.real_server import RealServer
from tests.support.server import OF_CHANGES

AREA = "64.02.12"
FAMILIES = 40


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RealServer]:
    running = RealServer(tmp_path / "server")
    yield running
    running.stop()


def laptop_of(folder: Path, server: RealServer, name: str, url: str = "") -> OpenLaptop:
    laptop = set_up(folder, officer=officer_of(name))
    join_server(laptop, url=url or server.url, code=server.add_user(name, Role.PENDAMPING, AREA).code)
    return laptop


def write_families(laptop: OpenLaptop, count: int = FAMILIES) -> set[str]:
    """Families, each with a check of its desil."""
    made = set()
    checked_on = (datetime.now(WITA).date() - timedelta(days=30)).isoformat()
    for n in range(1, count + 1):
        desil = [{"id": "d", "desil": "2", "checked_on": checked_on, "source": "siks_ng"}]
        answers = make_answers.complete_household(kk_number=f"64021212041{n:05d}", dtsen_rows=desil)
        made.add(commit_answers(laptop.session, RecordKind.HOUSEHOLD, answers).uid)
    return made


def run(laptop: OpenLaptop) -> Any:
    with transport_of(laptop.session) as transport:
        return sync_now(laptop.session, transport, wait=lambda _seconds: None)


def changes_of(laptop: OpenLaptop) -> list[tuple[str, str, str, str]]:
    return list(laptop.store.db.rows("SELECT change_id, state, sha256, coalesce(receipt_sha256, '') FROM outbox"))


def intake_of(server: RealServer) -> list[str]:
    """Ids of the changes that a stopped server took in, each as often as it stands there."""
    server.stop()
    database = open_sqlite(server.folder / "server.db")
    with database.read():
        rows = [str(row[0]) for row in database.run("SELECT change_id FROM intake").fetchall()]
        versions = database.run(f"SELECT count(*) FROM record_version WHERE {OF_CHANGES}").fetchone()[0]
    database.close()
    assert versions == len(rows)
    return rows


def test_answers_that_are_lost_in_the_middle_of_a_push_lose_and_double_nothing(
    tmp_path: Path, server: RealServer
) -> None:
    with losing_proxy(server.url) as proxy, laptop_of(tmp_path / "rina", server, "Rina", proxy.url) as rina:
        made = write_families(rina)
        proxy.lose = {"/sync/v1/push": 2, "/sync/v1/hello": 1}
        outcomes = [run(rina).outcome for _run in range(3)]
        changes = changes_of(rina)
        assert proxy.seen["/sync/v1/push"] >= 3
    assert outcomes[-1] == ""
    assert {(state, sha == receipt) for _id, state, sha, receipt in changes} == {("acked", True)}
    with laptop_of(tmp_path / "budi", server, "Budi") as budi:
        run(budi)
        assert {record.uid for record in budi.store.records.where(RecordKind.HOUSEHOLD)} == made
    assert sorted(intake_of(server)) == sorted(change_id for change_id, *_rest in changes)


def test_while_no_answer_comes_nothing_is_called_sent(tmp_path: Path, server: RealServer) -> None:
    with losing_proxy(server.url) as proxy, laptop_of(tmp_path / "rina", server, "Rina", proxy.url) as rina:
        write_families(rina, 3)
        proxy.lose = {"/sync/v1/push": 99, "/sync/v1/have": 99}
        done = run(rina)
        assert done.outcome
        assert {state for _id, state, *_rest in changes_of(rina)} != {"acked"}
        assert rina.store.queue.pill().unsent == len(changes_of(rina))
        proxy.lose = {}
        assert run(rina).outcome == ""
        assert rina.store.queue.pill().unsent == 0


def test_a_laptop_that_was_taken_off_the_server_says_so_and_keeps_its_work(tmp_path: Path, server: RealServer) -> None:
    with laptop_of(tmp_path / "rina", server, "Rina") as rina:
        write_families(rina, 1)
        code = rina.store.setting("device_code")
    sent = kube(tmp_path / "rina", "sync")
    assert (sent.code, sent.lines[-1]["ok"], sent.lines[-1]["notice"]) == (0, True, "")
    assert "device_code" not in sent.lines[-1], "only a run of the history knows it"
    server.tell("device", "revoke", code)
    refused = kube(tmp_path / "rina", "sync")
    assert refused.code == Failure.REVOKED
    assert "tetap tersimpan" in refused.err
    assert len(kube(tmp_path / "rina", "record", "list", "--type", "household").lines) == 1
    server.stop()
    silent = kube(tmp_path / "rina", "db", "info")
    assert silent.code == 0
