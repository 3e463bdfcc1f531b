"""What a measured process says about itself on its last line: seconds, counts, and the most memory that it held."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from statistics import median
from typing import Any


def peak_mib(pid: int | str = "self") -> float:
    """The most memory that a process ever held; 0 where the system does not tell."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def each(items: Iterable[Any], work: Callable[[Any], object]) -> dict[str, float]:
    """Do the work for every item; median in milliseconds, and seconds together."""
    times = []
    for item in items:
        begun = time.perf_counter()
        work(item)
        times.append(time.perf_counter() - begun)
    return {"p50_ms": median(times) * 1000, "seconds": sum(times)}


def say(facts: Mapping[str, Any]) -> None:
    """Say it; whoever reads everything back for its digest names the peak of the time before himself."""
    print(json.dumps({"peak_mib": peak_mib(), **facts}), flush=True)
