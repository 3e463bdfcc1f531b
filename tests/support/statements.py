"""How many statements a database is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from kube_field.sqlite.driver import Cursor

WAYS: tuple[tuple[type[Any], tuple[str, ...]], ...] = (
    (Cursor, ("execute", "executemany")),
    (psycopg.Cursor, ("execute", "executemany", "copy")),
)
"""By these every statement goes to SQLite and to PostgreSQL."""


@contextmanager
def counting() -> Iterator[list[str]]:
    """The statements that any database is given until the block ends; one for many rows counts as one."""
    given: list[str] = []
    with pytest.MonkeyPatch.context() as patched:
        for kind, names in WAYS:
            for name in names:
                patched.setattr(kind, name, _noted(getattr(kind, name), given))
        yield given


def _noted(run: Callable[..., Any], given: list[str]) -> Callable[..., Any]:
    def noting(cursor: Any, sql: Any, *others: Any, **named: Any) -> Any:
        given.append(str(sql))
        return run(cursor, sql, *others, **named)

    return noting
