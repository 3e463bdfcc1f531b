"""A change says where its author saw the record, or what it hangs on, although both may have left the laptop since."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import UNSET

from kube_field.domain.commit import Commit
from kube_field.domain.records import RecordKind
from kube_field.storage.courier_box import CourierBox
from kube_field.storage.journal_keeping import put_back
from kube_field.storage.store import LocalStore
from kube_field.storage.sync_store import LocalSyncStore
from kube_field.wire.changes import from_wire, to_wire
from kube_field.wire.codec import from_json
from kube_field.wire.courier import Op
from kube_field.wire.messages import (
    ChangeResult,
    HelloAnswer,
    Person,
    PullAnswer,
    Push,
    Row,
    ScopeOffer,
    WireChange,
    WireReceipt,
)
from kube_field.wire.new_facts import is_plain
from tests.support.journalled import Journalled
from tests.support.make_answers import reference_to
from tests.support.make_store import make_change_record, open_test_store

HERS, ELSEWHERE = "64.02.13", "64.07.07"
RINA = Person(uid="u-1", name="Rina", role="pendamping")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    """A laptop that downloaded a family, a group and a person from one area."""
    opened = open_test_store(tmp_path)
    offer = ScopeOffer(id=HERS, mode="rw", head=9)
    sync = LocalSyncStore(opened)
    told = {"device": "d-1", "device_code": "L07", "continuity": "t", "clock": 1_764_000_000_000}
    sync.take_hello(HelloAnswer(server_id="s", epoch="e", user=RINA, scopes=[offer], **told))
    sync.take_page(HERS, page("put"))
    yield opened
    opened.close()


def page(state: str) -> PullAnswer:
    """The three records come, or leave."""
    seq = 0 if state == "put" else 3
    rows = [
        Row(
            uid=uid,
            seq=seq + n,
            v=1 + (state != "put"),
            k=kind.value,
            st=state,
            by="staff-budi",
            sha="ab" * 32,
            body={},
        )
        for n, (uid, kind) in enumerate(
            [("home-1", RecordKind.HOUSEHOLD), ("group-1", RecordKind.KUBE_GROUP), ("person-1", RecordKind.PERSON)], 1
        )
    ]
    return PullAnswer(rows=rows, seq=seq + 3, head=seq + 3, chain=f"c{seq + 3}", sum="0", more=True)


def write(store: LocalStore, uid: str, kind: RecordKind, *, scope: str = ELSEWHERE, **sets: Any) -> None:
    """An officer's change; its record lies in the other area in his eyes, unless said otherwise."""
    pairs = {name: (None, value) for name, value in sets.items()}
    create = uid not in ("home-1", "group-1", "person-1")
    store.commit(Commit(changes=[make_change_record(f"c-{uid}", uid, kind, sets=pairs, scope=scope, create=create)]))


def sent(store: LocalStore) -> list[WireChange]:
    return [to_wire(change) for change in LocalSyncStore(store).next_batch(20, 100_000)]


HOME = {"household_id": reference_to("home-1", "Keluarga")}
MEMBER = {"group_id": reference_to("group-1", "KUBE"), "person_id": reference_to("person-2", "Melati")}
OWNER = {"group_id": None, "person_id": reference_to("person-1", "Melati")}
NEW = [
    ("person-2", RecordKind.PERSON, HOME),
    ("member-1", RecordKind.MEMBERSHIP, MEMBER),
    ("unit-1", RecordKind.BUSINESS_UNIT, OWNER),
    ("consent-1", RecordKind.CONSENT, {"subject_uid": "person-1", "answers": {}}),
]


@pytest.mark.parametrize(("uid", "kind", "sets"), NEW)
def test_what_is_new_tells_where_that_was_seen_on_which_it_hangs(
    store: LocalStore, uid: str, kind: RecordKind, sets: dict[str, Any]
):
    write(store, uid, kind, **sets)
    assert [(change.uid, change.seen_in) for change in sent(store)] == [(uid, HERS)]


@pytest.mark.parametrize(("uid", "kind", "sets"), NEW)
def test_it_says_nothing_of_the_place_where_it_lies_itself(
    store: LocalStore, uid: str, kind: RecordKind, sets: dict[str, Any]
):
    write(store, uid, kind, scope=HERS, **sets)
    assert [bool(change.seen_in) for change in sent(store)] == [False]


def test_what_hangs_on_nothing_that_came_from_the_server_was_seen_nowhere(store: LocalStore):
    write(store, "home-2", RecordKind.HOUSEHOLD, village_code="64.07.07.2002")
    write(store, "person-2", RecordKind.PERSON, household_id=reference_to("home-2", "Keluarga"))
    write(store, "visit-1", RecordKind.VISIT, subject_uid="unit-9", answers={})
    assert [bool(change.seen_in) for change in sent(store)] == [False] * 3


