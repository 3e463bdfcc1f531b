"""Whatever is asked of whatever address by whomever: an answer with a number, no fault, no trace, no one's data."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kube_field.domain.records import Role
from kube_field.server.app import ADDRESSES
from kube_field.server.snapshots import make_snapshot
from kube_field.usecases.sync import connection
from kube_field.wire.codec import GZIP, ZSTD, SizeLimits, digest_header, unpack
from kube_field.wire.messages import IDENTITY_HEADER
from tests.contracts.test_every_version_is_understood import changes_of
from tests.support.any_request import (
    EVIL_HEADERS,
    AnyRequest,
    Known,
    as_json,
    bundle_of,
    each_field_spoiled,
    example_of,
    parsed,
    requests,
)
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import make_batch, make_unit, record_visit, register_person
from tests.support.postgres import lasting_database
from tests.support.server import RunningServer, running_server

CANARY = "Kenari Rahasia"
FAST, MANY = 80, 5_000
TRACES = ("Traceback", 'File "', ".py", "site-packages", "sqlite3", "psycopg", "peewee")
SEES_IT = ("petugas", "penyelia")
"""Callers who may see the officer's records; no answer to anybody else holds a piece of them."""


@dataclass
class Besieged:
    """A server with an officer's records, the callers' tokens, and what the server knows."""

    server: RunningServer
    tokens: dict[str, str]
    devices: dict[str, str]
    known: Known
    requests: st.SearchStrategy[AnyRequest]

    def answer(self, asked: AnyRequest) -> tuple[int, dict[str, str], bytes]:
        headers = {"Authorization": f"Bearer {self.tokens[asked.who]}"} if self.tokens[asked.who] else {}
        line = http.client.HTTPConnection(self.server.url.removeprefix("http://"), timeout=60)
        try:
            line.request(asked.method, asked.path, asked.body, {**headers, **_sendable(asked.headers)})
            answer = line.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            line.close()

    def start_afresh(self) -> None:
        """Nobody is locked out, everybody's continuity is that of a laptop that never said anything."""
        accounts = self.server.accounts
        with self.server.house.database.write():
            self.server.house.database.run("DELETE FROM attempt")
            for device_id in self.devices.values():
                device = accounts.device(device_id)
                assert device is not None
                accounts.save_device(replace(device, continuity=(), previous=(), step=""))


def _sendable(headers: dict[str, str]) -> dict[str, Any]:
    """Any header as bytes, for the client refuses what a stranger may send."""
    return {name: value.encode("utf-8") for name, value in headers.items()}


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def besieged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Besieged]:
    folder = tmp_path_factory.mktemp("terkepung")
    with ExitStack() as open_till_the_end:
        enter = open_till_the_end.enter_context
        address = enter(lasting_database()) if request.param == "postgres" else ""
        server = enter(running_server(folder, postgres_url=address, now=lambda: datetime.now(UTC)))
        laptops = {
            "petugas": make_laptop(folder, "Rina"),
            "tetangga": make_laptop(folder, "Budi", ("64.72.01",), "L09"),
            "penyelia": make_laptop(folder, "Sari", code="L10"),
            "dicabut": make_laptop(folder, "Cabut", code="L11"),
        }
        yield _besieged(server, {who: enter(laptop) for who, laptop in laptops.items()})


def _besieged(server: RunningServer, laptops: dict[str, Laptop]) -> Besieged:
    roles = {"penyelia": Role.PENYELIA_KAB}
    admin = server.add_user("Admin", Role.ADMIN_PROV, ("64",))
    with server.house.database.write():
        server.accounts.add_alias("staff-admin", admin.uid)
    for who, laptop in laptops.items():
        officer = laptop.session.officer
        server.add_user(officer.name, roles.get(who, Role.PENDAMPING), officer.areas)
        server.enrol(laptop.session)
    _write_records(laptops["petugas"])
    for laptop in laptops.values():
        assert server.sync(laptop.session).outcome == ""
    make_snapshot(server.house, "64.02.12")
    ways = {who: connection(laptop.session) for who, laptop in laptops.items()}
    devices = {
        who: str(laptop.store.db.value("SELECT v FROM sync_meta WHERE k = 'device_id'"))
        for who, laptop in laptops.items()
    }
    server.house.database.run(f"UPDATE device SET revoked_at = '2026-11-23' WHERE device_id = '{devices['dicabut']}'")
    tokens = {"asing": "", **{who: way.token for who, way in ways.items()}}
    known = Known(_values(server, devices), (*tokens, "petugas", "petugas", "penyelia"))
    return Besieged(server, tokens, devices, known, requests(known))


