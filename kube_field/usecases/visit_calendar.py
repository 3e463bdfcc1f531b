"""The visits of a month, made and planned, and how the businesses of the officer's area stand (handbook 5.14, 7.1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kube_field.domain.rules.score import Status
from kube_field.domain.schedule import DueState, planned_visits
from kube_field.domain.views import STOPPED_STATUSES
from kube_field.usecases import views
from kube_field.usecases.due import due_of
from kube_field.usecases.session import Session


class VisitMark(StrEnum):
    """How a visit stands in the calendar."""

    LATE = "late"
    DUE = "due"
    PLANNED = "planned"
    DONE = "done"


MARK_OF_STATE = {
    DueState.LAPSED: VisitMark.LATE,
    DueState.OVERDUE: VisitMark.LATE,
    DueState.DUE: VisitMark.DUE,
    DueState.DUE_SOON: VisitMark.DUE,
    DueState.LATER: VisitMark.PLANNED,
}


@dataclass(frozen=True, slots=True)
class CalendarVisit:
    """One visit on its day: made, or the next and later ones by the schedule; a late one stands on today.

    `planned_on` is the day of the schedule.
    """

    on: str
    planned_on: str
    mark: VisitMark
    visit_no: int
    unit_uid: str
    title: str
    village: str


@dataclass(frozen=True, slots=True)
class VillageStanding:
    """How many businesses of a village stand how; stopped and graduated ones are left out."""

    village: str
    kecamatan: str
    counts: tuple[tuple[Status, int], ...]
    unwatched: int = 0

    def count(self, status: Status) -> int:
        """Businesses with this status."""
        return dict(self.counts).get(status, 0)

    @property
    def total(self) -> int:
        """All of them."""
        return sum(number for _status, number in self.counts)


def visits_of_month(session: Session, *, month: str) -> list[CalendarVisit]:
    """Visits of a month (YYYY-MM) by day, then the most pressing first, then village and name."""
    units, today = session.store.listings.units(), session.today()
    found = [one for unit in units for one in _visits_of(unit, today, month) if one.on.startswith(month)]
    return sorted(found, key=lambda one: (one.on, tuple(VisitMark).index(one.mark), one.village, one.title))


def _visits_of(unit: views.UnitRow, today: date, month: str) -> Iterator[CalendarVisit]:
    """Those of a unit that may lie in the month: what is planned later than today lies in no month of before."""

    def one(on: str, mark: VisitMark, visit_no: int) -> CalendarVisit:
        shown_on = today.isoformat() if mark == VisitMark.LATE else on
        return CalendarVisit(shown_on, on, mark, visit_no, unit.uid, unit.owner_name or unit.name, unit.village)

    for at, day in enumerate(unit.visits):
        if day.startswith(month):
            yield one(day, VisitMark.DONE, at + 1)
    if unit.is_over:
        return
    due = due_of(unit, today)
    if due.state == DueState.NONE:
        return
    yield one(due.on, MARK_OF_STATE[due.state], due.visit_no)
    if month < today.isoformat()[: len(month)]:
        return
    later = (
        row.on
        for row in planned_visits(unit.plan_from, unit.plan, unit.visits)
        if not row.fulfilled_by and row.on > max(due.on, due.planned_on, today.isoformat())
    )
    for at, day in enumerate(later):
        yield one(day, VisitMark.PLANNED, due.visit_no + at + 1)


def area_standing(session: Session) -> list[VillageStanding]:
    """Villages with running businesses and how these stand, by kecamatan and village."""
    today = session.today()
    places: dict[tuple[str, str], list[views.UnitRow]] = {}
    for unit in session.store.listings.units():
        if unit.status not in STOPPED_STATUSES:
            places.setdefault((unit.kecamatan, unit.village), []).append(unit)
    return [_standing(place, units, today) for place, units in sorted(places.items())]


def _standing(place: tuple[str, str], units: Sequence[views.UnitRow], today: date) -> VillageStanding:
    counts = Counter(Status(unit.health) if unit.health else Status.INSUFFICIENT for unit in units)
    return VillageStanding(
        village=place[1],
        kecamatan=place[0],
        counts=tuple((status, counts[status]) for status in Status if counts[status]),
        unwatched=sum(due_of(unit, today).state == DueState.LAPSED for unit in units),
    )
