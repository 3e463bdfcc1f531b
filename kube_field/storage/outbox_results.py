"""What the server decided about a change, written into the outbox: the same for a push's answer and a late decision.

All functions run inside the caller's transaction.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kube_field.domain.records import EDITABLE_KINDS, Change
from kube_field.storage.conflicts import mark_settling_again
from kube_field.storage.courier_files import NEXT_FILE
from kube_field.storage.erasure import ERASED, erase_here, is_about_erased
from kube_field.storage.rows import change_of, dump
from kube_field.storage.working_rows import Arrived, put_facts, rebuild_record

if TYPE_CHECKING:
    from kube_field.storage.store import LocalStore
from kube_field.wire.messages import DONE, HELD, ChangeResult, FieldError
from kube_field.wire.server_words import ERASED_CODE, Decision

ACKED, ATTENTION = "acked", "attention"
KEPT = "(state IN ('acked', 'held') OR status IN ('quarantined', 'failed'))"
"""What the server has, taken in or set aside."""
KEEP_ON_TOP = """
UPDATE sync_base SET version = ?1 - 1 WHERE uid = ?2 AND version >= ?1
  AND gen <> (SELECT s.gen FROM sync_scope s WHERE s.scope_id = sync_base.scope_id)
  AND EXISTS (SELECT 1 FROM outbox o WHERE o.change_id = ?3
    AND (o.state <> 'acked' OR o.result_version > sync_base.version))
