"""What stores and use cases answer: read models for pages, lists and papers; days and instants are ISO text."""

from __future__ import annotations

from dataclasses import dataclass

from kube_field.domain.document_state import Chip, Standing
from kube_field.domain.programme_views import AidSummary, GraduationView, ReferralRow
from kube_field.domain.records import RecordKind

STOPPED_STATUSES = ("berhenti", "lulus")
"""Units in these states have no more visits to come, unless after-care was decided."""


@dataclass(frozen=True, slots=True)
class PersonFilter:
    """What the list of people shows; empty means everything. `text` matches names tolerantly and NIK by prefix."""

    text: str = ""
    kabupaten: str = ""
    kecamatan: str = ""
    village: str = ""
    status: str = ""
    category: str = ""
    limit: int = 500
    offset: int = 0


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the list of people. `nik` is masked."""

    uid: str
    name: str
    nik: str
    sex: str
    birth_date: str
    village_code: str
    village: str
    kecamatan: str
    status: str
    categories: tuple[str, ...] = ()
    group_name: str = ""
    phone: str = ""
    health: str = ""
    """How the own business stood by its newest scored visit, as in `UnitRow`."""


@dataclass(frozen=True, slots=True)
class GroupFilter:
    """What the list of groups shows."""

    text: str = ""
    kecamatan: str = ""
    status: str = ""
    limit: int = 500


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One line of the list of groups."""

    uid: str
    name: str
    village: str
    kecamatan: str
    idea_code: str
    idea: str
    members: int
    status: str
    batch: str = ""
    last_visit_on: str = ""
    next_visit_on: str = ""
    health: str = ""
    """How the business of the group stood by its newest scored visit, as in `UnitRow`."""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One membership of a group, past ones included (`left_on` set)."""

    uid: str
    person_uid: str
    name: str
    nik: str
    sex: str
    birth_date: str
    village: str
    role: str
    joined_on: str
    left_on: str = ""
    leave_reason: str = ""
    replaced_by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A business unit with its owner and where its visits stand."""

    uid: str
    name: str
    owner_kind: str
    owner_uid: str
    owner_name: str
    idea_code: str
    idea: str
    village_code: str
    village: str
    kecamatan: str
    status: str
    handover_on: str = ""
    plan: str = "standar"
    visits: tuple[str, ...] = ()
    """Days of the counting visits (final, kind not telepon), ascending."""
    last_visit_on: str = ""
    next_visit_on: str = ""
    """The officer's own date from the newest visit."""
    health: str = ""
    """How the business stood by its newest scored visit: the code of a final status, "" while unknown."""
    decided_on: str = ""
    """Day on which a supervisor decided that it graduated or left, "" while it is assisted; `status` says which."""
    after_care: str = ""
    """Code of the plan of its after-care visits, "" for a unit that did not graduate."""
    batch_uid: str = ""
    """Its programme batch, or that of its group."""

    @property
    def plan_from(self) -> str:
        """The day from which its planned visits count: the handover, or the decision for after-care."""
        return self.decided_on if self.after_care else self.handover_on

    @property
    def is_over(self) -> bool:
        """True when no more visits are to come: stopped, left, or graduated without after-care."""
        return self.status in STOPPED_STATUSES and not self.after_care


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which documents a list shows; drafts included when `drafts`. A person's attendance counts as about the person."""

    kind: RecordKind | None = None
    subject_uid: str = ""
    text: str = ""
    month: str = ""
    drafts: bool = True
    area: str = ""
    """Code of a kabupaten or kecamatan."""
    review: str = ""
    """Only documents that a review of this decision was ever written about."""
    viewer: str = ""
    """Uid of the officer who looks: of restricted documents he sees his own."""
    sees_restricted: bool = False
    """True for officers who see every restricted document."""
    unreviewed_by: str = ""
    """Only documents of others than this officer that the server has and nobody reviewed, oldest first."""
    limit: int = 500


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document or a draft in a list."""

    uid: str
    kind: RecordKind
    title: str
    subject_uid: str
    subject: str
    village: str
    occurred_on: str
    number: str
    author: str
    standing: Standing
    chip: Chip
    is_draft: bool = False
    visit_no: int = 0
    business_status: str = ""


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """A training event with its attendance in numbers."""

    uid: str
    title: str
    topic: str
    starts_on: str
    ends_on: str
    venue: str
    village: str
    sessions: int
    participants: int
    present: int


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One thing that happened, newest first."""

    at: str
    what: str
    detail: str
    record_uid: str = ""
    kind: RecordKind | None = None
    chip: Chip | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """What a profile page shows: header, facts by section (label, value), timeline, documents, members, units."""

    uid: str
    kind: RecordKind
    title: str
    subtitle: str
    badges: tuple[tuple[str, str], ...] = ()
    sections: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    timeline: tuple[TimelineItem, ...] = ()
    documents: tuple[DocumentRow, ...] = ()
    members: tuple[MemberRow, ...] = ()
    units: tuple[UnitRow, ...] = ()
    trainings: tuple[TimelineItem, ...] = ()
    history: tuple[TimelineItem, ...] = ()
    aid: tuple[AidSummary, ...] = ()
    """What each of its units received."""
    referrals: tuple[ReferralRow, ...] = ()
    """Those that the officer at work may see."""
    graduation: GraduationView | None = None
    """Of a unit only."""
    masked_nik: str = ""
    household_uid: str = ""
    open_conflicts: int = 0
    settles_conflicts: bool = True
    """False while others choose first."""
    double_uid: str = ""
    """The case in which this record may be a double."""
    may_edit: bool = True
    merged_titles: tuple[str, ...] = ()
    """Names of the records that were merged into this one."""


