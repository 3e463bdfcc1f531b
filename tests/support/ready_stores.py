"""Databases as they are right after they were made: made once a run, copied for every test that begins with one."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

from kube_field.reference import Reference
from kube_field.server.storage.database import ServerDatabase, open_sqlite
from kube_field.storage.store import LocalStore, create_store, open_store


def plenty() -> int:
    """Free bytes of a disk that is never full."""
    return 1 << 40


def new_store(path: Path, key: bytes, *, device_code: str, reference: Reference) -> LocalStore:
    """What `create_store` gives for a path where nothing is."""
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(_laptop_image(key, device_code))
    return open_store(path, key, reference=reference, free_bytes=plenty)


def new_server_database(path: Path) -> ServerDatabase:
    """What `open_sqlite` gives; where there is no file yet, the schema is copied instead of made."""
    if not path.exists():
        path.write_bytes(_server_image())
    return open_sqlite(path)


@functools.cache
def _laptop_image(key: bytes, device_code: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "laptop.db"
        create_store(path, key, device_code=device_code, free_bytes=plenty).close()
        return path.read_bytes()


@functools.cache
def _server_image() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "server.db"
        open_sqlite(path).close()
        return path.read_bytes()
