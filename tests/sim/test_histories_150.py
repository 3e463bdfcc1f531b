"""Random histories 150 to 199 of the 300 of the ordinary test run."""

from __future__ import annotations

import pytest

from tests.sim.holding import holds


@pytest.mark.parametrize("seed", range(150, 200))
def test_everything_holds(seed: int):
    holds(seed)