@dataclass(frozen=True, slots=True)
class HandedTranches:
    """The tranches of a unit whose minutes stand, and how many visits were accepted since the newest of them."""

    tranches: tuple[int, ...]
    accepted_visits: int


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One line of "Perlu dikerjakan".

    `state`: returned, conflict_old, conflict, needs_repair, set_aside, quarantined, failed, to_review, overdue, lapsed,
    due, soon, handover, draft, candidate.
    `target_kind` is None where a line is about no single record.
    """

    state: str
    title: str
    village: str
    detail: str
    target_uid: str
    target_kind: RecordKind | None
    due_on: str = ""
    days: int = 0
    """Days overdue (positive) or until due (negative)."""
    action: str = ""
    """start_visit, start_aid, continue_draft, repair, start_assessment, settle, review, decide_aside."""


@dataclass(frozen=True, slots=True)
class HomeSummary:
    """The first page."""

    officer_name: str
    items: tuple[WorkItem, ...]
    units: int
    visits_done: int
    visits_planned: int
    drafts: int
    unsent: int
    sent: int
    unit_states: tuple[tuple[str, int], ...] = ()
    """(overdue | due | soon | on_plan | stopped, count)."""
    health: tuple[tuple[str, int], ...] = ()
    """(final status, how many units stood so at their newest scored visit), the best first."""


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One result of the search at the top of the window."""

    kind: RecordKind
    uid: str
    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One change that waits or was refused. `state`: queued, sent, rejected, quarantined, failed, held, erased.

    `field` is the question (code) that a refusal is about, "" when it is about all of it.
    A record that is there while some of its photos are not stands here too, with state `photos` and its change.
    """

    change_id: str
    uid: str
    kind: RecordKind
    title: str
    at: str
    size: int
    state: str
    reason: str = ""
    author: str = ""
    photos_there: int = 0
    photos_expected: int = 0
    field: str = ""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """One change that the server took in a run: its receipt, the hash of its content, the server's time (UTC).

    `office` is that of its author where he works on this laptop.
    """

    uid: str
    kind: RecordKind
    title: str
    author: str
    office: str
    receipt_id: str
    sha256: str
    at: str
