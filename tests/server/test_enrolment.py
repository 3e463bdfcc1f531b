"""Laptops come in by a one-time code and go out by being revoked."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from kube_field.errors import Failure, KubeFieldError
from kube_field.server.credentials import read_code, secret_hash
from kube_field.sync.transports.http import HttpTransport
from kube_field.usecases.enrolment import enrol
from kube_field.usecases.sync import connection
from kube_field.wire.enrolment import Enrol, Login
from kube_field.wire.refusals import Refusal, RefusalCode
from tests.support.laptop import START, Laptop, make_laptop
from tests.support.make_records import register_household
from tests.support.server import RunningServer, enrolled, http_of, running_server

WRONG = "AAAA-AAAA-AAAA"


@pytest.fixture
def clock() -> dict[str, timedelta]:
    return {"later": timedelta()}


@pytest.fixture
def server(tmp_path: Path, clock):
    with running_server(tmp_path, now=lambda: START + clock["later"]) as running:
        yield running


@pytest.fixture
def rina(tmp_path: Path):
    with make_laptop(tmp_path, "Rina", code="T1") as laptop:
        yield laptop


def refusal_of(server: RunningServer, code: str) -> RefusalCode:
    with HttpTransport(server.url) as desk, pytest.raises(Refusal) as caught:
        desk.enrol(Enrol(code=code))
    return caught.value.code


def test_a_laptop_that_enrols_gets_a_code_for_its_documents(server: RunningServer, rina: Laptop):
    enrolled(server, rina)
    assert rina.store.setting("device_code") == "L01"
    assert rina.session.store.queue.pill().enrolled
    assert connection(rina.session).url == server.url
    with http_of(rina.session) as transport:
        assert transport.me().user.name == "Rina"


def test_work_from_before_the_enrolment_counts_as_the_officers(server: RunningServer, rina: Laptop):
    register_household(rina.session)
    enrolled(server, rina)
    assert server.sync(rina.session).refused == 0
    assert {author for (author,) in server.rows("SELECT author_uid FROM record WHERE kind <> 'laptop'")} == {
        "user-rina"
    }


def test_a_code_works_once_and_however_it_is_typed(server: RunningServer):
    server.add_user("Rina")
    code = server.code("Rina")
    with HttpTransport(server.url) as desk:
        desk.enrol(Enrol(code=f" {code.lower().replace('-', ' ')} "))
    assert refusal_of(server, code) == RefusalCode.CODE_REFUSED


def test_a_code_ends_after_a_day(server: RunningServer, clock):
    server.add_user("Rina")
    code = server.code("Rina")
    clock["later"] = timedelta(hours=24, seconds=1)
    assert refusal_of(server, code) == RefusalCode.CODE_REFUSED


def test_a_code_ends_after_five_wrong_tries(server: RunningServer):
    server.add_user("Rina")
    code = server.code("Rina")
    nearly = code[:-4] + ("AAAA" if code[-4:] != "AAAA" else "BBBB")
    for _try in range(5):
        assert refusal_of(server, nearly) == RefusalCode.CODE_REFUSED
    assert refusal_of(server, code) == RefusalCode.CODE_REFUSED


def test_guessing_from_one_address_is_slowed_down(server: RunningServer):
    assert [refusal_of(server, WRONG) for _try in range(21)][-1] == RefusalCode.TOO_MANY_TRIES


def test_the_officer_reads_why_a_code_was_refused(server: RunningServer, rina: Laptop):
    with HttpTransport(server.url) as desk, pytest.raises(KubeFieldError) as caught:
        enrol(rina.session, desk=desk, url=server.url, code=WRONG)
    assert caught.value.code == "S05"
    assert "Kode" in caught.value.sentence


def test_a_revoked_laptop_is_told_so_and_keeps_its_queue(server: RunningServer, rina: Laptop):
    enrolled(server, rina)
    register_household(rina.session)
    with server.house.database.write():
        server.accounts.revoke_device(server.accounts.devices()[0].device_id, "2026-11-23T03:00:00.000Z")
    run = server.sync(rina.session)
    assert (run.outcome, run.exit_code) == ("REVOKED", Failure.REVOKED)
    assert rina.session.store.queue.pill().unsent == 2
    assert server.count("intake") == 0


def test_a_laptop_that_is_not_enrolled_says_so(rina: Laptop):
    with pytest.raises(KubeFieldError) as caught:
        connection(rina.session)
    assert caught.value.code == "NOT_ENROLLED"


def test_a_password_gives_a_new_token_and_guessing_it_is_slowed_down(server: RunningServer, rina: Laptop):
    enrolled(server, rina)
    device = server.accounts.devices()[0].device_id
    with server.house.database.write():
        server.accounts.set_password("user-rina", secret_hash("lima kata sandi panjang", lambda n: bytes(n)))
    with HttpTransport(server.url) as desk:
        answer = desk.login(Login(device=device, user="Rina", password="lima kata sandi panjang"))
        with HttpTransport(server.url, answer.token) as transport:
            assert transport.me().user.name == "Rina"
        codes = []
        for _try in range(6):
            with pytest.raises(Refusal) as caught:
                desk.login(Login(device=device, user="Rina", password="salah"))
            codes.append(caught.value.code)
    assert codes == [RefusalCode.LOGIN_AGAIN] * 5 + [RefusalCode.TOO_MANY_TRIES]


def test_the_database_holds_no_token_and_no_code(server: RunningServer, rina: Laptop):
    enrolled(server, rina)
    server.sync(rina.session)
    secrets = [connection(rina.session).token, server.code("Rina").replace("-", "")]
    secrets += [value for (value,) in rina.store.db.rows("SELECT v FROM sync_meta WHERE k = 'continuity'")]
    everything = "\n".join(
        str(server.rows(f"SELECT * FROM {table}")) for table in ("access_token", "device", "enrolment_code")
    )
    assert all(len(secret) >= 12 and secret not in everything for secret in secrets)


@pytest.mark.parametrize("text", ["", "kode", "AAAA-AAAA-AAA", "AAAA-AAAA-AAAA-A", "????-AAAA-AAAA"])
def test_what_is_no_code_is_not_read_as_one(text: str):
    assert read_code(text) == ""
