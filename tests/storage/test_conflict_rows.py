"""Conflicts and handed-over changes as the laptop's database tells them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kube_field.domain.commit import Commit
from kube_field.domain.records import Change, RecordKind
from kube_field.domain.sync_views import SyncRun
from kube_field.storage.outbox_results import settle_late
from kube_field.storage.store import LocalStore
from kube_field.storage.sync_store import LocalSyncStore
from kube_field.wire.messages import ChangeResult, FieldError, Have, HaveAnswer
from kube_field.wire.server_words import Decision
from tests.support.make_store import AT, make_change_record, make_fact_record, make_person_record, open_test_store

RUN = SyncRun(AT, AT, 1, 0, 0, 0, 10, 10)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    opened = open_test_store(tmp_path)
    yield opened
    opened.close()


def add_conflict(store: LocalStore, name: str = "cf:c1:phone", state: str = "open") -> None:
    row = {"id": name, "uid": "p1", "record_kind": "person", "field": "phone", "state": state, "at": AT}
    row |= {"base": '"+6281"', "kept": '"+6282"', "other": '"+6283"', "kept_by": "Rina", "other_by": "Budi"}
    store.db.insert_row("conflict", row)


def settle(store: LocalStore, chosen: str) -> Change:
    change = make_change_record(
        "c9", "p1", RecordKind.PERSON, sets={"phone": ("+6282", chosen)}, create=False, resolves=("cf:c1:phone",)
    )
    store.commit(Commit(records=[make_person_record("p1", "Melati", phone=chosen)], changes=[change]))
    return change


def test_a_conflict_is_open_until_a_choice_waits(store: LocalStore) -> None:
    add_conflict(store)
    (row,) = store.queue.conflicts(only_open=True)
    assert (row.uid, row.kind, row.field) == ("p1", RecordKind.PERSON, "phone")
    assert (row.base, row.kept, row.other, row.kept_by, row.other_by) == ("+6281", "+6282", "+6283", "Rina", "Budi")
    settle(store, "+6283")
    assert store.queue.conflicts(only_open=True) == []
    (told,) = store.queue.conflicts("p1")
    assert (told.state, told.chosen, told.kept, told.other) == ("settling", "+6283", "+6282", "+6283")


def test_why_the_server_refused_a_choice_stands_with_the_conflict_that_is_open_again(store: LocalStore) -> None:
    add_conflict(store)
    change = settle(store, "+6283")
    error = FieldError(field="phone", code="PHONE", message="Nomor ini tidak sah.")
    LocalSyncStore(store).take_results([change], [ChangeResult(id="c9", status="rejected", errors=[error])], None)
    (row,) = store.queue.conflicts(only_open=True)
    assert row.refused == "Nomor ini tidak sah."


@pytest.mark.parametrize("by", ["hand", "restore"])
def test_a_refused_choice_that_is_sent_again_is_no_open_question(store: LocalStore, by: str) -> None:
    """Else it would be asked for a second choice, which then lies beside the first as one of somebody else."""
    add_conflict(store)
    change = settle(store, "+6283")
    sync = LocalSyncStore(store)
    sync.take_results([change], [ChangeResult(id="c9", status="rejected")], None)
    if by == "hand":
        store.queue.ask_again(["c9"])
    else:
        sync.take_verified(Have(ids=["c9"]), HaveAnswer(st={"c9": None}))
    assert store.queue.conflicts(only_open=True) == []
    (told,) = store.queue.conflicts("p1")
    assert (told.state, told.chosen) == ("settling", "+6283")


def test_a_conflict_whose_word_has_not_come_is_not_shown(store: LocalStore) -> None:
    add_conflict(store, state="coming")
    assert store.queue.conflicts() == []


def test_a_run_keeps_what_the_server_took_in_it(store: LocalStore) -> None:
    sync = LocalSyncStore(store)
    sync.add_run(RUN)
    store.commit(Commit(facts=[make_fact_record("v1")], changes=[make_change_record("c1", "v1")]))
    store.db.execute_sql(
        "UPDATE outbox SET state = 'acked', receipt_id = 'r-1', receipt_sha256 = 'ab', receipt_at = ?", (AT,)
    )
    sync.add_run(RUN)
    sync.add_run(RUN)
    newest, middle, oldest = store.queue.runs()
    assert [one.receipt_id for one in store.queue.handed_over(middle.id)] == ["r-1"]
    assert store.queue.handed_over(newest.id) == store.queue.handed_over(oldest.id) == []


def test_a_sent_record_stays_in_the_queue_while_a_photo_is_missing(store: LocalStore) -> None:
    store.commit(Commit(facts=[make_fact_record("v1")], changes=[make_change_record("c1", "v1")]))
    for name, state in (("aa", "stored"), ("bb", "local")):
        store.db.insert_row("blob", {"sha256": name, "size": 9, "mime": "image/jpeg", "state": state})
        store.db.insert_row("blob_link", {"uid": "v1", "sha256": name})
    store.db.execute_sql("UPDATE outbox SET state = 'acked', receipt_id = 'r-1'")
    (row,) = store.queue.rows()
    assert (row.state, row.photos_there, row.photos_expected) == ("photos", 1, 2)
    store.db.execute_sql("UPDATE blob SET state = 'stored'")
    assert store.queue.rows() == []


def test_a_conflict_still_to_come_leaves_with_a_record_that_moved_away_before_it_was_downloaded(
    store: LocalStore,
) -> None:
    sync = LocalSyncStore(store)
    change = make_change_record("c1", "p1", RecordKind.PERSON, sets={"phone": ("+6281", "+6283")})
    store.commit(Commit(records=[make_person_record("p1", "Melati", phone="+6283")], changes=[change]))
    sync.take_results([change], [ChangeResult(id="c1", status="conflict", version=2, conflicts=["cf:c1:phone"])], "t")
    assert store.db.rows("SELECT uid, state FROM conflict") == [("p1", "coming")]
    store.db.execute_sql("UPDATE outbox SET state = 'acked'")
    sync.start_run()
    sync.purge_moved_away()
    assert store.records.get("p1") is None
    assert store.db.rows("SELECT 1 FROM conflict") == []


def test_a_late_decision_about_a_record_that_has_left_notes_no_conflict(store: LocalStore) -> None:
    """Nothing would ever take it off again, and its values are of a record that this laptop may not hold any more."""
    change = make_change_record("c1", "p1", RecordKind.PERSON, sets={"phone": ("+6281", "+6283")})
    store.commit(Commit(records=[make_person_record("p1", "Melati", phone="+6283")], changes=[change]))
    store.db.execute_sql("UPDATE outbox SET state = 'attention', status = 'failed'")
    with store.transaction():
        store.remove_record("p1", RecordKind.PERSON)
        settle_late(store, Decision(change="c1", status="conflict", version=2, conflicts=["cf:c1:phone"]))
    assert store.db.rows("SELECT 1 FROM conflict") == []
