"""Runs one random history and, when it breaks an invariant, tells a short story about it."""

from __future__ import annotations

import contextlib
import gc
import random
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from tests.sim.disks import PowerCut
from tests.sim.oracle import Violation
from tests.sim.world import World

STEPS = 140
QUIET_EVERY = 47
STORY_LINES = 25
OBJECTS_BETWEEN_COLLECTIONS = 50_000
ENDED_BY_ERROR = "error"
"""In the place of an invariant: the history did not come to its end."""

Bug = Callable[[], AbstractContextManager[None]]


@dataclass
class Report:
    """What one history did. `broken` is the violated invariant with its sentence, "" when everything held."""

    seed: int
    changes: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    broken: str = ""
    invariant: str = ""
    story: list[str] = field(default_factory=list)

    @property
    def breaks_invariant(self) -> bool:
        """True when an invariant was violated; a history that only crashed shows nothing about what it holds."""
        return self.invariant not in ("", ENDED_BY_ERROR)


def run_history(
    seed: int,
    *,
    steps: int = STEPS,
    skip: Iterable[int] = (),
    encrypted: bool = False,
    postgres: str = "",
    people: bool | None = None,
    fresh_starts: bool = True,
    bug: Bug = contextlib.nullcontext,
) -> Report:
    """One history of a seed, without the steps in `skip`; that of every odd seed is about people, unless told."""
    is_about_people = seed % 2 == 1 if people is None else people
    with bug(), _rare_collections():
        world = World(seed, encrypted=encrypted, postgres=postgres, people=is_about_people, fresh_starts=fresh_starts)
        report = Report(seed)
        try:
            _live(world, seed, steps, frozenset(skip))
        except Violation as violation:
            report.broken, report.invariant = str(violation), violation.invariant
            report.story = _short(list(world.story), world.oracle.name(violation.about))
        except (Exception, PowerCut) as error:  # noqa: BLE001  (a history that ends with an error is told like the others)
            frames = "" if bug is not contextlib.nullcontext else "".join(traceback.format_exception(error)[-5:])
            report.broken, report.invariant = f"{type(error).__name__}: {error}\n{frames}", ENDED_BY_ERROR
            report.story = list(world.story)[-STORY_LINES:]
        finally:
            world.close()
        report.changes, report.faults = len(world.oracle.confirmed), world.faults + world.oracle.counted()
    return report


@contextlib.contextmanager
def _rare_collections() -> Iterator[None]:
    """A history leaves few cycles behind; by default one twentieth of its time goes into looking for them."""
    before = gc.get_threshold()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _live(world: World, seed: int, steps: int, skip: frozenset[int]) -> None:
    for number in range(steps):
        if number not in skip:
            world.step(random.Random(f"{seed}:{number}"))
        if number % QUIET_EVERY == QUIET_EVERY - 1 or number == steps - 1:
            world.quiet()


def _short(story: list[str], about: str) -> list[str]:
    """The last lines, and before them what concerns the record, disasters and quiets."""
    earlier, last = story[:-STORY_LINES], story[-STORY_LINES:]
    words = [line for line in earlier if line.isupper() or "PUT BACK" in line or "CLONED" in line or "may now" in line]
    concerned = [line for line in earlier if about and about in line.replace(":", " ").split()]
    kept = set(words) | set(concerned)
    return [line for line in earlier if line in kept] + last


def shrink(seed: int, invariant: str, *, steps: int = STEPS, bug: Bug = contextlib.nullcontext) -> list[int]:
    """Steps that can be left out while the same invariant still breaks."""
    skip: list[int] = []
    size = steps // 2
    while size:
        for start in range(0, steps, size):
            trial = sorted({*skip, *range(start, min(start + size, steps))})
            if len(trial) > len(skip) and run_history(seed, steps=steps, skip=trial, bug=bug).invariant == invariant:
                skip = trial
        size //= 2
    return skip
