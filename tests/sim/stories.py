"""Directed histories: a few fixed steps over the same world and the same oracle, one for each seeded bug.

A random history needs luck for the rare holes (a server put back while a laptop is between two pages); a story goes
there at once. Without the bug it must hold; with it an invariant must break.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any
from unittest import mock

from kube_field.server.storage import reading
from tests.sim import world
from tests.sim.families import KK_NUMBERS
from tests.sim.ground import VILLAGES
from tests.sim.machine import Machine
from tests.sim.oracle import TAKEN, Violation
from tests.sim.world import World

TOWN, NEXT, FAR = "64.02.12", "64.02.13", "64.03.01"
NEXT_VILLAGE = "64.02.13.2019"
ENOUGH_CALLS = 60
"""A run of a story that takes more calls does not end."""


Story = Callable[["Scene"], None]


class Scene(World):
    """A small world whose laptops are given, and where nothing fails by itself."""

    def __init__(self, **areas: tuple[str, ...]) -> None:
        super().__init__(0)
        for machine in self.machines:
            machine.close()
        self.machines.clear()
        self._steps = random.Random("story")
        for name, its in areas.items():
            self.new_laptop(name, its)

    def __getitem__(self, name: str) -> Machine:
        return next(machine for machine in self.machines if machine.name == name)

    # one sentence each

    def create(self, name: str) -> str:
        """A new group; its uid."""
        self.create_group(self[name], self._steps)
        return self.groups[-1]

    def type(self, who: str, uid: str, poison: str = "", **typed: Any) -> None:
        """An edit; a value of "" is a text that nobody typed before."""
        record = self[who].store.records.get(uid)
        assert record is not None, f"{who} does not have {uid}"
        self.edit(self[who], record, {code: new or self.text(uid) for code, new in typed.items()}, poison)

    def add_fact(self, name: str, uid: str) -> None:
        """Something final is written about a group."""
        record = self[name].store.records.get(uid)
        assert record is not None, f"{name} does not have {uid}"
        self.fact_at(self[name], record, random.Random(1))

    def runs(self, *names: str) -> None:
        """Whole runs, one after the other."""
        for name in names:
            self._whole_run(self[name])
            self.look()

    def calls(self, name: str, count: int, fault: str = "") -> None:
        """So many network calls; `fault` happens to the last of them."""
        for number in range(count):
            self[name].line.fault = fault if number == count - 1 else ""
            self.call(self[name])
        self.look()

    def calls_until(self, name: str, phase: str) -> None:
        """Network calls until the next one is of a phase, or the run is over."""
        for _call in range(ENOUGH_CALLS):
            if self.call(self[name]):
                return
            engine = self[name].engine
            if engine is not None and engine.phase.value == phase:
                return

    def stops(self, name: str) -> None:
        """The lid is closed in the middle of a run."""
        self[name].die()

    def server_is_saved(self) -> None:
        self.back_up_server(self._steps)

    def server_is_put_back(self) -> None:
        self.restore_server(random.Random(0))

    def is_cloned(self, name: str) -> None:
        """Once; the clone's name ends with a 2."""
        self.clone_of(self[name], f"{name}2")

    def may_work_in(self, name: str, *areas: str) -> None:
        """The province gives an officer these areas and no others."""
        self.grant(self[name].officers[0].uid, set(areas))

    def everything_holds(self) -> None:
        """Quiet, then all invariants; what a laptop calls accepted was accepted."""
        self.quiet()
        self.look()
        statuses = dict(self.province.rows("SELECT change_id, status FROM intake"))
        for machine in self.machines:
            for (name,) in machine.rows("SELECT change_id FROM outbox WHERE state = 'acked'"):
                if statuses.get(name) not in TAKEN:
                    raise Violation("I1", f"{name} is accepted for {machine.name}, {statuses.get(name)} on the server")


def tell(story: Story, bug: Callable[[], AbstractContextManager[Any]] = nullcontext) -> str:
    """The invariant that a story breaks, "" when everything holds."""
    with bug(), mock.patch.object(world, "CALLS", ENOUGH_CALLS):
        scene = Scene(**CASTS.get(story, {"A": (TOWN,), "B": (TOWN,), "C": (TOWN,)}))
        try:
            story(scene)
            scene.everything_holds()
        except Violation as violation:
            return str(violation)
        finally:
            scene.close()
    return ""


# what they tell


def the_server_forgets_what_was_acknowledged(scene: Scene) -> None:
    """Create, sync, put back an old server."""
    scene.server_is_saved()
    scene.create("A")
    scene.runs("A")
    scene.server_is_put_back()


