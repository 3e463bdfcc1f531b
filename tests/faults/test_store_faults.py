"""Killing, filling the disk, looking at the files: what was acknowledged is there, and nothing is ever half."""

from __future__ import annotations

import os
import random
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kube_field.domain.commit import Commit
from kube_field.errors import Failure, KubeFieldError
from kube_field.storage.lock import lock_folder
from kube_field.storage.photos import PhotoStore
from kube_field.storage.store import LocalStore
from tests.support.make_picture import make_picture
from tests.support.make_store import (
    DATABASE_NAME,
    journal_of,
    make_draft_record,
    make_fact_record,
    make_person_record,
    open_test_store,
)

ROOT = Path(__file__).parents[2]
NIK = "6402124806689901"
NAME = "Siti Melatiwangi"
posix_only = pytest.mark.skipif(os.name == "nt", reason="POSIX signals, limits and modes")


def start_child(folder: Path, mode: str, prefix: list[str] | None = None) -> subprocess.Popen[bytes]:
    command = [*(prefix or []), sys.executable, "-m", "tests.support.store_child", str(folder), *mode.split()]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def killed_after(folder: Path, mode: str, seconds: float) -> list[str]:
    """Ids that the child printed before it was killed, counted from its first one."""
    with start_child(folder, mode) as child:
        assert child.stdout is not None
        first = child.stdout.readline()
        time.sleep(seconds)
        child.kill()
        rest = child.stdout.read()
    lines = (first + rest).decode().split("\n")
    return [line for line in lines[:-1] if line]


def assert_sound(store: LocalStore) -> None:
    assert store.db.rows("PRAGMA quick_check") == [("ok",)]
    assert store.audit_log.first_break() is None


def count(store: LocalStore, table: str) -> int:
    return int(store.db.value(f"SELECT count(*) FROM {table}"))


def kill_while_putting(folder: Path, rounds: int) -> int:
    """Checks after every kill; how many people were acknowledged in all."""
    chance = random.Random(7)
    acknowledged: set[str] = set()
    for _round in range(rounds):
        acknowledged |= set(killed_after(folder, "put", chance.uniform(0.05, 0.35)))
        store = open_test_store(folder)
        stored = {uid for (uid,) in store.db.rows("SELECT uid FROM person")}
        assert acknowledged <= stored
        assert {uid for (uid,) in store.db.rows("SELECT uid FROM outbox")} == stored
        assert {uid for (uid,) in store.db.rows("SELECT uid FROM search_entry")} == stored
        assert store.audit_log.head()[0] == len(stored)
        assert_sound(store)
        store.close()
    return len(acknowledged)


def kill_and_lose(folder: Path, rounds: int) -> int:
    """Kills a program, then its database is gone; how many people were acknowledged and came back in all."""
    chance = random.Random(8)
    acknowledged: set[str] = set()
    for _round in range(rounds):
        acknowledged |= set(killed_after(folder, "put jurnal", chance.uniform(0.05, 0.35)))
        for file in folder.glob(f"{DATABASE_NAME}*"):
            file.unlink()
        store = open_test_store(folder, journal=journal_of(folder))
        assert acknowledged <= {uid for (uid,) in store.db.rows("SELECT uid FROM outbox")}
        assert acknowledged <= {uid for (uid,) in store.db.rows("SELECT uid FROM person")}
        assert_sound(store)
        store.close()
    return len(acknowledged)


def test_a_killed_program_whose_database_is_lost_has_every_person_that_it_acknowledged(tmp_path: Path) -> None:
    assert kill_and_lose(tmp_path, 3) > 3


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_hundred_kills_and_lost_databases_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    assert kill_and_lose(tmp_path, 100) > 100


def test_a_killed_program_has_every_person_that_it_acknowledged(tmp_path: Path) -> None:
    assert kill_while_putting(tmp_path, 6) > 6


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_two_hundred_kills_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    assert kill_while_putting(tmp_path, 200) > 200


