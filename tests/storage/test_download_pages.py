"""Pages of a download as the laptop stores them: sums, moves, resync, lost scopes, the brake, digest, snapshot."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import UNSET

from kube_field.domain.commit import Commit
from kube_field.domain.records import RecordKind
from kube_field.errors import Failure, KubeFieldError
from kube_field.sqlite.driver import open_database
from kube_field.storage.store import LocalStore
from kube_field.storage.sync_leaving import COPY_FOLDER, COPY_NAME
from kube_field.storage.sync_store import LocalSyncStore
from kube_field.storage.working_rows import rebuild_record
from kube_field.wire import chain
from kube_field.wire.canonical import fact_body
from kube_field.wire.changes import from_wire, to_wire
from kube_field.wire.messages import (
    ChangeResult,
    DigestAnswer,
    Have,
    HaveAnswer,
    HelloAnswer,
    Person,
    PullAnswer,
    Row,
    ScopeOffer,
    SnapshotOffer,
    WireReceipt,
)
from kube_field.wire.snapshot import write_snapshot
from tests.support.make_store import TEST_KEY, make_change_record, make_fact_record, open_test_store

A, B = "64.02.12", "64.02.13"
RINA = Person(uid="u-1", name="Rina", role="pendamping")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    opened = open_test_store(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def sync(store: LocalStore) -> LocalSyncStore:
    found = LocalSyncStore(store)
    greet(found, A, B)
    return found


def greet(sync: LocalSyncStore, *scopes: str, rollback: bool = False, **fields: object) -> None:
    known = {
        "device": "d-1",
        "device_code": "L07",
        "continuity": "t",
        "clock": 1_764_000_000_000,
        "epoch": "e",
        **fields,
    }
    offers = known.pop("offers", [ScopeOffer(id=name, mode="rw", head=9) for name in scopes])
    answer = HelloAnswer(server_id="s", user=RINA, rollback=rollback, scopes=offers, **known)
    sync.take_hello(answer)


def person(uid: str, seq: int, version: int = 1, **answers: object) -> Row:
    body = {"form_version": "2026.1", "full_name": f"Sari {uid}", **answers}
    return Row(uid=uid, seq=seq, v=version, k="person", by="staff-budi", sha="ab" * 32, body=body)


def gone(uid: str, seq: int, version: int) -> Row:
    return Row(uid=uid, seq=seq, v=version, k="person", st="exit")


def sum_of(*standing: tuple[str, int]) -> str:
    return str(sum(chain.weight(uid, version) for uid, version in standing) % chain.SUM_MODULUS)


def page(rows: list[Row], *standing: tuple[str, int], seq: int = 0, head: int = 0, more: bool = False) -> PullAnswer:
    last = seq or max((row.seq for row in rows), default=0)
    top = head or last
    return PullAnswer(rows=rows, seq=last, head=top, chain=f"c{top}", sum=sum_of(*standing), more=more)


def names(store: LocalStore) -> set[str]:
    return {uid for (uid,) in store.db.rows("SELECT uid FROM person")}


def scope(store: LocalStore, name: str) -> tuple[object, ...]:
    return store.db.rows("SELECT seq, head_seen, chain_seen, state FROM sync_scope WHERE scope_id = ?", name)[0]


def edit_phone(store: LocalStore, uid: str, phone: str) -> None:
    sets = {"phone": (None, phone)}
    change = make_change_record(f"c-{uid}", uid, RecordKind.PERSON, sets=sets, base_version=1, create=False)
    store.commit(Commit(changes=[change]))
    with store.transaction():
        rebuild_record(store, uid)


def phone_of(store: LocalStore, uid: str) -> object:
    record = store.records.get(uid)
    return record.answers.get("phone") if record else "gone"


def many(count: int, prefix: str = "p") -> tuple[list[Row], list[tuple[str, int]]]:
    rows = [person(f"{prefix}-{n}", n + 1) for n in range(count)]
    return rows, [(row.uid, row.v) for row in rows]


def test_after_the_last_page_a_scope_whose_sum_fits_is_live(store: LocalStore, sync: LocalSyncStore):
    assert sync.behind({A: 2, B: 0}) == [A, B]
    assert sync.take_page(A, page([person("p-1", 1)], ("p-1", 1), head=2, more=True)) == 1
    assert scope(store, A) == (1, 2, "c2", "bootstrap")
    sync.take_page(A, page([person("p-2", 2)], ("p-1", 1), ("p-2", 1)))
    assert scope(store, A) == (2, 2, "c2", "live")
    assert sync.behind({A: 2, B: 0}) == [B]


def test_the_proof_stays_at_the_newest_head_and_the_cursor_never_goes_back(store: LocalStore, sync: LocalSyncStore):
    sync.take_page(A, page([person("p-1", 5)], ("p-1", 1), head=9, more=True))
    assert scope(store, A)[:3] == (5, 9, "c9")
    assert sync.take_page(A, page([person("p-1", 3, 7)], ("p-1", 7), head=8, more=True)) == 0
    assert scope(store, A)[:3] == (5, 9, "c9")
    sync.take_page(A, page([], ("p-1", 1), seq=6, head=7, more=True))
    assert scope(store, A)[:3] == (6, 9, "c9")


def test_a_server_behind_the_cursor_starts_the_scope_over(store: LocalStore, sync: LocalSyncStore):
    sync.take_page(A, page([person("p-1", 5)], ("p-1", 1)))
    sync.take_page(A, page([], ("p-1", 1), seq=2, head=2))
    assert scope(store, A) == (0, 0, "", "resync")
    assert names(store) == {"p-1"}


@pytest.mark.parametrize("order", ["exit first", "put first"])
def test_a_record_that_moves_between_two_areas_stays_and_both_sums_fit(
    store: LocalStore, sync: LocalSyncStore, order: str
):
    sync.take_page(A, page([person("p-1", 1), person("p-2", 2)], ("p-1", 1), ("p-2", 1)))
    sync.take_page(B, page([person("p-3", 1)], ("p-3", 1)))
    pages = [(A, page([gone("p-1", 3, 2)], ("p-2", 1))), (B, page([person("p-1", 2, 2)], ("p-3", 1), ("p-1", 2)))]
    for name, answer in pages if order == "exit first" else reversed(pages):
        sync.take_page(name, answer)
    assert names(store) == {"p-1", "p-2", "p-3"}
    assert (scope(store, A)[3], scope(store, B)[3]) == ("live", "live")
    assert store.records.get("p-1").scope == B  # type: ignore[union-attr]


def test_an_exit_leaves_what_still_waits_with_its_base_and_takes_it_off_when_it_is_settled(
    store: LocalStore, sync: LocalSyncStore
):
    sync.take_page(A, page([person("p-1", 1)], ("p-1", 1)))
    edit_phone(store, "p-1", "+6281200000001")
    sync.take_page(A, page([gone("p-1", 2, 2)]))
    assert scope(store, A)[3] == "live"
    assert phone_of(store, "p-1") == "+6281200000001"
    with store.transaction():
        rebuild_record(store, "p-1")
    record = store.records.get("p-1")
    assert record is not None
    assert (record.answers["full_name"], record.scope) == ("Sari p-1", A)
    store.db.execute_sql("UPDATE outbox SET state = 'acked'")
    assert sync.purge_leaving() == 1
    assert names(store) == set()


def test_a_resync_takes_off_what_is_not_delivered_again_but_nothing_that_waits(store: LocalStore, sync: LocalSyncStore):
    sync.take_page(A, page([person(f"p-{n}", n) for n in (1, 2, 3)], ("p-1", 1), ("p-2", 1), ("p-3", 1)))
    edit_phone(store, "p-2", "+6281200000002")
    greet(sync, A, B, rollback=True)
    assert scope(store, A) == (0, 0, "", "resync")
    assert sync.to_verify(9) is None
    sync.take_page(A, page([], ("p-3", 1), seq=1, head=2, more=True))
    assert names(store) == {"p-1", "p-2", "p-3"}, "nothing goes before the last page"
    sync.take_page(A, page([person("p-3", 2)], ("p-3", 1)))
    assert names(store) == {"p-2", "p-3"}
    assert phone_of(store, "p-2") == "+6281200000002"
    assert scope(store, A)[3] == "live"


def test_an_acknowledged_edit_does_not_flicker_while_everything_is_downloaded_again(
    store: LocalStore, sync: LocalSyncStore
):
    sync.take_page(A, page([person("p-1", 1)], ("p-1", 1)))
    edit_phone(store, "p-1", "+6281200000001")
    store.db.execute_sql("UPDATE outbox SET state = 'acked', status = 'applied', result_version = 3")
    greet(sync, A, B, rollback=True)
    sync.take_page(A, page([person("p-1", 1, 2)], ("p-1", 2), head=4, more=True))
    assert phone_of(store, "p-1") == "+6281200000001"
    sync.take_page(A, page([person("p-1", 4, 3, phone="+62813")], ("p-1", 3)))
    assert phone_of(store, "p-1") == "+62813"
    assert scope(store, A)[3] == "live"


def test_a_resync_that_is_cut_before_its_end_is_finished_by_the_next_run(store: LocalStore, sync: LocalSyncStore):
    sync.take_page(A, page([person("p-1", 1), person("p-2", 2)], ("p-1", 1), ("p-2", 1)))
    greet(sync, A, B, rollback=True)
    sync.take_page(A, page([person("p-2", 2)], ("p-2", 1), more=True))
    assert sync.behind({A: 2, B: 0}) == [A, B]
    sync.take_page(A, page([], ("p-2", 1), seq=2, head=2))
    assert names(store) == {"p-2"}


def test_a_scope_that_is_not_granted_any_more_leaves_the_list_of_downloads_and_is_taken_off(
    store: LocalStore, sync: LocalSyncStore
):
    rows, standing = many(3)
    sync.take_page(A, page(rows, *standing))
    sync.take_page(B, page([person("b-1", 1)], ("b-1", 1)))
    edit_phone(store, "p-2", "+6281200000002")
    greet(sync, B, rollback=True)
    assert scope(store, A)[3] == "leaving"
    assert sync.behind({A: 9, B: 9}) == [B]
    assert sync.purge_leaving() == 2
    assert names(store) == {"p-2", "b-1"}
    assert store.listings.search("Sari p-1") == []


def test_what_was_seen_of_a_scope_that_left_is_told_until_a_whole_download_is_over(
    store: LocalStore, sync: LocalSyncStore
):
    """A record moved into it may have left its former scope here, whose own row of that is still to be read."""
    sync.take_page(A, page([person("p-1", 1)], ("p-1", 1)))
    greet(sync, B)
    sync.forget_left()
    assert sync.hello("step").scopes[A].head == 1, "it was not taken off yet"
    assert sync.purge_leaving() == 1
    assert (sync.hello("step").scopes[A].head, sync.hello("step").scopes[A].seq) == (1, 0)
    assert sync.behind({A: 9}) == []
    sync.forget_left()
    assert A not in sync.hello("step").scopes


def test_a_scope_is_not_forgotten_before_it_was_taken_off(store: LocalStore, sync: LocalSyncStore):
    sync.take_page(A, page([person("p-1", 1)], ("p-1", 1)))
    greet(sync, B, rollback=True)
    sync.forget_left()
    sync.purge_leaving()
    assert names(store) == set()


def test_a_scope_that_was_lost_after_the_hello_is_told_by_the_next_one(store: LocalStore, sync: LocalSyncStore):
    sync.take_page(A, page([person("p-1", 1)], ("p-1", 1)))
    sync.start_run()
    sync.lose_scope(A)
    sync.purge_leaving()
    sync.forget_left()
    assert sync.hello("step").scopes[A].head == 1
    sync.start_run()
    sync.forget_left()
    assert A not in sync.hello("step").scopes


def test_a_scope_that_a_record_left_before_its_exit_was_read_is_looked_at_again(
    store: LocalStore, sync: LocalSyncStore
):
    sync.take_page(A, page([person("p-1", 1)], ("p-1", 1)))
    sync.take_page(B, page([person("p-1", 1, 2)], ("p-1", 2)))
    assert sync.behind({A: 1, B: 1}) == [A]
    sync.take_page(A, page([], ("p-1", 1), seq=1, head=1))
    assert sync.scope_state(A) == "differs", "the server went back to before the move"
    sync.take_page(A, page([gone("p-1", 2, 2)], head=2))
    assert sync.behind({A: 2, B: 1}) == []


def test_a_server_that_went_back_behind_a_scope_that_left_starts_everything_over_once(
    store: LocalStore, sync: LocalSyncStore
):
    sync.take_page(A, page([person("p-1", 1)], ("p-1", 1)))
    greet(sync, B)
    sync.purge_leaving()
    greet(sync, B, rollback=True)
    assert scope(store, A) == (0, 0, "", "leaving")
    assert scope(store, B)[3] == "resync"


def test_a_scope_granted_again_after_the_server_went_back_is_downloaded_from_the_beginning(
    store: LocalStore, sync: LocalSyncStore
):
    sync.take_page(A, page([person("p-1", 1), person("p-2", 2)], ("p-1", 1), ("p-2", 1)))
    greet(sync, B, rollback=True)
    greet(sync, A, B)
    assert scope(store, A) == (0, 0, "", "resync"), "nothing was taken off yet, but what stood there may be no more"
    sync.take_page(A, page([person("p-1", 1)], ("p-1", 1)))
    assert scope(store, A)[3] == "live"
    assert names(store) == {"p-1"}


def test_a_scope_granted_again_after_its_purge_is_downloaded_from_the_beginning(
    store: LocalStore, sync: LocalSyncStore
):
    sync.take_page(A, page([person("p-1", 1)], ("p-1", 1)))
    greet(sync, B)
    greet(sync, A, B)
    assert scope(store, A)[:2] == (1, 1), "nothing was taken off yet"
    greet(sync, B)
    sync.purge_leaving()
    greet(sync, A, B)
    assert scope(store, A) == (0, 1, "c1", "resync")


def test_a_purge_takes_records_that_were_accepted_and_never_downloaded_again(store: LocalStore, sync: LocalSyncStore):
    change = make_change_record("c-1", "p-1", RecordKind.PERSON, sets={"full_name": (None, "Baru")})
    store.commit(Commit(changes=[change]))
    with store.transaction():
        rebuild_record(store, "p-1")
    store.db.execute_sql("UPDATE outbox SET state = 'acked', result_version = 1")
    greet(sync, B)
    assert sync.purge_leaving() == 1
    assert names(store) == set()


def test_a_mass_removal_stops_and_keeps_a_copy_until_the_officer_agrees(
    store: LocalStore, sync: LocalSyncStore, tmp_path: Path
):
    rows, standing = many(100)
    sync.take_page(A, page(rows, *standing))
    greet(sync, A, B, rollback=True)
    sync.start_run()
    last = page(rows[:40], *standing[:40])
    with pytest.raises(KubeFieldError) as stopped:
        sync.take_page(A, last)
    assert (stopped.value.code, stopped.value.failure) == ("MASS_REMOVAL", Failure.NOT_ALLOWED)
    assert len(names(store)) == 100
    copy = open_database(tmp_path / COPY_FOLDER / COPY_NAME, TEST_KEY)
    assert copy.value("SELECT count(*) FROM person") == 100
    copy.close_all()
    sync.start_run(allow_removal=True)
    sync.take_page(A, last)
    assert len(names(store)) == 40
    assert scope(store, A)[3] == "live"


def test_exits_of_almost_everything_stop_too(store: LocalStore, sync: LocalSyncStore):
    rows, standing = many(100)
    sync.take_page(A, page(rows, *standing))
    sync.start_run()
    with pytest.raises(KubeFieldError, match="menghapus"):
        sync.take_page(A, page([gone(f"p-{n}", 200 + n, 2) for n in range(60)], *standing[60:]))
    assert len(names(store)) == 100


def test_few_removals_need_no_question(store: LocalStore, sync: LocalSyncStore):
    rows, standing = many(60)
    sync.take_page(A, page(rows, *standing))
    sync.start_run()
    sync.take_page(A, page([gone(f"p-{n}", 200 + n, 2) for n in range(50)], *standing[50:]))
    assert len(names(store)) == 10


def test_a_sum_that_differs_is_mended_by_comparing_parts(store: LocalStore, sync: LocalSyncStore):
    right = [("p-1", 2), ("p-2", 1)]
    sync.take_page(A, page([person("p-1", 1), person("p-3", 2), person("p-2", 3)], *right))
    assert scope(store, A)[3] == "differs"
    assert sync.behind({A: 3, B: 0}) == [A, B]
    sums = sync.digest(A).sums
    ours = {"p-1", "p-2", "p-3"}
    assert [int(value) > 0 for value in sums] == [n in {chain.bucket(uid) for uid in ours} for n in range(256)]
    buckets: dict[str, list[tuple[str, int]]] = {str(chain.bucket("p-3")): []}
    for uid, version in right:
        buckets.setdefault(str(chain.bucket(uid)), []).append((uid, version))
    wanted = sync.take_digest(A, DigestAnswer(head=3, chain="c3", sum=sum_of(*right), buckets=buckets))
    assert wanted == ["p-1"]
    assert names(store) == {"p-1", "p-2"}
    assert sync.fetch(A, wanted, 1000).uids == ["p-1"]
    sync.take_fetched(A, page([person("p-1", 1, 2, phone="+62811")], *right, seq=3, head=3))
    assert scope(store, A)[0] == 3
    sync.take_page(A, page([], *right, seq=3, head=3))
    assert scope(store, A)[3] == "live"
    assert phone_of(store, "p-1") == "+62811"


def test_a_scope_is_started_over_only_once_when_that_does_not_help(store: LocalStore, sync: LocalSyncStore):
    sync.take_page(A, page([person("p-1", 1)], ("x", 1)))
    assert sync.start_over(A)
    sync.take_page(A, page([person("p-1", 1)], ("x", 1)))
    assert not sync.start_over(A)
    sync.take_page(A, page([person("p-1", 2)], ("p-1", 1)))
    assert sync.start_over(A), "it helped once, so it may be tried again"


def test_records_of_kinds_of_tomorrow_count_in_the_sum_and_appear_when_they_are_learnt(
    store: LocalStore, sync: LocalSyncStore, tmp_path: Path
):
    row = Row(uid="x-1", seq=1, v=1, k="loan", by="u-9", sha="cd" * 32, body={"amount": 5})
    sync.take_page(A, page([row], ("x-1", 1)))
    assert scope(store, A)[3] == "live"
    fact = make_fact_record("v-1")
    with store.transaction():  # what an older program would have kept of a visit
        store.db.execute_sql("UPDATE sync_base SET uid = 'v-1', kind = 'visit', sha256 = ?", (fact.sha256,))
        body = {"uid": "v-1", "kind": "visit", "body_json": json.dumps(fact_body(fact))}
        store.db.execute_sql("DELETE FROM unknown_record")
        store.db.insert_row("unknown_record", {**body, "scope_id": A, "version": 1})
    store.close()
    newer = open_test_store(tmp_path)
    found = newer.facts.get("v-1")
    assert found is not None
    assert (found.answers, found.sha256, found.scope) == (fact.answers, fact.sha256, A)
    assert newer.db.value("SELECT count(*) FROM unknown_record") == 0
    newer.close()


def test_a_lost_scope_takes_its_unknown_kinds_along(store: LocalStore, sync: LocalSyncStore):
    sync.take_page(A, page([Row(uid="x-1", seq=1, v=1, k="loan", body={"amount": 5})], ("x-1", 1)))
    greet(sync, B)
    sync.purge_leaving()
    assert store.db.rows("SELECT uid FROM unknown_record UNION SELECT uid FROM sync_base") == []


def snapshot_of(rows: list[Row], *standing: tuple[str, int], seq: int) -> tuple[bytes, SnapshotOffer]:
    file = io.BytesIO()
    count = write_snapshot(file, rows, scope=A, seq=seq, chain=f"c{seq}", total=sum_of(*standing))
    raw = file.getvalue()
    return raw, SnapshotOffer(seq=seq, sha256=hashlib.sha256(raw).hexdigest(), bytes=len(raw), rows=count)


def offer(snapshot: SnapshotOffer | None) -> list[ScopeOffer]:
    return [ScopeOffer(id=A, mode="rw", head=9, snapshot=snapshot), ScopeOffer(id=B, mode="rw", head=0)]


def test_a_first_download_goes_on_by_byte_and_then_from_where_the_file_ends(
    store: LocalStore, sync: LocalSyncStore, tmp_path: Path
):
    rows, standing = many(1200)
    raw, offered = snapshot_of(rows, *standing, seq=1200)
    greet(sync, offers=offer(offered))
    half = len(raw) // 2
    sync.take_piece(A, 0, raw[:half])
    sync.take_piece(A, 5, b"late")
    greet(sync, offers=offer(offered))
    wanted = sync.snapshot_wanted(A)
    assert wanted is not None
    assert (wanted.seq, wanted.offset, wanted.left) == (1200, half, len(raw) - half)
    sync.take_piece(A, half, raw[half:])
    assert sync.store_snapshot(A) == 1200
    assert scope(store, A) == (1200, 1200, "c1200", "bootstrap")
    assert sync.snapshot_wanted(A) is None
    assert store.db.value("SELECT count(*) FROM snapshot_piece") == 0
    sync.take_page(A, page([], *standing, seq=1200, head=1200))
    assert scope(store, A)[3] == "live"
    assert store.listings.search("Sari p-1199") != []


def store_the_first_part(
    sync: LocalSyncStore, monkeypatch: pytest.MonkeyPatch, rows: list[Row], standing: list[tuple[str, int]]
) -> None:
    """The power goes when the second batch of rows of a first download is about to be stored."""
    raw, offered = snapshot_of(rows, *standing, seq=len(rows))
    greet(sync, offers=offer(offered))
    sync.take_piece(A, 0, raw)
    whole, batches = sync._store_batch, []

    def cut(name: str, batch: list[Row]) -> int:
        batches.append(len(batch))
        if len(batches) == 2:
            raise OSError("power")
        return whole(name, batch)

    monkeypatch.setattr(sync, "_store_batch", cut)
    with pytest.raises(OSError, match="power"):
        sync.store_snapshot(A)


def test_storing_a_first_download_that_is_cut_goes_on_by_row(
    store: LocalStore, sync: LocalSyncStore, monkeypatch: pytest.MonkeyPatch
):
    rows, standing = many(1200)
    store_the_first_part(sync, monkeypatch, rows, standing)
    greet(sync, offers=offer(None))
    monkeypatch.undo()
    assert LocalSyncStore(store).store_snapshot(A) == 1200
    sync.take_page(A, page([], *standing, seq=1200, head=1200))
    assert scope(store, A)[3] == "live"


def test_a_first_download_of_before_a_move_leaves_the_record_where_it_went(store: LocalStore, sync: LocalSyncStore):
    """The file is of the night; in the morning the record moved to the area that this laptop had read already."""
    greet(sync, B)
    sync.take_page(B, page([person("p-1", 1, 2)], ("p-1", 2)))
    raw, offered = snapshot_of([person("p-1", 1), person("p-2", 2)], ("p-1", 1), ("p-2", 1), seq=2)
    greet(sync, offers=offer(offered))
    sync.take_piece(A, 0, raw)
    sync.store_snapshot(A)
    assert store.db.rows("SELECT scope_id, version FROM sync_base WHERE uid = 'p-1'") == [(B, 2)]
    sync.take_page(A, page([gone("p-1", 3, 2)], ("p-2", 1)))
    assert names(store) == {"p-1", "p-2"}
    assert (scope(store, A)[3], scope(store, B)[3]) == ("live", "live")


def test_a_page_of_a_stick_of_before_a_record_came_back_leaves_it_where_it_is(store: LocalStore, sync: LocalSyncStore):
    sync.take_page(A, page([person("p-1", 1)], ("p-1", 1)))
    sync.take_page(B, page([person("p-3", 1)], ("p-3", 1)))
    sync.take_page(A, page([person("p-1", 3, 3)], ("p-1", 3)))
    sync.take_page(B, page([person("p-1", 2, 2)], ("p-3", 1), ("p-1", 2)), by_stick=True)
    assert store.db.rows("SELECT scope_id, version FROM sync_base WHERE uid = 'p-1'") == [(A, 3)]
    sync.take_page(B, page([gone("p-1", 3, 3)], ("p-3", 1)))
    assert (scope(store, A)[3], scope(store, B)[3]) == ("live", "live")


def test_a_page_over_the_line_is_right_though_its_version_is_lower(store: LocalStore, sync: LocalSyncStore):
    """The server was put back to before the move in the middle of the run; the next hello will tell."""
    sync.take_page(B, page([person("p-1", 1, 2)], ("p-1", 2)))
    sync.take_page(A, page([person("p-1", 1)], ("p-1", 1)))
    assert store.db.rows("SELECT scope_id, version FROM sync_base WHERE uid = 'p-1'") == [(A, 1)]
    assert scope(store, A)[3] == "live"


def test_a_first_download_never_takes_the_proof_back(store: LocalStore, sync: LocalSyncStore):
    """Of an area that was taken off the proof stays; granted again, a file that ends before it says nothing of it."""
    sync.take_page(A, page([person("p-1", 9)], ("p-1", 1)))
    greet(sync, B)
    sync.purge_leaving()
    raw, offered = snapshot_of([person("p-1", 1)], ("p-1", 1), seq=2)
    greet(sync, offers=offer(offered))
    sync.take_piece(A, 0, raw)
    sync.store_snapshot(A)
    assert scope(store, A)[:3] == (2, 9, "c9")


def test_a_page_of_a_stick_ends_a_first_download_on_its_way(store: LocalStore, sync: LocalSyncStore):
    raw, offered = snapshot_of([person("p-1", 1)], ("p-1", 1), seq=2)
    greet(sync, offers=offer(offered))
    sync.take_piece(A, 0, raw[:20])
    sync.take_page(A, page([person("p-1", 5, 2)], ("p-1", 2)), by_stick=True)
    greet(sync, offers=offer(offered))
    assert sync.snapshot_wanted(A) is None
    assert scope(store, A)[0] == 5


def test_a_page_of_a_stick_after_half_a_first_download_begins_anew(
    store: LocalStore, sync: LocalSyncStore, monkeypatch: pytest.MonkeyPatch
):
    """Pages from the beginning do not tell who left since: what the file stored and they do not bring is taken off."""
    rows, standing = many(1200)
    store_the_first_part(sync, monkeypatch, rows, standing)
    sync.start_run(allow_removal=True)
    sync.take_page(A, page(rows[1:], *standing[1:], seq=1201, head=1201), by_stick=True)
    assert scope(store, A)[3] == "live"
    assert len(names(store)) == 1199


def test_an_area_that_differed_is_looked_at_again_when_it_is_granted_again(store: LocalStore, sync: LocalSyncStore):
    sync.take_page(A, page([person("p-1", 1)], ("p-2", 1)))
    assert scope(store, A)[3] == "differs"
    greet(sync, B)
    greet(sync, A, B)
    assert sync.behind({A: 1, B: 0}) == [A, B]
    sync.take_page(A, page([], ("p-2", 1), seq=1, head=1))
    assert scope(store, A)[3] == "differs"


def test_a_damaged_first_download_is_dropped_and_read_page_by_page(store: LocalStore, sync: LocalSyncStore):
    rows, standing = many(20)
    raw, offered = snapshot_of(rows, *standing, seq=20)
    greet(sync, offers=offer(offered))
    sync.take_piece(A, 0, raw[:-1] + b"?")
    assert sync.store_snapshot(A) == 0
    assert sync.snapshot_wanted(A) is None
    assert scope(store, A)[0] == 0
    assert names(store) == set()


def test_a_broken_laptop_goes_on_under_the_name_that_the_server_gives_it(store: LocalStore, sync: LocalSyncStore):
    store.commit(Commit(changes=[make_change_record("c-1", "p-1", RecordKind.PERSON, sets={"phone": (None, "1")})]))
    store.db.execute_sql("UPDATE outbox SET state = 'acked', status = 'applied'")
    greet(sync, A, B, standing="broken", device="d-2", device_code="L99", token="secret-2")
    assert (sync.meta("device_id"), sync.meta("token"), store.setting("device_code")) == ("d-2", "secret-2", "L99")
    assert sync.to_verify(9) == Have(ids=["c-1"])
    sync.take_verified(Have(ids=["c-1"]), HaveAnswer(st={"c-1": None}))
    assert sync.waiting() == 1
    assert sync.to_verify(9) is None


@pytest.mark.parametrize(
    ("state", "status", "known", "waits"),
    [
        ("acked", "applied", ("applied", 2), 0),
        ("acked", "applied", ("held", 0), 1),
        ("held", "held", None, 1),
        ("held", "held", ("held", 0), 0),
        ("held", "held", ("rejected", 0), 1),
        ("attention", "rejected", None, 1),
        ("attention", "rejected", ("rejected", 0), 0),
        ("attention", "rejected", ("applied", 2), 1),
        ("attention", "rejected", ("held", 0), 1),
        ("attention", "quarantined", ("quarantined", 0), 0),
        ("attention", "quarantined", ("rejected", 0), 1),
        ("attention", "quarantined", ("failed", 0), 0),
        ("acked", "applied", ("failed", 0), 1),
    ],
)
def test_what_the_server_remembers_otherwise_than_we_do_waits_again(
    store: LocalStore, sync: LocalSyncStore, state: str, status: str, known: tuple[str, int] | None, waits: int
):
    """A stick, or a copy of this laptop, may have brought it to the server that was put back, and got the answer."""
    store.commit(Commit(changes=[make_change_record("c-1", "p-1", RecordKind.PERSON, sets={"phone": (None, "1")})]))
    store.db.execute_sql("UPDATE outbox SET state = ?, status = ?", (state, status))
    greet(sync, A, B, rollback=True)
    assert sync.to_verify(9) == Have(ids=["c-1"])
    sync.take_verified(Have(ids=["c-1"]), HaveAnswer(st={"c-1": known}))
    assert sync.waiting() == waits


def test_what_lost_when_a_copy_of_this_laptop_brought_it_back_is_not_shown_any_more(
    store: LocalStore, sync: LocalSyncStore
):
    """It was to make version 3. After the restore it came behind a colleague's edit, and lies beside the record."""
    sync.take_page(A, page([person("p-1", 1)], ("p-1", 1)))
    edit_phone(store, "p-1", "+6281200000001")
    store.db.execute_sql("UPDATE outbox SET state = 'acked', status = 'applied', result_version = 3")
    sync.take_page(A, page([person("p-1", 2, 2)], ("p-1", 2)))
    assert phone_of(store, "p-1") == "+6281200000001"
    sync.take_verified(Have(ids=["c-p-1"]), HaveAnswer(st={"c-p-1": ("conflict", 2)}))
    assert phone_of(store, "p-1") != "+6281200000001"
    assert store.db.value("SELECT status FROM outbox") == "conflict"


