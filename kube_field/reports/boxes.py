"""Little boxes to tick, on paper and already ticked."""

from __future__ import annotations

from kube_field.reports.pen import Pen

SIDE = 7.5


def tick_box(pen: Pen, x: float, bottom: float, *, ticked: bool) -> None:
    """A box with its lower left corner at (x, bottom), crossed when it is ticked."""
    pen.box(x, bottom, SIDE, SIDE, 0.6)
    if ticked:
        pen.line((x + 1.4, bottom + 1.4), (x + SIDE - 1.4, bottom + SIDE - 1.4), 1.0)
        pen.line((x + 1.4, bottom + SIDE - 1.4), (x + SIDE - 1.4, bottom + 1.4), 1.0)
