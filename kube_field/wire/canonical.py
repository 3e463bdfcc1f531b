"""One spelling of a content, so that laptop, server, paper and QR agree on its SHA-256."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from typing import Any

import msgspec

from kube_field.domain.records import EDITABLE_KINDS, Change, Fact
from kube_field.errors import BugError


def canonical_json(value: Any) -> bytes:
    """UTF-8 JSON with sorted keys, NFC text and no spaces. Floats are refused: decimals travel as text.

    Raises: BugError for a float or a value that JSON has no word for.
    """
    return json.dumps(_normalised(value), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def quick_canonical(value: Any) -> bytes | None:
    """The canonical JSON of what a JSON reader gave that refuses floats; None where only `canonical_json` can tell.

    msgspec spells sorted JSON exactly as the standard library does, twenty times as fast; a test holds them together.
    """
    try:
        spelled = msgspec.json.encode(value, order="sorted")
    except (TypeError, UnicodeError):
        return None
    if spelled.isascii() or unicodedata.is_normalized("NFC", spelled.decode()):
        return spelled
    return None


def content_hash(value: Any) -> str:
    """SHA-256 of the canonical JSON, 64 hex digits."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def fact_body(fact: Fact) -> dict[str, Any]:
    """A fact as its fields travel and are stored by the server: everything but uid, kind, scope and the hash."""
    return {
        "form_version": fact.form_version,
        "subject_uid": fact.subject_uid,
        "occurred_on": fact.occurred_on,
        "answers": fact.answers,
        "author_uid": fact.author_uid,
        "author_name": fact.author_name,
        "finalised_at": fact.finalised_at,
        "document_id": fact.document_id,
        "revision": fact.revision,
        "supersedes": fact.supersedes,
        "number": fact.number,
        "snapshot": fact.snapshot,
        "confirmed": fact.confirmed,
        "attachments": [
            {"sha256": a.sha256, "size": a.size, "mime": a.mime, "question": a.question} for a in fact.attachments
        ],
    }


def fact_hash(uid: str, kind: str, body: Mapping[str, Any]) -> str:
    """Content hash of a fact: what receipt, paper and QR name."""
    return content_hash({"uid": uid, "kind": kind, **body})


def change_hash(uid: str, kind: str, sets: Mapping[str, tuple[Any, Any]]) -> str:
    """Content hash of an edit of an editable record."""
    return content_hash({"uid": uid, "kind": kind, "set": {name: list(pair) for name, pair in sets.items()}})


def hash_of_change(change: Change) -> str:
    """The hash that a change must carry: of the fact it brings, or of the edit it is."""
    if change.kind in EDITABLE_KINDS:
        return change_hash(change.uid, change.kind, change.sets)
    return fact_hash(change.uid, change.kind, {name: new for name, (_old, new) in change.sets.items()})


def _normalised(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Mapping):
        return {_normalised(str(key)): _normalised(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_normalised(item) for item in value]
    raise BugError(f"no canonical form for {type(value).__name__}")
