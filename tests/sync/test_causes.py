"""One cause for each way in which a line can fail, one action, and whether the data are safe."""

from __future__ import annotations

import errno
import socket

import httpx2
import pytest

from kube_field.sync import troubles
from kube_field.sync.transports.http import HttpTransport
from kube_field.sync.troubles import trouble_of
from kube_field.wire.refusals import Refusal, RefusalCode
from tests.server.test_who_is_on_the_other_end import foreign, trouble_with


def test_a_page_for_people_in_our_servers_place_is_a_login_page():
    with foreign(200, (("Content-Type", "text/html; charset=utf-8"),)) as (url, _heard):
        assert trouble_with(url).code == "S02"


def test_another_server_without_a_page_is_a_wrong_server():
    with foreign(200, (("Content-Type", "application/json"),)) as (url, _heard):
        assert trouble_with(url).code == "WRONG_SERVER"


@pytest.mark.parametrize("number", [errno.ENETUNREACH, errno.EHOSTUNREACH])
def test_no_way_to_the_server_is_no_network(number: int, monkeypatch: pytest.MonkeyPatch):
    def refused(*_arguments: object, **_options: object) -> None:
        raise OSError(number, "no way")

    monkeypatch.setattr(socket.socket, "connect", refused)
    assert trouble_with("http://127.0.0.1:9").code == "S01"


def test_a_line_that_stands_still_is_a_server_that_does_not_answer():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(1)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with HttpTransport(url, stall_seconds=0.2) as transport, pytest.raises(Exception, match="tidak menjawab"):
            transport.health()


def test_only_a_silent_line_has_a_time_limit():
    with HttpTransport("https://dinsos.example") as transport:
        assert transport._client.timeout == httpx2.Timeout(45, connect=15)


def test_an_old_program_is_told_that_its_data_still_go():
    error = trouble_of(Refusal(RefusalCode.UPGRADE_NEEDED, ""))
    assert (error.code, Refusal(RefusalCode.UPGRADE_NEEDED, "").status) == ("S06", 426)
    assert "tetap terkirim" in error.sentence


@pytest.mark.parametrize(
    ("error", "exit_code"),
    [
        (troubles.no_network(), 11),
        (troubles.login_page(), 10),
        (troubles.clock_is_wrong(), 10),
        (troubles.no_answer(), 11),
        (troubles.login_refused(), 14),
        (troubles.app_too_old(), 14),
        (troubles.certificate_changed(), 10),
        (troubles.data_differ(), 6),
        (troubles.foreign_server(), 10),
        (troubles.revoked(), 12),
    ],
    ids=lambda value: getattr(value, "code", None),
)
def test_every_cause_has_its_published_exit_code(error, exit_code):
    assert int(error.failure) == exit_code