def test_what_is_taken_after_its_correction_does_not_show_what_was_corrected(store: LocalStore, sync: LocalSyncStore):
    """The first of two edits waited on the server; only what the second did not change goes in."""
    sync.take_page(A, page([person("p-1", 1)], ("p-1", 1)))
    for name, sets in (("first", {"phone": (None, "1"), "address": (None, "RT 2")}), ("second", {"phone": ("1", "2")})):
        change = make_change_record(name, "p-1", RecordKind.PERSON, sets=sets, base_version=1, create=False)
        store.commit(Commit(changes=[change]))
    batch = sync.next_batch(9, 99_999)
    receipt = WireReceipt(id="r-1", sha256=batch[0].sha256, at="2026-12-01T00:00:00.000Z")
    for name, status, version in (("first", "held", 0), ("second", "applied", 2), ("first", "merged", 3)):
        result = ChangeResult(id=name, status=status, version=version, receipt=receipt)
        sync.take_results([one for one in batch if one.id == name], [result], "t-2")
        if name == "second":
            sync.take_page(A, page([person("p-1", 2, 2, phone="2")], ("p-1", 2)))
    assert phone_of(store, "p-1") == "2"
    assert store.records.get("p-1").extra["address"] == "RT 2"


def delete(store: LocalStore, uid: str, base: int) -> None:
    change = make_change_record(
        f"c-{uid}", uid, RecordKind.PERSON, sets={"deleted": (None, True)}, base_version=base, create=False
    )
    store.commit(Commit(changes=[change]))


