"""Whole copies of the database: written, read through, put back. SQLite by itself, PostgreSQL through its own tools."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from gettext import gettext as _
from pathlib import Path
from typing import Any

import psycopg
import psycopg.conninfo

from kube_field.errors import Failure, KubeFieldError
from kube_field.program import environment_of_others
from kube_field.server.storage.database import ServerDatabase
from kube_field.server.storage.tables import TABLES
from kube_field.sqlite.driver import open_database

SQLITE_START = b"SQLite format 3\x00"
POSTGRES_START = b"PGDMP"
TOOL_SECONDS = 6 * 3600
ASIDE = "before_restore"
"""Schema where the tables wait while a copy is put into their place."""
SERVERS = 640002
"""Advisory lock: shared by the servers of a database, alone for who puts it back."""
PART = re.compile(r"(intake|feed)_\d+")


@dataclass(frozen=True, slots=True)
class Image:
    """What a copy holds: rows by table, and whose it is ("" where the copy does not tell)."""

    counts: dict[str, int]
    server_id: str = ""


def live_counts(database: ServerDatabase) -> dict[str, int]:
    """Rows of every table now; inside a transaction."""
    names = [table._meta.table_name for table in TABLES]
    return {name: int(database.run(f"SELECT count(*) FROM {name}").fetchone()[0]) for name in names}


def write_image(database: ServerDatabase, url: str, target: Path) -> None:
    """Write a copy of one state of the database to a file that does not exist. Raises: KubeFieldError."""
    if not database.is_postgres:
        database.run("VACUUM INTO ?", str(target))
        return
    _tool(url, "pg_dump", "--format=custom", "--no-owner", f"--file={target}")


def read_image(path: Path) -> Image:
    """Read all of a copy and count. Raises: KubeFieldError FILE_REFUSED when it is damaged or something else."""
    try:
        with path.open("rb") as file:
            start = file.read(len(SQLITE_START))
    except OSError as error:
        raise KubeFieldError(Failure.FILE_REFUSED, _("Berkas cadangan tidak dapat dibaca.")) from error
    if start == SQLITE_START:
        return _read_sqlite(path)
    if start.startswith(POSTGRES_START):
        return _read_postgres(path)
    raise KubeFieldError(Failure.FILE_REFUSED, _("Berkas ini bukan cadangan server KUBE Lapangan."))


def load_postgres(url: str, path: Path) -> None:
    """Put a copy into a PostgreSQL database; what stood there stands there again if it fails. Raises: KubeFieldError.

    The tables step aside first: `pg_restore --clean` cannot take tables in parts away. A restore that
    was killed is ended before.
    """
    if _is_unsettled(url):
        _settle(url)
    _move_tables(url, "public", ASIDE)
    try:
        _tool(url, "pg_restore", "--no-owner", "--single-transaction", "--exit-on-error", last=str(path))
    except BaseException:
        _move_tables(url, ASIDE, "public")
        raise
    _settle(url)


def settle_postgres(url: str) -> None:
    """End a restore that was killed, unless one is at work now. Raises: KubeFieldError ALREADY_RUNNING."""
    if _is_unsettled(url):
        with _holding(url, "", _is_put_back()):
            _settle(url)


@contextmanager
def serving_postgres(url: str) -> Iterator[None]:
    """Keep the database from being put back meanwhile; several servers may. Raises: KubeFieldError ALREADY_RUNNING."""
    with _holding(url, "_shared", _is_put_back()):
        yield


@contextmanager
def putting_back_postgres(url: str) -> Iterator[None]:
    """Keep servers away from the database. Raises: KubeFieldError ALREADY_RUNNING while one is there."""
    with _holding(url, "", _servers_are_running()):
        yield


@contextmanager
def _holding(url: str, how: str, otherwise: KubeFieldError) -> Iterator[None]:
    with psycopg.connect(url, autocommit=True) as connection:
        if not _has(connection, f"SELECT 1 WHERE pg_try_advisory_lock{how}(%s)", SERVERS):
            raise otherwise
        yield


def _is_unsettled(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return _has(connection, "SELECT 1 FROM pg_namespace WHERE nspname = %s", ASIDE)


def _settle(url: str) -> None:
    """A copy that is there whole counts, for it came in one transaction; else the tables that stepped aside do."""
    with psycopg.connect(url) as connection:
        is_whole = _has(connection, "SELECT 1 FROM pg_tables WHERE schemaname = %s LIMIT 1", "public")
    if not is_whole:
        _move_tables(url, ASIDE, "public")
    with psycopg.connect(url) as connection:
        connection.execute(f"DROP SCHEMA {ASIDE} CASCADE".encode())


def _move_tables(url: str, source: str, target: str) -> None:
    """All tables from one schema to another, in one transaction."""
    with psycopg.connect(url) as connection:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {target}".encode())
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", (source,)).fetchall()
        for (name,) in names:
            connection.execute(f'ALTER TABLE {source}."{name}" SET SCHEMA {target}'.encode())


def _has(connection: psycopg.Connection[Any], query: str, value: object) -> bool:
    return connection.execute(query.encode(), (value,)).fetchone() is not None


def _read_sqlite(path: Path) -> Image:
    database = ServerDatabase(open_database(path, None))
    try:
        (found,) = database.run("PRAGMA integrity_check(1)").fetchone()
        if found != "ok":
            raise _damaged()
        (server_id,) = database.run("SELECT value FROM server_meta WHERE name = 'server_id'").fetchone()
        present = {name for (name,) in database.run("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()}
        counts = {name: int(database.run(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in sorted(present)}
        return Image(counts, str(server_id))
    except KubeFieldError as error:
        raise _damaged() from error
    finally:
        database.close()


def _read_postgres(path: Path) -> Image:
    """Have every block unpacked, and count the lines of each table."""
    counts: dict[str, int] = {}
    server_id, table, found = "", "", -1
    command = [_found("pg_restore"), "--data-only", "--file=-", str(path)]
    around = environment_of_others()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=around) as unpacking:
        for line in unpacking.stdout or ():
            if found < 0 and line.startswith(b"COPY "):
                table, found = line.split()[1].decode().rpartition(".")[2], 0
            elif found >= 0 and line == b"\\.\n":
                name = PART.sub(r"\1", table)
                counts[name], found = counts.get(name, 0) + found, -1
            elif found >= 0:
                found += 1
                if table == "server_meta" and line.startswith(b"server_id\t"):
                    server_id = line.split(b"\t")[1].decode().strip()
    if unpacking.returncode != 0:
        raise _damaged()
    return Image(counts, server_id)


def _tool(url: str, name: str, *options: str, last: str = "") -> None:
    """Run one of PostgreSQL's tools; the password travels in the environment, not where other users see it."""
    parts = psycopg.conninfo.conninfo_to_dict(url)
    secret = str(parts.pop("password", "") or "")
    target = psycopg.conninfo.make_conninfo("", **parts)
    command = [_found(name, url), *options, f"--dbname={target}", *([last] if last else [])]
    around = environment_of_others() | ({"PGPASSWORD": secret} if secret else {})
    done = subprocess.run(command, env=around, stdin=subprocess.DEVNULL, capture_output=True, timeout=TOOL_SECONDS)
    if done.returncode != 0:
        raise KubeFieldError(
            Failure.FILE_REFUSED,
            _("{tool} gagal (kode {code}); basis data tidak berubah.").format(tool=name, code=done.returncode),
            _("Periksa alamat basis data, hak, dan versi {tool}.").format(tool=name),
            code="TOOL_FAILED",
        )


def _found(name: str, url: str = "") -> str:
    path = shutil.which(name)
    if path is None:
        raise KubeFieldError(
            Failure.USAGE,
            _("Program {tool} tidak ada di komputer ini.").format(tool=name),
            _("Pasang perkakas PostgreSQL, atau di server basis data jalankan: {command}").format(
                command="pg_dump --format=custom --no-owner --file=cadangan.dump NAMA_BASIS_DATA"
            ),
            code="NO_TOOL",
        )
    return path


def _damaged() -> KubeFieldError:
    return KubeFieldError(
        Failure.FILE_REFUSED, _("Cadangan rusak atau tidak lengkap."), _("Pakai cadangan lain."), code="DAMAGED"
    )


def _servers_are_running() -> KubeFieldError:
    return KubeFieldError(
        Failure.ALREADY_RUNNING,
        _("Server masih berjalan di atas basis data ini."),
        _("Hentikan semua server provinsi dahulu, lalu ulangi. Basis data tidak berubah."),
    )


def _is_put_back() -> KubeFieldError:
    return KubeFieldError(
        Failure.ALREADY_RUNNING,
        _("Basis data ini sedang dikembalikan dari cadangan."),
        _("Tunggu sampai selesai, lalu ulangi."),
    )
