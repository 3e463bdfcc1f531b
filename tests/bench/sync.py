"""Synchronisation against the least that any honest one could do: a one-request COPY into the same PostgreSQL.

Every laptop and server is a process of its own; both sides are durable when they say that they are done. Ours and the
baseline's runs follow each other by turns on the same machine.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from tests.bench.measure import Row, Sizes
from tests.bench.peers.visits import digest, visits
from tests.bench.slow_line import SlowLine, slow_line
from tests.bench.sync_parties import BASELINE, OURS, Party, baseline_server, durable_postgres, our_server, peers
from tests.bench.sync_stored import rows_of_stored

BITS_A_SECOND, ROUND_TRIP_S = 64_000, 0.6
FAST = 10**12
CHANGED = 20
Phases = dict[str, dict[str, Any]]
"""What each phase of one party said, by its name."""


def measure(sizes: Sizes) -> list[Row]:
    print(durable_postgres(), file=sys.stderr)
    rows: list[Row] = []
    for count in sizes.synced:
        runs = [(_once(our_server, count), _once(baseline_server, count)) for _ in range(sizes.syncs)]
        rows += _rows_of_bulk(count, runs)
        for name, serve in peers().items():
            rows += _rows_of_peer(name, serve, count, runs[-1][1])
    rows += _rows_of_line()
    return rows + rows_of_stored(sizes.stored)


def _once(serve: Callable[[Path], Any], count: int) -> Phases:
    """One laptop writes and pushes, another one pulls; the second has to come to the same content."""
    with tempfile.TemporaryDirectory() as name, serve(Path(name)) as party:
        _prepare(party, count)
        said: Phases = {}
        said["write"] = party.laptop("write", "first", count)
        said["push"] = party.laptop("push", "first", count)
        said["pull"] = party.laptop("pull", "second", count)
        said["server"] = {"peak_mib": party.peak_mib}
        if party.client == OURS:
            party.make_files()
            _enrol(party, "third")
            said["file"] = party.laptop("pull", "third", count)
    for phase in said.keys() & {"pull", "file"}:
        if said[phase]["digest"] != digest(visits(count)):
            raise RuntimeError(f"the laptop of {phase} did not receive the {count} visits as they were written")
    return said


def _prepare(party: Party, count: int) -> None:
    """Two laptops that the server knows, before anything is written on them."""
    if party.client == OURS:
        _enrol(party, "first", count)
        _enrol(party, "second")
    elif party.client != BASELINE:
        party.laptop("prepare", "first", 1)
        party.laptop("prepare", "second", 0)


def _enrol(party: Party, name: str, count: int = 0) -> None:
    party.laptop("prepare", name, count, "--code", party.code(name))


def _rows_of_bulk(count: int, runs: list[tuple[Phases, Phases]]) -> list[Row]:
    def row(name: str, phase: str, what: str, unit: str, factor: float = 1.0, bare_phase: str = "") -> Row:
        phases = (phase, bare_phase or phase)
        ours, bare = (median(float(run[n][phases[n]].get(what, 1)) * factor for run in runs) for n in (0, 1))
        return Row(f"sync {count:,}: {name}", ours, bare, len(runs), unit)

    return [
        row("push", "push", "seconds", "ms", 1000),
        row("pull", "pull", "seconds", "ms", 1000),
        row("first download as a file", "file", "seconds", "ms", 1000, "pull"),
        row("push, bytes a record", "push", "up", "B", 1 / count),
        row("pull, bytes a record", "pull", "down", "B", 1 / count),
        row("push, requests", "push", "requests", ""),
        row("pull, requests", "pull", "requests", ""),
        row("durable local write, median", "write", "p50_ms", "ms"),
        row("laptop that pushes, peak memory", "push", "peak_mib", "MiB"),
        row("laptop that pulls, peak memory", "pull", "peak_mib", "MiB"),
        row("server, peak memory", "server", "peak_mib", "MiB"),
    ]


def _rows_of_line() -> list[Row]:
    """New visits of a laptop in order, sent and received over a slow line in one whole run; inside TLS and with it.

    A peer sends only, and its seconds are those of its sync call alone.
    """
    rows = []
    for count in (CHANGED, 1):
        _bare, bare_line = _over_line(baseline_server, count)
        ours, line = _over_line(our_server, count)
        name = f"slow line, {count} visit{'s' if count > 1 else ''}"
        rows += [
            Row(f"{name}: whole run, against what its bytes alone need", ours.seconds * 1000, _needed_ms(line), 1),
            Row(f"{name}: bytes both ways with headers", line.up + line.down, bare_line.up + bare_line.down, 1, "B"),
            Row(f"{name}: requests", ours.requests, 1, 1, ""),
        ]
        for peer, serve in peers().items():
            theirs, their_line = _over_line(serve, count)
            rows += [
                Row(f"{name}: against {peer}", ours.seconds * 1000, theirs.seconds * 1000, 1),
                Row(f"{name}: bytes against {peer}", line.up + line.down, their_line.up + their_line.down, 1, "B"),
                Row(f"{name}: requests against {peer}", ours.requests, their_line.requests, 1, ""),
            ]
        ours, line = _over_line(partial(our_server, secure=True), count)
        rows += [
            Row(f"{name}: the same over TLS", ours.seconds * 1000, _needed_ms(line), 1),
            Row(f"{name}: its bytes over TLS", line.up + line.down, bare_line.up + bare_line.down, 1, "B"),
        ]
    return rows


class _Said(NamedTuple):
    seconds: float
    requests: int


def _needed_ms(line: SlowLine) -> float:
    return line.seconds_of_bytes * 1000


def _over_line(serve: Callable[[Path], Any], count: int) -> tuple[_Said, SlowLine]:
    """One run over the line; plain http is asked at once, as over TLS, where a certificate vouches for the server."""
    with tempfile.TemporaryDirectory() as name, serve(Path(name)) as party:
        _prepare(party, CHANGED)
        ours = party.client == OURS
        if party.client in (OURS, BASELINE):
            party.laptop("write", "first", count)
        with slow_line(party.url, bits_a_second=BITS_A_SECOND, round_trip_s=ROUND_TRIP_S) as line:
            vouched = ("--vouched",) if ours else ()
            said = party.laptop("run" if ours else "push", "first", count, *vouched, url=f"{line.url}{party.root}")
        return _Said(float(said["seconds"]), int(said.get("requests", line.requests))), line


def _rows_of_peer(name: str, serve: Callable[[Path], Any], count: int, bare: Phases) -> list[Row]:
    """Another system on the same visits; the time is that of its sync call alone, without starting and opening."""
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder)) as party:
        _prepare(party, count)
        found = {"push": party.laptop("push", "first", count), "pull": party.laptop("pull", "second", count)}
        peak = party.peak_mib
    if found["pull"]["digest"] != digest(visits(count)):
        raise RuntimeError(f"the second laptop of {name} did not receive the visits as they were written")
    counted = _traffic(serve, count)
    rows = []
    for phase, way in (("push", "up"), ("pull", "down")):
        here, there, title = found[phase], bare[phase], f"{name} {count:,}: {phase}"
        rows += [
            Row(title, here["seconds"] * 1000, there["seconds"] * 1000, 1),
            Row(f"{title}, bytes a record", counted[phase][0] / count, there[way] / count, 1, "B"),
            Row(f"{title}, requests", counted[phase][1], 1, 1, ""),
            Row(f"{title}, peak memory of the laptop", here["peak_mib"], there["peak_mib"], 1, "MiB"),
        ]
    return [*rows, Row(f"{name} {count:,}: server, peak memory", peak, bare["server"]["peak_mib"], 1, "MiB")]


def _traffic(serve: Callable[[Path], Any], count: int) -> dict[str, tuple[int, int]]:
    """Bytes with headers the way that the visits go, and requests; in runs of their own, for counting takes time."""
    counted = {}
    with tempfile.TemporaryDirectory() as name, serve(Path(name)) as party:
        _prepare(party, count)
        for phase, folder in (("push", "first"), ("pull", "second")):
            with slow_line(party.url, bits_a_second=FAST, round_trip_s=0) as line:
                party.laptop(phase, folder, count, url=f"{line.url}{party.root}")
            counted[phase] = (line.up if phase == "push" else line.down, line.requests)
    return counted
