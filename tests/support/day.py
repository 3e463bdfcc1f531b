"""A laptop with a day's work, and a server that has a colleague's: to be copied and started as often as needed."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from kube_field.domain.records import Role
from kube_field.server.storage.accounts import Accounts
from kube_field.storage.store import open_store
from tests.support.direct_server import direct_server
from tests.support.laptop import DATABASE_KEY, REFERENCE, Laptop, make_laptop, plenty
from tests.support.make_records import make_batch, make_unit, record_visit, register_household, register_person
from tests.support.wholeness import SENT_FROM

LAPTOP, SERVER = "rina-l07", "server"
DATA = "data.db"


def make_morning(folder: Path) -> Path:
    """Both closed, in this folder."""
    with direct_server(folder) as server:
        user = server.add_user("Rina")
        with make_laptop(folder, "Budi", code="L02") as budi:
            server.enrol(budi.session, server.add_user("Budi"))
            for n in range(11, 16):
                register_person(budi.session, n)
            assert server.sync(budi.session).outcome == ""
        admin = server.add_user("Admin", Role.ADMIN_PROV, ("64",))
        with server.house.database.write():
            Accounts(server.house.database).add_alias("staff-admin", admin.uid)
        with make_laptop(folder, "Rina") as rina:
            server.enrol(rina.session, user)
            batch = make_batch(rina.session)
            owner = register_person(rina.session, 1)
            unit = make_unit(rina.session, owner, batch_id={"uid": batch.uid, "name": "KUBE"})
            record_visit(rina.session, unit.uid)
            register_household(rina.session, 2)
    return folder


class Day:
    """A copy of the morning."""

    def __init__(self, morning: Path, folder: Path) -> None:
        for name in (SERVER, LAPTOP):
            shutil.copytree(morning / name, folder / name)
        self.folder = folder

    @property
    def data(self) -> Path:
        """The laptop's database file."""
        return self.folder / LAPTOP / DATA

    def laptop(self, folder: Path | None = None) -> Laptop:
        """The laptop started anew, from another folder if given. Raises: as `open_store`."""
        home = folder or self.folder / LAPTOP
        store = open_store(home / DATA, DATABASE_KEY, reference=REFERENCE, free_bytes=plenty)
        spare = self.folder / "spare"
        shutil.rmtree(spare, ignore_errors=True)
        made = make_laptop(spare, "Rina")  # its officer, clock and ids; not its store
        made.store.close()
        return replace(made, folder=home, store=store, session=replace(made.session, store=store))


def sent_from(laptop: Laptop) -> list[tuple[str, str]]:
    """Id and hash of everything that this laptop wrote, in order."""
    return [(change, sha256) for change, sha256, _state, _receipt in laptop.store.db.rows(SENT_FROM)]
