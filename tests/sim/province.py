"""The simulated server: the real web application, called in this process; it dies, and is put back from backups."""

from __future__ import annotations

import random
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from unittest import mock

import psycopg

from kube_field.domain.records import Role
from kube_field.server import endpoint
from kube_field.server.app import make_app, make_house
from kube_field.server.credentials import new_token, token_hash
from kube_field.server.endpoint import House
from kube_field.server.judging import Judge
from kube_field.server.photo_rounds import look_after_photos
from kube_field.server.storage.accounts import Accounts, Laptop, User
from kube_field.server.storage.database import open_postgres
from kube_field.server.storage.records import RecordStore
from kube_field.wire.enrolment import Enrolled
from tests.sim.disks import DyingDatabase, DyingServerDatabase, Fuse, Image, PowerCut, empty_server, image_of, put_image
from tests.support.laptop import REFERENCE

AT = "2026-11-23T00:00:00.000Z"
KEY = "c0ffee" * 10 + "beef"
"""In place of the keys that the server's database makes by chance: ids hang on them, and a seed tells one history."""
Done = TypeVar("Done")


class UnplannedError(Exception):
    """A mistake in the server that nobody thought of, made by the simulator."""


async def _at_once(stream: AsyncGenerator[bytes, None]) -> bytes | None:
    """The next piece of a body; nobody is slow here, so no clock runs beside it."""
    return await anext(stream, None)


async def _inline(function: Callable[..., Any], *arguments: Any) -> Any:
    return function(*arguments)


def _finished(work: Coroutine[Any, Any, Done]) -> Done:
    """What comes of work that never waits: nothing in this process is slow, so it needs no event loop."""
    try:
        work.send(None)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    raise RuntimeError("the application waits for something that the simulator does not have")


@dataclass
class Poison:
    """Changes at which the server stumbles: while it decides about them, or while it writes their batch."""

    deciding: set[str] = field(default_factory=set)
    writing: set[str] = field(default_factory=set)

    def at_decision(self, judge: Judge, change: Any) -> Any:
        if change.id in self.deciding:
            raise UnplannedError("deciding")
        return _day_of(judge, change)

    def at_writing(self, store: RecordStore, work: Any, **named: Any) -> None:
        for item in work.decisions.values():
            if item.change_id in self.writing and item.status != "failed":
                raise UnplannedError("writing")
        _write(store, work, **named)


_day_of = Judge.day_of
_write = RecordStore.write


