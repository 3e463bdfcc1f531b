"""How a business stands brings its next visit forward and puts it on top of the work list."""

from __future__ import annotations

from typing import Any

from kube_field.domain.records import Record
from kube_field.usecases.due import due_of
from kube_field.usecases.views import UnitRow
from kube_field.usecases.visits import due_list
from tests.support import make_records
from tests.support.laptop import Laptop

STOPPED: dict[str, Any] = {"business_status": "berhenti", "stop_reason": ["modal_habis"]}


def row_of(laptop: Laptop, unit: Record) -> UnitRow:
    return next(row for row in laptop.store.listings.units() if row.uid == unit.uid)


def test_a_stopped_business_is_visited_again_within_fourteen_days(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    make_records.record_visit(laptop.session, unit.uid, "2026-11-10", **STOPPED)
    row = row_of(laptop, unit)
    assert row.health == "critical"
    assert due_of(row, laptop.session.today()).on == "2026-11-24"


def test_a_visit_that_met_nobody_leaves_the_status_as_it_was(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    make_records.record_visit(laptop.session, unit.uid, "2026-11-10", **STOPPED)
    make_records.record_visit(laptop.session, unit.uid, "2026-11-20", met="tidak_ada_orang")
    assert row_of(laptop, unit).health == "critical"


def test_a_unit_without_visits_has_no_status(laptop: Laptop) -> None:
    assert row_of(laptop, make_records.make_unit(laptop.session)).health == ""


def test_a_critical_business_stands_above_a_longer_overdue_one(laptop: Laptop) -> None:
    late = make_records.make_unit(laptop.session)
    owner = make_records.register_person(laptop.session, 9)
    critical = make_records.make_unit(laptop.session, owner, batch_id=late.answers["batch_id"])
    make_records.record_visit(laptop.session, critical.uid, "2026-11-10", **STOPPED)
    items = due_list(laptop.session)
    assert [item.target_uid for item in items] == [critical.uid, late.uid]
    assert items[0].days < items[1].days
    assert items[0].detail.endswith("· Kritis")


def test_the_newest_scored_visit_decides(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    make_records.record_visit(laptop.session, unit.uid, "2026-11-20")
    make_records.record_visit(laptop.session, unit.uid, "2026-11-10", period_from="2026-10-12", **STOPPED)
    assert row_of(laptop, unit).health not in ("", "critical")
    make_records.record_visit(laptop.session, unit.uid, "2026-11-22", **STOPPED)
    assert row_of(laptop, unit).health == "critical"
