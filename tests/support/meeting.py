"""Two in one PostgreSQL of whom one waits for the other, and what happens to them then."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg

WAITING = "SELECT pid FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
"""Who waits for the one that asks."""


def meanwhile(stranger: psycopg.Connection[Any], work: Callable[[], Any], then: Callable[[], Any]) -> Any:
    """What the work came to, when the other thing was done as soon as somebody waited for the stranger."""
    with ThreadPoolExecutor(1) as pool:
        doing = pool.submit(work)
        while (waits := stranger.execute(WAITING).fetchone()) is None and not doing.done():
            time.sleep(0.01)
        assert waits is not None or doing.exception() is not None, "nobody waited"
        then()
        stranger.rollback()
        return doing.result(timeout=60)


def cut(stranger: psycopg.Connection[Any]) -> int:
    """End whoever waits for the stranger, as a restart of the database does; how many there were."""
    return len(stranger.execute(f"SELECT pg_terminate_backend(pid, 5000) FROM ({WAITING}) AS waiting").fetchall())
