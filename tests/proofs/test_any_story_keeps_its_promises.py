"""Stories that hypothesis tells over the real stores, engine and server; a broken promise shrinks to a few lines (T4).

The simulator draws long histories from one number. Here each event is a rule of its own, so that what hypothesis
prints after a failure is the shortest story that it found.
"""

from __future__ import annotations

import random

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.sim.world import World

WHO = st.integers(0, 6)
CHANCE = st.integers(0, 999)


class Story(RuleBasedStateMachine):
    """One province with four or five laptops."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(7)

    def _machine(self, who: int):
        return self.world.machines[who % len(self.world.machines)]

    @rule(who=WHO, chance=CHANCE)
    def create(self, who, chance):
        self.world.create_group(self._machine(who), random.Random(chance))

    @rule(who=WHO, chance=CHANCE, deed=st.sampled_from(["edit_at", "edit_at", "fact_at", "delete_at", "move_at"]))
    def change(self, who, chance, deed):
        machine = self._machine(who)
        known = self.world.known_groups(machine)
        if known:
            getattr(self.world, deed)(machine, known[chance % len(known)], random.Random(chance))

    @rule(who=WHO, calls=st.integers(1, 12), fault=st.sampled_from(["", "", "drop", "lose", "twice"]))
    def sync(self, who, calls, fault):
        machine = self._machine(who)
        for call in range(calls):
            machine.line.fault = fault if call == calls - 1 else ""
            if self.world.call(machine):
                break

    @rule(who=WHO, commits=st.integers(1, 3), after=st.booleans())
    def laptop_dies_at_a_commit(self, who, commits, after):
        self._machine(who).fuse.set(commits, after=after)

    @rule(after=st.booleans())
    def server_dies_at_its_next_commit(self, after):
        self.world.province.fuse.set(1, after=after)

    @rule()
    def back_up_server(self):
        self.world.back_up_server(random.Random(1))

    @rule(chance=CHANCE)
    def put_server_back(self, chance):
        self.world.restore_server(random.Random(chance))

    @rule(chance=CHANCE)
    def clone(self, chance):
        self.world.clone(random.Random(chance))

    @rule(chance=CHANCE)
    def flip_grant(self, chance):
        self.world.flip_grant(random.Random(chance))

    @rule(chance=CHANCE)
    def jump_clock(self, chance):
        self.world.jump_clock(random.Random(chance))

    @rule(chance=CHANCE)
    def use_stick(self, chance):
        self.world.use_stick(random.Random(chance))

    @rule(chance=CHANCE)
    def old_request_arrives_again(self, chance):
        self.world.replay(random.Random(chance))

    @invariant()
    def no_answer_told_too_much(self):
        assert self.world.leaks == []

    def teardown(self):
        try:
            self.world.quiet()
        finally:
            self.world.close()


TestAnyStory = Story.TestCase
TestAnyStory.settings = settings(
    max_examples=6,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
