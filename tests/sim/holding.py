"""One history as a test: a failing one tells its story."""

from __future__ import annotations

import logging
from typing import Any

from tests.sim.histories import Report, run_history


def holds(seed: int, **asked: Any) -> Report:
    """The history of a seed breaks no invariant; `asked` is for `run_history`."""
    logging.disable(logging.CRITICAL)  # a history has a thousand troubles, all of them wanted
    try:
        report = run_history(seed, **asked)
    finally:
        logging.disable(logging.NOTSET)
    assert not report.broken, "\n".join([f"seed {seed}: {report.broken}", *report.story])
    return report
