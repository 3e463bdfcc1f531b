"""State of the database in figures, and whether it is whole; nothing here names a person."""

from __future__ import annotations

from gettext import gettext as _
from typing import Any

from kube_field.domain.records import EDITABLE_KINDS
from kube_field.errors import Failure, KubeFieldError
from kube_field.sqlite.migrations import schema_number
from kube_field.storage.store import LocalStore

PRAGMAS = ("journal_mode", "synchronous", "foreign_keys", "temp_store", "secure_delete", "mmap_size", "cipher_version")


def database_info(store: LocalStore) -> dict[str, Any]:
    """Schema, PRAGMAs of this connection, rows by table, what waits, length of the audit log."""
    counted = [kind.value for kind in sorted(EDITABLE_KINDS)] + ["fact", "draft", "outbox", "blob"]
    pill = store.queue.pill()
    return {
        "schema": schema_number(store.db),
        "sqlite": str(store.db.value("SELECT sqlite_version()")),
        "pragmas": {name: store.db.value(f"PRAGMA {name}") for name in PRAGMAS},
        "rows": {name: store.db.value(f'SELECT count(*) FROM "{name}"') for name in counted},
        "unsent": pill.unsent,
        "failed": pill.failed,
        "unread": pill.unread,
        "drafts": store.db.value("SELECT count(*) FROM draft"),
        "audit_length": store.audit_log.head()[0],
        "device_code": store.setting("device_code"),
        "journal_behind": store.journal.is_behind,
    }


def reads_well(store: LocalStore) -> bool:
    """True when SQLite finds every table whole; on this thread's own connection, which a bad page would spoil."""
    try:
        return store.db.rows("PRAGMA quick_check") == [("ok",)]
    except KubeFieldError as error:
        if error.failure != Failure.INTEGRITY:
            raise
        return False
    finally:
        store.db.close()


def troubles(store: LocalStore, *, full: bool) -> list[str]:
    """What is wrong with the file, in words; `full` reads every page's seal too, which takes longer."""
    found = [str(row[0]) for row in store.db.rows("PRAGMA quick_check" if not full else "PRAGMA integrity_check")]
    found = [text for text in found if text != "ok"]
    if full:
        # Before a checkpoint the seal check may complain about pages that are only in the write-ahead log.
        store.db.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        found += [str(row[0]) for row in store.db.rows("PRAGMA cipher_integrity_check")]
    broken = store.audit_log.first_break()
    if broken is not None:
        found.append(_("Rantai catatan audit putus di baris {n}.").format(n=broken))
    return found
