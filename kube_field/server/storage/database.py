"""The server's database, SQLite or PostgreSQL, behind one small face: transactions, locks, migrations."""

from __future__ import annotations

import json
import logging
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from gettext import gettext as _
from importlib.resources import files
from pathlib import Path
from random import SystemRandom
from time import sleep
from typing import Any, TypeVar

import peewee
import psycopg
from playhouse.pool import MaxConnectionsExceeded, PooledPostgresqlDatabase

from kube_field.errors import BugError, Failure, KubeFieldError
from kube_field.sqlite.driver import Database as SqliteDatabase
from kube_field.sqlite.driver import open_database
from kube_field.sqlite.migrations import load_migrations

Result = TypeVar("Result")
NotedRow = tuple[str, dict[str, Any]]
"""Table and row of something that is written down outside the database too."""

POOL_CONNECTIONS = 40
"""As many as Starlette has threads for handlers."""
POOL_WAIT_SECONDS = 15
RETRIES = 5
FIRST_PAUSE_SECONDS = 0.02
DatabaseTrouble = peewee.PeeweeException
"""Whatever the database says against a statement; on PostgreSQL the transaction is then over."""
RETRY_STATES = frozenset({"40001", "40P01"})
"""Serialisation failure and deadlock of PostgreSQL."""
LOST_STATES = ("08", "57P")
"""How the states begin with which a connection ends, or none is to be had: the database was stopped or starts."""
WAS_QUICKER = "23505"
"""Unique violation: whoever was quicker wrote the same row, which nobody could see yet."""
TOO_MUCH = "54"
"""Class of the states with which PostgreSQL refuses a content that is beyond its own limits."""
HINDRANCES = frozenset({Failure.ALREADY_RUNNING, Failure.DISK_FULL, Failure.INTEGRITY})
"""What SQLite and its disk may say whatever they were asked."""
LOCK_SLOTS = 256
"""Record ids share so many advisory locks: a batch can never use up PostgreSQL's lock table."""
CHUNK = 400
"""Rows in one INSERT: far below the parameter limits of both databases."""
STEP_TABLE = "CREATE TABLE IF NOT EXISTS schema_step (number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL)"


