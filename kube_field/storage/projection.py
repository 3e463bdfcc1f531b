"""How rows that the server sent become records, facts and words here, without ever hiding what was typed since.

All functions run inside the caller's transaction.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from msgspec import ValidationError

from kube_field.domain.records import EDITABLE_KINDS, RecordKind
from kube_field.storage.outbox import photos_in
from kube_field.storage.rows import dump
from kube_field.storage.spoken_words import forget_word, put_word
from kube_field.storage.working_rows import (
    DELETED,
    Arrived,
    asked_codes,
    forms_known,
    insert_many,
    known_uids,
    put_facts,
    put_records,
    rebuild_record,
)
from kube_field.wire.server_words import ServerKind

if TYPE_CHECKING:
    from kube_field.storage.store import LocalStore

RECORD_KINDS = frozenset(kind.value for kind in RecordKind)
EDITABLE = frozenset(kind.value for kind in EDITABLE_KINDS)
WORD_KINDS = frozenset(kind.value for kind in ServerKind)
PUT_BASE = """ON CONFLICT (uid) DO UPDATE SET scope_id = excluded.scope_id, kind = excluded.kind,
  version = excluded.version, body_json = excluded.body_json, sha256 = excluded.sha256, author = excluded.author,
  gen = excluded.gen, deleted = excluded.deleted"""


LET_GO = """
UPDATE blob SET state = 'remote', uploaded_bytes = 0, upload_id = '' WHERE state IN ('local', 'sending')
  AND sha256 IN (SELECT sha256 FROM blob_link WHERE uid = ?)
  AND sha256 NOT IN (SELECT sha256 FROM blob_link WHERE uid <> ?)
"""
"""A colleague's photo that the server may have lost: with its record goes the right to bring it back."""
WAITS = """
SELECT 1 FROM outbox WHERE uid = ? AND state <> 'acked' AND status <> 'erased' UNION ALL
SELECT 1 FROM blob_link l JOIN blob b ON b.sha256 = l.sha256
  WHERE l.uid = ? AND b.state IN ('local', 'sending') AND l.uid IN (SELECT uid FROM outbox)
"""
WAITING_UIDS = """
SELECT uid FROM outbox WHERE state <> 'acked' AND status <> 'erased' UNION
SELECT l.uid FROM blob_link l JOIN blob b ON b.sha256 = l.sha256
  WHERE b.state IN ('local', 'sending') AND l.uid IN (SELECT uid FROM outbox)
"""
"""Records of which something has to be sent still, photos too, or needs somebody's attention."""


FORMS_LEARNT = "forms_learnt"
"""Setting: the forms (`forms_known`) for which the working rows were made."""
WORDS_LEFT = "words_left"
"""Setting: "1" while the search index may still hold words of what left this laptop."""


def put_remote(
    store: LocalStore,
    uid: str,
    kind: str,
    scope: str,
    version: int,
    body: Mapping[str, Any],
    sha256: str,
    author: str,
    *,
    at: str = "",
    gen: int = 0,
) -> None:
    """Take over one row of a download; `sha256` is the server's content hash. See `put_all`."""
    put_all(store, [Arrived(uid, kind, scope, version, body, sha256, author)], gen=gen, at=at)


def put_all(store: LocalStore, arrived: Sequence[Arrived], *, gen: int, at: str = "") -> None:
    """Take over rows of a download: server truth into `sync_base`, working rows from it.

    What this program does not know, or could not show, is kept as it came; words of the server have their own tables.
    """
    insert_many(store, "sync_base", [_base_row(row, gen) for row in arrived], PUT_BASE)
    _make_working_rows(store, arrived, at)


def remove_remote(store: LocalStore, uid: str) -> bool:
    """Take a row off this laptop that left its scopes; True when it is gone.

    What was typed since and is not accepted yet stays as it is, with its base, but belongs to no scope any more.
    """
    kind = store.db.value("SELECT kind FROM sync_base WHERE uid = ?", uid)
    if kind is None:
        return False
    if waits_here(store, uid):
        store.db.execute_sql("UPDATE sync_base SET scope_id = '' WHERE uid = ?", (uid,))
        return False
    store.db.execute_sql("DELETE FROM sync_base WHERE uid = ?", (uid,))
    store.db.execute_sql(LET_GO, (uid, uid))
    store.put_setting(WORDS_LEFT, "1")
    if kind in EDITABLE:
        store.remove_record(uid, RecordKind(kind))
    elif kind in RECORD_KINDS:
        store.remove_fact(uid)
    elif kind in WORD_KINDS:
        forget_word(store, uid, ServerKind(kind))
    store.db.execute_sql("DELETE FROM unknown_record WHERE uid = ?", (uid,))
    return True


