"""A damaged database is put aside untouched; a new one is made of what the journal holds and what can still be read.

Everything is looked at in a copy: the damaged files themselves are only moved, all together, into a folder of the
quarantine. A repair that was cut short is begun anew and finds the files wherever it had moved them.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from gettext import gettext as _
from pathlib import Path
from typing import Any, TypeVar

import peewee

from kube_field.errors import Failure, KubeFieldError
from kube_field.reference import Reference
from kube_field.sqlite.driver import Database, open_database
from kube_field.sqlite.durable import replace_patiently, sync_folder
from kube_field.sqlite.failures import disk_full
from kube_field.storage.journal import CHANGE_ID, ChangeRow, Journal
from kube_field.storage.journal_keeping import (
    METAS,
    NUMBERS,
    SETTING,
    SETTINGS,
    WHOLE,
    put_back,
    take_identity,
    told_of,
)
from kube_field.storage.rows import draft_of
from kube_field.storage.store import LocalStore, create_store

PARTS = ("", "-wal", "-shm")
"""A database is these files together; one without the others is another database."""
BEGUN = ".sebagian"
SCRATCH, FRESH = "periksa", ".pulih"
_Row = TypeVar("_Row")
WAITING = f"{WHOLE} WHERE o.n BETWEEN ? AND ? AND o.state <> 'acked' AND o.status <> 'erased'"
DRAFTS = "SELECT * FROM draft WHERE rowid BETWEEN ? AND ?"
LAST_ROW, MOST_TRIES = (1 << 20) - 1, 400
"""Row numbers that are looked at; and how often a range that cannot be read is halved before it is given up."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """What a repair kept: unsent changes, unfinished forms, photos that wait; where the damaged files lie.

    `photos` are the names of those photos, `damaged_lines` the lines of the journal that could not be read.
    """

    folder: Path
    changes: int
    drafts: int
    photos: tuple[str, ...]
    damaged_lines: int


@dataclass(frozen=True, slots=True)
class _Found:
    """What there is to make a new database of; what the journal was told stands above the damaged database."""

    told: Sequence[Mapping[str, str]]
    changes: Sequence[ChangeRow]
    drafts: Sequence[Mapping[str, Any]]
    damaged_lines: int


def is_whole(database: Path, key: bytes) -> bool:
    """True when every page of the database can be read and fits the others; looked at in a copy.

    Raises: KubeFieldError with DISK_FULL when there is no room for the copy.
    """
    if not database.exists():
        return False
    with _copied(database, database.parent / SCRATCH) as copy:
        return _reads_well(copy, key)


def rebuild(
    database: Path,
    key: bytes,
    journal: Journal,
    *,
    quarantine: Path,
    folder_name: str,
    needed: str,
    reference: Reference | None = None,
) -> Repaired:
    """Put the damaged database aside and make a new one; `needed` is a setting without which it would be of no use.

    Raises: KubeFieldError with INTEGRITY when neither journal nor database knows it, then nothing was moved; with
    DISK_FULL; with ALREADY_RUNNING while another program holds one of the files.
    """
    begun = next(iter(sorted(quarantine.glob(f"*{BEGUN}"))), quarantine / f"{folder_name}{BEGUN}")
    source = database if database.exists() else begun / database.name
    found = _find(source, key, journal, database.parent / SCRATCH)
    if not any(f"{SETTING} {needed}" in told for told in found.told):
        raise _nothing_known()
    fresh = database.with_name(database.name + FRESH)
    repaired = _make_fresh(fresh, key, found, begun.with_suffix(""), reference)
    try:
        _move_aside(database, begun)
        if journal.path.exists():
            shutil.copyfile(journal.path, begun / journal.path.name)
        replace_patiently(fresh, database)
        sync_folder(database.parent)
        finish(quarantine)
    except OSError:  # the next repair goes on from where this one stopped
        raise _held_by_another() from None
    return repaired


def finish(quarantine: Path) -> None:
    """Close the folders into which files were moved by a repair that did not come to its end."""
    for begun in quarantine.glob(f"*{BEGUN}"):
        replace_patiently(begun, begun.with_suffix(""))


def _find(source: Path, key: bytes, journal: Journal, scratch: Path) -> _Found:
    """The journal first; what it lacks from the damaged database, as far as that can be read."""
    try:
        kept = journal.read(put_aside=False)
    except OSError:
        raise _held_by_another() from None
    changes = dict(kept.changes)
    if not source.exists():
        return _Found([kept.told], list(changes.values()), (), kept.damaged)
    with _copied(source, scratch) as copy:
        reader = _Reader(copy, key)
        told = told_of(reader.rows(SETTINGS), reader.rows(METAS), reader.rows(NUMBERS))
        for row in reader.scan(WAITING):
            changes.setdefault(str(row[CHANGE_ID]), row)
        drafts = list(reader.scan(DRAFTS))
        reader.close()
    return _Found([told, kept.told], list(changes.values()), drafts, kept.damaged)


def _make_fresh(fresh: Path, key: bytes, found: _Found, folder: Path, reference: Reference | None) -> Repaired:
    """The new database under another name, whole before anything is moved."""
    for end in PARTS:
        fresh.with_name(fresh.name + end).unlink(missing_ok=True)
    store = create_store(fresh, key, device_code="", reference=reference)
    try:
        for told in found.told:
            take_identity(store, told)
        put_back(store, found.changes)
        drafts = _put_drafts(store, found.drafts)
        waiting = store.db.rows("SELECT sha256 FROM blob WHERE state = 'local' ORDER BY sha256")
    finally:
        store.close()  # brings its write-ahead log into the file
    photos = tuple(str(name) for (name,) in waiting)
    return Repaired(folder, len(found.changes), drafts, photos, found.damaged_lines)


def _put_drafts(store: LocalStore, rows: Sequence[Mapping[str, Any]]) -> int:
    count = 0
    for row in rows:
        try:
            draft = draft_of(row)
        except (KubeFieldError, ValueError, KeyError):  # a text of which a page is missing
            continue
        if store.facts.get(draft.record_uid) is None:  # else it was finalised, as the journal knows
            store.save_draft(draft)
            count += 1
    return count


def _move_aside(database: Path, folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for end in PARTS:
        file = database.with_name(database.name + end)
        if file.exists():
            replace_patiently(file, folder / file.name)
    sync_folder(folder)


@contextmanager
def _copied(database: Path, scratch: Path) -> Iterator[Path]:
    """A copy of the closed database that may be opened, which can write to it; it is gone afterwards."""
    shutil.rmtree(scratch, ignore_errors=True)
    try:
        scratch.mkdir(mode=0o700)
        for end in PARTS[:2]:  # the third one only speeds the second up, and is made anew
            file = database.with_name(database.name + end)
            if file.exists():
                shutil.copyfile(file, scratch / file.name)
    except OSError:
        shutil.rmtree(scratch, ignore_errors=True)
        raise disk_full() from None
    try:
        yield scratch / database.name
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _reads_well(copy: Path, key: bytes) -> bool:
    try:
        db = open_database(copy, key)
    except KubeFieldError as error:
        return _unless_damaged(error)
    try:
        found = db.rows("PRAGMA quick_check")
        db.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        return found == [("ok",)] and db.rows("PRAGMA cipher_integrity_check") == [] and _has_schema(db)
    except KubeFieldError as error:
        return _unless_damaged(error)
    finally:
        db.close_all()


def _has_schema(db: Database) -> bool:
    return bool(db.value("SELECT 1 FROM sqlite_schema WHERE name = 'outbox'"))


def _unless_damaged(error: KubeFieldError) -> bool:
    if error.failure != Failure.INTEGRITY:
        raise error
    return False


class _Reader:
    """Queries on a damaged copy: each on a connection of its own, for after one bad page a connection reads no more."""

    def __init__(self, copy: Path, key: bytes) -> None:
        self._copy, self._key = copy, key
        self._db: Database | None = None
        self._opens = True

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """All rows, [] when one of their pages cannot be read."""
        return self._asked(lambda db: db.rows(sql, *values)) or []

    def scan(self, sql: str) -> Iterator[dict[str, Any]]:
        """The rows by column name whose pages can be read; `sql` asks for a range of row numbers."""
        ranges, tries = [(0, LAST_ROW)], 0
        while ranges and self._opens and tries < MOST_TRIES:
            first, last = ranges.pop()
            tries += 1
            found = self._named(sql, first, last)
            if found is not None:
                yield from found
            elif first < last:
                middle = (first + last) // 2
                ranges += [(middle + 1, last), (first, middle)]

    def _named(self, sql: str, first: int, last: int) -> list[dict[str, Any]] | None:
        return self._asked(lambda db: db.named_rows(sql, first, last))

    def close(self) -> None:
        """Let go of the file."""
        if self._db is not None:
            self._db.close_all()
            self._db = None

    def _asked(self, ask: Callable[[Database], list[_Row]]) -> list[_Row] | None:
        try:
            if self._db is None:
                self._opens = False
                self._db = open_database(self._copy, self._key)
                self._opens = True
            return ask(self._db)
        except (KubeFieldError, peewee.PeeweeException) as error:  # the latter: tables of another schema, or none
            self.close()
            if isinstance(error, KubeFieldError):
                _unless_damaged(error)
            return None


def _held_by_another() -> KubeFieldError:
    return KubeFieldError(
        Failure.ALREADY_RUNNING,
        _("Berkas data di laptop ini sedang dipakai program lain."),
        _("Tunggu sebentar, lalu pulihkan lagi. Yang belum terkirim tetap ada salinannya."),
        code="FILES_HELD",
    )


def _nothing_known() -> KubeFieldError:
    return KubeFieldError(
        Failure.INTEGRITY,
        _("Berkas data rusak, dan salinan cadangannya tidak ada atau tidak terbaca. Tidak ada yang diubah."),
        _("Jangan hapus apa pun; bawa laptop ini ke kantor."),
        code="NOTHING_TO_REPAIR_WITH",
    )
