"""The real server process under a flood of hostile bodies: what it holds stays bounded, and it goes on answering."""

from __future__ import annotations

import gzip
import http.client
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
import zstandard

from kube_field.domain.records import Role
from kube_field.sync.transports.http import HttpTransport
from kube_field.usecases.enrolment import enrol
from kube_field.usecases.sync import connection, sync_now, sync_store
from kube_field.wire.codec import MAX_COMMAS, digest_header
from tests.bench.peers.own_process import peak_mib
from tests.support.laptop import make_laptop
from tests.support.make_records import register_household
from tests.support.real_server import RealServer
from tests.support.server import http_of

MOST_MIB = 500
"""What a flood may add, however many come at once: 8 long bodies are read, for a moment twice, and two are judged."""
FEW, MANY = 4, 32
FULL = 7_900_000
"""Just below what one request may bring."""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the peak of another process is told by /proc")


def filled(head: bytes, piece: bytes, tail: bytes) -> bytes:
    return head + piece * ((FULL - len(head) - len(tail) - 1) // len(piece)) + piece.rstrip(b",") + tail


MOST_PIECES = MAX_COMMAS - 20


def one_change(device: str, value: bytes) -> bytes:
    """A batch of one change with this value."""
    change = (
        b'{"id":"i","uid":"u","kind":"household","scope":"64.02.12","by":"b","at":"a","sha256":"0","set":{"a":[null,'
    )
    return b'{"device":"' + device.encode() + b'","step":"s","changes":[' + change + value + b"]}}]}"


CHANGES = {
    "change of nothings": b"[" + b"{}," * 2_600_000 + b"{}]",
    "change of as many as are read": b"[" + b"{}," * MOST_PIECES + b"{}]",
    "change of one text": b'"' + b"u" * (FULL - 1_000) + b'"',
}
"""Values of a single change."""


BODIES = {
    "short ids": ("have", filled(b'{"ids":[', b'"a",', b"]}"), ""),
    "small changes": ("push", filled(b'{"device":"d","step":"s","changes":[', b"1,", b"]}"), ""),
    "changes in short": ("again", filled(b'{"terms":"t","continuity":"c","step":"s","changes":[', b"1,", b"]}"), ""),
    "changes twice": ("push", filled(b'{"device":"d","step":"s","changes":[', b"1,", b'],"changes":[]}'), ""),
    "uids": ("pull", filled(b'{"scope":"64.02.12","uids":[', b'"ab",', b"]}"), ""),
    "areas": ("hello", filled(b'{"device":"d","step":"s","scopes":{', b'"a":{},', b"}}"), ""),
    "a table of as many as are read": (
        "push",
        b'{"device":"d","step":"s","changes":[],"facts":{"n":2000,"columns":{"all":{"set":{"a":['
        + b"{}," * MOST_PIECES
        + b"{}]}}}}}",
        "",
    ),
    "a table": (
        "push",
        filled(
            b'{"device":"d","step":"s","changes":[],"facts":{"n":2000,"columns":{"all":{"set":{"a":[', b"{},", b"]}}}}}"
        ),
        "",
    ),
    "one text": ("login", filled(b'{"device":"d","password":"p","user":"', b"u", b'"}'), ""),
    "unknown fields": ("enrol", filled(b'{"code":"x","lain":[', b"{},", b"]}"), ""),
    "deep": ("hello", b'{"scopes":' + b"[" * 100_000, ""),
    "gzip bomb": ("hello", gzip.compress(bytes(400_000_000), 1), "gzip"),
    "zstd bomb": ("hello", zstandard.compress(bytes(400_000_000), 1), "zstd"),
    "too large": ("push", b"x" * 10_000_000, ""),
}


@dataclass(frozen=True)
class Flooded:
    """A server process and the officer who belongs there."""

    server: RealServer
    token: str
    device: str

    def send(self, path: str, body: bytes, encoding: str, token: str) -> int:
        headers = {"Content-Digest": digest_header(body), "Content-Encoding": encoding}
        line = http.client.HTTPConnection(self.server.url.removeprefix("http://"), timeout=120)
        try:
            line.request("POST", f"/sync/v1/{path}", body, {**headers, "Authorization": f"Bearer {token}"})
            answer = line.getresponse()
            answer.read()
            return answer.status
        except ConnectionError:  # refused before it had told everything
            return 413
        finally:
            line.close()

    def flood(self, flood: str, at_once: int, token: str) -> None:
        path, body, encoding = BODIES.get(flood) or ("push", one_change(self.device, CHANGES[flood]), "")
        before = peak_mib(self.server.pid)
        assert before > 0
        with ThreadPoolExecutor(at_once) as many:
            sending = [many.submit(self.send, path, body, encoding, token) for _n in range(at_once)]
            statuses = {one.result() for one in sending}
        assert statuses <= {200, 400, 401, 403, 409, 413, 422, 429}, flood
        assert peak_mib(self.server.pid) - before < MOST_MIB, flood


@pytest.fixture
def flooded(tmp_path: Path) -> Iterator[Flooded]:
    server = RealServer(tmp_path / "server")
    try:
        with make_laptop(tmp_path, "Rina") as laptop:
            code = server.add_user("Rina", Role.PENDAMPING, "64.02.12").code
            with HttpTransport(server.url) as desk:
                enrol(laptop.session, desk=desk, url=server.url, code=code)
            device = sync_store(laptop.store).device_id()
            yield Flooded(server, connection(laptop.session).token, device)
            register_household(laptop.session)
            with http_of(laptop.session) as transport:
                assert sync_now(laptop.session, transport).outcome == "", "it still serves whoever belongs there"
    finally:
        server.stop()


@pytest.mark.parametrize("who", ["officer", "stranger"])
def test_a_few_hostile_bodies_of_every_kind_leave_the_server_small(flooded: Flooded, who: str):
    for flood in [*BODIES, *CHANGES]:
        flooded.flood(flood, FEW, flooded.token if who == "officer" else "")


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("who", ["officer", "stranger"])
@pytest.mark.parametrize("flood", [*BODIES, *CHANGES])
def test_a_flood_of_hostile_bodies_leaves_the_server_small(flooded: Flooded, flood: str, who: str):
    flooded.flood(flood, MANY, flooded.token if who == "officer" else "")