def test_what_was_refused_and_is_sent_again_after_a_restore_counts_on_the_first_version_only(
    store: LocalStore, sync: LocalSyncStore
):
    """Else a deletion that was refused then would take away what others wrote since under the same number."""
    sync.take_page(A, page([person("p-1", 1, 7)], ("p-1", 7)))
    delete(store, "p-1", base=7)
    store.db.execute_sql("UPDATE outbox SET state = 'attention', status = 'rejected'")
    greet(sync, A, B, rollback=True)
    sync.take_verified(Have(ids=["c-p-1"]), HaveAnswer(st={"c-p-1": None}))
    assert [(one.base_version, one.again) for one in sync.next_batch(9, 99_999)] == [(1, False)]


@pytest.mark.parametrize("has_heard", [False, True])
@pytest.mark.parametrize("status", ["quarantined", "held"])
def test_what_was_set_aside_and_asked_for_again_tells_after_a_restore_that_the_server_had_kept_it(
    store: LocalStore, sync: LocalSyncStore, status: str, *, has_heard: bool
):
    """Else the server that forgot it may refuse it for good, for want of a right that nobody remembers either."""
    sync.take_page(A, page([person("p-1", 1, 7)], ("p-1", 7)))
    edit_phone(store, "p-1", "+6281200000001")
    batch = sync.next_batch(9, 99_999)
    receipt = WireReceipt(id="r-1", sha256=batch[0].sha256, at="2026-12-01T00:00:00.000Z")
    sync.take_results(batch, [ChangeResult(id="c-p-1", status=status, receipt=receipt)], "t-2")
    if has_heard:
        greet(sync, A, B, rollback=True)
    store.queue.ask_again(["c-p-1"])
    if not has_heard:
        greet(sync, A, B, rollback=True)
    if sync.to_verify(9) is not None:
        sync.take_verified(Have(ids=["c-p-1"]), HaveAnswer(st={"c-p-1": None}))
    assert [one.again for one in sync.next_batch(9, 99_999)] == [True]


