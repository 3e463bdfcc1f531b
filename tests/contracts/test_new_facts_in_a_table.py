"""New facts that come as a table are decided as if each had come alone, and one receipt answers for all of them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kube_field.server.fast_facts import FastFacts
from kube_field.server.routes import exchange
from kube_field.server.storage.bulk import NewFacts
from kube_field.wire.changes import from_wire, results_of
from kube_field.wire.codec import from_json, to_json
from kube_field.wire.messages import Push, PushAnswer, WireChange
from kube_field.wire.refusals import Refusal, RefusalCode
from tests.contracts.desk import Desk
from tests.contracts.test_new_facts_in_bulk import facts, left
from tests.support import make_answers
from tests.support.wire_changes import make_fact, make_unit_change


def message(desk: Desk, table: list[WireChange], others: list[WireChange], proof: str = "") -> Push:
    body = desk.push_body("Rina", *others, in_table=table)
    body.facts.proof = proof or body.facts.proof
    return body


def push(desk: Desk, *table: WireChange, others: list[WireChange] | None = None, **fields: Any) -> PushAnswer:
    return desk.answer(message(desk, list(table), others or [], **fields))


def stored(desk: Desk) -> dict[str, str]:
    """Receipt by change, as the server remembers them."""
    rows = desk.rows("SELECT change_id, result FROM intake")
    return {name: json.loads(result)["receipt"]["id"] for name, result in rows if "receipt" in json.loads(result)}


def test_a_table_leaves_what_the_same_changes_leave_alone(desk: Desk):
    desk.push(make_unit_change("unit-1"))
    batch = facts()
    answer = push(desk, *batch)
    after = left(desk)
    with desk.house.database.write():
        for table in ("intake", "record", "record_version", "feed", "scope_index", "scope_head", "blob_link"):
            desk.house.database.run(f"DELETE FROM {table}")
    unit = json.loads(next(row[5] for row in after["intake"] if row[1] == "unit-1"))
    desk.push(to_json(unit))
    desk.push(*batch)
    found = left(desk)
    assert answer.results == []
    for name, rows in found.items():
        if name != "intake":
            assert rows == after[name], name
    bodies = [[from_json(WireChange, row[5].encode()) for row in rows] for rows in (found["intake"], after["intake"])]
    assert bodies[0] == bodies[1]
    assert [(*row[:5], *row[6:]) for row in found["intake"]] == [(*row[:5], *row[6:]) for row in after["intake"]]


def test_the_one_receipt_names_what_the_server_keeps_for_each(desk: Desk):
    desk.push(make_unit_change())
    batch = facts()
    answer = push(desk, *batch)
    results = results_of(answer.taken, [from_wire(one) for one in batch])
    kept = stored(desk)
    assert {one.id: one.receipt and one.receipt.id for one in results} == {one.id: kept[one.id] for one in batch}
    (fed,) = answer.fed
    assert (fed.before, fed.head) == (1, 1 + len(batch))


def test_a_table_whose_answer_was_lost_gets_the_same_receipts(desk: Desk):
    desk.push(make_unit_change())
    batch = facts()
    first = push(desk, *batch)
    again = push(desk, *batch)
    assert again.taken is None
    assert again.results == results_of(first.taken, [from_wire(one) for one in batch])
    assert desk.rows("SELECT count(*) FROM record WHERE kind = 'visit'")[0][0] == len(batch)


def test_one_bad_row_costs_the_others_nothing(desk: Desk):
    desk.push(make_unit_change())
    batch = [make_fact("visit-1"), make_fact("visit-2", answers={}), make_fact("visit-3", subject="unit-late")]
    answer = push(desk, *batch)
    assert answer.taken is None
    assert [(one.id, one.status) for one in answer.results] == [
        (change.id, status) for change, status in zip(batch, ("applied", "rejected", "held"), strict=True)
    ]


def test_an_edit_beside_a_table_comes_first(desk: Desk):
    batch = [make_fact("visit-1"), make_fact("visit-2")]
    answer = push(desk, *batch, others=[make_unit_change()])
    assert [one.status for one in answer.results] == ["applied"]
    assert answer.taken is not None
    assert answer.taken.n == 2


@pytest.mark.parametrize("others", [[], [make_unit_change("unit-9")]])
def test_of_a_table_with_other_contents_nothing_is_kept(desk: Desk, others: list[WireChange]):
    desk.push(make_unit_change())
    before = left(desk)
    with pytest.raises(Refusal) as refused:
        push(desk, *facts(), others=others, proof="0" * 64)
    assert refused.value.code == RefusalCode.TABLE_REFUSED
    assert left(desk) == before


def test_after_an_unexpected_error_each_row_gets_a_transaction_of_its_own(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    desk.push(make_unit_change())
    batch = [make_fact("visit-1"), make_fact("visit-2", answers=make_answers.complete_visit("person"))]

    def stumble(*_arguments: Any, **_named: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(NewFacts, "write_rows", stumble)
    body = message(desk, batch, [])
    with pytest.raises(RuntimeError), desk.house.database.write():
        exchange.push(desk.call(body))
    answer = exchange.push_one_by_one(desk.call(body))
    assert [one.status for one in answer.results] == ["applied", "applied"]


def test_a_table_goes_the_fast_way(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    answered = []
    take = FastFacts.take

    def noted(self: FastFacts, raws: Any, **named: Any) -> Any:
        answered.append(take(self, raws, **named))
        return answered[-1]

    monkeypatch.setattr(FastFacts, "take", noted)
    desk.push(make_unit_change())
    push(desk, *facts())
    assert answered[-1] is not None
