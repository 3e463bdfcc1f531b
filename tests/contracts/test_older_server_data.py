"""Data of the first server: its conflicts become records, its people learn which family they travel with."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest
from playhouse.pool import PooledPostgresqlDatabase

from kube_field.server.policy import Console
from kube_field.server.storage.database import STEP_TABLE, ServerDatabase, migrate
from kube_field.server.storage.proof import check_feed
from kube_field.server.storage.records import RecordStore
from kube_field.sqlite.driver import open_database
from kube_field.sqlite.migrations import load_migrations
from kube_field.wire.chain import link, weight
from kube_field.wire.server_words import Conflict
from tests.support.postgres import make_database

SCOPE, VILLAGE = "64.02.12", "64.02.12.2002"
AT = "2026-11-01T00:00:00.000Z"
RECORDS = (
    ("home-1", "household", {"head_name": "Pertama", "village_code": "64.02.12.2002"}),
    ("person-1", "person", {"household_id": {"uid": "home-1", "name": "Pertama"}}),
    ("unit-1", "business_unit", {"person_id": {"uid": "person-1"}, "village_code": "64.02.12.2002"}),
)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path):
    """A database as the first two steps left it, with three records and a conflict."""
    if request.param == "postgres":
        opened = ServerDatabase(PooledPostgresqlDatabase(make_database(), prefer_psycopg3=True))
    else:
        opened = ServerDatabase(open_database(tmp_path / "server.db", None))
    with opened.write():
        opened.run(STEP_TABLE)
        for step in load_migrations(files("kube_field.server.storage") / "migrations")[:2]:
            step.up(opened.db)
            insert(opened, "schema_step", step.number, step.name)
        fill(opened)
    yield opened
    opened.close()


def insert(database: ServerDatabase, table: str, *values: object) -> None:
    mark = "%s" if database.is_postgres else "?"
    database.run(f"INSERT INTO {table} VALUES ({', '.join([mark] * len(values))})", *values)


def fill(database: ServerDatabase) -> None:
    tail, total = "", 0
    for seq, (uid, kind, body) in enumerate(RECORDS, start=1):
        tail = link(tail, SCOPE, seq, uid, 1, f"c{seq}")
        total += weight(uid, 1)
        insert(database, "record", uid, kind, SCOPE, 1, "", "", "user-rina", json.dumps(body), "{}", "", 0, AT)
        insert(database, "record_version", uid, 1, f"c{seq}", "{}", "user-rina", "d", AT, "")
        insert(database, "feed", SCOPE, seq, uid, 1, f"c{seq}", tail, AT)
        insert(database, "scope_index", SCOPE, uid, seq, 1, kind, "put")
    insert(database, "scope_head", SCOPE, len(RECORDS), tail, str(total % 2**64))
    values = ('"Lama"', '"Pertama"', '"Kedua"')
    insert(
        database, "conflict", "cf:c9:head_name", "home-1", SCOPE, "head_name", *values, "c9", "user-dewi", AT, "open"
    )


def test_migration_0003_whole_sync_lets_no_conflict_get_lost(database: ServerDatabase):
    assert migrate(database)[0] == "0003_whole_sync"
    assert check_feed(database) == []
    with database.read():
        ((body, subject, scope),) = database.run(
            "SELECT body, subject_uid, scope FROM record WHERE kind = 'conflict'"
        ).fetchall()
        parents = dict(database.run("SELECT uid, subject_uid FROM record WHERE kind <> 'conflict'").fetchall())
    assert (subject, scope) == ("home-1", SCOPE)
    word = Conflict(**json.loads(body))
    assert (word.field, word.base, word.kept, word.other) == ("head_name", "Lama", "Pertama", "Kedua")
    assert (word.change, word.state, word.other_at) == ("c9", "open", AT)
    assert parents == {"home-1": "", "person-1": "home-1", "unit-1": ""}


def test_migration_0004_doubles_and_merges_lets_every_record_stand_for_itself(database: ServerDatabase):
    assert "0004_doubles_and_merges" in migrate(database)
    with database.read():
        assert set(database.run("SELECT merged_into FROM record").fetchall()) == {("",)}
        ((secret,),) = database.run("SELECT value FROM server_meta WHERE name = 'doubles_key'").fetchall()
    assert len(bytes.fromhex(secret)) == 32


ASIDE_BODIES = {
    "q1": {"uid": "person-9", "kind": "person", "scope": SCOPE, "set": {"household_id": [None, {"uid": "home-1"}]}},
    "q2": {"uid": "visit-9", "kind": "visit", "scope": SCOPE, "set": {"subject_uid": [None, "unit-1"]}},
    "q3": {"uid": "home-9", "kind": "household", "scope": "elsewhere", "set": {"village_code": [None, VILLAGE]}},
    "q4": {"uid": "x", "kind": "from_the_future", "scope": SCOPE, "set": {}},
    "q5": {"uid": "\ud800", "kind": "visit", "scope": "64.02.\ud800", "set": {"subject_uid": [None, "\x00"]}},
    "q6": {"uid": "y", "kind": "visit", "scope": SCOPE, "set": {"subject_uid": 7}},
}


def test_migration_0006_what_was_set_aside_lists_what_waited_before(database: ServerDatabase):
    with database.write():
        for change_id, body in [*((name, json.dumps(said)) for name, said in ASIDE_BODIES.items()), ("q7", "{")]:
            status = "held" if change_id == "q2" else "failed"
            insert(database, "intake", change_id, "", "d", "", "", AT, body, "", status, "{}", AT)
        insert(database, "intake", "q8", "", "d", "", "", AT, "{}", "", "applied", "{}", AT)
        insert(database, "held", "q2", "unit-9", AT)
    assert "0006_what_was_set_aside" in migrate(database)
    with database.read():
        listed = {row[0]: row[1:] for row in database.run("SELECT * FROM aside").fetchall()}
    assert listed == {
        "q1": (AT, "person-9", "person", SCOPE, "home-1"),
        "q2": (AT, "visit-9", "visit", SCOPE, "unit-1"),
        "q3": (AT, "home-9", "household", "", ""),
        "q4": (AT, "", "", "", ""),
        "q5": (AT, "", "visit", "", ""),
        "q6": (AT, "", "", "", ""),
        "q7": (AT, "", "", "", ""),
    }
    assert check_feed(database) == []


def test_migration_0010_order_of_arrival_lets_go_what_waited_before_as_until_now(database: ServerDatabase):
    with database.write():
        for change_id in ("q2", "q1"):
            insert(database, "intake", change_id, "visit-9", "d", "", "", AT, "{}", "", "held", "{}", AT)
            insert(database, "held", change_id, "unit-9", AT)
    assert "0010_order_of_arrival" in migrate(database)
    with database.read():
        waiting = RecordStore(database, Console()).waiting_for(["unit-9"])["unit-9"]
    assert [one.change_id for one in waiting] == ["q1", "q2"]


def test_migration_0011_yes_said_once_takes_no_old_note_for_a_yes(database: ServerDatabase):
    steps = load_migrations(files("kube_field.server.storage") / "migrations")
    with database.write():
        for step in steps[2:10]:
            step.up(database.db)
        for change_id, status in (("h1", "held"), ("f1", "failed"), ("a1", "applied")):
            row = (change_id, "visit-9", "d", "", "", AT, "{}", "", status, "{}", AT, "user-sari")
            insert(database, "intake", *row)
        insert(database, "held", "h1", "unit-9", AT, 0)
        steps[10].up(database.db)
        noted = dict(database.run("SELECT change_id, decided_by FROM intake").fetchall())
    assert steps[10].name == "0011_yes_said_once"
    assert noted == {"h1": "", "f1": "", "a1": "user-sari"}


def test_migration_0007_erased_begins_with_an_empty_ledger(database: ServerDatabase):
    assert "0007_erased" in migrate(database)
    with database.read():
        assert database.run("SELECT uid, root, at, reason FROM erased").fetchall() == []