def another_content_under_the_same_version(scene: Scene) -> None:
    """B has a version 2 that the server forgot; C makes another one meanwhile, and the feed grows past what B saw."""
    group = scene.create("A")
    scene.runs("A", "B", "C")
    scene.server_is_saved()
    scene.type("A", group, sk_number="")
    scene.runs("A", "B")
    scene.server_is_put_back()
    scene.type("C", group, sk_number="")
    scene.runs("C", "A")


def the_server_forgets_a_push_before_the_pull(scene: Scene) -> None:
    """No chain tells of it: the laptop has not downloaded since."""
    scene.runs("A")
    scene.server_is_saved()
    scene.create("A")
    scene.calls_until("A", "pull")
    scene.stops("A")
    scene.server_is_put_back()


def the_server_goes_back_between_two_pages(scene: Scene) -> None:
    """B read one page of a newer feed; the older feed grows to exactly where B stands."""
    first, second = scene.create("A"), scene.create("A")
    scene.runs("A", "C")
    scene.server_is_saved()
    scene.type("A", first, sk_number="")
    scene.type("A", second, sk_number="")
    scene.runs("A")
    with mock.patch.object(reading, "PAGE_ROWS", 1):
        scene.calls_until("B", "pull")
        while not scene["B"].rows("SELECT 1 FROM sync_base WHERE uid = ?", first):
            scene.call(scene["B"])
    scene.stops("B")
    scene.server_is_put_back()
    scene.type("C", first, sk_number="")
    scene.runs("C", "A")


def a_repeated_push_brings_more_than_the_first(scene: Scene) -> None:
    """The answer of the first one was lost, the backup lies between the two."""
    scene.runs("A")
    scene.create("A")
    scene.calls_until("A", "push")
    scene.calls("A", 1, "lose")
    scene.server_is_saved()
    scene.create("A")
    scene.calls_until("A", "pull")
    scene.stops("A")
    scene.server_is_put_back()


def the_laptop_dies_while_it_stores_a_page(scene: Scene) -> None:
    """Just before its second commit after the answer; one page is one commit."""
    scene.create("A")
    scene.runs("A")
    for pages_before in range(3):
        scene.calls_until("B", "pull")
        scene.calls("B", pages_before)
        scene["B"].fuse.set(2, after=False)
        scene.call(scene["B"])
        scene.stops("B")


def the_answer_of_a_push_is_lost(scene: Scene) -> None:
    """The laptop sends again what the server has taken in; the hello in short brings it along."""
    group = scene.create("A")
    scene.runs("A")
    scene.type("A", group, sk_number="")
    scene.calls("A", 1, "lose")


def two_officers_type_into_one_field(scene: Scene) -> None:
    """Neither has seen what the other typed."""
    group = scene.create("A")
    scene.runs("A", "B")
    scene.type("A", group, sk_number="")
    scene.type("B", group, sk_number="")
    scene.runs("A", "B")


def an_area_is_taken_away(scene: Scene) -> None:
    """What is written there afterwards is not his any more."""
    scene.runs("A", "B")
    scene.may_work_in("A", TOWN)
    scene.create("B")
    scene.runs("B", "A")


def a_record_moves_to_another_area(scene: Scene) -> None:
    """B works where it was, A in both."""
    group = scene.create("B")
    scene.runs("B", "A")
    scene.type("A", group, village_code=NEXT_VILLAGE)
    scene.runs("A", "B")


def the_server_stumbles_over_one_change(scene: Scene) -> None:
    """The others of its batch go in."""
    group, other = scene.create("A"), scene.create("A")
    scene.runs("A")
    scene.type("A", group, poison="boom_write", sk_number="")
    scene.type("A", other, sk_number="")


def a_child_comes_before_its_parent(scene: Scene) -> None:
    """The server was put back to before the parent; the laptop with the child syncs first."""
    scene.runs("A", "B")
    scene.server_is_saved()
    group = scene.create("A")
    scene.runs("A", "B")
    scene.add_fact("B", group)
    scene.server_is_put_back()
    scene.runs("B")


def the_power_goes_while_an_edit_is_stored(scene: Scene) -> None:
    """After its commit."""
    group = scene.create("A")
    scene.runs("A")
    scene["A"].fuse.set(1, after=True)
    scene.type("A", group, sk_number="")


def a_clone_and_its_original_write(scene: Scene) -> None:
    """Clone, create, create."""
    scene.runs("A")
    scene.is_cloned("A")
    scene.create("A")
    scene.create("A2")


def the_server_refuses_a_value(scene: Scene) -> None:
    """The officer has to hear of it."""
    group = scene.create("A")
    scene.runs("A")
    scene.type("A", group, poison="bad", iks_period="tidak ada")
    scene.runs("A")


