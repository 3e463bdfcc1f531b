"""The provincial server for tests: the real app behind a real socket, on SQLite or PostgreSQL."""

from __future__ import annotations

import asyncio
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
from kube_field.domain.sync_views import SyncRun
from kube_field.server.app import make_house
from kube_field.server.endpoint import House
from kube_field.server.routes.enrolment import make_code
from kube_field.server.serving import Certificate, make_config
from kube_field.server.storage.accounts import Accounts, User
from kube_field.server.storage.database import ServerDatabase, open_postgres
from kube_field.storage.store import LocalStore
from kube_field.sync.transports.http import HttpTransport
from kube_field.usecases.enrolment import enrol
from kube_field.usecases.session import Session
from kube_field.usecases.sync import connection, sync_now
from tests.support.laptop import KECAMATAN, REFERENCE, START, Laptop
from tests.support.ready_stores import new_server_database

AT = "2026-11-23T00:00:00.000Z"
OF_CHANGES = "substr(change_id, 1, 3) <> 'lk:'"
"""Rows that changes of laptops made; the words about the laptops' keys are the server's own."""
TICK_SECONDS = 0.01
TICKS_OF_A_DATE = 10
"""uvicorn makes the header Date anew at every tenth tick."""


class PromptServer(uvicorn.Server):
    """uvicorn's own server, which looks whether it shall end, and who is still there, more often than it does.

    It ends in the same order; the usual waits of a tenth of a second would be a third of many a test.
    """

    async def main_loop(self) -> None:
        counter = 0
        while not await self.on_tick(counter):
            counter = (counter + 1) % TICKS_OF_A_DATE
            await asyncio.sleep(TICK_SECONDS)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        for caller in list(self.server_state.connections):
            caller.shutdown()
        try:
            async with asyncio.timeout(self.config.timeout_graceful_shutdown):
                while self.server_state.connections or self.server_state.tasks:
                    await asyncio.sleep(TICK_SECONDS)
                for server in self.servers:
                    await server.wait_closed()
        except TimeoutError:
            for task in self.server_state.tasks:
                task.cancel()
        await self.lifespan.shutdown()


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

    def made(self, table: str) -> int:
        """Rows of a table that changes of laptops made."""
        return int(str(self.rows(f"SELECT count(*) FROM {table} WHERE {OF_CHANGES}")[0][0]))


def http_of(session: Session) -> HttpTransport:
    """The way of an enrolled laptop to its server."""
    way = connection(session)
    return HttpTransport(way.url, way.token, ca_pem=way.ca_pem)


def greet_whole(store: LocalStore) -> None:
    """The next hello is a whole one, and the batch goes after it: as of a program that knows no short hello."""
    store.db.execute_sql("DELETE FROM sync_meta WHERE k = 'terms'")


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
    return open_postgres(postgres_url) if postgres_url else new_server_database(folder / "server.db")


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
    server = PromptServer(config)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
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
