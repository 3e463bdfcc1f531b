"""The server's words on the laptop: conflicts, late decisions, merged records, possible doubles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kube_field.domain.commit import Commit
from kube_field.domain.records import RecordKind
from kube_field.storage.projection import put_remote, remove_remote
from kube_field.storage.store import LocalStore
from kube_field.storage.sync_store import LocalSyncStore
from kube_field.storage.working_rows import rebuild_record
from kube_field.wire.messages import ChangeResult, FieldError, WireReceipt
from kube_field.wire.server_words import Alias, Conflict, Decision, Duplicate
from tests.support.make_store import SCOPE, make_change_record, open_test_store

OURS = "ab" * 32


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    opened = open_test_store(tmp_path)
    yield opened
    opened.close()


def say(store: LocalStore, uid: str, kind: str, word: Any, version: int = 1) -> None:
    body = {**msgspec.to_builtins(word), "of_tomorrow": 1}
    with store.transaction():
        put_remote(store, uid, kind, SCOPE, version, body, "", "")


def pull_person(store: LocalStore, uid: str, version: int = 1, **answers: object) -> None:
    body = {"form_version": "2026.1", "full_name": "Sari Dewi", **answers}
    with store.transaction():
        put_remote(store, uid, "person", SCOPE, version, body, OURS, "staff-budi")


def queue(store: LocalStore, state: str, *, resolves: tuple[str, ...] = ()) -> None:
    change = make_change_record(
        "c-1", "p-1", RecordKind.PERSON, sets={"phone": (None, "1")}, create=False, resolves=resolves
    )
    store.commit(Commit(changes=[change]))
    store.db.execute_sql("UPDATE outbox SET state = ?", (state,))


def outbox(store: LocalStore) -> tuple[object, ...]:
    return store.db.rows("SELECT state, status, receipt_id, result_version FROM outbox")[0]


def receipt(sha256: str = OURS) -> WireReceipt:
    return WireReceipt(id="r-1", sha256=sha256, at="2026-11-24T00:00:00.000Z")


CLASH = Conflict(
    record="p-1",
    record_kind="person",
    field="phone",
    base=None,
    kept="2",
    other="1",
    kept_by="Dewi",
    kept_at="2026-11-20T00:00:00.000Z",
    other_by="Rina",
    other_at="2026-11-21T00:00:00.000Z",
    change="c-1",
)


def test_a_conflict_is_shown_with_both_values_names_and_times_until_it_is_resolved(store: LocalStore):
    pull_person(store, "p-1")
    say(store, "cf:c-1:phone", "conflict", CLASH)
    shown = "SELECT kept, other, kept_by, other_by, kept_at, other_at, state FROM conflict"
    assert store.db.rows(shown) == [('"2"', '"1"', "Dewi", "Rina", CLASH.kept_at, CLASH.other_at, "open")]
    assert store.listings.standing("p-1").open_conflict
    closed = msgspec.structs.replace(CLASH, state="resolved", chosen="1", resolved_by="Budi", resolved_at="2026")
    say(store, "cf:c-1:phone", "conflict", closed, 2)
    assert store.db.rows("SELECT state, chosen, resolved_by FROM conflict") == [("resolved", '"1"', "Budi")]
    assert not store.listings.standing("p-1").open_conflict


def test_a_choice_on_its_way_is_not_opened_again_by_a_download_but_by_a_refusal(store: LocalStore):
    pull_person(store, "p-1")
    say(store, "cf:c-1:phone", "conflict", CLASH)
    queue(store, "sent", resolves=("cf:c-1:phone",))
    say(store, "cf:c-1:phone", "conflict", CLASH)
    assert store.db.value("SELECT state FROM conflict") == "settling"
    batch = store.queue.pending_sets("p-1")
    LocalSyncStore(store).take_results(batch, [ChangeResult(id="c-1", status="rejected")], "t")
    assert store.db.value("SELECT state FROM conflict") == "open"


def test_a_push_only_marks_the_conflict_that_is_coming(store: LocalStore):
    pull_person(store, "p-1")
    queue(store, "sent")
    answer = ChangeResult(id="c-1", status="conflict", version=2, conflicts=["cf:c-1:phone"], receipt=receipt())
    LocalSyncStore(store).take_results(store.queue.pending_sets("p-1"), [answer], "t")
    assert store.db.rows("SELECT id, other, state FROM conflict") == [("cf:c-1:phone", '"1"', "coming")]
    say(store, "cf:c-1:phone", "conflict", CLASH)
    assert store.db.rows("SELECT id, other, state FROM conflict") == [("cf:c-1:phone", '"1"', "open")]


@pytest.mark.parametrize("state", ["held", "attention", "queued", "acked"])
def test_a_late_acceptance_with_a_receipt_for_our_content_acknowledges(store: LocalStore, state: str):
    queue(store, state)
    for _time in range(2):
        say(store, "d:c-1", "decision", Decision(change="c-1", status="applied", version=4, receipt=receipt()))
        assert outbox(store) == ("acked", "applied", "r-1", 4)


def test_a_late_acceptance_of_other_content_acknowledges_nothing(store: LocalStore):
    queue(store, "held")
    say(store, "d:c-1", "decision", Decision(change="c-1", status="applied", version=4, receipt=receipt("0" * 64)))
    assert outbox(store)[:3] == ("attention", "failed", "")


@pytest.mark.parametrize(("state", "after"), [("held", "attention"), ("acked", "acked"), ("queued", "queued")])
def test_a_late_refusal_counts_only_for_what_waits_on_the_server(store: LocalStore, state: str, after: str):
    queue(store, state)
    errors = [FieldError(field="phone", code="X", message="Nomor salah")]
    say(store, "d:c-1", "decision", Decision(change="c-1", status="rejected", errors=errors))
    assert outbox(store)[0] == after


def test_a_decision_about_somebody_elses_change_says_nothing(store: LocalStore):
    say(store, "d:c-9", "decision", Decision(change="c-9", status="applied", receipt=receipt()))
    assert store.db.rows("SELECT uid, kind FROM sync_base") == [("d:c-9", "decision")]


def test_a_merged_record_is_hidden_until_the_merge_is_undone(store: LocalStore):
    pull_person(store, "p-1")
    pull_person(store, "p-2")
    say(store, "al:1", "alias", Alias(old="p-1", new="p-2"))
    pull_person(store, "p-1", 2)
    assert [hit.uid for hit in store.listings.search("sari")] == ["p-2"]
    assert [record.uid for record in store.records.where(RecordKind.PERSON)] == ["p-2"]
    say(store, "al:1", "alias", Alias(old="p-1", new="p-2", undone=True), 2)
    assert {hit.uid for hit in store.listings.search("sari")} == {"p-1", "p-2"}


def test_an_edit_of_a_merged_record_still_waits_to_be_sent(store: LocalStore):
    pull_person(store, "p-1")
    queue(store, "queued")
    say(store, "al:1", "alias", Alias(old="p-1", new="p-2"))
    assert LocalSyncStore(store).waiting() == 1
    with store.transaction():
        rebuild_record(store, "p-1")
    assert store.listings.search("sari") == []


def test_a_word_whose_shape_is_of_tomorrow_is_kept_as_it_came(store: LocalStore):
    with store.transaction():
        put_remote(store, "d:c-1", "decision", SCOPE, 1, {"change": ["c-1"]}, "", "")
    assert store.db.rows("SELECT uid, kind FROM unknown_record") == [("d:c-1", "decision")]


def test_words_leave_with_their_scope(store: LocalStore):
    pull_person(store, "p-1")
    say(store, "cf:c-1:phone", "conflict", CLASH)
    say(store, "al:1", "alias", Alias(old="p-1", new="p-2"))
    say(store, "du:1", "duplicate", Duplicate(uids=["p-1", "p-2"], record_kind="person", reason="nik"))
    assert store.db.rows("SELECT uids, reason, state, elsewhere FROM duplicate") == [
        ('["p-1","p-2"]', "nik", "open", 0)
    ]
    with store.transaction():
        for uid in ("cf:c-1:phone", "al:1", "du:1"):
            assert remove_remote(store, uid)
    assert store.db.rows("SELECT id FROM conflict UNION SELECT uid FROM duplicate UNION SELECT old FROM alias") == []
    assert [hit.uid for hit in store.listings.search("sari")] == ["p-1"]


def phone_shown(store: LocalStore) -> object:
    record = store.records.get("p-1")
    assert record is not None
    return record.answers.get("phone")


@pytest.mark.parametrize("state", ["queued", "held", "attention"])
def test_an_older_value_that_waits_does_not_hide_its_accepted_correction(store: LocalStore, state: str):
    queue(store, state)
    correction = make_change_record("c-2", "p-1", RecordKind.PERSON, sets={"phone": ("1", "2")}, create=False)
    store.commit(Commit(changes=[correction]))
    store.db.execute_sql("UPDATE outbox SET state = 'acked', result_version = 3 WHERE change_id = 'c-2'")
    pull_person(store, "p-1", 3, phone="2")
    assert phone_shown(store) == "2"


def test_a_late_acceptance_shows_what_others_wrote_since(store: LocalStore):
    queue(store, "held")
    pull_person(store, "p-1", 3, phone="2")
    assert phone_shown(store) == "1"
    say(store, "d:c-1", "decision", Decision(change="c-1", status="applied", version=2, receipt=receipt()))
    assert phone_shown(store) == "2"
