"""The real window on a full laptop: the longest stall of every step of a day, unlocking, memory; against a bare window.

Every run is two processes by turns. Stalls are told twice: by the clock (other programs on the machine count too) and
as the GUI thread's own work, which is what the program is to blame for.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.measure import Row, Sizes
from tests.bench.province import full_laptop

PASSWORD = "padi ladang pisang sagu enau"
SECONDS = 1800
Told = list[Mapping[str, Any]]


def measure(sizes: Sizes) -> list[Row]:
    folder = full_laptop(sizes, PASSWORD)
    bare, ours = [], []
    for _round in range(sizes.windows):
        bare.append(_run("bare"))
        ours.append(_run("ours", str(folder)))
    return [*_stalls(ours, bare), *_times(ours), *_memory(ours, bare)]


def _run(*words: str) -> Told:
    """One process; what it said."""
    command = [sys.executable, "-m", "tests.bench.window", *words]
    environment = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    root = Path(__file__).resolve().parents[2]
    with tempfile.TemporaryFile() as grumbling:
        done = subprocess.run(
            command,
            input=f"{PASSWORD}\n".encode(),
            stdout=subprocess.PIPE,
            stderr=grumbling,
            cwd=root,
            env=environment,
            timeout=SECONDS,
            check=False,
        )
        grumbling.seek(0)
        said = grumbling.read().decode("utf-8", "replace")
    if done.returncode != 0:
        raise RuntimeError(f"the window ended with {done.returncode}: {said[-2000:]}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def _steps(told: Told, key: str) -> dict[str, float]:
    return {str(one["step"]): float(one[key]) for one in told if "step" in one}


def _stalls(ours: list[Told], bare: list[Told]) -> list[Row]:
    rows = []
    for words, key in (("own work", "own"), ("by the clock", "wall")):
        still = max(median(_steps(told, key)["bare window"] for told in bare), 0.01)
        for step in _steps(ours[0], key):
            longest = median(_steps(told, key)[step] for told in ours)
            rows.append(Row(f"window, longest stall, {words}: {step}", longest, still, len(ours)))
    return rows


def _times(ours: list[Told]) -> list[Row]:
    """Unlocking against deriving the key alone."""
    keys = median(float(one["keys"]) for told in ours for one in told if "keys" in one)
    opened = median(_steps(told, "took")["unlock"] for told in ours)
    return [Row("window: password to the start page with all its lines", opened, keys, len(ours))]


def _memory(ours: list[Told], bare: list[Told]) -> list[Row]:
    empty = median(float(one["resident"]) for told in bare for one in told if "resident" in one)
    places = [str(one["at"]) for one in ours[0] if "resident" in one]
    return [
        Row(
            f"window: memory, {place}",
            median(float(one["resident"]) for told in ours for one in told if one.get("at") == place),
            empty,
            len(ours),
            "MiB",
        )
        for place in places
    ]
