"""Whatever arrives, the answer is a refusal with a number, never a stack trace; and a fault stops one change only."""

from __future__ import annotations

import gzip
import http.client
import socket
import time
from pathlib import Path

import pytest

from kube_field.server import endpoint
from kube_field.server.storage.records import RecordStore
from kube_field.usecases.sync import connection
from kube_field.wire.codec import digest_header, from_json
from kube_field.wire.messages import IDENTITY_HEADER, RefusalBody
from kube_field.wire.refusals import RefusalCode
from tests.support.laptop import make_laptop
from tests.support.make_records import register_household
from tests.support.server import RunningServer, enrolled, running_server


@pytest.fixture
def server(tmp_path: Path):
    with running_server(tmp_path) as running:
        yield running


def ask(server: RunningServer, method: str, path: str, body: bytes = b"", **headers: str) -> RefusalBody:
    line = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=20)
    try:
        named = {"Content-Digest": digest_header(body)} | {
            key.replace("_", "-"): value for key, value in headers.items()
        }
        line.request(method, path, body, named)
        answer = line.getresponse()
        raw = answer.read()
        assert answer.status >= 400
        assert answer.headers[IDENTITY_HEADER] == "1"
        assert "server" not in {name.lower() for name in answer.headers}
        return from_json(RefusalBody, raw)
    finally:
        line.close()


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/docs"), ("GET", "/"), ("GET", "/sync/v1/push"), ("DELETE", "/sehat"), ("TRACE", "/sehat")],
)
def test_other_addresses_and_methods_are_not_there(server: RunningServer, method: str, path: str):
    assert ask(server, method, path).refusal == RefusalCode.NO_SUCH_ADDRESS


@pytest.mark.parametrize("path", ["hello", "again", "push", "pull", "have"])
def test_without_a_token_nothing_is_told(server: RunningServer, path: str):
    bodies = {
        "hello": b'{"device":"d","step":"s"}',
        "again": b'{"terms":"t","continuity":"c","step":"s"}',
        "push": b'{"device":"d","step":"s","changes":[]}',
        "pull": b'{"scope":"64"}',
        "have": b'{"ids":[]}',
    }
    for header in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic eDp5"}):
        assert ask(server, "POST", f"/sync/v1/{path}", bodies[path], **header).refusal == RefusalCode.LOGIN_AGAIN


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"code": 5}', b"\xff\xfe", b"[" * 100_000, b'{"code":"\\ud800"}'])
def test_junk_is_unreadable(server: RunningServer, body: bytes):
    assert ask(server, "POST", "/sync/v1/enrol", body).refusal == RefusalCode.BODY_UNREADABLE


def test_a_bomb_and_a_flood_are_too_large(server: RunningServer):
    bomb = gzip.compress(b" " * 40_000_000)
    assert ask(server, "POST", "/sync/v1/enrol", bomb, Content_Encoding="gzip").refusal == RefusalCode.BODY_TOO_LARGE
    assert ask(server, "POST", "/sync/v1/enrol", b" " * 8_100_000).refusal == RefusalCode.BODY_TOO_LARGE


def test_a_laptop_that_vanished_in_the_middle_of_a_long_body_keeps_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A lid that is closed ends no connection: the server hears nothing, for ever."""
    monkeypatch.setattr(endpoint, "LONG_AT_ONCE", 1)
    monkeypatch.setattr(endpoint, "STALL_SECONDS", 0.5)
    with running_server(tmp_path) as server, make_laptop(tmp_path) as laptop:
        enrolled(server, laptop)
        token = f"Bearer {connection(laptop.session).token}"
        host, _colon, port = server.url.removeprefix("http://").partition(":")
        head = f"POST /sync/v1/bundle HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nContent-Length: 5000000\r\n\r\n"
        with socket.create_connection((host, int(port)), 20) as vanished:
            vanished.sendall(head.encode() + bytes(1_500_000))
            time.sleep(0.1)
            answer = ask(server, "POST", "/sync/v1/bundle", bytes(1_500_000), Authorization=token)
            assert answer.refusal == RefusalCode.BUNDLE_REFUSED
            assert vanished.recv(65_536).startswith(b"HTTP/1.1 400")


def test_a_body_that_does_not_fit_its_digest_is_refused(server: RunningServer):
    answer = ask(server, "POST", "/sync/v1/enrol", b'{"code":"x"}', Content_Digest=digest_header(b"other"))
    assert answer.refusal == RefusalCode.DIGEST_MISMATCH


def test_a_fault_inside_one_change_marks_that_one_and_keeps_it(
    server: RunningServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with make_laptop(tmp_path) as laptop:
        enrolled(server, laptop)
        register_household(laptop.session, 1)
        register_household(laptop.session, 2)
        guilty = laptop.store.db.value("SELECT uid FROM outbox WHERE kind = 'household' ORDER BY n LIMIT 1")
        write = RecordStore.write

        def breaks(self, work, **options):
            if guilty in work.records:
                raise ZeroDivisionError("6402124806689901 must not be logged")
            write(self, work, **options)

        with monkeypatch.context() as patched:
            patched.setattr(RecordStore, "write", breaks)
            run = server.sync(laptop.session)
        assert (run.refused, run.outcome) == (1, "")
        statuses = dict(server.rows("SELECT uid, status FROM intake"))
        assert statuses.pop(guilty) == "failed"
        assert sorted(str(status) for status in statuses.values()) == ["applied", "applied", "held"]
        assert server.rows(f"SELECT length(body) > 100 FROM intake WHERE uid = '{guilty}'") in ([(1,)], [(True,)])
