"""A fresh laptop for each test of the use cases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.laptop import Laptop, make_laptop


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    """Officer Rina's laptop in Tabang."""
    with make_laptop(tmp_path) as made:
        yield made
