"""A stick that was written before its laptop heard that the server was put back takes away nothing unseen."""

from __future__ import annotations

from pathlib import Path

import pytest

from kube_field.domain.records import Role
from kube_field.server import backup
from kube_field.server.courier import take_bundle
from kube_field.server.lineage import write_witness
from kube_field.server.storage.accounts import Accounts, User
from kube_field.usecases.courier import give
from kube_field.usecases.groups import close_membership, take_back_members
from kube_field.usecases.stick import CourierTally
from tests.support.direct_server import direct_server
from tests.support.laptop import make_laptop
from tests.support.make_records import make_group
from tests.support.server import AT


@pytest.mark.parametrize("put_back", [False, True])
def test_a_deletion_on_a_stick_counts_on_versions_of_its_own_life_only(tmp_path: Path, *, put_back: bool):
    """Rina ends a membership, then takes it off; the server forgets the first, and Tuti ends it another way."""
    stick = tmp_path / "flashdisk"
    for folder in (tmp_path / "server", stick):
        folder.mkdir()
    with (
        direct_server(tmp_path / "server") as server,
        make_laptop(tmp_path, "Rina") as rina,
        make_laptop(tmp_path, "Tuti", code="L08") as tuti,
    ):
        accounts = Accounts(server.house.database)
        with server.house.database.write():
            accounts.add_user(User("user-admin", "Admin", Role.ADMIN_PROV, ("64",)), AT)
            accounts.add_alias("staff-admin", "user-admin")
        for laptop in (rina, tuti):
            officer = laptop.session.officer
            server.enrol(laptop.session, server.add_user(officer.name, areas=officer.areas))
        make_group(rina.session, members=3)
        server.sync(rina.session)
        server.sync(tuti.session)
        uid = str(rina.store.db.value("SELECT uid FROM membership ORDER BY uid LIMIT 1"))
        write_witness(server.house)
        backup.create(server.house, "", tmp_path / "cadangan")
        close_membership(rina.session, uid=uid, left_on="2026-11-01", reason="pindah")
        server.sync(rina.session)
        write_witness(server.house)
        take_back_members(rina.session, uids=[uid])
        give(rina.session, stick, CourierTally())
        if put_back:
            server.put_back(tmp_path / "cadangan")
        server.sync(tuti.session)
        if put_back:
            close_membership(tuti.session, uid=uid, left_on="2026-10-10", reason="meninggal", note="kata tetangga")
            server.sync(tuti.session)
        for path in stick.iterdir():
            take_bundle(server.house, path.read_bytes())
        for laptop in (rina, tuti, rina):
            assert server.sync(laptop.session).outcome == ""
        assert server.rows(f"SELECT deleted FROM record WHERE uid = '{uid}'") == [(0 if put_back else 1,)]
        asked = server.rows(f"SELECT body FROM record WHERE kind = 'conflict' AND subject_uid = '{uid}'")
        assert any('"field": "deleted"' in body for (body,) in asked) == put_back
