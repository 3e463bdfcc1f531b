"""The scale of a chart: round steps that hold every value, in whole numbers; screen and paper draw the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MOST_STEPS = 4
"""More lines than these make a small chart restless."""
ROUND_STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Axis:
    """From `low` to `high` in equal steps; both ends are multiples of the step."""

    low: int
    high: int
    step: int

    @property
    def ticks(self) -> tuple[int, ...]:
        """The values at which a line is drawn, ascending."""
        return tuple(range(self.low, self.high + 1, self.step))

    def share(self, value: float) -> float:
        """Where a value lies: 0 at the low end, 1 at the high end. For drawing only, never for a rule."""
        return (value - self.low) / (self.high - self.low)


def axis_over(values: Iterable[int], *, most: int = MOST_STEPS) -> Axis:
    """The finest scale over zero and all values that needs no more than `most` steps; from 0 to 1 without values."""
    known = [0, *values]
    low, high = min(known), max(known)
    for step in _round_steps():
        start, end = low // step * step, -(-high // step) * step
        if end - start <= step * most:
            return Axis(start, max(end, start + step), step)
    raise AssertionError("steps grow without end")


def _round_steps() -> Iterable[int]:
    power = 1
    while True:
        yield from (step * power for step in ROUND_STEPS)
        power *= 10
