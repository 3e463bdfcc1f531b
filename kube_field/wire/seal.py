"""The seal of a finished report: what its QR says, signed by the laptop that finalised it.

Bytes of version 1, in this order (a text is its length in one byte, then UTF-8; a number is a varint):

    version, key (8), uid (a zero and 16 bytes, or a text), revision, day since 2000-01-01, number, unit,
    four figures (0 for none, else one more than the zigzag of the amount), content hash (32), Ed25519 signature (64)

On paper they stand as base32 behind `KFL`: capitals and digits only, so that the code stays small and that a scanner
which types on a keyboard can read it too. The signature covers every byte before it. `key` is the beginning of the
public key: who verifies looks the whole one up among those that the server told.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kube_field.domain.key_figures import KeyFigures
from kube_field.domain.records import Fact
from kube_field.wire.canonical import fact_body, fact_hash

VERSION = 1
MARK = "KFL"
SIGNED_AS = b"kube-field report 1\n"
KEY_BYTES, UID_BYTES, HASH_BYTES, SIGNATURE_BYTES = 8, 16, 32, 64
MOST_OF_A_UNIT = 40
"""Bytes of the unit's name in the code; a longer one is cut after a whole letter."""
MOST_OF_A_TEXT = 80
MOST_VARINT_BYTES = 10
FIRST_DAY = date(2000, 1, 1)
SEAL = "seal"
"""Where the snapshot of a fact keeps its seal; the hash in the code is that of the content without it."""


class SealError(ValueError):
    """This is no seal of a report, or not a whole one."""


@dataclass(frozen=True, slots=True)
class Seal:
    """What the code of a report says. `key` is hex; `content` is the SHA-256 of what was sealed; `unit` may be cut."""

    key: str
    uid: str
    revision: int
    on: date
    number: str
    unit: str
    figures: KeyFigures
    content: str
    signature: bytes = b""

    def signed(self, private: bytes) -> Seal:
        """The same with the signature of this private key."""
        signature = Ed25519PrivateKey.from_private_bytes(private).sign(SIGNED_AS + _content(self))
        return replace(self, signature=signature)

    def is_signed_by(self, public: str) -> bool:
        """True when the signature is of this public key (hex)."""
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
            key.verify(self.signature, SIGNED_AS + _content(self))
        except (InvalidSignature, ValueError):
            return False
        return True


def key_name(public: str) -> str:
    """The beginning of a public key (hex) by which a seal names it."""
    return public[: KEY_BYTES * 2]


def content_of(fact: Fact) -> str:
    """SHA-256 of the fact without its seal: what the seal is about."""
    bare = {name: value for name, value in fact.snapshot.items() if name != SEAL}
    return fact_hash(fact.uid, fact.kind.value, fact_body(replace(fact, snapshot=bare)))


def kept_seal(seal: Seal, *, registered: bool) -> dict[str, Any]:
    """The seal as the snapshot keeps it: whatever else it says is read from the fact."""
    signature = base64.b64encode(seal.signature).decode()
    return {"version": VERSION, "key": seal.key, "signature": signature, "registered": registered}


def seal_of(fact: Fact, figures: KeyFigures, unit: str) -> Seal | None:
    """The seal that a fact was frozen with; None for one without, or of a version that this program does not know."""
    kept = fact.snapshot.get(SEAL)
    if not isinstance(kept, Mapping) or kept.get("version") != VERSION:
        return None
    try:
        signature = base64.b64decode(str(kept.get("signature")), validate=True)
        return replace(unsigned_seal(fact, figures, unit, str(kept.get("key"))), signature=signature)
    except ValueError:
        return None


def unsigned_seal(fact: Fact, figures: KeyFigures, unit: str, key: str) -> Seal:
    """What the seal of a fact says. Raises: ValueError for a day that is none."""
    return Seal(
        key=key,
        uid=fact.uid,
        revision=fact.revision,
        on=date.fromisoformat(fact.occurred_on),
        number=fact.number,
        unit=cut_unit(unit),
        figures=figures,
        content=content_of(fact),
    )


