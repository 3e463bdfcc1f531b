"""Some of the laptops of a province in one process: `python -m tests.bench.peers.many_laptops PLAN`.

Each writes small batches, sends them, fetches its area and rests, until the time is over; then it sends what is left.
What it says in the end: how long the answers took, and every change with the receipt that it was given.
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec import Raw

from kube_field.domain.records import RecordKind
from kube_field.errors import KubeFieldError
from kube_field.sync.pace import pause
from kube_field.sync.transports.http import HttpTransport
from kube_field.wire.changes import from_wire, results_of
from kube_field.wire.codec import to_json
from kube_field.wire.messages import Hello, Pull, Push, WireChange
from kube_field.wire.new_facts import table_of
from kube_field.wire.refusals import Refusal, RefusalCode
from tests.support.wire_changes import make_edit, make_fact, make_household

VISITS, CHECKS = 2, 4
"""Of each batch: visits with all their answers, and small facts, in a table beside an edit."""
PAGE_BYTES = 262_144
CHECK = {"desil": "2", "checked_on": "2026-11-01", "source": "siks_ng"}


@dataclass
class VirtualLaptop:
    """The wire of a laptop without its database: real connection, continuity, steps, receipts, cursor."""

    url: str
    device: str
    user: str
    token: str
    scope: str
    village: str
    unit: str
    rest: float
    continuity: str | None = None
    steps: int = 0
    seq: int = 0
    times: dict[str, list[float]] = field(default_factory=lambda: {"hello": [], "push": [], "pull": []})
    troubles: dict[str, int] = field(default_factory=dict)
    receipts: dict[str, str] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    edits: int = 0

    def work(self, ends: float) -> None:
        """Until the time is over; the last batch goes through however long it takes."""
        chance = random.Random(self.device)
        with HttpTransport(self.url, self.token) as line:
            time.sleep(chance.uniform(0, self.rest))
            self.hello(line, chance)
            while time.monotonic() < ends:
                self.push(line, chance, self.batch())
                self.pull(line, chance)
                time.sleep(chance.uniform(0, 2 * self.rest))

    def batch(self) -> tuple[list[WireChange], list[WireChange]]:
        """The officer's own family, made with the first batch and edited with every later one, and a few new facts."""
        first, own = len(self.written), f"home-{self.device}"
        facts = []
        for n in range(first, first + VISITS + CHECKS):
            uid, body = f"{self.device}-{n}", {"author_uid": self.user, "number": f"{self.device}-{n}"}
            if n - first < VISITS:
                facts.append(make_fact(uid, subject=self.unit, body=body, by=self.user, scope=self.scope))
            else:
                kind = RecordKind.DESIL_CHECK
                facts.append(make_fact(uid, kind, own, CHECK, body=body, by=self.user, scope=self.scope))
        edit = self.edit(own)
        self.written |= {change.id: change.sha256 for change in (edit, *facts)}
        return [edit], facts

    def edit(self, own: str) -> WireChange:
        """The next thing said of the family; nobody else edits it, so nothing has to be merged."""
        change = make_household(own, village_code=self.village, address="Jalan 0")
        if self.edits:
            address = (f"Jalan {self.edits - 1}", f"Jalan {self.edits}")
            change = make_edit(RecordKind.HOUSEHOLD, own, {"address": address}, base=self.edits)
        change.by, change.scope = self.user, self.scope
        self.edits += 1
        return change

    def hello(self, line: HttpTransport, chance: random.Random) -> None:
        body = Hello(device=self.device, user=self.user, continuity=self.continuity, step=self.next_step())
        self.continuity = self.asked("hello", lambda: line.hello(body), chance).continuity

    def push(
        self, line: HttpTransport, chance: random.Random, batch: tuple[list[WireChange], list[WireChange]]
    ) -> None:
        """As the engine packs them: what has to be merged goes for itself, new facts in a table."""
        changes, facts = batch
        raws, step, known = [Raw(to_json(change)) for change in changes], self.next_step(), list(map(from_wire, facts))
        table = table_of(known)

        def send() -> Any:
            body = Push(device=self.device, continuity=self.continuity, step=step, changes=raws, facts=table)
            return line.push(body)

        answer = self.asked("push", send, chance)
        self.continuity = answer.continuity
        for result in (*answer.results, *results_of(answer.taken, known)):
            assert result.status == "applied", result
            self.receipts[result.id] = result.receipt.sha256

    def pull(self, line: HttpTransport, chance: random.Random) -> None:
        more = True
        while more:
            body = Pull(scope=self.scope, seq=self.seq, max_bytes=PAGE_BYTES)
            page = self.asked("pull", lambda body=body: line.pull(body), chance)
            assert page.seq >= self.seq
            self.rows.update((row.uid, row.v) for row in page.rows)
            self.seq, more = page.seq, page.more

    def asked(self, name: str, ask: Any, chance: random.Random) -> Any:
        """An answer, however often it has to be asked for; only what was answered counts in the times."""
        failures = 0
        while True:
            begun = time.perf_counter()
            try:
                answer = ask()
            except (KubeFieldError, Refusal) as error:
                if isinstance(error, Refusal) and error.code != RefusalCode.BUSY:
                    raise
                failures += 1
                code = error.code if isinstance(error, KubeFieldError) else error.code.name
                self.troubles[code] = self.troubles.get(code, 0) + 1
                time.sleep(pause(failures, 0, chance.random()))
                continue
            self.times[name].append((time.perf_counter() - begun) * 1000)
            return answer

    def next_step(self) -> str:
        self.steps += 1
        return f"{self.device}:{self.steps}"


def main() -> int:
    plan = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    laptops = [VirtualLaptop(url=plan["url"], rest=plan["rest"], **told) for told in plan["laptops"]]
    ends = time.monotonic() + float(plan["seconds"])
    threading.stack_size(256 * 1024)
    with ThreadPoolExecutor(len(laptops)) as pool:
        list(pool.map(lambda laptop: laptop.work(ends), laptops))
    said = [
        {"device": one.device, "scope": one.scope, "times": one.times, "troubles": one.troubles,
         "written": one.written, "receipts": one.receipts, "rows": one.rows}
        for one in laptops
    ]  # fmt: skip
    sys.stdout.write(json.dumps(said) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
