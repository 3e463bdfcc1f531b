"""A server put back erases again whom somebody decided to erase, and nobody else.

Since its backup a family may have got another member, or two women may have been found to be two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kube_field.domain.records import Role
from kube_field.server.erasing import erase
from kube_field.server.storage.proof import check_feed
from kube_field.usecases.queue import queue
from kube_field.usecases.sync import sync_store
from tests.server.test_erasure_reaches_laptops import CANARY, OTHER, REASON, command
from tests.server.test_merges_reach_laptops import MISTYPED, Two
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import make_unit, record_visit, register_household, register_person
from tests.support.server import RunningServer, enrolled, running_server


@dataclass
class Office:
    """The server's folder, an officer's laptop and a supervisor's."""

    folder: Path
    rina: Laptop
    sari: Laptop

    def backup(self, name: str) -> None:
        command(self.folder / "server", "backup", "create", str(self.folder / name))

    def restore(self, name: str) -> None:
        command(self.folder / "server", "backup", "restore", str(self.folder / name))

    def sync(self, server: RunningServer) -> None:
        for laptop in (self.sari, self.rina, self.sari):
            sync_store(laptop.store).move_to(server.url)  # another port after each start
            server.sync(laptop.session)
            assert {row.state for row in queue(laptop.session)} <= {"photos", "erased"}

    def kinds(self, server: RunningServer) -> dict[str, str]:
        assert check_feed(server.house.database) == []
        return dict(server.rows("SELECT uid, kind FROM record"))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    supervisor = make_laptop(tmp_path, "Sari", ("64.02",), "L08", role=Role.PENYELIA_KAB)
    with make_laptop(tmp_path) as rina, supervisor as sari:
        with running_server(tmp_path) as server:
            enrolled(server, rina)
            enrolled(server, sari, role=Role.PENYELIA_KAB, areas=("64.02",))
        yield Office(tmp_path, rina, sari)


def test_a_family_that_has_another_member_since_the_backup_stays(tmp_path: Path, office: Office):
    with running_server(tmp_path) as server:
        home = register_household(office.rina.session, 5, head_name=CANARY)
        her = register_person(office.rina.session, 5, household=home, full_name=CANARY)
        office.sync(server)
        office.backup("lama")
        sister = register_person(office.sari.session, 6, household=home, full_name=OTHER)
        office.sync(server)
        erase(server.house, her.uid, REASON)
        office.backup("baru")
    for name in ("lama", "baru"):  # whom the older one named in the ledger, the newer one would lose as well
        office.restore(name)
        with running_server(tmp_path) as server:
            office.sync(server)
            left = office.kinds(server)
            assert (left[her.uid], left[home.uid], left[sister.uid]) == ("erased", "household", "person")
    assert office.rina.store.records.get(sister.uid) is not None


def written_twice(office: Office, server: RunningServer) -> Two:
    """Two women whom both officers took for one when the backup was made."""
    home = register_household(office.rina.session, 1)
    office.sync(server)
    kept = register_person(office.rina.session, 1, household=home)
    old = register_person(office.sari.session, 1, household=home, phone="+6281200000002", **MISTYPED)
    two = Two(server, office.rina, office.sari, kept, old)
    two.sync(office.rina, office.sari, office.rina)
    return two


@pytest.mark.parametrize("goes", ["kept", "merged"])
def test_whoever_was_taken_for_her_when_the_backup_was_made_stays(tmp_path: Path, office: Office, goes: str):
    with running_server(tmp_path) as server:
        two = written_twice(office, server)
        her, other = (two.kept, two.old) if goes == "kept" else (two.old, two.kept)
        unit = make_unit(office.rina.session, other)
        visit = record_visit(office.rina.session, unit.uid)
        office.sync(server)
        two.merge()
        office.sync(server)
        office.backup("lama")
        two.undo()
        office.sync(server)
        erase(server.house, her.uid, REASON)
        office.sync(server)
    office.restore("lama")
    with running_server(tmp_path) as server:
        office.sync(server)
        left = office.kinds(server)
        named = (her.uid, other.uid, unit.uid, visit.uid)
        assert tuple(left[uid] for uid in named) == ("erased", "person", "business_unit", "visit")
        assert server.rows(f"SELECT merged_into FROM record WHERE uid = '{other.uid}'") == [("",)]
    for laptop in (office.rina, office.sari):
        assert laptop.store.records.get(other.uid) is not None
        assert laptop.store.records.get(her.uid) is None
        assert laptop.store.facts.get(visit.uid) is not None


def test_what_was_taken_from_her_by_a_merge_goes_again(tmp_path: Path, office: Office):
    """The other woman had no phone; the merge gave her the number of the one who is erased."""
    with running_server(tmp_path) as server:
        home = register_household(office.rina.session, 1)
        office.sync(server)
        kept = register_person(office.rina.session, 1, household=home, phone=None)
        old = register_person(office.sari.session, 1, household=home, phone="+6281200000002", **MISTYPED)
        two = Two(server, office.rina, office.sari, kept, old)
        two.sync(office.rina, office.sari, office.rina)
        two.merge()
        office.sync(server)
        assert "+6281200000002" in repr(server.rows(f"SELECT body FROM record WHERE uid = '{kept.uid}'"))
        office.backup("lama")
        two.undo()
        office.sync(server)
        erase(server.house, old.uid, REASON)
    office.restore("lama")
    with running_server(tmp_path) as server:
        assert "+6281200000002" not in repr(server.rows("SELECT body FROM record"))
        office.sync(server)
        assert "+6281200000002" not in repr(server.rows("SELECT body FROM record"))
