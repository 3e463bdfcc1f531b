"""What the window reads of possible doubles and of merges."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kube_field.domain.commit import Commit
from kube_field.domain.double_views import DuplicateRow, MergeRow
from kube_field.domain.records import RecordKind
from kube_field.storage.duplicates import uids_under
from kube_field.storage.projection import put_remote
from kube_field.storage.store import LocalStore
from kube_field.wire.server_words import Alias, Duplicate
from tests.support.make_store import SCOPE, make_change_record, make_fact_record, open_test_store

OTHER_SCOPE = "64.02.13"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    opened = open_test_store(tmp_path)
    yield opened
    opened.close()


def say(store: LocalStore, uid: str, kind: str, word: Any, scope: str = SCOPE) -> None:
    with store.transaction():
        put_remote(store, uid, kind, scope, 1, msgspec.to_builtins(word), "", "")


def double(*uids: str, **fields: Any) -> Duplicate:
    return Duplicate(uids=list(uids), record_kind="person", reason="nik", case="c1", **fields)


def merge(store: LocalStore, old: str, new: str, case: str = "c1", *, undone: bool = False) -> None:
    say(store, f"al:{old}", "alias", Alias(old=old, new=new, undone=undone))
    word = Duplicate(uids=[new, old], record_kind="person", reason="nik", case=case, state="merged")
    word.kept, word.merged, word.decided_by, word.decided_at = new, old, "Pak Budi", f"2026-11-2{len(old)}"
    say(store, f"dp:{case}:{SCOPE}", "duplicate", word)


def decide(store: LocalStore, duplicate: str, decision: str) -> None:
    answers = {"duplicate": duplicate, "decision": decision, "kept": "a", "merged": "b", "reason": ""}
    fact = make_fact_record("m-1", RecordKind.MERGE_DECISION, subject_uid="a", document_id="", answers=answers)
    store.commit(Commit(facts=[fact], changes=[make_change_record("c-1", "m-1", RecordKind.MERGE_DECISION)]))


def test_an_open_double_names_both_records(store: LocalStore) -> None:
    say(store, "dp:c1:x", "duplicate", double("a", "b"))
    assert store.queue.duplicates() == [DuplicateRow("dp:c1:x", RecordKind.PERSON, ("a", "b"), "nik", False, "c1")]


@pytest.mark.parametrize("state", ["merged", "different", "gone"])
def test_a_double_that_is_decided_or_gone_is_not_asked_again(store: LocalStore, state: str) -> None:
    say(store, "dp:c1:x", "duplicate", double("a", "b", state=state))
    assert store.queue.duplicates() == []


def test_the_words_of_two_areas_become_one_question_where_both_are_seen(store: LocalStore) -> None:
    say(store, "dp:c1:y", "duplicate", double("b", elsewhere=True), OTHER_SCOPE)
    say(store, "dp:c1:x", "duplicate", double("a", elsewhere=True))
    assert store.queue.duplicates() == [DuplicateRow("dp:c1:x", RecordKind.PERSON, ("a", "b"), "nik", False, "c1")]


def test_a_decision_on_its_way_is_told_beside_the_double(store: LocalStore) -> None:
    say(store, "dp:c1:x", "duplicate", double("a", "b"))
    decide(store, "dp:c1:x", "different")
    assert [row.deciding for row in store.queue.duplicates()] == ["different"]
    store.db.execute_sql("UPDATE outbox SET state = 'attention'")
    assert [row.deciding for row in store.queue.duplicates()] == [""]


def test_a_merge_is_told_with_its_two_sides(store: LocalStore) -> None:
    merge(store, "b", "a")
    (row,) = store.queue.merges()
    assert row == MergeRow(f"dp:c1:{SCOPE}", RecordKind.PERSON, "a", "b", "nik", "Pak Budi", "2026-11-21", "c1")
    decide(store, row.uid, "undo")
    assert store.queue.merges()[0].deciding == "undo"


def test_a_merge_that_was_undone_is_told_no_more(store: LocalStore) -> None:
    merge(store, "b", "a", undone=True)
    assert store.queue.merges() == []
    assert store.queue.standing_uid("b") == "b"


def test_merges_follow_each_other_and_only_the_last_can_be_undone(store: LocalStore) -> None:
    merge(store, "bb", "a")
    merge(store, "a", "c", "c2")
    assert [store.queue.standing_uid(uid) for uid in ("bb", "a", "c", "d")] == ["c", "c", "c", "d"]
    assert sorted(uids_under(store.db, "c")) == ["a", "bb", "c"]
    assert {(row.merged, row.blocked) for row in store.queue.merges()} == {("bb", True), ("a", False)}


def test_records_that_point_at_each_other_end_somewhere(store: LocalStore) -> None:
    say(store, "al:a", "alias", Alias(old="a", new="b"))
    say(store, "al:b", "alias", Alias(old="b", new="a"))
    assert store.queue.standing_uid("a") in ("a", "b")
    assert sorted(uids_under(store.db, "a")) == ["a", "b"]
