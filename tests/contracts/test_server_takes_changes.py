"""What becomes of every kind of change, on both databases."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from kube_field.domain.records import RecordKind, Role
from kube_field.server.storage.database import migrate
from kube_field.wire.chain import link, weight
from kube_field.wire.refusals import Refusal, RefusalCode
from tests.contracts.desk import Desk
from tests.support import make_answers
from tests.support.wire_changes import make_edit, make_fact, make_household, make_unit_change


def test_a_new_record_is_there_with_a_receipt_for_its_content(desk: Desk):
    change = make_household()
    (result,) = desk.push(change)
    assert (result.id, result.status, result.version) == (change.id, "applied", 1)
    assert result.receipt is not None
    assert result.receipt.sha256 == change.sha256
    (row,) = desk.pull().rows
    assert (row.uid, row.v, row.k, row.st, row.by) == ("home-1", 1, "household", "put", "user-rina")
    assert row.body["form_version"] == "2026.1"
    assert row.body["head_name"] == change.set["head_name"][1]


def test_a_change_that_comes_again_gets_the_same_receipt(desk: Desk):
    change = make_household()
    first, again, twice = desk.push(change)[0], desk.push(change)[0], desk.push(change, change)
    assert first == again == twice[0] == twice[1]
    assert desk.rows("SELECT count(*) FROM feed") == [(1,)]


def test_one_bad_change_stops_no_other(desk: Desk):
    good, other = make_household(), make_household("home-2")
    float_inside = make_household("home-3")
    raw = json.dumps({**json.loads(_json(float_inside)), "set": {"rt": [None, 1.5]}}).encode()
    broken = b'{"id": "broken-1", "set": 5}'
    nameless = b'["no", "id"]'
    deep = (
        b'{"id":"deep-1","uid":"u","kind":"household","scope":"64.02.12","by":"b","at":"","sha256":"","set":{"a":[null,'
    )
    deep += b"[" * 200 + b"]" * 200 + b"]}}"
    assert desk.statuses(good, raw, broken, nameless, deep, other) == [
        "applied",
        "rejected",
        "rejected",
        "rejected",
        "rejected",
        "applied",
    ]
    assert desk.rows("SELECT count(*) FROM intake") == [(6,)], "what was refused is kept as it came"
    assert len(desk.pull().rows) == 2


def test_changed_content_under_an_old_hash_is_rejected(desk: Desk):
    change = make_household()
    change.set["head_name"] = (None, "Orang Lain")
    (result,) = desk.push(change)
    assert (result.status, result.receipt, result.errors[0].code) == ("rejected", None, "HASH_MISMATCH")


def test_a_galat_is_rejected_with_field_and_code_and_a_warning_is_not(desk: Desk):
    wrong = make_household("home-2", kk_number="123")
    right, refused = desk.push(make_household(), wrong)
    assert right.status == "applied"
    assert refused.status == "rejected"
    assert "kk_number" in {error.field for error in refused.errors}
    assert all(error.message for error in refused.errors)


def test_a_visit_tomorrow_is_rejected_by_the_servers_day(desk: Desk):
    desk.push(make_unit_change())
    answers = make_answers.complete_visit("person", visited_on="2026-11-24", period_to="2026-11-24")
    (result,) = desk.push(make_fact(answers=answers, at="2031-01-01T00:00:00.000Z"))
    assert result.status == "rejected"
    assert "visited_on" in {error.field for error in result.errors}


def test_an_unknown_kind_is_rejected(desk: Desk):
    stranger = make_household("home-9")
    stranger.kind = "spaceship"
    (result,) = desk.push(stranger)
    assert (result.status, result.errors[0].code) == ("rejected", "UNKNOWN_KIND")


def test_a_form_version_of_a_newer_program_is_kept_and_decided_anew(desk: Desk):
    newer = make_household()
    newer.form = "2099.1"
    (result,) = desk.push(newer)
    assert (result.status, result.errors[0].code, result.receipt) == ("failed", "UNKNOWN_FORM", None)
    newer.form = "2026.1"
    assert desk.statuses(newer) == ["applied"]
    assert desk.have(newer.id, "nobody") == {newer.id: ("applied", 1), "nobody": None}


class TornReference:
    """Reference data of which a part is missing on this server."""

    def __getattr__(self, name: str) -> object:
        raise KeyError(name)


def test_a_mistake_of_the_servers_own_is_not_called_an_unknown_form(desk: Desk):
    """Who is told that the form is unknown updates a server that is not at fault for it."""
    sound, change = desk.house, make_household()
    desk.house = replace(sound, reference=TornReference())
    (result,) = desk.push(change)
    assert (result.status, result.errors[0].code, result.receipt) == ("failed", "SERVER_FAULT", None)
    desk.house = sound
    assert desk.statuses(change) == ["applied"]


def test_unknown_fields_are_kept_apart_and_come_back(desk: Desk):
    desk.push(make_household(x_new={"a": [1]}), make_unit_change(), make_fact(body={"x_fact": "kept"}))
    bodies = {row.uid: row.body for row in desk.pull().rows}
    assert bodies["home-1"]["x_new"] == {"a": [1]}
    assert bodies["visit-1"]["x_fact"] == "kept"
    extras = dict(desk.rows("SELECT uid, extra FROM record"))
    assert json.loads(extras["home-1"]) == {"x_new": {"a": [1]}}


def test_a_fact_waits_for_its_parent_and_is_released_with_it(desk: Desk):
    visit = make_fact()
    (held,) = desk.push(visit)
    assert (held.status, held.hold) == ("held", "unit-1")
    assert held.receipt is not None
    assert desk.pull().rows == []
    desk.push(make_unit_change())
    (later,) = desk.push(visit)
    assert (later.status, later.version) == ("applied", 1)
    assert {row.uid for row in desk.pull().rows} == {"unit-1", "visit-1"}
    assert desk.rows("SELECT count(*) FROM held") == [(0,)]


def test_parent_and_children_in_the_wrong_order_of_one_batch(desk: Desk):
    review = make_fact(
        "review-1", RecordKind.DESIL_CHECK, "home-1", {"desil": "2", "checked_on": "2026-11-01", "source": "siks_ng"}
    )
    assert desk.statuses(make_fact(), review, make_unit_change(), make_household()) == ["applied"] * 4
    assert desk.rows("SELECT count(*) FROM intake") == [(4,)]


def test_a_grandchild_is_released_through_its_parent(desk: Desk):
    child = make_unit_change()
    child.deps.append("home-1")
    assert desk.statuses(make_fact(), child) == ["held", "held"]
    assert desk.statuses(make_household()) == ["applied"]
    assert {row.uid for row in desk.pull().rows} == {"home-1", "unit-1", "visit-1"}


def test_a_fact_never_changes(desk: Desk):
    desk.push(make_unit_change(), make_fact())
    (other,) = desk.push(make_fact(body={"number": "L07-9999"}))
    (same,) = desk.push(make_fact())
    assert (other.status, other.errors[0].code) == ("rejected", "FACT_EXISTS")
    assert (same.status, same.version) == ("applied", 1), "the same content from a cloned laptop is there already"
    assert desk.rows("SELECT count(*) FROM feed") == [(2,)]


def test_edits_merge_by_field_and_the_first_value_stays(desk: Desk):
    desk.add("Dewi")
    desk.push(make_household())
    name = make_answers.complete_household()["head_name"]
    kind = RecordKind.HOUSEHOLD
    first = make_edit(kind, "home-1", {"head_name": (name, "Pertama")}, base=1)
    merged = make_edit(kind, "home-1", {"rt": (make_answers.complete_household().get("rt"), 9)}, base=1)
    clash = make_edit(kind, "home-1", {"head_name": (name, "Kedua")}, base=1)
    equal = make_edit(kind, "home-1", {"head_name": (name, "Pertama")}, base=1)
    results = desk.push(first, merged, clash, equal, name="Dewi")
    assert [(r.status, r.version) for r in results] == [("applied", 2), ("merged", 3), ("conflict", 3), ("merged", 3)]
    assert results[2].conflicts == [f"cf:{clash.id}:head_name"]
    home, word = desk.pull().rows
    assert (home.v, home.body["head_name"], home.body["rt"]) == (3, "Pertama", 9)
    assert (word.uid, word.k, word.v) == (f"cf:{clash.id}:head_name", "conflict", 1)
    assert (word.body["record"], word.body["kept"], word.body["other"]) == ("home-1", "Pertama", "Kedua")


def test_deleting_what_somebody_edited_meanwhile_is_a_conflict(desk: Desk):
    desk.push(make_household())
    name = make_answers.complete_household()["head_name"]
    desk.add("Tono")
    edit = make_edit(RecordKind.HOUSEHOLD, "home-1", {"head_name": (name, "Baru")}, base=1, by="user-tono")
    desk.push(edit, name="Tono")
    (late,) = desk.push(make_edit(RecordKind.HOUSEHOLD, "home-1", {"deleted": True}, base=1))
    (known,) = desk.push(make_edit(RecordKind.HOUSEHOLD, "home-1", {"deleted": True}, base=2))
    assert (late.status, known.status) == ("conflict", "applied")
    assert desk.rows("SELECT deleted FROM record WHERE uid = 'home-1'") == [(1,)]


def test_an_edit_that_arrives_after_a_deletion_brings_the_record_back(desk: Desk):
    desk.push(make_household())
    name = make_answers.complete_household()["head_name"]
    desk.add("Tono")
    desk.push(make_edit(RecordKind.HOUSEHOLD, "home-1", {"deleted": True}, base=1, by="user-tono"), name="Tono")
    (edit,) = desk.push(make_edit(RecordKind.HOUSEHOLD, "home-1", {"head_name": (name, "Baru")}, base=1))
    assert edit.status == "conflict"
    row = next(row for row in desk.pull().rows if row.uid == "home-1")
    assert row.body["head_name"] == "Baru"
    assert not row.body.get("deleted")


def test_rights_are_those_of_the_author(desk: Desk):
    desk.add("Budi", areas=("64.07",))
    desk.add("Kepala", Role.PIMPINAN, ("64",))
    desk.add("Admin", Role.ADMIN_PROV, ("64",))
    batch = make_edit(
        RecordKind.PROGRAM_BATCH, "batch-1", make_answers.complete_batch(), create=True, scope="64", by="user-admin"
    )
    not_his = make_household("home-2")
    not_his.by = "user-budi"
    by_the_head = make_household("home-3")
    by_the_head.by = "user-kepala"
    by_admin = make_household("home-4")
    by_admin.by = "user-admin"
    unknown = make_household("home-5")
    unknown.by = "somebody"
    rinas_batch = make_edit(RecordKind.PROGRAM_BATCH, "batch-2", make_answers.complete_batch(), create=True, scope="64")
    misplaced = make_household("home-6")
    misplaced.scope = "64"
    results = desk.push(batch, not_his, by_the_head, by_admin, unknown, rinas_batch, misplaced, make_household())
    assert [result.status for result in results] == [
        "applied",
        "rejected",
        "rejected",
        "rejected",
        "quarantined",
        "rejected",
        "rejected",
        "applied",
    ]


def test_work_for_an_area_that_was_taken_away_is_kept_and_listed(desk: Desk):
    from kube_field.server.storage.accounts import Accounts

    with desk.house.database.write():
        Accounts(desk.house.database).grant("user-rina", ("64.07",), "2026-11-23T00:30:00.000Z")
    (result,) = desk.push(make_household())
    assert (result.status, result.errors[0].code) == ("quarantined", "FORMER_AREA")
    assert result.receipt is not None
    with pytest.raises(Refusal) as caught:
        desk.pull()
    assert caught.value.code == RefusalCode.SCOPE_NOT_GRANTED


def test_nobody_reads_another_area(desk: Desk):
    desk.push(make_household())
    desk.add("Budi", areas=("64.07",))
    with pytest.raises(Refusal):
        desk.pull(name="Budi")
    from kube_field.server.policy import Scope
    from kube_field.server.storage.records import RecordStore

    store = RecordStore(desk.house.database, Scope("user-budi", Role.PENDAMPING, ("64.07",)))
    with desk.house.database.read():
        assert store.page("64.02.12", 0, 10_000).rows == []
        assert store.heads(["64.02.12", "64.07.01"]) == {"64.07.01": 0}


def test_the_feed_has_no_holes_its_chain_verifies_and_the_sum_is_that_of_what_stands(desk: Desk):
    desk.push(make_household(), make_unit_change())
    desk.push(
        make_fact(),
        make_edit(RecordKind.HOUSEHOLD, "home-1", {"rt": (make_answers.complete_household().get("rt"), 8)}, base=1),
    )
    tail = ""
    feed = desk.rows("SELECT seq, uid, version, change_id, chain FROM feed ORDER BY seq")
    for place, (seq, uid, version, change_id, chain) in enumerate(feed, start=1):
        tail = link(tail, "64.02.12", seq, uid, version, change_id)
        assert (seq, chain) == (place, tail)
    page = desk.pull()
    assert page.chain == tail
    assert int(page.sum) == sum(weight(row.uid, row.v) for row in page.rows) % 2**64


def test_pages_are_small_when_asked_and_hold_each_record_once(desk: Desk):
    desk.push(*(make_household(f"home-{n}") for n in range(7)))
    seen, seq, pages = [], 0, 0
    while True:
        page = desk.pull(seq=seq, max_bytes=1500)
        seen += [row.uid for row in page.rows]
        seq, pages = page.seq, pages + 1
        if not page.more:
            break
    assert sorted(seen) == [f"home-{n}" for n in range(7)]
    assert pages > 2
    assert (seq, desk.pull(seq=seq).rows) == (7, [])


def test_a_laptop_that_saw_more_than_the_server_holds_has_to_say_hello(desk: Desk):
    desk.push(make_household())
    page = desk.pull()
    assert desk.pull(seq=1, head=page.head, chain=page.chain).rows == []
    for head, chain in ((page.head, "0" * 64), (page.head + 1, page.chain)):
        with pytest.raises(Refusal) as caught:
            desk.pull(seq=1, head=head, chain=chain)
        assert caught.value.code == RefusalCode.SAY_HELLO


def test_an_unknown_continuity_token_has_to_say_hello(desk: Desk):
    desk.push(make_household())
    desk.tokens["Rina"] = "a token from another life"
    with pytest.raises(Refusal) as caught:
        desk.push(make_household("home-2"))
    assert caught.value.code == RefusalCode.SAY_HELLO
    assert desk.rows("SELECT count(*) FROM record") == [(1,)]


def test_migrating_again_changes_nothing(desk: Desk):
    assert migrate(desk.house.database) == []


def test_the_models_are_what_the_migrations_made(desk: Desk):
    from kube_field.server.storage.tables import TABLES

    with desk.house.database.read():
        for table in TABLES:
            made = {column.name for column in desk.house.database.db.get_columns(table._meta.table_name)}
            assert made == {field.column_name for field in table._meta.sorted_fields}, table


def _json(change) -> bytes:
    from kube_field.wire.codec import to_json

    return to_json(change)
