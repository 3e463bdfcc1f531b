"""S01 and S04 to S08 with their real causes: each says one cause, one action, that the data are safe, and they are."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kube_field.domain.records import RecordKind
from kube_field.domain.sync_views import SyncRun
from kube_field.errors import Failure
from kube_field.server.cli import main
from kube_field.ui.pages.sync_words import run_chip, trouble_of_run
from kube_field.ui.pages.trouble_table import DEVICE, RETRY
from kube_field.usecases.queue import queue
from kube_field.usecases.sync import sync_store
from tests.faults.test_command_line_faults import CAN_MOUNT, small_disk
from tests.support.command_line import Ran, kube, kube_process, reopened, set_up
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import register_household
from tests.support.server import RunningServer, enrolled, running_server
from tests.support.wholeness import assert_alike

KECAMATAN = "64.02.12"
CUT_OFF = ["unshare", "--net"]
"""A process without any network, not even to itself."""


def may_cut_off() -> bool:
    tool = shutil.which(CUT_OFF[0])
    return bool(tool) and subprocess.run([*CUT_OFF, "true"], capture_output=True, check=False).returncode == 0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    with running_server(tmp_path) as running:
        yield running


@pytest.fixture
def rina(tmp_path: Path, server: RunningServer) -> Iterator[Laptop]:
    """A laptop that was in step this morning; two changes wait since."""
    with make_laptop(tmp_path, "Rina") as laptop:
        enrolled(server, laptop)
        register_household(laptop.session, 1)
        server.sync(laptop.session)
        register_household(laptop.session, 2)
        yield laptop


def waiting(laptop: Laptop) -> list[tuple[object, ...]]:
    return laptop.store.db.rows("SELECT change_id, sha256 FROM outbox WHERE state <> 'acked' ORDER BY n")


def told(run: SyncRun, code: str, exit_code: int) -> tuple[str, str]:
    """What the page says of it: cause and action; one of each, and that the data are safe."""
    assert (run.outcome, run.exit_code) == (code, exit_code), run
    shown = trouble_of_run(run)
    assert shown is not None
    assert shown.button
    assert any(word in f"{shown.advice} {shown.safe}" for word in ("aman", "tetap terkirim", "tersimpan"))
    return shown.sentence, shown.action


# S01: no network


@pytest.fixture
def cut_off_laptop(tmp_path: Path, server: RunningServer) -> Path:
    """A folder for the command line, enrolled, with work that waits."""
    folder = tmp_path / "folder"
    with set_up(folder) as laptop:
        server.add_user("Rina", areas=(KECAMATAN,))
        server.enrol(laptop.session)
        register_household(laptop.session)
    return folder


def unsent(folder: Path) -> int:
    with reopened(folder) as laptop:
        return laptop.store.queue.pill().unsent


def assert_no_network(ran: Ran, folder: Path) -> None:
    assert (ran.code, ran.lines[0]["outcome"]) == (Failure.NO_NETWORK, "S01")
    assert "Tidak ada jaringan" in ran.err
    assert "aman" in ran.err
    assert unsent(folder) == 2


@pytest.mark.skipif(not may_cut_off(), reason="needs a network namespace")
def test_a_laptop_without_any_network_says_so_and_sends_when_it_is_back(cut_off_laptop: Path):
    assert_no_network(kube_process(cut_off_laptop, "sync", prefix=CUT_OFF), cut_off_laptop)
    back = kube(cut_off_laptop, "sync")
    assert (back.code, back.lines[0]["sent"], unsent(cut_off_laptop)) == (0, 2, 0)


@pytest.mark.slow
@pytest.mark.skipif(not may_cut_off(), reason="needs a network namespace")
def test_a_name_that_nobody_can_look_up_is_no_network(cut_off_laptop: Path):
    with reopened(cut_off_laptop) as laptop:
        sync_store(laptop.store).move_to("https://kube.dinsos.invalid")
    assert_no_network(kube_process(cut_off_laptop, "sync", prefix=CUT_OFF), cut_off_laptop)


# S04: nobody answers


def test_a_closed_door_is_a_server_that_does_not_answer(server: RunningServer, rina: Laptop):
    before = waiting(rina)
    sync_store(rina.store).move_to("http://127.0.0.1:9")
    sentence, action = told(server.sync(rina.session), "S04", Failure.NO_NETWORK)
    assert ("tidak menjawab" in sentence, action) == (True, RETRY)
    assert waiting(rina) == before


# S05: who asks is not known


def wrong_token(server: RunningServer, laptop: Laptop) -> None:
    laptop.store.db.execute_sql("UPDATE sync_meta SET v = 'kf-wrong' WHERE k = 'token'")


def revoked_token(server: RunningServer, laptop: Laptop) -> None:
    with server.house.database.write():
        server.house.database.run("UPDATE access_token SET revoked_at = '2026-11-23T00:00:00.000Z'")


def lost_token(server: RunningServer, laptop: Laptop) -> None:
    with server.house.database.write():
        server.house.database.run("DELETE FROM access_token")


@pytest.mark.parametrize(
    ("spoil", "code", "failure", "says"),
    [
        (wrong_token, "S05", Failure.NOT_ALLOWED, "menolak"),
        (lost_token, "S05", Failure.NOT_ALLOWED, "menolak"),
        (revoked_token, "REVOKED", Failure.REVOKED, "tidak diizinkan"),
    ],
)
def test_a_login_that_is_refused_leaves_the_queue_safe_and_a_new_code_sends_it(
    server: RunningServer,
    rina: Laptop,
    spoil: Callable[[RunningServer, Laptop], None],
    code: str,
    failure: Failure,
    says: str,
):
    before = waiting(rina)
    spoil(server, rina)
    sentence, action = told(server.sync(rina.session), code, failure)
    assert (says in sentence, action) == (True, DEVICE)
    assert waiting(rina) == before
    server.enrol(rina.session)
    assert server.sync(rina.session).sent == len(before)
    assert waiting(rina) == []
    assert_alike(server, rina.store)


def test_a_laptop_that_was_revoked_is_told_so_and_keeps_what_waits(tmp_path: Path, server: RunningServer, rina: Laptop):
    before = waiting(rina)
    device = server.rows("SELECT code FROM device")[0][0]
    assert main(["device", "revoke", str(device), "--data-dir", str(tmp_path / "server")]) == 0
    sentence, action = told(server.sync(rina.session), "REVOKED", Failure.REVOKED)
    assert ("tidak diizinkan" in sentence, action) == (True, DEVICE)
    assert waiting(rina) == before


# S06: the program is too old


def test_an_old_program_sends_all_and_gets_nothing_until_it_is_new(tmp_path: Path, server: RunningServer, rina: Laptop):
    with make_laptop(tmp_path, "Budi") as budi:
        enrolled(server, budi)
        register_household(budi.session, 7)
        server.sync(budi.session)
    server.sync(rina.session)
    register_household(rina.session, 3)
    with make_laptop(tmp_path, "Siti") as siti:
        enrolled(server, siti)
        register_household(siti.session, 8)
        server.sync(siti.session)
    home = str(tmp_path / "server")
    assert main(["minimum", "99.0", "--data-dir", home]) == 0
    before = len(waiting(rina))
    run = server.sync(rina.session)
    sentence, action = told(run, "S06", Failure.NOT_ALLOWED)
    assert ("terlalu lama" in sentence, action) == (True, RETRY)
    assert (run.sent, run.received, waiting(rina)) == (before, 0, [])
    assert main(["minimum", "0", "--data-dir", home]) == 0
    run = server.sync(rina.session)
    assert (run.outcome, run.received > 0) == ("", True)
    assert_alike(server, rina.store)


@pytest.mark.parametrize("version", ["", "baru", "1.2.x", "-1"])
def test_a_version_that_is_none_changes_nothing(tmp_path: Path, server: RunningServer, version: str):
    assert main(["minimum", "--data-dir", str(tmp_path / "server"), "--", version]) == Failure.VALIDATION
    assert server.rows("SELECT value FROM server_meta WHERE name = 'min_pull_app'") == []


# S07: a record is refused


def test_a_refused_record_names_field_and_reason_and_the_others_go(server: RunningServer, rina: Laptop):
    """A laptop with a damaged memory: what it checked when it was typed is not what it sends."""
    register_household(rina.session, 4)
    name = rina.store.db.value("SELECT change_id FROM outbox WHERE kind = 'household' AND state = 'queued' LIMIT 1")
    spoil_kk(rina, str(name))
    run = server.sync(rina.session)
    assert (run.outcome, run.refused) == ("", 1)
    assert run_chip(run)[0] == "Ada yang ditolak"
    (row,) = [row for row in queue(rina.session) if row.change_id == name]
    assert (row.state, row.kind, row.field) == ("rejected", RecordKind.HOUSEHOLD, "kk_number")
    assert "KK" in row.reason
    assert len(row.reason) > len("KK: ")
    assert rina.store.records.get(row.uid) is not None, "it stays on the screen to be mended"


def spoil_kk(laptop: Laptop, change_id: str) -> None:
    """Another KK number in what is sent, with the hash of that."""
    import json

    from kube_field.wire.canonical import change_hash

    db = laptop.store.db
    n, uid, sets = db.rows(
        "SELECT o.n, o.uid, c.sets_json FROM outbox o JOIN outbox_content c ON c.n = o.n WHERE change_id = ?", change_id
    )[0]
    changed = {**json.loads(sets), "kk_number": [None, "1234"]}
    pairs = {name: (old, new) for name, (old, new) in changed.items()}
    with laptop.store.transaction():
        db.execute_sql("UPDATE outbox_content SET sets_json = ? WHERE n = ?", (json.dumps(changed), n))
        db.execute_sql("UPDATE outbox SET sha256 = ? WHERE n = ?", (change_hash(uid, "household", pairs), n))


# S08: the disk is nearly full


@pytest.mark.skipif(not CAN_MOUNT, reason="needs a small file system")
def test_a_disk_that_fills_up_in_a_run_says_so_and_loses_nothing(tmp_path: Path, server: RunningServer):
    """The area holds more than fits on this laptop's disk."""
    with make_laptop(tmp_path, "Budi") as budi:
        enrolled(server, budi)
        for n in range(1, 120):
            register_household(budi.session, n, address=f"Gang {n} " + "dekat dermaga " * 12)
        server.sync(budi.session)
    with small_disk(tmp_path / "disk") as (_prefix, give_room):
        folder = tmp_path / "disk" / "laptop"
        with set_up(folder) as laptop:
            server.add_user("Rina", areas=(KECAMATAN,))
            server.enrol(laptop.session)
        filler = tmp_path / "disk" / "berkas-lain"
        free = shutil.disk_usage(folder).free
        filler.write_bytes(os.urandom(max(0, free - 150_000)))
        ran = kube_process(folder, "sync")
        assert (ran.code, ran.lines[0]["outcome"]) == (Failure.DISK_FULL, "DISK_FULL"), ran
        assert "penuh" in ran.err
        assert "aman" in ran.err
        shown = trouble_of_run(SyncRun("", "", 0, 0, 0, 0, 0, 0, outcome="DISK_FULL"))
        assert shown is not None
        assert (shown.sentence, shown.action) == ("Ruang laptop hampir penuh.", RETRY)
        filler.unlink()
        give_room()
        again = kube(folder, "sync")
        assert again.code == 0, again
        with reopened(folder) as laptop:
            assert_alike(server, laptop.store)
