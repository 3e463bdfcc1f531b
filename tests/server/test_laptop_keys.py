"""Every laptop learns the signing keys of all laptops, over the feed, and what was revoked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kube_field.domain.records import PROVINCE_SCOPE
from kube_field.domain.signer import Signer
from kube_field.server.laptop_keys import tell_every_key, tell_keys
from kube_field.server.storage import accounts as rows
from kube_field.server.storage.proof import check_feed
from kube_field.storage.projection import remove_remote
from kube_field.usecases.sync import sync_store
from kube_field.wire.server_words import ServerKind
from tests.contracts.desk import Desk
from tests.contracts.put_back import Place
from tests.support.drill import command
from tests.support.laptop import Laptop, make_laptop
from tests.support.server import AT, RunningServer, enrolled, running_server
from tests.support.wire_changes import make_fact


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    with running_server(tmp_path) as running:
        yield running
        assert check_feed(running.house.database) == []


@pytest.fixture
def rina(tmp_path: Path) -> Iterator[Laptop]:
    with make_laptop(tmp_path, "Rina") as laptop:
        yield laptop


@pytest.fixture
def budi(tmp_path: Path) -> Iterator[Laptop]:
    """An officer of another kabupaten."""
    with make_laptop(tmp_path, "Budi", ("64.74.01",), "L09") as laptop:
        yield laptop


def key_of(laptop: Laptop) -> str:
    return sync_store(laptop.store).courier.keys().public()[0]


def known_to(laptop: Laptop, key: str) -> list[Signer]:
    return sync_store(laptop.store).signers(key[:16])


def words(server: RunningServer) -> list[tuple[object, ...]]:
    return server.rows(f"SELECT uid, scope, version FROM record WHERE kind = '{ServerKind.LAPTOP}' ORDER BY uid")


def test_a_laptop_of_another_kabupaten_knows_the_key_after_its_next_run(
    server: RunningServer, rina: Laptop, budi: Laptop
):
    enrolled(server, budi, areas=("64.74.01",))
    server.sync(budi.session)
    enrolled(server, rina)
    assert known_to(budi, key_of(rina)) == []
    server.sync(rina.session)
    server.sync(budi.session)
    assert known_to(budi, key_of(rina)) == [Signer("L02", "Rina", key_of(rina))]


def test_one_knows_oneself_before_there_was_a_server(server: RunningServer, rina: Laptop):
    assert known_to(rina, key_of(rina)) == [Signer("L07", "", key_of(rina), is_ours=True)]
    enrolled(server, rina)
    server.sync(rina.session)
    assert known_to(rina, key_of(rina)) == [Signer("L01", "Rina", key_of(rina), is_ours=True)]


def test_a_key_is_told_once_however_often_it_is_said(server: RunningServer, rina: Laptop):
    enrolled(server, rina)
    for _run in range(3):
        server.sync(rina.session)
    assert [(scope, version) for _uid, scope, version in words(server)] == [(PROVINCE_SCOPE, 1)]


def test_a_revoked_laptop_is_told_with_its_day(tmp_path: Path, server: RunningServer, rina: Laptop, budi: Laptop):
    for laptop in (rina, budi):
        enrolled(server, laptop)
        server.sync(laptop.session)
    command(tmp_path / "server", "", "device", "revoke", "L01")
    server.sync(budi.session)
    (known,) = known_to(budi, key_of(rina))
    assert known.revoked_at
    assert [version for _uid, _scope, version in words(server)] == [1, 1, 1]


def test_laptops_of_before_are_told_when_the_new_server_starts(server: RunningServer):
    with server.house.database.write():
        for name, key in (("lama", "ab" * 32), ("muda", ""), ("aneh", "'; DROP TABLE record")):
            server.accounts.add_device(rows.Laptop(name, "", "nobody", name, AT, sign_key=key))
    assert tell_every_key(server.house) == 1
    assert tell_every_key(server.house) == 0
    assert [str(uid)[:8] for uid, _scope, _version in words(server)] == ["lk:lama:"]


def test_a_key_that_a_restore_lost_comes_back_from_beside_the_database(tmp_path: Path, rina: Laptop):
    """The laptop may be broken for good meanwhile: its papers are verified all the same."""
    place = Place(tmp_path / "server")
    place.folder.mkdir()
    with place.open():
        pass
    before = place.image()
    with running_server(tmp_path) as server:
        enrolled(server, rina)
        server.sync(rina.session)
        told = words(server)
    place.put_back(before)
    with running_server(tmp_path) as server:
        assert words(server) == told
        assert check_feed(server.house.database) == []


def test_what_was_told_once_stays_known_even_where_the_server_knows_it_no_more(
    server: RunningServer, rina: Laptop, budi: Laptop
):
    for laptop in (budi, rina):
        enrolled(server, laptop)
        server.sync(laptop.session)
    with rina.store.transaction():
        for uid, _scope, _version in words(server):
            assert remove_remote(rina.store, str(uid))
    assert [one.code for one in known_to(rina, key_of(budi))] == ["L01"]


def test_a_copied_laptop_is_told_under_both_names(server: RunningServer, rina: Laptop):
    enrolled(server, rina)
    server.sync(rina.session)
    with server.house.database.write():
        laptop = server.accounts.device("L01")
        assert laptop is not None
        copy = rows.Laptop("copy", "", laptop.user_uid, "", AT, sign_key=laptop.sign_key, parent_device="L01")
        tell_keys(server.house, [server.accounts.add_device(copy)])
    server.sync(rina.session)
    assert [one.code for one in known_to(rina, key_of(rina))] == ["L01", "L02"]


def test_no_laptop_can_send_a_key_itself(server: RunningServer):
    desk = Desk(server.house)
    desk.add("Ani")
    forged = make_fact("lk:x:abababababababab", body={"key": "ab" * 32})
    forged.kind = "laptop"
    assert desk.statuses(forged, name="Ani") == ["rejected"]
    assert words(server) == []
