"""A province at work at once: 200 virtual laptops against the real server process on PostgreSQL, for a minute.

`python -m tests.bench.load [LAPTOPS [SECONDS]]` prints the figures; what may never happen is counted as violations.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from kube_field.server.credentials import new_token, token_hash
from kube_field.server.serving import open_house
from kube_field.server.storage.accounts import Accounts
from kube_field.server.storage.proof import check_feed
from tests.bench.peers.own_process import peak_mib
from tests.bench.sync_parties import ROOT, durable_postgres
from tests.contracts.desk import Desk
from tests.support.laptop import REFERENCE
from tests.support.postgres import make_database
from tests.support.real_server import RealServer
from tests.support.server import AT
from tests.support.wire_changes import make_household, make_unit_change

KABUPATEN = "64.02"
AREAS = tuple(one.code for one in REFERENCE.regions.kecamatan_in(KABUPATEN))[:10]
REST_SECONDS = 3.0
OFFICE = "Kantor"
PROCESSES = 4
"""Threads of one Python process would wait for each other, not for the server."""


@dataclass(frozen=True)
class Load:
    """What a minute was like. `violations` say what may never happen."""

    laptops: int
    seconds: float
    acknowledged: int
    milliseconds: dict[str, list[float]]
    troubles: dict[str, int]
    server_mib: float
    violations: list[str]

    def told(self) -> str:
        """The figures, a line each."""
        lines = [f"{self.laptops} laptops, {self.seconds:.0f} s, {self.acknowledged} changes acknowledged"]
        for name, times in self.milliseconds.items():
            ordered = quantiles(times, n=100, method="inclusive")
            lines.append(f"{name}: {len(times)} answers, p50 {median(times):.0f} ms, p99 {ordered[98]:.0f} ms")
        lines.append(f"asked again: {self.troubles or 'never'}; server at most {self.server_mib:.0f} MiB")
        return "\n".join([*lines, f"violations: {len(self.violations)}", *self.violations[:5]])


def measure_load(folder: Path, laptops: int, seconds: float, rest: float = REST_SECONDS) -> Load:
    """Run the province for so long; a laptop rests so long between two runs. The database is new and durable."""
    durable_postgres()
    server = RealServer(folder / "server", make_database())
    try:
        known = _laptops(server, laptops)
        begun = time.monotonic()
        said = _at_work(folder, {"url": server.url, "seconds": seconds, "rest": rest}, known)
        took = time.monotonic() - begun
        used = peak_mib(server.pid)
        return _reckoned(server, said, took, used)
    finally:
        server.stop()


def _laptops(server: RealServer, count: int) -> list[dict[str, str]]:
    """So many officers with a laptop each; a family and a business in every area, written by the office."""
    known = []
    with open_house(server.folder, server.postgres_url) as house:
        desk = Desk(house)
        desk.add(OFFICE, areas=AREAS)
        for scope in AREAS:
            village = REFERENCE.regions.villages_in(scope)[0].code
            for change in (
                make_household(f"home-{scope}", village_code=village),
                make_unit_change(f"unit-{scope}", village_code=village),
            ):
                change.by, change.scope = f"user-{OFFICE.lower()}", scope
                assert desk.statuses(change, name=OFFICE) == ["applied"]
        for n in range(count):
            scope, name, token = AREAS[n % len(AREAS)], f"P{n}", new_token(house.random_bytes)
            desk.add(name, areas=(scope,))
            village = REFERENCE.regions.villages_in(scope)[0].code
            places = {"scope": scope, "village": village, "unit": f"unit-{scope}"}
            known.append({"device": f"laptop-{name}", "user": f"user-{name.lower()}", "token": token, **places})
            with house.database.write():
                Accounts(house.database).add_token(token_hash(token), f"laptop-{name}", f"user-{name.lower()}", AT)
    return known


def _at_work(folder: Path, how: dict[str, Any], known: list[dict[str, str]]) -> list[dict[str, Any]]:
    """What every laptop said in the end."""
    running = []
    for part in range(PROCESSES):
        plan = folder / f"plan-{part}.json"
        plan.write_text(json.dumps({**how, "laptops": known[part::PROCESSES]}))
        if known[part::PROCESSES]:
            command = [sys.executable, "-m", "tests.bench.peers.many_laptops", str(plan)]
            running.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE))
    said: list[dict[str, Any]] = []
    for child in running:
        out, err = child.communicate(timeout=how["seconds"] + 300)
        assert child.returncode == 0, err.decode()[-3000:]
        said += json.loads(out)
    return said


def _reckoned(server: RealServer, said: list[dict[str, Any]], took: float, used: float) -> Load:
    times: dict[str, list[float]] = {"hello": [], "push": [], "pull": []}
    troubles: dict[str, int] = {}
    for one in said:
        for name, measured in one["times"].items():
            times[name] += measured
        for code, count in one["troubles"].items():
            troubles[code] = troubles.get(code, 0) + count
    acknowledged = sum(len(one["receipts"]) for one in said)
    return Load(len(said), took, acknowledged, times, troubles, used, _violations(server, said))


def _violations(server: RealServer, said: list[dict[str, Any]]) -> list[str]:
    """Every change with a receipt is there once with its content, every proof holds, nobody was given another area."""
    there = dict(server.rows("SELECT change_id, sha256 FROM intake"))
    times = dict(server.rows("SELECT change_id, count(*) FROM record_version GROUP BY change_id"))
    places = dict(server.rows("SELECT uid, scope FROM record"))
    found = []
    for one in said:
        for change, sha256 in one["receipts"].items():
            if not (there.get(change) == sha256 == one["written"][change] and times.get(change) == 1):
                found.append(f"{change} of {one['device']} is not there once as it was written")
        if one["receipts"].keys() != one["written"].keys():
            found.append(f"{one['device']} has no receipt for something")
        found += [f"{uid} reached {one['device']}" for uid in one["rows"] if places[uid] != one["scope"]]
    with server.database() as database:
        found += [str(trouble) for trouble in check_feed(database)]
    return found


def main() -> int:
    laptops, seconds = (int(word) for word in (*sys.argv[1:], "200", "60")[:2])
    with tempfile.TemporaryDirectory() as name:
        load = measure_load(Path(name), laptops, seconds)
    sys.stdout.write(load.told() + "\n")
    return 1 if load.violations else 0


if __name__ == "__main__":
    raise SystemExit(main())