def _write_records(laptop: Laptop) -> None:
    person = register_person(laptop.session, full_name=CANARY)
    unit = make_unit(laptop.session, person, batch_id={"uid": make_batch(laptop.session).uid, "name": "KUBE"})
    record_visit(laptop.session, unit.uid)


def _values(server: RunningServer, devices: dict[str, str]) -> dict[str, list[Any]]:
    uids = [uid for (uid,) in server.rows("SELECT uid FROM record")]
    photos = [name for (name,) in server.rows("SELECT sha256 FROM blob_link")]
    return {
        "scope": ["64.02.12", "64", "64.72.01", "ref"],
        "id": ["change-1", *(name for (name,) in server.rows("SELECT change_id FROM intake"))],
        "uid": uids,
        "many uids": [uids],
        "kind": ["household", "person", "visit", "review", "merge_decision"],
        "device": list(devices.values()),
        "user": ["user-rina", "Rina", "Sari"],
        "by": ["user-rina", "user-sari", "staff-rina"],
        "change": [*changes_of("0.1.0"), *(json.loads(body) for (body,) in server.rows("SELECT body FROM intake"))],
        "continuity": [None],
        "step": ["langkah"],
        "decision": ["accept", "refuse"],
        "sha256": [*photos, "0" * 64],
        "upload": ["tidak-ada"],
        "max_bytes": [100_000],
        "head": [0],
        "seq": [int(str(seq)) for (seq,) in server.rows("SELECT seq FROM feed WHERE scope = '64.02.12'")],
        "chain": [str(link) for (link,) in server.rows("SELECT chain FROM feed WHERE scope = '64.02.12'")],
        "form": ["2026.1"],
        "at": ["2026-11-23T01:00:00.000Z"],
        "many sums": [["0"] * 256, ["9" * 20] * 256, ["0"] * 255],
    }


def check(besieged: Besieged, asked: AnyRequest) -> None:
    besieged.start_afresh()
    status, headers, content = besieged.answer(asked)
    assert headers.get(IDENTITY_HEADER.lower()) == "1", (status, content[:300])
    assert status < 500, (status, content[:300])
    encoding = headers.get("content-encoding", "")
    limits = SizeLimits(arriving=32_000_000, inflated=64_000_000, ratio=1_000)
    raw = (
        content
        if encoding not in (GZIP, ZSTD) or not content
        else unpack(content, digest=headers["content-digest"], encoding=encoding, limits=limits)
    )
    if status >= 400 and asked.method != "HEAD":
        told = parsed(raw)
        assert told["refusal"] > 1000
        assert told["message"]
        assert not [trace for trace in TRACES if trace in told["message"]], told
    if asked.who not in SEES_IT:
        assert CANARY.encode() not in raw
    if b'"status":"failed"' in raw and asked.path.startswith("/sync/v1/push"):
        ids = [result["id"] for result in parsed(raw)["results"] if result["status"] == "failed"]
        failed = {name for (name,) in besieged.server.rows("SELECT change_id FROM intake WHERE status = 'failed'")}
        assert failed.issuperset(ids)


MESSAGES = [(path, endpoint.body) for _method, path, endpoint in ADDRESSES if endpoint.body not in (None, bytes)]


@pytest.mark.parametrize(("path", "body"), MESSAGES, ids=[path for path, _body in MESSAGES])
def test_what_no_database_takes_is_refused_in_every_field(besieged: Besieged, path: str, body: type):
    valid = example_of(body, besieged.known)
    for where, message in each_field_spoiled(valid):
        raw = as_json(message)
        try:
            check(besieged, AnyRequest("POST", path, raw, "penyelia", {"Content-Digest": digest_header(raw)}))
        except AssertionError as error:
            raise AssertionError(f"{where}: {error}") from error


