"""A server put back to an older state: it notices by itself, and rights neither come back nor get lost."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from kube_field.domain.records import Role
from kube_field.errors import KubeFieldError
from kube_field.server import backup
from kube_field.server.endpoint import House, authenticate
from kube_field.server.grants_file import GRANTS_FILE
from kube_field.server.lineage import BEHIND, INIT, OLDER_LIFE, OTHER_CLUSTER, write_witness
from kube_field.server.storage.accounts import Accounts, Laptop, User
from kube_field.server.storage.images import live_counts
from kube_field.wire.refusals import Refusal
from tests.contracts.desk import KECAMATAN, Desk
from tests.contracts.put_back import Place, accounts_of, life_of, postgres_tools
from tests.support.postgres import make_database, make_ready_database
from tests.support.wire_changes import make_household

LATER = "2026-11-24T00:00:00.000Z"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setenv("PATH", f"{postgres_tools()}{os.pathsep}{os.environ['PATH']}")
    made = Place(tmp_path, make_ready_database() if request.param == "postgres" else "")
    with made.desk() as desk:
        desk.add("Rina")
    return made


def work(desk: Desk, *uids: str) -> None:
    assert set(desk.statuses(*(make_household(uid) for uid in uids))) == {"applied"}


def test_a_server_that_goes_on_stays_in_its_life(place: Place):
    with place.desk() as desk:
        work(desk, "home-1")
        write_witness(desk.house)
        first = life_of(desk.house)
    assert (first.number, first.reason, first.parent) == (1, INIT, "")
    for _start in range(3):
        with place.open() as house:
            assert life_of(house) == first


def test_a_database_behind_its_witness_begins_a_new_life(place: Place):
    image = place.image()
    with place.desk() as desk:
        work(desk, "home-1")
        write_witness(desk.house)
        before = life_of(desk.house)
    place.put_back(image)
    with place.open() as house:
        after = life_of(house)
        assert (after.number, after.reason, after.parent) == (2, BEHIND, before.epoch)
    with place.open() as house:
        assert life_of(house) == after


def test_a_hello_alone_is_enough_to_notice(place: Place):
    image = place.image()
    with place.desk() as desk:
        desk.push()
        write_witness(desk.house)
    place.put_back(image)
    with place.open() as house:
        assert life_of(house).reason == BEHIND


def test_an_older_backup_after_a_restore_is_noticed_too(place: Place):
    oldest = place.image()
    with place.desk() as desk:
        work(desk, "home-1")
        write_witness(desk.house)
    place.put_back(oldest)
    with place.desk({}) as desk:
        second = life_of(desk.house)
        write_witness(desk.house)
    place.put_back(oldest)
    with place.open() as house:
        third = life_of(house)
    assert third.reason == OLDER_LIFE
    assert third.epoch not in (second.epoch, second.parent)


def test_what_was_revoked_stays_revoked_and_what_was_granted_stays_granted(place: Place):
    with place.open() as house, house.database.write():
        accounts_of(house).add_token("hash-of-rina", "laptop-Rina", "user-rina", LATER)
    image = place.image()
    with place.open() as house:
        accounts = accounts_of(house)
        with house.database.write():
            accounts.grant("user-rina", ("64.02.09",), LATER)
            accounts.revoke_device("laptop-Rina", LATER)
            accounts.add_user(User("user-budi", "Budi", Role.TKSK, ("64.72.01",), password_hash="h"), LATER)
            accounts.add_device(Laptop("laptop-Budi", "", "user-budi", "Budi", LATER))
            accounts.add_token("hash-of-budi", "laptop-Budi", "user-budi", LATER)
            accounts.add_alias("uid-of-budi-before", "user-budi")
            accounts.add_code("ABCD", "user-budi", "argon", LATER, "2027", 5)
            accounts.use_code("ABCD", LATER)
            server_id = accounts.meta("server_id")
    place.put_back(image)
    with place.open() as house, house.database.read():
        accounts = accounts_of(house)
        rina, budi = accounts.user("Rina"), accounts.user("Budi")
        assert rina is not None
        assert (rina.areas, rina.former) == (("64.02.09",), (KECAMATAN,))
        assert budi is not None
        assert (budi.areas, budi.role, budi.password_hash) == (("64.72.01",), Role.TKSK, "h")
        holder = accounts.holder("hash-of-rina")
        assert holder is not None
        assert holder.device.revoked_at == LATER
        holder = accounts.holder("hash-of-budi")
        assert holder is not None
        assert (holder.user.uid, holder.device.code, holder.device.revoked_at) == ("user-budi", "L02", "")
        assert [officer.uid for officer in accounts.officers("laptop-Budi")] == ["user-budi"]
        assert set(accounts.authors(["uid-of-budi-before"])) == {"uid-of-budi-before"}
        code = accounts.code("ABCD")
        assert code is not None
        assert code["used_at"] == LATER
        assert accounts.meta("server_id") == server_id


def test_a_database_lost_whole_comes_back_under_the_same_name_with_all_who_may_use_it(place: Place):
    with place.open() as house, house.database.write():
        accounts_of(house).add_token("hash-of-rina", "laptop-Rina", "user-rina", LATER)
        server_id, first = accounts_of(house).meta("server_id"), accounts_of(house).epoch()
    if place.url:
        place.url = make_database()
    else:
        for path in place.folder.glob("server.db*"):
            path.unlink()
    with place.open() as house, house.database.read():
        accounts = accounts_of(house)
        assert accounts.meta("server_id") == server_id
        assert accounts.epoch() != first
        holder = accounts.holder("hash-of-rina")
        assert holder is not None
        assert (holder.user.name, holder.device.device_id) == ("Rina", "laptop-Rina")


def test_two_laptops_that_got_the_same_code_on_either_side_of_a_restore_both_stay(place: Place):
    """The file of grants was lost with the first restore, so nobody knew any more that the code was given."""

    def enrol(name: str) -> None:
        with place.open() as house, house.database.write():
            accounts_of(house).add_device(Laptop(name, "", "user-rina", "Rina", LATER))

    before = place.image()
    enrol("laptop-A")
    after = place.image()
    place.put_back(before)
    (place.folder / GRANTS_FILE).unlink()
    enrol("laptop-B")
    place.put_back(after)
    enrol("laptop-C")
    with place.open() as house, house.database.read():
        codes = {laptop.device_id: laptop.code for laptop in accounts_of(house).devices()}
    assert codes == {"laptop-Rina": "L01", "laptop-A": "L02", "laptop-B": "L03", "laptop-C": "L04"}


def test_a_refused_transaction_writes_nothing_down(place: Place):
    with place.open() as house:
        before = (place.folder / GRANTS_FILE).read_bytes()
        with pytest.raises(Refusal):
            refused_alias(house)
        assert (place.folder / GRANTS_FILE).read_bytes() == before


def refused_alias(house: House) -> None:
    with house.database.write():
        accounts_of(house).add_alias("somebody", "user-rina")
        authenticate(accounts_of(house), "Bearer nobody")


def test_a_right_that_cannot_be_written_down_is_not_granted(place: Place, monkeypatch: pytest.MonkeyPatch):
    with place.open() as house:
        monkeypatch.setattr("os.fsync", full_disk)
        with pytest.raises(OSError, match="full"), house.database.write():
            accounts_of(house).grant("user-rina", ("64.72",), LATER)
        monkeypatch.undo()
        with house.database.read():
            rina = accounts_of(house).user("Rina")
        assert rina is not None
        assert rina.areas == (KECAMATAN,)


def full_disk(_handle: int) -> None:
    raise OSError("the disk is full")


def test_a_file_that_is_taken_away_while_the_server_runs_is_begun_anew_and_whole(place: Place):
    """A backup from before knows the old file: it must not look for its own place in the new one."""
    with place.desk() as desk:
        desk.add("Sari")
    image = place.image()
    with place.desk() as desk:
        (place.folder / GRANTS_FILE).unlink()
        desk.add("Budi")
        first = (place.folder / GRANTS_FILE).read_text(encoding="utf-8").splitlines()[0]
        assert json.loads(first)["t"] == "grants"
    place.put_back(image)
    with place.desk() as desk, desk.house.database.read():
        accounts = Accounts(desk.house.database)
        assert accounts.user("Sari") is not None
        assert accounts.user("Budi") is not None


def test_half_a_line_of_a_power_cut_hides_nothing_that_comes_after(place: Place):
    image = place.image()
    with (place.folder / GRANTS_FILE).open("ab") as file:
        file.write(b'{"t":"area_gra')
    with place.open() as house, house.database.write():
        accounts_of(house).grant("user-rina", (), LATER)
    place.put_back(image)
    with place.open() as house, house.database.read():
        rina = accounts_of(house).user("Rina")
        assert rina is not None
        assert (rina.areas, rina.former) == ((), (KECAMATAN,))


def test_a_backup_is_read_through_and_counted(place: Place):
    with place.desk() as desk:
        work(desk, "home-1", "home-2")
        assert backup.verified_age(desk.house) is None
        made = backup.create(desk.house, place.url, place.folder / "copy")
        assert made.counts["record"] == 2
        assert backup.verified_age(desk.house) == 0
        with pytest.raises(KubeFieldError, match="sudah ada"):
            backup.create(desk.house, place.url, place.folder / "copy")
    assert backup.verify(place.folder / "copy").sha256 == made.sha256
    assert not list(place.folder.glob("*.part"))


def test_a_backup_counts_every_table(place: Place):
    query = (
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        if place.url
        else "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    with place.open() as house, house.database.read():
        there = {str(name) for (name,) in house.database.run(query).fetchall()}
        counted = set(live_counts(house.database))
    assert counted == {name for name in there if name != "schema_step" and not re.fullmatch(r"(intake|feed)_\d+", name)}


def test_a_damaged_backup_is_noticed_and_replaces_nothing(place: Place):
    with place.desk() as desk:
        work(desk, *(f"home-{number}" for number in range(30)))
    image = place.image()
    content = image.read_bytes()
    for broken in (content[: len(content) // 2], b"something else", b""):
        image.write_bytes(broken)
        with pytest.raises(KubeFieldError):
            place.put_back(image)
    with place.desk() as desk:
        assert len(desk.pull().rows) == 30


def test_a_backup_of_another_server_replaces_nothing(place: Place, tmp_path: Path):
    (tmp_path / "other").mkdir()
    other = Place(tmp_path / "other")
    with other.desk() as desk:
        desk.add("Rina")
    with pytest.raises(KubeFieldError, match="server lain"):
        place.put_back(other.image())


@pytest.mark.postgres
def test_another_cluster_is_another_life(tmp_path: Path):
    place = Place(tmp_path, make_ready_database())
    with place.open() as house:
        first = life_of(house)
        if not first.identity:
            pytest.fail("the test server tells its identity")
        with house.database.write():
            house.database.run("UPDATE lineage SET identity = '1/1'")
    with place.open() as house:
        assert life_of(house).reason == OTHER_CLUSTER


@pytest.mark.postgres
def test_without_tools_the_command_to_run_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    place = Place(tmp_path, make_ready_database())
    monkeypatch.setenv("PATH", str(tmp_path))
    with place.open() as house, pytest.raises(KubeFieldError) as caught:
        backup.create(house, place.url, tmp_path / "copy")
    assert "pg_dump --format=custom" in caught.value.action
