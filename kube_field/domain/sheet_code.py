"""The code of a blank visit sheet: which unit it is for, by an opaque id; no name, no place, no number of a person.

`KFU` and base32 of one version byte and the id: 16 bytes of a UUID, or any other id as text.
"""

from __future__ import annotations

import base64
import binascii
from uuid import UUID

MARK = "KFU"
AS_UUID, AS_TEXT = b"\x01", b"\x02"
UUID_BYTES = 16
MOST_OF_AN_ID = 80


def sheet_code(uid: str) -> str:
    """What the code of a unit's sheet says."""
    try:
        parsed = UUID(uid)
    except ValueError:
        raw = AS_TEXT + uid.encode()
    else:
        raw = AS_UUID + parsed.bytes if str(parsed) == uid else AS_TEXT + uid.encode()
    return MARK + base64.b32encode(raw).decode().rstrip("=")


def is_sheet_code(text: str) -> bool:
    """True for what looks like the code of a sheet."""
    return text.strip().upper().startswith(MARK)


def read_sheet_code(text: str) -> str:
    """The unit's id, "" for what is no code of a sheet."""
    told = "".join(text.split()).upper()
    if not told.startswith(MARK):
        return ""
    body = told[len(MARK) :]
    try:
        raw = base64.b32decode(body + "=" * (-len(body) % 8))
        if raw[:1] == AS_UUID and len(raw) == UUID_BYTES + 1:
            return str(UUID(bytes=raw[1:]))
        return raw[1:].decode() if raw[:1] == AS_TEXT and len(raw) <= MOST_OF_AN_ID else ""
    except (binascii.Error, ValueError):
        return ""