def cut_unit(name: str) -> str:
    """A unit's name as far as a seal has room for it."""
    return _cut(name, MOST_OF_A_UNIT)


def seal_text(seal: Seal) -> str:
    """The seal as its QR holds it."""
    return MARK + base64.b32encode(_content(seal) + seal.signature).decode().rstrip("=")


def read_seal(text: str) -> Seal:
    """The seal out of what a QR holds or a scanner typed. Raises: SealError."""
    told = "".join(text.split()).upper()
    if not told.startswith(MARK):
        raise SealError("no seal of a report")
    body = told[len(MARK) :]
    try:
        raw = base64.b32decode(body + "=" * (-len(body) % 8))
    except binascii.Error as error:
        raise SealError("not base32") from error
    reader = _Reader(raw)
    if reader.take(1)[0] != VERSION:
        raise SealError("a version of tomorrow")
    seal = _read(reader)
    if reader.left():
        raise SealError("more than a seal")
    return seal


def _content(seal: Seal) -> bytes:
    """What is signed. Raises: ValueError for what no seal can hold."""
    return b"".join(
        (
            bytes((VERSION,)),
            bytes.fromhex(seal.key),
            _uid_bytes(seal.uid),
            _varint(seal.revision),
            _varint((seal.on - FIRST_DAY).days),
            _text(seal.number),
            _text(seal.unit),
            *(_figure(amount) for amount in seal.figures.amounts),
            bytes.fromhex(seal.content),
        )
    )


def _read(reader: _Reader) -> Seal:
    try:
        return Seal(
            key=reader.take(KEY_BYTES).hex(),
            uid=reader.uid(),
            revision=reader.varint(),
            on=FIRST_DAY + timedelta(days=reader.varint()),
            number=reader.text(),
            unit=reader.text(),
            figures=KeyFigures(*(reader.figure() for _name in KeyFigures.NAMES)),
            content=reader.take(HASH_BYTES).hex(),
            signature=reader.take(SIGNATURE_BYTES),
        )
    except (OverflowError, UnicodeDecodeError) as error:
        raise SealError("no seal could say this") from error


class _Reader:
    """Bytes read from their beginning. Every method raises SealError where they end too early."""

    def __init__(self, raw: bytes) -> None:
        self._raw, self._at = raw, 0

    def left(self) -> int:
        return len(self._raw) - self._at

    def take(self, count: int) -> bytes:
        if self.left() < count:
            raise SealError("cut short")
        self._at += count
        return self._raw[self._at - count : self._at]

    def varint(self) -> int:
        value = 0
        for at in range(MOST_VARINT_BYTES):
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << 7 * at
            if byte < 0x80:
                return value
        raise SealError("no number is that long")

    def text(self) -> str:
        length = self.take(1)[0]
        if length > MOST_OF_A_TEXT:
            raise SealError("no text is that long")
        return self.take(length).decode()

    def uid(self) -> str:
        length = self.take(1)[0]
        return self.take(length).decode() if length else str(UUID(bytes=self.take(UID_BYTES)))

    def figure(self) -> int | None:
        told = self.varint()
        zigzag = told - 1
        return None if not told else (zigzag >> 1) ^ -(zigzag & 1)


def _uid_bytes(uid: str) -> bytes:
    try:
        parsed = UUID(uid)
    except ValueError:
        return _text(uid)
    return b"\x00" + parsed.bytes if str(parsed) == uid else _text(uid)


def _text(text: str) -> bytes:
    raw = _cut(text, MOST_OF_A_TEXT).encode()
    return bytes((len(raw),)) + raw


def _cut(text: str, most: int) -> str:
    """The beginning of a text that fits into so many bytes."""
    return text.encode()[:most].decode(errors="ignore")


def _figure(amount: int | None) -> bytes:
    return _varint(0) if amount is None else _varint(1 + (amount << 1 if amount >= 0 else (-amount << 1) - 1))


def _varint(value: int) -> bytes:
    if value < 0:
        raise ValueError("no negative number here")
    told = bytearray()
    while value >= 0x80:
        told.append(value & 0x7F | 0x80)
        value >>= 7
    told.append(value)
    return bytes(told)