class Province:
    """One server with its disk, its clock and its backups."""

    def __init__(self, folder: Path, rng: random.Random, now: Callable[[], datetime], postgres: str = "") -> None:
        self.fuse = Fuse()
        self.poison = Poison()
        self.life = 0  # how often it was put back
        self.path = folder / "server.db"
        self._folder, self._rng, self._now, self._postgres = folder, rng, now, postgres
        if not postgres:
            put_image(self.path, empty_server())
        self._patches = self._patched()
        self._start()
        with self.database.write():
            self.database.tell("UPDATE server_meta SET value = ? WHERE name IN ('doubles_key', 'photo_key')", KEY)

    def _patched(self) -> ExitStack:
        """Handlers run in this thread, and the server stumbles where it is poisoned."""
        stack, poison = ExitStack(), self.poison

        def writing(store: RecordStore, work: Any, **named: Any) -> None:
            poison.at_writing(store, work, **named)

        stack.enter_context(mock.patch.object(endpoint, "run_in_threadpool", _inline))
        stack.enter_context(mock.patch.object(endpoint, "_next", _at_once))
        stack.enter_context(mock.patch.object(Judge, "day_of", lambda judge, change: poison.at_decision(judge, change)))
        stack.enter_context(mock.patch.object(RecordStore, "write", writing))
        return stack

    def _start(self) -> None:
        if self._postgres:
            db = open_postgres(self._postgres).db
        else:
            db = DyingDatabase(str(self.path), key=None, fuse=Fuse())
        self.database = DyingServerDatabase(db, self.fuse)
        self.house = make_house(
            self.database,
            reference=REFERENCE,
            photo_folder=self._folder / "foto",
            now=self._now,
            new_id=self._new_id,
            random_bytes=self._rng.randbytes,
        )
        self.app = make_app(self.house)
        look_after_photos(self.house)  # the first thing that its keeper does

    def _new_id(self) -> str:
        return f"{self._rng.getrandbits(128):032x}"

    # its life

    def restart(self) -> None:
        self.fuse.clear()
        self.database.close()
        self._start()

    def backup(self) -> Image | str:
        if not self._postgres:
            return image_of(self.path)
        name = f"kube_backup_{self._rng.getrandbits(64):x}"
        self.fuse.clear()  # the copy needs a server that is down and up again, which no crash may end
        self.database.close()
        _copy_database(self._postgres, name, _name_of(self._postgres))
        self._start()
        return name

    def put_back(self, backup: Image | str) -> None:
        """The operator copies an old file back and tells nobody."""
        self.life += 1
        self.fuse.clear()
        self.database.close()
        if isinstance(backup, str):
            _copy_database(self._postgres, _name_of(self._postgres), backup)
        else:
            put_image(self.path, backup)
        self._start()

    def close(self) -> None:
        self._patches.close()
        self.database.close()

    # what people set up

    def add_officer(self, name: str, areas: tuple[str, ...], role: Role = Role.PENDAMPING) -> User:
        user = User(uid=f"user-{name.lower()}", name=name, role=role, areas=areas)
        with self.database.write():
            Accounts(self.database).add_user(user, AT)
        return user

    def enrol(self, user: User, *colleagues: User) -> Enrolled:
        """A new laptop of an officer; the one-time code and its slow hash are tested elsewhere."""
        token = new_token(self._rng.randbytes)
        with self.database.write():
            accounts = Accounts(self.database)
            device = accounts.add_device(Laptop(self._new_id(), "", user.uid, user.name, AT))
            for officer in (user, *colleagues):
                accounts.add_officer(device.device_id, officer.uid, AT)
            accounts.add_token(token_hash(token), device.device_id, user.uid, AT)
            server_id = accounts.meta("server_id")
        return Enrolled(
            server_id=server_id, device=device.device_id, device_code=device.code, token=token, user=user.person
        )

    def enrol_again(self, user_uids: Sequence[str]) -> Enrolled:
        """A new login for a laptop of officers whom the server knows."""
        with self.database.read():
            known = Accounts(self.database).authors(user_uids)
        return self.enrol(*(known[uid] for uid in user_uids))

    def grant(self, user_uid: str, areas: tuple[str, ...], at: str) -> None:
        with self.database.write():
            Accounts(self.database).grant(user_uid, areas, at)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What one query finds: on SQLite it needs no transaction around it."""
        if not self._postgres:
            return self.database.rows(sql)
        with self.database.read():
            return list(self.database.run(sql).fetchall())

    # requests

    def serve(
        self, method: str, path: str, headers: list[tuple[bytes, bytes]], body: bytes
    ) -> tuple[int, list[tuple[bytes, bytes]], bytes] | None:
        """The application's answer; None when the server died over it (it is up again afterwards)."""
        return self.do(lambda _house: _finished(self._ask(method, path, headers, body)))

    def do(self, work: Callable[[House], Done]) -> Done | None:
        """Something that happens at the server; None when it died over it (it is up again afterwards)."""
        try:
            return work(self.house)
        except PowerCut:
            self.restart()
            return None

    async def _ask(
        self, method: str, path: str, headers: list[tuple[bytes, bytes]], body: bytes
    ) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
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
        content = b"".join(part.get("body", b"") for part in sent[1:])
        return sent[0]["status"], sent[0]["headers"], content


def _name_of(url: str) -> str:
    return url.rpartition("?")[0].rpartition("/")[2]


def _copy_database(url: str, name: str, template: str) -> None:
    address, _mark, query = url.rpartition("?")
    with psycopg.connect(f"{address.rpartition('/')[0]}/postgres?{query}", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
