"""A server put back more than once: to a copy older than the last restore, into ever new clusters, under its own feet.

After each time nothing with a receipt is missing once the laptops were there, every area of every laptop is the
server's, and nobody works again whose laptop or area was taken away.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kube_field.errors import Failure
from kube_field.server.storage.proof import check_feed
from kube_field.usecases.sync import sync_store
from tests.contracts.put_back import Place, postgres_tools
from tests.support.drill import command, contents, edit, held_by, new_cluster, receipts, sync
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_records import register_household
from tests.support.postgres import make_database
from tests.support.server import RunningServer, enrolled, running_server
from tests.support.wholeness import assert_alike

KECAMATAN, OTHER = "64.02.12", "64.02.13"
AREAS = (KECAMATAN, OTHER)


@dataclass
class Province:
    """Rina and Budi work; Dewi's laptop is taken off and Siti loses an area on the last day before the restores."""

    folder: Path
    rina: Laptop
    budi: Laptop
    dewi: Laptop
    siti: Laptop
    url: str = ""
    days: int = 0
    promised: set[tuple[str, str]] = field(default_factory=set)
    before: set[tuple[object, ...]] = field(default_factory=set)

    @property
    def home(self) -> Path:
        return self.folder / "server"

    def day(self) -> None:
        """A day's work of both, sent; what they were promised is remembered."""
        self.days += 1
        with running_server(self.folder, postgres_url=self.url) as server:
            family = register_household(self.rina.session, self.days, kk_number=f"64021212041{self.days:05d}")
            register_household(self.budi.session, self.days, kk_number=f"64021212042{self.days:05d}")
            sync(server, self.rina, self.budi, self.rina)
            edit(self.budi, family.uid, address=f"Jalan Baru {self.days}")
            sync(server, self.budi, self.rina)
            self.remember(server)

    def remember(self, server: RunningServer) -> None:
        self.promised |= receipts(self.rina) | receipts(self.budi)
        self.before = contents(server)

    def copy(self, name: str) -> Path:
        image = self.folder / name
        command(self.home, self.url, "backup", "create", str(image))
        return image

    def after_restore(self) -> None:
        """Laptops come; everything is as it was, and what was taken away stays away."""
        with running_server(self.folder, postgres_url=self.url) as server:
            assert not self.promised <= held_by(server)
            sync(server, self.rina, self.budi, self.rina, self.budi)
            assert self.promised <= held_by(server)
            assert contents(server) == self.before
            for laptop in (self.rina, self.budi):
                assert self.promised >= receipts(laptop)
                assert_alike(server, laptop.store)
            assert check_feed(server.house.database) == []
            sync_store(self.dewi.session.store).move_to(server.url)
            assert server.sync(self.dewi.session).exit_code == Failure.REVOKED
            sync(server, self.siti)
            scopes = {name for (name,) in self.siti.store.db.rows("SELECT scope_id FROM sync_scope")}
            assert KECAMATAN in scopes
            assert OTHER not in scopes


@pytest.fixture
def province(tmp_path: Path) -> Iterator[Province]:
    with ExitStack() as stack:
        names = ("Rina", "Budi", "Dewi", "Siti")
        made = Province(tmp_path, *(stack.enter_context(make_laptop(tmp_path, name, AREAS)) for name in names))
        yield made


def open_province(province: Province) -> None:
    with running_server(province.folder, postgres_url=province.url) as server:
        for laptop in (province.rina, province.budi, province.dewi, province.siti):
            enrolled(server, laptop, areas=AREAS)
        sync(server, province.rina, province.budi, province.dewi, province.siti)


def take_away(province: Province) -> None:
    """Dewi's laptop and one of Siti's areas."""
    code = province.dewi.store.setting("device_code")
    command(province.home, province.url, "device", "revoke", code)
    command(province.home, province.url, "user", "areas", "--user", "Siti", "--areas", KECAMATAN)


Places = Callable[[ExitStack], list[str]]
"""Addresses of the databases: the first one, and the one of each restore; "" for SQLite."""


def one_file(_stack: ExitStack) -> list[str]:
    return ["", "", ""]


def one_database(_stack: ExitStack) -> list[str]:
    return [make_database()] * 3


def ever_new_clusters(stack: ExitStack) -> list[str]:
    return [make_database(), stack.enter_context(new_cluster()), stack.enter_context(new_cluster())]


def put_back(province: Province, image: Path, url: str) -> None:
    province.url = url
    command(province.home, url, "backup", "restore", str(image))


def copied_back(province: Province, image: Path, _url: str) -> None:
    """The file copied over the other by hand; nobody told the server, and what lies beside it stayed."""
    for path in province.home.glob("server.db*"):
        path.unlink()
    shutil.copyfile(image, province.home / "server.db")


@pytest.mark.parametrize(
    ("places", "restore"),
    [
        (one_file, put_back),
        (one_file, copied_back),
        pytest.param(one_database, put_back, marks=[pytest.mark.postgres, pytest.mark.slow]),
        pytest.param(ever_new_clusters, put_back, marks=[pytest.mark.postgres, pytest.mark.slow]),
    ],
)
def test_a_copy_older_than_the_last_restore_loses_nothing(
    province: Province,
    monkeypatch: pytest.MonkeyPatch,
    places: Places,
    restore: Callable[[Province, Path, str], None],
):
    monkeypatch.setenv("PATH", f"{postgres_tools()}{os.pathsep}{os.environ['PATH']}")
    with ExitStack() as stack:
        province.url, second, third = places(stack)
        open_province(province)
        province.day()
        oldest = province.copy("senin")
        province.day()
        newer = province.copy("selasa")
        province.day()
        take_away(province)
        restore(province, newer, second)
        province.after_restore()
        province.day()
        restore(province, oldest, third)
        province.after_restore()
        province.day()
        restore(province, newer, third)  # and forward again, to a copy that this life never saw
        province.after_restore()
        with running_server(province.folder, postgres_url=province.url) as server:
            lives = server.rows("SELECT count(*), count(DISTINCT epoch) FROM lineage")
            codes = server.rows("SELECT count(*), count(DISTINCT code) FROM device")
        assert lives[0][0] == lives[0][1] >= 2
        assert codes == [(4, 4)], "nobody was taken for a clone"


@pytest.mark.postgres
def test_a_database_put_back_under_a_running_server_loses_nothing(province: Province, monkeypatch: pytest.MonkeyPatch):
    """The command refuses it; somebody may still do it with PostgreSQL's own tools, from another machine."""
    monkeypatch.setenv("PATH", f"{postgres_tools()}{os.pathsep}{os.environ['PATH']}")
    province.url = make_database()
    open_province(province)
    province.day()
    image = province.copy("senin")
    province.day()
    rina, budi = province.rina, province.budi
    with running_server(province.folder, postgres_url=province.url) as server:
        register_household(rina.session, 7, kk_number="6402121204170007")
        sync(server, rina, budi)
        province.remember(server)
        Place(province.folder, province.url).put_back(image)
        assert not province.promised <= held_by(server)
        register_household(budi.session, 8, kk_number="6402121204180008")
        sync(server, budi, rina, budi, rina)
        assert province.promised <= held_by(server)
        assert province.before <= contents(server)
        assert_alike(server, rina.store)
        assert_alike(server, budi.store)
        assert check_feed(server.house.database) == []
