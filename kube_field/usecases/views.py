"""What use cases answer: the read models of `domain/views.py`, under the name that pages know."""

from __future__ import annotations

from kube_field.domain.double_views import DuplicateRow, MergeRow
from kube_field.domain.views import (
    AttendanceCell,
    AttendanceSheet,
    ConflictRow,
    DocumentFilter,
    DocumentRow,
    GroupFilter,
    GroupRow,
    HandedOver,
    HomeSummary,
    MemberRow,
    PersonFilter,
    PersonRow,
    PillState,
    Profile,
    QueueRow,
    SearchHit,
    SyncRun,
    TimelineItem,
    TrainingRow,
    UnitRow,
    WorkItem,
)

__all__ = [
    "AttendanceCell",
    "AttendanceSheet",
    "ConflictRow",
    "DocumentFilter",
    "DocumentRow",
    "DuplicateRow",
    "GroupFilter",
    "GroupRow",
    "HandedOver",
    "HomeSummary",
    "MemberRow",
    "MergeRow",
    "PersonFilter",
    "PersonRow",
    "PillState",
    "Profile",
    "QueueRow",
    "SearchHit",
    "SyncRun",
    "TimelineItem",
    "TrainingRow",
    "UnitRow",
    "WorkItem",
]
