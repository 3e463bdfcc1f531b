"""The simulated world: a province, its laptops, and everything that may happen to them, one step at a time."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from tests.sim.deciders import Deciders
from tests.sim.disasters import Disasters
from tests.sim.machine import LOGIN_UNKNOWN, MASS_REMOVAL, Machine
from tests.sim.oracle import Violation
from tests.sim.peace import Peace
from tests.sim.sticks import Sticks
from tests.sim.supervisors import Supervisors

ROUNDS = 12
"""How many rounds of all laptops may pass until nothing moves (I8)."""
CALLS = 400
"""How many calls one run may take in a small world."""
SERVER_STANDING = """
SELECT scope, head, chain FROM scope_head UNION ALL SELECT status, count(*), '' FROM intake GROUP BY status
UNION ALL SELECT 'photos', count(*), '' FROM blob UNION ALL SELECT user_uid, 0, area FROM area_grant WHERE until_at = ''
"""
WEIGHTS = {
    "work": 40,
    "sync": 60,
    "poison_work": 2,
    "replay": 3,
    "crash": 3,
    "shuffle": 2,
    "look_at_photos": 2,
    "use_stick": 8,
    "judge_quarantine": 3,
    "mend_server": 1,
    "newer_program": 2,
    "back_up_server": 3,
    "restore_server": 2,
    "back_up_laptop": 2,
    "restore_laptop": 1,
    "clone": 1,
    "jump_clock": 1,
    "flip_grant": 2,
}


ABOUT_PEOPLE = {"meet_people": 25, "decide_doubles": 14, "settle_conflict": 4, "update_laptop": 2}
"""What happens besides in a history about people."""
FRESH_STARTS = {"make_first_downloads": 3, "enrol_anew": 1}
"""What happens besides in every history but those that were kept from the days before."""


class World(Deciders, Sticks, Disasters, Supervisors):
    """One history; one about people has families, doubles among them, and supervisors who decide about those."""

    def __init__(
        self, seed: int, *, encrypted: bool = False, postgres: str = "", people: bool = False, fresh_starts: bool = True
    ) -> None:
        super().__init__(seed, encrypted=encrypted, postgres=postgres, people=people)
        self._weights = {**WEIGHTS, **(ABOUT_PEOPLE if people else {}), **(FRESH_STARTS if fresh_starts else {})}

    def step(self, rng: random.Random) -> None:
        """Something happens."""
        names, weights = zip(*self._weights.items(), strict=True)
        action: Callable[[World, random.Random], None] = getattr(World, rng.choices(names, weights)[0])
        action(self, rng)
        self.look()

    def look(self) -> None:
        """What must hold at every moment: also that nobody had to compare whole areas, which is there for bugs only."""
        self._raise_leaks()
        self.oracle.look_at_server()

    # quiet

    def quiet(self) -> None:
        """All laptops sync without faults until nothing moves, then everything must hold."""
        self.tell("--- quiet ---")
        self.province.fuse.clear()
        for machine in self.machines:
            machine.fuse.clear()
            machine.line.fault = ""
        settled: dict[str, Any] = {}
        for _round in range(ROUNDS):
            restless = [machine for machine in self.machines if settled.get(machine.name) != self._standing(machine)]
            if not restless:
                Peace(self.oracle).check()
                for machine in self.machines:
                    machine.mixed_lives = False
                return
            for machine in restless:
                before, is_new = self._standing(machine), machine.engine is None
                self._whole_run(machine)
                after = self._standing(machine)
                settled[machine.name] = after if is_new and after == before else None
        raise Violation("I8", f"still moving after {ROUNDS} rounds")

    def _whole_run(self, machine: Machine, *, was_asked: bool = False) -> None:
        for _call in range(CALLS):
            if self.call(machine):
                if machine.outcome in (MASS_REMOVAL, LOGIN_UNKNOWN) and not was_asked:
                    self._do_as_told(machine)
                    self._whole_run(machine, was_asked=True)
                elif machine.outcome:
                    raise Violation("I8", f"a run of {machine.name} without any fault ends with {machine.outcome}")
                return
        raise Violation("I8", f"a run of {machine.name} does not end")

    def _do_as_told(self, machine: Machine) -> None:
        """He agrees to a removal; a laptop whose login a server put back never heard of gets a new code."""
        if machine.outcome == MASS_REMOVAL:
            self.faults["mass removal asked"] += 1
        else:
            self.give_new_login(machine)

    def _standing(self, machine: Machine) -> Any:
        """What a run of this laptop could depend on, or change."""
        return [
            machine.rows("SELECT change_id, state FROM outbox ORDER BY n"),
            machine.rows("SELECT scope_id, seq, sum, state FROM sync_scope ORDER BY scope_id"),
            machine.rows("SELECT sha256, state FROM blob ORDER BY sha256"),
            sorted(self.province.rows(SERVER_STANDING)),
        ]
