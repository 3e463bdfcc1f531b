"""A restricted referral over the line: the author keeps it, the supervisor gets it, the colleague never sees it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kube_field.domain.records import Fact, RecordKind, Role
from kube_field.server.storage.proof import check_feed
from kube_field.usecases.referrals import change_status, referrals_of, story_of
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import refer, register_person
from tests.support.server import RunningServer, enrolled, running_server

PROTECTED = {"partner_kind": "uptd_ppa", "partner_name": "UPTD PPA Kukar", "need": "pendampingan"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    with running_server(tmp_path) as running:
        yield running
        assert check_feed(running.house.database) == []


@pytest.fixture
def rina(tmp_path: Path, server: RunningServer) -> Iterator[Laptop]:
    with make_laptop(tmp_path) as made:
        yield enrolled(server, made)


@pytest.fixture
def sari(tmp_path: Path, server: RunningServer) -> Iterator[Laptop]:
    with make_laptop(tmp_path, "Sari", ("64.02",), "L08", role=Role.PENYELIA_KAB) as made:
        yield enrolled(server, made, role=Role.PENYELIA_KAB, areas=("64.02",))


def stored(laptop: Laptop, uid: str) -> Fact | None:
    return laptop.store.facts.get(uid)


def test_it_goes_to_the_supervisor_and_back_and_never_to_a_colleague(
    tmp_path: Path, server: RunningServer, rina: Laptop, sari: Laptop
):
    person = register_person(rina.session)
    referral = refer(rina.session, person.uid, **PROTECTED)
    first = change_status(rina.session, uid=referral.uid, answers={"status": "dikirim", "changed_on": "2026-11-23"})
    assert server.sync(rina.session).refused == 0
    server.sync(sari.session)
    for _round in range(3):
        server.sync(rina.session)
        assert stored(rina, referral.uid) is not None
        assert stored(rina, first.uid) is not None
    assert [row.uid for row in referrals_of(sari.session, [person.uid])] == [referral.uid]
    told = {"status": "diproses", "changed_on": "2026-11-23"}
    second = change_status(sari.session, uid=referral.uid, answers=told)
    assert server.sync(sari.session).refused == 0
    server.sync(rina.session)
    assert [item.what for item in story_of(rina.session, referral)] == ["Diproses", "Dikirim"]
    with make_laptop(tmp_path, "Budi", code="L10") as made:
        budi = enrolled(server, made)
        for _round in range(2):
            server.sync(budi.session)
        assert budi.store.records.get(person.uid) is not None
        assert [stored(budi, uid) for uid in (referral.uid, first.uid, second.uid)] == [None] * 3
        assert budi.store.db.value("SELECT count(*) FROM fact WHERE kind = 'referral'") == 0
        assert "UPTD" not in str(budi.store.db.rows("SELECT * FROM fact"))


def test_the_author_gets_it_back_on_a_new_laptop(tmp_path: Path, server: RunningServer, rina: Laptop):
    person = register_person(rina.session)
    referral = refer(rina.session, person.uid, **PROTECTED)
    server.sync(rina.session)
    with make_laptop(tmp_path / "new", "Rina", code="L11") as made:
        server.enrol(made.session, "Rina")
        server.sync(made.session)
        again = stored(made, referral.uid)
    assert again is not None
    assert (again.answers, again.sha256) == (referral.answers, referral.sha256)


def test_it_leaves_the_laptop_of_somebody_who_supervises_no_more(server: RunningServer, rina: Laptop, sari: Laptop):
    ordinary = refer(rina.session, register_person(rina.session, 2).uid)
    restricted = refer(rina.session, register_person(rina.session, 3).uid, **PROTECTED)
    server.sync(rina.session)
    server.sync(sari.session)
    kinds = {fact.uid for fact in sari.store.facts.of_kind(RecordKind.REFERRAL)}
    assert kinds == {ordinary.uid, restricted.uid}
    with server.house.database.write():
        server.house.database.run("UPDATE user_account SET role = 'pendamping' WHERE name = 'Sari'")
    server.sync(sari.session)
    assert stored(sari, restricted.uid) is None
    assert stored(sari, ordinary.uid) is not None
