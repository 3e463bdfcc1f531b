"""Bodies survive the way, and nothing broken, too large or foreign gets in."""

from __future__ import annotations

import gzip

import msgspec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from kube_field.domain.forms.catalogue import every_form
from kube_field.wire.again import Again, AgainAnswer
from kube_field.wire.codec import (
    MAX_COMMAS,
    SizeLimits,
    codings,
    depth_within,
    digest_header,
    from_json,
    pack,
    to_json,
    unpack,
)
from kube_field.wire.known_words import known_words, words_name
from kube_field.wire.messages import (
    ChangeResult,
    Fed,
    Hello,
    HelloAnswer,
    Limits,
    Person,
    Pull,
    PullAnswer,
    Push,
    ScopeOffer,
    ScopeState,
    WireChange,
)
from kube_field.wire.new_facts import Taken
from kube_field.wire.refusals import STATUS_OF, Refusal, RefusalCode

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
CHANGES = st.builds(
    WireChange,
    id=st.text(min_size=1),
    uid=st.text(min_size=1),
    kind=st.text(),
    scope=st.text(),
    base=st.integers(0, 2**53),
    set=st.dictionaries(st.text(), st.tuples(JSON, JSON), max_size=4),
    by=st.text(),
    at=st.text(),
    sha256=st.text(),
    deps=st.lists(st.text(), max_size=3),
    reason=st.text(),
)


def arrive(raw: bytes, headers: dict[str, str], limits: SizeLimits | None = None) -> bytes:
    encoding = headers.get("Content-Encoding", "")
    return unpack(raw, digest=headers["Content-Digest"], encoding=encoding, limits=limits or SizeLimits())


def refused(raw: bytes, headers: dict[str, str], limits: SizeLimits | None = None) -> RefusalCode:
    with pytest.raises(Refusal) as caught:
        arrive(raw, headers, limits)
    return caught.value.code


@given(CHANGES)
def test_a_change_arrives_as_it_was_sent(change: WireChange):
    assert from_json(WireChange, arrive(*pack(to_json(change)))) == change


@given(st.binary(max_size=3000))
def test_any_bytes_come_out_as_they_went_in(raw: bytes):
    assert arrive(*pack(raw)) == raw
    assert pack(raw) == pack(raw)


@given(st.binary(min_size=1, max_size=600), st.integers(0), st.integers(1, 255))
def test_one_flipped_byte_is_noticed(raw: bytes, at: int, flip: int):
    packed, headers = pack(raw)
    broken = bytearray(packed)
    broken[at % len(broken)] ^= flip
    assert refused(bytes(broken), headers) == RefusalCode.DIGEST_MISMATCH


def read_or_refused(kind: type, raw: bytes) -> object:
    try:
        return type(from_json(kind, raw))
    except Refusal as refusal:
        return refusal.code


def test_a_body_without_digest_is_refused():
    assert refused(b"{}", {"Content-Digest": ""}) == RefusalCode.DIGEST_MISMATCH


def test_a_bomb_is_refused_before_it_inflates():
    bomb = gzip.compress(b"0" * 50_000_000)
    headers = {"Content-Encoding": "gzip", "Content-Digest": digest_header(bomb)}
    assert refused(bomb, headers) == RefusalCode.BODY_TOO_LARGE
    assert refused(bomb, headers, SizeLimits(inflated=60_000_000, ratio=50)) == RefusalCode.BODY_TOO_LARGE


def test_a_cut_gzip_is_refused():
    cut = gzip.compress(b"abc" * 1000)[:-9]
    headers = {"Content-Encoding": "gzip", "Content-Digest": digest_header(cut)}
    assert refused(cut, headers) == RefusalCode.BODY_UNREADABLE


def test_an_unknown_encoding_is_refused():
    assert refused(b"x", {"Content-Encoding": "br", "Content-Digest": digest_header(b"x")}) == (
        RefusalCode.BODY_UNREADABLE
    )


@given(st.binary(max_size=200))
def test_junk_is_never_more_than_a_refusal(raw: bytes):
    for kind in (Hello, Push, WireChange):
        assert read_or_refused(kind, raw) in (kind, RefusalCode.BODY_UNREADABLE)


def test_fields_of_a_newer_program_are_passed_over():
    raw = to_json(Hello(device="d", step="s", scopes={"64": ScopeState(seq=4)}))
    newer = msgspec.json.encode({**msgspec.json.decode(raw), "x_new": [1, {"a": 2}]})
    assert from_json(Hello, newer) == from_json(Hello, raw)


