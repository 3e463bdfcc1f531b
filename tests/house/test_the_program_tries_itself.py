"""`--selftest` as a person runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

STEPS = (
    "Berkas program",
    "Jendela",
    "Simpanan terenkripsi",
    "Server di komputer ini",
    "Data contoh",
    "Laporan kunjungan",
    "Lembar kerja",
    "Sinkronisasi",
)


def selftest(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kube_field", "--data-dir", str(folder), "--selftest"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=110, env={**os.environ})


def test_every_part_is_tried_and_nothing_stays_behind(tmp_path: Path) -> None:
    ran = selftest(tmp_path)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    lines = [line for line in ran.stdout.splitlines() if line.startswith("baik")]
    assert [line.removeprefix("baik   ").split(":")[0] for line in lines] == list(STEPS)
    assert "342 perubahan sudah di server dengan tanda terima" in lines[-1]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    ran = selftest(tmp_path / "tidak-ada")
    assert ran.returncode == 2
    assert "tidak-ada" in ran.stderr
