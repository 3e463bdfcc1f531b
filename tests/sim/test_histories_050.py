"""Random histories 50 to 99 of the 300 of the ordinary test run."""

from __future__ import annotations

import pytest

from tests.sim.holding import holds


@pytest.mark.parametrize("seed", range(50, 100))
def test_everything_holds(seed: int):
    holds(seed)
