"""From the start of a fresh process to the unlock page, against a process with a bare window; time and memory."""

from __future__ import annotations

import compileall
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import kube_field
from kube_field.assembly import set_up_laptop, system_wiring
from kube_field.domain.records import Officer, Role
from kube_field.paths import AppPaths
from kube_field.storage.vault.argon import FLOOR
from tests.bench.measure import Pairs, Row, Sizes

PASSWORD = "padi ladang pisang sagu enau"
KIB_OF_MIB = 1024
SECONDS = 60


@dataclass(slots=True)
class Started:
    """Milliseconds to the first paint, and mebibytes held by then, of every start."""

    times: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


def measure(sizes: Sizes) -> list[Row]:
    compileall.compile_dir(Path(kube_field.__file__).parent, quiet=2)
    ours, bare = Started(), Started()
    with tempfile.TemporaryDirectory() as folder:
        _set_up(Path(folder))
        for counts in (False, *[True] * sizes.starts):
            _start(ours if counts else Started(), "ours", folder)
            _start(bare if counts else Started(), "bare")
    return [
        Pairs(ours.times, bare.times).row("start: process to the painted unlock page"),
        Row("start: memory at the unlock page", median(ours.memory), median(bare.memory), sizes.starts, "MiB"),
    ]


def _set_up(folder: Path) -> None:
    """A laptop with one officer, so that the unlock page is the first one."""
    wiring = system_wiring()
    officer = Officer(wiring.new_id(), "Rina", Role.PENDAMPING, ("64",))
    set_up_laptop(AppPaths(folder), user="rina", password=PASSWORD, officer=officer, wiring=wiring, cost=FLOOR).close()


def _start(into: Started, *words: str) -> None:
    command = [sys.executable, "-m", "tests.bench.first_window", *words]
    environment = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    root = Path(__file__).resolve().parents[2]
    begun = time.perf_counter()
    # What Qt grumbles about a screen that is none is kept for the case of trouble only.
    with (
        tempfile.TemporaryFile() as grumbling,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=grumbling, cwd=root, env=environment) as process,
    ):
        assert process.stdout is not None
        line = process.stdout.readline().split()
        took = (time.perf_counter() - begun) * 1000
        process.stdout.read()
        code = process.wait(SECONDS)
        grumbling.seek(0)
        said = grumbling.read().decode("utf-8", "replace")
    if code != 0 or not line or line[0] != b"shown":
        raise RuntimeError(f"the process {' '.join(words)} ended with {code} and showed no window: {said}")
    into.times.append(took)
    into.memory.append(max(int(line[1]) / KIB_OF_MIB, 0.001))
