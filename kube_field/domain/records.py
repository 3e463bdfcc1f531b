"""What is stored: two families of records, drafts, and who wrote them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

Answers: TypeAlias = Mapping[str, Any]
"""Answers by question code, JSON-ready; decimals and dates are text; absent means not asked yet."""

UNKNOWN = "tidak_tahu"
REFUSED = "menolak"
SPECIAL_ANSWERS = (UNKNOWN, REFUSED)
"""Values, not blanks (handbook 5.0)."""


class RecordKind(StrEnum):
    """The wire and table name of every kind of record."""

    PERSON = "person"
    HOUSEHOLD = "household"
    KUBE_GROUP = "kube_group"
    MEMBERSHIP = "membership"
    BUSINESS_UNIT = "business_unit"
    PROGRAM_BATCH = "program_batch"
    STAFF = "staff"
    TRAINING_EVENT = "training_event"
    ASSESSMENT = "assessment"
    VISIT = "visit"
    ATTENDANCE = "attendance"
    AID = "aid"
    GRADUATION = "graduation"
    REFERRAL = "referral"
    REFERRAL_STATUS = "referral_status"
    CONSENT = "consent"
    DESIL_CHECK = "desil_check"
    VALUE_HISTORY = "value_history"
    REVIEW = "review"
    TEST_RESULT = "test_result"
    MERGE_DECISION = "merge_decision"


EDITABLE_KINDS = frozenset(
    {
        RecordKind.PERSON,
        RecordKind.HOUSEHOLD,
        RecordKind.KUBE_GROUP,
        RecordKind.MEMBERSHIP,
        RecordKind.BUSINESS_UNIT,
        RecordKind.PROGRAM_BATCH,
        RecordKind.STAFF,
        RecordKind.TRAINING_EVENT,
    }
)
"""Records that change by field and merge three-way; every other kind is an insert-only fact."""

TRAVELS_WITH: Mapping[RecordKind, tuple[str, ...]] = {
    RecordKind.PERSON: ("household_id",),
    RecordKind.MEMBERSHIP: ("group_id",),
    RecordKind.BUSINESS_UNIT: ("group_id", "person_id"),
}
"""The questions that name the record with which one of these goes along where that moves."""

DOCUMENT_KINDS = frozenset(
    {
        RecordKind.ASSESSMENT,
        RecordKind.VISIT,
        RecordKind.ATTENDANCE,
        RecordKind.AID,
        RecordKind.GRADUATION,
        RecordKind.REFERRAL,
    }
)
"""Facts with a number, revisions and a printed form."""

NEVER_REVISED = frozenset({RecordKind.AID, RecordKind.GRADUATION})
"""Documents that are append-only once final (handbook 8.2): a mistake is mended by a new document that names them."""

FACT_ROWS: Mapping[RecordKind, Mapping[str, RecordKind]] = {
    RecordKind.HOUSEHOLD: {"dtsen_rows": RecordKind.DESIL_CHECK},
    RecordKind.PERSON: {"consents": RecordKind.CONSENT},
}
"""Tables of a form whose rows are facts of their own, by kind of record: the record itself is without."""

PROVINCE_SCOPE = "64"
"""Scope of what every officer may read: batches and staff."""


class Role(StrEnum):
    """Roles of handbook 1.7."""

    PENDAMPING = "pendamping"
    TKSK = "tksk"
    PSM = "psm"
    PEKERJA_SOSIAL = "pekerja_sosial"
    PENYELIA_KAB = "penyelia_kab"
    ADMIN_PROV = "admin_prov"
    PIMPINAN = "pimpinan"


GRADUATION_DECIDERS = frozenset({Role.PENYELIA_KAB, Role.ADMIN_PROV})
"""Who decides that a unit graduates or leaves; everybody else proposes (handbook 8.3)."""


@dataclass(frozen=True, slots=True)
class Officer:
    """Who works: `uid` is the staff id, `areas` the region codes of the task area (kabupaten or kecamatan)."""

    uid: str
    name: str
    role: Role
    areas: tuple[str, ...]
    employee_number: str = ""
    office: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """An editable record as it stands on this laptop. `version` is the server's, 0 while it was never there."""

    uid: str
    kind: RecordKind
    form_version: str
    scope: str
    answers: Answers
    version: int = 0
    extra: Mapping[str, Any] = field(default_factory=dict)
    deleted: bool = False
    updated_at: str = ""
    updated_by: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A photo by its content: SHA-256 in hex, size in bytes, where it belongs (question code)."""

    sha256: str
    size: int
    mime: str
    question: str


@dataclass(frozen=True, slots=True)
class Fact:
    """An insert-only record: one revision of a document, or a small fact such as a consent.

    `subject_uid` is the record it is about (unit, person, training event); `occurred_on` the day it speaks of.
    `snapshot` holds what the paper shows besides the answers (names, last figures, poverty line), frozen with it.
    `confirmed` maps a finding's key to the officer's reason. `number` and `revision` are empty for small facts.
    """

    uid: str
    kind: RecordKind
    form_version: str
    scope: str
    subject_uid: str
    occurred_on: str
    answers: Answers
    author_uid: str
    author_name: str
    finalised_at: str
    document_id: str = ""
    revision: int = 1
    supersedes: str = ""
    number: str = ""
    snapshot: Mapping[str, Any] = field(default_factory=dict)
    confirmed: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """Unfinished typing: never leaves the laptop, saved whatever is wrong with it.

    `record_uid` names the editable record that it will change or create; for a fact it is the uid the fact will get.
    `document_id`, `revision` and `supersedes` are set for documents.
    """

    uid: str
    kind: RecordKind
    form_version: str
    record_uid: str
    subject_uid: str
    answers: Answers
    author_uid: str
    created_at: str
    updated_at: str
    document_id: str = ""
    revision: int = 1
    supersedes: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One immutable edit of one record, as it waits in the outbox and travels (sync design 3.1).

    `sets` maps a field to (old, new). `sha256` is the hash of the canonical content that a receipt must name.
    `resolves` are the ids of conflicts that this edit settles. `seen_in` is the scope that its record, or what that
    hangs on, was downloaded from, where that is another one. `again`: the server kept it before it was put back.
    `after` is the change of the same record that was written on this laptop before an edit, "" without one.
    """

    id: str
    uid: str
    kind: RecordKind
    scope: str
    base_version: int
    form_version: str
    sets: Mapping[str, tuple[Any, Any]]
    by: str
    at: str
    sha256: str
    create: bool = False
    deps: tuple[str, ...] = ()
    reason: str = ""
    resolves: tuple[str, ...] = ()
    seen_in: str = ""
    again: bool = False
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The server's word that it holds exactly this content."""

    id: str
    sha256: str
    at: str


def person_in(fields: Mapping[str, Any]) -> str:
    """Uid of the person whom a record names as the one that it is about, itself or in its answers; "" without one."""
    answers = fields.get("answers")
    person = fields.get("person_id") or (answers.get("person_id") if isinstance(answers, Mapping) else None)
    uid = person.get("uid") if isinstance(person, Mapping) else ""
    return uid if isinstance(uid, str) else ""
