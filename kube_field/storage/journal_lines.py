"""The lines of the journal: each is sealed on its own, has a number, and names the hash of the line before it.

A line is `NUMBER HASH CIPHERTEXT`; number and hash are part of what is sealed. Whatever happened to one line, those
after it are still read.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
START = "0" * 32
"""What the very first line names as the line before it."""
HASH_DIGITS = len(START)

Body = Mapping[str, Any]
"""What a line says, as JSON."""


@dataclass(slots=True)
class Lines:
    """What a file of lines says; `seq` and `link` are number and hash of the last line that could be read.

    `damaged` counts lines that cannot be read, and places where the numbers or hashes do not follow each other.
    """

    bodies: list[tuple[Body, int]] = field(default_factory=list)
    """Each line's content and its length in the file."""
    seq: int = 0
    link: str = START
    damaged: int = 0
    is_torn: bool = False
    """True when the file ends in the middle of a line."""


def read_lines(raw: bytes, cipher: AESGCM) -> Lines:
    """All lines that verify, in their order; nothing in a file can make this fail."""
    lines = Lines(is_torn=bool(raw) and not raw.endswith(b"\n"))
    for line in raw.split(b"\n"):
        if line:
            _read(line, cipher, lines)
    return lines


def seal_lines(bodies: Iterable[Body], cipher: AESGCM, seq: int, link: str) -> tuple[list[bytes], int, str]:
    """Lines that go on after the line of this number and hash; with number and hash of the last one."""
    sealed: list[bytes] = []
    for body in bodies:
        seq += 1
        head = f"{seq} {link}".encode()
        nonce = os.urandom(NONCE_BYTES)
        content = nonce + cipher.encrypt(nonce, msgspec.json.encode(body), head)
        line = head + b" " + base64.b64encode(content)
        link = _hash(line)
        sealed.append(line + b"\n")
    return sealed, seq, link


def _read(line: bytes, cipher: AESGCM, lines: Lines) -> None:
    opened = _opened(line, cipher)
    if opened is None or opened[0] <= lines.seq:
        lines.damaged += 1
        return
    seq, link, body = opened
    lines.damaged += bool(lines.bodies) and (seq != lines.seq + 1 or link != lines.link)
    lines.seq, lines.link = seq, _hash(line)
    lines.bodies.append((body, len(line) + 1))


def _opened(line: bytes, cipher: AESGCM) -> tuple[int, str, Body] | None:
    head, _gap, content = line.rpartition(b" ")
    try:
        number, _space, link = head.decode().partition(" ")
        sealed = base64.b64decode(content, validate=True)
        body = msgspec.json.decode(cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], head))
        return (int(number), link, body) if isinstance(body, dict) else None
    except (InvalidTag, binascii.Error, ValueError, msgspec.DecodeError):
        return None


def _hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()[:HASH_DIGITS]
