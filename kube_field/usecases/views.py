"""What use cases answer: the read models of `domain/views.py`, under the name that pages know."""

from __future__ import annotations

from kube_field.domain.views import (
    AttendanceCell,
    AttendanceSheet,
    DocumentFilter,
    DocumentRow,
    GroupFilter,
    GroupRow,
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
    "DocumentFilter",
    "DocumentRow",
    "GroupFilter",
    "GroupRow",
    "HomeSummary",
    "MemberRow",
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