def forget_undelivered(store: LocalStore, uid: str) -> None:
    """A record of ours left its area before it was ever downloaded: it goes, or as soon as nothing of it waits."""
    kind = store.db.value("SELECT kind FROM outbox WHERE uid = ? LIMIT 1", uid)
    if kind is None:
        return
    store.db.insert_row("sync_base", {"uid": uid, "scope_id": "", "kind": kind, "body_json": "{}"})
    remove_remote(store, uid)


def waits_here(store: LocalStore, uid: str) -> bool:
    """True while something of this record has to be sent still, or needs somebody's attention."""
    return bool(store.db.value(WAITS, uid, uid))


def materialise(store: LocalStore) -> int:
    """Give records that this program has learnt to read since their working rows, without a download.

    How many it tried: what it still cannot read stays as it came.
    """
    known = sorted(RECORD_KINDS | WORD_KINDS)
    rows = store.db.named_rows(
        "SELECT u.uid, u.kind, b.scope_id AS scope, b.version, u.body_json AS body, b.sha256, b.author, b.gen"
        f" FROM unknown_record u JOIN sync_base b ON b.uid = u.uid WHERE u.kind IN ({', '.join('?' * len(known))})",
        *known,
    )
    for row in rows:
        gen = row.pop("gen")
        arrived = Arrived(**row)
        store.db.execute_sql("DELETE FROM unknown_record WHERE uid = ?", (arrived.uid,))
        put_all(store, [replace(arrived, body=json.loads(row["body"]))], gen=gen)
    return len(rows)


def learn_fields(store: LocalStore) -> int:
    """Make answers of fields that this program has learnt to ask since they came; how many records, without a download.

    Inside a transaction.
    """
    learnt = 0
    for kind in EDITABLE_KINDS:
        rows = store.db.rows(
            f"SELECT uid, form_version, extra, updated_at, updated_by FROM {kind} WHERE extra <> '{{}}'"
        )
        for uid, version, extra, at, by in rows:
            if asked_codes(kind, version) & set(json.loads(extra)):
                rebuild_record(store, uid, at=at, by=by)
                learnt += 1
    store.put_setting(FORMS_LEARNT, forms_known())
    return learnt


def _make_working_rows(store: LocalStore, arrived: Sequence[Arrived], at: str) -> None:
    facts = [row for row in arrived if row.kind in RECORD_KINDS and row.kind not in EDITABLE]
    unread = put_facts(store, facts)
    edited = [row for row in arrived if row.kind in EDITABLE]
    photos = {str(photo["sha256"]) for row in edited for photo in photos_in(row.body)}
    new = photos - set(known_uids(store, "blob", sorted(photos), "sha256"))
    unread += put_records(store, edited, at)
    for name in new:  # the server's; one that was here may have to be sent, whoever took it
        store.db.execute_sql("UPDATE blob SET state = 'remote' WHERE sha256 = ?", (name,))
    unread += [row for row in arrived if row.kind not in RECORD_KINDS and not _is_understood(store, row)]
    _keep_unread(store, arrived, unread)


def _keep_unread(store: LocalStore, arrived: Sequence[Arrived], unread: Sequence[Arrived]) -> None:
    """Keep as it came what this program cannot show; what it could not show before may have come in another form."""
    for uid in list(known_uids(store, "unknown_record", [row.uid for row in arrived])):
        store.db.execute_sql("DELETE FROM unknown_record WHERE uid = ?", (uid,))
    for row in unread:
        kept = {"uid": row.uid, "kind": row.kind, "scope_id": row.scope, "version": row.version}
        store.db.put_row("unknown_record", {**kept, "body_json": dump(row.body)})


def _is_understood(store: LocalStore, row: Arrived) -> bool:
    """Take over a word of the server; False for another kind, or a word whose shape is of tomorrow."""
    if row.kind not in WORD_KINDS:
        return False
    try:
        put_word(store, row.uid, ServerKind(row.kind), row.body)
    except ValidationError:
        return False
    return True


def _base_row(row: Arrived, gen: int) -> dict[str, Any]:
    return {
        "uid": row.uid,
        "scope_id": row.scope,
        "kind": row.kind,
        "version": row.version,
        "body_json": dump(row.body) if row.kind in EDITABLE else "",
        "sha256": row.sha256,
        "author": row.author,
        "gen": gen,
        "deleted": bool(row.body.get(DELETED, False)),
    }
