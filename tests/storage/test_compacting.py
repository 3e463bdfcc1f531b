"""Room of deleted records goes back to the disk; stopped at any moment, the file stays whole and as it was."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kube_field.storage import compacting
from kube_field.storage.compacting import Compacting
from kube_field.storage.store import LocalStore, open_store
from tests.support.laptop import DATABASE_KEY, REFERENCE, make_laptop
from tests.support.make_records import register_household
from tests.support.wholeness import content_of

ROWS = 4000
GIGABYTE = 1_000_000_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    """A database of which a purge left more than half empty."""
    with make_laptop(tmp_path) as laptop:
        for n in range(1, 4):
            register_household(laptop.session, n)
        with laptop.store.transaction():
            for n in range(ROWS):
                laptop.store.db.insert_row("unknown_record", {"uid": f"u{n}", "kind": "x", "body_json": "y" * 2000})
        with laptop.store.transaction():
            laptop.store.db.execute_sql("DELETE FROM unknown_record")
        yield laptop.store


def size_of(store: LocalStore) -> int:
    store.db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return Path(store.db.database).stat().st_size


def assert_sound(store: LocalStore, before: dict[str, list[tuple[object, ...]]]) -> None:
    assert content_of(store.db) == before
    assert store.db.rows("PRAGMA integrity_check") == [("ok",)]
    assert store.db.rows("PRAGMA cipher_integrity_check") == []
    assert store.audit_log.first_break() is None


def test_a_purged_database_becomes_small_and_says_the_same(store: LocalStore):
    before, size = content_of(store.db), size_of(store)
    assert Compacting(store).run()
    assert size_of(store) < size / 3
    assert_sound(store, before)
    assert store.search_index is not None
    assert not Compacting(store).run(), "there is nothing more to win"


def test_a_little_room_is_not_worth_it(tmp_path: Path):
    with make_laptop(tmp_path) as laptop:
        register_household(laptop.session)
        assert not Compacting(laptop.store).run()


def test_without_room_on_the_disk_nothing_is_begun(store: LocalStore):
    size = size_of(store)
    tight = open_store(
        Path(store.db.database), DATABASE_KEY, reference=REFERENCE, free_bytes=lambda: compacting.ROOM * size
    )
    try:
        assert not Compacting(tight).run()
    finally:
        tight.close()
    assert size_of(store) == size


def test_memory_for_the_copy_is_limited(store: LocalStore, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(compacting, "MOST_BYTES", 1000)
    assert not Compacting(store).run()


@pytest.mark.parametrize("milliseconds", [0, 1, 3, 6, 10, 15, 25, 40, 80])
def test_stopped_at_any_moment_it_is_done_or_nothing_happened(store: LocalStore, milliseconds: int):
    before = content_of(store.db)
    work = Compacting(store)

    def stop() -> None:
        time.sleep(milliseconds / 1000)
        work.stop()

    stopping = threading.Thread(target=stop)
    stopping.start()
    work.run()
    stopping.join()
    assert_sound(store, before)
    with store.transaction():
        store.put_setting("after", "yes")
    assert store.setting("after") == "yes", "the next save is not held up"


def test_what_was_stopped_before_it_began_does_nothing(store: LocalStore):
    work, size = Compacting(store), size_of(store)
    work.stop()
    assert not work.run()
    assert size_of(store) == size


def test_while_another_connection_reads_it_is_left_for_later(store: LocalStore):
    reading = threading.Event()
    go_on = threading.Event()

    def read() -> None:
        store.db.execute_sql("BEGIN")
        store.db.rows("SELECT count(*) FROM household")
        reading.set()
        go_on.wait(30)
        store.db.execute_sql("COMMIT")

    reader = threading.Thread(target=read)
    reader.start()
    reading.wait(10)
    before = content_of(store.db)
    store.db.execute_sql("PRAGMA busy_timeout = 50")
    Compacting(store).run()
    go_on.set()
    reader.join()
    assert_sound(store, before)
