"""Databases of the simulated world: real ones on a RAM disk, which can die at any commit and be copied as they are."""

from __future__ import annotations

import functools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kube_field.server.storage.database import ServerDatabase, open_sqlite
from kube_field.sqlite.driver import PRAGMAS, Database
from kube_field.storage.store import LocalStore, create_store
from tests.support.laptop import DATABASE_KEY, REFERENCE, plenty

RAM = Path("/dev/shm")
IN_MEMORY = (
    ("locking_mode", "EXCLUSIVE"),
    *((name, "MEMORY" if name == "journal_mode" else value) for name, value in PRAGMAS),
)
"""Settings of plain databases, which lie in memory anyway: a tenth cheaper. Encrypted ones keep the program's."""
FILES = ("", "-wal")


class PowerCut(BaseException):
    """The machine died here."""


class Fuse:
    """Blows at the n-th commit from now, just before or just after it became durable."""

    def __init__(self) -> None:
        self._left = 0
        self._after = False

    def set(self, commits: int, *, after: bool) -> None:
        self._left, self._after = commits, after

    def clear(self) -> None:
        self._left = 0

    @contextmanager
    def around(self, transaction: Callable[[], Iterator[None]]) -> Iterator[None]:
        blows = self._left == 1
        with transaction():  # type: ignore[attr-defined]
            yield
            if blows and not self._after:
                self._left = 0
                raise PowerCut
        if self._left > 0:
            self._left -= 1
        if blows:
            raise PowerCut


class DyingDatabase(Database):
    """The real database of a laptop, with a fuse in its outermost transactions."""

    def __init__(self, path: str, *, key: bytes | None, fuse: Fuse) -> None:
        super().__init__(path, key=key)
        self.fuse = fuse

    @contextmanager
    def immediate(self) -> Iterator[None]:
        if self.connection().in_transaction:
            with super().immediate():
                yield
            return
        with self.fuse.around(super().immediate):  # type: ignore[arg-type]
            yield


class DyingServerDatabase(ServerDatabase):
    """The real database of the server, with a fuse in its transactions."""

    def __init__(self, db: object, fuse: Fuse) -> None:
        super().__init__(db)  # type: ignore[arg-type]
        self.fuse = fuse

    @contextmanager
    def write(self) -> Iterator[None]:
        with self.fuse.around(super().write):  # type: ignore[arg-type]
            yield


Image = tuple[bytes, ...]


def image_of(path: Path) -> Image:
    """The files of a database as they lie on the disk now, nobody writing."""
    files = (path.with_name(path.name + suffix) for suffix in FILES)
    return tuple(file.read_bytes() if file.exists() else b"" for file in files)


def put_image(path: Path, image: Image) -> None:
    """Make the files of a closed database these."""
    for suffix in (*FILES, "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    for suffix, content in zip(FILES, image, strict=True):
        if content or not suffix:
            path.with_name(path.name + suffix).write_bytes(content)


def new_folder() -> Path:
    """A folder in memory where there is one."""
    return Path(tempfile.mkdtemp(prefix="kube-sim-", dir=RAM if RAM.is_dir() else None))


@functools.cache
def empty_laptop(key: bytes | None) -> Image:
    """An empty laptop database, made once per process."""
    folder = new_folder()
    try:
        path = folder / "data.db"
        if key is None:
            _plain_laptop(path)
        else:
            create_store(path, key, device_code="L00", reference=REFERENCE, free_bytes=plenty).close()
        return image_of(path)
    finally:
        shutil.rmtree(folder)


def _plain_laptop(path: Path) -> None:
    from kube_field.sqlite.driver import open_database
    from kube_field.sqlite.migrations import migrate
    from kube_field.storage.store import laptop_migrations

    db = open_database(path, None)
    migrate(db, laptop_migrations())
    LocalStore(db, reference=REFERENCE, free_bytes=plenty).put_setting("device_code", "L00")
    db.close_all()


@functools.cache
def empty_server() -> Image:
    """An empty server database on SQLite, made once per process."""
    folder = new_folder()
    try:
        open_sqlite(folder / "server.db").close()
        return image_of(folder / "server.db")
    finally:
        shutil.rmtree(folder)


def laptop_key(encrypted: bool) -> bytes | None:
    return DATABASE_KEY if encrypted else None
