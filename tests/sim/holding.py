"""One history as a test: a failing one tells its story."""

from __future__ import annotations

import logging

from tests.sim.histories import run_history


def holds(seed: int, *, people: bool | None = None, fresh_starts: bool = True) -> None:
    """The history of a seed breaks no invariant."""
    logging.disable(logging.CRITICAL)  # a history has a thousand troubles, all of them wanted
    try:
        report = run_history(seed, people=people, fresh_starts=fresh_starts)
    finally:
        logging.disable(logging.NOTSET)
    assert not report.broken, "\n".join([f"seed {seed}: {report.broken}", *report.story])
