"""Officers, their areas, laptops, tokens and one-time codes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from kube_field.domain.records import Role
from kube_field.server.policy import Scope
from kube_field.server.storage.account_rows import next_code, noted
from kube_field.server.storage.database import ServerDatabase
from kube_field.server.storage.lives import Lives
from kube_field.wire.messages import Person

CODES = "device codes"
"""What is locked while a laptop gets its code."""


@dataclass(frozen=True, slots=True)
class User:
    """An officer and his areas; `former` are areas that were taken from him."""

    uid: str
    name: str
    role: Role
    areas: tuple[str, ...]
    former: tuple[str, ...] = ()
    employee_number: str = ""
    office: str = ""
    password_hash: str = ""
    disabled_at: str = ""

    @property
    def scope(self) -> Scope:
        """What he may touch."""
        return Scope(self.uid, self.role, self.areas, self.former)

    @property
    def person(self) -> Person:
        """How he is told to a laptop."""
        return Person(
            uid=self.uid,
            name=self.name,
            role=self.role.value,
            areas=list(self.areas),
            employee_number=self.employee_number,
            office=self.office,
        )


@dataclass(frozen=True, slots=True)
class Laptop:
    """An enrolled laptop; `continuity` and `previous` are hashes of the tokens handed out last and before.

    `sign_key` and `seal_key` are the public halves of its courier keys, "" until it said them. `parent_device` is the
    laptop that this one turned out to be a copy of.
    """

    device_id: str
    code: str
    user_uid: str
    name: str
    created_at: str
    revoked_at: str = ""
    last_seen_at: str = ""
    app_version: str = ""
    clock_offset_ms: int = 0
    continuity: tuple[str, ...] = ()
    previous: tuple[str, ...] = ()
    step: str = ""
    audit_length: int = 0
    audit_head: str = ""
    queue_n: int = 0
    sign_key: str = ""
    seal_key: str = ""
    parent_device: str = ""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who shows a token: the officer and laptop it was made for, and the officers of that laptop who still serve."""

    user: User
    device: Laptop
    serving: tuple[User, ...]


DEVICE = ", ".join(Laptop.__slots__)
USER_COLUMNS = ("uid", "name", "role", "employee_number", "office", "password_hash", "disabled_at")
USERS = f"""
SELECT {", ".join(f"u.{name}" for name in USER_COLUMNS)}, g.area, g.until_at
FROM user_account u LEFT JOIN area_grant g ON g.user_uid = u.uid
"""
TOKEN = """
SELECT device_id AS token_device, user_uid AS token_user, revoked_at AS token_revoked
FROM access_token WHERE token_hash = ?
"""
IF_MISSING = "ON CONFLICT DO NOTHING"


