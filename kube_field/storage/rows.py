"""From domain objects to table rows and back; JSON columns are text in one spelling."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import msgspec

from kube_field.domain.records import Attachment, Change, Draft, Fact, Record, RecordKind
from kube_field.sqlite.failures import damaged
from kube_field.storage.headers import fact_header, record_header

Row: TypeAlias = Mapping[str, Any]
"""Columns of one row by name."""


def dump(value: Any) -> str:
    """JSON text of an answer or a mapping, keys sorted; msgspec spells it as the standard library does, but quicker."""
    try:
        return msgspec.json.encode(value, order="sorted").decode()
    except (TypeError, UnicodeError):  # another mapping than a dict, half a character
        return ENCODER.encode(value)


def load(text: str, read: Callable[[str], Any] = json.loads) -> Any:
    """What a JSON column holds; msgspec reads it quicker where numbers are small.

    Raises: KubeFieldError with INTEGRITY: SQLCipher gives the rest of a long text as zeros when its page is not what
    was sealed, and only the next statement fails.
    """
    try:
        return read(text)
    except (ValueError, msgspec.DecodeError):
        raise damaged() from None


def record_row(record: Record) -> dict[str, Any]:
    """The columns of an editable record. Raises: UnfitError."""
    return {
        "uid": record.uid,
        "scope": record.scope,
        "form_version": record.form_version,
        "version": record.version,
        "answers": dump(record.answers),
        "extra": dump(record.extra),
        "deleted": record.deleted,
        "updated_at": record.updated_at,
        "updated_by": record.updated_by,
        **record_header(record.kind, record.answers),
    }


def record_of(row: Row, kind: RecordKind) -> Record:
    """The record in a row."""
    return Record(
        uid=row["uid"],
        kind=kind,
        form_version=row["form_version"],
        scope=row["scope"],
        answers=load(row["answers"]),
        version=row["version"],
        extra=load(row["extra"]),
        deleted=bool(row["deleted"]),
        updated_at=row["updated_at"],
        updated_by=row["updated_by"],
    )


FACT_TEXTS = (
    "uid",
    "document_id",
    "supersedes",
    "number",
    "form_version",
    "scope",
    "subject_uid",
    "occurred_on",
    "author_uid",
    "author_name",
    "finalised_at",
    "sha256",
)
DRAFT_TEXTS = (
    "uid",
    "form_version",
    "record_uid",
    "subject_uid",
    "author_uid",
    "created_at",
    "updated_at",
    "document_id",
    "supersedes",
    "title",
)
"""Columns that repeat a field of the same name."""


def fact_row(fact: Fact) -> dict[str, Any]:
    """The columns of a fact. Raises: UnfitError."""
    return {
        **{name: getattr(fact, name) for name in FACT_TEXTS},
        "kind": fact.kind.value,
        "revision": fact.revision,
        "answers": dump(fact.answers),
        "snapshot": dump(fact.snapshot),
        "confirmed": dump(fact.confirmed),
        "attachments": dump([attachment_item(item) for item in fact.attachments]),
        "extra": dump(fact.extra),
        **fact_header(fact),
    }


def fact_of(row: Row) -> Fact:
    """The fact in a row."""
    return Fact(
        **{name: row[name] for name in FACT_TEXTS},
        kind=RecordKind(row["kind"]),
        revision=row["revision"],
        answers=load(row["answers"]),
        snapshot=load(row["snapshot"]),
        confirmed=load(row["confirmed"]),
        attachments=tuple(Attachment(**item) for item in load(row["attachments"])),
        extra=load(row["extra"]),
    )


def attachment_item(attachment: Attachment) -> dict[str, Any]:
    """An attachment as JSON."""
    return {
        "sha256": attachment.sha256,
        "size": attachment.size,
        "mime": attachment.mime,
        "question": attachment.question,
    }


def draft_row(draft: Draft) -> dict[str, Any]:
    """The columns of a draft."""
    return {
        **{name: getattr(draft, name) for name in DRAFT_TEXTS},
        "kind": draft.kind.value,
        "revision": draft.revision,
        "answers": dump(draft.answers),
    }


def draft_of(row: Row) -> Draft:
    """The draft in a row."""
    return Draft(
        **{name: row[name] for name in DRAFT_TEXTS},
        kind=RecordKind(row["kind"]),
        revision=row["revision"],
        answers=load(row["answers"]),
    )


def change_row(change: Change, *, size: int, seen_in: str, written_after: str | None) -> dict[str, Any]:
    """The columns of a change that now waits in the outbox; its content of `size` bytes lies beside it."""
    return {
        "change_id": change.id,
        "uid": change.uid,
        "kind": change.kind.value,
        "scope_id": change.scope,
        "base_version": change.base_version,
        "form_version": change.form_version,
        "size": size,
        "deps_json": dump(list(change.deps)),
        "resolves_json": dump(list(change.resolves)),
        "by_uid": change.by,
        "at": change.at,
        "reason": change.reason,
        "sha256": change.sha256,
        "created": change.create,
        "state": "queued",
        "seen_in": seen_in,
        "written_after": written_after,
    }


def change_of(row: Row) -> Change:
    """The change in a row of the outbox with its content (`outbox_whole`)."""
    sets = load(row["sets_json"], msgspec.json.decode)
    return Change(
        id=row["change_id"],
        uid=row["uid"],
        kind=RecordKind(row["kind"]),
        scope=row["scope_id"],
        base_version=row["base_version"],
        form_version=row["form_version"],
        sets={name: (pair[0], pair[1]) for name, pair in sets.items()},
        by=row["by_uid"],
        at=row["at"],
        sha256=row["sha256"],
        create=bool(row["created"]),
        deps=tuple(load(row["deps_json"], msgspec.json.decode)),
        resolves=tuple(load(row["resolves_json"], msgspec.json.decode)),
        reason=row["reason"],
        seen_in=row["lies_in"] if row["lies_in"] != row["scope_id"] else "",
        again=bool(row["ever_kept"]) and row["state"] != "acked",
        after=row["written_after"],
    )


def _plain(value: object) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is no answer")


ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)
"""Made once: a page of a download writes thousands of JSON columns."""
