"""Bodies to bytes and back: JSON, zstd or gzip, Content-Digest, with limits before and after inflating."""

from __future__ import annotations

import base64
import functools
import gzip
import hashlib
import zlib
from dataclasses import dataclass
from gettext import gettext as _
from typing import Any, TypeVar

import msgspec
import zstandard
from msgspec import Struct

from kube_field.wire.known_words import pack_with_words, words_for_unpacking, words_name
from kube_field.wire.refusals import Refusal, RefusalCode

Body = TypeVar("Body")

PACKED_ABOVE_BYTES = 400
GZIP_LEVEL = 6
GZIP, ZSTD = "gzip", "zstd"

SMALL_BYTES = 64 * 1024
ZSTD_LEVEL, ZSTD_LEVEL_SMALL = 6, 15
"""A small body costs a few milliseconds at the thorough level, and a slow line thanks for it."""
MAX_WINDOW_BYTES = 8 * 1024 * 1024
MAX_DEPTH = 32
MAX_COMMAS = 1_000_000
"""Of a message: more than the fullest table has, whose values are told once for each row."""
RATIO_COUNTS_ABOVE = 1_000_000


@dataclass(frozen=True, slots=True)
class SizeLimits:
    """Bytes of a body as it arrives and after inflating, and how many times it may grow (security design 2.6)."""

    arriving: int = 8_000_000
    inflated: int = 8_000_000
    ratio: int = 50


UNREADABLE = (msgspec.DecodeError, UnicodeError, RecursionError)
"""What decoding of foreign bytes raises: no JSON or of another form, no UTF-8, too deep."""


def to_json(body: Any) -> bytes:
    """A message as JSON."""
    return msgspec.json.encode(body)


def from_json(kind: type[Body], raw: bytes) -> Body:
    """A message out of JSON. Raises: Refusal, also for more values than any has: objects weigh 40 times as much."""
    if raw.count(b",") > MAX_COMMAS:
        raise too_large()
    try:
        return msgspec.json.decode(raw, type=kind)
    except UNREADABLE as error:
        raise unreadable() from error


@functools.cache
def prepare_messages() -> None:
    """Have msgspec look at every message that is known by now, in this one thread.

    It does so at the first use otherwise, and dies when a second thread reads the same message meanwhile.
    """
    waiting = [Struct]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind is not Struct:
            msgspec.json.Decoder(kind)


def unreadable() -> Refusal:
    """The refusal of what is no message."""
    return Refusal(RefusalCode.BODY_UNREADABLE, _("Isi pesan tidak dapat dibaca."))


def digest_header(raw: bytes) -> str:
    """Value of Content-Digest (RFC 9530) for the bytes as they travel."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(raw).digest()).decode()}:"


def check_digest(raw: bytes, header: str) -> None:
    """Compare bytes with their Content-Digest; a body without one is refused too. Raises: Refusal."""
    if header.replace(" ", "") != digest_header(raw):
        raise Refusal(RefusalCode.DIGEST_MISMATCH, _("Isi pesan rusak di jalan; kirim ulang."))


def codings() -> str:
    """What this side reads, the best one first: value of Accept-Encoding, of requests and of our server's answers."""
    return f"{words_name()}, {ZSTD}, {GZIP}"


def pack(raw: bytes, *, accepted: str = GZIP) -> tuple[bytes, dict[str, str]]:
    """Bytes as they travel and their headers; small bodies stay uncompressed. The same input gives the same bytes.

    `accepted` is what the other side reads, as in its Accept-Encoding.
    """
    headers = {"Content-Type": "application/json"}
    coding, packed = _packed(raw, {name.strip() for name in accepted.split(",")})
    if coding:
        raw, headers["Content-Encoding"] = packed, coding
    headers["Content-Digest"] = digest_header(raw)
    return raw, headers


def unpack(raw: bytes, *, digest: str, encoding: str, limits: SizeLimits) -> bytes:
    """The JSON inside the bytes that arrived. Raises: Refusal when too large, broken or of an unknown encoding."""
    if len(raw) > limits.arriving:
        raise too_large()
    check_digest(raw, digest)
    if encoding in ("", "identity"):
        return raw
    if encoding == GZIP:
        return _inflate(raw, limits)
    if encoding in (ZSTD, words_name()):
        return _unzstd(raw, limits, None if encoding == ZSTD else words_for_unpacking())
    raise Refusal(RefusalCode.BODY_UNREADABLE, _("Cara pemampatan pesan tidak dikenal."))


def too_large() -> Refusal:
    """The refusal for a body beyond a limit."""
    return Refusal(RefusalCode.BODY_TOO_LARGE, _("Pesan terlalu besar."))


def depth_within(value: Any, limit: int = MAX_DEPTH) -> bool:
    """True when lists and objects are nested at most `limit` deep."""
    level = _nested([value])
    for _depth in range(limit - 1):
        level = _nested([inner for item in level for inner in (item.values() if isinstance(item, dict) else item)])
        if not level:
            return True
    return False


def _nested(items: list[Any]) -> list[Any]:
    return [item for item in items if isinstance(item, dict | list | tuple)]


def _packed(raw: bytes, accepted: set[str]) -> tuple[str, bytes]:
    """The best coding that the other side reads, and the bytes in it; "" where none makes them fewer."""
    if words_name() in accepted and len(raw) <= SMALL_BYTES:
        packed = pack_with_words(raw)
        return (words_name(), packed) if len(packed) < len(raw) else ("", raw)
    if len(raw) <= PACKED_ABOVE_BYTES:
        return "", raw
    if ZSTD in accepted:
        return ZSTD, _zstd(raw)
    return (GZIP, gzip.compress(raw, GZIP_LEVEL, mtime=0)) if GZIP in accepted else ("", raw)


def _zstd(raw: bytes) -> bytes:
    level = ZSTD_LEVEL if len(raw) > SMALL_BYTES else ZSTD_LEVEL_SMALL
    return zstandard.ZstdCompressor(level=level).compress(raw)


def _unzstd(raw: bytes, limits: SizeLimits, words: zstandard.ZstdCompressionDict | None) -> bytes:
    """One frame that says how large its content is: who does not say it is none of ours. Raises: Refusal."""
    try:
        size = zstandard.frame_content_size(raw)
        if size > limits.inflated or (size > RATIO_COUNTS_ABOVE and size > limits.ratio * len(raw)):
            raise too_large()
        if size >= 0:
            reader = zstandard.ZstdDecompressor(dict_data=words, max_window_size=MAX_WINDOW_BYTES)
            return reader.decompress(raw, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise unreadable() from error
    raise unreadable()


def _inflate(raw: bytes, limits: SizeLimits) -> bytes:
    inflater = zlib.decompressobj(wbits=31)
    try:
        content = inflater.decompress(raw, limits.inflated + 1)
    except zlib.error as error:
        raise unreadable() from error
    bomb = len(content) > RATIO_COUNTS_ABOVE and len(content) > limits.ratio * len(raw)
    if len(content) > limits.inflated or bomb:
        raise too_large()
    if not inflater.eof:
        raise Refusal(RefusalCode.BODY_UNREADABLE, _("Isi pesan terpotong."))
    return content