class ServerDatabase:
    """An open database; every thread gets its own connection."""

    def __init__(self, db: peewee.Database) -> None:
        self.db = db
        self.is_postgres = isinstance(db, peewee.PostgresqlDatabase)
        self.journal: Callable[[Sequence[NotedRow]], None] | None = None
        """Told at the end of a transaction what was noted in it; the transaction commits when it returns."""
        self._noted = threading.local()

    @contextmanager
    def write(self) -> Iterator[None]:
        """One transaction that writes; on SQLite it holds the write lock from its start."""
        if isinstance(self.db, SqliteDatabase):
            with self.db.immediate(), self._noting():
                yield
        else:
            with self.db.connection_context(), self.db.atomic(), self._noting():
                yield

    def note(self, rows: Iterable[NotedRow]) -> None:
        """Have these rows written down outside the database when this transaction ends well."""
        noted = getattr(self._noted, "rows", None)
        if noted is not None:
            noted.extend(rows)

    @contextmanager
    def _noting(self) -> Iterator[None]:
        if self.journal is None or getattr(self._noted, "rows", None) is not None:  # inside another one
            yield
            return
        self._noted.rows = []
        try:
            yield
            if self._noted.rows:
                self.journal(self._noted.rows)
        finally:
            self._noted.rows = None

    @contextmanager
    def read(self) -> Iterator[None]:
        """One transaction that sees one state of the database from start to end."""
        if self.is_postgres:
            with self.db.connection_context(), self.db.atomic("REPEATABLE READ"):
                yield
        else:
            with self.db.atomic():
                yield

    def retry(self, work: Callable[[], Result], pause: Callable[[int], None] | None = None) -> Result:
        """Run work that holds its own transaction; again where that may help, a few times, each after a `pause`."""
        for attempt in range(RETRIES):
            try:
                return work()
            except peewee.PeeweeException as error:
                if attempt == RETRIES - 1 or not (collided(error) or sql_state(error) == WAS_QUICKER):
                    raise
            (pause or step_aside)(attempt)
        raise BugError("retry ended without a result")

    def lock_uids(self, uids: Iterable[str], shared: Iterable[str] = ()) -> None:
        """Hold these record ids until the end of the transaction, also those that no row has yet.

        Locks are taken in one order by everybody; a shared one only keeps away those who want the id for themselves.
        """
        if not self.is_postgres:
            return
        mine = {_slot(uid) for uid in uids}
        slots = sorted(mine | {_slot(uid) for uid in shared})
        lock = (
            "SELECT CASE WHEN mine THEN pg_advisory_xact_lock(640000, slot)::text"
            " ELSE pg_advisory_xact_lock_shared(640000, slot)::text END"
            " FROM (SELECT unnest(%s::int[]) AS slot, unnest(%s::bool[]) AS mine) AS wanted"
        )
        self.run(lock, slots, [slot in mine for slot in slots]).fetchall()

    def lock_marks(self, marks: Iterable[str]) -> None:
        """Nobody else compares what is found under these marks before this transaction ends.

        Taken all at once, in one order, and only after the locks of the records.
        """
        slots = sorted({_slot(mark) for mark in marks}) if self.is_postgres else []
        if slots:
            lock = "SELECT pg_advisory_xact_lock(640002, slot)::text FROM unnest(%s::int[]) AS slot"
            self.run(lock, slots).fetchall()

    def run(self, sql: str, *parameters: Any) -> Any:
        """One statement as it is written."""
        return self.db.execute_sql(sql, parameters)  # type: ignore[no-untyped-call]

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """All rows of one query, with ? for a parameter; building it through the models costs ten times as much."""
        return list(self.run(self._spelled(sql), *parameters).fetchall())

    def named_rows(self, sql: str, *parameters: Any) -> list[dict[str, Any]]:
        """All rows of one query by column name."""
        cursor = self.run(self._spelled(sql), *parameters)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def value(self, sql: str, *parameters: Any) -> Any:
        """The first column of the first row; None without a row."""
        row = self.run(self._spelled(sql), *parameters).fetchone()
        return None if row is None else row[0]

    def tell(self, sql: str, *parameters: Any) -> None:
        """One statement that answers nothing."""
        self.run(self._spelled(sql), *parameters)

    def copy_rows(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Insert any number of new rows by the quickest way; none of them may be there."""
        listed = ", ".join(columns)
        if not self.is_postgres:
            self.each(f"INSERT INTO {table} ({listed}) VALUES ({', '.join('?' * len(columns))})", rows)
            return
        cursor: Any = self.db.cursor()  # type: ignore[no-untyped-call]
        told_apart = peewee.__exception_wrapper__  # type: ignore[attr-defined]
        with told_apart, cursor.copy(f"COPY {table} ({listed}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def each(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """One statement for each of these rows of parameters."""
        cursor: Any = self.db.cursor()  # type: ignore[no-untyped-call]
        with peewee.__exception_wrapper__:  # type: ignore[attr-defined]
            cursor.executemany(self._spelled(sql), rows)

    def add_rows(self, table: str, rows: Sequence[Mapping[str, Any]], otherwise: str = "") -> None:
        """Insert rows with the same columns; `otherwise` says what becomes of those that are there (ON CONFLICT …)."""
        for at in range(0, len(rows), CHUNK):
            part = rows[at : at + CHUNK]
            columns = list(part[0])
            marks = f"({', '.join('?' * len(columns))})"
            values = [row[name] for row in part for name in columns]
            sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([marks] * len(part))} {otherwise}"
            self.tell(sql, *values)

    def among(self, column: str) -> str:
        """The condition that a column's text is one of those in one parameter, which is `listed`."""
        return f"{column} = ANY(?)" if self.is_postgres else f"{column} IN (SELECT value FROM json_each(?))"

    def listed(self, texts: Iterable[str]) -> Any:
        """Any number of texts as one parameter."""
        return list(texts) if self.is_postgres else json.dumps(list(texts))

    @property
    def locking(self) -> str:
        """What a query ends with to lock its rows, where the database has such locks."""
        return " FOR UPDATE" if self.is_postgres else ""

    def _spelled(self, sql: str) -> str:
        return sql.replace("?", "%s") if self.is_postgres else sql

    def for_update(self, query: Any) -> Any:
        """The query with row locks where the database has them; SQLite's write lock covers everything."""
        return query.for_update() if self.is_postgres else query

    def close(self) -> None:
        """Close every connection of every thread."""
        self.db.close_all()  # type: ignore[attr-defined]


def open_sqlite(path: Path) -> ServerDatabase:
    """Open or create the server's SQLite file and bring it to this program's schema. Raises: KubeFieldError."""
    database = ServerDatabase(open_database(path, None))
    return _migrated(database)


def open_postgres(url: str) -> ServerDatabase:
    """Open a PostgreSQL database by its address and bring it to this program's schema. Raises: KubeFieldError."""
    logging.getLogger("peewee").setLevel(logging.WARNING)  # its DEBUG lines hold parameters
    db = PooledPostgresqlDatabase(
        url, max_connections=POOL_CONNECTIONS, timeout=POOL_WAIT_SECONDS, prefer_psycopg3=True
    )
    return _migrated(ServerDatabase(db))


def _slot(uid: str) -> int:
    return zlib.crc32(uid.encode("utf-8", errors="backslashreplace")) % LOCK_SLOTS


def step_aside(attempt: int) -> None:
    """Wait a random moment, longer each time: two that ran into each other shall not do it again."""
    sleep(SystemRandom().uniform(0.0, FIRST_PAUSE_SECONDS * 2**attempt))


def sql_state(error: BaseException) -> str:
    """SQLSTATE of a PostgreSQL error, else ""."""
    inner = getattr(error, "orig", None) or error.__context__
    return str(getattr(inner, "sqlstate", "") or "")


def collided(error: BaseException) -> bool:
    """True when another transaction was in the way, or the connection was lost: the same may go well the next time."""
    return isinstance(error, peewee.OperationalError) and (sql_state(error) in RETRY_STATES or is_lost(error))


def is_lost(error: BaseException) -> bool:
    """True when PostgreSQL was not there any more to say anything, or said that it leaves."""
    inner = getattr(error, "orig", None)
    state = sql_state(error)
    return state.startswith(LOST_STATES) if state else isinstance(inner, psycopg.OperationalError)


def hindered(error: BaseException) -> bool:
    """True when the database was locked, gone or full: nothing is held against the change that was to be decided."""
    if isinstance(error, KubeFieldError):
        return error.failure in HINDRANCES
    if isinstance(error, MaxConnectionsExceeded):
        return True
    if not isinstance(error, peewee.OperationalError | peewee.InterfaceError):
        return False
    told_by = getattr(error, "orig", None) or error.__context__
    return isinstance(told_by, psycopg.Error) and not sql_state(error).startswith(TOO_MUCH)


def _migrated(database: ServerDatabase) -> ServerDatabase:
    try:
        migrate(database)
    except BaseException:
        database.close()
        raise
    return database


def migrate(database: ServerDatabase) -> list[str]:
    """Apply the steps that are missing, all in one transaction; the names of those applied.

    Raises: KubeFieldError with NEWER_DATA when a newer program wrote this database.
    """
    steps = load_migrations(files("kube_field.server.storage") / "migrations")
    with database.write():
        if database.is_postgres:
            database.run("SELECT pg_advisory_xact_lock(640001)")  # two servers may start at once
        database.run(STEP_TABLE)
        done = int(database.run("SELECT coalesce(max(number), 0) FROM schema_step").fetchone()[0])
        if done > steps[-1].number:
            raise KubeFieldError(
                Failure.NEWER_DATA,
                _("Basis data server ini dibuat oleh program yang lebih baru."),
                _("Perbarui program server."),
            )
        pending = [step for step in steps if step.number > done]
        for step in pending:
            step.up(database.db)
            mark = "%s" if database.is_postgres else "?"
            database.run(f"INSERT INTO schema_step VALUES ({mark}, {mark})", step.number, step.name)
    return [step.name for step in pending]
