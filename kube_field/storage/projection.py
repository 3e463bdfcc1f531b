"""How a row that the server sent becomes a record or fact here, without ever hiding what was typed since.

The working row of an editable record is the server's body with the pending local changes applied again; it can be
rebuilt at any time from `sync_base` and `outbox`. All functions run inside the caller's transaction.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kube_field.domain.forms.catalogue import form
from kube_field.domain.records import EDITABLE_KINDS, Attachment, Change, Fact, Record, RecordKind
from kube_field.storage.rows import dump
from kube_field.storage.store import LocalStore

FORM_VERSION, DELETED = "form_version", "deleted"
KNOWN_KINDS = frozenset(kind.value for kind in RecordKind)
FACT_KEYS = frozenset(
    {
        "form_version",
        "subject_uid",
        "occurred_on",
        "answers",
        "author_uid",
        "author_name",
        "finalised_at",
        "document_id",
        "revision",
        "supersedes",
        "number",
        "snapshot",
        "confirmed",
        "attachments",
    }
)
"""Keys of a fact's body that this program knows (`wire.canonical.fact_body`)."""


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
    """Take over one row of a download: server truth into `sync_base`, the working row rebuilt from it.

    A kind that this program does not know is kept as it came. `sha256` is the server's content hash.
    """
    if kind not in KNOWN_KINDS:
        _keep_unknown(store, uid, kind, scope, version, body)
        return
    known = RecordKind(kind)
    _put_base(store, uid, known, scope, version, body, sha256, author, gen)
    if known in EDITABLE_KINDS:
        rebuild_record(store, uid, at=at, by=author)
    else:
        _put_fact(store, uid, known, scope, version, body, sha256)


def remove_remote(store: LocalStore, uid: str) -> None:
    """Take a row off this laptop that left its scope; what was typed since and not yet decided stays as it is."""
    kind = store.db.value("SELECT kind FROM sync_base WHERE uid = ?", uid)
    for table in ("sync_base", "unknown_record"):
        store.db.execute_sql(f"DELETE FROM {table} WHERE uid = ?", (uid,))
    if kind is None or store.queue.pending_sets(uid):
        return
    if RecordKind(kind) in EDITABLE_KINDS:
        store.remove_record(uid, RecordKind(kind))
    else:
        store.remove_fact(uid)


def rebuild_record(store: LocalStore, uid: str, *, at: str = "", by: str = "") -> None:
    """Make the working row anew from base and pending changes; to be called also when a pending change was decided."""
    pending = store.queue.pending_sets(uid)
    row = _base(store, uid)
    if row is None and not pending:
        return
    kind, scope, version, body = row if row is not None else (pending[0].kind, pending[0].scope, 0, {})
    last = pending[-1] if pending else None
    fields = rebased(body, pending)
    store.put_record(_record(uid, kind, scope, version, fields, last.at if last else at, last.by if last else by))


def rebased(body: Mapping[str, Any], pending: list[Change]) -> dict[str, Any]:
    """The server's body with pending changes applied in their order; a new value of None takes the field out."""
    fields = dict(body)
    for change in pending:
        fields[FORM_VERSION] = change.form_version
        for name, (_old, new) in change.sets.items():
            if new is None:
                fields.pop(name, None)
            else:
                fields[name] = new
    return fields


def _base(store: LocalStore, uid: str) -> tuple[RecordKind, str, int, dict[str, Any]] | None:
    rows = store.db.rows("SELECT kind, scope_id, version, body_json FROM sync_base WHERE uid = ?", uid)
    if not rows:
        return None
    kind, scope, version, body = rows[0]
    return RecordKind(kind), scope, version, json.loads(body)


def _put_base(
    store: LocalStore,
    uid: str,
    kind: RecordKind,
    scope: str,
    version: int,
    body: Mapping[str, Any],
    sha256: str,
    author: str,
    gen: int,
) -> None:
    row = {
        "uid": uid,
        "scope_id": scope,
        "kind": kind.value,
        "version": version,
        "body_json": dump(body) if kind in EDITABLE_KINDS else "",
        "sha256": sha256,
        "author": author,
        "gen": gen,
        "deleted": bool(body.get(DELETED, False)),
    }
    store.db.put_row("sync_base", row)


def _record(
    uid: str, kind: RecordKind, scope: str, version: int, fields: Mapping[str, Any], at: str, by: str
) -> Record:
    """A working row: what the form asks are answers, everything else travels along in `extra`."""
    form_version = str(fields.get(FORM_VERSION, ""))
    asked = _codes(kind, form_version)
    content = {name: value for name, value in fields.items() if name not in (FORM_VERSION, DELETED)}
    return Record(
        uid=uid,
        kind=kind,
        form_version=form_version,
        scope=scope,
        answers={name: value for name, value in content.items() if name in asked},
        version=version,
        extra={name: value for name, value in content.items() if name not in asked},
        deleted=bool(fields.get(DELETED, False)),
        updated_at=at,
        updated_by=by,
    )


def _codes(kind: RecordKind, form_version: str) -> frozenset[str]:
    try:
        known = form(kind, form_version)
    except KeyError:  # a newer form than this program has
        known = form(kind)
    return frozenset(question.code for question in known.questions())


def _put_fact(
    store: LocalStore, uid: str, kind: RecordKind, scope: str, version: int, body: Mapping[str, Any], sha256: str
) -> None:
    """A fact that is here already keeps its content, for a fact never changes; only the server's version is noted."""
    if store.facts.get(uid) is not None:
        store.db.execute_sql("UPDATE fact SET version = ?, scope = ? WHERE uid = ?", (version, scope, uid))
        return
    known = {name: body[name] for name in FACT_KEYS if name in body}
    known["attachments"] = tuple(Attachment(**item) for item in body.get("attachments", ()))
    extra = {name: value for name, value in body.items() if name not in FACT_KEYS}
    fact = Fact(uid=uid, kind=kind, scope=scope, sha256=sha256, extra=extra, **known)
    store.put_fact(fact, version=version)
    store.db.execute_sql(
        "UPDATE blob SET state = 'stored' WHERE state = 'local' AND sha256 IN"
        " (SELECT sha256 FROM blob_link WHERE uid = ?) AND sha256 NOT IN"
        " (SELECT l.sha256 FROM blob_link l JOIN outbox o ON o.uid = l.uid)",
        (uid,),
    )


def _keep_unknown(store: LocalStore, uid: str, kind: str, scope: str, version: int, body: Mapping[str, Any]) -> None:
    row = {"uid": uid, "kind": kind, "scope_id": scope, "version": version, "body_json": dump(body)}
    store.db.put_row("unknown_record", row)
