"""Supervisors at their own laptops: they decide about doubles; officers settle what two people wrote differently."""

from __future__ import annotations

import random
from typing import Any

from kube_field.domain.commit import Commit
from kube_field.domain.records import RecordKind
from kube_field.errors import Failure, KubeFieldError
from kube_field.usecases.conflicts import open_conflicts, resolve
from kube_field.usecases.double_decisions import keep_apart, merge_double, undo_merge
from kube_field.usecases.duplicates import DoneMerge, PossibleDouble, done_merges, open_duplicates
from kube_field.usecases.permissions import may_write
from kube_field.usecases.session import Session
from tests.sim.calls import Calls
from tests.sim.families import Families
from tests.sim.machine import Machine

REASON = "KTP keduanya sudah dilihat"
CALLS_TO_HEAR = 12
"""So many network calls a supervisor who has nothing to decide makes to hear of something."""


class WatchedStore:
    """The store of a laptop whose commits the simulated world makes and hears of."""

    def __init__(self, world: Deciders, machine: Machine, what: str) -> None:
        self._world, self._machine, self._what = world, machine, what

    def commit(self, work: Commit) -> None:
        """Write, as any officer of the simulated world does."""
        self._world.commit(self._machine, work, self._what)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._machine.store, name)


class Deciders(Families, Calls):
    """What supervisors say about doubles, and what becomes of two values of one field."""

    def decide_doubles(self, rng: random.Random) -> None:
        """A supervisor says something about a possible double or a merge; who has none to decide asks the server."""
        machine = rng.choice(self.deciders())
        session = machine.session(machine.officers[0])
        cases = [one for one in open_duplicates(session) if not (one.deciding or one.hint)]
        merges = [one for one in done_merges(session) if not (one.deciding or one.hint or one.blocked)]
        if merges and (not cases or rng.random() < 0.35):
            self.take_back(machine, rng.choice(merges))
        elif cases and rng.random() < 0.85:
            case = rng.choice(cases)
            self.make_one(machine, case, rng.choice(case.twins).uid)
        elif cases:
            self.tell_apart(machine, rng.choice(cases))
        else:
            self.hear(machine, rng)

    def deciders(self) -> list[Machine]:
        """Laptops of those who decide about doubles."""
        return [machine for machine in self.machines if may_write(machine.officers[0], RecordKind.MERGE_DECISION)]

    def make_one(self, machine: Machine, case: PossibleDouble, kept: str) -> None:
        (merged,) = (twin.uid for twin in case.twins if twin.uid != kept)
        what = f"merges {self.oracle.name(merged)} into {self.oracle.name(kept)}"
        merge_double(self._watched(machine, what), duplicate=case.uid, kept=kept, reason=REASON)

    def tell_apart(self, machine: Machine, case: PossibleDouble) -> None:
        names = " and ".join(self.oracle.name(twin.uid) for twin in case.twins)
        keep_apart(self._watched(machine, f"says that {names} differ"), duplicate=case.uid, reason=REASON)

    def take_back(self, machine: Machine, merge: DoneMerge) -> None:
        names = self.oracle.name(merge.merged.uid), self.oracle.name(merge.kept.uid)
        session = self._watched(machine, f"takes {names[0]} out of {names[1]} again")
        undo_merge(session, duplicate=merge.uid, reason=REASON)

    def hear(self, machine: Machine, rng: random.Random) -> None:
        for _call in range(CALLS_TO_HEAR):
            self.disturb(machine, rng)
            if self.call(machine):
                return

    def settle_conflict(self, rng: random.Random) -> None:
        """Somebody chooses one of the two values of a field."""
        machine = rng.choice(self.writers())
        waiting = [about for about in open_conflicts(machine.session(machine.officers[0])) if about.settles]
        if not waiting:
            return
        about = rng.choice(waiting)
        field = rng.choice([field for field in about.fields if field.settles])
        value = rng.choice([field.server, *field.others]).value
        session = self._watched(machine, f"settles {field.field} of {self.oracle.name(about.uid)}")
        try:
            resolve(session, about.uid, {field.field: value}, REASON)
        except KubeFieldError as error:
            if error.failure != Failure.VALIDATION:  # a value that the form does not take any more
                raise
            return
        self.faults["conflict settled"] += 1

    def _watched(self, machine: Machine, what: str) -> Session:
        session = machine.session(machine.officers[0])
        store: Any = WatchedStore(self, machine, what)
        return Session(session.officer, store, session.photos, session.reference, session.wiring)
