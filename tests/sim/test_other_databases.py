"""Short histories of the two ways that `./run simulate` has beside its usual one: encrypted laptops, a PostgreSQL."""

from __future__ import annotations

from contextlib import closing

import psycopg
import pytest

from tests.sim.holding import holds
from tests.sim.world import World
from tests.support.postgres import make_database

SEED = 900601
"""A history about people."""
STEPS = 30
PLAIN = b"SQLite format 3\x00"


def test_everything_holds_on_encrypted_laptops():
    assert holds(SEED, steps=STEPS, encrypted=True).changes > 0


def test_the_files_of_encrypted_laptops_cannot_be_read():
    with closing(World(SEED, encrypted=True)) as world:
        assert world.machines
        for machine in world.machines:
            assert machine.path.read_bytes()[: len(PLAIN)] not in (PLAIN, b"")


@pytest.mark.postgres
def test_everything_holds_with_a_postgresql_server():
    address = make_database()
    assert holds(SEED, steps=STEPS, postgres=address).changes > 0
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT count(*) FROM record").fetchone() != (0,)
