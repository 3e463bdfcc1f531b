"""The courier's file: requests or answers of the protocol, sealed to whom it is for and signed by whom it is from.

A `*.kubebundle` is read by anybody only as far as its header (who, to whom, when, how many). Layout:

    magic, header (length, JSON), sealed key (length, HPKE), frames (length, AES-256-GCM) …, end, Ed25519 signature

Every frame is sealed with the file's own random key under its running number, so that none can be dropped, doubled
or moved; the last one is empty and marked as last. The signature covers every byte before it and is checked before
anything is opened. HPKE is RFC 9180, base mode, X25519, HKDF-SHA256, AES-256-GCM.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

import msgspec
import zstandard
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from msgspec import Struct, field

from kube_field.wire.codec import UNREADABLE, to_json
from kube_field.wire.messages import Word

SUFFIX = ".kubebundle"
MAGIC = b"KUBEBUNDLE 1\n"
SIGNED_AS = b"kube-field bundle 1\n"
SIGNATURE_BYTES = 64
MAX_HEADER_BYTES = 65_536
MAX_SEALED_KEY_BYTES = 1_024
MAX_FRAME_BYTES = 4_000_000
"""Of one frame, sealed as well as inflated: what a hostile file can make us hold."""
PIECE = 1_048_576
_MORE, _LAST = b"\x00", b"\x01"
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


ANSWER_PREFIX = "jawaban-"


class Direction(StrEnum):
    """Up: a laptop's requests on their way to the server. Down: the server's answers to one laptop."""

    UP = "up"
    DOWN = "down"


class BundleFault(StrEnum):
    """Why a file is not taken in."""

    NOT_A_BUNDLE = "not_a_bundle"
    DAMAGED = "damaged"
    FOREIGN_SIGNATURE = "foreign_signature"
    NOT_FOR_US = "not_for_us"


class BundleError(Exception):
    """A courier file that cannot be trusted or read; nothing of it was taken in."""

    def __init__(self, fault: BundleFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class Header(Struct, kw_only=True):
    """What everybody may read of a bundle: no person, no area. `id` is new for every file."""

    id: Word
    direction: Direction
    server: Word
    device: Word
    made_at: Word
    answers: Word = ""
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Frame:
    """One body of the protocol: `op` says which, `name` which one of them (a scope, a photo), `body` its bytes."""

    op: str
    body: bytes
    name: str = ""


@dataclass(frozen=True, slots=True)
class Keys:
    """A pair of keys of one side: to sign what it sends and to open what is sealed to it; 32 raw bytes each."""

    sign: bytes
    seal: bytes

    def public(self) -> tuple[str, str]:
        """What the other side needs to know, in hex: the signing and the sealing key."""
        signing = Ed25519PrivateKey.from_private_bytes(self.sign).public_key()
        sealing = X25519PrivateKey.from_private_bytes(self.seal).public_key()
        return signing.public_bytes_raw().hex(), sealing.public_bytes_raw().hex()


def answer_path(path: Path) -> Path:
    """Where the answer to a bundle is written: beside it."""
    return path.with_name(f"{ANSWER_PREFIX}{path.name}")


def unanswered(folder: Path) -> list[Path]:
    """The up bundles in a folder that have no answer beside them, by name. Raises: OSError."""
    found = sorted(path for path in folder.iterdir() if path.suffix == SUFFIX)
    return [path for path in found if not path.name.startswith(ANSWER_PREFIX) and not answer_path(path).exists()]


def write_bundle(
    stream: BinaryIO, header: Header, frames: Iterable[Frame], *, ours: Keys, seal_to: str, file_key: bytes
) -> None:
    """Write a bundle from us to whoever holds the sealing key `seal_to` (hex). `file_key` is 32 fresh random bytes."""
    out = _Hashing(stream)
    start = to_json(header)
    out.write(MAGIC)
    out.write_sized(start)
    recipient = X25519PublicKey.from_public_bytes(bytes.fromhex(seal_to))
    out.write_sized(_SUITE.encrypt(file_key, recipient, info=_bound_to(start)))
    cipher, number = AESGCM(file_key), 0
    for frame in frames:
        out.write_sized(cipher.encrypt(_nonce(number), _packed(frame), _MORE + _bound_to(start)))
        number += 1
    out.write_sized(cipher.encrypt(_nonce(number), b"", _LAST + _bound_to(start)))
    stream.write(Ed25519PrivateKey.from_private_bytes(ours.sign).sign(SIGNED_AS + out.digest()))


def read_header(stream: BinaryIO) -> Header:
    """The open part of a bundle, not yet to be trusted; the stream stands behind it then. Raises: BundleError."""
    if stream.read(len(MAGIC)) != MAGIC:
        raise BundleError(BundleFault.NOT_A_BUNDLE)
    try:
        return msgspec.json.decode(_sized(stream, MAX_HEADER_BYTES), type=Header)
    except UNREADABLE as error:
        raise BundleError(BundleFault.DAMAGED) from error


def verify_bundle(stream: BinaryIO, size: int, *, signed_by: str) -> None:
    """Check the signature over a whole file of `size` bytes, from its start. Raises: BundleError."""
    stream.seek(0)
    digest, left = hashlib.sha256(), size - SIGNATURE_BYTES
    while left > 0 and (piece := stream.read(min(PIECE, left))):
        digest.update(piece)
        left -= len(piece)
    signature = stream.read(SIGNATURE_BYTES)
    stream.seek(0)
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(signed_by)).verify(signature, SIGNED_AS + digest.digest())
    except (InvalidSignature, ValueError) as error:
        raise BundleError(BundleFault.FOREIGN_SIGNATURE) from error


def read_frames(stream: BinaryIO, *, ours: Keys) -> Iterator[Frame]:
    """The frames of a bundle whose signature was checked, from its start; each is whole and in its place.

    Raises: BundleError, also in the middle: what came before it is authentic.
    """
    stream.seek(0)
    read_header(stream)
    start = _header_bytes(stream)
    try:
        private = X25519PrivateKey.from_private_bytes(ours.seal)
        file_key = _SUITE.decrypt(_sized(stream, MAX_SEALED_KEY_BYTES), private, info=_bound_to(start))
    except (InvalidTag, ValueError) as error:
        raise BundleError(BundleFault.NOT_FOR_US) from error
    cipher, number = AESGCM(file_key), 0
    while True:
        sealed = _sized(stream, MAX_FRAME_BYTES)
        if (content := _opened(cipher, number, sealed, _MORE + _bound_to(start))) is None:
            if _opened(cipher, number, sealed, _LAST + _bound_to(start)) is None:
                raise BundleError(BundleFault.DAMAGED)
            return
        yield _unpacked(content)
        number += 1


class _Hashing:
    """A stream that remembers the hash of what was written."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()

    def write(self, content: bytes) -> None:
        self._stream.write(content)
        self._hash.update(content)

    def write_sized(self, content: bytes) -> None:
        self.write(len(content).to_bytes(4, "big"))
        self.write(content)

    def digest(self) -> bytes:
        return self._hash.digest()


