"""`./run simulate N [--seed S] [--sqlcipher] [--postgres]` and `./run simulate --seeded-bugs [N]`."""
# ruff: noqa: T201  (printing is what this command does)

from __future__ import annotations

import argparse
import functools
import itertools
import logging
import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed

from tests.sim.catalogue import BUGS, STORIES
from tests.sim.histories import Report, run_history
from tests.sim.stories import tell

CORES = max(1, min(2, os.cpu_count() or 1))
HISTORIES_A_LINE = 250
ENOUGH = 2
"""So many histories that catch a bug are enough."""


def main() -> int:
    """Run histories and say what they did. 1 when an invariant broke or a bug was not caught."""
    logging.disable(logging.CRITICAL)
    parser = argparse.ArgumentParser(prog="./run simulate")
    parser.add_argument("histories", nargs="?", type=int, help="300; with --seeded-bugs only the stories")
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--sqlcipher", action="store_true", help="encrypted laptops")
    parser.add_argument("--postgres", action="store_true", help="a PostgreSQL server")
    parser.add_argument("--seeded-bugs", nargs="?", const="", help="all of them, or names with commas")
    asked = parser.parse_args()
    count = (300 if asked.seeded_bugs is None else 0) if asked.histories is None else asked.histories
    seeds = range(asked.seed, asked.seed + count)
    if asked.seeded_bugs is not None:
        return _bugs([name for name in asked.seeded_bugs.split(",") if name] or list(BUGS), seeds)
    return _histories(seeds, encrypted=asked.sqlcipher, postgres=asked.postgres)


def _histories(seeds: range, *, encrypted: bool, postgres: bool) -> int:
    started = time.monotonic()
    faults: Counter[str] = Counter()
    count = changes = 0
    broken: list[Report] = []
    for report in _run(functools.partial(_one, encrypted=encrypted, postgres=postgres), seeds):
        count, changes = count + 1, changes + report.changes
        faults += report.faults
        if report.broken:
            broken.append(report)
            _tell(report)
        _tell_progress(f"{count} of {len(seeds)}, {changes} confirmed changes, violations: {len(broken)}", count)
    took = time.monotonic() - started
    print(f"{count} histories, {changes} confirmed changes, {took:.0f} s, {count / took:.2f} histories a second")
    for name, number in sorted(faults.items()):
        print(f"  {name}: {number}")
    print(f"violations: {len(broken)}", f"(seeds {', '.join(str(item.seed) for item in broken)})" if broken else "")
    return 1 if broken else 0


def _tell_progress(text: str, count: int) -> None:
    """One line that changes on a terminal; elsewhere one now and then: a stopped run has told how far it was."""
    if sys.stderr.isatty():
        print(f"\r{text}", end="", file=sys.stderr, flush=True)
    elif count % HISTORIES_A_LINE == 0:
        print(text, file=sys.stderr, flush=True)


def _bugs(names: list[str], seeds: range) -> int:
    """The story of each bug, then random histories; one that breaks without the bug too does not count."""
    missed = []
    for name in names:
        told = tell(STORIES[name], BUGS[name])
        print(f"{name}: {told or 'NOT CAUGHT'} ({STORIES[name].__name__})", flush=True)
        if not told:
            missed.append(name)
        caught: Counter[str] = Counter()
        tried = 0
        for report in _run(functools.partial(_one, bug=name), seeds):
            tried += 1
            caught[report.invariant] += report.breaks_invariant and not run_history(report.seed).broken
            if sum(caught.values()) >= ENOUGH:
                break
        by = ", ".join(f"{invariant} {number}" for invariant, number in caught.items() if number)
        if tried:
            print(f"    and by {sum(caught.values())} of {tried} random histories ({by or 'none'})", flush=True)
    return 1 if missed else 0


def _run(work: functools.partial[Report], seeds: Iterable[int]) -> Iterator[Report]:
    """The reports as they come; a worker that dies ends the command with its error instead of being waited for."""
    with ProcessPoolExecutor(CORES, multiprocessing.get_context("fork")) as pool:
        try:
            for done in as_completed([pool.submit(work, seed) for seed in seeds]):
                yield done.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _one(seed: int, *, encrypted: bool = False, postgres: bool = False, bug: str = "") -> Report:
    url = ""
    if postgres:
        from tests.support.postgres import make_database

        url = make_database()
    if bug:
        return run_history(seed, encrypted=encrypted, postgres=url, bug=BUGS[bug])
    return run_history(seed, encrypted=encrypted, postgres=url)


def _tell(report: Report) -> None:
    print(f"--- seed {report.seed}: {report.broken}")
    for line in itertools.chain(report.story, [""]):
        print("   ", line)
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
