"""Little boxes to tick, on paper and already ticked."""

from __future__ import annotations

from kube_field.reports.pen import Pen

SIDE = 7.5


def tick_box(pen: Pen, x: float, bottom: float, *, ticked: bool) -> None:
    """A box with its lower left corner at (x, bottom), with a tick when it is ticked (☑)."""
    pen.box(x, bottom, SIDE, SIDE, 0.6)
    if ticked:
        draw_tick(pen, x, bottom)


def draw_tick(pen: Pen, x: float, bottom: float) -> None:
    """The tick alone, in a box of this size."""
    pen.line((x + 1.4, bottom + 3.4), (x + 3.2, bottom + 1.5), 1.1)
    pen.line((x + 3.2, bottom + 1.5), (x + 6.4, bottom + 6.3), 1.1)
