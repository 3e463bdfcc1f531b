"""Rina and Budi share a laptop: each has his own name, password and area, and either of them sends for both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kube_field.assembly import OpenLaptop, add_officer, join_server, open_laptop, system_wiring, transport_of
from kube_field.colleagues import add_colleague, change_own_password, colleagues
from kube_field.domain.records import Role
from kube_field.errors import Failure, KubeFieldError
from kube_field.paths import AppPaths
from kube_field.server.storage.database import open_sqlite
from kube_field.storage.vault.argon import FALLBACK
from kube_field.storage.vault.vault import users
from kube_field.summary import read_summary, write_summary
from kube_field.usecases.session import Session
from kube_field.usecases.sync import connection, sync_now
from kube_field.usecases.views import SyncRun
from tests.support import make_records
from tests.support.command_line import PASSWORD, kube, officer_of, reopened, set_up
from tests.support.laptop import KECAMATAN, START
from tests.support.real_server import RealServer

BUDIS = "rakit jukung tepian lamin enggang"
OTHER_AREA = "64.07"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    running = RealServer(tmp_path_factory.mktemp("server"))
    yield running
    running.stop()


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[OpenLaptop]:
    with set_up(tmp_path / "laptop") as opened:
        yield opened


def person(server: RealServer, name: str, areas: str = KECAMATAN) -> str:
    """A one-time code of a new officer; names are unique on the server."""
    return server.add_user(name, Role.PENDAMPING, areas).code


def as_budi(laptop: OpenLaptop, password: str = BUDIS) -> OpenLaptop:
    """The same folder, locked and opened by Budi."""
    laptop.close()
    return open_laptop(laptop.paths, user="budi", password=password, wiring=system_wiring())


def at_ten(laptop: OpenLaptop) -> Session:
    """The session at ten o'clock of the day for which the complete answers were written."""
    return replace(laptop.session, wiring=replace(laptop.session.wiring, now=lambda: START))


def send(laptop: OpenLaptop) -> SyncRun:
    with transport_of(laptop.session) as transport:
        return sync_now(laptop.session, transport)


def authors(server: RealServer, kind: str) -> list[tuple[str, int]]:
    """Author's name and number of his records of a kind."""
    database = open_sqlite(server.folder / "server.db")
    try:
        query = (
            "SELECT u.name, count(*) FROM record r JOIN user_account u ON u.uid = r.author_uid"
            " WHERE r.kind = ? GROUP BY u.name ORDER BY u.name"
        )
        return [(str(name), int(count)) for name, count in database.run(query, kind).fetchall()]
    finally:
        database.close()


def enrol_both(server: RealServer, laptop: OpenLaptop, mark: str) -> None:
    join_server(laptop, url=server.url, code=person(server, f"Rina {mark}"))
    add_colleague(laptop, user="budi", password=BUDIS, code=person(server, f"Budi {mark}", OTHER_AREA), cost=FALLBACK)


def test_either_officer_sends_the_visits_of_both_under_their_own_names(server: RealServer, laptop: OpenLaptop):
    join_server(laptop, url=server.url, code=person(server, "Rina Kirim"))
    add_colleague(laptop, user="budi", password=BUDIS, code=person(server, "Budi Kirim"), cost=FALLBACK)
    admin = server.add_user("Admin Kirim", Role.ADMIN_PROV, "64")
    server.tell("user", "alias", "--user", admin.uid, "--author", "staff-admin")
    unit = make_records.make_unit(at_ten(laptop))
    make_records.record_visit(at_ten(laptop), unit.uid, "2026-11-20")
    rinas = colleagues(laptop)[0].unsent
    with as_budi(laptop) as again:
        assert (again.session.officer.name, again.session.officer.areas) == ("Budi Kirim", (KECAMATAN,))
        make_records.record_visit(at_ten(again), unit.uid, "2026-11-23")
        assert [one.unsent for one in colleagues(again)] == [rinas, 1]
        done = send(again)
        assert (done.sent, done.refused, done.outcome) == (rinas + 2, 0, "")  # and the batch of the administrator
        assert [one.unsent for one in colleagues(again)] == [0, 0]
    assert authors(server, "visit") == [("Budi Kirim", 1), ("Rina Kirim", 1)]


