"""On PostgreSQL intake and feed lie in sixteen parts each, and what was there before lies in them too."""

from __future__ import annotations

from importlib.resources import files

import peewee
import pytest
from playhouse.pool import PooledPostgresqlDatabase

from kube_field.server.storage.database import RETRIES, ServerDatabase, migrate
from kube_field.sqlite.migrations import load_migrations
from tests.support.postgres import make_database

PARTS = "SELECT count(*) FROM pg_inherits WHERE inhparent = %s::regclass"
BEFORE = (
    "INSERT INTO intake (change_id, uid, device_id, sender_uid, author_uid, received_at, body, sha256, status, result,"
    " decided_at) SELECT 'c' || n, 'u' || n, '', '', '', '', '{}', '', 'applied', '{}', ''"
    " FROM generate_series(1, 50) n",
    "INSERT INTO feed (scope, seq, uid, version, change_id, chain, at)"
    " SELECT '64.02.' || mod(n, 7), n, 'u' || n, 1, 'c' || n, '', '' FROM generate_series(1, 50) n",
)


@pytest.fixture
def database():
    opened = ServerDatabase(PooledPostgresqlDatabase(make_database(), max_connections=4, prefer_psycopg3=True))
    yield opened
    opened.close()


@pytest.mark.postgres
def test_rows_of_the_first_schema_are_found_in_the_parts(database):
    first = load_migrations(files("kube_field.server.storage") / "migrations")[:2]
    with database.write():
        database.run("CREATE TABLE schema_step (number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL)")
        for step in first:
            step.up(database.db)
            database.run("INSERT INTO schema_step VALUES (%s, %s)", step.number, step.name)
        for statement in BEFORE:
            database.run(statement)
    assert migrate(database)
    with database.read():
        for table in ("intake", "feed"):
            assert database.run(PARTS, table).fetchone()[0] == 16
            assert database.run(f"SELECT count(*) FROM {table}").fetchone()[0] == 50
        with pytest.raises(peewee.IntegrityError), database.db.atomic():
            database.run("INSERT INTO feed SELECT * FROM feed LIMIT 1")


@pytest.mark.postgres
def test_work_that_ran_into_other_work_steps_aside_and_tries_again(database):
    waited = []
    left = [True] * (RETRIES - 1)

    def work():
        if left:
            left.pop()
            with database.write():
                database.run("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END $$")
        return "done"

    assert database.retry(work, waited.append) == "done"
    assert waited == list(range(RETRIES - 1))
