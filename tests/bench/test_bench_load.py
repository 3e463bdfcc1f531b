"""Many laptops at once lose nothing and double nothing; how long they wait stands in the figures, not in a bound."""

from pathlib import Path

import pytest

from tests.bench.load import measure_load

pytestmark = pytest.mark.postgres


def test_a_few_laptops_at_once_see_no_violation(tmp_path: Path):
    load = measure_load(tmp_path, 6, 1.0, rest=0.2)
    assert load.violations == []
    assert load.acknowledged >= 6


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_two_hundred_laptops_for_a_minute_see_no_violation(tmp_path: Path):
    load = measure_load(tmp_path, 200, 60.0)
    assert load.violations == [], load.told()
    assert load.acknowledged > 1000
