"""Programs of different age: a laptop whose program does not know a kind of record keeps it as it came."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest import mock

from kube_field.storage import projection, sync_leaving
from tests.sim.ground import Ground
from tests.sim.machine import Machine
from tests.sim.oracle import LEARNT


class Programs(Ground):
    """Which program runs on which laptop."""

    @contextmanager
    def program_of(self, machine: Machine) -> Iterator[None]:
        """What the laptop does in here is done by its own program."""
        with ExitStack() as stack:
            if machine.name in self.oracle.older:
                for module in (projection, sync_leaving):
                    for name in ("RECORD_KINDS", "EDITABLE"):
                        stack.enter_context(mock.patch.object(module, name, getattr(module, name) - {LEARNT}))
            yield

    def update_laptop(self, _rng: random.Random) -> None:
        """An older program is replaced by ours."""
        waiting = [machine for machine in self.machines if machine.name in self.oracle.older]
        if not waiting:
            return
        self.faults["program updated"] += 1
        self.tell(f"{waiting[0].name} HAS A NEW PROGRAM")
        self.oracle.older.remove(waiting[0].name)
        waiting[0].die()
        self.open_anew(waiting[0])

    def open_anew(self, machine: Machine) -> None:
        """The first thing that a program does with a database, as `open_store` does it."""
        if machine.name not in self.oracle.older:
            with machine.store.transaction():
                self.faults["kind learnt"] += projection.materialise(machine.store)