def test_what_hangs_on_something_new_was_seen_where_that_hangs(store: LocalStore):
    write(store, "person-2", RecordKind.PERSON, **HOME)
    write(store, "consent-1", RecordKind.CONSENT, subject_uid="person-2", answers={})
    assert [change.seen_in for change in sent(store)] == [HERS] * 2


def test_a_record_that_left_was_seen_where_it_lay_when_he_wrote(store: LocalStore):
    """A supervisor decided about the move, so it leaves; what was written before and since knows still."""
    write(store, "home-1", RecordKind.HOUSEHOLD, village_code="64.07.07.2002")
    write(store, "person-2", RecordKind.PERSON, **HOME)
    LocalSyncStore(store).take_page(HERS, page("exit"))
    assert store.db.rows("SELECT scope_id FROM sync_base WHERE uid = 'home-1' AND scope_id <> ''") == []
    later = make_change_record("c-later", "home-1", RecordKind.HOUSEHOLD, sets={"rt": (2, 7)}, scope=ELSEWHERE)
    store.commit(Commit(changes=[later]))
    write(store, "person-3", RecordKind.PERSON, **HOME)
    assert [change.seen_in for change in sent(store)] == [HERS] * 4


def test_the_second_copy_knows_it_too(tmp_path: Path):
    laptop = Journalled(tmp_path)
    base = {"uid": "home-1", "scope_id": HERS, "kind": RecordKind.HOUSEHOLD.value, "version": 1, "body_json": "{}"}
    laptop.store.db.insert_row("sync_base", base)
    write(laptop.store, "person-2", RecordKind.PERSON, **HOME)
    laptop.lose_database()
    assert [change.seen_in for change in sent(laptop.store)] == [HERS]
    laptop.store.close()


def test_by_courier_it_says_the_same_and_a_table_has_no_column_for_it(store: LocalStore):
    write(store, "consent-1", RecordKind.CONSENT, subject_uid="person-1", answers={})
    (file,) = CourierBox(store).files(lambda: "step-1", lambda _name: None)
    (push,) = [from_json(Push, frame.body) for frame in file if frame.op == Op.PUSH]
    (by_courier,) = [from_json(WireChange, bytes(raw)) for raw in push.changes]
    assert by_courier == sent(store)[0]
    assert by_courier.seen_in == HERS
    assert not is_plain(from_wire(by_courier))


def test_an_older_line_of_the_journal_tells_nothing_of_it(tmp_path: Path):
    laptop = Journalled(tmp_path)
    write(laptop.store, "person-2", RecordKind.PERSON, **HOME)
    kept = laptop.read().changes
    older = [{name: value for name, value in row.items() if name != "seen_in"} for row in kept.values()]
    laptop.store.db.execute_sql("DELETE FROM outbox")
    put_back(laptop.store, older)
    assert [(change.uid, bool(change.seen_in)) for change in sent(laptop.store)] == [("person-2", False)]
    laptop.store.close()


def test_what_the_journal_gives_back_tells_what_was_written_before_it(tmp_path: Path):
    """What was sent before is not in the journal."""
    laptop = Journalled(tmp_path)
    first = make_change_record("c-first", "home-1", RecordKind.HOUSEHOLD, sets={"rt": (1, 2)}, create=False)
    laptop.store.commit(Commit(changes=[first]))
    batch = laptop.sync.next_batch(10, 10**6)
    receipt = WireReceipt(id="r", sha256=first.sha256, at="2026-11-23T01:00:00.000Z")
    laptop.sync.take_results(batch, [ChangeResult(id="c-first", status="applied", version=2, receipt=receipt)], "tok")
    laptop.store.journal.keep_up()
    later = make_change_record("c-later", "home-1", RecordKind.HOUSEHOLD, sets={"rw": (1, 2)}, create=False)
    laptop.store.commit(Commit(changes=[later]))
    laptop.lose_database()
    assert {change.id: change.after for change in sent(laptop.store)} == {"c-later": "c-first"}
    laptop.store.close()


def test_an_edit_tells_what_was_written_before_it_here_about_the_same_record(store: LocalStore):
    write(store, "home-1", RecordKind.HOUSEHOLD, rt=7)
    write(store, "person-2", RecordKind.PERSON, **HOME)
    later = make_change_record("c-later", "home-1", RecordKind.HOUSEHOLD, sets={"rw": (None, 2)}, create=False)
    other = make_change_record("c-other", "person-2", RecordKind.PERSON, sets={"rt": (None, 2)}, create=False)
    store.commit(Commit(changes=[later, other]))
    told = {change.id: change.after for change in sent(store)}
    assert told == {"c-home-1": "", "c-person-2": UNSET, "c-later": "c-home-1", "c-other": "c-person-2"}