"""
UNDECIDED = frozenset({"held", "attention"})
"""States in which a late decision of any kind counts; otherwise only one with a receipt for exactly our content."""


def settle(store: LocalStore, change: Change, result: ChangeResult) -> str:
    """Store what became of a change; the new state. Acknowledged is only what has a receipt for our content."""
    receipt = result.receipt
    ours = receipt is not None and receipt.sha256 == change.sha256
    state = _state(result, ours=ours)
    accepted = result.status in DONE | {HELD}
    is_erased = any(error.code == ERASED_CODE for error in result.errors)
    columns: dict[str, Any] = {
        "state": state,
        "status": "failed" if state == ATTENTION and accepted else ERASED if is_erased else result.status,
        "result_json": json.dumps({"conflicts": result.conflicts, "hold": result.hold}),
        "result_version": result.version,
        "errors_json": dump([_error_of(error) for error in result.errors]),
    }
    if receipt is not None and ours:
        columns |= {"receipt_id": receipt.id, "receipt_sha256": receipt.sha256, "receipt_at": receipt.at}
    if change.kind in EDITABLE_KINDS and state == ACKED:
        _keep_on_top(store, change.uid, change.id, result.status, result.version)
    sets = ", ".join(f"{name} = ?" for name in columns) + f", from_file = {NEXT_FILE}"
    store.db.execute_sql(f"UPDATE outbox SET {sets} WHERE change_id = ?", (*columns.values(), change.id))
    _mark_conflicts(store, change, result, state)
    if change.kind in EDITABLE_KINDS and state == ACKED:
        _rebuild_if_other(store, change.uid, result)
    if is_erased or store.records.was_erased(change.uid) or (state == ATTENTION and is_about_erased(store, change)):
        erase_here(store, change.uid)
    return state


def _keep_on_top(store: LocalStore, uid: str, change_id: str, status: str, version: int) -> None:
    """What is shown and now accepted stays shown until it is downloaded, also from a server that was put back.

    The number of a version that was downloaded before that is one of another life, and may be the higher one.
    """
    if status != "conflict":
        store.db.execute_sql(KEEP_ON_TOP, (version, uid, change_id))


def _rebuild_if_other(store: LocalStore, uid: str, result: ChangeResult) -> None:
    """Show the record anew where an accepted change may leave it otherwise than we show it.

    That is so when it did not go in as it was, and when a version with it, or a later one, is here already: a late
    decision may come after what others wrote since.
    """
    base = store.db.rows("SELECT author, version FROM sync_base WHERE uid = ?", uid)
    author, version = base[0] if base else ("", -1)
    if result.status != "applied" or version >= result.version:
        rebuild_record(store, uid, by=str(author))


def settle_late(store: LocalStore, word: Decision) -> None:
    """A decision that came as a record: of a change that is not ours, or is settled already, it says nothing new."""
    rows = store.db.named_rows("SELECT * FROM outbox_whole WHERE change_id = ?", word.change)
    if not rows:
        return
    change, state = change_of(rows[0]), str(rows[0]["state"])
    receipt = word.receipt
    proven = word.status in DONE and receipt is not None and receipt.sha256 == change.sha256
    if state in UNDECIDED or proven:
        settle(
            store,
            change,
            ChangeResult(
                id=word.change,
                status=word.status,
                version=word.version,
                errors=word.errors,
                conflicts=word.conflicts,
                receipt=receipt,
            ),
        )


def settle_anew(store: LocalStore, change_id: str, status: str, version: int) -> None:
    """The server that was put back has an accepted change, which somebody brought back under another version.

    It may lie beside its record now, or wait to be downloaded again: the record is shown as that leaves it.
    """
    ((uid, kind, *before),) = store.db.rows(
        "SELECT uid, kind, status, result_version FROM outbox WHERE change_id = ?", change_id
    )
    if before == [status, version]:
        return
    if kind in EDITABLE_KINDS:
        _keep_on_top(store, str(uid), change_id, status, version)
    set_anew = "UPDATE outbox SET status = ?, result_version = ? WHERE change_id = ?"
    store.db.execute_sql(set_anew, (status, version, change_id))
    if kind in EDITABLE_KINDS:
        rebuild_record(store, str(uid))


def requeue(store: LocalStore, change_id: str) -> None:
    """The server does not hold this change any more: it waits again, under the same id and with its photos."""
    store.db.execute_sql(
        f"UPDATE outbox SET ever_kept = ever_kept OR {KEPT}, state = 'queued', status = '',"
        " result_version = 0, run_id = 0, receipt_id = '', receipt_sha256 = '', receipt_at = '',"
        f" from_file = {NEXT_FILE} WHERE change_id = ?",
        (change_id,),
    )
    store.db.execute_sql(
        f"UPDATE blob SET state = 'local', from_file = {NEXT_FILE} WHERE state = 'stored'"
        " AND sha256 IN (SELECT l.sha256 FROM blob_link l"
        " JOIN outbox o ON o.uid = l.uid WHERE o.change_id = ?)",
        (change_id,),
    )
    mark_settling_again(store.db, [change_id])
    for row in store.db.named_rows("SELECT * FROM outbox_whole WHERE change_id = ?", change_id):
        _show_again(store, change_of(row))


def _show_again(store: LocalStore, change: Change) -> None:
    """What waits again is seen again, although its record may have left this laptop meanwhile.

    Then it is shown as far as we wrote it, in no scope, until it is settled again or its record is downloaded.
    """
    is_edit = change.kind in EDITABLE_KINDS
    if (store.records.get(change.uid) if is_edit else store.facts.get(change.uid)) is not None:
        if is_edit:
            rebuild_record(store, change.uid)
        return
    if not store.db.value("SELECT 1 FROM sync_base WHERE uid = ?", change.uid):
        store.db.insert_row("sync_base", {"uid": change.uid, "kind": change.kind.value, "body_json": "{}"})
    if is_edit:
        rebuild_record(store, change.uid)
        return
    body = {name: new for name, (_old, new) in change.sets.items()}
    put_facts(store, [Arrived(change.uid, change.kind.value, change.scope, 0, body, change.sha256, change.by)])


def _state(result: ChangeResult, *, ours: bool) -> str:
    if ours and result.status in DONE:
        return ACKED
    return "held" if ours and result.status == HELD else ATTENTION


def _mark_conflicts(store: LocalStore, change: Change, result: ChangeResult, state: str) -> None:
    """Note our values that did not go in until the server's word about them is downloaded.

    Of a record that left this laptop meanwhile there is nothing to note: no word about it comes any more. A choice that
    the server refused leaves its conflicts open.
    """
    is_here = change.kind not in EDITABLE_KINDS or store.records.get(change.uid) is not None
    for name in result.conflicts if is_here else ():
        field = name.rsplit(":", 1)[-1]
        old, new = change.sets.get(field, (None, None))
        store.db.execute_sql(
            "INSERT INTO conflict (id, uid, field, base, other, change_id, state, at, record_kind)"
            " VALUES (?, ?, ?, ?, ?, ?, 'coming', ?, ?) ON CONFLICT (id) DO NOTHING",
            (name, change.uid, field, dump(old), dump(new), change.id, change.at, change.kind.value),
        )
    if state == ATTENTION:
        for name in change.resolves:
            store.db.execute_sql("UPDATE conflict SET state = 'open' WHERE id = ? AND state = 'settling'", (name,))


def _error_of(error: FieldError) -> dict[str, Any]:
    return {
        "field": error.field,
        "code": error.code,
        "message": error.message,
        "row": error.row,
        "column": error.column,
    }
