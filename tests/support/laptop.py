"""A whole laptop on a temporary folder: encrypted store, photos, officer, a clock that is set by hand, ids in order."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kube_field.domain.records import Officer, Role
from kube_field.reference import Reference, load_reference
from kube_field.storage.photos import PhotoStore
from kube_field.storage.store import LocalStore, open_store
from kube_field.usecases.ports import Wiring
from kube_field.usecases.session import Session
from tests.support.ready_stores import new_store, plenty

DATABASE_KEY = bytes(range(32))
PHOTO_KEY = bytes(range(32, 64))
START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""Monday 23 November 2026, 10.00 WITA."""
KECAMATAN = "64.02.12"
REFERENCE: Reference = load_reference()


@dataclass
class Clock:
    """A clock that moves a millisecond at each look, and further only when told to."""

    at: datetime = START

    def now(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at

    def advance(self, *, days: int = 0, minutes: int = 0) -> None:
        self.at += timedelta(days=days, minutes=minutes)

    def set_day(self, day: str) -> None:
        """Ten o'clock WITA of a day."""
        self.at = datetime.fromisoformat(f"{day}T02:00:00+00:00")


@dataclass
class Laptop:
    """What a test holds of a laptop. `session` works as the laptop's first officer; close it in the end."""

    session: Session
    store: LocalStore
    photos: PhotoStore
    clock: Clock
    folder: Path
    new_id: Callable[[], str] = field(repr=False)

    def as_role(self, role: Role, name: str = "") -> Session:
        """The same laptop in the hands of another officer."""
        officer = replace(self.session.officer, uid=f"staff-{role}", name=name or role.value, role=role)
        return replace(self.session, officer=officer)

    def reopen(self) -> Laptop:
        """The same folder after a restart of the program: same clock, ids go on."""
        self.store.close()
        self.store = open_store(self.folder / "data.db", DATABASE_KEY, reference=REFERENCE, free_bytes=plenty)
        self.session = replace(self.session, store=self.store)
        return self

    def close(self) -> None:
        self.store.close()

    def __enter__(self) -> Laptop:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()


def make_laptop(
    folder: Path,
    name: str = "Rina",
    areas: tuple[str, ...] = (KECAMATAN,),
    code: str = "L07",
    *,
    role: Role = Role.PENDAMPING,
    clock: Clock | None = None,
) -> Laptop:
    """A laptop with an empty store in its own folder below `folder`."""
    home = folder / f"{name.lower()}-{code.lower()}"
    home.mkdir(parents=True, exist_ok=True)
    store = new_store(home / "data.db", DATABASE_KEY, device_code=code, reference=REFERENCE)
    return laptop_over(home, store, name, areas, code, role=role, clock=clock)


def laptop_over(
    home: Path,
    store: LocalStore,
    name: str = "Rina",
    areas: tuple[str, ...] = (KECAMATAN,),
    code: str = "L07",
    *,
    role: Role = Role.PENDAMPING,
    clock: Clock | None = None,
) -> Laptop:
    """A laptop over a store that is open already."""
    clock = clock or Clock()
    photos = PhotoStore(home / "photos", PHOTO_KEY)
    officer = Officer(
        uid=f"staff-{name.lower()}",
        name=name,
        role=role,
        areas=areas,
        employee_number="198501012010012001",
        office="Dinas Sosial Kabupaten Kutai Kartanegara",
    )
    new_id = ids_of(f"{name}-{code}")
    wiring = Wiring(now=clock.now, new_id=new_id)
    session = Session(officer=officer, store=store, photos=photos, reference=REFERENCE, wiring=wiring)
    return Laptop(session, store, photos, clock, home, new_id)


def ids_of(name: str) -> Callable[[], str]:
    """UUIDv7 texts in order; two names never give the same one."""
    owner = zlib.crc32(name.encode())
    given = 0

    def new_id() -> str:
        nonlocal given
        given += 1
        return f"019aaf00-{given >> 12 & 0xFFFF:04x}-7{given & 0xFFF:03x}-8000-{owner:012x}"

    return new_id
