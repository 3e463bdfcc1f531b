"""Stores for tests: a real encrypted database with a raw key, and small records to put into it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kube_field.domain.records import Change, Draft, Fact, Record, RecordKind
from kube_field.reference import load_reference
from kube_field.storage.journal import Journal
from kube_field.storage.store import LocalStore, open_store
from tests.support.ready_stores import new_store, plenty

TEST_KEY = bytes(range(32))
SCOPE = "64.02.12"
VILLAGE = "64.02.12.2002"
AT = "2026-11-23T02:03:04.567Z"
DATABASE_NAME, JOURNAL_NAME = "data.db", "jurnal.kfj"
JOURNAL_KEY = bytes(range(64, 96))
REFERENCE = load_reference()


def open_test_store(folder: Path, *, device_code: str = "T1", journal: Journal | None = None) -> LocalStore:
    """An open store in a folder, made on the first call and opened again afterwards; close it."""
    path = folder / DATABASE_NAME
    if not path.exists():
        new_store(path, TEST_KEY, device_code=device_code, reference=REFERENCE).close()
    return open_store(path, TEST_KEY, reference=REFERENCE, free_bytes=plenty, journal=journal)


def journal_of(folder: Path) -> Journal:
    """The journal beside a test store."""
    return Journal(folder / JOURNAL_NAME, JOURNAL_KEY)


def make_record(kind: RecordKind, uid: str, scope: str = SCOPE, **answers: Any) -> Record:
    """An editable record as a commit brings it."""
    return Record(uid, kind, "2026.1", scope, answers, updated_at=AT, updated_by="staff-rina")


def make_person_record(uid: str, name: str, *, nik: str = "", household: str = "", **answers: Any) -> Record:
    """A person; `household` is the household's uid."""
    known = {"full_name": name, "nik": nik, "sex": "P", "birth_date": "1985-06-08", "status": "aktif", **answers}
    if household:
        known["household_id"] = {"uid": household, "name": "Keluarga"}
    return make_record(RecordKind.PERSON, uid, **known)


def make_fact_record(uid: str, kind: RecordKind = RecordKind.VISIT, **fields: Any) -> Fact:
    """One revision of a document."""
    known: dict[str, Any] = {
        "form_version": "2026.1",
        "scope": SCOPE,
        "subject_uid": "unit-1",
        "occurred_on": "2026-11-20",
        "answers": {"kind": "terjadwal", "visit_no": 1, "business_status": "berjalan_baik"},
        "author_uid": "staff-rina",
        "author_name": "Rina",
        "finalised_at": AT,
        "document_id": f"document-{uid}",
        "sha256": "ab" * 32,
    }
    return Fact(uid=uid, kind=kind, **{**known, **fields})


def make_draft_record(uid: str, kind: RecordKind = RecordKind.VISIT, **fields: Any) -> Draft:
    """A draft of a new record."""
    known: dict[str, Any] = {
        "form_version": "2026.1",
        "record_uid": f"record-{uid}",
        "subject_uid": "unit-1",
        "answers": {},
        "author_uid": "staff-rina",
        "created_at": AT,
        "updated_at": AT,
    }
    return Draft(uid=uid, kind=kind, **{**known, **fields})


def make_change_record(change_id: str, uid: str, kind: RecordKind = RecordKind.VISIT, **fields: Any) -> Change:
    """A change that waits to be sent."""
    known: dict[str, Any] = {
        "scope": SCOPE,
        "base_version": 0,
        "form_version": "2026.1",
        "sets": {"answers": (None, {"visit_no": 1})},
        "by": "staff-rina",
        "at": AT,
        "sha256": "ab" * 32,
        "create": True,
    }
    return Change(id=change_id, uid=uid, kind=kind, **{**known, **fields})
