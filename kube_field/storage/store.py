"""One laptop's encrypted database: opens it, and writes what one action changes in one transaction or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from kube_field.domain.commit import AuditLine, Commit, DocumentNumber
from kube_field.domain.records import Draft, Fact, Record, RecordKind
from kube_field.errors import BugError, Failure, KubeFieldError
from kube_field.reference import Reference, load_reference
from kube_field.sqlite.driver import Database, open_database
from kube_field.sqlite.failures import damaged, disk_full
from kube_field.sqlite.migrations import Migration, load_migrations, migrate, schema_number
from kube_field.storage.audit import AuditLog
from kube_field.storage.drafts import DraftRepository
from kube_field.storage.facts import FactRepository
from kube_field.storage.journal import Journal
from kube_field.storage.journal_keeping import JournalKeeper
from kube_field.storage.listings import ListingRepository
from kube_field.storage.outbox import BlobRepository, QueueRepository, photos_in
from kube_field.storage.places import Places
from kube_field.storage.projection import FORMS_LEARNT, learn_fields, materialise
from kube_field.storage.records import RecordRepository
from kube_field.storage.rows import attachment_item
from kube_field.storage.search import SearchIndex
from kube_field.storage.selections import SelectionRepository
from kube_field.storage.working_rows import forms_known

FREE_BYTES_NEEDED = 1024 * 1024
"""A save is refused below this: a disk with nothing left cannot even open the database for reading (security design,
finding 6). Text work goes on until then, and a draft until the disk itself says no (3.9)."""
DEVICE_CODE = "device_code"


class LocalStore:
    """The open store. Each thread that uses it gets its own connection; `close` closes all of them."""

    def __init__(
        self, db: Database, *, reference: Reference, free_bytes: Callable[[], int], journal: Journal | None = None
    ) -> None:
        places = Places(reference)
        self.db = db
        self.drafts = DraftRepository(db)
        self.records = RecordRepository(db)
        self.facts = FactRepository(db)
        self.queue = QueueRepository(db)
        self.listings = ListingRepository(db, places)
        self.selections = SelectionRepository(db)
        self.search_index = SearchIndex(db, places)
        self.blobs = BlobRepository(db)
        self.audit_log = AuditLog(db)
        self.journal = JournalKeeper(self, journal)
        self._free_bytes = free_bytes

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One write transaction with the write lock from its start; inside another one it joins it."""
        with self.db.immediate():
            yield

    def commit(self, work: Commit) -> None:
        """Write everything that one action changes, durably, or nothing; then its second copy.

        A second copy that cannot be written is made up for later: `journal.is_behind` tells of it.
        Raises: KubeFieldError with DISK_FULL, or NOT_ALLOWED where what is taken back was already handed over;
        BugError for a number that does not follow the last one.
        """
        self._need_room()
        with self.journal.taking_back(work), self.transaction():
            if work.number is not None:
                self._take_number(work.number)
            self._write_content(work)
            self._write_drafts(work)
            for line in work.audit:
                self.audit_log.append(line, self.setting(DEVICE_CODE))
            rows = self.journal.rows_of(work)
        self.journal.keep(rows, work)

    def save_draft(self, draft: Draft) -> None:
        """Store a draft and keep this version of it. Raises: KubeFieldError with DISK_FULL."""
        with self.transaction():
            self.drafts.put(draft)

    def put_record(self, record: Record) -> None:
        """Write an editable record, its search entry and its photos; inside a transaction."""
        self.records.put(record)
        self.search_index.index_record(record)
        self.blobs.link(record.uid, photos_in(record.answers))

    def put_fact(self, fact: Fact) -> None:
        """Add a fact, its search entry and its photos; inside a transaction."""
        self.facts.insert(fact)
        self.search_index.index_fact(fact)
        self.blobs.link(fact.uid, [attachment_item(item) for item in fact.attachments])

    def remove_record(self, uid: str, kind: RecordKind) -> None:
        """Take an editable record off this laptop, with the conflicts of which only we know; inside a transaction."""
        self.records.remove(uid, kind)
        self.db.execute_sql("DELETE FROM conflict WHERE uid = ? AND state = 'coming'", (uid,))
        self._forget(uid)

    def remove_fact(self, uid: str) -> None:
        """Take a fact off this laptop; inside a transaction."""
        self.facts.remove(uid)
        self._forget(uid)

    def next_number(self, paper: str, year: int) -> int:
        """The number after the last one given for this kind of paper and year."""
        query = "SELECT value FROM number_counter WHERE paper = ? AND year = ?"
        return int(self.db.value(query, paper, year) or 0) + 1

    def setting(self, name: str, default: str = "") -> str:
        """A setting of this laptop."""
        value = self.db.value("SELECT value FROM setting WHERE name = ?", name)
        return default if value is None else str(value)

    def put_setting(self, name: str, value: str) -> None:
        """Store a setting."""
        with self.transaction():
            self.db.execute_sql(
                "INSERT INTO setting (name, value) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, value),
            )

    def audit(self, line: AuditLine) -> None:
        """Append one line to the audit log."""
        with self.transaction():
            self.audit_log.append(line, self.setting(DEVICE_CODE))

    def close(self) -> None:
        """Close the connections of all threads."""
        self.db.close_all()

    def _write_content(self, work: Commit) -> None:
        self.queue.withdraw_changes(work.withdrawn_changes, [uid for uid, _kind in work.removed_records])
        for uid, kind in work.removed_records:
            self.remove_record(uid, kind)
        for uid in work.withdrawn_facts:
            self._withdraw(uid)
        for record in work.records:
            self.put_record(record)
        for fact in work.facts:
            self.put_fact(fact)
        for change in work.changes:
            self.queue.add(change)

    def _write_drafts(self, work: Commit) -> None:
        for uid in work.removed_drafts:
            self.drafts.remove(uid)
        for draft in work.drafts:
            self.drafts.put(draft)

    def free_bytes(self) -> int:
        """Room on the disk where the database lies."""
        return self._free_bytes()

    def _need_room(self) -> None:
        if self._free_bytes() < FREE_BYTES_NEEDED:
            raise disk_full()

    def _take_number(self, number: DocumentNumber) -> None:
        if number.value != self.next_number(number.paper, number.year):
            raise BugError(f"{number.paper} {number.year}: {number.value} does not follow the last number")
        self.db.execute_sql(
            "INSERT INTO number_counter (paper, year, value) VALUES (?, ?, ?)"
            " ON CONFLICT (paper, year) DO UPDATE SET value = excluded.value",
            (number.paper, number.year, number.value),
        )

    def _withdraw(self, uid: str) -> None:
        self.queue.withdraw(uid)
        self.remove_fact(uid)

    def _forget(self, uid: str) -> None:
        self.search_index.forget(uid)
        self.blobs.unlink(uid)