def test_a_change_that_cannot_be_read_does_not_hide_the_others():
    raw = b'{"device":"d","step":"s","changes":[{"id":5},"junk",{"id":"c"}]}'
    assert [bytes(item) for item in from_json(Push, raw).changes] == [b'{"id":5}', b'"junk"', b'{"id":"c"}']


def test_nesting_is_limited():
    value: object = 1
    for _level in range(32):
        value = [value]
    assert depth_within(value, 33)
    assert not depth_within(value, 32)


def test_millions_of_nothings_are_refused_before_they_are_made():
    head, tail = b'{"device":"d","step":"s","later":[', b"{}]}"
    assert from_json(Hello, head + b"{}," * (MAX_COMMAS - 2) + tail).device == "d"
    with pytest.raises(Refusal) as caught:
        from_json(Hello, head + b"{}," * (MAX_COMMAS - 1) + tail)
    assert caught.value.code == RefusalCode.BODY_TOO_LARGE


def test_every_refusal_has_a_status():
    assert set(STATUS_OF) == set(RefusalCode)
    assert all(status >= 400 for status in STATUS_OF.values())


@given(raw=st.binary(max_size=3000))
def test_any_bytes_come_out_of_zstd_as_they_went_in(raw: bytes):
    packed, headers = pack(raw, accepted="gzip, zstd")
    assert headers.get("Content-Encoding", "") == ("zstd" if len(raw) > 400 else "")
    assert arrive(packed, headers) == raw


def test_gzip_is_taken_where_the_other_side_does_not_know_zstd():
    assert pack(b"x" * 500)[1]["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in pack(b"x" * 500, accepted="br")[1]


def test_bombs_cuts_and_frames_of_unknown_size_are_refused_in_zstd_too():
    bomb = zstandard.ZstdCompressor().compress(b"0" * 50_000_000)
    whole = zstandard.ZstdCompressor().compress(b"0" * 500)
    unsized = zstandard.ZstdCompressor(write_content_size=False).compress(b"0" * 500)
    expected = {bomb: RefusalCode.BODY_TOO_LARGE}
    for raw in (bomb, whole[:-1], unsized, whole + b"x", b"junk"):
        headers = {"Content-Encoding": "zstd", "Content-Digest": digest_header(raw)}
        assert refused(raw, headers) == expected.get(raw, RefusalCode.BODY_UNREADABLE)


def test_a_small_message_is_packed_from_words_that_both_sides_know():
    raw = to_json(Again(terms="a" * 16, continuity="t", step="s", seen=[(1, "c" * 64)], waiting=1))
    packed, headers = pack(raw, accepted=codings())
    assert headers["Content-Encoding"] == words_name()
    assert len(packed) < len(pack(raw, accepted="zstd")[0]) * 0.7
    assert arrive(packed, headers) == raw


def test_a_large_message_and_one_that_would_grow_go_without_the_words():
    large = b"".join(b"%d," % n for n in range(20_000))
    assert pack(large, accepted=codings())[1]["Content-Encoding"] == "zstd"
    assert "Content-Encoding" not in pack(b"7", accepted=codings())[1]


def test_who_knows_other_words_says_so():
    packed, headers = pack(b'{"terms":"","terms":"","continuity":""}', accepted=codings())
    headers["Content-Encoding"] = "zstd-00000000"
    with pytest.raises(Refusal) as caught:
        arrive(packed, headers)
    assert caught.value.code == RefusalCode.BODY_UNREADABLE


@given(st.binary(max_size=300))
def test_no_bytes_are_read_otherwise_than_they_were_packed(raw: bytes):
    assert arrive(*pack(raw, accepted=codings())) == raw


@pytest.mark.parametrize(
    "message",
    [Hello, HelloAnswer, ScopeOffer, Limits, Person, Pull, PullAnswer, Again, AgainAnswer, Taken, Fed, ChangeResult],
)
def test_the_words_hold_the_names_of_what_is_said_often(message: type[Struct]):
    words = known_words().decode()
    unsaid = {"photos", "notice", "keys", "snapshot"}
    assert [name for name in message.__struct_fields__ if f'"{name}":' not in words and name not in unsaid] == []


def test_the_words_hold_every_question_of_every_form():
    words = known_words().decode()
    for form in every_form():
        assert [one.code for one in form.questions() if f'"{one.code}":' not in words] == []
