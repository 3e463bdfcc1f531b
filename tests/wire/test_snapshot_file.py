"""A scope as one file: what goes in comes out, and a damaged file never counts as whole."""

from __future__ import annotations

import io

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from kube_field.wire.messages import Row
from kube_field.wire.snapshot import BadSnapshotError, SnapshotReader, write_snapshot


def packed(rows: list[Row]) -> bytes:
    file = io.BytesIO()
    assert write_snapshot(file, rows, scope="64.02.12", seq=9, chain="c", total="7") == len(rows)
    return file.getvalue()


def some_rows(count: int) -> list[Row]:
    return [Row(uid=f"uid-{n}", seq=n + 1, v=1, k="person", body={"name": f"Siti {n}"}) for n in range(count)]


@given(st.lists(st.dictionaries(st.text(max_size=5), st.text() | st.integers(-(2**53), 2**53), max_size=4), max_size=9))
def test_what_is_written_comes_out(bodies: list[dict[str, object]]):
    rows = [Row(uid=str(at), seq=at, v=1, body=body) for at, body in enumerate(bodies)]
    reader = SnapshotReader(io.BytesIO(packed(rows)))
    assert list(reader) == rows
    assert reader.end is not None
    assert (reader.end.scope, reader.end.seq, reader.end.chain, reader.end.sum) == ("64.02.12", 9, "c", "7")


def test_a_file_cut_anywhere_is_never_whole():
    whole = packed(some_rows(30))
    for length in range(len(whole)):
        reader = SnapshotReader(io.BytesIO(whole[:length]))
        with pytest.raises(BadSnapshotError):
            list(reader)


def test_something_else_is_no_snapshot():
    with pytest.raises(BadSnapshotError):
        list(SnapshotReader(io.BytesIO(b"<html>please log in</html>")))


@pytest.mark.parametrize("line", [b'{"uid":"\xb0"}', b"[" * 5000, b'{"uid":1}', b"{"])
def test_a_line_that_cannot_be_read_makes_no_snapshot(line: bytes):
    content = zstandard.ZstdCompressor().compress(line + b"\n")
    with pytest.raises(BadSnapshotError):
        list(SnapshotReader(io.BytesIO(content)))
