"""The provincial server for tests: the real app behind a real socket, on SQLite or PostgreSQL."""

from __future__ import annotations

import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

from kube_field.domain.records import Role
from kube_field.domain.views import SyncRun
from kube_field.server.app import make_house
from kube_field.server.endpoint import House
from kube_field.server.routes.enrolment import make_code
from kube_field.server.serving import Certificate, make_config
from kube_field.server.storage.accounts import Accounts, User
from kube_field.server.storage.database import ServerDatabase, open_postgres, open_sqlite
from kube_field.sync.transports.http import HttpTransport
from kube_field.usecases.enrolment import enrol
from kube_field.usecases.session import Session
from kube_field.usecases.sync import connection, sync_now
from tests.support.laptop import KECAMATAN, REFERENCE, START, Laptop

AT = "2026-11-23T00:00:00.000Z"


@dataclass
class RunningServer:
    """A server that answers at `url`; the helpers reach into its database like the command line does."""

    house: House
    url: str

    @property
    def accounts(self) -> Accounts:
        return Accounts(self.house.database)

    def add_user(self, name: str, role: Role = Role.PENDAMPING, areas: tuple[str, ...] = (KECAMATAN,)) -> User:
        """A new officer."""
        user = User(uid=f"user-{name.lower()}", name=name, role=role, areas=areas)
        with self.house.database.write():
            self.accounts.add_user(user, AT)
        return user

    def code(self, name: str) -> str:
        """A one-time code for an officer's laptop."""
        with self.house.database.write():
            user = self.accounts.user(name)
            assert user is not None
            return make_code(self.house, user)[0]

    def enrol(self, session: Session, name: str = "", *, ca_pem: str = "") -> None:
        """Enrol a laptop for an officer of this name (the laptop's own by default)."""
        with HttpTransport(self.url, ca_pem=ca_pem) as desk:
            code = self.code(name or session.officer.name)
            enrol(session, desk=desk, url=self.url, code=code, ca_pem=ca_pem)

    def sync(self, session: Session) -> SyncRun:
        """One run of an enrolled laptop, without waiting between tries."""
        with http_of(session) as transport:
            return sync_now(session, transport, wait=lambda _seconds: None)

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Rows of a query on the server's database."""
        with self.house.database.read():
            return list(self.house.database.run(sql).fetchall())

    def count(self, table: str) -> int:
        """Rows of a table."""
        return int(str(self.rows(f"SELECT count(*) FROM {table}")[0][0]))


def http_of(session: Session) -> HttpTransport:
    """The way of an enrolled laptop to its server."""
    way = connection(session)
    return HttpTransport(way.url, way.token, ca_pem=way.ca_pem)


def make_server_house(folder: Path, database: ServerDatabase, now: Callable[[], datetime] | None = None) -> House:
    """The parts of a server; its clock stands at the laptops' start of day unless told otherwise."""
    return make_house(
        database,
        reference=REFERENCE,
        photo_folder=folder / "foto",
        now=now or (lambda: START.astimezone(UTC)),
        new_id=lambda: str(uuid.uuid4()),
        random_bytes=os.urandom,
    )


def open_test_database(folder: Path, postgres_url: str = "") -> ServerDatabase:
    """SQLite in the folder, or PostgreSQL by its address."""
    return open_postgres(postgres_url) if postgres_url else open_sqlite(folder / "server.db")


@contextmanager
def running_server(
    folder: Path,
    *,
    postgres_url: str = "",
    now: Callable[[], datetime] | None = None,
    certificate: tuple[Path, Path] | None = None,
) -> Iterator[RunningServer]:
    """A server with its data in the folder, on a free loopback port; `certificate` is (chain, key) for TLS."""
    home = folder / "server"
    home.mkdir(exist_ok=True)
    house = make_server_house(home, open_test_database(home, postgres_url), now)
    config = make_config(house, Certificate(*certificate) if certificate else None)
    server = uvicorn.Server(config)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            _wait_until_started(server, thread)
            scheme = "https" if certificate else "http"
            yield RunningServer(house, f"{scheme}://127.0.0.1:{listener.getsockname()[1]}")
        finally:
            server.should_exit = True
            thread.join(10)
    house.database.close()


def enrolled(server: RunningServer, laptop: Laptop, **user: object) -> Laptop:
    """The laptop, known to the server under its officer's name."""
    server.add_user(laptop.session.officer.name, **user)  # type: ignore[arg-type]
    server.enrol(laptop.session)
    return laptop


def _wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + 10
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        assert time.monotonic() < deadline, "the server did not start in time"
        time.sleep(0.005)
