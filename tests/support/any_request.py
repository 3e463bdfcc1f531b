"""Requests as no laptop would make them: hypothesis strategies drawn from the server's own list of addresses."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha512
from typing import Any
from urllib.parse import quote

import msgspec
import zstandard
from hypothesis import strategies as st
from msgspec import inspect

from kube_field.server.app import ADDRESSES
from kube_field.wire.codec import GZIP, ZSTD, digest_header
from kube_field.wire.columns import Columns

DEEP = 100_000
LARGE = 10_000_000
EVIL_NUMBERS = (0, -1, 1, 2**31, -(2**31) - 1, 2**53, 2**63 - 1, -(2**63), 2**63, 2**64, 2**70, -(2**70), 10**400)
EVIL_TEXTS = (
    "", "\x00", "a\x00b", "\ud800", "\udfff x", "\U0010ffff", "٣٢", "1e400", "null", "NaN", "' OR 1=1 --", "%s%n{0}",
    "../../grants.jsonl", "\r\nX-Evil: 1", "<script>", "=1+1", "Z" * 5_000, "1" * 5_000, "9999-12-31T23:59:59Z",
    "0000-00-00", "64.02.12", "64", "user:user-rina", "ref", "\u202e\ufeff", "٦٤.٠٢.١٢",
)  # fmt: skip
EVIL_PARTS = (
    "..", "%2e%2e%2f%2e%2e%2fserver.db", "%00", "%ff%fe", "%ed%a0%80", "a" * 3_000, "-1", "0", "1", "9" * 30, "%D9%A3",
    "64.02.12", "64", "*", "0" * 64, "%0d%0aX-Evil:%201", "%252e%252e", "x?y=1", "x#y", "~", "start", "f" * 64,
)  # fmt: skip
EVIL_HEADERS = {
    "Range": (
        "bytes=0-", "bytes=-5", "bytes=5-1", "bytes=0-999999999999", "bytes=999999999999-", "bytes=0-1,3-4",
        "bytes=a-b",
        "bytes=" + "9" * 60 + "-", "lines=1-2", "bytes=٣-٩", "",
    ),
    "Upload-Offset": ("0", "-1", "9" * 12, "9" * 40, "x", "", "٣", "1e3"),
    "Authorization": (
        "", "Bearer", "Bearer ", "Bearer \xff\xfe", "Basic eDp5", "bearer x", "Bearer " + "x" * 8_000, "Bearer a b",
    ),
    "Accept-Encoding": ("", "zstd", "gzip", "br", "zstd;q=0", "*", "," * 500),
    "Content-Type": ("", "text/html", "application/json; charset=utf-16", "multipart/form-data"),
    "Expect": ("100-continue",),
    "X-Forwarded-For": ("127.0.0.1", "\xff"),
}  # fmt: skip

texts = st.one_of(st.text(max_size=30), st.sampled_from(EVIL_TEXTS))
numbers = st.one_of(st.integers(-(2**70), 2**70), st.sampled_from(EVIL_NUMBERS))
scalars = st.one_of(st.none(), st.booleans(), numbers, st.floats(), texts)
anything = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=8,
)


@dataclass(frozen=True)
class AnyRequest:
    """What goes over the line; `who` names the caller."""

    method: str
    path: str
    body: bytes
    who: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Known:
    """Values that the server knows, by the name of the field that they fit into."""

    values: dict[str, list[Any]]
    callers: tuple[str, ...]

    def of(self, name: str) -> st.SearchStrategy[Any]:
        return st.sampled_from(self.values.get(name) or [""])


def requests(known: Known) -> st.SearchStrategy[AnyRequest]:
    """Any request to any address that the server has."""
    return st.one_of([_requests_to(method, path, endpoint.body, known) for method, path, endpoint in ADDRESSES])


def as_json(value: Any) -> bytes:
    """JSON as a careless program writes it: NaN, half characters as escapes, numbers of any length."""
    return json.dumps(value, ensure_ascii=True, default=str).encode()


def _requests_to(method: str, path: str, body: Any, known: Known) -> st.SearchStrategy[AnyRequest]:
    contents = _no_body() if body is None else _files() if body is bytes else _messages(body, known)

    @st.composite
    def made(draw: Callable[[Any], Any]) -> AnyRequest:
        """Most of what is wrong is wrong in one way, so that it comes as far inside as it can."""
        content, who = draw(contents), draw(st.sampled_from(known.callers))
        verb, headers = method, {"Content-Digest": digest_header(content)}
        spoiled = draw(st.sampled_from(["nothing"] * 5 + ["headers", "headers", "body", "verb"]))
        if spoiled == "body":
            content, headers = draw(_travelling(content))
        if spoiled == "verb":
            verb = draw(st.sampled_from(["GET", "POST", "PUT", "PATCH", "HEAD", "OPTIONS"]))
        if spoiled == "headers" or body in (None, bytes):
            name = draw(st.sampled_from(list(EVIL_HEADERS)))
            headers[name] = draw(st.sampled_from(EVIL_HEADERS[name]))
        return AnyRequest(verb, draw(_paths(path, known)), content, who, headers)

    return made()


def _files() -> st.SearchStrategy[bytes]:
    """A piece of a photo or a courier's file, or what says it is one."""
    head = st.fixed_dictionaries({"id": texts, "server": texts, "device": texts, "made_at": texts, "direction": texts})
    return st.one_of(
        st.binary(max_size=300), head.map(as_json).map(bundle_of), st.just(b"KUBEBUNDLE 1\n\xff\xff\xff\xff")
    )


