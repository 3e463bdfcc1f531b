"""The demonstration as a person runs it, on a machine without a screen."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from kube_field.demo_server import DemoServer
from kube_field.domain.records import Role


def demo(folder: Path) -> subprocess.CompletedProcess[str]:
    without_screen = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    command = [sys.executable, "-m", "kube_field", "--data-dir", str(folder), "demo"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=110, env=without_screen)


def assert_whole_day(told: str, *, keys: int) -> None:
    """What the day tells in whichever form the program runs; the keys of the laptops come along."""
    assert "31 warga, 6 unit usaha, 21 kunjungan final." in told
    assert "341 perubahan sudah di server dengan tanda terima, 0 menunggu." in told
    assert f"Budi Contoh): {341 + keys} diterima, 31 dari 31 warga" in told


def test_the_demonstration_can_be_seen_twice(tmp_path: Path):
    """The second time its officers are known to the server already, and the second laptop is a new one."""
    first, second = demo(tmp_path / "contoh"), demo(tmp_path / "contoh")
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert_whole_day(first.stdout, keys=2)
    assert_whole_day(second.stdout, keys=3)


def test_a_first_start_that_was_cut_short_does_not_stop_the_next(tmp_path: Path):
    server = DemoServer(tmp_path / "server")
    server.start()
    try:
        made = server.add_user("Rina", Role.PEKERJA_SOSIAL, "6402")
        again = server.add_user("Rina", Role.PEKERJA_SOSIAL, "6402")
    finally:
        server.stop()
    assert made.uid == again.uid
    assert made.code != again.code
