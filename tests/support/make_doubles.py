"""Possible doubles and merges on a laptop, brought by the server's own words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec

from kube_field.domain.records import Record
from kube_field.storage.projection import put_remote
from kube_field.storage.store import LocalStore
from kube_field.wire.server_words import Alias, Duplicate

CASE, MERGED_CASE = "dp:c1:64.02.12", "dp:c2:64.02.12"


def say(store: LocalStore, uid: str, kind: str, scope: str, word: Any) -> None:
    """Let the laptop take over one word of the server."""
    with store.transaction():
        put_remote(store, uid, kind, scope, 1, msgspec.to_builtins(word), "", "")


def put_twin(store: LocalStore, record: Record, uid: str, **answers: Any) -> Record:
    """A record that somebody else registered, like this one but for these answers; None takes an answer out."""
    told = {code: value for code, value in {**record.answers, **answers}.items() if value is not None}
    twin = replace(record, uid=uid, answers=told, version=1)
    body = {"form_version": twin.form_version, **twin.answers}
    with store.transaction():
        put_remote(store, uid, twin.kind, twin.scope, 1, body, "", "staff-budi")
    return twin


def put_double(store: LocalStore, first: Record, *others: Record, uid: str = CASE, **fields: Any) -> str:
    """An open case about these records; its uid."""
    told = {"reason": "nik", "case": uid.split(":")[1], **fields}
    uids = [record.uid for record in (first, *others)]
    say(store, uid, "duplicate", first.scope, Duplicate(uids=uids, record_kind=first.kind.value, **told))
    return uid


def put_merge(store: LocalStore, kept: Record, merged: Record, uid: str = MERGED_CASE, *, undone: bool = False) -> str:
    """These records were made one; the uid of the case."""
    say(store, f"al:{merged.uid}", "alias", kept.scope, Alias(old=merged.uid, new=kept.uid, undone=undone))
    word = Duplicate(uids=[kept.uid, merged.uid], record_kind=kept.kind.value, reason="nik", case=uid.split(":")[1])
    if not undone:
        word.state, word.kept, word.merged = "merged", kept.uid, merged.uid
        word.decided_by, word.decided_at = "Budi Contoh", "2026-11-21T06:42:00.000Z"
    say(store, uid, "duplicate", kept.scope, word)
    return uid
