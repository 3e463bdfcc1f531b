"""Several officers work on one laptop: the server knows each of them, the laptop stays one."""

from __future__ import annotations

from pathlib import Path

import pytest

from kube_field.sync.transports.http import HttpTransport
from kube_field.usecases.sync import connection, sync_store
from kube_field.wire.enrolment import Enrol, Enrolled
from kube_field.wire.refusals import Refusal, RefusalCode
from tests.support.laptop import Laptop, make_laptop
from tests.support.server import RunningServer, enrolled, http_of, running_server

BUDIS_AREA = "64.07.07"


@pytest.fixture
def server(tmp_path: Path):
    with running_server(tmp_path) as running:
        yield running


@pytest.fixture
def rina(tmp_path: Path, server: RunningServer):
    with make_laptop(tmp_path, "Rina", code="T1") as laptop:
        yield enrolled(server, laptop)


def device_of(laptop: Laptop) -> str:
    return sync_store(laptop.store).meta("device_id")


def join(server: RunningServer, laptop: Laptop, name: str, *, device: str = "", officer: str = "") -> Enrolled:
    with http_of(laptop.session) as desk:
        body = Enrol(code=server.code(name), device=device or device_of(laptop), officer=officer)
        return desk.enrol(body)


def test_a_colleague_joins_the_laptop_that_is_there(server: RunningServer, rina: Laptop):
    server.add_user("Budi", areas=(BUDIS_AREA,))
    answer = join(server, rina, "Budi")
    assert (answer.device, answer.device_code, answer.token) == (device_of(rina), "L01", "")
    assert (answer.user.uid, answer.user.areas) == ("user-budi", [BUDIS_AREA])
    assert len(server.accounts.devices()) == 1
    assert server.count("access_token") == 1
    with http_of(rina.session) as desk:
        assert desk.me().user.name == "Rina"


def test_the_laptop_receives_the_areas_of_all_its_officers(server: RunningServer, rina: Laptop):
    server.add_user("Budi", areas=(BUDIS_AREA,))
    server.sync(rina.session)
    assert {name for (name,) in rina.store.db.rows("SELECT scope_id FROM sync_scope")} == {
        "64",
        "64.02.12",
        "user:user-rina",
    }
    join(server, rina, "Budi")
    server.sync(rina.session)
    assert {name for (name,) in rina.store.db.rows("SELECT scope_id FROM sync_scope")} == {
        "64",
        "64.02.12",
        BUDIS_AREA,
        "user:user-budi",
        "user:user-rina",
    }


def test_a_colleague_who_left_the_service_brings_no_area_any_more(server: RunningServer, rina: Laptop):
    server.add_user("Budi", areas=(BUDIS_AREA,))
    join(server, rina, "Budi")
    with server.house.database.write():
        server.house.database.run("UPDATE user_account SET disabled_at = '2026-11-23' WHERE uid = 'user-budi'")
    server.sync(rina.session)
    assert BUDIS_AREA not in {name for (name,) in rina.store.db.rows("SELECT scope_id FROM sync_scope")}


def test_a_code_is_used_up_by_joining(server: RunningServer, rina: Laptop):
    server.add_user("Budi")
    code = server.code("Budi")
    with http_of(rina.session) as desk:
        desk.enrol(Enrol(code=code, device=device_of(rina)))
        with pytest.raises(Refusal) as caught:
            desk.enrol(Enrol(code=code, device=device_of(rina)))
    assert caught.value.code == RefusalCode.CODE_REFUSED


def test_joining_twice_is_as_good_as_once(server: RunningServer, rina: Laptop):
    server.add_user("Budi")
    assert join(server, rina, "Budi") == join(server, rina, "Budi")
    assert server.count("device_officer") == 2


def test_a_foreign_laptop_is_refused_and_the_code_still_counts(server: RunningServer, rina: Laptop, tmp_path: Path):
    server.add_user("Budi")
    with make_laptop(tmp_path, "Sari", code="T2") as sari:
        enrolled(server, sari)
        code = server.code("Budi")
        with http_of(sari.session) as desk, pytest.raises(Refusal) as caught:
            desk.enrol(Enrol(code=code, device=device_of(rina)))
        assert caught.value.code == RefusalCode.NOT_ALLOWED
    with HttpTransport(server.url) as desk, pytest.raises(Refusal) as caught:
        desk.enrol(Enrol(code=code, device=device_of(rina)))
    assert caught.value.code == RefusalCode.LOGIN_AGAIN
    with http_of(rina.session) as desk:
        assert desk.enrol(Enrol(code=code, device=device_of(rina))).user.name == "Budi"


def test_a_revoked_laptop_takes_nobody_in(server: RunningServer, rina: Laptop):
    server.add_user("Budi")
    with server.house.database.write():
        server.accounts.revoke_device(device_of(rina), "2026-11-23T03:00:00.000Z")
    with pytest.raises(Refusal) as caught:
        join(server, rina, "Budi")
    assert caught.value.code == RefusalCode.DEVICE_REVOKED


def test_a_code_without_a_device_still_makes_a_new_laptop_whatever_token_comes_with_it(
    server: RunningServer, rina: Laptop
):
    server.add_user("Budi")
    with HttpTransport(server.url, connection(rina.session).token) as desk:
        answer = desk.enrol(Enrol(code=server.code("Budi")))
    assert answer.device_code == "L02"
    assert answer.token


def test_nobody_takes_over_the_work_of_an_officer_whom_the_server_knows(server: RunningServer, rina: Laptop):
    server.add_user("Budi")
    join(server, rina, "Budi", officer="user-rina")
    assert server.accounts.authors(["user-rina"])["user-rina"].name == "Rina"
