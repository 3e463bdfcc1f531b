"""The server's words (`wire.server_words`) as the laptop keeps them: conflicts, late decisions, merges, doubles.

All functions run inside the caller's transaction.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from kube_field.storage.erasure import erase_here
from kube_field.storage.outbox_results import settle_late
from kube_field.storage.rows import dump
from kube_field.storage.working_rows import rebuild_record
from kube_field.wire.server_words import Alias, Conflict, Decision, Duplicate, Erased, LaptopKey, ServerKind

if TYPE_CHECKING:
    from kube_field.storage.store import LocalStore

WORDS = {
    ServerKind.CONFLICT: Conflict,
    ServerKind.DECISION: Decision,
    ServerKind.DUPLICATE: Duplicate,
    ServerKind.ALIAS: Alias,
    ServerKind.ERASED: Erased,
    ServerKind.LAPTOP: LaptopKey,
}
TABLE_OF = {ServerKind.CONFLICT: "conflict", ServerKind.DUPLICATE: "duplicate", ServerKind.ALIAS: "alias"}


def put_word(store: LocalStore, uid: str, kind: ServerKind, body: Mapping[str, Any]) -> None:
    """Take over one word; the same one again changes nothing."""
    word = msgspec.convert(dict(body), type=WORDS[kind], strict=False)
    if isinstance(word, Conflict):
        _put_conflict(store, uid, word)
    elif isinstance(word, Decision):
        settle_late(store, word)
    elif isinstance(word, Duplicate):
        _put_duplicate(store, uid, word)
    elif isinstance(word, Erased):
        _forget_what_it_was(store, uid)
        erase_here(store, uid)
    elif isinstance(word, LaptopKey):
        store.db.put_row("laptop_key", {"uid": uid, **msgspec.structs.asdict(word)})
    else:
        row = {"old": word.old, "new": word.new, "uid": uid, "undone": word.undone}
        store.db.put_row("alias", row, "old")
        rebuild_record(store, word.old)


def forget_word(store: LocalStore, uid: str, kind: ServerKind) -> None:
    """A word left this laptop's areas. What a decision did stays done, and a key that was told stays known."""
    if kind not in TABLE_OF:
        return
    merged = [old for (old,) in store.db.rows("SELECT old FROM alias WHERE uid = ?", uid)]
    key = "id" if kind == ServerKind.CONFLICT else "uid"
    store.db.execute_sql(f"DELETE FROM {TABLE_OF[kind]} WHERE {key} = ?", (uid,))
    for old in merged:
        rebuild_record(store, old)


def _forget_what_it_was(store: LocalStore, uid: str) -> None:
    """An erased record may have been a word of the server itself."""
    for kind in TABLE_OF:
        forget_word(store, uid, kind)


def _put_conflict(store: LocalStore, uid: str, word: Conflict) -> None:
    row = {
        "id": uid,
        "uid": word.record,
        "record_kind": word.record_kind,
        "field": word.field,
        "base": dump(word.base),
        "kept": dump(word.kept),
        "other": dump(word.other),
        "change_id": word.change,
        "state": "settling" if word.state == "open" and _is_settling(store, uid) else word.state,
        "at": word.other_at,
        "kept_by": word.kept_by,
        "kept_at": word.kept_at,
        "other_by": word.other_by,
        "other_at": word.other_at,
        "chosen": dump(word.chosen) if word.state != "open" else "",
        "resolved_by": word.resolved_by,
        "resolved_at": word.resolved_at,
    }
    store.db.put_row("conflict", row, "id")


def _is_settling(store: LocalStore, conflict: str) -> bool:
    """True while a choice of this laptop is on its way, whatever record it was made on."""
    on_its_way = "SELECT resolves_json FROM outbox WHERE resolves_json <> '[]' AND state IN ('queued', 'sent', 'held')"
    rows = store.db.rows(on_its_way)
    return any(conflict in json.loads(resolves) for (resolves,) in rows)


def _put_duplicate(store: LocalStore, uid: str, word: Duplicate) -> None:
    row = {
        "uid": uid,
        "uids": dump(word.uids),
        "record_kind": word.record_kind,
        "reason": word.reason,
        "state": word.state,
        "elsewhere": word.elsewhere,
        "decided_by": word.decided_by,
        "decided_at": word.decided_at,
        "case_id": word.case,
        "kept": word.kept,
        "merged": word.merged,
    }
    store.db.put_row("duplicate", row)
