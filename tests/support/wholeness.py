"""What has to be true of a laptop's store whatever was done to it, and of laptop and server together."""

from __future__ import annotations

from typing import Any

from kube_field.sqlite.driver import Database
from kube_field.storage.store import LocalStore
from kube_field.wire import chain

EDITABLE = (
    "person", "household", "kube_group", "membership", "business_unit", "program_batch", "staff", "training_event",
)  # fmt: skip
SENT_FROM = "SELECT change_id, sha256, state, receipt_sha256 FROM outbox WHERE status <> 'erased' ORDER BY n"
"""Of what is about somebody who was erased, a server that was put back need not know."""


def assert_whole(store: LocalStore) -> None:
    """The file is sound, and no row of it is half of something."""
    db = store.db
    assert db.rows("PRAGMA integrity_check") == [("ok",)]
    assert store.audit_log.first_break() is None
    shown = {uid for table in EDITABLE for (uid,) in db.rows(f"SELECT uid FROM {table}")}
    facts = {uid for (uid,) in db.rows("SELECT uid FROM fact")}
    based = {uid for (uid,) in db.rows("SELECT uid FROM sync_base")}
    written = {uid for (uid,) in db.rows("SELECT uid FROM outbox")}
    assert shown | facts <= based | written, "what is shown was written here, or came from the server"
    assert {uid for (uid,) in db.rows("SELECT uid FROM search_entry")} <= shown | facts
    waiting = {uid for (uid,) in db.rows("SELECT uid FROM outbox WHERE state NOT IN ('acked') AND status <> 'erased'")}
    assert waiting <= shown | facts, "what waits is shown"
    for _change, sha256, state, receipt in db.rows(SENT_FROM):
        assert state != "acked" or receipt == sha256, "acknowledged only with a receipt for exactly this"


def assert_whole_page_or_none(store: LocalStore) -> None:
    """In every area rows and sum went in together."""
    for scope, told in store.db.rows("SELECT scope_id, sum FROM sync_scope WHERE state = 'live'"):
        total = 0
        for uid, version in store.db.rows(
            "SELECT uid, version FROM sync_base WHERE scope_id = ? AND deleted = 0", scope
        ):
            total = chain.replaced(total, uid, 0, int(version))
        assert str(total) == str(told), scope


def content_of(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in order."""
    named = db.rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")
    return {name: sorted(db.rows(f'SELECT * FROM "{name}"'), key=repr) for (name,) in named}


def assert_alike(server: Any, store: LocalStore) -> None:
    """The laptop's base rows are exactly what stands on the server in its areas, and nothing waits."""
    sums = dict(server.rows("SELECT scope, sum FROM scope_head"))
    for (scope,) in store.db.rows("SELECT scope_id FROM sync_scope"):
        total = 0
        for uid, version in store.db.rows(
            "SELECT uid, version FROM sync_base WHERE scope_id = ? AND deleted = 0", scope
        ):
            total = chain.replaced(total, uid, 0, int(version))
        assert str(total) == str(sums.get(scope, "0")), scope
    states = {state for _id, _sha, state, _receipt in store.db.rows(SENT_FROM)}
    assert states <= {"acked"}
    there = dict(server.rows("SELECT change_id, sha256 FROM intake"))
    assert all(there[change] == sha for change, sha, _state, _receipt in store.db.rows(SENT_FROM))
