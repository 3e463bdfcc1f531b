"""Many objects as one list for each field: every name is told once, and like values lie side by side.

Where they are packed afterwards this halves what travels, and less JSON is written and read on both sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import repeat
from typing import Any

from msgspec import Struct, field

from kube_field.wire.codec import MAX_DEPTH, to_json

MAX_TABLE_ROWS = 2_000
"""Rows of one table: a larger one saves little more, and has to be sent anew when the line breaks."""
MAX_TABLE_BYTES = 4_000_000
"""What its rows may weigh together, each for itself and before compression."""
MAX_VALUES = 1_000_000
"""Values in all rows together: a name told once stands in each row afterwards."""
WIDTH = 2
"""Objects that together have more than so many times the names of the largest one are lists of their own kind."""

Object = dict[str, Any]


class Columns(Struct, omit_defaults=True):
    """The fields of some rows: one value for `all`, one for `each` in their order, or only in `some` of them.

    `some` holds the numbers of the rows and their values. In `inner` every row has an object, taken apart likewise.
    """

    all: dict[str, Any] = field(default_factory=dict)
    each: dict[str, list[Any]] = field(default_factory=dict)
    some: dict[str, tuple[list[int], list[Any]]] = field(default_factory=dict)
    inner: dict[str, Columns] = field(default_factory=dict)


class Table(Struct, kw_only=True):
    """So many rows; `proof` stands for the content hashes that they do not carry (`hashes_proof`)."""

    n: int
    columns: Columns
    proof: str = ""


def hashes_proof(hashes: Iterable[str]) -> str:
    """One SHA-256 for many content hashes in their order."""
    return sha256("\n".join(hashes).encode()).hexdigest()


def columns_of(rows: Sequence[Object]) -> Columns:
    """Rows, one at least, as columns."""
    found = Columns()
    shapes = dict.fromkeys(map(tuple, rows))  # few, however many rows there are
    for name in dict.fromkeys(name for shape in shapes for name in shape):
        _add(found, name, rows)
    return found


def rows_of(columns: Columns, count: int, *, depth: int = MAX_DEPTH) -> list[Object]:
    """The rows again; what they share is one object in all of them. Raises: ValueError where the columns do not fit."""
    if not 0 <= count <= MAX_TABLE_ROWS:
        raise ValueError("too many rows")
    if count * _names_in(columns, depth) > MAX_VALUES:
        raise ValueError("too much in its rows")
    return _rows(columns, count)


def _names_in(columns: Columns, depth: int) -> int:
    if not depth:
        raise ValueError("too deep")
    own = len(columns.all) + len(columns.each) + len(columns.inner)
    return own + sum(_names_in(inner, depth - 1) for inner in columns.inner.values())


def _rows(columns: Columns, count: int) -> list[Object]:
    names = [*columns.all, *columns.each, *columns.inner]
    values: list[Iterable[Any]] = [repeat(value, count) for value in columns.all.values()]
    values += columns.each.values()
    values += (_rows(inner, count) for inner in columns.inner.values())
    rows = [dict(zip(names, row, strict=True)) for row in zip(*values, strict=False)] if names else _empty(count)
    if len(rows) != count or any(len(each) != count for each in columns.each.values()):
        raise ValueError("columns of different lengths")
    for name, (numbers, given) in columns.some.items():
        for number, value in zip(numbers, given, strict=True):
            if not 0 <= number < count:
                raise ValueError("a row that is not there")
            rows[number][name] = value
    return rows


def _empty(count: int) -> list[Object]:
    return [{} for _row in range(count)]


def _add(found: Columns, name: str, rows: Sequence[Object]) -> None:
    numbers = [number for number, row in enumerate(rows) if name in row]
    values = [rows[number][name] for number in numbers]
    if len(numbers) < len(rows):
        found.some[name] = (numbers, values)
    elif _are_one(values):
        found.all[name] = values[0]
    elif _are_alike(values):
        found.inner[name] = columns_of(values)
    else:
        found.each[name] = values


def _are_one(values: Sequence[Any]) -> bool:
    """True for one value in all rows; what Python holds for equal (1 and true) is spelled before it is believed."""
    first = values[0]
    return all(value == first for value in values) and to_json(values) == to_json([first] * len(values))


def _are_alike(values: Sequence[Any]) -> bool:
    """True for objects with much the same names."""
    if not all(isinstance(value, dict) and value for value in values):
        return False
    return len({name for shape in set(map(tuple, values)) for name in shape}) <= WIDTH * max(map(len, values))
