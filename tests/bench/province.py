"""The invented province as a laptop's store, written once and kept in a cache folder outside of the project."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import platformdirs

import kube_field
from kube_field.assembly import set_up_laptop
from kube_field.domain.records import Officer, Role
from kube_field.paths import AppPaths
from kube_field.storage.photos import PhotoStore
from kube_field.storage.store import create_store, open_store
from kube_field.storage.vault.argon import FLOOR
from kube_field.usecases.ports import Wiring
from kube_field.usecases.session import Session
from kube_field.usecases.volume import write_volume
from tests.bench.measure import Sizes
from tests.support.laptop import DATABASE_KEY, PHOTO_KEY, REFERENCE, Clock, ids_of, plenty

WRITTEN_BY = ("usecases/volume.py", "usecases/sample_completion.py", "storage/search.py", "storage/headers.py")
"""Sources on which the content depends, besides the migrations."""
DATABASE = "data.db"
USER = "rina"


@contextmanager
def open_province(sizes: Sizes) -> Iterator[tuple[Session, Path]]:
    """A session on the province, and the path of its database."""
    folder = _cache(sizes) / _name(sizes)
    if not folder.exists():
        _write(folder, sizes)
    store = open_store(folder / DATABASE, DATABASE_KEY, reference=REFERENCE, free_bytes=plenty)
    try:
        yield _session(folder, store), folder / DATABASE
    finally:
        store.close()


def full_laptop(sizes: Sizes, password: str) -> Path:
    """The data folder of a whole laptop with the province in it, as the program opens it with this password."""
    told = replace(sizes, visits=sizes.window_visits)
    folder = _cache(sizes) / f"laptop-{_name(told)}"
    if not folder.exists():
        begun = folder.with_name(f"{folder.name}.begun")
        shutil.rmtree(begun, ignore_errors=True)
        officer = Officer(uid="staff-rina", name="Rina", role=Role.PENDAMPING, areas=("64",))
        wiring = Wiring(now=Clock().now, new_id=ids_of("province"))
        made = set_up_laptop(AppPaths(begun), user=USER, password=password, officer=officer, wiring=wiring, cost=FLOOR)
        with made:
            write_volume(made.session, people=told.people, visits=told.visits)
        begun.rename(folder)
    return folder


def _cache(sizes: Sizes) -> Path:
    return sizes.cache or Path(platformdirs.user_cache_dir("kube-field-bench"))


def _write(folder: Path, sizes: Sizes) -> None:
    """Whole or not at all: it gets its name when it is finished."""
    begun = folder.with_name(f"{folder.name}.begun")
    shutil.rmtree(begun, ignore_errors=True)
    begun.mkdir(parents=True)
    store = create_store(begun / DATABASE, DATABASE_KEY, device_code="L07", reference=REFERENCE, free_bytes=plenty)
    try:
        write_volume(_session(begun, store), people=sizes.people, visits=sizes.visits)
    finally:
        store.close()
    begun.rename(folder)


def _session(folder: Path, store: object) -> Session:
    officer = Officer(uid="staff-rina", name="Rina", role=Role.PENDAMPING, areas=("64",))
    wiring = Wiring(now=Clock().now, new_id=ids_of("province"))
    return Session(
        officer=officer,
        store=store,
        photos=PhotoStore(folder / "photos", PHOTO_KEY),
        reference=REFERENCE,
        wiring=wiring,
    )


def _name(sizes: Sizes) -> str:
    package = Path(kube_field.__file__).parent
    sources = [package / name for name in WRITTEN_BY] + sorted((package / "storage" / "migrations").glob("*.py"))
    content = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]
    return f"{sizes.people}-{sizes.visits}-{content}"
