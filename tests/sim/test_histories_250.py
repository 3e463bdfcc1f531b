"""Random histories 250 to 299 of the 300 of the ordinary test run."""

from __future__ import annotations

import pytest

from tests.sim.holding import holds


@pytest.mark.parametrize("seed", range(250, 300))
def test_everything_holds(seed: int):
    holds(seed)
