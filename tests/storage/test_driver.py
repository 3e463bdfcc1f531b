"""Every connection has the settings that survive a power cut, and failures say what the officer can do."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest

import kube_field
from kube_field.domain.commit import Commit
from kube_field.errors import BugError, Failure, KubeFieldError
from kube_field.sqlite import driver
from kube_field.sqlite.driver import Database, open_database, require_safe_sqlite
from kube_field.storage.store import create_store, open_store
from tests.support.make_store import (
    DATABASE_NAME,
    REFERENCE,
    TEST_KEY,
    make_person_record,
    open_test_store,
    plenty,
)

EXPECTED = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "temp_store": 2,
    "secure_delete": 1,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "mmap_size": 0,
    "busy_timeout": 5000,
}


def settings_of(db: Database) -> dict[str, object]:
    return {name: db.value(f"PRAGMA {name}") for name in EXPECTED}


def test_every_connection_of_every_thread_has_the_settings(tmp_path: Path) -> None:
    store = open_test_store(tmp_path)
    seen: list[dict[str, object]] = [settings_of(store.db)]
    threads = [threading.Thread(target=lambda: seen.append(settings_of(store.db))) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()
    again = open_test_store(tmp_path)
    seen.append(settings_of(again.db))
    again.close()
    plain = open_database(tmp_path / "server.db", None)
    seen.append(settings_of(plain))
    plain.close_all()
    assert seen == [EXPECTED] * 6


def test_no_code_of_the_program_opens_another_sqlite() -> None:
    for file in Path(kube_field.__file__).parent.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"^\s*(import|from) sqlite3\b", text, re.MULTILINE), file
        if file.name != "driver.py":
            assert "sqlcipher3" not in text or file.name == "cli.py", file


def test_an_old_sqlite_or_one_that_cannot_encrypt_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    require_safe_sqlite()
    monkeypatch.setattr(driver.sqlcipher, "sqlite_version_info", (3, 51, 1))
    with pytest.raises(BugError):
        require_safe_sqlite()


def test_the_wrong_key_and_a_broken_first_page_are_damage_not_a_wrong_password(tmp_path: Path) -> None:
    open_test_store(tmp_path).close()
    path = tmp_path / DATABASE_NAME
    with pytest.raises(KubeFieldError) as wrong:
        open_store(path, bytes(32), reference=REFERENCE, free_bytes=plenty)
    content = bytearray(path.read_bytes())
    content[100] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(KubeFieldError) as broken:
        open_test_store(tmp_path)
    assert {wrong.value.failure, broken.value.failure} == {Failure.INTEGRITY}


@pytest.mark.parametrize("content", [None, b""])
def test_a_database_that_vanished_is_damage_and_not_an_empty_one(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / DATABASE_NAME
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(KubeFieldError) as gone:
        open_store(path, TEST_KEY, reference=REFERENCE, free_bytes=plenty)
    assert gone.value.failure == Failure.INTEGRITY


def test_an_existing_store_is_not_made_again(tmp_path: Path) -> None:
    open_test_store(tmp_path).close()
    with pytest.raises(BugError):
        create_store(tmp_path / DATABASE_NAME, TEST_KEY, device_code="T2", reference=REFERENCE, free_bytes=plenty)


def test_a_full_file_is_a_full_disk_and_nothing_of_the_commit_is_kept(tmp_path: Path) -> None:
    store = open_test_store(tmp_path)
    store.commit(Commit(records=[make_person_record("p-0", "Sari")]))
    pages = store.db.value("PRAGMA page_count")
    store.db.execute_sql(f"PRAGMA max_page_count = {pages + 4}")
    people = [make_person_record(f"p-{n}", "Melati " * 10) for n in range(1, 400)]
    with pytest.raises(KubeFieldError) as full:
        store.commit(Commit(records=people))
    assert full.value.failure == Failure.DISK_FULL
    assert store.db.value("SELECT count(*) FROM person") == 1
    assert store.listings.search("sari")
    store.db.execute_sql("PRAGMA max_page_count = 100000")
    store.commit(Commit(records=people))
    assert store.db.value("SELECT count(*) FROM person") == 400
    store.close()


def test_two_stores_on_one_file_wait_for_each_other_and_then_say_so(tmp_path: Path) -> None:
    first, second = open_test_store(tmp_path), open_test_store(tmp_path)
    second.db.execute_sql("PRAGMA busy_timeout = 50")
    with first.transaction(), pytest.raises(KubeFieldError) as busy:
        second.put_setting("a", "b")
    assert busy.value.code == "DATABASE_IN_USE"
    second.put_setting("a", "b")
    assert first.setting("a") == "b"
    first.close()
    second.close()


def test_a_read_only_database_refuses_to_write(tmp_path: Path) -> None:
    open_test_store(tmp_path).close()
    db = open_database(tmp_path / DATABASE_NAME, TEST_KEY, read_only=True)
    with pytest.raises(KubeFieldError) as refused:
        db.execute_sql("DELETE FROM setting")
    assert refused.value.failure == Failure.DISK_FULL
    db.close_all()
