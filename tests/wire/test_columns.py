"""Rows that travel as columns come back as they were, and no columns do harm."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kube_field.domain.records import RecordKind
from kube_field.wire.changes import from_wire, results_of, to_wire
from kube_field.wire.codec import from_json, to_json
from kube_field.wire.columns import MAX_TABLE_ROWS, Columns, Table, columns_of, rows_of
from kube_field.wire.messages import WireChange
from kube_field.wire.new_facts import Taken, changes_in, is_plain, receipt_id, table_of
from tests.support.wire_changes import make_fact, make_unit_change

names = st.sampled_from(["omzet", "laba", "catatan", "alat"])
values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "ada", "1"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(names, inner, max_size=3),
    max_leaves=6,
)
rows = st.lists(st.dictionaries(names, values, max_size=4), min_size=1, max_size=6)


@given(rows)
def test_rows_come_back_as_they_were_spelled(found: list[dict[str, Any]]):
    columns = from_json(Columns, to_json(columns_of(found)))
    back = rows_of(columns, len(found))
    assert [json.dumps(row, sort_keys=True) for row in back] == [json.dumps(row, sort_keys=True) for row in found]


def test_names_are_told_once_and_what_all_share_too():
    columns = columns_of([{"v": 1, "a": {"omzet": 3}}, {"v": 1, "a": {"omzet": 4}, "x": "y"}])
    assert columns == Columns(all={"v": 1}, some={"x": ([1], ["y"])}, inner={"a": Columns(each={"omzet": [3, 4]})})


def test_objects_with_names_of_their_own_are_not_taken_apart():
    assert columns_of([{"a": {f"uid-{n}": n}} for n in range(5)]).each.keys() == {"a"}


@pytest.mark.parametrize(
    "columns",
    [
        Columns(each={"a": [1], "b": [1, 2]}),
        Columns(each={"a": [1, 2, 3]}),
        Columns(some={"a": ([0, 2], [1, 2])}),
        Columns(some={"a": ([-1], [1])}),
        Columns(some={"a": ([0], [1, 2])}),
        Columns(inner={"a": Columns(each={"b": [1]})}),
    ],
)
def test_columns_that_do_not_fit_are_told(columns: Columns):
    with pytest.raises(ValueError, match=r"."):
        rows_of(columns, 2)


def test_neither_many_rows_nor_deep_ones_are_unfolded():
    deep = Columns()
    for _level in range(200):
        deep = Columns(inner={"a": deep})
    with pytest.raises(ValueError, match="too deep"):
        rows_of(deep, 1)
    with pytest.raises(ValueError, match="too many"):
        rows_of(Columns(all={"a": 1}), MAX_TABLE_ROWS + 1)


def test_each_change_of_a_table_is_what_it_would_have_been_alone():
    sent = [make_fact("visit-1", reason="lengkap"), make_fact("visit-2", deps=["visit-1"])]
    table = from_json(Table, to_json(table_of([from_wire(one) for one in sent])))
    assert [from_json(WireChange, raw) for raw in changes_in(table)] == sent


@pytest.mark.parametrize("spoiled", ["proof", "content", "decimal", "no content", "no uid"])
def test_a_table_that_means_something_else_is_not_taken_apart(spoiled: str):
    table = table_of([from_wire(make_fact("visit-1")), from_wire(make_fact("visit-2"))])
    if spoiled == "proof":
        table.proof = "0" * 64
    elif spoiled == "content":
        table.columns.inner["set"].all["number"] = "L07-0002"
    elif spoiled == "decimal":
        table.columns.inner["set"].all["revision"] = 1.5
    elif spoiled == "no content":
        del table.columns.inner["set"]
    else:
        del table.columns.each["uid"]
    with pytest.raises(ValueError, match=r"."):
        changes_in(table)


def test_only_new_facts_that_nothing_hangs_on_travel_in_a_table():
    assert is_plain(from_wire(make_fact()))
    assert not is_plain(from_wire(make_unit_change()))
    assert not is_plain(from_wire(make_fact(kind=RecordKind.REVIEW)))
    assert not is_plain(from_wire(make_fact(base=1)))
    assert not is_plain(from_wire(make_fact(resolves=["cf:1"])))


def test_one_receipt_answers_for_exactly_our_contents():
    facts = [from_wire(make_fact("visit-1")), from_wire(make_fact("visit-2"))]
    taken = Taken(n=2, receipt="r", at="2026-11-24T00:00:00.000Z", proof=table_of(facts).proof)
    results = results_of(taken, facts)
    assert [(one.id, one.receipt and one.receipt.sha256) for one in results] == [(one.id, one.sha256) for one in facts]
    assert len({receipt_id("r", one.id) for one in facts}) == 2
    assert results_of(taken, facts[::-1]) == results_of(taken, facts[:1]) == results_of(None, facts) == []


@given(st.binary(max_size=200) | st.recursive(st.none(), lambda x: st.dictionaries(names, x)).map(json.dumps))
def test_no_bytes_make_a_table_fail_otherwise_than_by_saying_so(raw: bytes | str):
    try:
        table = msgspec.json.decode(raw, type=Table)
    except (msgspec.MsgspecError, UnicodeError):
        return
    with pytest.raises(ValueError, match=r"."):
        changes_in(table)


def test_the_wire_change_of_a_fact_is_unchanged_by_going_through_a_table():
    change = from_wire(make_fact())
    (raw,) = changes_in(table_of([change]))
    assert from_json(WireChange, raw) == to_wire(change)


@pytest.mark.parametrize(
    "columns",
    [
        Columns(all={f"nama-{number}": 0 for number in range(5_000)}),
        Columns(inner={"dalam": Columns(all={f"nama-{number}": 0 for number in range(5_000)})}),
        Columns(inner={f"nama-{number}": Columns() for number in range(5_000)}),
    ],
    ids=["names", "names inside", "many insides"],
)
def test_few_bytes_never_become_millions_of_values(columns: Columns):
    with pytest.raises(ValueError, match="too much"):
        rows_of(columns, MAX_TABLE_ROWS)


def test_what_all_rows_share_weighs_in_each_of_them():
    content = {"answers": {"catatan": "x" * 100_000}}
    table = Table(n=MAX_TABLE_ROWS, columns=Columns(all={"uid": "u", "kind": "visit", "set": content}), proof="")
    with pytest.raises(ValueError, match="too much"):
        changes_in(table)
