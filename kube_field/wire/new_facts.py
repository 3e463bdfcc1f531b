"""A batch of new facts as a table on its way up, and the one receipt that answers for all of it.

A fact's content hash is not sent: the server computes it from the content anyway, and one proof for all of them shows
that both sides mean the same. The server makes out of each row the very change that would have been sent alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from msgspec import Struct

from kube_field.domain.records import EDITABLE_KINDS, Change, RecordKind
from kube_field.errors import BugError
from kube_field.wire.canonical import canonical_json, quick_canonical
from kube_field.wire.codec import to_json
from kube_field.wire.columns import MAX_TABLE_BYTES, Table, columns_of, hashes_proof, rows_of

PLAIN_FACTS = frozenset(kind for kind in RecordKind if kind not in EDITABLE_KINDS) - {
    RecordKind.MERGE_DECISION,
    RecordKind.REVIEW,
    RecordKind.REFERRAL,
}
"""Facts that do nothing but stand there; a referral may have to lie apart from its subject."""
MAX_WEIGHT = 2 * MAX_TABLE_BYTES
"""Of the contents together as JSON; a laptop counts them by a measure of its own."""


class Taken(Struct, kw_only=True):
    """Every fact of a table was taken in: the server's word for all of them since this instant.

    `proof` is that of the content hashes that the server holds; a laptop whose own give another one has no receipt.
    """

    n: int
    receipt: str
    at: str
    proof: str


def receipt_id(receipt: str, change_id: str) -> str:
    """The receipt of one change out of that of its batch."""
    digits = sha256(f"{receipt}\n{change_id}".encode()).hexdigest()[:32]
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def is_plain(change: Change) -> bool:
    """True for a change that may travel in a table."""
    if change.kind not in PLAIN_FACTS or not change.create or change.base_version or change.resolves:
        return False
    if change.again or change.seen_in:  # words for which a table has no column
        return False
    return all(old is None for old, _new in change.sets.values())


def table_of(changes: Sequence[Change]) -> Table:
    """Plain new facts, one at least, as a table."""
    rows = [_row(change) for change in changes]
    return Table(n=len(rows), columns=columns_of(rows), proof=hashes_proof(change.sha256 for change in changes))


def changes_in(table: Table) -> list[bytes]:
    """Each change as it would have travelled alone. Raises: ValueError where the sender meant something else."""
    hashes: list[str] = []
    changes, weight = [], 0
    for row in rows_of(table.columns, table.n):
        content = row.pop("set", None)
        if not isinstance(content, dict):
            raise ValueError("a row without content")
        weight += len(to_json(content))  # what all rows share is told once and weighs in each of them
        if weight > MAX_WEIGHT:
            raise ValueError("too much in its rows")
        hashes.append(hash_of_content(row.get("uid"), row.get("kind"), content))
        changes.append(to_json({**row, **_NEW, "set": _pairs(content), "sha256": hashes[-1]}))
    if hashes_proof(hashes) != table.proof:
        raise ValueError("other contents than the sender's")
    return changes


def hash_of_content(uid: object, kind: object, content: Mapping[str, Any]) -> str:
    """Content hash of a fact that was read from JSON. Raises: ValueError where it cannot have one."""
    whole = {"uid": uid, "kind": kind, **content}
    try:
        return sha256(quick_canonical(whole) or canonical_json(whole)).hexdigest()
    except (BugError, UnicodeError) as error:  # a number that travels as text, half a character
        raise ValueError("no canonical content") from error


_NEW = {"base": 0, "create": True}


def _row(change: Change) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": change.id,
        "uid": change.uid,
        "kind": change.kind.value,
        "scope": change.scope,
        "form": change.form_version,
        "by": change.by,
        "at": change.at,
        "set": {name: new for name, (_old, new) in change.sets.items()},
    }
    if change.deps:
        row["deps"] = list(change.deps)
    if change.reason:
        row["reason"] = change.reason
    return row


def _pairs(content: dict[str, Any]) -> dict[str, tuple[None, Any]]:
    return {name: (None, value) for name, value in content.items()}