def test_what_is_written_before_its_record_was_downloaded_anew_counts_on_the_first_version_only(
    store: LocalStore, sync: LocalSyncStore
):
    """The line went down after the hello that told of the restore: the page here is one of the life before."""
    sync.take_page(A, page([person("p-1", 1, 7), person("p-2", 2, 7)], ("p-1", 7), ("p-2", 7)))
    greet(sync, A, B, rollback=True)
    sync.take_page(A, page([person("p-2", 2, 5)], ("p-2", 5), head=9, more=True))
    delete(store, "p-1", base=7)
    delete(store, "p-2", base=5)
    assert [one.base_version for one in sync.next_batch(9, 99_999)] == [1, 5]


def test_what_is_written_about_a_record_that_a_server_put_back_lost_counts_on_the_first_version_only(
    store: LocalStore, sync: LocalSyncStore
):
    """It stays as long as an edit of it waits; once its author brings it back, the number may be others' work."""
    sync.take_page(A, page([person("p-1", 1, 7)], ("p-1", 7)))
    edit_phone(store, "p-1", "+6281200000001")
    store.db.execute_sql("UPDATE outbox SET change_id = 'c-0'")
    greet(sync, A, B, rollback=True)
    sync.take_page(A, page([], head=0))
    assert store.records.get("p-1").version == 7
    delete(store, "p-1", base=7)
    assert [one.base_version for one in sync.next_batch(9, 99_999)] == [1, 1]


