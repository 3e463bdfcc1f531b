"""The courier's file: what goes in comes out, and a file that anybody touched is refused whole."""

from __future__ import annotations

import contextlib
import io
import os

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kube_field.wire.bundle import (
    MAGIC,
    BundleError,
    BundleFault,
    Direction,
    Frame,
    Header,
    Keys,
    read_frames,
    read_header,
    verify_bundle,
    write_bundle,
)

LAPTOP = Keys(bytes(range(32)), bytes(range(32, 64)))
SERVER = Keys(bytes(range(64, 96)), bytes(range(96, 128)))
HEADER = Header(id="b1", direction=Direction.UP, server="s", device="d", made_at="2026-11-23T02:03:04.567Z")
FRAMES = [Frame("push", b'{"changes":[]}'), Frame("photo", bytes(range(256)) * 40, "ab" * 32), Frame("hello", b"")]


def made(frames: list[Frame] | None = None, header: Header = HEADER) -> bytes:
    stream = io.BytesIO()
    write_bundle(
        stream,
        header,
        FRAMES if frames is None else frames,
        ours=LAPTOP,
        seal_to=SERVER.public()[1],
        file_key=os.urandom(32),
    )
    return stream.getvalue()


def read(content: bytes, ours: Keys = SERVER, signed_by: str = LAPTOP.public()[0]) -> list[Frame]:
    stream = io.BytesIO(content)
    verify_bundle(stream, len(content), signed_by=signed_by)
    return list(read_frames(stream, ours=ours))


def fault_of(content: bytes, ours: Keys = SERVER, signed_by: str = LAPTOP.public()[0]) -> BundleFault:
    with pytest.raises(BundleError) as refused:
        read(content, ours, signed_by)
    return refused.value.fault


@given(st.lists(st.builds(Frame, op=st.text(max_size=20), body=st.binary(max_size=3000), name=st.text(max_size=70))))
def test_what_goes_in_comes_out_in_order(frames: list[Frame]):
    assert read(made(frames)) == frames


def test_the_header_can_be_read_by_anybody_and_the_rest_by_nobody_else():
    content = made([Frame("push", b"6402011505700001 Siti")])
    assert read_header(io.BytesIO(content)) == HEADER
    assert b"6402011505700001" not in content
    assert fault_of(content, ours=LAPTOP) == BundleFault.NOT_FOR_US


@given(st.data())
def test_a_file_with_any_byte_changed_is_refused(data: st.DataObject):
    content = bytearray(made())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    assert fault_of(bytes(content)) == BundleFault.FOREIGN_SIGNATURE


@given(st.data())
def test_a_header_with_any_byte_changed_is_read_or_refused(data: st.DataObject):
    """It is read before the signature is: the file may name another laptop, or be no text at all."""
    content = bytearray(made())
    size = int.from_bytes(content[len(MAGIC) : len(MAGIC) + 4], "big")
    place = data.draw(st.integers(0, len(MAGIC) + 4 + size - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(BundleError):
        assert isinstance(read_header(io.BytesIO(bytes(content))), Header)


@given(st.data())
def test_a_file_that_was_cut_is_refused(data: st.DataObject):
    content = made()
    assert fault_of(content[: data.draw(st.integers(0, len(content) - 1))]) == BundleFault.FOREIGN_SIGNATURE


def test_a_file_signed_by_another_laptop_is_refused():
    assert fault_of(made(), signed_by=SERVER.public()[0]) == BundleFault.FOREIGN_SIGNATURE
    assert fault_of(made(), signed_by="kein hex") == BundleFault.FOREIGN_SIGNATURE


def test_a_frame_cannot_be_dropped_doubled_or_moved_even_by_its_signer():
    """The signature is not what orders the frames: their running number is part of each."""
    content = made([Frame("push", b"a" * 50), Frame("push", b"b" * 90)])
    at, sized = len(b"KUBEBUNDLE 1\n"), []
    while at < len(content) - 64:
        size = 4 + int.from_bytes(content[at : at + 4], "big")
        sized.append(content[at : at + size])
        at += size
    header, key, first, second, last = sized
    for order in ([second, first, last], [first, last], [second, last], [first, first, second, last], [first, second]):
        stream = io.BytesIO(b"KUBEBUNDLE 1\n" + b"".join([header, key, *order]))
        with pytest.raises(BundleError) as refused:
            list(read_frames(stream, ours=SERVER))
        assert refused.value.fault == BundleFault.DAMAGED


def test_another_header_before_the_same_frames_is_refused():
    content = made()
    other = made(header=Header(id="b2", direction=Direction.UP, server="s", device="d", made_at=HEADER.made_at))
    size = len(b"KUBEBUNDLE 1\n") + 4 + int.from_bytes(content[13:17], "big")
    mixed = io.BytesIO(other[:size] + content[size:])
    with pytest.raises(BundleError) as refused:
        list(read_frames(mixed, ours=SERVER))
    assert refused.value.fault == BundleFault.NOT_FOR_US


@given(st.binary(max_size=300))
@example(b"KUBEBUNDLE 1\n")
def test_any_other_file_is_no_bundle(content: bytes):
    with pytest.raises(BundleError) as refused:
        read_header(io.BytesIO(content))
    expected = BundleFault.DAMAGED if content.startswith(b"KUBEBUNDLE 1\n") else BundleFault.NOT_A_BUNDLE
    assert refused.value.fault == expected


def test_a_frame_that_would_burst_is_refused():
    assert fault_of(made([Frame("push", b"0" * 5_000_000)])) == BundleFault.DAMAGED
