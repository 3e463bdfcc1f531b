"""Schema steps: applied once, rolled back when they fail, refused when the data are newer; each one has a test."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kube_field.errors import BugError, Failure, KubeFieldError
from kube_field.sqlite.driver import Database, open_database
from kube_field.sqlite.migrations import Migration, load_migrations, migrate, schema_number
from kube_field.storage.ledger_tables import ALL_TABLES
from kube_field.storage.store import laptop_migrations, open_store
from tests.support.make_store import DATABASE_NAME, REFERENCE, TEST_KEY, open_test_store, plenty

SEARCH_TABLES = "search_words"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(tmp_path / "m.db", TEST_KEY)
    yield opened
    opened.close_all()


def shape(db: Database) -> dict[str, tuple[object, ...]]:
    """Columns and indexes of every ordinary table."""
    tables = [name for (name,) in db.rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
    return {
        name: (
            [row[1:] for row in db.rows(f"PRAGMA table_xinfo({name})")],
            sorted(
                (index, unique, tuple(c[2:5] for c in db.rows(f"PRAGMA index_xinfo('{index}')")))
                for _seq, index, unique, *_rest in db.rows(f"PRAGMA index_list({name})")
            ),
            [row[2:] for row in db.rows(f"PRAGMA foreign_key_list({name})")],
        )
        for name in tables
        if not name.startswith((SEARCH_TABLES, "sqlite_"))
    }


def test_migration_0001_first_schema_makes_tables_search_and_guards(db: Database) -> None:
    migrate(db, laptop_migrations()[:1])
    names = {name for (name,) in db.rows("SELECT name FROM sqlite_schema")}
    assert {"person", "fact", "outbox", "search_words", "audit_is_not_changed", "audit_is_not_deleted"} <= names
    assert schema_number(db) == 1


def test_migration_0002_whole_sync_keeps_what_waits(db: Database) -> None:
    first, second = laptop_migrations()[:2]
    migrate(db, (first,))
    db.execute_sql("INSERT INTO outbox (n, change_id, uid, sets_json) VALUES (7, 'c', 'u', '{\"a\": [null, 1]}')")
    migrate(db, (first, second))
    waiting = db.rows("SELECT n, change_id, uid, sets_json, resolves_json FROM outbox")
    assert waiting == [(7, "c", "u", '{"a": [null, 1]}', "[]")]


def test_migration_0003_doubles_and_merges_keeps_the_words_that_are_here(db: Database) -> None:
    steps = laptop_migrations()
    migrate(db, steps[:2])
    db.execute_sql("INSERT INTO duplicate (uid, uids, state) VALUES ('dp:1', '[\"a\", \"b\"]', 'open')")
    db.execute_sql("INSERT INTO alias (old, new, uid) VALUES ('a', 'b', 'al:a')")
    migrate(db, steps[:3])
    assert db.rows("SELECT uid, uids, state, case_id, kept, merged FROM duplicate") == [
        ("dp:1", '["a", "b"]', "open", "", "", "")
    ]
    assert db.rows("SELECT old, new, undone FROM alias") == [("a", "b", 0)]


def test_migration_0004_narrow_outbox_keeps_what_every_change_says(db: Database) -> None:
    steps = laptop_migrations()
    migrate(db, steps[:3])
    said = '{"name": [null, "Ibu Siti\u00e9"]}'
    db.execute_sql("INSERT INTO outbox (n, change_id, uid, state, sets_json) VALUES (7, 'c', 'u', 'sent', ?)", (said,))
    db.execute_sql("INSERT INTO fact (uid, answers, version) VALUES ('f', '{}', 1)")
    migrate(db, steps[:4])
    assert db.rows("SELECT n, change_id, state, size, sets_json FROM outbox_whole") == [
        (7, "c", "sent", len(said.encode()), said)
    ]
    assert db.rows("SELECT uid, answers FROM fact") == [("f", "{}")]
    db.execute_sql("DELETE FROM outbox")
    assert db.rows("SELECT n FROM outbox_content") == []


def test_migration_0005_restricted_facts_leaves_what_is_here_open_to_all(db: Database) -> None:
    steps = laptop_migrations()
    migrate(db, steps[:4])
    db.execute_sql("INSERT INTO fact (uid, kind, answers) VALUES ('f', 'visit', '{}')")
    migrate(db, steps[:5])
    assert db.rows("SELECT uid, answers, restricted FROM fact") == [("f", "{}", 0)]


def test_migration_0006_laptop_keys_makes_room_for_the_keys_of_all_laptops(db: Database) -> None:
    steps = laptop_migrations()
    migrate(db, steps[:5])
    db.execute_sql("INSERT INTO fact (uid, kind, answers) VALUES ('f', 'visit', '{}')")
    migrate(db, steps[:6])
    assert db.rows("SELECT uid FROM fact") == [("f",)]
    db.put_row("laptop_key", {"uid": "lk:d:1", "key": "1", "code": "L07"})
    assert db.rows("SELECT uid, key, code, holder, revoked_at FROM laptop_key") == [("lk:d:1", "1", "L07", "", "")]


def test_migration_0007_kept_before_knows_of_nothing_yet(db: Database) -> None:
    steps = laptop_migrations()
    migrate(db, steps[:6])
    db.execute_sql("INSERT INTO outbox (change_id, uid, state) VALUES ('c', '', 'acked'), ('d', 'u', 'queued')")
    db.execute_sql("INSERT INTO outbox_content (n, sets_json) VALUES (1, '{}'), (2, '{}')")
    migrate(db, steps[:7])
    db.put_row("sync_base", {"uid": "u", "scope_id": "64.02.13"})
    found = db.rows("SELECT change_id, ever_kept, sets_json, lies_in FROM outbox_whole ORDER BY n")
    assert found == [("c", 0, "{}", ""), ("d", 0, "{}", "64.02.13")]


def test_migration_0008_courier_files_lets_every_answer_count_for_what_was_given_before(db: Database) -> None:
    steps = laptop_migrations()
    migrate(db, steps[:7])
    db.execute_sql("INSERT INTO outbox (change_id, uid, state) VALUES ('c', 'u', 'queued')")
    db.execute_sql("INSERT INTO outbox_content (n, sets_json) VALUES (1, '{}')")
    db.execute_sql("INSERT INTO blob (sha256, size) VALUES ('a', 1)")
    migrate(db, steps[:8])
    assert db.rows("SELECT change_id, from_file, sets_json FROM outbox_whole") == [("c", 0, "{}")]
    assert db.rows("SELECT sha256, from_file FROM blob") == [("a", 0)]
    db.insert_row("sync_scope", {"scope_id": "64.02.12"})
    assert db.rows("SELECT scope_id, from_file FROM sync_scope") == [("64.02.12", 0)]
    assert db.rows("SELECT n, file_id FROM courier_file") == []


def test_migration_0009_papers_of_runs_keeps_every_receipt_of_a_run(db: Database) -> None:
    steps = laptop_migrations()
    migrate(db, steps[:8])
    db.execute_sql("INSERT INTO setting (name, value) VALUES ('device_code', 'L07')")
    db.execute_sql("INSERT INTO sync_run (id, via) VALUES (4, 'internet')")
    for n, uid, run in ((7, "u", 4), (8, "v", 4), (9, "w", 0)):
        known = {"n": n, "change_id": f"c{n}", "uid": uid, "kind": "visit", "run_id": run, "receipt_id": "r1"}
        db.insert_row("outbox", {**known, "receipt_sha256": "ab", "receipt_at": "2026-11-23T02:42:07.000Z"})
    migrate(db, steps[:9])
    assert db.rows("SELECT device_code, server, notice FROM sync_run") == [("L07", "", "")]
    db.execute_sql("UPDATE outbox SET receipt_id = 'r2' WHERE n IN (7, 9)")
    db.execute_sql("UPDATE outbox SET receipt_id = 'r1', state = 'acked' WHERE n = 8")
    assert db.rows("SELECT n, run_id FROM outbox ORDER BY n") == [(7, 0), (8, 4), (9, 0)]
    db.execute_sql("DELETE FROM outbox")
    assert db.rows("SELECT run_id, n, uid, receipt_id FROM past_receipt ORDER BY n") == [
        (4, 7, "u", "r1"),
        (4, 8, "v", "r1"),
    ]


def test_migration_0010_audit_head_of_runs_claims_nothing_of_older_runs(db: Database) -> None:
    steps = laptop_migrations()
    migrate(db, steps[:9])
    db.execute_sql("INSERT INTO sync_run (id, via) VALUES (4, 'internet')")
    migrate(db, steps[:10])
    assert db.rows("SELECT id, audit_length, audit_head FROM sync_run") == [(4, 0, "")]


def test_migration_0011_places_seen_notes_where_what_waits_was_seen(db: Database) -> None:
    steps = laptop_migrations()
    migrate(db, steps[:10])
    db.execute_sql("INSERT INTO outbox (change_id, uid, state) VALUES ('c', 'u', 'acked'), ('d', 'u', 'queued')")
    db.execute_sql("INSERT INTO outbox (change_id, uid, state) VALUES ('e', 'v', 'held')")
    db.execute_sql("INSERT INTO outbox_content (n, sets_json) SELECT n, '{}' FROM outbox")
    db.put_row("sync_base", {"uid": "u", "scope_id": "64.02.13"})
    migrate(db, steps[:11])
    seen = "SELECT change_id, seen_in, lies_in FROM outbox_whole ORDER BY n"
    assert db.rows(seen) == [("c", "", "64.02.13"), ("d", "64.02.13", "64.02.13"), ("e", "", "")]
    db.execute_sql("UPDATE sync_base SET scope_id = ''")
    assert db.rows(seen) == [("c", "", ""), ("d", "64.02.13", "64.02.13"), ("e", "", "")]
    db.execute_sql("UPDATE sync_base SET scope_id = '64.02.12'")
    assert [lies_in for _name, _seen, lies_in in db.rows(seen)] == ["64.02.12", "64.02.12", ""]


def test_migration_0012_written_after_tells_nothing_of_what_waits_already(db: Database) -> None:
    migrate(db, laptop_migrations()[:11])
    db.execute_sql("INSERT INTO outbox (change_id, uid, created) VALUES ('c', 'u', 1), ('d', 'u', 0)")
    db.execute_sql("INSERT INTO outbox_content (n, sets_json) SELECT n, '{}' FROM outbox")
    migrate(db, laptop_migrations()[:12])
    db.execute_sql("UPDATE outbox SET written_after = 'c' WHERE change_id = 'd'")
    assert db.rows("SELECT change_id, written_after FROM outbox_whole ORDER BY n") == [("c", None), ("d", "c")]


def test_every_migration_has_a_test() -> None:
    tests = [name for name, _test in inspect.getmembers(sys.modules[__name__], inspect.isfunction)]
    for step in laptop_migrations():
        assert any(name.startswith(f"test_migration_{step.name}") for name in tests), step.name


def test_the_migrated_schema_is_the_one_that_the_models_describe(db: Database, tmp_path: Path) -> None:
    migrate(db, laptop_migrations())
    described = open_database(tmp_path / "models.db", None)
    for table in ALL_TABLES:
        with table.bind_ctx(described):
            table.create_table(safe=False)
    expected = shape(described)
    described.close_all()
    assert shape(db) == expected


def test_migrating_twice_changes_nothing(db: Database) -> None:
    assert migrate(db, laptop_migrations()) == [step.name for step in laptop_migrations()]
    assert migrate(db, laptop_migrations()) == []


def test_a_failing_step_is_rolled_back_and_earlier_ones_stay(db: Database) -> None:
    def good(db: Database) -> None:
        db.execute_sql("CREATE TABLE first (a TEXT)")

    def bad(db: Database) -> None:
        db.execute_sql("CREATE TABLE second (a TEXT)")
        db.execute_sql("INSERT INTO nowhere VALUES (1)")

    with pytest.raises(KubeFieldError) as failed:
        migrate(db, (Migration(1, "0001_good", good), Migration(2, "0002_bad", bad)))
    assert failed.value.failure == Failure.MIGRATION_ROLLED_BACK
    assert schema_number(db) == 1
    assert db.rows("SELECT name FROM sqlite_schema WHERE type = 'table'") == [("first",)]


def test_a_step_that_leaves_rows_without_parent_is_rolled_back(db: Database) -> None:
    def orphan(db: Database) -> None:
        db.execute_sql("PRAGMA defer_foreign_keys = ON")
        db.execute_sql("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        db.execute_sql("CREATE TABLE child (p INTEGER REFERENCES parent (id))")
        db.execute_sql("INSERT INTO child VALUES (7)")

    with pytest.raises(KubeFieldError) as failed:
        migrate(db, (Migration(1, "0001_orphan", orphan),))
    assert failed.value.failure == Failure.MIGRATION_ROLLED_BACK
    assert schema_number(db) == 0


def test_data_of_a_newer_program_are_refused_and_not_touched(tmp_path: Path) -> None:
    store = open_test_store(tmp_path)
    store.db.execute_sql("PRAGMA user_version = 999")
    store.db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    before = (tmp_path / DATABASE_NAME).read_bytes()
    with pytest.raises(KubeFieldError) as refused:
        open_store(tmp_path / DATABASE_NAME, TEST_KEY, reference=REFERENCE, free_bytes=plenty)
    assert refused.value.failure == Failure.NEWER_DATA
    assert (tmp_path / DATABASE_NAME).read_bytes() == before


def test_an_empty_list_of_migrations_is_refused(db: Database, tmp_path: Path) -> None:
    with pytest.raises(BugError):
        migrate(db, ())
    with pytest.raises(BugError):
        load_migrations(tmp_path)


def test_a_gap_in_the_numbers_or_a_file_without_up_is_refused(tmp_path: Path) -> None:
    (tmp_path / "0002_later.py").write_text("def up(db): pass\n", encoding="utf-8")
    with pytest.raises(BugError, match="gap"):
        load_migrations(tmp_path)
    (tmp_path / "0001_empty.py").write_text("", encoding="utf-8")
    with pytest.raises(BugError, match="up"):
        load_migrations(tmp_path)


def test_no_migration_imports_the_program() -> None:
    folder = Path(sys.modules[open_store.__module__].__file__ or "").parent / "migrations"
    for file in folder.glob("*.py"):
        assert "kube_field" not in file.read_text(encoding="utf-8"), file.name
