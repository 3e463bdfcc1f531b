"""What a download does to the working rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kube_field.domain.commit import Commit
from kube_field.domain.records import Attachment, RecordKind
from kube_field.storage.projection import put_remote, remove_remote
from kube_field.storage.store import LocalStore
from kube_field.storage.working_rows import rebuild_record
from kube_field.wire.canonical import fact_body
from tests.support.make_store import (
    SCOPE,
    make_change_record,
    make_fact_record,
    make_person_record,
    open_test_store,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    opened = open_test_store(tmp_path)
    yield opened
    opened.close()


def pull_person(store: LocalStore, version: int, **answers: object) -> None:
    body = {"form_version": "2026.1", "full_name": "Sari", "sex": "P", **answers}
    with store.transaction():
        put_remote(store, "p-1", "person", SCOPE, version, body, "ab" * 32, "staff-budi")


def edit_phone(store: LocalStore, phone: str) -> None:
    change = make_change_record(
        "c-1", "p-1", RecordKind.PERSON, sets={"phone": (None, phone)}, base_version=1, create=False
    )
    store.commit(Commit(changes=[change]))
    with store.transaction():
        rebuild_record(store, "p-1")


def test_a_pulled_row_becomes_a_record_that_can_be_found(store: LocalStore) -> None:
    pull_person(store, 1)
    record = store.records.get("p-1")
    assert record is not None
    assert (record.answers["full_name"], record.version, record.updated_by) == ("Sari", 1, "staff-budi")
    assert [hit.uid for hit in store.listings.search("sari")] == ["p-1"]


def test_what_was_typed_and_not_yet_sent_stays_on_top_of_a_newer_download(store: LocalStore) -> None:
    pull_person(store, 1)
    edit_phone(store, "+6281200000001")
    pull_person(store, 2, full_name="Sari Dewi", phone="+6281299999999")
    record = store.records.get("p-1")
    assert record is not None
    assert record.answers["full_name"] == "Sari Dewi"
    assert record.answers["phone"] == "+6281200000001"


def test_an_acknowledged_edit_stays_until_its_version_is_downloaded(store: LocalStore) -> None:
    pull_person(store, 1)
    edit_phone(store, "+6281200000001")
    store.db.execute_sql("UPDATE outbox SET state = 'acked', ever_sent = 1, result_version = 3")
    pull_person(store, 2, phone="+6281299999999")
    assert phone_of(store) == "+6281200000001"
    pull_person(store, 3, phone="+6281288888888")
    assert phone_of(store) == "+6281288888888"


def phone_of(store: LocalStore) -> object:
    record = store.records.get("p-1")
    assert record is not None
    return record.answers.get("phone")


def test_an_answer_that_was_emptied_here_stays_empty(store: LocalStore) -> None:
    pull_person(store, 1, phone="+6281200000001")
    change = make_change_record("c-1", "p-1", RecordKind.PERSON, sets={"phone": ("+6281200000001", None)})
    store.commit(Commit(changes=[change]))
    pull_person(store, 2, phone="+6281200000001")
    assert phone_of(store) is None


def test_a_working_row_can_be_rebuilt_from_base_and_outbox(store: LocalStore) -> None:
    pull_person(store, 1)
    edit_phone(store, "+6281200000001")
    store.db.execute_sql("DELETE FROM person")
    with store.transaction():
        rebuild_record(store, "p-1")
    assert phone_of(store) == "+6281200000001"


def test_fields_that_this_program_does_not_know_are_kept_apart(store: LocalStore) -> None:
    pull_person(store, 1, shoe_size="39")
    record = store.records.get("p-1")
    assert record is not None
    assert record.extra == {"shoe_size": "39"}
    assert "shoe_size" not in record.answers


def test_a_kind_of_tomorrow_is_kept_as_it_came(store: LocalStore) -> None:
    with store.transaction():
        put_remote(store, "x-1", "loan", SCOPE, 1, {"amount": 5}, "", "")
    assert store.db.rows("SELECT kind, body_json FROM unknown_record") == [("loan", '{"amount":5}')]


def test_a_pulled_fact_is_the_fact_that_was_sent(store: LocalStore) -> None:
    fact = make_fact_record("v-1", number="KUNJ/T2/2026/1")
    with store.transaction():
        put_remote(store, "v-1", "visit", SCOPE, 1, {**fact_body(fact), "weather": "hujan"}, fact.sha256, "")
        put_remote(store, "v-1", "visit", SCOPE, 2, {**fact_body(fact), "number": "other"}, "", "")
    kept = store.facts.get("v-1")
    assert kept is not None
    assert (kept.number, kept.extra, kept.sha256) == (fact.number, {"weather": "hujan"}, fact.sha256)
    assert store.queue.was_handed_over("v-1")


def test_a_row_that_left_its_area_goes_but_not_what_was_typed_since(store: LocalStore) -> None:
    pull_person(store, 1)
    with store.transaction():
        remove_remote(store, "p-1")
    assert store.records.get("p-1") is None
    assert store.listings.search("sari") == []
    pull_person(store, 1)
    edit_phone(store, "+6281200000001")
    with store.transaction():
        remove_remote(store, "p-1")
    assert phone_of(store) == "+6281200000001"


def test_a_household_that_arrives_after_its_people_gives_them_their_village(store: LocalStore) -> None:
    store.commit(Commit(records=[make_person_record("p-9", "Wahyu", household="h-9")]))
    assert store.listings.search("wahyu tabang") == []
    with store.transaction():
        body = {"form_version": "2026.1", "head_name": "Wahyu", "village_code": "64.02.12.2002"}
        put_remote(store, "h-9", "household", SCOPE, 1, body, "", "")
    assert [hit.uid for hit in store.listings.search("wahyu tabang")] == ["p-9"]


@pytest.mark.parametrize("kind", ["person", "visit"])
def test_a_photo_that_the_server_may_have_lost_goes_on_waiting_when_its_record_comes_again(
    store: LocalStore, kind: str
):
    photo = {"sha256": "ab" * 32, "size": 9, "mime": "image/jpeg"}
    fact = make_fact_record("x-1", attachments=(Attachment("ab" * 32, 9, "image/jpeg", "photos"),))
    body = {"full_name": "Sari", "photo_id": photo} if kind == "person" else fact_body(fact)

    def state() -> str:
        return str(store.db.value("SELECT state FROM blob"))

    with store.transaction():
        put_remote(store, "x-1", kind, SCOPE, 1, body, fact.sha256, "staff-budi")
    assert state() == "remote"
    store.db.execute_sql("UPDATE blob SET state = 'local'")
    with store.transaction():
        put_remote(store, "x-1", kind, SCOPE, 1, body, fact.sha256, "staff-budi")
    assert state() == "local"


def test_a_colleagues_photo_waits_no_longer_when_its_record_leaves(store: LocalStore):
    """Nobody here may send it any more; it must not stay for that."""
    fact = make_fact_record("x-1", attachments=(Attachment("ab" * 32, 9, "image/jpeg", "photos"),))
    with store.transaction():
        put_remote(store, "x-1", "visit", SCOPE, 1, fact_body(fact), fact.sha256, "staff-budi")
        put_remote(store, "x-2", "visit", SCOPE, 1, fact_body(fact), fact.sha256, "staff-budi")
    store.db.execute_sql("UPDATE blob SET state = 'local'")
    states = []
    for uid in ("x-1", "x-2"):
        with store.transaction():
            assert remove_remote(store, uid)
        states.append(store.db.value("SELECT state FROM blob"))
    assert states == ["local", "remote"], "while another record names it, it goes on waiting"
