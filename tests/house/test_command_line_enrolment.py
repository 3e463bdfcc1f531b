"""Enrolling a fresh laptop from the command line, against a real server process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from kube_field.demo_server import DemoServer
from kube_field.domain.records import Role

PASSWORD = "padi jagung singkong talas"


@pytest.fixture
def server(tmp_path: Path):
    made = DemoServer(tmp_path / "server")
    made.start()
    yield made
    made.stop()


def enrol(folder: Path, url: str, code: str) -> subprocess.CompletedProcess[str]:
    words = ["--data-dir", str(folder), "--json", "--user", "rina", "--password-stdin"]
    command = [sys.executable, "-m", "kube_field", *words, "enrol", "--server", url, "--code", code]
    return subprocess.run(command, input=PASSWORD + "\n", capture_output=True, text=True, check=False, timeout=60)


def test_a_fresh_laptop_is_set_up_on_the_way_and_a_refused_code_leaves_nothing(server: DemoServer, tmp_path: Path):
    folder = tmp_path / "laptop"
    nobody = enrol(folder, "http://127.0.0.1:1", "AAAA-AAAA-AAAA")
    assert (nobody.returncode, folder.exists()) == (11, False)
    refused = enrol(folder, server.url, "AAAA-AAAA-AAAA")
    assert refused.returncode == 14
    assert not (folder / "kube.db").exists()
    assert not (folder / "kunci.json").exists()
    code = server.add_user("Rina", Role.PEKERJA_SOSIAL, "6402").code
    joined = enrol(folder, server.url, code)
    assert joined.returncode == 0
    assert json.loads(joined.stdout)["name"] == "Rina"


def test_a_second_server_on_one_folder_is_told_so(server: DemoServer):
    words = ["--data-dir", str(server.folder), "serve", "--port", "0"]
    command = [sys.executable, "-m", "kube_field.server.cli", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 4
    assert "sudah berjalan" in done.stderr


def test_the_demonstration_server_ends_with_the_program_that_started_it(tmp_path: Path):
    start = (
        "import sys; from pathlib import Path; from kube_field.demo_server import DemoServer;"
        "s = DemoServer(Path(sys.argv[1])); s.start(); print(s._process.pid, flush=True); import os; os._exit(1)"
    )
    done = subprocess.run(
        [sys.executable, "-c", start, str(tmp_path)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stdout.strip().isdigit()
    lock = FileLock(tmp_path / "serve.lock")
    lock.acquire(timeout=20)  # the folder is free once the orphan has ended
    lock.release()
    again = DemoServer(tmp_path)
    again.start()
    again.stop()
    assert again.url
