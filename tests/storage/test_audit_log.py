"""The audit chain: every removed, altered or inserted row is noticed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kube_field.domain.commit import AuditLine
from kube_field.storage.audit import START
from kube_field.storage.store import LocalStore
from tests.support.make_store import AT, open_test_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    opened = open_test_store(tmp_path)
    for number in range(1, 6):
        opened.audit(AuditLine("staff-rina", "read_nik", "person", f"p-{number}", AT))
    yield opened
    opened.close()


def without_guards(store: LocalStore) -> None:
    store.db.execute_sql("DROP TRIGGER audit_is_not_changed")
    store.db.execute_sql("DROP TRIGGER audit_is_not_deleted")


def test_an_untouched_log_is_whole(store: LocalStore) -> None:
    assert store.audit_log.first_break() is None
    length, head = store.audit_log.head()
    assert length == 5
    assert len(head) == 64
    assert head != START


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit WHERE seq = 5"])
def test_the_database_refuses_to_change_the_log(store: LocalStore, statement: str) -> None:
    with pytest.raises(Exception, match="audit rows are never"):
        store.db.execute_sql(statement)
    assert store.audit_log.first_break() is None


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE audit SET actor = 'staff-budi' WHERE seq = 3", 3),
        ("UPDATE audit SET reason = 'x' WHERE seq = 1", 1),
        ("DELETE FROM audit WHERE seq = 2", 2),
        ("UPDATE audit SET hash = prev WHERE seq = 4", 4),
        ("UPDATE audit SET seq = 9 WHERE seq = 5", 5),
    ],
)
def test_tampering_behind_the_guards_is_noticed(store: LocalStore, statement: str, found: int) -> None:
    without_guards(store)
    store.db.execute_sql(statement)
    assert store.audit_log.first_break() == found


def test_a_log_that_was_cut_at_its_end_is_shorter_than_the_head_that_was_told(store: LocalStore) -> None:
    told = store.audit_log.head()
    without_guards(store)
    store.db.execute_sql("DELETE FROM audit WHERE seq = 5")
    assert store.audit_log.first_break() is None
    assert store.audit_log.head() != told
