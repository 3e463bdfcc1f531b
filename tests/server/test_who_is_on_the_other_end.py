"""Nothing is sent to anybody but our server: plain http, foreign servers, wrong certificates, login pages."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from kube_field.errors import Failure, KubeFieldError
from kube_field.sync.transports.http import HttpTransport
from kube_field.usecases.sync import sync_now
from tests.support.laptop import make_laptop
from tests.support.make_records import register_household
from tests.support.server import RunningServer, enrolled, http_of, running_server


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@contextmanager
def secure_server(folder: Path, certificate: trustme.LeafCert) -> Iterator[RunningServer]:
    chain, key = folder / "chain.pem", folder / "key.pem"
    certificate.private_key_pem.write_to_path(key)
    for place, blob in enumerate(certificate.cert_chain_pems):
        blob.write_to_path(chain, append=place > 0)
    with running_server(folder, certificate=(chain, key)) as server:
        yield server


def trouble_with(url: str, **options: str) -> KubeFieldError:
    with HttpTransport(url, "secret-token", **options) as transport, pytest.raises(KubeFieldError) as caught:  # type: ignore[arg-type]
        transport.me()
    assert "aman" in caught.value.action
    return caught.value


@contextmanager
def foreign(status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Iterator[tuple[str, list[str]]]:
    """A web server that is not ours; everything that it was told is in the list."""
    heard: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            heard.append(f"{self.path} {self.headers}")
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", "6")
            self.end_headers()
            self.wfile.write(b"<html>")

        do_POST = do_PUT = do_GET  # noqa: N815  (names of the base class)

        def log_message(self, *_arguments):
            return None

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", heard
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("url", ["http://dinsos.example", "http://192.168.1.4:8640", "ftp://127.0.0.1", "dinsos", ""])
def test_plain_http_goes_to_this_machine_only(url: str):
    with pytest.raises(KubeFieldError) as caught:
        HttpTransport(url)
    assert (caught.value.failure, caught.value.code) == (Failure.INSECURE_CONNECTION, "PLAIN_HTTP")


def test_another_web_server_hears_neither_token_nor_records():
    with foreign() as (url, heard):
        assert trouble_with(url).failure == Failure.INSECURE_CONNECTION
    assert len(heard) == 1
    assert heard[0].startswith("/sehat ")
    assert "secret-token" not in heard[0]


def test_a_login_page_of_the_network_is_named():
    with foreign(302, (("Location", "http://portal.example"),)) as (url, _heard):
        error = trouble_with(url)
    assert (error.failure, error.code) == (Failure.INSECURE_CONNECTION, "S02")


def test_a_gateway_in_trouble_is_tried_again_later():
    with foreign(502) as (url, _heard):
        error = trouble_with(url)
    assert (error.failure, error.code) == (Failure.NO_NETWORK, "S04")


def test_nobody_at_the_address_is_no_network():
    error = trouble_with("http://127.0.0.1:1")
    assert (error.failure, error.code) == (Failure.NO_NETWORK, "S04")


def test_another_server_of_ours_gets_no_records(tmp_path: Path):
    with make_laptop(tmp_path) as laptop:
        with running_server(tmp_path) as own:
            enrolled(own, laptop)
        register_household(laptop.session)
        (tmp_path / "else").mkdir()
        with running_server(tmp_path / "else") as other:
            token = "f" * 43
            with other.house.database.write():
                other.accounts.put_meta("unused", "")
            user = other.add_user("Rina")
            from kube_field.server.credentials import token_hash
            from kube_field.server.storage.accounts import Laptop

            with other.house.database.write():
                device = other.accounts.add_device(Laptop("d", "", user.uid, "", ""))
                other.accounts.add_token(token_hash(token), device.device_id, user.uid, "")
            with HttpTransport(other.url, token) as transport:
                run = sync_now(laptop.session, transport, wait=lambda _seconds: None)
            assert (run.outcome, run.exit_code) == ("WRONG_SERVER", 10)
            assert other.count("intake") == 0


def test_the_pinned_authority_opens_the_way(tmp_path: Path, authority: trustme.CA):
    ca_pem = authority.cert_pem.bytes().decode()
    with (
        secure_server(tmp_path, authority.issue_cert("127.0.0.1")) as server,
        make_laptop(tmp_path) as laptop,
    ):
        server.add_user("Rina")
        server.enrol(laptop.session, ca_pem=ca_pem)
        register_household(laptop.session)
        with http_of(laptop.session) as transport:
            run = sync_now(laptop.session, transport)
        assert (run.outcome, run.sent) == ("", 2)


def test_a_certificate_of_nobody_we_know_is_refused(tmp_path: Path, authority: trustme.CA):
    with secure_server(tmp_path, authority.issue_cert("127.0.0.1")) as server:
        for options in ({}, {"ca_pem": trustme.CA().cert_pem.bytes().decode()}):
            error = trouble_with(server.url, **options)
            assert (error.failure, error.code) == (Failure.INSECURE_CONNECTION, "S09")


def test_a_certificate_for_another_name_is_refused(tmp_path: Path, authority: trustme.CA):
    with secure_server(tmp_path, authority.issue_cert("dinsos.example")) as server:
        error = trouble_with(server.url, ca_pem=authority.cert_pem.bytes().decode())
    assert (error.failure, error.code) == (Failure.INSECURE_CONNECTION, "S09")


def test_our_servers_expired_certificate_is_named_where_the_clock_is_right(tmp_path: Path, authority: trustme.CA):
    expired = authority.issue_cert("127.0.0.1", not_after=datetime(2020, 1, 1, tzinfo=UTC))
    with secure_server(tmp_path, expired) as server:
        error = trouble_with(server.url, ca_pem=authority.cert_pem.bytes().decode())
    assert (error.failure, error.code) == (Failure.INSECURE_CONNECTION, "CERTIFICATE_EXPIRED")
    assert "01-01-2020" in error.sentence


def test_tls_to_a_server_without_tls_is_refused(tmp_path: Path):
    with running_server(tmp_path) as server:
        error = trouble_with(server.url.replace("http:", "https:"))
    assert error.failure == Failure.INSECURE_CONNECTION


def test_a_wrong_clock_is_told_and_stops_nothing(tmp_path: Path):
    with running_server(tmp_path) as server, make_laptop(tmp_path) as laptop:
        enrolled(server, laptop)
        register_household(laptop.session)
        laptop.clock.advance(minutes=11)
        run = server.sync(laptop.session)
    assert (run.sent, run.outcome) == (2, "")
    assert "Jam laptop" in run.message


def test_a_request_carries_no_header_that_nobody_reads():
    with foreign() as (url, heard):
        trouble_with(url)
    named = {line.partition(":")[0].lower() for line in heard[0].partition(" ")[2].splitlines() if ":" in line}
    assert named == {"host", "accept-encoding", "user-agent"}