def test_what_a_server_that_was_put_back_accepts_is_shown_until_it_is_downloaded(
    store: LocalStore, sync: LocalSyncStore
):
    """The version that it makes there is a lower number than the one downloaded in the life before."""
    sync.take_page(A, page([person("p-1", 1, 7)], ("p-1", 7)))
    greet(sync, A, B, rollback=True)
    edit_phone(store, "p-1", "+6281200000001")
    batch = sync.next_batch(9, 99_999)
    receipt = WireReceipt(id="r-1", sha256=batch[0].sha256, at="2026-12-01T00:00:00.000Z")
    sync.take_results(batch, [ChangeResult(id="c-p-1", status="applied", version=4, receipt=receipt)], "t-2")
    assert phone_of(store, "p-1") == "+6281200000001"
    sync.take_page(A, page([person("p-1", 1, 4, phone="+6281200000001")], ("p-1", 4)))
    assert (phone_of(store, "p-1"), store.queue.pending_sets("p-1")) == ("+6281200000001", [])


def test_what_a_copy_of_this_laptop_brought_back_is_shown_until_it_is_downloaded(
    store: LocalStore, sync: LocalSyncStore
):
    """It made version 8, which was not downloaded here before the restore; now it makes version 4."""
    sync.take_page(A, page([person("p-1", 1, 7)], ("p-1", 7)))
    edit_phone(store, "p-1", "+6281200000001")
    store.db.execute_sql("UPDATE outbox SET state = 'acked', status = 'applied', result_version = 8")
    greet(sync, A, B, rollback=True)
    sync.take_verified(Have(ids=["c-p-1"]), HaveAnswer(st={"c-p-1": ("applied", 4)}))
    assert phone_of(store, "p-1") == "+6281200000001"


