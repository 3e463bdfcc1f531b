"""The provincial server without a socket: requests go straight into the real application."""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2

from kube_field.domain.records import Role
from kube_field.domain.sync_views import SyncRun
from kube_field.server import backup
from kube_field.server.app import make_app
from kube_field.server.credentials import new_token, token_hash
from kube_field.server.endpoint import House
from kube_field.server.storage.accounts import Accounts, User
from kube_field.server.storage.accounts import Laptop as Device
from kube_field.sync.transports.http import HttpTransport
from kube_field.usecases.session import Session
from kube_field.usecases.sync import sync_now, sync_store
from kube_field.wire.codec import digest_header
from kube_field.wire.enrolment import Enrolled
from tests.support.laptop import KECAMATAN
from tests.support.server import AT, make_server_house, open_test_database

ADDRESS = "http://127.0.0.1"
Headers = list[tuple[bytes, bytes]]


@dataclass
class DirectServer(httpx2.BaseTransport):
    """`answers` keeps the body of every answer by (who asked, path) when `remember` is on."""

    house: House
    remember: bool = False
    answers: list[tuple[str, str, bytes]] = field(default_factory=list)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.app = make_app(self.house)

    # requests

    def ask(self, method: str, path: str, body: bytes = b"", headers: Headers = []) -> tuple[int, Headers, bytes]:  # noqa: B006
        """Status, headers and body of the answer."""
        with self._lock:
            return self._loop.run_until_complete(self._ask(method, path, body, headers))

    def post(self, path: str, body: bytes, token: str = "", **headers: str) -> tuple[int, bytes]:
        """A post with its digest, as `token`'s laptop; status and body, which is not packed."""
        named = [(b"content-digest", digest_header(body).encode())]
        named += [(name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items()]
        if token:
            named.append((b"authorization", f"Bearer {token}".encode()))
        status, _headers, content = self.ask("POST", path, body, named)
        return status, content

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.raw_path.decode()
        status, headers, content = self.ask(request.method, path, request.read(), list(request.headers.raw))
        if self.remember:
            self.answers.append((request.headers.get("authorization", ""), path, content))
        return httpx2.Response(status, headers=headers, stream=httpx2.ByteStream(content))

    async def _ask(self, method: str, path: str, body: bytes, headers: Headers) -> tuple[int, Headers, bytes]:
        path, _mark, query = path.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "scheme": "http",
            "headers": [(name.lower(), value) for name, value in headers],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        return sent[0]["status"], sent[0]["headers"], b"".join(part.get("body", b"") for part in sent[1:])

    # disasters

    def put_back(self, image: Path) -> None:
        """The server stands as it did when this image was made, and nobody tells anybody."""
        home = self.house.data_dir
        self.house.database.close()
        backup.put_back(home, "server.db", "", image, uuid.uuid4().hex)
        self.house = make_server_house(home, open_test_database(home))
        self.app = make_app(self.house)

    # officers and their laptops

    def add_user(self, name: str, role: Role = Role.PENDAMPING, areas: tuple[str, ...] = (KECAMATAN,)) -> User:
        """A new officer."""
        user = User(uid=f"user-{name.lower()}", name=name, role=role, areas=areas)
        with self.house.database.write():
            Accounts(self.house.database).add_user(user, AT)
        return user

    def token_for(self, user: User) -> tuple[Enrolled, str]:
        """A new laptop of an officer, as after a one-time code."""
        token = new_token(self.house.random_bytes)
        with self.house.database.write():
            accounts = Accounts(self.house.database)
            device = accounts.add_device(Device(self.house.new_id(), "", user.uid, user.name, AT))
            accounts.add_officer(device.device_id, user.uid, AT)
            accounts.add_token(token_hash(token), device.device_id, user.uid, AT)
            server_id = accounts.meta("server_id")
        answer = Enrolled(
            server_id=server_id, device=device.device_id, device_code=device.code, token=token, user=user.person
        )
        return answer, token

    def enrol(self, session: Session, user: User) -> None:
        """Join a laptop's store to this server as this officer's; his old uid on the laptop becomes an alias."""
        answer, _token = self.token_for(user)
        with self.house.database.write():
            if session.officer.uid != user.uid:
                Accounts(self.house.database).add_alias(session.officer.uid, user.uid)
        sync_store(session.store).enrol(answer, url=ADDRESS, ca_pem="")

    def line(self, session: Session) -> HttpTransport:
        """The laptop's real transport, leading here."""
        return self.line_with(sync_store(session.store).meta("token"))

    def line_with(self, token: str) -> HttpTransport:
        """A transport that shows this token."""
        transport = HttpTransport(ADDRESS, token)
        transport._client._transport.close()
        transport._client._transport = self
        transport._is_known = True
        return transport

    def sync(self, session: Session) -> SyncRun:
        """One whole run, without waiting between tries."""
        with self.line(session) as line:
            return sync_now(session, line, wait=lambda _seconds: None)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query on the server's database."""
        with self.house.database.read():
            return list(self.house.database.run(sql).fetchall())

    def count(self, table: str) -> int:
        """Rows of a table."""
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])

    def close(self) -> None:
        """A laptop that hangs up must not close the server."""

    def shut(self) -> None:
        """Close database and loop."""
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()
        self.house.database.close()


@contextmanager
def direct_server(
    folder: Path, *, postgres_url: str = "", now: Callable[[], datetime] | None = None
) -> Iterator[DirectServer]:
    """A server with its data in the folder, until the block ends."""
    home = folder / "server"
    home.mkdir(parents=True, exist_ok=True)
    server = DirectServer(make_server_house(home, open_test_database(home, postgres_url), now))
    try:
        yield server
    finally:
        server.shut()