def _packed(frame: Frame) -> bytes:
    head = to_json([frame.op, frame.name])
    return len(head).to_bytes(2, "big") + head + zstandard.ZstdCompressor(level=3).compress(frame.body)


def _unpacked(content: bytes) -> Frame:
    size = int.from_bytes(content[:2], "big")
    try:
        op, name = msgspec.json.decode(content[2 : 2 + size], type=tuple[str, str])
        inflate = zstandard.ZstdDecompressor().decompressobj()
        body = inflate.decompress(content[2 + size :]) if _inflated_size(content[2 + size :]) else b""
    except (*UNREADABLE, zstandard.ZstdError) as error:
        raise BundleError(BundleFault.DAMAGED) from error
    return Frame(op, body, name)


def _inflated_size(content: bytes) -> int:
    size = zstandard.get_frame_parameters(content).content_size
    if size > MAX_FRAME_BYTES:  # an unknown size is huge as well
        raise BundleError(BundleFault.DAMAGED)
    return size


def _opened(cipher: AESGCM, number: int, sealed: bytes, bound: bytes) -> bytes | None:
    try:
        return cipher.decrypt(_nonce(number), sealed, bound)
    except InvalidTag:
        return None


def _sized(stream: BinaryIO, most: int) -> bytes:
    size = int.from_bytes(stream.read(4), "big")
    content = stream.read(size) if 0 < size <= most else b""
    if len(content) != size or not size:
        raise BundleError(BundleFault.DAMAGED)
    return content


def _header_bytes(stream: BinaryIO) -> bytes:
    """The header as it was written, for what is sealed is bound to it; leaves the stream behind it."""
    stream.seek(len(MAGIC))
    return _sized(stream, MAX_HEADER_BYTES)


def _bound_to(start: bytes) -> bytes:
    return hashlib.sha256(start).digest()


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")
