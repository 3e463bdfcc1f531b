"""A batch of new facts goes in together, and leaves exactly what it would have left one by one."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kube_field.server.fast_facts import FastFacts
from kube_field.wire.canonical import canonical_json, fact_hash, quick_canonical
from tests.contracts.desk import KECAMATAN
from tests.support import make_answers
from tests.support.make_answers import photo
from tests.support.wire_changes import make_fact, make_unit_change

LEFT = {
    "intake": "change_id, uid, device_id, sender_uid, author_uid, body, sha256, status",
    "record": "uid, kind, scope, version, subject_uid, occurred_on, author_uid, extra, sha256, deleted",
    "record_version": "uid, version, change_id, sets, author_uid, device_id, reason",
    "feed": "scope, seq, uid, version, change_id, chain",
    "scope_index": "scope, uid, seq, version, kind, state",
    "scope_head": "scope, head, chain, sum",
    "blob_link": "sha256, uid, scope, mime, named_by",
}


def left(desk):
    return {
        table: desk.rows(f"SELECT {columns} FROM {table} ORDER BY {columns}") for table, columns in LEFT.items()
    } | {"body": [json.loads(body) for (body,) in desk.rows("SELECT body FROM record ORDER BY uid")]}


def refuse_the_fast_way(monkeypatch):
    monkeypatch.setattr(FastFacts, "take", lambda _self, _raws: None)


@pytest.fixture
def fast(monkeypatch):
    """What the fast way answered: a list per batch, None where it left the batch to the slow one."""
    answered = []
    take = FastFacts.take

    def noted(self, raws):
        answered.append(take(self, raws))
        return answered[-1]

    monkeypatch.setattr(FastFacts, "take", noted)
    return answered


def facts(count=3):
    with_photo = make_answers.complete_visit("person", photos=[photo(1), photo(2)])
    return [
        make_fact("visit-photo", answers=with_photo, reason="lengkap"),
        *(make_fact(f"visit-{number}") for number in range(1, count)),
    ]


def test_new_facts_leave_the_same_rows_by_both_ways(desk, tmp_path, monkeypatch, fast):
    desk.push(make_unit_change("unit-1"), make_unit_change("unit-2"))
    batch = facts()
    quick = desk.push(*batch)
    assert fast[-1] is not None
    assert [result.status for result in quick] == ["applied"] * len(batch)
    after = left(desk)
    with desk.house.database.write():
        for table in ("intake", "record", "record_version", "feed", "scope_index", "scope_head", "blob_link"):
            desk.house.database.run(f"DELETE FROM {table}")
    refuse_the_fast_way(monkeypatch)
    desk.push(make_unit_change("unit-1"), make_unit_change("unit-2"))
    slow = desk.push(*batch)
    assert [(one.id, one.status, one.version) for one in quick] == [(one.id, one.status, one.version) for one in slow]
    found = left(desk)
    for table in ("record", "blob_link", "body"):
        assert found[table] == after[table], table
    of_batch = {change.id for change in batch}
    for table, at in (("intake", 0), ("record_version", 2)):
        assert [row for row in found[table] if row[at] in of_batch] == [r for r in after[table] if r[at] in of_batch]
    assert [row[:4] for row in found["feed"]] == [row[:4] for row in after["feed"]]
    assert found["scope_index"] == after["scope_index"]
    assert [(row[0], row[1], row[3]) for row in found["scope_head"]] == [
        (row[0], row[1], row[3]) for row in after["scope_head"]
    ]


def test_a_repeated_batch_gets_its_first_answers(desk, fast):
    desk.push(make_unit_change())
    batch = [make_fact(f"visit-{number}") for number in range(3)]
    first = desk.push(*batch)
    again = desk.push(*batch)
    assert fast[-2] is not None
    assert fast[-1] is None
    assert again == first
    assert desk.rows("SELECT count(*) FROM record WHERE kind = 'visit'")[0][0] == 3


@pytest.mark.parametrize("spoiled", ["hash", "answers", "field", "kind", "author", "scope", "decimal", "form", "twice"])
def test_whatever_is_not_in_order_is_left_to_the_closer_look(desk, fast, spoiled):
    desk.push(make_unit_change())
    good, other = make_fact("visit-1"), make_fact("visit-2")
    changes = {
        "hash": lambda: make_fact("visit-2", sha256="0" * 64),
        "answers": lambda: make_fact("visit-2", answers={}),
        "field": lambda: make_fact("visit-2", body={"weather": "hujan"}),
        "kind": lambda: make_unit_change("unit-9"),
        "author": lambda: make_fact("visit-2", by="nobody"),
        "scope": lambda: make_fact("visit-2", scope="64.08.11"),
        "decimal": lambda: make_fact("visit-2", body={"snapshot": {"n": "x"}}, sha256="f" * 64),
        "form": lambda: make_fact("visit-2", form="1999.1"),
        "twice": lambda: make_fact("visit-1"),
    }
    other = changes[spoiled]()
    results = desk.push(good, other)
    assert fast[-1] is None
    assert results[0].status == "applied"
    expected = {"author": "quarantined", "form": "failed"} | dict.fromkeys(
        ("field", "kind", "scope", "twice"), "applied"
    )
    assert results[1].status == expected.get(spoiled, "rejected")


def test_a_fact_without_its_parent_waits_and_comes_when_the_parent_does(desk, fast):
    visit = make_fact("visit-1", subject="unit-late")
    assert desk.statuses(visit) == ["held"]
    assert fast[-1] is None
    assert desk.statuses(make_unit_change("unit-late")) == ["applied"]
    assert desk.have(visit.id)[visit.id] == ("applied", 1)


def test_what_waits_for_a_fact_is_released_with_it(desk, fast):
    desk.push(make_unit_change())
    later = make_fact("visit-2", deps=["visit-1"])
    assert desk.statuses(later) == ["held"]
    desk.push(make_fact("visit-1"))
    assert fast[-1] is None
    assert desk.have(later.id)[later.id] == ("applied", 1)


def test_the_scope_sum_and_chain_go_on_from_where_they_stood(desk):
    desk.push(make_unit_change())
    desk.push(make_fact("visit-1"))
    desk.push(make_fact("visit-2"))
    page = desk.pull()
    assert [row.uid for row in page.rows] == ["unit-1", "visit-1", "visit-2"]
    assert (page.seq, page.head) == (3, 3)
    assert [row[0] for row in desk.rows(f"SELECT seq FROM feed WHERE scope = '{KECAMATAN}' ORDER BY seq")] == [1, 2, 3]


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(value=st.dictionaries(st.text(), PLAIN))
def test_quick_canonical_json_is_the_canonical_json_or_says_nothing(value):
    assert quick_canonical(value) in (None, canonical_json(value))


def test_decomposed_letters_are_left_to_the_slow_spelling():
    assert quick_canonical({"name": "Rene\u0301"}) is None
    assert quick_canonical({"name": "René"}) == canonical_json({"name": "René"})
    assert fact_hash("u", "visit", {"a": "é"}) == fact_hash("u", "visit", {"a": "e\u0301"})