def test_the_laptop_stays_the_one_it_was(server: RealServer, laptop: OpenLaptop):
    join_server(laptop, url=server.url, code=person(server, "Rina Satu"))
    before = (connection(laptop.session), laptop.store.setting("device_code"))
    add_colleague(laptop, user="budi", password=BUDIS, code=person(server, "Budi Satu", OTHER_AREA), cost=FALLBACK)
    assert (connection(laptop.session), laptop.store.setting("device_code")) == before
    send(laptop)
    scopes = {name for (name,) in laptop.store.db.rows("SELECT scope_id FROM sync_scope WHERE state = 'live'")}
    assert KECAMATAN in scopes
    assert any(name.startswith(OTHER_AREA) for name in scopes)


def test_counts_by_officer_lie_where_the_locked_laptop_reads_them(server: RealServer, laptop: OpenLaptop):
    make_records.register_household(laptop.session, 1)
    enrol_both(server, laptop, "Hitung")
    make_records.register_household(laptop.session, 2)
    write_summary(laptop)
    assert read_summary(laptop.paths.summary) == {"rina": 4, "budi": 0}


@pytest.mark.parametrize(
    ("user", "password", "code"),
    [
        ("rina", BUDIS, "USER_EXISTS"),
        ("RINA", BUDIS, "USER_EXISTS"),
        ("", BUDIS, "USER_EMPTY"),
        ("budi", "pendek", "PASSWORD_WEAK"),
    ],
)
def test_a_mistake_is_told_before_the_code_is_used_up(
    server: RealServer, laptop: OpenLaptop, user: str, password: str, code: str
):
    mark = f"{user}{len(password)}{code}"
    join_server(laptop, url=server.url, code=person(server, f"Rina {mark}"))
    given = person(server, f"Budi {mark}")
    with pytest.raises(KubeFieldError) as caught:
        add_colleague(laptop, user=user, password=password, code=given, cost=FALLBACK)
    assert (caught.value.failure, caught.value.code) == (Failure.VALIDATION, code)
    add_colleague(laptop, user="budi", password=BUDIS, code=given, cost=FALLBACK)
    assert users(laptop.paths.key_file) == ["rina", "budi"]


def test_a_wrong_code_leaves_nothing_behind(server: RealServer, laptop: OpenLaptop):
    join_server(laptop, url=server.url, code=person(server, "Rina Salah"))
    with pytest.raises(KubeFieldError) as caught:
        add_colleague(laptop, user="budi", password=BUDIS, code="AAAA-AAAA-AAAA", cost=FALLBACK)
    assert caught.value.code == "S05"
    assert users(laptop.paths.key_file) == ["rina"]
    assert laptop.store.setting("officer.budi") == ""


def test_the_first_officer_enrols_first(laptop: OpenLaptop):
    with pytest.raises(KubeFieldError) as caught:
        add_colleague(laptop, user="budi", password=BUDIS, code="AAAA-AAAA-AAAA", cost=FALLBACK)
    assert caught.value.code == "NOT_ENROLLED"
    assert "Petugas pertama" in caught.value.action


def test_a_code_of_an_officer_who_is_here_makes_no_second_one_of_him(server: RealServer, laptop: OpenLaptop):
    made = server.add_user("Rina Ganda", Role.PENDAMPING, KECAMATAN)
    join_server(laptop, url=server.url, code=made.code)
    again = str(server.tell("device", "code", "--user", made.uid)["code"])
    with pytest.raises(KubeFieldError) as caught:
        add_colleague(laptop, user="rina2", password=BUDIS, code=again, cost=FALLBACK)
    assert caught.value.code == "OTHER_OFFICER"
    assert users(laptop.paths.key_file) == ["rina"]


def test_a_crash_between_officer_and_slot_leaves_no_half_officer(
    server: RealServer, laptop: OpenLaptop, monkeypatch: pytest.MonkeyPatch
):
    join_server(laptop, url=server.url, code=person(server, "Rina Putus"))
    made = server.add_user("Budi Putus", Role.PENDAMPING, KECAMATAN)

    def power_cut(*_arguments: object, **_options: object) -> None:
        raise OSError("the power is gone")

    with monkeypatch.context() as patched:
        patched.setattr("kube_field.colleagues.add_password_slot", power_cut)
        with pytest.raises(OSError, match="power"):
            add_colleague(laptop, user="budi", password=BUDIS, code=made.code, cost=FALLBACK)
    assert [one.user for one in colleagues(laptop)] == ["rina"]
    again = str(server.tell("device", "code", "--user", made.uid)["code"])
    add_colleague(laptop, user="budi", password=BUDIS, code=again, cost=FALLBACK)
    with as_budi(laptop) as opened:
        assert opened.session.officer.uid == made.uid


