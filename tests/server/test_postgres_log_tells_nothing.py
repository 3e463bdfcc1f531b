"""What PostgreSQL writes into its own log while everything goes wrong: statements, but no word of anybody."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest

from kube_field.domain.records import RecordKind
from kube_field.server.storage.database import _slot
from kube_field.wire.messages import WireChange
from tests.contracts.desk import Desk, open_desk
from tests.support.canaries import Watch
from tests.support.drill import new_cluster
from tests.support.make_answers import complete_household, complete_visit
from tests.support.meeting import cut, meanwhile
from tests.support.wire_changes import make_edit, make_fact, make_household, make_person, make_unit_change, who_is

pytestmark = pytest.mark.postgres
WORD, NIK = "Qwertabang", who_is("person-1")["nik"]
WRITTEN = ("intake", "record", "record_version", "scope_head", "feed", "scope_index")
"""The tables that every batch writes to."""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with new_cluster() as address, open_desk(tmp_path, address) as opened:
        opened.push(make_household(head_name=f"Ibu {WORD}"), make_unit_change())
        yield opened


@pytest.fixture
def stranger(desk: Desk) -> Iterator[psycopg.Connection[Any]]:
    """Somebody else in the database; it is the desk that notices a deadlock."""
    with psycopg.connect(str(desk.house.database.db.database)) as connection:
        connection.execute("SET deadlock_timeout = '60s'")
        yield connection


def batch(n: str) -> tuple[list[WireChange], list[WireChange]]:
    """An edit, a new woman, and facts in a table; each says the word and some the number."""
    before = complete_household()["address"]
    edit = make_edit(RecordKind.HOUSEHOLD, "home-1", {"address": (before, f"Gang {WORD} {n}")}, base=1)
    person = make_person(f"person-{n}", full_name=f"Ibu {WORD}", nik=NIK)
    answers = complete_visit("person", location_note=f"Dekat {WORD}")
    body = {"author_name": WORD, "snapshot": {"full_name": WORD, "nik": NIK}}
    return [edit, person], [make_fact(f"v-{n}-{at}", answers=answers, body=body) for at in range(3)]


def log_of(connection: psycopg.Connection[Any]) -> bytes:
    """All that this PostgreSQL has said."""
    (folder,) = connection.execute("SHOW data_directory").fetchone() or ("",)
    return (Path(folder) / "log").read_bytes()


def test_nothing_of_anybody_stands_in_the_log_of_postgres(desk: Desk, stranger: psycopg.Connection[Any]):
    retry = desk.house.database.retry
    done: set[str] = set()
    for table in WRITTEN:  # the line breaks in the middle of each statement of a batch, then one runs into another
        changes, facts = batch(table)
        stranger.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        push = partial(desk.statuses, *changes, in_table=facts)
        done |= set(meanwhile(stranger, partial(retry, push), partial(cut, stranger)))
    stranger.execute("LOCK TABLE record_version IN EXCLUSIVE MODE")
    _changes, facts = batch("ring")
    want = "SELECT pg_advisory_xact_lock(640000, %s)"
    done |= set(
        meanwhile(
            stranger,
            partial(retry, partial(desk.statuses, in_table=facts)),
            lambda: stranger.execute(want, (_slot("unit-1"),)),
        )
    )
    twice(desk)
    assert done <= {"applied", "merged", "conflict"}
    told = log_of(stranger)
    for expected in (b"terminating connection", b"COPY record", b"INSERT INTO", b"deadlock detected", b"duplicate key"):
        assert expected in told, "the watch looks at the right file"
    assert Watch(WORD, NIK).found_in(told) == []


def twice(desk: Desk) -> None:
    """The same rows by COPY and by INSERT, while they are there."""
    database = desk.house.database
    for table in ("intake", "record"):
        (row,) = database.named_rows(f"SELECT * FROM {table} WHERE body LIKE ? LIMIT 1", f"%{WORD}%")
        for add in (
            partial(database.copy_rows, table, list(row), [list(row.values())]),
            partial(database.add_rows, table, [row]),
        ):
            with pytest.raises(Exception, match="duplicate key"), database.write():
                add()
