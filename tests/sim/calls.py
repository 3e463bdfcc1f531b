"""The line between laptops and server: network calls one by one, and everything that happens to them."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from kube_field.errors import Failure, KubeFieldError
from kube_field.usecases.photos import fetch_photos
from tests.sim.disks import PowerCut
from tests.sim.machine import Machine
from tests.sim.programs import Programs


class Calls(Programs):
    """What goes over the line."""

    def sync(self, rng: random.Random) -> None:
        """A laptop makes some network calls, usually not all of a run."""
        machine = rng.choice(self.machines)
        for _call in range(rng.choice((1, 2, 4, 8, 20))):
            self.disturb(machine, rng)
            if self.call(machine):
                break

    def disturb(self, machine: Machine, rng: random.Random) -> None:
        chance = rng.random()
        if chance < 0.12:
            machine.line.fault = rng.choice(("drop", "lose", "lose", "twice"))
            self.faults[{"drop": "lost request", "lose": "lost answer", "twice": "duplicate"}[machine.line.fault]] += 1
            self.tell(f"{machine.name}: the next call will be {machine.line.fault}")
        elif chance < 0.17:
            machine.fuse.set(rng.randint(1, 3), after=rng.random() < 0.5)
            self.faults["laptop crash"] += 1
        elif chance < 0.21:
            self.province.fuse.set(1, after=rng.random() < 0.5)
            self.faults["server crash"] += 1

    def call(self, machine: Machine) -> bool:
        """One network call; True when the run ended, the machine died or the line broke."""
        phase = machine.engine.phase.value if machine.engine else "hello"
        if machine.engine is None:
            self.oracle.run_begins(machine)
        self._tell_call(machine, phase)
        try:
            with self.program_of(machine):
                over = machine.step()
        except PowerCut:
            machine.die()
            self.tell(f"{machine.name} dies")
            over = True
        else:
            if over and not machine.outcome:
                self.oracle.run_ended_well(machine)
        if over and machine.outcome:
            self._tell_call(machine, f"({machine.outcome})")
        self.old_requests = [*self.old_requests[-30:], *((machine, sent) for sent in machine.line.sent[-1:])]
        self._raise_leaks()
        self.oracle.look_at_laptop(machine)
        return over

    def _tell_call(self, machine: Machine, phase: str) -> None:
        """Calls of one laptop in a row share a line."""
        begin = f"{machine.name} calls:"
        if self.story and self.story[-1].startswith(begin):
            self.story[-1] += f" {phase}"
        else:
            self.tell(f"{begin} {phase}")

    def replay(self, rng: random.Random) -> None:
        """An old request arrives once more, late; nobody reads the answer."""
        if self.old_requests:
            machine, request = rng.choice(self.old_requests)
            self.faults["late replay"] += 1
            self.tell(f"an old {request[1]} of {machine.name} arrives again")
            self.province.serve(*request)

    def crash(self, rng: random.Random) -> None:
        """The next or a later commit of a laptop ends it."""
        machine = rng.choice(self.machines)
        machine.fuse.set(rng.randint(1, 4), after=rng.random() < 0.5)
        self.faults["laptop crash"] += 1

    def shuffle(self, rng: random.Random) -> None:
        """From now on, until it starts anew, a laptop hands over its changes in any order."""
        machine = rng.choice(self.machines)
        order = random.Random(rng.getrandbits(64))
        in_order: Callable[..., list[Any]] = type(machine.sync).next_batch.__get__(machine.sync)

        def shuffled(*arguments: Any, **named: Any) -> list[Any]:
            batch = in_order(*arguments, **named)
            order.shuffle(batch)
            return batch

        machine.sync.next_batch = shuffled  # type: ignore[method-assign]
        self.faults["shuffled batches"] += 1
        self.tell(f"{machine.name} hands over in any order")

    def look_at_photos(self, rng: random.Random) -> None:
        """An officer opens something whose photos lie on the server only."""
        machine = rng.choice(self.machines)
        uids = machine.rows(
            "SELECT l.uid FROM blob_link l JOIN blob b ON b.sha256 = l.sha256 WHERE b.state = 'remote' ORDER BY l.uid"
        )
        if not uids:
            return
        (uid,) = rng.choice(uids)
        self.disturb(machine, rng)
        machine.transport.use_token(machine.sync.meta("token"))
        self.faults["photo fetched"] += 1
        self.tell(f"{machine.name} looks at the photos of {self.oracle.name(uid)}")
        try:
            fetch_photos(machine.session(machine.officers[0]), machine.transport, uid=uid)
        except PowerCut:
            machine.die()
            self.tell(f"{machine.name} dies")
        except KubeFieldError as error:
            if error.failure not in (Failure.NO_NETWORK, Failure.NOT_ALLOWED):
                raise
        self._raise_leaks()
        self.oracle.look_at_laptop(machine)
