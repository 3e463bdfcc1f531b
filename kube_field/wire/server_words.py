"""Records that only the server writes: what it tells laptops through the same feed, cursor and proofs as any record.

They are no `RecordKind`: a laptop never sends one and shows each in its own way.
"""

from __future__ import annotations

import json
import re
from enum import StrEnum
from hashlib import sha256
from typing import Any

from msgspec import Struct, field

from kube_field.wire.messages import FieldError, WireReceipt

KABUPATEN_LENGTH = len("64.02")
KEY_DIGITS = 16
SHELF = re.compile(r"64\.\d{2}:[0-9A-Za-z._-]{1,80}")


class ServerKind(StrEnum):
    """The wire name of each kind of word."""

    CONFLICT = "conflict"
    DECISION = "decision"
    DUPLICATE = "duplicate"
    ALIAS = "alias"
    ERASED = "erased"
    LAPTOP = "laptop"


class Conflict(Struct, kw_only=True):
    """Two people changed one field (sync design 4): `kept` stands in the record, `other` is shown beside it.

    Lies in the scope of its record and moves with it. `kept_by`, `other_by` are the names of the authors, `kept_at`
    and `other_at` the server's times. `state` is open or resolved; then `chosen` is the value that was decided.
    """

    record: str
    record_kind: str
    field: str
    base: Any = None
    kept: Any = None
    other: Any = None
    kept_by: str = ""
    kept_at: str = ""
    other_by: str = ""
    other_at: str = ""
    change: str
    state: str = "open"
    chosen: Any = None
    resolved_by: str = ""
    resolved_at: str = ""


class Decision(Struct, kw_only=True):
    """What became of a change that was not decided when it arrived; lies in the scope of whoever sent it."""

    change: str
    status: str
    version: int = 0
    errors: list[FieldError] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    receipt: WireReceipt | None = None


class Duplicate(Struct, kw_only=True):
    """Two records may be one person or family. A laptop that sees only one of them finds only that one in `uids`.

    `reason` is nik, kk or name; `state` is open, merged, different (a supervisor looked and kept them apart) or gone
    (the likeness is no more, or no record of it lies here). Each scope has a word of its own, joined by `case`.
    """

    uids: list[str]
    record_kind: str
    reason: str
    state: str = "open"
    elsewhere: bool = False
    decided_by: str = ""
    decided_at: str = ""
    case: str = ""
    kept: str = ""
    merged: str = ""
    """Which one stands since the merge, and which one is seen under it."""


class Alias(Struct, kw_only=True):
    """The record `old` was merged into `new`; `undone` when a supervisor took the merge back."""

    old: str
    new: str
    undone: bool = False


class Erased(Struct, kw_only=True):
    """The record under this word's own uid was erased for good: whatever is known of it goes."""


class LaptopKey(Struct, kw_only=True):
    """The signing key (hex) of a laptop: with it any other one verifies its reports; lies in the province's scope.

    `code` begins its document numbers, `holder` is who enrolled it. A word never changes: its uid follows from what it
    says, so that it means the same in every life of the server. A revoked laptop gets one more, with `revoked_at`.
    """

    device: str
    code: str
    key: str
    holder: str = ""
    revoked_at: str = ""


ERASED_CODE = "ERASED"
"""Code of the refusal of a change about somebody who was erased."""


def conflict_uid(change_id: str, name: str) -> str:
    """The uid of a conflict: one per change and field."""
    return f"cf:{change_id}:{name}"


def decision_uid(change_id: str) -> str:
    """The uid of a late decision."""
    return f"d:{change_id}"


def duplicate_uid(case: str, scope: str) -> str:
    """The uid of the word about a possible double in one scope."""
    return f"dp:{case}:{scope}"


def alias_uid(old: str) -> str:
    """The uid of the word about a merged record."""
    return f"al:{old}"


def laptop_uid(said: LaptopKey) -> str:
    """The uid of a word about the key of a laptop."""
    told = json.dumps([said.device, said.code, said.key, said.holder, said.revoked_at])
    return f"lk:{said.device}:{sha256(told.encode()).hexdigest()[:KEY_DIGITS]}"


def user_scope(uid: str) -> str:
    """The scope of one person: late decisions about what he sent."""
    return f"user:{uid}"


def shelf_scope(scope: str, author_uid: str) -> str:
    """The scope of what an officer wrote that only he and the supervisors of the kabupaten may see."""
    return f"{scope[:KABUPATEN_LENGTH]}:{author_uid}"


def is_shelf(scope: str) -> bool:
    """True for a scope of one officer's restricted facts."""
    return SHELF.fullmatch(scope) is not None
