"""Officers, their areas, laptops, tokens and one-time codes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from peewee import Model, fn

from kube_field.domain.records import Role
from kube_field.server.policy import Scope
from kube_field.server.storage.account_rows import noted
from kube_field.server.storage.database import ServerDatabase
from kube_field.server.storage.lives import Lives
from kube_field.server.storage.tables import (
    AccessToken,
    AreaGrant,
    Attempt,
    AuthorAlias,
    Device,
    DeviceOfficer,
    EnrolmentCode,
    ServerMeta,
    UserAccount,
)
from kube_field.wire.messages import Person

FIRST_DEVICE_CODE = 1
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


class Accounts:
    """Repository of everything that decides who is asking."""

    def __init__(self, database: ServerDatabase) -> None:
        self._database = database
        self._db = database.db

    # the installation

    def meta(self, name: str) -> str:
        """A value of the installation, "" when not set."""
        row = ServerMeta.select().where(ServerMeta.name == name).dicts().execute(self._db)
        return next((str(item["value"]) for item in row), "")

    def put_meta(self, name: str, value: str) -> None:
        """Set a value of the installation once."""
        if not self.meta(name):
            ServerMeta.insert(name=name, value=value).on_conflict_ignore().execute(self._db)
            self._note(ServerMeta, ServerMeta.name == name)

    def epoch(self) -> str:
        """The current life of the database."""
        life = Lives(self._database).current()
        return life.epoch if life else ""

    # officers

    def add_user(self, user: User, at: str) -> None:
        """Store a new officer with his areas."""
        UserAccount.insert(
            uid=user.uid,
            name=user.name,
            role=user.role.value,
            employee_number=user.employee_number,
            office=user.office,
            password_hash=user.password_hash,
            created_at=at,
            disabled_at="",
        ).execute(self._db)
        self._note(UserAccount, UserAccount.uid == user.uid)
        self.grant(user.uid, user.areas, at)

    def grant(self, user_uid: str, areas: Sequence[str], at: str) -> None:
        """Make these the officer's areas: what is missing is granted, what is not named any more ends now."""
        standing = {grant["area"] for grant in self._grants([user_uid]) if not grant["until_at"]}
        gone = standing - set(areas)
        if gone:
            AreaGrant.update(until_at=at).where(
                (AreaGrant.user_uid == user_uid) & AreaGrant.area.in_(sorted(gone)) & (AreaGrant.until_at == "")
            ).execute(self._db)
        rows = [
            {"user_uid": user_uid, "area": area, "from_at": at, "until_at": ""}
            for area in dict.fromkeys(areas)
            if area not in standing
        ]
        if rows:
            AreaGrant.insert_many(rows).execute(self._db)
        self._note(AreaGrant, AreaGrant.user_uid == user_uid)

    def set_password(self, user_uid: str, password_hash: str) -> None:
        """Store the hash of a password."""
        UserAccount.update(password_hash=password_hash).where(UserAccount.uid == user_uid).execute(self._db)
        self._note(UserAccount, UserAccount.uid == user_uid)

    def users(self) -> list[User]:
        """All officers by name."""
        return self._load(UserAccount.select().order_by(UserAccount.name))

    def user(self, name_or_uid: str) -> User | None:
        """One officer by uid or exact name."""
        found = self._load(
            UserAccount.select().where((UserAccount.uid == name_or_uid) | (UserAccount.name == name_or_uid))
        )
        return found[0] if found else None

    def authors(self, uids: Sequence[str]) -> dict[str, User]:
        """Officers by the uid that a change names: their own, or one from before the laptop was enrolled."""
        aliases = AuthorAlias.select().where(AuthorAlias.alias_uid.in_(list(uids))).dicts().execute(self._db)
        real = {uid: uid for uid in uids} | {row["alias_uid"]: row["user_uid"] for row in aliases}
        users = {
            user.uid: user for user in self._load(UserAccount.select().where(UserAccount.uid.in_(list(real.values()))))
        }
        return {uid: users[target] for uid, target in real.items() if target in users}

    def add_alias(self, alias_uid: str, user_uid: str) -> None:
        """Remember under which uid an officer wrote before; the first word stands."""
        AuthorAlias.insert(alias_uid=alias_uid, user_uid=user_uid).on_conflict_ignore().execute(self._db)
        self._note(AuthorAlias, AuthorAlias.alias_uid == alias_uid)

    # laptops

    def add_device(self, device: Laptop) -> Laptop:
        """Store a new laptop under the next free code (L01, L02, …)."""
        self._database.lock_uids([CODES])
        named = replace(device, code=f"L{self.count_devices() + FIRST_DEVICE_CODE:02d}")
        Device.insert(**_device_row(named)).execute(self._db)
        self._note(Device, Device.device_id == named.device_id)
        self.add_officer(named.device_id, named.user_uid, named.created_at)
        return named

    def add_officer(self, device_id: str, user_uid: str, at: str) -> None:
        """Let an officer work on a laptop; once is enough."""
        row = {"device_id": device_id, "user_uid": user_uid, "added_at": at}
        DeviceOfficer.insert(**row).on_conflict_ignore().execute(self._db)
        self._note(DeviceOfficer, (DeviceOfficer.device_id == device_id) & (DeviceOfficer.user_uid == user_uid))

    def child(self, device_id: str, step: str) -> Laptop | None:
        """The copy of a laptop that was noticed at this step."""
        query = Device.select().where((Device.parent_device == device_id) & (Device.step == step))
        return next((_laptop(row) for row in query.dicts().execute(self._db)), None)

    def is_child(self, device_id: str, parent_id: str) -> bool:
        """True when a laptop was noticed as a copy of the other one."""
        query = Device.select(Device.device_id).where(
            (Device.device_id == device_id) & (Device.parent_device == parent_id)
        )
        return any(True for _row in query.tuples().execute(self._db))

    def copy_officers(self, from_device: str, to_device: str, at: str) -> None:
        """Let the officers of one laptop work on another one too."""
        query = DeviceOfficer.select(DeviceOfficer.user_uid).where(DeviceOfficer.device_id == from_device)
        for (user_uid,) in list(query.tuples().execute(self._db)):
            self.add_officer(to_device, user_uid, at)

    def officers(self, device_id: str) -> tuple[User, ...]:
        """The officers of a laptop who still serve, by name."""
        theirs = DeviceOfficer.select(DeviceOfficer.user_uid).where(DeviceOfficer.device_id == device_id)
        query = UserAccount.select().where(UserAccount.uid.in_(theirs) & (UserAccount.disabled_at == ""))
        return tuple(self._load(query.order_by(UserAccount.name)))

    def save_device(self, device: Laptop) -> None:
        """Store what changed about a laptop."""
        row = _device_row(device)
        Device.update(**row).where(Device.device_id == row.pop("device_id")).execute(self._db)

    def device(self, device_id: str, *, lock: bool = False) -> Laptop | None:
        """One laptop by id or code; locked until the end of the transaction when its continuity is about to change."""
        query = Device.select().where((Device.device_id == device_id) | (Device.code == device_id))
        rows = (self._database.for_update(query) if lock else query).dicts().execute(self._db)
        return next((_laptop(row) for row in rows), None)

    def count_devices(self) -> int:
        """How many laptops there are."""
        return int(Device.select(fn.COUNT(Device.device_id)).scalar(self._db) or 0)

    def devices(self) -> list[Laptop]:
        """All laptops in the order of their codes."""
        return [
            _laptop(row) for row in Device.select().order_by(Device.created_at, Device.code).dicts().execute(self._db)
        ]

    def revoke_device(self, device_id: str, at: str) -> None:
        """End a laptop, the copies that were noticed of it, and all their tokens."""
        for one in self._with_copies(device_id):
            Device.update(revoked_at=at).where((Device.device_id == one) & (Device.revoked_at == "")).execute(self._db)
            AccessToken.update(revoked_at=at).where(
                (AccessToken.device_id == one) & (AccessToken.revoked_at == "")
            ).execute(self._db)
            self._note(Device, Device.device_id == one)
            self._note(AccessToken, AccessToken.device_id == one)

    def _with_copies(self, device_id: str) -> list[str]:
        found = [device_id]
        for one in found:
            query = Device.select(Device.device_id).where(Device.parent_device == one)
            found.extend(str(copy) for (copy,) in query.tuples().execute(self._db))
        return found

    def add_token(self, hashed: str, device_id: str, user_uid: str, at: str) -> None:
        """Remember the hash of a token."""
        AccessToken.insert(
            token_hash=hashed, device_id=device_id, user_uid=user_uid, issued_at=at, revoked_at=""
        ).execute(self._db)
        self._note(AccessToken, AccessToken.token_hash == hashed)

    def holder(self, hashed: str) -> tuple[User, Laptop] | None:
        """Officer and laptop of a token, whether revoked or not."""
        rows = AccessToken.select().where(AccessToken.token_hash == hashed).dicts().execute(self._db)
        for row in rows:
            user, device = self.user(row["user_uid"]), self.device(row["device_id"])
            if user is not None and device is not None:
                return user, replace(device, revoked_at=device.revoked_at or row["revoked_at"])
        return None

    # one-time codes and limits

    def add_code(self, selector: str, user_uid: str, code_hash: str, at: str, expires_at: str, tries: int) -> None:
        """Remember the hash of a one-time code."""
        EnrolmentCode.insert(
            selector=selector,
            user_uid=user_uid,
            code_hash=code_hash,
            created_at=at,
            expires_at=expires_at,
            tries_left=tries,
            used_at="",
        ).execute(self._db)
        self._note(EnrolmentCode, EnrolmentCode.selector == selector)

    def code(self, selector: str) -> dict[str, Any] | None:
        """The one-time code that begins like this, locked until the end of the transaction."""
        query = self._database.for_update(EnrolmentCode.select().where(EnrolmentCode.selector == selector))
        return next((dict(row) for row in query.dicts().execute(self._db)), None)

    def use_code(self, selector: str, at: str) -> None:
        """Mark a code as used."""
        EnrolmentCode.update(used_at=at).where(EnrolmentCode.selector == selector).execute(self._db)
        self._note(EnrolmentCode, EnrolmentCode.selector == selector)

    def count_try(self, selector: str) -> None:
        """Take away one try."""
        EnrolmentCode.update(tries_left=EnrolmentCode.tries_left - 1).where(EnrolmentCode.selector == selector).execute(
            self._db
        )
        self._note(EnrolmentCode, EnrolmentCode.selector == selector)

    def add_attempt(self, attempt_id: str, subject: str, at: str) -> None:
        """Remember a failed login or enrolment."""
        Attempt.insert(id=attempt_id, subject=subject, at=at).execute(self._db)

    def attempts_since(self, subject: str, at: str) -> int:
        """Failures of one account or address since an instant."""
        query = Attempt.select(fn.COUNT(Attempt.id)).where((Attempt.subject == subject) & (Attempt.at >= at))
        return int(query.scalar(self._db) or 0)

    def _note(self, table: type[Model], where: Any) -> None:
        """Have what stands in these rows now written down outside the database too."""
        name = str(table._meta.table_name)
        self._database.note(noted(name, row) for row in list(table.select().where(where).dicts().execute(self._db)))

    def _load(self, query: Any) -> list[User]:
        rows = list(query.dicts().execute(self._db))
        grants: dict[str, list[dict[str, Any]]] = {}
        for grant in self._grants([row["uid"] for row in rows]):
            grants.setdefault(grant["user_uid"], []).append(grant)
        return [_user(row, grants.get(row["uid"], [])) for row in rows]

    def _grants(self, user_uids: Sequence[str]) -> list[dict[str, Any]]:
        if not user_uids:
            return []
        query = AreaGrant.select().where(AreaGrant.user_uid.in_(list(user_uids))).order_by(AreaGrant.area)
        return list(query.dicts().execute(self._db))


def _user(row: dict[str, Any], grants: Sequence[dict[str, Any]]) -> User:
    standing = tuple(grant["area"] for grant in grants if not grant["until_at"])
    return User(
        uid=row["uid"],
        name=row["name"],
        role=Role(row["role"]),
        areas=standing,
        former=tuple(grant["area"] for grant in grants if grant["until_at"] and grant["area"] not in standing),
        employee_number=row["employee_number"],
        office=row["office"],
        password_hash=row["password_hash"],
        disabled_at=row["disabled_at"],
    )


def _device_row(device: Laptop) -> dict[str, Any]:
    row = {name: getattr(device, name) for name in Laptop.__slots__}
    row["continuity"] = json.dumps(device.continuity)
    row["previous"] = json.dumps(device.previous)
    return row


def _laptop(row: dict[str, Any]) -> Laptop:
    continuity, previous = tuple(json.loads(row["continuity"])), tuple(json.loads(row["previous"]))
    return Laptop(**{**row, "continuity": continuity, "previous": previous})
