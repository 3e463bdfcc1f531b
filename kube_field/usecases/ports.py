"""What use cases need of the house: the open store, photos, time and ids; `assembly.py` hands in the real ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from kube_field.domain.commit import AuditLine, Commit, DocumentNumber
from kube_field.domain.document_state import Standing
from kube_field.domain.records import Change, Draft, Fact, Record, RecordKind
from kube_field.usecases import views

__all__ = [
    "AuditLine",
    "Commit",
    "DocumentNumber",
    "Drafts",
    "Facts",
    "Listings",
    "Photos",
    "Queue",
    "Records",
    "Store",
    "Wiring",
]


class Drafts(Protocol):
    """Unfinished forms, the last five versions of each."""

    def get(self, uid: str) -> Draft | None: ...
    def of_record(self, record_uid: str) -> Draft | None: ...
    def of_subject(self, subject_uid: str, kind: RecordKind) -> list[Draft]: ...
    def listed(self) -> list[Draft]: ...
    def versions(self, uid: str) -> list[Draft]: ...


class Records(Protocol):
    """Editable records."""

    def get(self, uid: str) -> Record | None: ...
    def where(self, kind: RecordKind, **header: Any) -> list[Record]: ...


class Facts(Protocol):
    """Insert-only records; "newest" always means the newest revision of each document."""

    def get(self, uid: str) -> Fact | None: ...
    def of_subject(self, subject_uid: str, kind: RecordKind) -> list[Fact]: ...
    def revisions(self, document_id: str) -> list[Fact]: ...
    def by_number(self, number: str) -> list[Fact]: ...


class Listings(Protocol):
    """Read models for lists, searches and the first page; every one is one query with a limit, no N+1."""

    def people(self, wanted: views.PersonFilter) -> list[views.PersonRow]: ...
    def count_people(self, wanted: views.PersonFilter) -> int: ...
    def near_people(self, nik: str, name: str, birth_year: int | None, village_code: str) -> list[views.PersonRow]: ...
    def holders_of_nik(self, nik: str) -> list[tuple[str, str]]: ...
    def groups(self, wanted: views.GroupFilter) -> list[views.GroupRow]: ...
    def units(self, *, owner_uid: str = "") -> list[views.UnitRow]: ...
    def members(self, group_uid: str) -> list[views.MemberRow]: ...
    def documents(self, wanted: views.DocumentFilter) -> list[views.DocumentRow]: ...
    def trainings(self) -> list[views.TrainingRow]: ...
    def search(self, text: str, limit: int = 12) -> list[views.SearchHit]: ...
    def standing(self, uid: str) -> Standing: ...


class Queue(Protocol):
    """What waits to be sent and what became of it."""

    def rows(self) -> list[views.QueueRow]: ...
    def runs(self, limit: int = 50) -> list[views.SyncRun]: ...
    def pill(self, now: str = "") -> views.PillState: ...
    def was_handed_over(self, uid: str) -> bool: ...
    def pending_sets(self, uid: str) -> list[Change]: ...


class Store(Protocol):
    """One open encrypted database of one laptop."""

    drafts: Drafts
    records: Records
    facts: Facts
    listings: Listings
    queue: Queue

    def commit(self, work: Commit) -> None: ...
    def save_draft(self, draft: Draft) -> None: ...
    def next_number(self, paper: str, year: int) -> int: ...
    def setting(self, name: str, default: str = "") -> str: ...
    def put_setting(self, name: str, value: str) -> None: ...
    def audit(self, line: AuditLine) -> None: ...


class Photos(Protocol):
    """Encrypted photos by content hash, beside the database."""

    def add(self, raw: bytes) -> tuple[str, int, str]:
        """Check, downscale, re-encode, strip metadata, store durably; (sha256, size, mime).

        Raises: KubeFieldError.
        """
        ...

    def read(self, sha256: str) -> bytes | None: ...


@dataclass(frozen=True, slots=True)
class Wiring:
    """Time and ids, handed in so that tests decide them. `now` is aware UTC; `new_id` gives UUIDv7 text."""

    now: Callable[[], datetime]
    new_id: Callable[[], str]
    extras: Mapping[str, Any] = field(default_factory=dict)
