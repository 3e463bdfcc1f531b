"""A scope as one immutable file: zstd over JSON lines, the standing records in the order of the feed, one last line."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import BinaryIO

import zstandard
from msgspec import Struct, json

from kube_field.wire.codec import UNREADABLE
from kube_field.wire.messages import Row

SUFFIX = ".jsonl.zst"
LEVEL = 12
WINDOW_BYTES = 8 * 1024 * 1024
"""How much a laptop has to hold while it inflates."""
MAX_LINE_BYTES = 8_000_000
END = b'{"end":'


class SnapshotEnd(Struct, kw_only=True):
    """The last line: which state of the scope the file holds, and how many rows came before."""

    end: bool = True
    scope: str
    seq: int
    chain: str
    sum: str
    rows: int


class BadSnapshotError(ValueError):
    """The file is cut off, damaged, or not a snapshot."""


def write_snapshot(file: BinaryIO, rows: Iterable[Row], *, scope: str, seq: int, chain: str, total: str) -> int:
    """Write all of it; the number of rows. The caller makes it durable."""
    count = 0
    settings = zstandard.ZstdCompressionParameters.from_level(LEVEL, window_log=WINDOW_BYTES.bit_length() - 1)
    packer = zstandard.ZstdCompressor(compression_params=settings)
    with packer.stream_writer(file, closefd=False) as out:
        for row in rows:
            out.write(json.encode(row) + b"\n")
            count += 1
        out.write(json.encode(SnapshotEnd(scope=scope, seq=seq, chain=chain, sum=total, rows=count)) + b"\n")
    return count


class SnapshotReader:
    """Iterates over the rows of a file; `end` is the last line once all rows were read. Raises: BadSnapshotError."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.end: SnapshotEnd | None = None

    def __iter__(self) -> Iterator[Row]:
        try:
            yield from self._rows()
        except (*UNREADABLE, zstandard.ZstdError) as error:
            raise BadSnapshotError(str(error)) from error

    def _rows(self) -> Iterator[Row]:
        count = 0
        unpacker = zstandard.ZstdDecompressor(max_window_size=WINDOW_BYTES)
        with unpacker.stream_reader(self._file, closefd=False) as reader:
            content = io.BufferedReader(reader)
            while line := content.readline(MAX_LINE_BYTES):
                if line.startswith(END):
                    self.end = json.decode(line, type=SnapshotEnd)
                    break
                yield json.decode(line, type=Row)
                count += 1
        if self.end is None or self.end.rows != count:
            raise BadSnapshotError("the snapshot is cut off")
