"""What pages and papers show of the programme: batches, aid and its tools, attendance, referrals, graduation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kube_field.domain.document_state import Chip


@dataclass(frozen=True, slots=True)
class ToolRow:
    """A tool that was handed over: its state by the newest visit that looked at it, and what earlier ones found."""

    name: str
    amount: str
    handed_on: str
    condition: str
    code: str = ""
    """Code of the condition, of the handover while no visit looked."""
    checked_on: str = ""
    story: str = ""


@dataclass(frozen=True, slots=True)
class AidSummary:
    """What a business unit received, in a sentence, and its tools."""

    unit_uid: str
    words: str
    tools: tuple[ToolRow, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One programme batch in a list, in words; `units` take part on this laptop, `target` are planned in all."""

    uid: str
    name: str
    scheme: str
    year: int
    source: str
    amount: str
    tranches: str
    members: str
    plan: str
    units: int
    target: int


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """One referral in a list: to whom, what for, how it stands; `days_waiting` since the last change."""

    uid: str
    person: str
    partner: str
    need: str
    written_on: str
    number: str
    status: str
    status_words: str
    changed_on: str
    has_ended: bool
    days_waiting: int
    result: str = ""


@dataclass(frozen=True, slots=True)
class GraduationView:
    """How far a unit is from graduation, criterion by criterion (code, words, met), and what was decided, newest first.

    `words` is the sum of the criteria. `may_be_proposed` is False while a decision holds.
    """

    words: str
    criteria: tuple[tuple[str, str, bool], ...]
    decisions: tuple[str, ...] = ()
    may_be_proposed: bool = True


@dataclass(frozen=True, slots=True)
class AttendanceCell:
    """One participant in the grid of one session. `fact_uid` is the newest final row, if any."""

    key: str
    person_uid: str
    name: str
    sex: str
    group_name: str
    village: str
    phone_end: str
    status: str = ""
    time_in: str = ""
    note: str = ""
    replaced_by: str = ""
    transport_allowance_idr: int | None = None
    walk_in: dict[str, Any] = field(default_factory=dict)
    signature: dict[str, Any] = field(default_factory=dict)
    fact_uid: str = ""


@dataclass(frozen=True, slots=True)
class AttendanceSheet:
    """The grid of one session of a training."""

    event_uid: str
    event_title: str
    session_no: int
    session_date: str
    session_subject: str
    cells: tuple[AttendanceCell, ...]
    draft_uid: str = ""
    number: str = ""
    chip: Chip | None = None
