"""The server's handlers over a database, without network: push and pull as one officer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec import Raw

from kube_field.domain.records import Role
from kube_field.server.endpoint import Call, Caller, House
from kube_field.server.routes import exchange
from kube_field.server.storage.accounts import Accounts, Laptop, User
from kube_field.wire.changes import from_wire, results_of
from kube_field.wire.codec import from_json, to_json
from kube_field.wire.messages import ChangeResult, Have, Pull, PullAnswer, Push, PushAnswer, WireChange
from kube_field.wire.new_facts import table_of
from kube_field.wire.server_words import ServerKind
from tests.support.server import AT, make_server_house, open_test_database

KECAMATAN = "64.02.12"


@dataclass
class Desk:
    """A database and the officers who ask it; each has one laptop whose continuity token is kept here. `at` is now."""

    house: House
    tokens: dict[str, str | None] = field(default_factory=dict)
    steps: int = 0
    at: str = AT

    def add(self, name: str, role: Role = Role.PENDAMPING, areas: tuple[str, ...] = (KECAMATAN,)) -> None:
        user = User(f"user-{name.lower()}", name, role, areas)
        with self.house.database.write():
            Accounts(self.house.database).add_user(user, AT)
            Accounts(self.house.database).add_device(Laptop(f"laptop-{name}", "", user.uid, name, AT))

    def call(self, body: Any, name: str = "Rina") -> Call:
        accounts = Accounts(self.house.database)
        user, device = accounts.user(name), accounts.device(f"laptop-{name}")
        assert user is not None
        assert device is not None
        return Call(self.house, body, {}, "127.0.0.1", self.at, Caller(user, device))

    def push(
        self, *changes: WireChange | bytes, name: str = "Rina", in_table: Sequence[WireChange] = ()
    ) -> list[ChangeResult]:
        """Push a batch; a change may also be raw bytes. What is in the table is answered last."""
        answer = self.answer(self.push_body(name, *changes, in_table=in_table), name)
        return [*answer.results, *results_of(answer.taken, [from_wire(one) for one in in_table])]

    def answer(self, body: Push, name: str = "Rina") -> PushAnswer:
        """The answer to a batch, whose transaction is over."""
        with self.house.database.write():
            answer = exchange.push(self.call(body, name))
        self.tokens[name] = answer.continuity
        return answer

    def push_body(self, name: str, *changes: WireChange | bytes, in_table: Sequence[WireChange] = ()) -> Push:
        """A batch as an officer's laptop sends it: new facts travel in a table, if it is told which."""
        self.steps += 1
        raws = [Raw(item if isinstance(item, bytes) else to_json(item)) for item in changes]
        body = Push(device=name, continuity=self.tokens.get(name), step=str(self.steps), changes=raws)
        if not in_table:
            return body
        body.facts = table_of([from_wire(one) for one in in_table])
        return from_json(Push, to_json(body))

    def statuses(
        self, *changes: WireChange | bytes, name: str = "Rina", in_table: Sequence[WireChange] = ()
    ) -> list[str]:
        return [result.status for result in self.push(*changes, name=name, in_table=in_table)]

    def pull(self, scope: str = KECAMATAN, name: str = "Rina", **fields: Any) -> PullAnswer:
        with self.house.database.read():
            return exchange.pull(self.call(Pull(scope=scope, **fields), name))

    def words(self, kind: ServerKind) -> dict[str, dict[str, Any]]:
        """What the server itself said, by uid."""
        return {uid: json.loads(body) for uid, body in self.rows(f"SELECT uid, body FROM record WHERE kind = '{kind}'")}

    def conflicts(self) -> dict[str, dict[str, Any]]:
        return self.words(ServerKind.CONFLICT)

    def have(self, *ids: str) -> dict[str, tuple[str, int] | None]:
        with self.house.database.read():
            return exchange.have(self.call(Have(ids=list(ids)))).st

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self.house.database.read():
            return list(self.house.database.run(sql).fetchall())


@contextmanager
def open_desk(folder: Path, address: str) -> Iterator[Desk]:
    """SQLite in the folder, or PostgreSQL by its address."""
    house = make_server_house(folder, open_test_database(folder, address))
    try:
        desk = Desk(house)
        desk.add("Rina")
        yield desk
    finally:
        house.database.close()
