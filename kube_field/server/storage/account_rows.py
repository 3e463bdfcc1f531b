"""Who may do what as rows that can be written down outside the database and put back (sync design 3.7, 3.9).

Putting a row back never takes an end away: what was revoked, ended or used stays so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from peewee import Model

from kube_field.server.storage.database import NotedRow, ServerDatabase
from kube_field.server.storage.tables import (
    AccessToken,
    AreaGrant,
    AuthorAlias,
    Device,
    DeviceOfficer,
    EnrolmentCode,
    ServerMeta,
    UserAccount,
)

FILE_NAME, FILE_AT = "grants_file", "grants_at"
"""Names in server_meta: which file this database follows, and how far it holds it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How rows of a table are put back: `changes` follow the newest word, `ends` are set once and stay."""

    model: type[Model]
    keys: tuple[str, ...]
    changes: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    blank: dict[str, Any] = field(default_factory=dict)


KEPT = {
    "server_meta": Kept(ServerMeta, ("name",)),
    "user_account": Kept(
        UserAccount, ("uid",), ("name", "role", "employee_number", "office", "password_hash"), ("disabled_at",)
    ),
    "area_grant": Kept(AreaGrant, ("user_uid", "area", "from_at"), ends=("until_at",)),
    "author_alias": Kept(AuthorAlias, ("alias_uid",)),
    "device": Kept(
        Device, ("device_id",), ends=("revoked_at",), blank={"continuity": "[]", "previous": "[]", "last_seen_at": ""}
    ),
    "device_officer": Kept(DeviceOfficer, ("device_id", "user_uid")),
    "access_token": Kept(AccessToken, ("token_hash",), ends=("revoked_at",)),
    "enrolment_code": Kept(EnrolmentCode, ("selector",), ("tries_left",), ("used_at",)),
}


def noted(name: str, row: dict[str, Any]) -> NotedRow:
    """A row as it is written down; what only says where a laptop stands stays out."""
    return name, {**row, **KEPT[name].blank}


def all_rows(database: ServerDatabase) -> Iterator[NotedRow]:
    """Everything that would be lost with the database."""
    for name, kept in KEPT.items():
        for row in list(kept.model.select().dicts().execute(database.db)):
            if row.get("name") not in (FILE_NAME, FILE_AT):
                yield noted(name, row)


def put_back(database: ServerDatabase, rows: Iterable[NotedRow]) -> int:
    """Bring rows into the database; the number of rows looked at. Rows of unknown tables are passed over."""
    count = 0
    for name, row in rows:
        if name in KEPT:
            database.run(_statement(database, name, row), *row.values())
            count += 1
    return count


def file_known(database: ServerDatabase) -> tuple[str, int]:
    """The file that this database follows, "" for none, and how many bytes of it; locked against other writers."""
    query = database.for_update(ServerMeta.select().where(ServerMeta.name.in_([FILE_NAME, FILE_AT])))
    found = {row["name"]: row["value"] for row in query.dicts().execute(database.db)}
    return found.get(FILE_NAME, ""), int(found.get(FILE_AT, "0"))


def follow_file(database: ServerDatabase, name: str, at: int) -> None:
    """Remember which file this database follows and how far."""
    for key, value in ((FILE_NAME, name), (FILE_AT, str(at))):
        ServerMeta.insert(name=key, value=value).on_conflict(
            conflict_target=[ServerMeta.name], update={ServerMeta.value: value}
        ).execute(database.db)


def _statement(database: ServerDatabase, name: str, row: dict[str, Any]) -> str:
    kept = KEPT[name]
    mark = "%s" if database.is_postgres else "?"
    sets = [f"{column} = excluded.{column}" for column in kept.changes]
    sets += [f"{one} = CASE WHEN {name}.{one} = '' THEN excluded.{one} ELSE {name}.{one} END" for one in kept.ends]
    action = f"UPDATE SET {', '.join(sets)}" if sets else "NOTHING"
    columns, marks = ", ".join(row), ", ".join([mark] * len(row))
    return f"INSERT INTO {name} ({columns}) VALUES ({marks}) ON CONFLICT ({', '.join(kept.keys)}) DO {action}"
