"""Who answers under the name of a secure server: a login page of the network, a proxy, a certificate of another day."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from kube_field.errors import Failure, KubeFieldError
from kube_field.sync.transports.http import HttpTransport
from kube_field.sync.transports.line_check import Step, StepState, check_line
from kube_field.usecases.sync import sync_now, sync_store
from kube_field.wire.codec import digest_header
from kube_field.wire.messages import IDENTITY_HEADER
from kube_field.wire.refusals import Refusal, RefusalCode
from tests.server.test_who_is_on_the_other_end import secure_server
from tests.support.laptop import make_laptop
from tests.support.make_records import register_household
from tests.support.server import enrolled, running_server
from tests.support.strangers import HTML, Gateway, Stranger, stranger

LOGIN_PAGE = {"Location": "http://masuk.hotspot.example/?dari=kube"}
OURS = "127.0.0.1"


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def closed_port() -> Iterator[int]:
    with socket.socket() as taken:  # bound and not listening: whoever comes is sent away
        taken.bind((OURS, 0))
        yield taken.getsockname()[1]


@contextmanager
def portal(page: Stranger, certificate: trustme.LeafCert | None = None) -> Iterator[tuple[Stranger, Stranger]]:
    """A network that wants a login: it answers TLS of every name with its own certificate, and http with its page."""
    leaf = certificate or trustme.CA().issue_cert("masuk.hotspot.example")
    with stranger(Stranger(), leaf) as secure, stranger(page) as plain:
        yield secure, plain


def trouble_at(secure: int, plain: int, authority: trustme.CA) -> KubeFieldError:
    transport = HttpTransport(
        f"https://{OURS}:{secure}", "secret-token", ca_pem=authority.cert_pem.bytes().decode(), plain_port=plain
    )
    with transport, pytest.raises(KubeFieldError) as caught:
        transport.me()
    assert "aman" in caught.value.action
    return caught.value


# the login page of a network


@pytest.mark.parametrize(
    "page",
    [
        Stranger(302, LOGIN_PAGE),
        Stranger(307, {"Location": "/masuk"}),
        Stranger(200, HTML),
        Stranger(511, HTML),
        Stranger(302, {"Location": "https://masuk.hotspot.example/"}),
    ],
    ids=["elsewhere", "own page", "page", "511", "elsewhere with TLS"],
)
def test_a_network_that_intercepts_tls_and_shows_a_page_wants_a_login(page: Stranger, authority: trustme.CA):
    with portal(page) as (secure, plain):
        error = trouble_at(secure.port, plain.port, authority)
        assert (error.failure, error.code) == (Failure.INSECURE_CONNECTION, "S02")
        assert secure.heard == [], "nothing is said to who does not show the server's certificate"
        (heard,) = plain.heard
        assert heard.startswith("GET /sehat\n")
        assert "secret-token" not in heard
        assert "authorization" not in heard.lower()


def test_an_expired_certificate_of_the_portal_is_not_told_as_the_clock(authority: trustme.CA):
    expired = authority.issue_cert(OURS, not_after=datetime(2020, 1, 1, tzinfo=UTC))
    with portal(Stranger(302, LOGIN_PAGE), expired) as (secure, plain):
        assert trouble_at(secure.port, plain.port, authority).code == "S02"


def test_a_portal_that_speaks_no_tls_is_found_too(authority: trustme.CA):
    with stranger(Stranger(302, LOGIN_PAGE)) as page:
        assert trouble_at(page.port, page.port, authority).code == "S02"


def test_a_portal_that_closes_the_secure_door_is_found_too(authority: trustme.CA, closed_port: int):
    with stranger(Stranger(302, LOGIN_PAGE)) as page:
        assert trouble_at(closed_port, page.port, authority).code == "S02"


@pytest.mark.parametrize(
    "page",
    [
        Stranger(301, {"Location": f"https://{OURS}/sehat"}),
        Stranger(404, HTML),
        Stranger(200, {"Content-Type": "application/json"}),
        Stranger(503, HTML),
        Stranger(302, {"Location": "https://[bad"}),
    ],
    ids=["to TLS", "no such page", "no page", "in trouble", "nowhere"],
)
def test_what_a_server_says_at_its_plain_door_is_no_login_page(page: Stranger, authority: trustme.CA):
    with portal(page) as (secure, plain):
        assert trouble_at(secure.port, plain.port, authority).code == "S09"
        assert len(plain.heard) == 1


def test_without_a_plain_door_the_certificate_is_the_cause(authority: trustme.CA, closed_port: int):
    with stranger(Stranger(), trustme.CA().issue_cert(OURS)) as secure:
        assert trouble_at(secure.port, closed_port, authority).code == "S09"


def test_a_plain_door_that_says_nothing_is_not_waited_for(
    authority: trustme.CA, closed_port: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("kube_field.sync.transports.who_answers.SECONDS", 0.2)
    with stranger(Stranger(), trustme.CA().issue_cert(OURS)) as secure, socket.socket() as silent:
        silent.bind((OURS, 0))
        silent.listen(1)
        assert trouble_at(secure.port, silent.getsockname()[1], authority).code == "S09"


def test_nobody_at_both_doors_is_no_answer(authority: trustme.CA, closed_port: int):
    assert trouble_at(closed_port, closed_port, authority).code == "S04"


def test_a_run_and_the_check_name_the_login_page_and_the_queue_stays(tmp_path: Path, authority: trustme.CA):
    ca_pem = authority.cert_pem.bytes().decode()
    with make_laptop(tmp_path) as laptop, secure_server(tmp_path, authority.issue_cert(OURS)) as server:
        server.add_user("Rina")
        server.enrol(laptop.session, ca_pem=ca_pem)
        register_household(laptop.session)
        with portal(Stranger(302, LOGIN_PAGE)) as (secure, plain):
            url = f"https://{OURS}:{secure.port}"
            token = sync_store(laptop.store).meta("token")
            with HttpTransport(url, token, ca_pem=ca_pem, plain_port=plain.port) as transport:
                run = sync_now(laptop.session, transport, wait=lambda _seconds: None)
            with HttpTransport(url, token, ca_pem=ca_pem, plain_port=plain.port) as transport:
                found = check_line(transport, url)
            assert secure.heard == []
        assert (run.outcome, run.exit_code) == ("S02", 10)
        assert [step for step, state in found.steps if state == StepState.BAD] == [Step.PORTAL]
        assert laptop.store.queue.pill().unsent == 2


# an expired certificate


def expired_on(authority: trustme.CA, day: datetime) -> trustme.LeafCert:
    return authority.issue_cert(OURS, not_after=day)


def test_an_expired_certificate_and_a_right_clock_are_the_fault_of_the_certificate(
    authority: trustme.CA, closed_port: int
):
    answers = Stranger(date=datetime.now(UTC))
    with stranger(answers, expired_on(authority, datetime(2020, 1, 1, tzinfo=UTC))) as secure:
        error = trouble_at(secure.port, closed_port, authority)
    assert (error.failure, error.code) == (Failure.INSECURE_CONNECTION, "CERTIFICATE_EXPIRED")
    assert "01-01-2020" in error.sentence
    assert "admin" in error.action
    assert all("secret-token" not in heard for heard in answers.heard), "it is asked for the day, and told nothing"


def test_an_expired_certificate_that_the_servers_day_allows_is_the_fault_of_the_clock(
    authority: trustme.CA, closed_port: int
):
    answers = Stranger(date=datetime(2019, 6, 1, tzinfo=UTC))
    with stranger(answers, expired_on(authority, datetime(2020, 1, 1, tzinfo=UTC))) as secure:
        error = trouble_at(secure.port, closed_port, authority)
    assert error.code == "S03"
    assert f"{datetime.now().astimezone():%d-%m-%Y}" in error.sentence


def test_a_certificate_that_is_expired_on_the_servers_day_too_is_its_own_fault_whatever_the_clock(
    authority: trustme.CA, closed_port: int
):
    answers = Stranger(date=datetime.now(UTC) - timedelta(days=30))
    with stranger(answers, expired_on(authority, datetime(2020, 1, 1, tzinfo=UTC))) as secure:
        assert trouble_at(secure.port, closed_port, authority).code == "CERTIFICATE_EXPIRED"


@pytest.mark.parametrize("date", ["", "kemarin"])
def test_without_a_readable_day_the_clock_is_suspected(authority: trustme.CA, closed_port: int, date: str):
    answers = Stranger(headers={"Date": date} if date else {})
    with stranger(answers, expired_on(authority, datetime(2020, 1, 1, tzinfo=UTC))) as secure:
        assert trouble_at(secure.port, closed_port, authority).code == "S03"


# a proxy before the server


def answer_of(status: int, headers: dict[str, str], authority: trustme.CA, closed_port: int) -> Exception:
    with stranger(Stranger(status, headers), authority.issue_cert(OURS)) as proxy:
        transport = HttpTransport(
            f"https://{OURS}:{proxy.port}", ca_pem=authority.cert_pem.bytes().decode(), plain_port=closed_port
        )
        with transport, pytest.raises((KubeFieldError, Refusal)) as caught:
            transport.me()
    return caught.value


@pytest.mark.parametrize(
    ("status", "code"), [(500, "S04"), (502, "S04"), (504, "S04"), (403, "WRONG_SERVER"), (404, "WRONG_SERVER")]
)
def test_an_error_page_of_a_proxy_is_no_login_page(status: int, code: str, authority: trustme.CA, closed_port: int):
    error = answer_of(status, dict(HTML), authority, closed_port)
    assert isinstance(error, KubeFieldError)
    assert error.code == code


def test_what_a_proxy_finds_too_large_is_too_large(authority: trustme.CA, closed_port: int):
    error = answer_of(413, dict(HTML), authority, closed_port)
    assert isinstance(error, Refusal)
    assert error.code == RefusalCode.BODY_TOO_LARGE


def test_a_proxy_that_lets_little_through_gets_smaller_batches(tmp_path: Path):
    with running_server(tmp_path) as server, make_laptop(tmp_path) as laptop:
        enrolled(server, laptop)
        server.sync(laptop.session)
        for n in range(1, 25):
            register_household(laptop.session, n)
        token = sync_store(laptop.store).meta("token")
        with (
            stranger(Gateway(behind=server.url, most=1500)) as proxy,
            HttpTransport(f"http://{OURS}:{proxy.port}", token) as transport,
        ):
            run = sync_now(laptop.session, transport, wait=lambda _seconds: None)
        assert (run.outcome, run.sent, laptop.store.queue.pill().unsent) == ("", 48, 0)
        assert proxy.refused > 0


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("asked", "seconds"),
    [("7", 7), ("", 0), ("soon", 0), ("-5", 0), ("Mon, 23 Nov 2026 02:01:30 GMT", 90), ("9" * 20, 86_400)],
)
def test_a_gateway_that_asks_for_time_gets_it(
    status: int, asked: str, seconds: int, authority: trustme.CA, closed_port: int
):
    headers = {**HTML, "Date": "Mon, 23 Nov 2026 02:00:00 GMT"} | ({"Retry-After": asked} if asked else {})
    error = answer_of(status, headers, authority, closed_port)
    assert isinstance(error, KubeFieldError)
    assert (error.failure, error.code, error.retry_after) == (Failure.NO_NETWORK, "S04", seconds)


def test_a_refusal_of_our_server_that_cannot_be_read_is_no_answer(authority: trustme.CA, closed_port: int):
    headers = {IDENTITY_HEADER: "ya", "Content-Digest": digest_header(b"<html>")}
    error = answer_of(400, headers, authority, closed_port)
    assert isinstance(error, KubeFieldError)
    assert error.code == "S04"