def test_a_kill_while_finalising_leaves_a_draft_or_a_document_never_half_of_one(tmp_path: Path) -> None:
    chance = random.Random(11)
    acknowledged: set[str] = set()
    for _round in range(5):
        acknowledged |= set(killed_after(tmp_path, "finalise", chance.uniform(0.02, 0.2)))
        store = open_test_store(tmp_path)
        finals = {uid for (uid,) in store.db.rows("SELECT uid FROM fact")}
        drafts = {draft.record_uid for draft in store.drafts.listed()}
        assert acknowledged <= finals
        assert not finals & drafts
        assert {uid for (uid,) in store.db.rows("SELECT uid FROM outbox")} == finals
        assert store.next_number("KUNJ", 2026) == len(finals) + 1
        assert_sound(store)
        store.close()


def test_a_killed_program_has_every_draft_that_it_saved(tmp_path: Path) -> None:
    saved = killed_after(tmp_path, "draft", 0.3)
    store = open_test_store(tmp_path)
    assert set(saved) <= {draft.uid for draft in store.drafts.listed()}
    assert_sound(store)
    store.close()


@posix_only
def test_a_file_that_may_not_grow_is_a_full_disk_and_all_that_was_acknowledged_stays(tmp_path: Path) -> None:
    open_test_store(tmp_path).close()
    limited = ["sh", "-c", 'ulimit -f 2048; exec "$@"', "sh"]  # blocks of 512 bytes or 1 KiB: 1 or 2 MiB
    with start_child(tmp_path, "put", limited) as child:
        out, err = child.communicate(timeout=60)
    acknowledged = set(out.decode().split())
    assert child.returncode == Failure.DISK_FULL
    assert "belum tersimpan" in err.decode()
    assert "Traceback" not in err.decode()
    store = open_test_store(tmp_path)
    assert acknowledged
    assert acknowledged <= {uid for (uid,) in store.db.rows("SELECT uid FROM person")}
    assert count(store, "person") == count(store, "outbox") == store.audit_log.head()[0]
    assert_sound(store)
    store.commit(Commit(records=[make_person_record("later", "Sari")]))
    store.close()


def test_no_file_of_the_data_folder_shows_what_was_typed(tmp_path: Path) -> None:
    store = open_test_store(tmp_path)
    store.commit(Commit(records=[make_person_record("p-1", NAME, nik=NIK)]))
    store.save_draft(make_draft_record("d-1", answers={"full_name": NAME, "nik": NIK}))
    store.commit(Commit(facts=[make_fact_record("v-1", snapshot={"owner_name": NAME})]))
    PhotoStore(tmp_path / "foto", bytes(32), free_bytes=lambda: 1 << 40).add(make_picture(200, 200))
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name.endswith("-wal") for path in files)
    store.db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    for path in files:
        assert_unreadable(path.read_bytes())
    store.close()
    for path in files:
        if path.exists():
            assert_unreadable(path.read_bytes())


def assert_unreadable(content: bytes) -> None:
    for plain in (NIK, NAME, "Melatiwangi", "melatiwangi"):
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            assert plain.encode(encoding) not in content
        assert plain.encode().hex().encode() not in content
    assert not content.startswith(b"SQLite format 3")
    assert b"JFIF" not in content


@posix_only
def test_files_are_for_their_owner_only(tmp_path: Path) -> None:
    previous = os.umask(0o022)
    try:
        store = open_test_store(tmp_path)
        store.commit(Commit(records=[make_person_record("p-1", NAME)]))
        PhotoStore(tmp_path / "foto", bytes(32), free_bytes=lambda: 1 << 40).add(make_picture(200, 200))
        lock = lock_folder(tmp_path)
        for path in tmp_path.rglob("*"):
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path.name
        lock.release()
        store.close()
    finally:
        os.umask(previous)


def test_a_second_start_is_told_and_a_killed_one_leaves_no_lock(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from kube_field.storage.lock import lock_folder;"
        "lock = lock_folder(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"held"
        began = time.monotonic()
        with pytest.raises(KubeFieldError) as refused:
            lock_folder(tmp_path)
        assert refused.value.failure == Failure.ALREADY_RUNNING
        assert time.monotonic() - began < 2
        holder.kill()
    lock_folder(tmp_path).release()
    lock = lock_folder(tmp_path)
    with pytest.raises(KubeFieldError):
        lock_folder(tmp_path)
    lock.release()
