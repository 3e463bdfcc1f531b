"""Random histories 0 to 49 of the 300 of the ordinary test run."""

from __future__ import annotations

import pytest

from tests.sim.holding import holds


@pytest.mark.parametrize("seed", range(0, 50))
def test_everything_holds(seed: int):
    holds(seed)
