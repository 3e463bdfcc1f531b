"""Scopes as files: one whole state, durable under its name, offered to empty laptops, never beyond the grant."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import threading
import time

import pytest

from kube_field.domain.records import RecordKind, Role
from kube_field.server import snapshots
from kube_field.server.endpoint import Call
from kube_field.server.keeper import Keeper, kept
from kube_field.server.lineage import WITNESS_FILE
from kube_field.server.routes.hello import hello
from kube_field.server.routes.snapshots import PIECE_BYTES, get_snapshot
from kube_field.server.snapshots import FOLDER, LONGEST_WRITING, Made, known, make_snapshot, make_snapshots
from kube_field.server.storage.accounts import Accounts
from kube_field.wire import chain
from kube_field.wire.codec import digest_header
from kube_field.wire.messages import Hello, ScopeState, SnapshotOffer
from kube_field.wire.refusals import Refusal, RefusalCode
from kube_field.wire.server_words import user_scope
from kube_field.wire.snapshot import SnapshotReader
from tests.contracts.desk import KECAMATAN, Desk
from tests.support.wire_changes import make_edit, make_household

HOMES = [f"home-{number}" for number in range(10)]


@pytest.fixture
def full(desk: Desk) -> Desk:
    assert set(desk.statuses(*(make_household(uid) for uid in HOMES))) == {"applied"}
    return desk


def content(desk: Desk, made: Made) -> tuple[bytes, SnapshotReader, list]:
    raw = snapshots.file_of(desk.house, made).read_bytes()
    reader = SnapshotReader(io.BytesIO(raw))
    return raw, reader, list(reader)


def get(desk: Desk, scope: str, seq: object, wanted: str = "", name: str = "Rina"):
    call = desk.call(None, name)
    path, headers = {"scope": scope, "seq": str(seq)}, {"range": wanted} if wanted else {}
    with desk.house.database.read():
        return get_snapshot(Call(call.house, None, path, call.address, call.at, call.who, headers=headers))


def offer(desk: Desk, state: ScopeState | None = None, name: str = "Rina") -> SnapshotOffer | None:
    scopes = {} if state is None else {KECAMATAN: state}
    desk.steps += 1
    body = Hello(device=name, continuity=desk.tokens.get(name), step=str(desk.steps), scopes=scopes)
    with desk.house.database.write():
        answer = hello(desk.call(body, name))
    desk.tokens[name] = answer.continuity
    return next((one.snapshot for one in answer.scopes if one.id == KECAMATAN), None)


def refusal_of(work) -> RefusalCode:
    with pytest.raises(Refusal) as caught:
        work()
    return caught.value.code


def test_a_file_holds_one_whole_state_and_its_proofs(full: Desk):
    made = make_snapshot(full.house, KECAMATAN)
    raw, reader, rows = content(full, made)
    page = full.pull()
    assert rows == page.rows
    assert (made.sha256, made.bytes, made.rows) == (hashlib.sha256(raw).hexdigest(), len(raw), 10)
    assert reader.end is not None
    assert (reader.end.seq, reader.end.chain, reader.end.sum) == (page.head, page.chain, page.sum)
    total = 0
    for row in rows:
        total = chain.replaced(total, row.uid, 0, row.v)
    assert str(total) == page.sum


def test_what_left_is_not_in_the_file(full: Desk):
    with full.house.database.write():
        full.house.database.run(f"UPDATE scope_index SET state = 'exit' WHERE uid = '{HOMES[4]}'")
    _raw, _reader, rows = content(full, make_snapshot(full.house, KECAMATAN))
    assert {row.uid for row in rows} == {*HOMES} - {HOMES[4]}


def test_many_pages_come_into_one_file(full: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("kube_field.server.storage.reading.PAGE_ROWS", 3)
    _raw, _reader, rows = content(full, make_snapshot(full.house, KECAMATAN))
    assert [row.uid for row in rows] == HOMES


def test_only_a_laptop_that_has_nothing_of_a_scope_is_offered_its_file(full: Desk):
    assert offer(full) is None
    made = make_snapshot(full.house, KECAMATAN)
    assert offer(full) == made.offer
    assert offer(full, ScopeState()) == made.offer
    assert offer(full, ScopeState(seq=1, head=10, chain=full.pull().chain)) is None


def test_a_file_of_a_state_that_the_server_lost_is_not_offered(full: Desk):
    made = make_snapshot(full.house, KECAMATAN)
    with full.house.database.write():
        full.house.database.run("UPDATE feed SET chain = 'another' WHERE seq = 10")
    assert offer(full) is None
    assert refusal_of(lambda: get(full, KECAMATAN, made.seq)) == RefusalCode.NO_SUCH_ADDRESS
    assert [one.seq for one in make_snapshots(full.house, only=KECAMATAN, least_rows=1)] == [10]


def test_a_file_without_its_memory_counts_for_nothing(full: Desk):
    make_snapshot(full.house, KECAMATAN)
    for memory in (full.house.data_dir / FOLDER).glob("*.json"):
        memory.write_bytes(b"{")
    assert offer(full) is None


def test_two_files_are_kept_and_no_half_one(full: Desk):
    for number in range(4):
        full.push(make_household(f"more-{number}"))
        make_snapshot(full.house, KECAMATAN)
    assert [made.seq for made in known(full.house, KECAMATAN)] == [14, 13]
    names = sorted(path.name for path in (full.house.data_dir / FOLDER).iterdir())
    assert names == [f"{KECAMATAN}-{seq}{end}" for seq in (13, 14) for end in (".json", ".jsonl.zst")]


def test_a_file_that_cannot_be_read_is_made_anew(full: Desk, monkeypatch: pytest.MonkeyPatch):
    """A bad sector under it: its size is told, its bytes are not. No new laptop may stop there for ever."""
    made = make_snapshot(full.house, KECAMATAN)

    def bad_sector(*_asked: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr("kube_field.server.routes.snapshots._piece", bad_sector)
        assert refusal_of(lambda: get(full, KECAMATAN, made.seq, "bytes=0-99")) == RefusalCode.NO_SUCH_ADDRESS
    assert offer(full) is None
    assert [one.seq for one in make_snapshots(full.house, only=KECAMATAN, least_rows=1)] == [made.seq]
    assert get(full, KECAMATAN, made.seq, "bytes=0-99").status_code == 206


def test_what_a_writer_left_that_died_goes_and_that_of_one_that_writes_stays(full: Desk):
    folder = full.house.data_dir / FOLDER
    folder.mkdir()
    left, written = folder / "left.part", folder / "written.part"
    for path in (left, written):
        path.write_bytes(b"half")
    os.utime(left, (time.time() - 2 * LONGEST_WRITING,) * 2)
    make_snapshots(full.house)
    assert (left.exists(), written.exists()) == (False, True)


def test_a_power_cut_leaves_no_file_under_the_name(full: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("os.replace", cut)
    with pytest.raises(OSError, match="power"):
        make_snapshot(full.house, KECAMATAN)
    assert list((full.house.data_dir / FOLDER).iterdir()) == []


def cut(*_paths: object) -> None:
    raise OSError("the power went")


def test_a_file_is_due_when_it_is_missing_or_far_behind_and_at_night_when_anything_changed(
    full: Desk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(snapshots, "MIN_ROWS", 2)
    assert make_snapshots(full.house) == []
    assert [made.seq for made in make_snapshots(full.house, least_rows=1)] == [10]
    assert make_snapshots(full.house, least_rows=1) == []
    full.push(make_household("more-1"))
    assert make_snapshots(full.house, least_rows=1) == []
    assert [made.seq for made in make_snapshots(full.house, least_rows=1, nightly=True)] == [11]
    full.push(*(make_household(f"many-{number}") for number in range(3)))
    assert [made.seq for made in make_snapshots(full.house, least_rows=1)] == [14]


def test_nobodys_own_scope_becomes_a_file(full: Desk):
    with full.house.database.write():
        full.house.database.run(f"UPDATE scope_head SET scope = '{user_scope('user-rina')}'")
    assert make_snapshots(full.house, least_rows=0) == []


def test_the_grant_is_read_at_every_request(full: Desk):
    made = make_snapshot(full.house, KECAMATAN)
    assert get(full, KECAMATAN, made.seq).status_code == 200
    full.add("Budi", Role.PENDAMPING, ("64.72.01",))
    assert refusal_of(lambda: get(full, KECAMATAN, made.seq, name="Budi")) == RefusalCode.SCOPE_NOT_GRANTED
    with full.house.database.write():
        Accounts(full.house.database).grant("user-rina", (), "2026-11-24T00:00:00.000Z")
    assert refusal_of(lambda: get(full, KECAMATAN, made.seq)) == RefusalCode.SCOPE_NOT_GRANTED
    assert offer(full) is None


def test_ranges_give_the_file_piece_by_piece_each_with_its_own_digest(full: Desk):
    made = make_snapshot(full.house, KECAMATAN)
    raw, _reader, _rows = content(full, made)
    collected = b""
    while len(collected) < len(raw):
        answer = get(full, KECAMATAN, made.seq, f"bytes={len(collected)}-{len(collected) + 99}")
        assert answer.status_code == 206
        assert answer.headers["content-digest"] == digest_header(bytes(answer.body))
        assert answer.headers["content-range"].endswith(f"/{len(raw)}")
        assert answer.headers["etag"] == f'"{made.sha256}"'
        collected += bytes(answer.body)
    assert collected == raw
    assert bytes(get(full, KECAMATAN, made.seq, "bytes=5-").body) == raw[5:]
    assert len(raw) < PIECE_BYTES
    assert refusal_of(lambda: get(full, KECAMATAN, made.seq, f"bytes={len(raw)}-")) == RefusalCode.BODY_UNREADABLE


@pytest.mark.parametrize("seq", ["9", "11", "-1", "x", "../../grants", "1" * 30])
def test_another_state_is_no_file(full: Desk, seq: str):
    make_snapshot(full.house, KECAMATAN)
    assert refusal_of(lambda: get(full, KECAMATAN, seq)) == RefusalCode.NO_SUCH_ADDRESS


def test_what_changes_afterwards_is_in_the_pages_that_follow(full: Desk):
    made = make_snapshot(full.house, KECAMATAN)
    moved = {"address": (make_household().set["address"][1], "Jalan Baru")}
    full.push(make_edit(RecordKind.HOUSEHOLD, HOMES[0], moved, base=1))
    page = full.pull(seq=made.seq, head=made.seq, chain=made.chain)
    assert [(row.uid, row.v) for row in page.rows] == [(HOMES[0], 2)]


def test_a_round_writes_the_witness_and_survives_what_goes_wrong(full: Desk):
    (full.house.data_dir / FOLDER).write_bytes(b"no folder can be made here")
    (full.house.data_dir / WITNESS_FILE).unlink()
    full.push(*(make_household(f"many-{number}") for number in range(snapshots.MIN_ROWS)))
    Keeper(full.house).round()
    assert '"heads": 210' in (full.house.data_dir / WITNESS_FILE).read_text(encoding="utf-8")
    assert (full.house.data_dir / FOLDER).is_file()


def test_the_keeper_works_at_start_and_ends_when_asked(full: Desk):
    witness = full.house.data_dir / WITNESS_FILE
    witness.unlink()
    deadline = time.monotonic() + 20
    with kept(full.house):
        while not witness.exists():
            assert time.monotonic() < deadline
            time.sleep(0.01)
    assert "keeper" not in {thread.name for thread in threading.enumerate()}