def bundle_of(head: bytes) -> bytes:
    return b"KUBEBUNDLE 1\n" + len(head).to_bytes(4, "big") + head + bytes(80)


def _no_body() -> st.SearchStrategy[bytes]:
    return st.sampled_from([b"", b"", b"{}", b"x" * 5_000])


def _paths(path: str, known: Known) -> st.SearchStrategy[str]:
    """The address with its parts filled in, by something known or something evil; sometimes with a query."""

    def filled(parts: list[str], query: str) -> str:
        found = path
        for part in parts:
            start, end = found.find("{"), found.find("}")
            found = found if start < 0 else found[:start] + part + found[end + 1 :]
        return found + query

    names = [piece.split("}")[0] for piece in path.split("{")[1:]]
    parts = [
        st.one_of(known.of(name).map(lambda value: quote(str(value))), st.sampled_from(EVIL_PARTS)) for name in names
    ]
    queries = st.sampled_from(["", "", "", "?", "?a=%00", "?" + "b" * 2_000])
    return st.builds(filled, st.tuples(*parts).map(list), queries)


@st.composite
def _travelling(draw: Callable[[Any], Any], content: bytes) -> tuple[bytes, dict[str, str]]:
    """A body as it travels: packed or not, told truly or not."""
    way = draw(st.sampled_from(["plain", "gzip", "zstd", "lies", "unknown", "half", "tail"]))
    headers: dict[str, str] = {}
    if way in ("gzip", "half", "tail"):
        content, headers = gzip.compress(content, 1), {"Content-Encoding": GZIP}
    elif way == "zstd":
        content, headers = zstandard.compress(content, 1), {"Content-Encoding": ZSTD}
    elif way in ("lies", "unknown"):
        names = [GZIP, ZSTD] if way == "lies" else ["br", "deflate", "gzip, gzip", "\xff", "x" * 500]
        headers = {"Content-Encoding": draw(st.sampled_from(names))}
    content = content[: len(content) // 2] if way == "half" else content + b"\x1f\x8btail" if way == "tail" else content
    headers |= draw(_digests(content))
    return content, headers


def _digests(content: bytes) -> st.SearchStrategy[dict[str, str]]:
    other = f"sha-512=:{sha512(content).hexdigest()}:"
    wrong = [
        "",
        digest_header(content + b"x"),
        other,
        "sha-256=::",
        "sha-256=:\xff:",
        digest_header(content) + ", " + other,
    ]
    return st.sampled_from([digest_header(content)] * 6 + wrong).map(lambda value: {"Content-Digest": value})


def _messages(body: type, known: Known) -> st.SearchStrategy[bytes]:
    """A message as declared, with one field too few, too many or of another kind, damaged, or none at all."""
    kind = inspect.type_info(body)
    assert isinstance(kind, inspect.StructType)
    names = [one.encode_name for one in kind.fields]
    evil = st.one_of(st.sampled_from([*EVIL_NUMBERS, *EVIL_TEXTS, [], {}, None, True, 0.5]), anything)
    whole = _shaped(kind, known, "")
    spoiled = st.tuples(whole, st.sampled_from(names), evil).map(lambda it: {**it[0], it[1]: it[2]})
    lacking = st.tuples(whole, st.sampled_from(names)).map(lambda it: {k: v for k, v in it[0].items() if k != it[1]})
    told = [*[whole] * 4, *[spoiled] * 3, lacking, whole.map(lambda it: {**it, "lebih": [1]})]
    return st.one_of(
        *[one.map(as_json) for one in told],
        st.tuples(whole.map(as_json), st.integers(0, 200), st.binary(min_size=1, max_size=4)).map(_damaged),
        st.one_of(
            st.sampled_from(
                [b"[" * DEEP, b'{"a":' * DEEP, b"1" * 100_000, b'"' + b"\xed\xa0\x80", b"{}" * 500, b"nul"]
            ),
            st.sampled_from([b"", b"\xff\xfe{}", b"\xef\xbb\xbf{}"]),
            anything.map(as_json),
        ),
    )


def _damaged(parts: tuple[bytes, int, bytes]) -> bytes:
    content, place, piece = parts
    place = min(place, len(content))
    return content[:place] + piece + content[place + len(piece) :]


def _shaped(kind: inspect.Type, known: Known, name: str) -> st.SearchStrategy[Any]:
    """Values of the shape that a message declares, mostly what the server knows, so that they get far inside."""
    known_ones = known.of(name) if name in known.values else None
    if isinstance(kind, inspect.ListType):
        several = st.lists(_shaped(kind.item_type, known, name), max_size=3)
        return st.one_of(several, *[known.of(f"many {name}")] * (4 if f"many {name}" in known.values else 0))
    if isinstance(kind, inspect.IntType):
        return st.one_of(*[st.integers(0, 30) if known_ones is None else known_ones] * 6, numbers)
    if isinstance(kind, inspect.StrType):
        return texts if known_ones is None else st.one_of(*[known_ones] * 8, texts)
    if isinstance(kind, inspect.RawType):
        return st.one_of(known.of("change"), known.of("change"), st.tuples(known.of("change"), anything).map(_changed))
    return _composed(kind, known, name)


def _columns() -> st.SearchStrategy[dict[str, Any]]:
    """Columns of a table that fit now and then."""
    names = st.sampled_from(["id", "uid", "kind", "scope", "by", "at", "form", "set", "sha256", "a\x00b"])
    column = st.lists(anything, max_size=2)
    parts = {
        "all": st.dictionaries(names, anything, max_size=6),
        "each": st.dictionaries(names, column, max_size=3),
        "some": st.dictionaries(names, st.tuples(st.lists(numbers, max_size=2), column), max_size=2),
    }
    flat = st.fixed_dictionaries(parts)
    return st.fixed_dictionaries({**parts, "inner": st.dictionaries(names, flat, max_size=2)})


def _composed(kind: inspect.Type, known: Known, name: str) -> st.SearchStrategy[Any]:
    if isinstance(kind, inspect.StructType) and kind.cls is Columns:
        return _columns()
    if isinstance(kind, inspect.StructType):
        return st.fixed_dictionaries({one.encode_name: _shaped(one.type, known, one.name) for one in kind.fields})
    if isinstance(kind, inspect.UnionType):
        return st.one_of([_shaped(one, known, name) for one in kind.types])
    if isinstance(kind, inspect.DictType):
        return st.dictionaries(known.of("scope"), _shaped(kind.value_type, known, name), max_size=2)
    return st.none() if isinstance(kind, inspect.NoneType) else anything


def _changed(parts: tuple[dict[str, Any], Any]) -> Any:
    """A change with something else in one of its fields; which one the value itself decides."""
    change, value = parts
    names = sorted(change)
    return {**change, names[len(repr(value)) % len(names)]: value}


def each_field_spoiled(valid: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """A message with one of its texts or numbers replaced by what no database takes, for each of them, also inside."""
    for name, value in valid.items():
        inner = each_field_spoiled(value) if isinstance(value, dict) else ()
        for where, spoiled in inner:
            yield f"{name}.{where}", {**valid, name: spoiled}
        if isinstance(value, dict):
            yield name, {**valid, name: {"a\x00": next(iter(value.values()), None)}}
        for evil in ("a\x00b", 2**63, -(2**63), 10**400, -(2**53), 2**53):
            yield f"{name}={evil!s:.20}", {**valid, name: [evil] if isinstance(value, list) else evil}


def example_of(body: type, known: Known) -> dict[str, Any]:
    """One well-formed message of this type."""
    kind = inspect.type_info(body)
    assert isinstance(kind, inspect.StructType)
    return {one.encode_name: _example(one.type, known, one.name) for one in kind.fields}


def _example(kind: inspect.Type, known: Known, name: str) -> Any:
    if isinstance(kind, inspect.StructType) and kind.cls is Columns:
        return {"all": {"uid": "u"}, "each": {}, "some": {}, "inner": {}}
    if name in known.values and not isinstance(kind, inspect.ListType):
        return known.values[name][0]
    if isinstance(kind, inspect.StructType):
        return {one.encode_name: _example(one.type, known, one.name) for one in kind.fields}
    if isinstance(kind, inspect.UnionType):
        return next(_example(one, known, name) for one in kind.types if not isinstance(one, inspect.NoneType))
    if isinstance(kind, inspect.ListType):
        return known.values.get(f"many {name}", [[]])[0]
    if isinstance(kind, inspect.DictType):
        return {"64.02.12": _example(kind.value_type, known, "")}
    return 0 if isinstance(kind, inspect.IntType) else "x"


def parsed(raw: bytes) -> Any:
    """The JSON of an answer."""
    return msgspec.json.decode(raw)