class Accounts:
    """Repository of everything that decides who is asking."""

    def __init__(self, database: ServerDatabase) -> None:
        self._database = database

    # the installation

    def meta(self, name: str) -> str:
        """A value of the installation, "" when not set."""
        return self.metas(name)[0]

    def metas(self, *names: str) -> tuple[str, ...]:
        """Values of the installation in this order, "" for one that is not set."""
        query = f"SELECT name, value FROM server_meta WHERE {self._database.among('name')}"
        found = dict(self._database.rows(query, self._database.listed(names)))
        return tuple(str(found.get(name, "")) for name in names)

    def put_meta(self, name: str, value: str) -> None:
        """Set a value of the installation once."""
        if not self.meta(name):
            self._database.add_rows("server_meta", [{"name": name, "value": value}], IF_MISSING)
            self._note("server_meta", name=name)

    def change_meta(self, name: str, value: str) -> None:
        """Set a value of the installation anew."""
        rows = [{"name": name, "value": value}]
        self._database.add_rows("server_meta", rows, "ON CONFLICT (name) DO UPDATE SET value = excluded.value")

    def epoch(self) -> str:
        """The current life of the database."""
        life = Lives(self._database).current()
        return life.epoch if life else ""

    # officers

    def add_user(self, user: User, at: str) -> None:
        """Store a new officer with his areas."""
        row = {name: getattr(user, name) for name in USER_COLUMNS}
        row |= {"role": user.role.value, "created_at": at, "disabled_at": ""}
        self._database.add_rows("user_account", [row])
        self._note("user_account", uid=user.uid)
        self.grant(user.uid, user.areas, at)

    def grant(self, user_uid: str, areas: Sequence[str], at: str) -> None:
        """Make these the officer's areas: what is missing is granted, what is not named any more ends now."""
        query = "SELECT area FROM area_grant WHERE user_uid = ? AND until_at = ''"
        standing = {str(area) for (area,) in self._database.rows(query, user_uid)}
        for area in sorted(standing - set(areas)):
            ends = "UPDATE area_grant SET until_at = ? WHERE user_uid = ? AND area = ? AND until_at = ''"
            self._database.tell(ends, at, user_uid, area)
        rows = [
            {"user_uid": user_uid, "area": area, "from_at": at, "until_at": ""}
            for area in dict.fromkeys(areas)
            if area not in standing
        ]
        self._database.add_rows("area_grant", rows)
        self._note("area_grant", user_uid=user_uid)

    def set_password(self, user_uid: str, password_hash: str) -> None:
        """Store the hash of a password."""
        self._database.tell("UPDATE user_account SET password_hash = ? WHERE uid = ?", password_hash, user_uid)
        self._note("user_account", uid=user_uid)

    def users(self) -> list[User]:
        """All officers by name."""
        return self._load("1 = 1")

    def user(self, name_or_uid: str) -> User | None:
        """One officer by uid or exact name."""
        found = self._load("u.uid = ? OR u.name = ?", name_or_uid, name_or_uid)
        return found[0] if found else None

    def authors(self, uids: Sequence[str]) -> dict[str, User]:
        """Officers by the uid that a change names: their own, or one from before the laptop was enrolled."""
        database, listed = self._database, self._database.listed(uids)
        query = f"SELECT alias_uid, user_uid FROM author_alias WHERE {database.among('alias_uid')}"
        real = {uid: uid for uid in uids} | dict(database.rows(query, listed))
        found = self._load(database.among("u.uid"), database.listed(real.values()))
        users = {user.uid: user for user in found}
        return {uid: users[target] for uid, target in real.items() if target in users}

    def aliases(self, uids: Sequence[str]) -> list[tuple[str, str]]:
        """The uids under which these officers wrote before, each with the officer's own."""
        query = f"SELECT alias_uid, user_uid FROM author_alias WHERE {self._database.among('user_uid')}"
        return self._database.rows(query, self._database.listed(uids))

    def add_alias(self, alias_uid: str, user_uid: str) -> None:
        """Remember under which uid an officer wrote before; the first word stands."""
        self._database.add_rows("author_alias", [{"alias_uid": alias_uid, "user_uid": user_uid}], IF_MISSING)
        self._note("author_alias", alias_uid=alias_uid)

    # laptops

    def add_device(self, device: Laptop) -> Laptop:
        """Store a new laptop under the next free code (L01, L02, …)."""
        self._database.lock_uids([CODES])
        named = replace(device, code=next_code(self._database))
        self._database.add_rows("device", [_device_row(named)])
        self._note("device", device_id=named.device_id)
        self.add_officer(named.device_id, named.user_uid, named.created_at)
        return named

    def add_officer(self, device_id: str, user_uid: str, at: str) -> None:
        """Let an officer work on a laptop; once is enough."""
        row = {"device_id": device_id, "user_uid": user_uid, "added_at": at}
        self._database.add_rows("device_officer", [row], IF_MISSING)
        self._note("device_officer", device_id=device_id, user_uid=user_uid)

    def child(self, device_id: str, step: str) -> Laptop | None:
        """The copy of a laptop that was noticed at this step."""
        return next(iter(self._devices("parent_device = ? AND step = ?", device_id, step)), None)

    def is_child(self, device_id: str, parent_id: str) -> bool:
        """True when a laptop was noticed as a copy of the other one."""
        query = "SELECT 1 FROM device WHERE device_id = ? AND parent_device = ?"
        return bool(self._database.value(query, device_id, parent_id))

    def copy_officers(self, from_device: str, to_device: str, at: str) -> None:
        """Let the officers of one laptop work on another one too."""
        query = "SELECT user_uid FROM device_officer WHERE device_id = ?"
        for (user_uid,) in self._database.rows(query, from_device):
            self.add_officer(to_device, user_uid, at)

    def officers(self, device_id: str) -> tuple[User, ...]:
        """The officers of a laptop who still serve, by name."""
        theirs = "u.disabled_at = '' AND u.uid IN (SELECT user_uid FROM device_officer WHERE device_id = ?)"
        return tuple(self._load(theirs, device_id))

    def save_device(self, device: Laptop) -> None:
        """Store what changed about a laptop."""
        row = _device_row(device)
        name = row.pop("device_id")
        sets = ", ".join(f"{column} = ?" for column in row)
        self._database.tell(f"UPDATE device SET {sets} WHERE device_id = ?", *row.values(), name)

    def note_device(self, device_id: str) -> None:
        """Have a laptop written down outside the database as it stands now: its keys changed."""
        self._note("device", device_id=device_id)

    def device(self, device_id: str, *, lock: bool = False) -> Laptop | None:
        """One laptop by id or code; locked until the end of the transaction when its continuity is about to change."""
        locking = self._database.locking if lock else ""
        return next(iter(self._devices(f"device_id = ? OR code = ?{locking}", device_id, device_id)), None)

    def count_devices(self) -> int:
        """How many laptops there are."""
        return int(self._database.value("SELECT count(*) FROM device"))

    def devices(self) -> list[Laptop]:
        """All laptops in the order of their codes."""
        return self._devices("1 = 1 ORDER BY created_at, code")

    def _devices(self, where: str, *parameters: str) -> list[Laptop]:
        rows = self._database.named_rows(f"SELECT {DEVICE} FROM device WHERE {where}", *parameters)
        return [_laptop(row) for row in rows]

    def revoke_device(self, device_id: str, at: str) -> None:
        """End a laptop, the copies that were noticed of it, and all their tokens."""
        for one in self._with_copies(device_id):
            for table in ("device", "access_token"):
                ends = f"UPDATE {table} SET revoked_at = ? WHERE device_id = ? AND revoked_at = ''"
                self._database.tell(ends, at, one)
                self._note(table, device_id=one)

    def _with_copies(self, device_id: str) -> list[str]:
        found = [device_id]
        for one in found:
            query = "SELECT device_id FROM device WHERE parent_device = ?"
            found.extend(str(copy) for (copy,) in self._database.rows(query, one))
        return found

    def add_token(self, hashed: str, device_id: str, user_uid: str, at: str) -> None:
        """Remember the hash of a token."""
        row = {"token_hash": hashed, "device_id": device_id, "user_uid": user_uid, "issued_at": at, "revoked_at": ""}
        self._database.add_rows("access_token", [row])
        self._note("access_token", token_hash=hashed)

    def holder(self, hashed: str) -> Holder | None:
        """Who shows this token, whether it was revoked or not: two queries, for every request begins with them."""
        query = f"SELECT token_user, token_revoked, {DEVICE} FROM device JOIN ({TOKEN}) t ON token_device = device_id"
        rows = self._database.named_rows(query, hashed)
        if not rows:
            return None
        uid, ended = rows[0].pop("token_user"), rows[0].pop("token_revoked")
        device = _laptop(rows[0])
        theirs = "u.uid = ? OR u.uid IN (SELECT user_uid FROM device_officer WHERE device_id = ?)"
        users = self._load(theirs, uid, device.device_id)
        serving = tuple(user for user in users if not user.disabled_at)
        found = (user for user in users if user.uid == uid)
        return next(
            (Holder(user, replace(device, revoked_at=device.revoked_at or ended), serving) for user in found), None
        )

    # one-time codes and limits

    def add_code(self, selector: str, user_uid: str, code_hash: str, at: str, expires_at: str, tries: int) -> None:
        """Remember the hash of a one-time code."""
        row = {"selector": selector, "user_uid": user_uid, "code_hash": code_hash, "created_at": at}
        row |= {"expires_at": expires_at, "used_at": ""}
        self._database.add_rows("enrolment_code", [{**row, "tries_left": tries}])
        self._note("enrolment_code", selector=selector)

    def code(self, selector: str) -> dict[str, Any] | None:
        """The one-time code that begins like this, locked until the end of the transaction."""
        query = f"SELECT * FROM enrolment_code WHERE selector = ?{self._database.locking}"
        return next(iter(self._database.named_rows(query, selector)), None)

    def use_code(self, selector: str, at: str) -> None:
        """Mark a code as used."""
        self._database.tell("UPDATE enrolment_code SET used_at = ? WHERE selector = ?", at, selector)
        self._note("enrolment_code", selector=selector)

    def count_try(self, selector: str) -> None:
        """Take away one try."""
        self._database.tell("UPDATE enrolment_code SET tries_left = tries_left - 1 WHERE selector = ?", selector)
        self._note("enrolment_code", selector=selector)

    def add_attempt(self, attempt_id: str, subject: str, at: str) -> None:
        """Remember a failed login or enrolment."""
        self._database.add_rows("attempt", [{"id": attempt_id, "subject": subject, "at": at}])

    def attempts_since(self, subject: str, at: str) -> int:
        """Failures of one account or address since an instant."""
        return int(self._database.value("SELECT count(*) FROM attempt WHERE subject = ? AND at >= ?", subject, at))

    def _note(self, table: str, **where: str) -> None:
        """Have what stands in these rows now written down outside the database too."""
        named = " AND ".join(f"{column} = ?" for column in where)
        rows = self._database.named_rows(f"SELECT * FROM {table} WHERE {named}", *where.values())
        self._database.note(noted(table, row) for row in rows)

    def _load(self, where: str, *parameters: Any) -> list[User]:
        """Officers with their areas, by name: one query."""
        query = f"{USERS} WHERE {where} ORDER BY u.name, u.uid, g.area"
        found: dict[str, list[dict[str, Any]]] = {}
        for row in self._database.named_rows(query, *parameters):
            found.setdefault(row["uid"], []).append(row)
        return [_user(rows) for rows in found.values()]


def _user(rows: Sequence[dict[str, Any]]) -> User:
    """The officer of these rows, one for each time that an area was granted to him."""
    grants = [(row["area"], row["until_at"]) for row in rows if row["area"] is not None]
    standing = tuple(area for area, until in grants if not until)
    return User(
        **{name: rows[0][name] for name in USER_COLUMNS} | {"role": Role(rows[0]["role"])},
        areas=standing,
        former=tuple(area for area, until in grants if until and area not in standing),
    )


def _device_row(device: Laptop) -> dict[str, Any]:
    row = {name: getattr(device, name) for name in Laptop.__slots__}
    row["continuity"] = json.dumps(device.continuity)
    row["previous"] = json.dumps(device.previous)
    return row


def _laptop(row: dict[str, Any]) -> Laptop:
    continuity, previous = tuple(json.loads(row["continuity"])), tuple(json.loads(row["previous"]))
    return Laptop(**{**row, "continuity": continuity, "previous": previous})
