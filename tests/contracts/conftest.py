"""One behaviour, two databases: SQLite, and a real PostgreSQL that the tests bring."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contracts.desk import Desk, open_desk
from tests.support.postgres import make_ready_database


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def desk(request: pytest.FixtureRequest, tmp_path: Path):
    """A server's database with officer Rina, asked without any network."""
    address = make_ready_database() if request.param == "postgres" else ""
    with open_desk(tmp_path, address) as opened:
        yield opened
    assert isinstance(opened, Desk)