def create_store(
    path: Path,
    key: bytes,
    *,
    device_code: str,
    reference: Reference | None = None,
    free_bytes: Callable[[], int] | None = None,
) -> LocalStore:
    """Make the database of a new laptop; `device_code` begins its document numbers. A half-made one is taken over.

    Raises: BugError when there is one with data already; KubeFieldError with DISK_FULL.
    """
    path.touch(mode=0o600)
    db = open_database(path, key)
    try:
        if schema_number(db) > 0:
            raise BugError("the database is there already")
        migrate(db, laptop_migrations())
        store = _store(db, path, reference, free_bytes)
        store.put_setting(DEVICE_CODE, device_code)
    except BaseException:
        db.close_all()
        raise
    return store


def open_store(
    path: Path,
    key: bytes,
    *,
    reference: Reference | None = None,
    free_bytes: Callable[[], int] | None = None,
    journal: Journal | None = None,
) -> LocalStore:
    """Open the database and bring it to this program's schema; unsent work that only the journal has is put back.

    Raises: KubeFieldError with INTEGRITY (missing, empty or damaged), DISK_FULL, NEWER_DATA, MIGRATION_ROLLED_BACK.
    """
    if not path.is_file():
        raise damaged()
    db = open_database(path, key)
    try:
        if schema_number(db) == 0:
            raise damaged()
        migrate(db, laptop_migrations())
        store = _store(db, path, reference, free_bytes, journal)
        _learn(store)
        store.journal.keep_up()
        return store
    except BaseException:
        db.close_all()
        raise


def _learn(store: LocalStore) -> None:
    """Show what came before this program knew it; on a full disk at the next start."""
    is_new = store.setting(FORMS_LEARNT) != forms_known()
    if not is_new and not store.db.value("SELECT 1 FROM unknown_record LIMIT 1"):
        return
    try:
        with store.transaction():
            materialise(store)
            if is_new:
                learn_fields(store)
    except KubeFieldError as error:
        if error.failure != Failure.DISK_FULL:
            raise


def _store(
    db: Database,
    path: Path,
    reference: Reference | None,
    free_bytes: Callable[[], int] | None,
    journal: Journal | None = None,
) -> LocalStore:
    return LocalStore(
        db,
        reference=reference if reference is not None else load_reference(),
        free_bytes=free_bytes if free_bytes is not None else lambda: shutil.disk_usage(path.parent).free,
        journal=journal,
    )


def laptop_migrations() -> tuple[Migration, ...]:
    """The steps of the laptop's schema, shipped with the program."""
    return load_migrations(files("kube_field.storage") / "migrations")
