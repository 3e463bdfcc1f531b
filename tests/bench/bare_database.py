"""A SQLCipher connection as plain as it gets: our PRAGMAs, our form of key, no code of ours around it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from kube_field.sqlite.driver import PRAGMAS


@contextmanager
def bare_connection(path: Path, key: bytes) -> Iterator[Any]:
    connection = sqlcipher.connect(str(path), isolation_level=None)
    try:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        for name, value in PRAGMAS:
            connection.execute(f"PRAGMA {name} = {value}")
        yield connection
    finally:
        connection.close()
