"""When a unit is visited next: plan after the handover, windows, and the officer's own date (handbook 5.14)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

STANDARD_PLAN = "standar"
PLANS: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {
        STANDARD_PLAN: (14, 30, 60, 90, 120, 150, 180, 240, 300, 365, 455, 545, 635, 730),
        "singkat": (14, 30, 60, 90, 180, 270, 365),
    }
)
"""Days after the handover of each planned visit."""
AFTER_CARE = "pembinaan-"
"""Plans of graduated units begin so; the number of visits follows, one every three months from the decision."""
AFTER_CARE_DAYS, AFTER_CARE_MONTHS = 90, 3
WINDOW_DAYS = 5
"""A visit is due from so many days before its day to so many after."""
SOON_DAYS = 7
LAPSED_DAYS = 30
"""Days past the window after which a unit counts as not watched."""
STATUS_DAYS: Mapping[str, int] = MappingProxyType({"critical": 14, "at_risk": 30, "watch": 45})
"""Latest next visit after one with this status of the business; a healthy one keeps the plan."""


class DueState(StrEnum):
    """Where the next visit of a unit stands."""

    DUE = "due"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    LAPSED = "lapsed"
    LATER = "later"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """One row of the plan: its number from 1, its day, and the day of the visit that fulfilled it ("" for none)."""

    no: int
    on: str
    fulfilled_by: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """The next visit. `days` counts from its day `on`: positive when late, negative when it lies ahead.

    `visit_no` is the number that the next visit will get. `planned_on` and `own_on` are the plan's and the officer's
    own date, "" when there is none; when `own_on` is the later one, both are shown.
    """

    on: str
    state: DueState
    days: int
    visit_no: int
    planned_on: str = ""
    own_on: str = ""


def after_care_plan(months: int) -> str:
    """Code of the plan of so many months of after-care (handbook 5.13: one visit per three months)."""
    return f"{AFTER_CARE}{months // AFTER_CARE_MONTHS}"


def plan_days(plan: str) -> tuple[int, ...]:
    """Days after its beginning of each visit of a plan; an unknown plan is the standard one."""
    count = plan.removeprefix(AFTER_CARE)
    if count != plan and count.isdecimal():
        return tuple(AFTER_CARE_DAYS * (at + 1) for at in range(int(count)))
    return PLANS.get(plan, PLANS[STANDARD_PLAN])


def planned_visits(handover_on: str, plan: str, visits: Sequence[str]) -> tuple[PlannedVisit, ...]:
    """The plan's rows with the visits that fulfil them; `visits` are ISO days of final visits not made by telephone.

    A visit fulfils the nearest unfulfilled row whose window has begun; one visit fulfils one row. An unknown plan is
    the standard one; without a handover there is no plan.
    """
    if not handover_on:
        return ()
    start, offsets = date.fromisoformat(handover_on), plan_days(plan)
    fulfilled = _fulfilled_rows(start, offsets, visits)
    return tuple(
        PlannedVisit(at + 1, (start + timedelta(days)).isoformat(), fulfilled.get(at, ""))
        for at, days in enumerate(offsets)
    )


def next_due(
    handover_on: str,
    plan: str,
    visits: Sequence[str],
    *,
    today: date,
    next_visit_on: str = "",
    status: str = "",
) -> Due:
    """When the next visit is due. `next_visit_on` is the officer's own date of the newest visit: the earlier one wins.

    Rows before the newest fulfilled one were passed over and are not asked for again. `status` is the business's at
    the newest visit (critical, at_risk, watch, healthy) and may bring the visit forward.
    """
    last_visit = max(visits, default="")
    own_on = next_visit_on if next_visit_on > last_visit else ""
    planned_on = next_planned(handover_on, plan, visits)
    wanted = [day for day in (planned_on, own_on, _latest_by_status(last_visit, status)) if day]
    if not wanted:
        return Due("", DueState.NONE, 0, len(visits) + 1)
    on = min(wanted)
    days = (today - date.fromisoformat(on)).days
    return Due(on, _state(days), days, len(visits) + 1, planned_on, own_on)


def planned_for(handover_on: str, plan: str, earlier: Sequence[str], visited_on: str) -> str:
    """The planned day that a visit on this day keeps: the one it fulfils, else the next that is asked for; "" for none.

    `earlier` are the days of the visits before it. Rows that those passed over are never meant.
    """
    before = planned_visits(handover_on, plan, earlier)
    last_kept = max((row.no for row in before if row.fulfilled_by), default=0)
    kept = {row.no for row in before if row.fulfilled_by}
    fulfils = [
        row.on
        for row in planned_visits(handover_on, plan, (*earlier, visited_on))
        if row.fulfilled_by and row.no not in kept and row.no > last_kept
    ]
    return fulfils[0] if fulfils else next_planned(handover_on, plan, earlier)


def next_planned(handover_on: str, plan: str, visits: Sequence[str]) -> str:
    """Day of the first unfulfilled row after the newest fulfilled one; "" when the plan is at its end or unknown."""
    if not handover_on:
        return ""
    start, offsets = date.fromisoformat(handover_on), plan_days(plan)
    following = max(_fulfilled_rows(start, offsets, visits), default=-1) + 1
    return (start + timedelta(offsets[following])).isoformat() if following < len(offsets) else ""


def _fulfilled_rows(start: date, offsets: Sequence[int], visits: Sequence[str]) -> dict[int, str]:
    """Place of each fulfilled row, and the day of the visit that fulfilled it."""
    fulfilled: dict[int, str] = {}
    for visited_on in sorted(visits):
        at = _nearest_open_row(offsets, fulfilled, (date.fromisoformat(visited_on) - start).days)
        if at is not None:
            fulfilled[at] = visited_on
    return fulfilled


def _nearest_open_row(offsets: Sequence[int], fulfilled: Collection[int], visited_after: int) -> int | None:
    """Place of the row that a visit so many days after the handover fulfils; of two equally near ones the earlier.

    Only rows whose window has begun count: those up to the visit, nearest last, and the few that begin just after it.
    """
    passed = bisect_right(offsets, visited_after)
    begun = bisect_right(offsets, visited_after + WINDOW_DAYS)
    before = next((at for at in range(passed - 1, -1, -1) if at not in fulfilled), None)
    after = next((at for at in range(passed, begun) if at not in fulfilled), None)
    if before is None or after is None:
        return after if before is None else before
    return after if offsets[after] - visited_after < visited_after - offsets[before] else before


def _latest_by_status(last_visit: str, status: str) -> str:
    if not last_visit or status not in STATUS_DAYS:
        return ""
    return (date.fromisoformat(last_visit) + timedelta(STATUS_DAYS[status])).isoformat()


def _state(days: int) -> DueState:
    """The state for a day that lies `days` back (ahead when negative)."""
    if days > WINDOW_DAYS + LAPSED_DAYS:
        return DueState.LAPSED
    if days > WINDOW_DAYS:
        return DueState.OVERDUE
    if days >= -WINDOW_DAYS:
        return DueState.DUE
    return DueState.DUE_SOON if days >= -SOON_DAYS else DueState.LATER
