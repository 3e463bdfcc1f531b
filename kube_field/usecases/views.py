"""What use cases answer: the read models of `domain/views.py`, under the name that pages know."""

from __future__ import annotations

from kube_field.domain.conflict_views import ConflictRow, JoinedEdit
from kube_field.domain.double_views import DuplicateRow, MergeRow
from kube_field.domain.programme_views import (
    AidSummary,
    AttendanceCell,
    AttendanceSheet,
    BatchRow,
    GraduationView,
    ReferralRow,
    ToolRow,
)
from kube_field.domain.sync_views import PASSING, PillState, SyncRun
from kube_field.domain.views import (
    DocumentFilter,
    DocumentRow,
    GroupFilter,
    GroupRow,
    HandedOver,
    HandedTranches,
    HomeSummary,
    MemberRow,
    PersonFilter,
    PersonRow,
    Profile,
    QueueRow,
    SearchHit,
    TimelineItem,
    TrainingRow,
    UnitRow,
    WorkItem,
)

__all__ = [
    "PASSING",
    "AidSummary",
    "AttendanceCell",
    "AttendanceSheet",
    "BatchRow",
    "ConflictRow",
    "DocumentFilter",
    "DocumentRow",
    "DuplicateRow",
    "GraduationView",
    "GroupFilter",
    "GroupRow",
    "HandedOver",
    "HandedTranches",
    "HomeSummary",
    "JoinedEdit",
    "MemberRow",
    "MergeRow",
    "PersonFilter",
    "PersonRow",
    "PillState",
    "Profile",
    "QueueRow",
    "ReferralRow",
    "SearchHit",
    "SyncRun",
    "TimelineItem",
    "ToolRow",
    "TrainingRow",
    "UnitRow",
    "WorkItem",
]
