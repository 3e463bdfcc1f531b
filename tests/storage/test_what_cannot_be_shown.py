"""What a server holds from before it looked closely, and no laptop could show: kept as it came, and nothing stops."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from kube_field.domain.commit import Commit
from kube_field.domain.records import RecordKind
from kube_field.storage import working_rows
from kube_field.storage.condition import database_info
from kube_field.storage.projection import put_remote, remove_remote
from kube_field.storage.store import LocalStore
from kube_field.storage.sync_store import LocalSyncStore
from kube_field.wire import chain
from kube_field.wire.canonical import fact_body
from kube_field.wire.messages import HelloAnswer, Person, PullAnswer, Row, ScopeOffer, SnapshotOffer
from kube_field.wire.snapshot import write_snapshot
from tests.support.make_store import (
    SCOPE,
    make_change_record,
    make_fact_record,
    open_test_store,
)

GOOD = fact_body(make_fact_record("v-1"))
PHOTO = {"sha256": "ab" * 32, "size": 9, "mime": "image/jpeg", "question": "photos"}
WITHOUT_AUTHOR = {name: value for name, value in GOOD.items() if name != "author_name"}
MISSHAPEN: dict[str, tuple[str, dict[str, Any]]] = {
    "no author": ("visit", WITHOUT_AUTHOR),
    "no answers": ("visit", {**GOOD, "answers": None}),
    "a photo without its question": ("visit", {**GOOD, "attachments": [{"sha256": "ab" * 32, "size": 1, "mime": "x"}]}),
    "photos that are none": ("visit", {**GOOD, "attachments": ["foto", 7]}),
    "a photo beyond all sizes": ("visit", {**GOOD, "attachments": [{**PHOTO, "size": 2**70}]}),
    "a revision beyond all numbers": ("visit", {**GOOD, "revision": 2**70}),
    "a number that no column takes": ("visit", {**GOOD, "answers": {"visit_no": 2**63}}),
    "a day that is none": ("visit", {**GOOD, "occurred_on": "kemarin"}),
    "an instant that is none": ("visit", {**GOOD, "finalised_at": ""}),
    "a household of no number": ("household", {"form_version": "2026.1", "head_name": "Wahyu", "rt": 2**63}),
    "a batch of no year": ("program_batch", {"form_version": "2026.1", "name": "Paket", "fiscal_year": -(2**70)}),
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    opened = open_test_store(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def sync(store: LocalStore) -> LocalSyncStore:
    return greeted(LocalSyncStore(store))


def greeted(sync: LocalSyncStore, snapshot: SnapshotOffer | None = None) -> LocalSyncStore:
    offers = [ScopeOffer(id=SCOPE, mode="rw", head=9, snapshot=snapshot)]
    officer = Person(uid="u-1", name="Rina", role="pendamping")
    sync.take_hello(
        HelloAnswer(
            server_id="s",
            epoch="e",
            user=officer,
            scopes=offers,
            device="d",
            device_code="L07",
            continuity="t",
            clock=1_764_000_000_000,
        )
    )
    return sync


def rows_around(kind: str, body: dict[str, Any]) -> list[Row]:
    """A record of before between two that everybody can show."""
    person = {"form_version": "2026.1", "full_name": "Sari"}
    return [
        Row(uid="p-1", seq=1, v=1, k="person", body=person),
        Row(uid="odd", seq=2, v=1, k=kind, sha="cd" * 32, body=body),
        Row(uid="v-1", seq=3, v=1, k="visit", sha="ab" * 32, body=GOOD),
    ]


def page_of(rows: list[Row]) -> PullAnswer:
    total = sum(chain.weight(row.uid, row.v) for row in rows) % chain.SUM_MODULUS
    return PullAnswer(rows=rows, seq=3, head=3, chain="c3", sum=str(total), more=False)


def unread(store: LocalStore) -> list[tuple[Any, ...]]:
    return store.db.rows("SELECT uid, kind, scope_id, version, body_json FROM unknown_record")


def assert_all_else_is_here(store: LocalStore, sync: LocalSyncStore, kind: str, body: dict[str, Any]) -> None:
    assert [(*row[:4], json.loads(row[4])) for row in unread(store)] == [("odd", kind, SCOPE, 1, body)]
    assert store.records.get("p-1") is not None
    assert store.facts.get("v-1") is not None
    assert (store.records.get("odd"), store.facts.get("odd")) == (None, None)
    assert sync.scope_state(SCOPE) == "live", "it counts in the sum"
    assert store.queue.pill().unread == database_info(store)["unread"] == 1


@pytest.mark.parametrize("name", MISSHAPEN)
def test_a_page_goes_on_and_keeps_it_as_it_came(store: LocalStore, sync: LocalSyncStore, name: str):
    kind, body = MISSHAPEN[name]
    assert sync.take_page(SCOPE, page_of(rows_around(kind, body))) == 3
    assert_all_else_is_here(store, sync, kind, body)
    assert sum(map(int, sync.digest(SCOPE).sums)) == sum(chain.weight(uid, 1) for uid in ("p-1", "odd", "v-1"))


@pytest.mark.parametrize("name", MISSHAPEN)
def test_a_first_download_goes_on_and_keeps_it_as_it_came(store: LocalStore, name: str):
    kind, body = MISSHAPEN[name]
    file, page = io.BytesIO(), page_of(rows_around(kind, body))
    write_snapshot(file, page.rows, scope=SCOPE, seq=3, chain="c3", total=page.sum)
    content = file.getvalue()
    offer = SnapshotOffer(seq=3, sha256=sha256(content).hexdigest(), bytes=len(content), rows=3)
    sync = greeted(LocalSyncStore(store), offer)
    sync.take_piece(SCOPE, 0, content)
    assert sync.store_snapshot(SCOPE) == 3
    page.rows = []
    sync.take_page(SCOPE, page)
    assert_all_else_is_here(store, sync, kind, body)


def put(store: LocalStore, kind: str, body: dict[str, Any], version: int, uid: str = "odd") -> None:
    with store.transaction():
        put_remote(store, uid, kind, SCOPE, version, body, "ab" * 32, "staff-budi")


def test_it_is_shown_once_the_program_can_read_it(tmp_path: Path):
    """An older program that asks for more than today's: after the update nothing has to be downloaded."""
    older = open_test_store(tmp_path)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(working_rows, "shape_of", lambda _body: None)
        put(older, "visit", GOOD, 1)
    assert (len(unread(older)), older.facts.get("odd")) == (1, None)
    older.close()
    newer = open_test_store(tmp_path)
    fact = newer.facts.get("odd")
    assert fact is not None
    assert (fact_body(fact), fact.scope, unread(newer), newer.queue.pill().unread) == (GOOD, SCOPE, [], 0)
    newer.close()


