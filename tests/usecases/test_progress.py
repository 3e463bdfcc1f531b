"""How a business went from visit to visit."""

from __future__ import annotations

from kube_field.domain.rules.score import Status
from kube_field.usecases.progress import unit_progress
from tests.support import make_records
from tests.support.laptop import Laptop


def test_a_unit_without_visits_has_no_progress(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    assert unit_progress(laptop.session, unit_uid=unit.uid) == ()


def test_every_visit_is_a_point_with_its_figures_brought_to_thirty_days(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    costs = dict.fromkeys(("cost_labor_idr", "cost_transport_idr", "cost_rent_utilities_idr", "cost_other_idr"), 0)
    make_records.record_visit(
        laptop.session,
        unit.uid,
        "2026-10-20",
        period_from="2026-08-22",  # sixty days
        revenue_idr=6_000_000,
        cost_material_idr=4_500_001,
        **costs,
    )
    second = make_records.record_visit(
        laptop.session, unit.uid, "2026-11-20", revenue_idr=1_000_000, cost_material_idr=1_500_000, **costs
    )
    points = unit_progress(laptop.session, unit_uid=unit.uid)
    assert [point.visited_on for point in points] == ["2026-10-20", "2026-11-20"]
    assert [point.visit_no for point in points] == [1, 2]
    assert (points[0].revenue_idr, points[0].profit_idr) == (3_000_000, 750_000)  # 749.999,5 half up
    assert points[1].profit_idr is not None
    assert points[1].profit_idr < 0
    assert points[1].score == second.snapshot["score"]["total"]
    assert points[1].status == Status(second.snapshot["score"]["final_status"])
    assert all(point.income_percent is not None and point.income_percent > 0 for point in points)


def test_a_visit_that_met_nobody_is_no_point(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    make_records.record_visit(laptop.session, unit.uid, "2026-10-20")
    make_records.record_visit(laptop.session, unit.uid, "2026-11-20", met="tidak_ada_orang")
    assert [point.visited_on for point in unit_progress(laptop.session, unit_uid=unit.uid)] == ["2026-10-20"]


def test_a_frozen_result_stays_when_the_unit_is_edited_since(laptop: Laptop) -> None:
    unit = make_records.make_unit(laptop.session)
    make_records.record_visit(laptop.session, unit.uid, "2026-10-20")
    before = unit_progress(laptop.session, unit_uid=unit.uid)
    answers = {**unit.answers, "working_capital_base_idr": 900_000_000}
    make_records.commit_answers(laptop.session, unit.kind, answers, record_uid=unit.uid)
    after = unit_progress(laptop.session, unit_uid=unit.uid)
    assert (after[0].score, after[0].status) == (before[0].score, before[0].status)