def test_work_of_an_officer_without_enrolment_waits_for_it(server: RealServer, laptop: OpenLaptop):
    join_server(laptop, url=server.url, code=person(server, "Rina Tunggu"))
    add_officer(laptop, user="budi", password=BUDIS, officer=officer_of("Budi"))
    with as_budi(laptop) as opened:
        make_records.register_household(opened.session, 1)
        assert send(opened).refused == 2
        code = person(server, "Budi Tunggu")
        with pytest.raises(KubeFieldError) as caught:
            add_colleague(opened, user="budi", password="bukan kata sandinya", code=code, cost=FALLBACK)
        assert caught.value.failure == Failure.WRONG_PASSWORD
        add_colleague(opened, user="budi", password=BUDIS, code=code, cost=FALLBACK)
        assert opened.session.officer.name == "Budi Tunggu"
        done = send(opened)
        assert (done.refused, done.outcome) == (0, "")
        assert opened.store.queue.pill().unsent == 0
        assert opened.store.queue.pill().failed == 0
    assert ("Budi Tunggu", 1) in authors(server, "household")


def test_a_second_officer_who_enrols_himself_takes_nothing_from_the_first(server: RealServer, laptop: OpenLaptop):
    join_server(laptop, url=server.url, code=person(server, "Rina Dulu"))
    way = connection(laptop.session)
    add_officer(laptop, user="budi", password=BUDIS, officer=officer_of("Budi"))
    with as_budi(laptop) as opened:
        join_server(opened, url=server.url, code=person(server, "Budi Dulu"))
        assert connection(opened.session) == way
        assert [one.enrolled for one in colleagues(opened)] == [True, True]
        with transport_of(opened.session) as transport:
            assert transport.me().user.name == "Rina Dulu"


def test_the_enrolled_officer_cannot_become_another_by_a_code(server: RealServer, laptop: OpenLaptop):
    join_server(laptop, url=server.url, code=person(server, "Rina Tetap"))
    with pytest.raises(KubeFieldError) as caught:
        join_server(laptop, url=server.url, code=person(server, "Budi Tetap"))
    assert caught.value.code == "OTHER_OFFICER"
    assert laptop.session.officer.name == "Rina Tetap"


def test_everybody_changes_his_own_password(server: RealServer, laptop: OpenLaptop):
    enrol_both(server, laptop, "Sandi")
    with pytest.raises(KubeFieldError) as caught:
        change_own_password(laptop, old="bukan kata sandinya", new="tajau mandau lamin ulap doyo", cost=FALLBACK)
    assert caught.value.failure == Failure.WRONG_PASSWORD
    change_own_password(laptop, old=PASSWORD, new="tajau mandau lamin ulap doyo", cost=FALLBACK)
    with as_budi(laptop) as opened:
        assert opened.user == "budi"
    with open_laptop(
        laptop.paths, user="rina", password="tajau mandau lamin ulap doyo", wiring=system_wiring()
    ) as opened:
        assert opened.user == "rina"


def test_the_command_line_adds_officers_with_and_without_a_code(server: RealServer, tmp_path: Path):
    folder = tmp_path / "laptop"
    set_up(folder).close()
    no_server = kube(folder, "user", "add", "budi", "--code", "AAAA-AAAA-AAAA", lines=[BUDIS])
    assert (no_server.code, "Petugas pertama" in no_server.err) == (Failure.NOT_ALLOWED, True)
    code = person(server, "Rina Perintah")
    assert kube(folder, "enrol", "--server", server.url, "--code", code).code == 0
    alone = kube(folder, "user", "add", "budi", lines=[BUDIS])
    assert (alone.code, "menunggu" in alone.err, alone.lines[0]["user"]) == (0, True, "budi")
    known = kube(folder, "user", "add", "budi", "--code", person(server, "Budi Perintah"), lines=[BUDIS])
    assert (known.code, known.lines[0]["name"]) == (0, "Budi Perintah")
    sari = kube(folder, "user", "add", "sari", "--code", person(server, "Sari Perintah"), lines=[BUDIS])
    assert sari.code == 0
    assert [line["user"] for line in kube(folder, "user", "list", password=None).lines] == ["rina", "budi", "sari"]
    with reopened(folder) as opened:
        assert all(one.enrolled for one in colleagues(opened))
        assert AppPaths(folder).key_file.exists()
