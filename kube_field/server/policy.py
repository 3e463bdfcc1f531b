"""Who may read and write what (handbook 8.3, security design 2.4). Deny by default."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from kube_field.domain.records import PROVINCE_SCOPE, RecordKind, Role
from kube_field.wire.server_words import is_shelf, user_scope

KECAMATAN = re.compile(r"64\.\d{2}\.\d{2}")
PROVINCE_KINDS = frozenset({RecordKind.PROGRAM_BATCH, RecordKind.STAFF})
"""Kinds that live in the scope of the whole province."""
FIELD_ROLES = frozenset({Role.PENDAMPING, Role.TKSK, Role.PSM, Role.PEKERJA_SOSIAL, Role.PENYELIA_KAB})
REVIEW_ROLES = frozenset({Role.PEKERJA_SOSIAL, Role.PENYELIA_KAB, Role.ADMIN_PROV})
ROLES_OF: Mapping[RecordKind, frozenset[Role]] = {
    RecordKind.REVIEW: REVIEW_ROLES,
    RecordKind.MERGE_DECISION: frozenset({Role.PENYELIA_KAB, Role.ADMIN_PROV}),
}
"""Who writes the kinds that are not everybody's."""
SUPERVISORS = frozenset({Role.PENYELIA_KAB, Role.ADMIN_PROV})
SEES_NO_RECORDS = frozenset({Role.PIMPINAN})
"""Counts only."""


class Right(StrEnum):
    """What the policy says about one write. FORMER: the area was the author's once, so somebody has to look at it."""

    ALLOWED = "allowed"
    FORMER = "former"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Scope:
    """What one officer may touch: region codes granted now, and those granted before."""

    user_uid: str
    role: Role
    areas: tuple[str, ...]
    former: tuple[str, ...] = ()

    @property
    def reads(self) -> tuple[str, ...]:
        """Areas whose records may be sent to the officer."""
        return () if self.role in SEES_NO_RECORDS else self.areas

    def may_read(self, scope_id: str) -> bool:
        """True when records of this scope may be sent to the officer."""
        if is_shelf(scope_id):
            return self._reaches_shelf(self.reads, scope_id)
        return scope_id in (PROVINCE_SCOPE, user_scope(self.user_uid)) or covers(self.reads, scope_id)

    def _reaches_shelf(self, areas: Iterable[str], scope_id: str) -> bool:
        """Restricted facts are for whoever wrote them and for the supervisors of the kabupaten (handbook 5.12)."""
        kabupaten, _colon, author = scope_id.partition(":")
        if author == self.user_uid:
            return any(covers((kabupaten,), area) or covers((area,), kabupaten) for area in areas)
        return self.role in SUPERVISORS and covers(areas, kabupaten)

    def may_write_somehow(self, scope_id: str) -> bool:
        """True when the officer may write anything at all in this scope (photos of records there)."""
        if scope_id == PROVINCE_SCOPE:
            return self.role == Role.ADMIN_PROV
        if is_shelf(scope_id):
            return self.role in FIELD_ROLES and self._reaches_shelf(self.reads, scope_id)
        return self.role in FIELD_ROLES and covers(self.areas, scope_id)

    def right_to_write(self, kind: RecordKind, scope_id: str) -> Right:
        """What the policy says about a record of this kind in this scope."""
        if (scope_id == PROVINCE_SCOPE) != (kind in PROVINCE_KINDS):
            return Right.DENIED
        if scope_id == PROVINCE_SCOPE:
            return Right.ALLOWED if self.role == Role.ADMIN_PROV else Right.DENIED
        if not may_write_kind(self.role, kind):
            return Right.DENIED
        reaches = self._reaches_shelf if is_shelf(scope_id) else covers
        if reaches(self.areas, scope_id):
            return Right.ALLOWED
        return Right.FORMER if reaches(self.former, scope_id) else Right.DENIED


class Reach(Protocol):
    """How far a request may reach into the records; repositories need one."""

    @property
    def user_uid(self) -> str:
        """Who sends."""
        ...

    def may_read(self, scope_id: str) -> bool:
        """True when records of this scope may be sent."""
        ...

    def may_write_somehow(self, scope_id: str) -> bool:
        """True when photos of records of this scope may come in."""
        ...


@dataclass(frozen=True, slots=True)
class LaptopScope:
    """What a laptop may receive: what any of its officers may. Rights to write stay with each change's author."""

    user_uid: str
    officers: tuple[Scope, ...]

    def may_read(self, scope_id: str) -> bool:
        """True when one of the officers may read this scope."""
        return any(officer.may_read(scope_id) for officer in self.officers)

    def may_write_somehow(self, scope_id: str) -> bool:
        """True when one of the officers may write anything at all in this scope."""
        return any(officer.may_write_somehow(scope_id) for officer in self.officers)

    def readable(self, all_kecamatan: Iterable[str], shelves: Iterable[str] = ()) -> tuple[str, ...]:
        """The scopes whose records the laptop receives, in order: what concerns its officers themselves comes last.

        `shelves` are the scopes of restricted facts that there are.
        """
        own = sorted({user_scope(officer.user_uid) for officer in self.officers})
        inside = tuple(f"{area}." for officer in self.officers for area in officer.reads)
        apart = sorted(shelf for shelf in shelves if self.may_read(shelf))
        return (PROVINCE_SCOPE, *sorted(code for code in all_kecamatan if f"{code}.".startswith(inside)), *apart, *own)


class Grants(Protocol):
    """Whoever may let a change in."""

    def right_to_write(self, kind: RecordKind, scope_id: str) -> Right:
        """What he may write."""
        ...


@dataclass(frozen=True, slots=True)
class Console:
    """The server's own command line: it may let in any record that lies where its kind belongs."""

    user_uid: str = ""

    def may_read(self, scope_id: str) -> bool:
        """Everything is at hand there."""
        return True

    def may_write_somehow(self, scope_id: str) -> bool:
        """Everything is at hand there."""
        return True

    def right_to_write(self, kind: RecordKind, scope_id: str) -> Right:
        """Allowed, except for a kind that does not belong into this scope."""
        return Right.ALLOWED if (scope_id == PROVINCE_SCOPE) == (kind in PROVINCE_KINDS) else Right.DENIED


def may_write_kind(role: Role, kind: RecordKind) -> bool:
    """True for a role that writes this kind somewhere outside the scope of the province."""
    return role in ROLES_OF.get(kind, FIELD_ROLES)


def covers(areas: Iterable[str], scope_id: str) -> bool:
    """True when a scope is one of the areas or lies inside one."""
    return f"{scope_id}.".startswith(tuple(f"{area}." for area in areas))


def is_scope(scope_id: str) -> bool:
    """True for the province, anything spelled like a kecamatan, or the shelf of an officer's restricted facts."""
    return scope_id == PROVINCE_SCOPE or is_shelf(scope_id) or KECAMATAN.fullmatch(scope_id) is not None
