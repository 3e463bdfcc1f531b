"""A page that travels as a table holds the same rows, and tells when it does not."""

from __future__ import annotations

import pytest
from msgspec import UNSET, structs

from kube_field.wire.codec import from_json, to_json
from kube_field.wire.messages import PullAnswer
from kube_field.wire.page_tables import rows_in
from tests.contracts.desk import Desk
from tests.contracts.test_new_facts_in_bulk import facts
from tests.support.wire_changes import make_household, make_person, make_unit_change


@pytest.fixture
def full(desk: Desk) -> Desk:
    desk.push(make_household(), make_person(), make_unit_change("unit-1"))
    desk.push(*facts())
    desk.push(make_household(scope="64.02.13"), make_unit_change("unit-2", deleted=True))
    return desk


def asked(desk: Desk, **fields: object) -> PullAnswer:
    return from_json(PullAnswer, to_json(desk.pull(table=True, **fields)))


@pytest.mark.parametrize("seq", [0, 2, 5])
def test_the_rows_of_a_table_are_those_of_the_page(full: Desk, seq: int):
    page, table = full.pull(seq=seq), asked(full, seq=seq)
    assert table.rows == []
    assert table.table is not UNSET
    assert rows_in(table.table) == [structs.replace(row, seq=0) for row in page.rows]
    assert (table.seq, table.head, table.sum, table.more) == (page.seq, page.head, page.sum, page.more)


def test_who_does_not_ask_for_it_gets_rows_and_no_word_of_tables(full: Desk):
    assert b'"table"' not in to_json(full.pull())


def test_a_page_without_rows_has_no_table(full: Desk):
    head = full.pull().head
    assert asked(full, seq=head).table is UNSET


def test_records_that_were_named_come_as_a_table_too(full: Desk):
    table = asked(full, uids=["visit-1", "unit-1"]).table
    assert table is not UNSET
    assert {row.uid for row in rows_in(table)} == {"visit-1", "unit-1"}


@pytest.mark.parametrize("spoiled", ["proof", "content", "shape", "kind"])
def test_a_table_that_is_not_the_servers_is_told(full: Desk, spoiled: str):
    table = asked(full).table
    assert table is not UNSET
    if spoiled == "proof":
        table.proof = "0" * 64
    elif spoiled == "content":
        table.columns.each["uid"][table.columns.each["uid"].index("visit-1")] = "visit-9"
    elif spoiled == "shape":
        table.columns.all["weather"] = "hujan"
    else:
        del table.columns.each["k"]
    with pytest.raises(ValueError, match=r"."):
        rows_in(table)
