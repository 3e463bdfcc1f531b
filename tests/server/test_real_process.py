"""The server as people run it: a process of its own, set up and killed by the command line."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kube_field.server.storage.database import open_sqlite
from kube_field.sync.transports.http import HttpTransport
from kube_field.usecases.enrolment import enrol
from kube_field.usecases.sync import sync_now
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import register_household
from tests.support.server import http_of

COMMAND = [sys.executable, "-m", "kube_field.server.cli"]


def run(folder: Path, *words: str, expect: int = 0) -> dict[str, object]:
    done = subprocess.run(
        [*COMMAND, "--json", *words, "--data-dir", str(folder)], capture_output=True, timeout=60, check=False
    )
    assert done.returncode == expect, done.stderr.decode()
    return dict(json.loads(done.stdout))


@contextmanager
def process(folder: Path, port: int = 0) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A serving process and its address; killed at the end."""
    port_file = folder / "port"
    port_file.unlink(missing_ok=True)
    words = ["serve", "--data-dir", str(folder), "--port", str(port), "--port-file", str(port_file)]
    with subprocess.Popen([*COMMAND, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as serving:
        try:
            deadline = time.monotonic() + 30
            while not port_file.exists():
                assert serving.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.02)
            yield serving, f"http://127.0.0.1:{port_file.read_text(encoding='utf-8').strip()}"
        finally:
            serving.kill()


def enrol_at(url: str, folder: Path, laptop: Laptop) -> None:
    run(folder, "user", "add", "--name", "Rina", "--role", "pendamping", "--areas", "64.02")
    code = str(run(folder, "device", "code", "--user", "Rina")["code"])
    with HttpTransport(url) as desk:
        enrol(laptop.session, desk=desk, url=url, code=code)


def test_set_up_enrol_and_send_to_a_real_process(tmp_path: Path):
    folder = tmp_path / "server"
    assert run(folder, "init")["ok"]
    with make_laptop(tmp_path) as laptop, process(folder) as (_serving, url):
        enrol_at(url, folder, laptop)
        register_household(laptop.session)
        with http_of(laptop.session) as transport:
            done = sync_now(laptop.session, transport)
        assert (done.sent, done.refused, done.outcome) == (2, 0, "")
        assert done.received == 3
        devices = run(folder, "device", "list")["devices"]
        assert isinstance(devices, list)
        assert devices[0]["code"] == "L01"
        run(folder, "device", "revoke", "L01")
        with http_of(laptop.session) as transport:
            assert sync_now(laptop.session, transport).exit_code == 12


def test_mistakes_get_a_sentence_and_the_published_code(tmp_path: Path):
    folder = tmp_path / "server"
    assert run(folder, "user", "add", "--name", "X", "--role", "psm", "--areas", "99", expect=3)["ok"] is False
    assert run(folder, "device", "code", "--user", "nobody", expect=3)["code"] == "NO_SUCH_USER"
    assert run(folder, "serve", "--host", "0.0.0.0", expect=10)["ok"] is False
    run(folder, "user", "add", "--name", "X", "--role", "psm", "--areas", "64.02")
    assert run(folder, "user", "add", "--name", "X", "--role", "psm", "--areas", "64.02", expect=3)["code"] == (
        "USER_EXISTS"
    )


def test_a_server_killed_in_the_middle_of_pushes_holds_whole_batches_and_the_rest_comes_later(tmp_path: Path):
    chance = random.Random(7)
    folder = tmp_path / "server"
    run(folder, "init")
    port = 0
    with make_laptop(tmp_path) as laptop:
        for turn in range(4):
            for n in range(1, 9):
                register_household(laptop.session, turn * 10 + n)
            with process(folder, port) as (serving, url):
                port = int(url.rsplit(":", 1)[1])
                if turn == 0:
                    enrol_at(url, folder, laptop)
                timer = threading.Timer(chance.uniform(0.01, 0.12), serving.kill)
                timer.start()
                with http_of(laptop.session) as transport:
                    sync_now(laptop.session, transport, wait=lambda _seconds: None)
                timer.join()
            assert_whole_batches(folder)
        with process(folder, port), http_of(laptop.session) as transport:
            assert sync_now(laptop.session, transport, wait=lambda _seconds: None).outcome == ""
        sent = laptop.store.db.rows("SELECT change_id, sha256 FROM outbox WHERE receipt_sha256 = sha256")
        assert len(sent) == 4 * 8 * 2
    assert set(stored(folder)) == set(sent)


def assert_whole_batches(folder: Path) -> None:
    """Every change that is there has its record, version, feed row; a batch of sixteen is there wholly or not."""
    database = open_sqlite(folder / "server.db")
    try:
        counts = {
            int(database.run(f"SELECT count(*) FROM {table} WHERE uid NOT LIKE 'lk:%'").fetchone()[0])
            for table in ("intake", "record", "record_version", "feed", "scope_index")
        }
        assert database.run("PRAGMA integrity_check").fetchone()[0] == "ok"
    finally:
        database.close()
    assert len(counts) == 1
    assert counts.pop() % 16 == 0


def stored(folder: Path) -> list[tuple[str, str]]:
    database = open_sqlite(folder / "server.db")
    try:
        return [tuple(row) for row in database.run("SELECT change_id, sha256 FROM intake").fetchall()]
    finally:
        database.close()
