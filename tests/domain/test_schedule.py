"""Plans, windows and the next visit by handbook 5.14."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kube_field.domain.schedule import PLANS, next_due, plan_days, planned_for, planned_visits

HANDOVER = "2026-01-01"


def after(days):
    return (date.fromisoformat(HANDOVER) + timedelta(days)).isoformat()


def due(visits, today_after, plan="standar", **context):
    return next_due(
        HANDOVER, plan, [after(day) for day in visits], today=date.fromisoformat(after(today_after)), **context
    )


def fulfilled(visits, plan="standar"):
    rows = planned_visits(HANDOVER, plan, [after(day) for day in visits])
    return {PLANS[plan][row.no - 1]: row.fulfilled_by for row in rows if row.fulfilled_by}


def test_the_plans_are_those_of_the_handbook():
    assert PLANS["standar"] == (14, 30, 60, 90, 120, 150, 180, 240, 300, 365, 455, 545, 635, 730)
    assert PLANS["singkat"] == (14, 30, 60, 90, 180, 270, 365)
    rows = planned_visits(HANDOVER, "singkat", [])
    assert [(row.no, row.on) for row in rows[:2]] == [(1, "2026-01-15"), (2, "2026-01-31")]


@pytest.mark.parametrize(
    ("visits", "rows"),
    [
        ([8], {}),
        ([9], {14: after(9)}),
        ([14], {14: after(14)}),
        ([24], {14: after(24)}),
        ([25], {30: after(25)}),
        ([30, 32], {30: after(30), 14: after(32)}),
        ([30, 60], {30: after(30), 60: after(60)}),
        ([50], {30: after(50)}),
        ([55], {60: after(55)}),
        ([14, 15, 16], {14: after(14)}),
        ([800], {730: after(800)}),
    ],
)
def test_a_visit_fulfils_the_nearest_open_row_whose_window_has_begun(visits, rows):
    assert fulfilled(visits) == rows


@pytest.mark.parametrize(
    ("today_after", "state", "days"),
    [
        (6, "later", -8),
        (7, "due_soon", -7),
        (8, "due_soon", -6),
        (9, "due", -5),
        (14, "due", 0),
        (19, "due", 5),
        (20, "overdue", 6),
        (49, "overdue", 35),
        (50, "lapsed", 36),
    ],
)
def test_the_windows_around_a_planned_day(today_after, state, days):
    found = due([], today_after)
    assert (found.state, found.days, found.on, found.visit_no) == (state, days, after(14), 1)


def test_rows_that_were_passed_over_are_not_asked_for_again():
    found = due([30], 40)
    assert (found.on, found.state, found.visit_no) == (after(60), "later", 2)


def test_the_first_of_several_missed_rows_says_how_late_the_visit_is():
    assert (due([14], 130).on, due([14], 130).state) == (after(30), "lapsed")


def test_the_officers_own_date_wins_when_it_is_earlier():
    found = due([30], 40, next_visit_on=after(42))
    assert (found.on, found.planned_on, found.own_on, found.state) == (after(42), after(60), after(42), "due")


def test_a_later_own_date_is_told_but_does_not_win():
    found = due([30], 40, next_visit_on=after(75))
    assert (found.on, found.planned_on, found.own_on) == (after(60), after(60), after(75))


def test_an_own_date_that_a_visit_already_met_is_forgotten():
    assert due([30], 40, next_visit_on=after(30)).own_on == ""


def test_a_unit_without_handover_has_only_the_officers_own_date():
    today = date(2026, 11, 23)
    assert next_due("", "standar", [], today=today).state == "none"
    found = next_due("", "standar", ["2026-11-01"], today=today, next_visit_on="2026-11-23")
    assert (found.state, found.planned_on, found.visit_no) == ("due", "", 2)


def test_after_the_plan_nothing_is_due():
    assert due(PLANS["singkat"], 400, plan="singkat").state == "none"


@pytest.mark.parametrize(
    ("status", "on"), [("critical", 44), ("at_risk", 60), ("watch", 60), ("healthy", 60), ("", 60)]
)
def test_a_bad_status_brings_the_next_visit_forward(status, on):
    assert due([30], 40, status=status).on == after(on)


def test_a_unit_to_watch_is_seen_within_45_days_when_the_plan_is_later():
    assert due([180], 190, status="watch").on == after(225)
    assert due([180], 190, status="healthy").on == after(240)


@given(st.lists(st.integers(0, 800), max_size=20), st.sampled_from(sorted(PLANS)))
def test_a_visit_fulfils_at_most_one_row_and_a_row_has_one_visit(visits, plan):
    days = [after(day) for day in visits]
    rows = planned_visits(HANDOVER, plan, days)
    used = [row.fulfilled_by for row in rows if row.fulfilled_by]
    assert all(used.count(day) <= days.count(day) for day in used)
    assert all(
        row.fulfilled_by >= (date.fromisoformat(row.on) - timedelta(5)).isoformat() for row in rows if row.fulfilled_by
    )


@given(st.lists(st.integers(0, 800), max_size=12), st.integers(0, 900), st.randoms())
def test_the_order_in_which_visits_are_told_does_not_matter(visits, today_after, shuffler):
    told = list(visits)
    shuffler.shuffle(told)
    assert due(visits, today_after) == due(told, today_after)


@pytest.mark.parametrize(
    ("earlier", "visit", "planned"),
    [
        ([], 14, 14),
        ([], 3, 14),
        ([14], 70, 60),
        ([30], 34, 60),
        ([30, 60, 90, 120, 180, 240], 286, 300),
        ([14, 30, 60], 125, 120),
        ([730], 760, None),
    ],
)
def test_a_visit_keeps_the_row_it_fulfils_or_the_next_one_never_one_that_was_passed_over(earlier, visit, planned):
    found = planned_for(HANDOVER, "standar", [after(day) for day in earlier], after(visit))
    assert found == (after(planned) if planned is not None else "")


def test_without_a_handover_no_visit_was_planned():
    assert planned_for("", "standar", [], after(14)) == ""


@given(
    st.sampled_from([*PLANS, "pembinaan-2"]),
    st.lists(st.integers(-40, 900), max_size=30),
)
def test_the_nearest_row_is_the_one_that_looking_at_all_of_them_finds(plan, visits):
    """The rule word by word: of the open rows whose window has begun the nearest, of two the earlier."""
    offsets, kept = plan_days(plan), {}
    for visit in sorted(visits):
        open_rows = [at for at in range(len(offsets)) if at not in kept and visit >= offsets[at] - 5]
        if open_rows:
            kept[min(open_rows, key=lambda at: (abs(visit - offsets[at]), at))] = visit
    rows = planned_visits(HANDOVER, plan, [after(day) for day in visits])
    assert {row.no - 1: row.fulfilled_by for row in rows if row.fulfilled_by} == {
        at: after(visit) for at, visit in kept.items()
    }
