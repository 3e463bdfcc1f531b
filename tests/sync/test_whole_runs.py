"""Runs against the real server in which something is wrong: a clone, a lost area, a wrong sum, an old program."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kube_field.domain.records import RecordKind
from kube_field.errors import KubeFieldError
from kube_field.server.snapshots import make_snapshots
from kube_field.storage.store import open_store
from kube_field.sync.troubles import no_answer
from kube_field.ui.pages.sync_words import trouble_of_run
from kube_field.usecases.drafts import begin_draft, save_draft
from kube_field.usecases.sync import sync_now, sync_store
from kube_field.wire.refusals import Refusal, RefusalCode
from tests.support.laptop import DATABASE_KEY, Laptop, make_laptop, plenty
from tests.support.make_records import commit_saved, register_household
from tests.support.network import Line, LosesReply
from tests.support.server import RunningServer, enrolled, http_of, running_server


@pytest.fixture
def server(tmp_path: Path):
    with running_server(tmp_path) as running:
        yield running


class Refuses(Line):
    """Refuses the first `times` calls of one name."""

    def __init__(self, inner: Any, name: str, refusal: Refusal | KubeFieldError, times: int = 99) -> None:
        super().__init__(inner)
        self._name, self._refusal, self._left = name, refusal, times

    def carry(self, name: str, call: Callable[[], Any]) -> Any:
        if name == self._name and self._left > 0:
            self._left -= 1
            raise self._refusal
        return call()


class Lies(Line):
    """A server whose sums never fit."""

    def carry(self, name: str, call: Callable[[], Any]) -> Any:
        answer = call()
        if name in ("pull", "digest"):
            answer.sum = "1"
        return answer


def edit(laptop: Laptop, uid: str, **changes: object) -> None:
    draft = begin_draft(laptop.session, kind=RecordKind.HOUSEHOLD, record_uid=uid)
    commit_saved(laptop.session, save_draft(laptop.session, draft=draft, answers={**draft.answers, **changes}))


def states(laptop: Laptop) -> set[str]:
    return {state for (state,) in laptop.store.db.rows("SELECT state FROM outbox")}


def test_a_program_that_is_too_old_still_sends(server: RunningServer, rina: Laptop):
    register_household(rina.session)
    with http_of(rina.session) as inner:
        line = Refuses(inner, "pull", Refusal(RefusalCode.UPGRADE_NEEDED, ""))
        run = sync_now(rina.session, line, wait=lambda _seconds: None)
    assert (run.sent, run.received, run.outcome) == (2, 0, "S06")
    assert line.calls.count("pull") == 1
    assert states(rina) == {"acked"}


def test_a_server_that_asks_for_time_gets_it(server: RunningServer, rina: Laptop):
    waits: list[float] = []
    with http_of(rina.session) as inner:
        line = Refuses(inner, "pull", Refusal(RefusalCode.BUSY, "", retry_after=7), times=2)
        assert sync_now(rina.session, line, wait=waits.append).outcome == ""
    assert len(waits) == 2
    assert min(waits) >= 7


def test_a_server_that_asks_for_a_long_time_is_left_alone(server: RunningServer, rina: Laptop):
    with http_of(rina.session) as inner:
        line = Refuses(inner, "hello", Refusal(RefusalCode.BUSY, "", retry_after=600))
        run = sync_now(rina.session, line, wait=lambda _seconds: None)
    assert (line.calls, run.outcome) == (["hello"], "BUSY")


@pytest.mark.parametrize(
    ("code", "outcome", "exit_code", "times"),
    [
        (RefusalCode.BUSY, "BUSY", 11, 5),
        (RefusalCode.SERVER_FAULT, "SERVER_FAULT", 70, 5),
        (RefusalCode.BODY_UNREADABLE, "NOT_UNDERSTOOD", 70, 5),
        (RefusalCode.BODY_TOO_LARGE, "TOO_LARGE", 14, 2),
        (RefusalCode.BATCH_TOO_LARGE, "TOO_LARGE", 14, 2),
    ],
)
def test_what_a_server_refuses_has_its_own_cause_and_the_servers_sentence(
    server: RunningServer, rina: Laptop, code: RefusalCode, outcome: str, exit_code: int, times: int
):
    register_household(rina.session)
    said = "Server berkata sesuatu sendiri."
    with http_of(rina.session) as inner:
        line = Refuses(inner, "push", Refusal(code, said))
        run = sync_now(rina.session, line, wait=lambda _seconds: None)
    assert (run.outcome, run.exit_code) == (outcome, exit_code)
    assert run.message.startswith(said)
    assert "aman" in run.message
    assert line.calls.count("push") == times, "2 and 1 change where less might be taken"
    shown = trouble_of_run(run)
    assert shown is not None
    assert said in shown.sentence
    assert server.sync(rina.session).outcome == ""
    assert states(rina) == {"acked"}


def test_a_gateway_that_asks_for_a_long_time_is_left_alone(server: RunningServer, rina: Laptop):
    with http_of(rina.session) as inner:
        line = Refuses(inner, "hello", no_answer(600))
        run = sync_now(rina.session, line, wait=lambda _seconds: None)
    assert (line.calls, run.outcome) == (["hello"], "S04")


def test_a_gateway_that_asks_for_time_gets_it(server: RunningServer, rina: Laptop):
    waits: list[float] = []
    with http_of(rina.session) as inner:
        line = Refuses(inner, "pull", no_answer(9), times=2)
        assert sync_now(rina.session, line, wait=waits.append).outcome == ""
    assert len(waits) == 2
    assert min(waits) >= 9


class LosesHellos(Refuses):
    """Loses answers to the first three hellos, too: a bad line before a server that wants to be greeted again."""

    def __init__(self, inner: Any) -> None:
        super().__init__(inner, "push", Refusal(RefusalCode.SAY_HELLO, ""), times=1)
        self._lost = 3

    def carry(self, name: str, call: Callable[[], Any]) -> Any:
        answer = super().carry(name, call)
        if name == "hello" and self._lost > 0:
            self._lost -= 1
            raise no_answer()
        return answer


def test_hellos_that_got_lost_do_not_keep_a_run_from_saying_hello_again(server: RunningServer, rina: Laptop):
    register_household(rina.session)
    with http_of(rina.session) as inner:
        line = LosesHellos(inner)
        run = sync_now(rina.session, line, wait=lambda _seconds: None)
    assert (run.outcome, run.sent) == ("", 2)
    assert line.calls[:7] == ["hello", "hello", "hello", "hello", "push", "hello", "push"]


def test_a_server_that_always_wants_to_be_greeted_again_ends_the_run(server: RunningServer, rina: Laptop):
    register_household(rina.session)
    with http_of(rina.session) as inner:
        line = Refuses(inner, "push", Refusal(RefusalCode.SAY_HELLO, ""))
        run = sync_now(rina.session, line, wait=lambda _seconds: None)
    assert run.outcome == "S04"
    assert line.calls == ["hello", "push"] * 6
    assert states(rina) == {"sent"}


def test_a_sum_that_differs_is_mended_in_the_same_run(server: RunningServer, rina: Laptop):
    for n in range(1, 6):
        register_household(rina.session, n)
    server.sync(rina.session)
    uid = str(rina.store.db.value("SELECT min(uid) FROM household"))
    with rina.store.transaction():  # as if a bug had lost a record and damaged another scope's sum
        rina.store.db.execute_sql("DELETE FROM sync_base WHERE uid = ?", (uid,))
        rina.store.db.execute_sql("DELETE FROM household WHERE uid = ?", (uid,))
        rina.store.db.execute_sql("UPDATE sync_scope SET state = 'bootstrap', sum = '7'")
    with http_of(rina.session) as inner:
        line = Line(inner)
        run = sync_now(rina.session, line, wait=lambda _seconds: None)
    assert run.outcome == ""
    assert "digest" in line.calls
    assert rina.store.records.get(uid) is not None
    assert {state for (state,) in rina.store.db.rows("SELECT state FROM sync_scope")} == {"live"}
    assert rina.store.db.value("SELECT max(gen) FROM sync_scope") == 0, "nothing was downloaded anew"


def test_a_sum_that_never_fits_ends_the_run_and_says_so(server: RunningServer, rina: Laptop):
    register_household(rina.session)
    for _time in range(2):
        with http_of(rina.session) as inner:
            line = Lies(inner)
            run = sync_now(rina.session, line, wait=lambda _seconds: None)
        assert (run.outcome, run.exit_code) == ("DATA_DIFFERS", 6)
        assert len(line.calls) < 40
    assert states(rina) == {"acked"}
    assert len(rina.store.records.where(RecordKind.HOUSEHOLD)) == 1


def test_a_lost_area_is_taken_off_after_its_work_was_sent(server: RunningServer, rina: Laptop):
    home = register_household(rina.session)
    server.sync(rina.session)
    edit(rina, home.uid, rt=9)
    with server.house.database.write():
        server.accounts.grant("user-rina", ("64.02.13",), "2026-11-23T01:00:00.000Z")
    run = server.sync(rina.session)
    assert run.outcome == ""
    assert server.count("intake") == len(rina.store.db.rows("SELECT n FROM outbox"))
    waiting = states(rina) - {"acked"}
    kept = {uid for (uid,) in rina.store.db.rows("SELECT uid FROM household")}
    assert kept == ({home.uid} if waiting else set())
    assert sync_store(rina.store).scope_state("64.02.12") == ""


def test_a_server_that_says_nothing_about_what_was_sent_does_not_keep_the_run_going(
    server: RunningServer, rina: Laptop
):
    class Forgets(Line):
        def carry(self, name: str, call: Callable[[], Any]) -> Any:
            answer = call()
            if name == "push":
                answer.results.clear()
                answer.taken = None
            return answer

    register_household(rina.session)
    with http_of(rina.session) as inner:
        line = Forgets(inner)
        run = sync_now(rina.session, line, wait=lambda _seconds: None)
    assert (run.outcome, line.calls.count("push")) == ("S04", 5)
    server.sync(rina.session)
    assert states(rina) == {"acked"}


def test_a_first_download_comes_as_one_file_and_goes_on_after_a_cut(
    server: RunningServer, rina: Laptop, tmp_path: Path
):
    for n in range(1, 8):
        register_household(rina.session, n)
    server.sync(rina.session)
    make_snapshots(server.house, least_rows=1)
    register_household(rina.session, 8)
    server.sync(rina.session)
    with make_laptop(tmp_path, "Dewi", code="L08") as dewi:
        enrolled(server, dewi)
        with http_of(dewi.session) as inner:
            line = LosesReply(inner, "snapshot")
            run = sync_now(dewi.session, line, wait=lambda _seconds: None)
        assert run.outcome == ""
        assert line.calls.count("snapshot") >= 2
        assert run.received == server.count("record")
        assert len(dewi.store.records.where(RecordKind.HOUSEHOLD)) == 8
        assert {state for (state,) in dewi.store.db.rows("SELECT state FROM sync_scope")} == {"live"}


def test_a_cloned_laptop_goes_on_under_a_name_of_its_own_and_loses_nothing(
    server: RunningServer, rina: Laptop, tmp_path: Path
):
    register_household(rina.session, 1)
    server.sync(rina.session)
    copy = tmp_path / "copy"
    copy.mkdir()
    rina.store.db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    shutil.copy(rina.folder / "data.db", copy / "data.db")
    with make_laptop(tmp_path, "Rina", code="L77") as twin:
        twin.store.close()
        twin.store = open_store(copy / "data.db", DATABASE_KEY, reference=rina.session.reference, free_bytes=plenty)
        twin.session = _with_store(twin)
        register_household(rina.session, 2)
        assert server.sync(rina.session).outcome == ""
        register_household(twin.session, 3)
        found, later = server.sync(twin.session), server.sync(twin.session)
        assert (found.outcome, later.outcome) == ("", "")
        assert server.sync(rina.session).outcome == ""
        code = twin.store.setting("device_code")
        assert (f"kode barunya {code}" in found.notice, later.notice) == (True, "")
        kept = [(run.device_code, bool(run.notice)) for run in twin.store.queue.runs()]
        assert kept == [(code, False), (code, True), (rina.store.setting("device_code"), False)]
        assert not any(run.notice for run in rina.store.queue.runs())
        assert sync_store(twin.store).meta("device_id") != sync_store(rina.store).meta("device_id")
        assert twin.store.setting("device_code") != rina.store.setting("device_code")
        assert states(twin) == states(rina) == {"acked"}
        for laptop in (rina, twin):
            assert len(laptop.store.records.where(RecordKind.HOUSEHOLD)) == 3


def _with_store(laptop: Laptop) -> Any:
    from dataclasses import replace

    return replace(laptop.session, store=laptop.store)
