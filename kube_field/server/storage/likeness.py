"""What makes two people or families likely doubles: the same NIK or KK anywhere, or a like name born the same day here.

Numbers and birth dates are looked up by a keyed hash, so that the index itself names nobody (decision 9 of the design).
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from rapidfuzz import fuzz

from kube_field.domain.names import fold_name
from kube_field.domain.records import RecordKind
from kube_field.server.storage.record_rows import Stored

NIK, KK, NAME = "nik", "kk", "name"
NUMBERS: Mapping[str, tuple[tuple[str, str], ...]] = {
    RecordKind.PERSON.value: ((NIK, "nik"),),
    RecordKind.HOUSEHOLD.value: ((KK, "kk_number"),),
}
"""By kind of record: why it is a double, and the answer that says so."""
DIGITS = 16
ALIKE = 82
"""Smallest likeness (0 to 100) of two folded names, words in any order; as the laptop's search for similar people."""
MARK_LENGTH = 32


def marks_of(record: Stored | None, secret: bytes) -> dict[str, str]:
    """Under which marks a record is found, and why; nothing for one that is deleted, merged or of another kind."""
    if record is None or record.deleted or record.merged_into or record.kind not in NUMBERS:
        return {}
    fields = {**record.body, **record.extra}
    numbers = ((reason, str(fields.get(code, ""))) for reason, code in NUMBERS[record.kind])
    found = {keyed(secret, reason, number): reason for reason, number in numbers if _is_number(number)}
    born = fields.get("birth_date")
    if record.kind == RecordKind.PERSON and isinstance(born, str) and born and _name(fields):
        found[keyed(secret, NAME, record.scope, born)] = NAME
    return found


def is_alike(one: Stored, other: Stored) -> bool:
    """True when two people of one birth date and area have names that sound alike, and are not of different sex."""
    ours, theirs = {**one.body, **one.extra}, {**other.body, **other.extra}
    if ours.get("sex") and theirs.get("sex") and ours["sex"] != theirs["sex"]:
        return False
    return fuzz.token_sort_ratio(_name(ours), _name(theirs)) >= ALIKE


def case_id(secret: bytes, reason: str, one: str, other: str) -> str:
    """The id of the case about two records: only this server makes it, and it makes it again after a restore."""
    first, second = sorted((one, other))
    return keyed(secret, "case", reason, first, second)


def keyed(secret: bytes, *parts: str) -> str:
    """A keyed hash of some texts."""
    return hmac.new(secret, "\n".join(parts).encode("utf-8", "backslashreplace"), sha256).hexdigest()[:MARK_LENGTH]


def _name(fields: Mapping[str, Any]) -> str:
    name = fields.get("full_name")
    return fold_name(name).replace("y", "j") if isinstance(name, str) else ""


def _is_number(text: str) -> bool:
    return len(text) == DIGITS and text.isascii() and text.isdecimal()
