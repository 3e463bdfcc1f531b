"""What the page Sinkronisasi shows in its states, with names as long as they come."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from kube_field.domain.forms.catalogue import form
from kube_field.domain.records import RecordKind
from kube_field.sync import troubles
from kube_field.sync.transports.line_check import LineCheck, Step, StepState
from kube_field.ui.pages.trouble_table import BROKEN, MASS_REMOVAL
from kube_field.usecases.conflicts import ConflictedRecord, FieldConflict, Version
from kube_field.usecases.views import QueueRow, SyncRun
from tests.support.page_samples import LONG_NAME

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
KEPT_AT, OTHER_AT = "2026-11-20T03:10:00.000Z", "2026-11-21T06:42:00.000Z"
OUTCOMES = (
    *(f"S0{n}" for n in (1, 2, 3, 4, 5, 6, 8, 9)),
    "REVOKED",
    "WRONG_SERVER",
    MASS_REMOVAL,
    BROKEN,
)
"""Everything that a run can fail with."""


def make_run(outcome: str = "", **fields: Any) -> SyncRun:
    known: dict[str, Any] = {
        "started_at": "2026-11-23T01:58:00.000Z",
        "ended_at": "2026-11-23T01:59:12.000Z",
        "sent": 0,
        "received": 0,
        "refused": 0,
        "photos_sent": 0,
        "bytes_up": 900,
        "bytes_down": 300,
        "outcome": outcome,
        "id": 9,
    }
    return SyncRun(**{**known, **fields})


def make_field(
    code: str, base: str, mine: tuple[Any, str], server: tuple[Any, str], *, kind: RecordKind = RecordKind.PERSON
) -> FieldConflict:
    question = form(kind).question(code)
    return FieldConflict(
        field=code,
        label=question.label,
        question=question,
        base=base,
        server=Version(server[0], server[1], "Budi Contoh", KEPT_AT, mine=False),
        others=(Version(mine[0], mine[1], "Sri Wahyuni", OTHER_AT, mine=True),),
        needs_reason=code in ("full_name", "nik"),
        may_type=True,
    )


def conflicted_records() -> list[ConflictedRecord]:
    phone = make_field("phone", "(kosong)", ("+6281255550000", "0812-5555-0000"), ("+6281200000001", "0812-0000-0001"))
    name = make_field(
        "full_name",
        "Melati Contoh",
        (LONG_NAME, LONG_NAME),
        ("Melati Contoh Satu", "Melati Contoh Satu"),
    )
    learned = make_field("education", "SD/sederajat", ("smp", "SMP/sederajat"), ("sma", "SMA/sederajat"))
    group = make_field(
        "name", "KUBE Melati", ("KUBE Melati Indah", "KUBE Melati Indah"), ("KUBE Melati Jaya", "KUBE Melati Jaya"),
        kind=RecordKind.KUBE_GROUP,
    )  # fmt: skip
    return [
        ConflictedRecord("p1", RecordKind.PERSON, LONG_NAME, "Swarga Bara", (name, phone, learned), OTHER_AT),
        ConflictedRecord("g1", RecordKind.KUBE_GROUP, "KUBE Melati Indah", "Singa Gembara", (group,), OTHER_AT),
    ]


def bad_line() -> LineCheck:
    states = (StepState.GOOD, StepState.GOOD, StepState.GOOD, StepState.BAD, StepState.NOT_REACHED)
    steps = tuple(zip(Step, (*states, StepState.NOT_REACHED), strict=True))
    return LineCheck(steps, troubles.clock_is_wrong("3 Januari 2019"))


def good_line() -> LineCheck:
    return LineCheck(tuple((step, StepState.GOOD) for step in Step), name="Sri Wahyuni")


def result_names() -> tuple[list[str], list[tuple[str, str]], list[str]]:
    """Sent, refused with its reason, still waiting."""
    return (
        ["Kunjungan ke-4 · KUBE Melati", LONG_NAME],
        [(LONG_NAME, "NIK sudah dipakai warga lain")],
        ["Keluarga Ahmad"],
    )


def refused_choice() -> list[ConflictedRecord]:
    """The conflicts again, after the server refused a choice about the first."""
    first, *others = conflicted_records()
    name, *fields = first.fields
    why = "Nama tidak boleh berisi angka."
    return [replace(first, fields=(replace(name, refused=why), *fields)), *others]


def refused_decision() -> QueueRow:
    """A decision about doubles that the server did not take."""
    reason = "Penulis tidak berwenang atas kedua data ini."
    kind = RecordKind.MERGE_DECISION
    return QueueRow("q9", "md1", kind, LONG_NAME, OTHER_AT, 900, "rejected", reason, "Sri Wahyuni")
