"""Who may do what as rows that can be written down outside the database and put back (sync design 3.7, 3.9).

Putting a row back never takes an end away: what was revoked, ended or used stays so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from kube_field.server.storage.database import NotedRow, ServerDatabase

FILE_NAME, FILE_AT = "grants_file", "grants_at"
"""Names in server_meta: which file this database follows, and how far it holds it."""


SECRETS = ("doubles_key", "photo_key")
"""Keys of this installation, in server_meta. A database put back to before it had one made another at its start: the
file's word counts, or laptops would name cases and photos that nobody here knows."""
SECRETS_NOTED = "secrets_noted"


@dataclass(frozen=True, slots=True)
class Kept:
    """How rows of a table are put back: `changes` follow the newest word, `ends` are set once and stay."""

    keys: tuple[str, ...]
    changes: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    blank: dict[str, Any] = field(default_factory=dict)


KEPT = {
    "server_meta": Kept(("name",)),
    "user_account": Kept(("uid",), ("name", "role", "employee_number", "office", "password_hash"), ("disabled_at",)),
    "area_grant": Kept(("user_uid", "area", "from_at"), ends=("until_at",)),
    "author_alias": Kept(("alias_uid",)),
    "device": Kept(
        ("device_id",),
        ("sign_key", "seal_key"),
        ("revoked_at",),
        {"continuity": "[]", "previous": "[]", "last_seen_at": ""},
    ),
    "device_officer": Kept(("device_id", "user_uid")),
    "access_token": Kept(("token_hash",), ends=("revoked_at",)),
    "erased": Kept(("uid",)),
    "erased_photo": Kept(("sha256",)),
    "enrolment_code": Kept(("selector",), ("tries_left",), ("used_at",)),
}


def noted(name: str, row: dict[str, Any]) -> NotedRow:
    """A row as it is written down; what only says where a laptop stands stays out."""
    return name, {**row, **KEPT[name].blank}


def all_rows(database: ServerDatabase) -> Iterator[NotedRow]:
    """Everything that would be lost with the database."""
    for name in KEPT:
        for row in database.named_rows(f"SELECT * FROM {name}"):
            if row.get("name") not in (FILE_NAME, FILE_AT):
                yield noted(name, row)


def put_back(database: ServerDatabase, rows: Iterable[NotedRow]) -> int:
    """Bring rows into the database; the number of rows looked at. Rows of unknown tables are passed over."""
    count = 0
    for name, row in rows:
        if name in KEPT:
            row = _with_free_code(database, row) if name == "device" else row
            changes = ("value",) if row.get("name") in SECRETS else KEPT[name].changes
            database.run(_statement(database, name, row, changes), *row.values())
            count += 1
    return count


def next_code(database: ServerDatabase) -> str:
    """The next code for a laptop: L01, L02, … behind all that were given here."""
    given = [str(code) for (code,) in database.rows("SELECT code FROM device")]
    return f"L{max([int(code[1:]) for code in given if code[1:].isdigit()], default=0) + 1:02d}"


def _with_free_code(database: ServerDatabase, row: dict[str, Any]) -> dict[str, Any]:
    """A laptop of the time that was lost, under another code when its own was given anew meanwhile."""
    query = "SELECT 1 FROM device WHERE code = ? AND device_id <> ?"
    taken = database.rows(query, row["code"], row["device_id"])
    return {**row, "code": next_code(database)} if taken else row


def file_known(database: ServerDatabase) -> tuple[str, int]:
    """The file that this database follows, "" for none, and how many bytes of it; locked against other writers."""
    query = f"SELECT name, value FROM server_meta WHERE name IN (?, ?){database.locking}"
    found = dict(database.rows(query, FILE_NAME, FILE_AT))
    return found.get(FILE_NAME, ""), int(found.get(FILE_AT, "0"))


def follow_file(database: ServerDatabase, name: str, at: int) -> None:
    """Remember which file this database follows and how far."""
    rows = [{"name": FILE_NAME, "value": name}, {"name": FILE_AT, "value": str(at)}]
    database.add_rows("server_meta", rows, "ON CONFLICT (name) DO UPDATE SET value = excluded.value")


def note_secrets(database: ServerDatabase) -> None:
    """Have the keys written down outside the database, once; after what lies there was taken up."""
    known = set(str(database.value("SELECT value FROM server_meta WHERE name = ?", SECRETS_NOTED) or "").split())
    query = f"SELECT name, value FROM server_meta WHERE {database.among('name')}"
    rows = database.named_rows(query, database.listed(set(SECRETS) - known))
    if rows:
        database.note([noted("server_meta", row) for row in rows])
        told = {"name": SECRETS_NOTED, "value": " ".join(sorted(known | {row["name"] for row in rows}))}
        database.add_rows("server_meta", [told], "ON CONFLICT (name) DO UPDATE SET value = excluded.value")


def _statement(database: ServerDatabase, name: str, row: dict[str, Any], changes: tuple[str, ...]) -> str:
    kept = KEPT[name]
    mark = "%s" if database.is_postgres else "?"
    sets = [f"{column} = excluded.{column}" for column in changes]
    sets += [f"{one} = CASE WHEN {name}.{one} = '' THEN excluded.{one} ELSE {name}.{one} END" for one in kept.ends]
    action = f"UPDATE SET {', '.join(sets)}" if sets else "NOTHING"
    columns, marks = ", ".join(row), ", ".join([mark] * len(row))
    return f"INSERT INTO {name} ({columns}) VALUES ({marks}) ON CONFLICT ({', '.join(kept.keys)}) DO {action}"