def test_what_was_downloaded_in_the_life_before_is_not_put_over_what_others_wrote_then(
    store: LocalStore, sync: LocalSyncStore
):
    sync.take_page(A, page([person("p-1", 1, 1)], ("p-1", 1)))
    edit_phone(store, "p-1", "+6281200000001")
    store.db.execute_sql("UPDATE outbox SET state = 'acked', status = 'applied', result_version = 6")
    sync.take_page(A, page([person("p-1", 2, 7, phone="+6281200000002")], ("p-1", 7)))
    greet(sync, A, B, rollback=True)
    sync.take_verified(Have(ids=["c-p-1"]), HaveAnswer(st={"c-p-1": ("applied", 4)}))
    assert phone_of(store, "p-1") == "+6281200000002"


@pytest.mark.parametrize("missing", [[], ["b"], ["a", "b"]])
def test_photos_that_a_server_put_back_lost_wait_again_whoever_took_them(
    store: LocalStore, sync: LocalSyncStore, missing: list[str]
):
    for name, state in (("a", "stored"), ("b", "stored"), ("elsewhere", "remote"), ("refused", "refused")):
        store.db.put_row("blob", {"sha256": name, "size": 9, "mime": "image/jpeg", "state": state}, "sha256")
    before = dict(store.db.rows("SELECT sha256, state FROM blob"))
    greet(sync, A, B, rollback=True)
    for name in ("a", "b"):
        asked = sync.to_verify(1)
        assert asked == Have(ids=[], photos=[name])
        sync.take_verified(asked, HaveAnswer(st={}, missing=[name] if name in missing else []))
    assert sync.to_verify(1) is None
    assert dict(store.db.rows("SELECT sha256, state FROM blob")) == before | dict.fromkeys(missing, "local")


