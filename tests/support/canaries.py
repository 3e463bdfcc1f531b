"""Words that stand in one district's records only, and where they turn up: tables, files, free pages, answers, logs."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import zstandard
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from kube_field.domain.records import RecordKind
from kube_field.storage.store import LocalStore
from kube_field.wire.canonical import hash_of_change
from kube_field.wire.changes import from_wire
from kube_field.wire.codec import SizeLimits, from_json, to_json, unpack
from kube_field.wire.messages import WireChange
from tests.contracts.test_every_version_is_understood import changes_of
from tests.support.cutting_proxy import CuttingProxy, Way

PAGE, RESERVED, IV_BYTES = 4096, 80, 16
"""Of an SQLCipher 4 file: the end of a page holds its initialisation vector and seal."""
WAL_HEAD, FRAME_HEAD = 32, 24
TEXT = re.compile(r"[A-Z][a-z]|.* .")
"""What a person wrote: no code, no id, no date."""
INSTANT_OR_NUMBER = re.compile(r"\d{4}-\d\d-\d\d.*|L\d\d-.*|[\w-]*\d[\w-]*-7[\w-]*|64\..*")
ANY_SIZE = SizeLimits(arriving=64_000_000, inflated=64_000_000, ratio=10_000)


def traces_of(word: str) -> list[bytes]:
    """A word as it may stand in bytes: plain, UTF-16, hex, and base64 wherever it begins; all in small letters."""
    raws = [raw for text in (word, word.lower(), word.upper()) for raw in (text.encode(), text.encode("utf-16-le"))]
    inner = [_inside_base64(raw, shift) for raw in raws for shift in range(3)]
    return sorted({one.lower() for one in (*raws, *(raw.hex().encode() for raw in raws), *inner)})


def _inside_base64(raw: bytes, shift: int) -> bytes:
    """What base64 makes of it behind so many other bytes, without the signs that its neighbours share."""
    return base64.b64encode(bytes(shift) + raw)[2 * shift :].rstrip(b"=")[:-2]


class Watch:
    """The words of one district; `found_in` says which of them stand in something that others hold."""

    def __init__(self, *words: str) -> None:
        self._traces = {word: traces_of(word) for word in words}

    def found_in(self, *contents: bytes) -> list[str]:
        smalls = [content.lower() for content in contents]
        return [
            word for word, traces in self._traces.items() if any(trace in small for small in smalls for trace in traces)
        ]


def everything_in(store: LocalStore, *, but: tuple[str, ...] = ()) -> bytes:
    """Every row of every table, the words of the search index too."""
    return b"\n".join(tables_of(store, but).values())


def tables_of(store: LocalStore, but: tuple[str, ...] = ()) -> dict[str, bytes]:
    """The same, table by table."""
    names = [name for (name,) in store.db.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: _told(store, name) for name in names if name not in but}


def _told(store: LocalStore, table: str) -> bytes:
    rows = store.db.rows(f'SELECT * FROM "{table}"')
    return b"\n".join(cell if isinstance(cell, bytes) else str(cell).encode() for row in rows for cell in row)


def opened_pages(folder: Path, key: bytes) -> bytes:
    """Every page of the database and its log with the key, those too that hold nothing any more."""
    plain = [_plain(page, key, 16 if not n else 0) for n, page in enumerate(_pages((folder / "data.db").read_bytes()))]
    log = folder / "data.db-wal"
    frames = log.read_bytes()[WAL_HEAD:] if log.exists() else b""
    for at in range(0, len(frames) - FRAME_HEAD, FRAME_HEAD + PAGE):
        first = int.from_bytes(frames[at : at + 4], "big") == 1
        page = frames[at + FRAME_HEAD : at + FRAME_HEAD + PAGE]
        plain.append(_plain(page, key, 16 if first else 0) if len(page) == PAGE else b"")
    return b"".join(plain)


def _pages(content: bytes) -> Iterator[bytes]:
    for at in range(0, len(content), PAGE):
        yield content[at : at + PAGE]


def _plain(page: bytes, key: bytes, skip: int) -> bytes:
    end = PAGE - RESERVED
    cipher = Cipher(algorithms.AES(key), modes.CBC(page[end : end + IV_BYTES])).decryptor()
    return cipher.update(page[skip:end]) + cipher.finalize()


def files_below(folder: Path) -> bytes:
    """Names and raw bytes of all files."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return b"\n".join(part for path in paths for part in (str(path.relative_to(folder)).encode(), path.read_bytes()))


class ListeningProxy(CuttingProxy):
    """Remembers everything that one laptop was answered, unpacked."""

    def __init__(self, target: str) -> None:
        super().__init__(target)
        self.heard: list[bytes] = []

    def _carry(self, path: str, way: Way, message: bytes, to: Any) -> bool:
        if way == Way.ANSWER:
            self.heard.append(_unpacked(message))
        return super()._carry(path, way, message, to)


def _unpacked(message: bytes) -> bytes:
    head, _blank, body = message.partition(b"\r\n\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    encoding = fields.get(b"content-encoding", b"").decode()
    if encoding:
        raw = re.search(rb"content-digest: ([^\r]*)", head, re.IGNORECASE)
        assert raw is not None
        body = unpack(body, digest=raw[1].decode(), encoding=encoding, limits=ANY_SIZE)
    elif fields.get(b"content-type") == b"application/zstd" and fields[b"content-range"].startswith(b"bytes 0-"):
        body = zstandard.ZstdDecompressor().decompressobj().decompress(body)
    return head + body


def golden_changes(word: str, swaps: dict[str, str]) -> list[WireChange]:
    """One record of every kind that the first version wrote, as this district's own: its word in every free text."""
    text = json.dumps(changes_of("0.1.0"))
    for old, new in swaps.items():
        text = text.replace(old, new)
    return [_marked(change, word) for change in json.loads(text)]


def _marked(raw: dict[str, Any], word: str) -> WireChange:
    change = from_json(WireChange, to_json(raw))
    if change.kind != RecordKind.PROGRAM_BATCH:  # it is the whole province's
        change.set = {name: (old, marked(new, word)) for name, (old, new) in change.set.items()}
        change.set["x_rahasia"] = (None, {"isi": [word]})
    change.sha256 = hash_of_change(from_wire(change))
    return change


def marked(value: Any, word: str) -> Any:
    """A value with a word behind every text that a person wrote."""
    if isinstance(value, dict):
        return {name: marked(inner, word) for name, inner in value.items()}
    if isinstance(value, list):
        return [marked(inner, word) for inner in value]
    if isinstance(value, str) and TEXT.match(value) and not INSTANT_OR_NUMBER.fullmatch(value):
        return f"{value} {word}"
    return value