NO_HTTP = {
    "nothing": b"\r\n\r\n",
    "binary": bytes(range(256)) * 8,
    "no version": b"POST /sync/v1/hello\r\n\r\n",
    "another version": b"GET /sehat HTTP/9.9\r\nHost: x\r\n\r\n",
    "a length that is none": b"POST /sync/v1/hello HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
    "a huge length": b"POST /sync/v1/hello HTTP/1.1\r\nHost: x\r\nContent-Length: " + b"9" * 40 + b"\r\n\r\nx",
    "two lengths": b"POST /sync/v1/hello HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
    "pieces that are none": b"POST /sync/v1/hello HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nx\r\n",
    "both": b"POST /sync/v1/have HTTP/1.1\r\nHost:\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a header without end": b"GET /sehat HTTP/1.1\r\nX: " + b"a" * 300_000,
    "thousands of headers": b"GET /sehat HTTP/1.1\r\n" + b"X: a\r\n" * 50_000 + b"\r\n",
    "a name with a blank": b"GET /sehat HTTP/1.1\r\nHost : x\r\n\r\n",
    "a NUL in a header": b"GET /sync/v1/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\x00b\r\n\r\n",
    "an address of anything": b"GET /%00%ff%zz/..//..;a=b?%GG HTTP/1.1\r\nHost: x\r\n\r\n",
    "half a body": b"POST /sync/v1/enrol HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{",
}


@pytest.mark.parametrize("raw", NO_HTTP.values(), ids=NO_HTTP)
def test_what_is_hardly_http_tells_nothing_and_harms_nobody(besieged: Besieged, raw: bytes):
    host, _colon, port = besieged.server.url.removeprefix("http://").partition(":")
    answer = b""
    with socket.create_connection((host, int(port)), 20) as line, suppress(ConnectionError):
        line.sendall(raw)
        with suppress(OSError):  # the server may have hung up before
            line.shutdown(socket.SHUT_WR)
        while piece := line.recv(65_536):
            answer += piece
    assert b"HTTP/1.1 5" not in answer
    assert not [trace for trace in TRACES if trace.encode() in answer]
    assert CANARY.encode() not in answer
    check(besieged, AnyRequest("GET", "/sehat", b"", "asing"))


@pytest.mark.parametrize("upload", ["%00", "a%00", "%ed%a0%80", "x" * 2_000])
def test_no_part_of_a_photo_has_such_a_name(besieged: Besieged, upload: str):
    headers = {"Content-Digest": digest_header(b"x"), "Upload-Offset": "0"}
    check(besieged, AnyRequest("PATCH", f"/sync/v1/blob/{upload}", b"x", "petugas", headers))


@pytest.mark.parametrize("wanted", EVIL_HEADERS["Range"])
def test_a_range_that_no_laptop_asks_for_is_refused_by_us(besieged: Besieged, wanted: str):
    place = f"/sync/v1/snapshot/64.02.12/{besieged.known.values['seq'][-1]}"
    check(besieged, AnyRequest("GET", place, b"", "petugas", {"Range": wanted}))


def test_a_bundle_of_a_laptop_that_no_database_knows(besieged: Besieged):
    head = {"id": "1", "direction": "up", "server": "x", "device": "a\x00b", "made_at": ""}
    raw = bundle_of(as_json(head))
    check(besieged, AnyRequest("POST", "/sync/v1/bundle", raw, "petugas", {"Content-Digest": digest_header(raw)}))


@settings(max_examples=FAST, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_request_is_answered(besieged: Besieged, data: st.DataObject):
    check(besieged, data.draw(besieged.requests))


@pytest.mark.slow
@pytest.mark.timeout(3600)
@settings(max_examples=MANY, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_thousands_of_requests_are_answered(besieged: Besieged, data: st.DataObject):
    check(besieged, data.draw(besieged.requests))