def test_a_photo_that_the_server_lost_stays_on_its_way_when_another_record_leaves(
    store: LocalStore, sync: LocalSyncStore
):
    """Its own record left before; what was never sent goes with the last that showed it."""
    shown = {"sha256": "a", "size": 9, "mime": "image/jpeg"}
    store.commit(Commit(changes=[make_change_record("c-1", "v-1", sets={"attachments": (None, [shown])})]))
    store.db.execute_sql("UPDATE outbox SET state = 'acked'")
    store.blobs.link("v-2", [shown, {**shown, "sha256": "b"}])
    store.blobs.unlink("v-2")
    assert store.db.rows("SELECT sha256 FROM blob") == [("a",)]
    assert sync.photos.next_upload([]).uid == "v-1"
    assert sync.photos.next_upload(["a"]) is None


def test_changes_are_forgotten_by_age_alone_and_only_with_a_receipt(store: LocalStore, sync: LocalSyncStore):
    for name in ("old", "young", "unproven", "waiting"):
        store.commit(Commit(changes=[make_change_record(name, name, RecordKind.PERSON, sets={"phone": (None, "1")})]))
    store.db.execute_sql("UPDATE outbox SET state = 'acked', receipt_id = 'r', receipt_at = '2024-10-01T00:00:00.000Z'")
    store.db.execute_sql("UPDATE outbox SET receipt_at = '2025-01-01T00:00:00.000Z' WHERE change_id = 'young'")
    store.db.execute_sql("UPDATE outbox SET receipt_id = '' WHERE change_id = 'unproven'")
    store.db.execute_sql("UPDATE outbox SET state = 'held' WHERE change_id = 'waiting'")
    sync.forget_old()  # the server's clock says 24 November 2025
    assert {name for (name,) in store.db.rows("SELECT change_id FROM outbox")} == {"young", "unproven", "waiting"}


def accepted(store: LocalStore, uid: str, state: str = "acked") -> None:
    """A record made here, taken by the server, never downloaded."""
    change = make_change_record(f"new-{uid}", uid, RecordKind.PERSON, sets={"full_name": (None, "Baru")})
    store.commit(Commit(changes=[change]))
    with store.transaction():
        rebuild_record(store, uid)
    store.db.execute_sql("UPDATE outbox SET state = ?, result_version = 1 WHERE uid = ?", (state, uid))


def test_a_record_of_ours_that_moved_away_before_it_was_downloaded_leaves(store: LocalStore, sync: LocalSyncStore):
    accepted(store, "p-1")
    accepted(store, "p-2", "held")
    sync.take_page(A, page([gone("p-1", 1, 2), gone("p-2", 2, 2)]))
    assert names(store) == {"p-2"}
    assert scope(store, A)[3] == "live"
    store.db.execute_sql("UPDATE outbox SET state = 'acked'")
    sync.purge_leaving()
    assert names(store) == set()


def test_a_whole_download_ends_what_was_accepted_but_is_not_there(store: LocalStore, sync: LocalSyncStore):
    accepted(store, "p-1")
    sync.take_page(A, page([person("p-2", 1)], ("p-2", 1)))
    assert names(store) == {"p-1", "p-2"}, "an ordinary page says nothing about it"
    greet(sync, A, B, rollback=True)
    sync.take_page(A, page([person("p-2", 1)], ("p-2", 1)))
    assert names(store) == {"p-2"}


