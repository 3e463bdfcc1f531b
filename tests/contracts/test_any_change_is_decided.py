"""Whatever stands in a change, the server decides it: rejected with a reason, or stored; never a fault of its own."""

from __future__ import annotations

import copy
import itertools
import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kube_field.domain.records import Role
from kube_field.errors import BugError
from kube_field.server.storage.accounts import Accounts
from kube_field.wire.canonical import hash_of_change
from kube_field.wire.changes import from_wire
from kube_field.wire.messages import WireChange
from tests.contracts.desk import Desk, open_desk
from tests.contracts.test_every_version_is_understood import changes_of

CHANGES = changes_of("0.1.0")
DECIDED = {"applied", "merged", "conflict", "held", "rejected", "quarantined"}
numbers = itertools.count(1)

texts = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["\ud800", "\x00", "A" * 20_000, "٣٢", "1e400", "null", "6402011505700001", "<b>", "=1+1"]),
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    texts,
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with open_desk(tmp_path_factory.mktemp("meja"), "") as opened:
        opened.add("Admin", Role.ADMIN_PROV, ("64",))
        with opened.house.database.write():
            accounts = Accounts(opened.house.database)
            accounts.add_alias("staff-rina", "user-rina")
            accounts.add_alias("staff-admin", "user-admin")
        opened.push(*(json.dumps(change).encode() for change in CHANGES))
        yield opened


def rooms_of(change: dict[str, Any]) -> list[Any]:
    """Where a value may be put: the change, its fields, the new values, the answers of a fact."""
    fields = change["set"]
    rooms = [change, fields, *fields.values()]
    return [*rooms, *(new for _old, new in fields.values() if isinstance(new, dict | list) and new)]


def somewhere(tree: Any, way: list[int]) -> tuple[Any, Any]:
    """A container inside the change and the place in it that these steps lead to."""
    holder = tree
    for step in way:
        places = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        if not places:
            break
        inner = holder[places[step % len(places)]]
        if not isinstance(inner, dict | list) or not inner:
            break
        holder = inner
    places = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
    return holder, places[way[-1] % len(places)]


def signed(change: dict[str, Any]) -> bytes:
    """The change with the hash that its content has now, as a hostile but skilled laptop would send it."""
    raw = json.dumps(change, ensure_ascii=True).encode()
    try:
        read = msgspec.json.decode(raw, type=WireChange)
        change["sha256"] = hash_of_change(from_wire(read))
    except (msgspec.DecodeError, ValueError, BugError, RecursionError, UnicodeError):
        return raw
    return json.dumps(change, ensure_ascii=True).encode()


@given(
    st.integers(0, len(CHANGES) - 1),
    st.integers(0, 60),
    st.lists(st.integers(0, 50), min_size=1, max_size=6),
    values,
    st.booleans(),
)
def test_any_value_at_any_place_is_decided(
    desk: Desk, number: int, room: int, way: list[int], value: Any, is_new: bool
):
    change = copy.deepcopy(CHANGES[number])
    change["id"] = f"fuzz-{next(numbers)}"
    if is_new:
        change["uid"] = f"fuzz-uid-{next(numbers)}"
    rooms = rooms_of(change)
    holder, place = somewhere(rooms[room % len(rooms)], way)
    holder[place] = value
    (result,) = desk.push(signed(change))
    assert result.status in DECIDED, (result.status, [error.code for error in result.errors])
    assert result.receipt is None or result.status != "rejected"


@given(values)
def test_anything_in_the_place_of_a_change_is_decided(desk: Desk, value: Any):
    (result,) = desk.push(json.dumps(value, ensure_ascii=True).encode())
    assert result.status == "rejected"
