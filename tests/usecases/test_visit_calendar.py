"""The visits of a month, and the officer's area by status."""

from __future__ import annotations

from kube_field.domain.rules.score import Status
from kube_field.usecases.visit_calendar import VisitMark, area_standing, visits_of_month
from tests.support import make_records
from tests.support.laptop import Laptop


def marks(laptop: Laptop, month: str) -> list[tuple[str, VisitMark, int]]:
    return [(one.on, one.mark, one.visit_no) for one in visits_of_month(laptop.session, month=month)]


def test_a_month_shows_what_was_done_and_what_is_planned(laptop: Laptop) -> None:
    laptop.clock.set_day("2026-11-23")
    unit = make_records.make_unit(laptop.session, handover_on="2026-10-20")
    make_records.record_visit(laptop.session, unit.uid, "2026-11-03", next_visit_on="2026-12-30")
    assert marks(laptop, "2026-11") == [("2026-11-03", VisitMark.DONE, 1), ("2026-11-19", VisitMark.DUE, 2)]
    assert marks(laptop, "2026-12") == [("2026-12-19", VisitMark.PLANNED, 3)]
    assert marks(laptop, "2027-01") == [("2027-01-18", VisitMark.PLANNED, 4)]


def test_a_late_visit_stands_on_today_and_rows_that_passed_are_not_asked_for(laptop: Laptop) -> None:
    laptop.clock.set_day("2026-12-23")
    make_records.make_unit(laptop.session, handover_on="2026-10-20")
    (late,) = visits_of_month(laptop.session, month="2026-12")
    assert (late.on, late.planned_on, late.mark) == ("2026-12-23", "2026-11-03", VisitMark.LATE)
    assert marks(laptop, "2026-11") == []
    assert marks(laptop, "2027-01") == [("2027-01-18", VisitMark.PLANNED, 2)]


def test_a_stopped_unit_plans_nothing(laptop: Laptop) -> None:
    laptop.clock.set_day("2026-11-23")
    make_records.make_unit(laptop.session, handover_on="2026-10-20", status="berhenti")
    assert marks(laptop, "2026-11") == []
    assert area_standing(laptop.session) == []


def test_an_area_counts_its_businesses_by_status(laptop: Laptop) -> None:
    laptop.clock.set_day("2026-11-23")
    unit = make_records.make_unit(laptop.session, handover_on="2026-10-20")
    assert area_standing(laptop.session)[0].count(Status.INSUFFICIENT) == 1
    stopped = {"business_status": "berhenti", "stop_reason": ["modal_habis"]}
    make_records.record_visit(laptop.session, unit.uid, "2026-11-20", **stopped)
    (place,) = area_standing(laptop.session)
    assert (place.count(Status.CRITICAL), place.total, place.unwatched) == (1, 1, 0)
    laptop.clock.set_day("2027-03-01")
    assert area_standing(laptop.session)[0].unwatched == 1