def test_work_that_the_server_lost_is_shown_again_though_its_record_had_left(store: LocalStore, sync: LocalSyncStore):
    sync.take_page(A, page([person("p-1", 1)], ("p-1", 1)))
    edit_phone(store, "p-1", "+6281200000001")
    store.db.execute_sql("UPDATE outbox SET state = 'acked', status = 'applied', result_version = 2")
    sync.take_page(A, page([gone("p-1", 2, 2)]))
    assert phone_of(store, "p-1") == "gone"
    greet(sync, A, B, rollback=True)
    sync.take_verified(Have(ids=["c-p-1"]), HaveAnswer(st={"c-p-1": None}))
    assert phone_of(store, "p-1") == "+6281200000001"
    sync.take_page(A, page([person("p-1", 1)], ("p-1", 1)))
    assert phone_of(store, "p-1") == "+6281200000001"
    assert scope(store, A)[3] == "live"


def test_a_change_tells_where_its_record_was_seen_where_that_is_another_place(store: LocalStore, sync: LocalSyncStore):
    sync.take_page(A, page([person("p-1", 1)], ("p-1", 1)))
    sync.take_page(B, page([person("p-2", 1)], ("p-2", 1)))
    for uid in ("p-1", "p-2", "p-3"):
        edit_phone(store, uid, "+6281200000001")
    sent = sync.next_batch(9, 10_000)
    assert [change.scope for change in sent] == [A, A, A]
    assert [change.seen_in for change in sent] == ["", B, ""]
    assert [to_wire(change).seen_in for change in sent] == [UNSET, B, UNSET]
    assert [from_wire(to_wire(change)) for change in sent] == sent


@pytest.mark.parametrize(("state", "status"), [("held", "held"), ("attention", "quarantined"), ("attention", "failed")])
def test_what_the_server_kept_without_taking_it_in_is_sent_as_such_again(
    store: LocalStore, sync: LocalSyncStore, state: str, status: str
):
    edit_phone(store, "p-1", "+6281200000001")
    store.db.execute_sql("UPDATE outbox SET state = ?, status = ?", (state, status))
    sync.take_verified(Have(ids=["c-p-1"]), HaveAnswer(st={"c-p-1": None}))
    assert [change.again for change in sync.next_batch(9, 10_000)] == [True]


def test_only_what_was_accepted_once_is_sent_as_such_again(store: LocalStore, sync: LocalSyncStore):
    edit_phone(store, "p-1", "+6281200000001")
    edit_phone(store, "p-2", "+6281200000002")
    assert [change.again for change in sync.next_batch(9, 10_000)] == [False, False]
    store.db.execute_sql("UPDATE outbox SET state = 'acked', status = 'applied' WHERE uid = 'p-1'")
    store.db.execute_sql("UPDATE outbox SET state = 'attention', status = 'rejected' WHERE uid = 'p-2'")
    for _restored in range(2):
        sync.take_verified(Have(ids=["c-p-1", "c-p-2"]), HaveAnswer(st={"c-p-1": None, "c-p-2": None}))
        sent = sync.next_batch(9, 10_000)
        assert [(change.id, change.again) for change in sent] == [("c-p-1", True), ("c-p-2", False)]
        assert [to_wire(change).again for change in sent] == [True, UNSET]
        assert [from_wire(to_wire(change)) for change in sent] == sent
        store.db.execute_sql("UPDATE outbox SET state = 'attention', status = 'rejected'")


def test_a_fact_that_the_server_lost_is_shown_again_though_it_had_left(store: LocalStore, sync: LocalSyncStore):
    fact = make_fact_record("v-1")
    sets = {name: (None, value) for name, value in fact_body(fact).items()}
    store.commit(Commit(facts=[fact], changes=[make_change_record("c-1", "v-1", sets=sets, sha256=fact.sha256)]))
    store.db.execute_sql("UPDATE outbox SET state = 'acked', status = 'applied', result_version = 1")
    greet(sync, B)
    sync.purge_leaving()
    assert store.facts.get("v-1") is None
    greet(sync, B, standing="broken", device="d-2")
    sync.take_verified(Have(ids=["c-1"]), HaveAnswer(st={"c-1": None}))
    found = store.facts.get("v-1")
    assert found is not None
    assert (found.answers, found.sha256) == (fact.answers, fact.sha256)
    store.db.execute_sql("UPDATE outbox SET state = 'acked'")
    sync.purge_leaving()
    assert store.facts.get("v-1") is None


def test_run_after_run_takes_off_no_more_than_one_run_may(store: LocalStore, sync: LocalSyncStore):
    """What stops a run must not go on piece by piece with every automatic run after it."""
    rows, standing = many(100)
    sync.take_page(A, page(rows, *standing))
    exits = [gone(f"p-{n}", 200 + n, 2) for n in range(100)]
    for _run in range(4):
        again = LocalSyncStore(store)
        again.start_run()
        with pytest.raises(KubeFieldError, match="menghapus"):
            take_all(store, again, exits)
        assert len(names(store)) == 70
    agreed = LocalSyncStore(store)
    agreed.start_run(allow_removal=True)
    take_all(store, agreed, exits)
    assert names(store) == set()
    later = LocalSyncStore(store)
    later.start_run()
    assert later.meta("removal_asked") == ""


def take_all(store: LocalStore, run: LocalSyncStore, exits: list[Row]) -> None:
    """Pages of 30 rows from where the laptop stands."""
    left = [row for row in exits if row.seq > scope(store, A)[0]]
    for at in range(0, len(left), 30):
        part = left[at : at + 30]
        run.take_page(A, page(part, head=299, more=part[-1].seq < 299))


def test_words_of_records_that_left_are_not_left_in_the_search_index(store: LocalStore, sync: LocalSyncStore):
    rows, standing = many(40)
    sync.take_page(A, page(rows, *standing))
    before = sum(len(block) for (block,) in store.db.rows("SELECT block FROM search_words_data"))
    greet(sync, B)
    sync.purge_leaving()
    assert names(store) == set()
    after = sum(len(block) for (block,) in store.db.rows("SELECT block FROM search_words_data"))
    assert after < before / 10
    assert store.db.value("PRAGMA secure_delete") == 1


def test_in_another_life_of_the_server_everything_is_asked_for_once_more(sync: LocalSyncStore):
    """Token and feed may fit: what came by photo or stick leaves no trace in them."""
    greet(sync, A, B)
    assert sync.meta("verify_after") == ""
    greet(sync, A, B, epoch="e-2")
    assert sync.meta("verify_after") == "0"