def something_is_typed_before_the_download(scene: Scene) -> None:
    """B types between its push and its pull, which brings another version of the record."""
    group = scene.create("A")
    scene.runs("A", "B")
    scene.type("A", group, sk_number="")
    scene.runs("A")
    scene.calls_until("B", "pull")
    scene.type("B", group, name="")


def an_area_is_taken_away_before_all_was_sent(scene: Scene) -> None:
    """What was written there is still sent."""
    scene.runs("A")
    scene.create("A")
    scene.may_work_in("A", TOWN)
    scene.runs("A")


def an_edit_follows_one_whose_answer_was_lost(scene: Scene) -> None:
    """The server has the first one, and only it."""
    group = scene.create("A")
    scene.runs("A")
    scene.type("A", group, sk_number="")
    scene.calls("A", 1, "lose")
    scene.stops("A")
    scene.type("A", group, sk_number="")


def both_clones_edit_what_was_not_sent(scene: Scene) -> None:
    """One change on two disks, and both officers go on typing."""
    group = scene.create("A")
    scene.runs("A")
    scene.type("A", group, sk_number="")
    scene.is_cloned("A")
    scene.type("A", group, sk_number="")
    scene.type("A2", group, name="")


def a_program_learns_a_kind(scene: Scene) -> None:
    """B held a membership before its program knew what that is."""
    scene.oracle.older.add("B")
    group = scene["A"].store.records.get(scene.create("A"))
    assert group is not None
    scene.member_at(scene["A"], group, random.Random(1))
    scene.runs("A", "B")
    scene.quiet()
    scene.update_laptop(random.Random(1))


def two_answers_do_not_go_together(scene: Scene) -> None:
    """A family is smaller than A thought, and more of it go to school than B thought."""
    told = {"kk_number": KK_NUMBERS[0], "village_code": VILLAGES[TOWN], "address": ""}
    home = scene.create_family(scene["A"], **told)
    scene.runs("A", "B")
    scene.type("A", home, size=3)
    scene.type("B", home, n_school=4)
    scene.runs("A", "B")


def a_record_is_deleted_that_another_wrote_about(scene: Scene) -> None:
    """B has not heard what A wrote."""
    group = scene.create("A")
    scene.runs("A", "B")
    scene.type("A", group, sk_number="")
    scene.type("B", group, deleted=True)
    scene.runs("A", "B")


BOTH, HERE, THERE = (TOWN, NEXT), (TOWN,), (NEXT,)
CASTS: dict[Story, dict[str, tuple[str, ...]]] = {
    the_server_forgets_what_was_acknowledged: {"A": HERE, "B": HERE},
    an_area_is_taken_away: {"A": BOTH, "B": THERE},
    a_record_moves_to_another_area: {"A": BOTH, "B": HERE},
    an_area_is_taken_away_before_all_was_sent: {"A": THERE},
}
"""Who takes part, where it is not three laptops of one area."""

STORIES: dict[str, Story] = {
    "drop_on_ack": the_server_forgets_what_was_acknowledged,
    "no_rollback_detect": another_content_under_the_same_version,
    "no_continuity": the_server_forgets_a_push_before_the_pull,
    "no_chain": another_content_under_the_same_version,
    "chain_at_cursor": the_server_goes_back_between_two_pages,
    "step_not_rotated": a_repeated_push_brings_more_than_the_first,
    "no_cursor_reset": another_content_under_the_same_version,
    "cursor_first": the_laptop_dies_while_it_stores_a_page,
    "no_dedupe": the_answer_of_a_push_is_lost,
    "lww": two_officers_type_into_one_field,
    "refused_together": two_answers_do_not_go_together,
    "wrong_together": two_answers_do_not_go_together,
    "deleted_unseen": a_record_is_deleted_that_another_wrote_about,
    "cached_grants": an_area_is_taken_away,
    "no_exit": a_record_moves_to_another_area,
    "poison_batch": the_server_stumbles_over_one_change,
    "no_hold": a_child_comes_before_its_parent,
    "split_tx": the_power_goes_while_an_edit_is_stored,
    "counter_ids": a_clone_and_its_original_write,
    "ack_all": the_server_refuses_a_value,
    "no_rebase": something_is_typed_before_the_download,
    "purge_first": an_area_is_taken_away_before_all_was_sent,
    "coalesce_sent": an_edit_follows_one_whose_answer_was_lost,
    "mutable_change": both_clones_edit_what_was_not_sent,
    "kind_not_learnt": a_program_learns_a_kind,
    "unknown_kind_dropped": a_program_learns_a_kind,
}
"""Which story catches which bug."""