@pytest.mark.parametrize("name", ["no author", "a household of no number"])
def test_what_the_program_still_cannot_read_stays_through_every_start(tmp_path: Path, name: str):
    kind, body = MISSHAPEN[name]
    for _start in range(3):
        store = open_test_store(tmp_path)
        if not unread(store):
            put(store, kind, body, 4)
        assert [(*row[:4], json.loads(row[4])) for row in unread(store)] == [("odd", kind, SCOPE, 4, body)]
        store.close()


def test_a_record_stays_as_it_was_until_it_comes_in_a_form_that_fits(store: LocalStore):
    family = {"form_version": "2026.1", "head_name": "Wahyu", "rt": 3}
    put(store, "household", family, 1)
    change = make_change_record(
        "c-1", "odd", RecordKind.HOUSEHOLD, sets={"rw": (None, 5)}, base_version=1, create=False
    )
    store.commit(Commit(changes=[change]))
    put(store, "household", {**family, "rt": 2**64}, 2)
    shown = store.records.get("odd")
    assert shown is not None
    assert (shown.answers["rt"], shown.version, len(unread(store))) == (3, 1, 1)
    put(store, "household", {**family, "rt": 4}, 3)
    shown = store.records.get("odd")
    assert shown is not None
    assert (shown.answers["rt"], shown.answers["rw"], shown.version, unread(store)) == (4, 5, 3, [])


def test_a_word_that_comes_again_in_a_form_that_fits_is_not_kept_as_unread(store: LocalStore):
    put(store, "duplicate", {"uids": 7}, 1, "dup-1")
    assert len(unread(store)) == 1
    put(store, "duplicate", {"uids": ["a", "b"], "record_kind": "person", "reason": "nik"}, 2, "dup-1")
    assert unread(store) == []
    assert store.db.rows("SELECT uid, state FROM duplicate") == [("dup-1", "open")]


@pytest.mark.parametrize("name", MISSHAPEN)
def test_it_leaves_with_its_area(store: LocalStore, name: str):
    kind, body = MISSHAPEN[name]
    put(store, kind, body, 1)
    with store.transaction():
        assert remove_remote(store, "odd")
    assert (unread(store), store.db.rows("SELECT uid FROM sync_base")) == ([], [])


def test_what_only_looks_like_a_photo_is_an_answer(store: LocalStore):
    odd = {"sha256": "ab" * 32, "size": [], "mime": {}}
    put(
        store, "person", {"form_version": "2026.1", "full_name": "Sari", "phone": odd, "status": {**odd, "size": -1}}, 1
    )
    person = store.records.get("odd")
    assert person is not None
    assert person.answers["phone"] == odd
    assert store.db.rows("SELECT sha256 FROM blob") == []
