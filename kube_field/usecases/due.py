"""Where the visits of units stand against their schedule (handbook 5.14), as pure functions over rows of a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from gettext import gettext as _

from kube_field.domain.dates import short_date
from kube_field.domain.forms.graduation import GRADUATED
from kube_field.domain.records import Record, RecordKind
from kube_field.domain.schedule import PLANS, Due, next_due, plan_days, planned_for, planned_visits
from kube_field.usecases import views
from kube_field.usecases.graduated import decision_in_effect
from kube_field.usecases.parents import owner_of, record_of
from kube_field.usecases.previous import documents_of
from kube_field.usecases.received_aid import unit_answers
from kube_field.usecases.session import Session

STANDARD_PLAN = "standar"
STOPPED, STANDS_ALONE = "stopped", "graduated"
URGENCY = {"lapsed": 0, "overdue": 0, "due": 1, "due_soon": 2}
RISK = {"critical": 0, "at_risk": 1}
"""These businesses come before all others, however late those are."""
STATE_ON_PAGE = {"lapsed": "lapsed", "overdue": "overdue", "due": "due", "due_soon": "soon"}
PHONE_CALL = "telepon"


def due_of(unit: views.UnitRow, today: date) -> Due:
    """The next visit of a unit, by its plan, how its business stands, and the officer's own date."""
    is_of_plan = not unit.after_care or unit.last_visit_on > unit.decided_on
    own, health = (unit.next_visit_on, unit.health) if is_of_plan else ("", "")
    return next_due(unit.plan_from, unit.plan, unit.visits, today=today, next_visit_on=own, status=health)


def due_items(units: Sequence[views.UnitRow], today: date) -> list[views.WorkItem]:
    """Units that want a visit: critical, at risk, then the longest overdue, due, soon due; by village within a day."""
    found: list[tuple[tuple[int, int, int, str, str], views.WorkItem]] = []
    for unit in units:
        if unit.is_over:
            continue
        due = due_of(unit, today)
        if due.state in URGENCY:
            risk = RISK.get(unit.health, len(RISK))
            order = (risk, URGENCY[due.state], -due.days, unit.village_code, unit.name)
            found.append((order, _work_item(unit, due)))
    return [item for _order, item in sorted(found, key=lambda pair: pair[0])]


def _work_item(unit: views.UnitRow, due: Due) -> views.WorkItem:
    return views.WorkItem(
        state=STATE_ON_PAGE[due.state],
        title=unit.owner_name or unit.name,
        village=unit.village,
        detail=due_detail(due, unit.health, after_care=bool(unit.after_care)),
        target_uid=unit.uid,
        target_kind=RecordKind.BUSINESS_UNIT,
        due_on=due.on,
        days=due.days,
        action="start_visit",
    )


def due_detail(due: Due, health: str = "", *, after_care: bool = False) -> str:
    """Why a unit stands in the list: 'Kunjungan ke-3 lewat 12 hari · Rawan', 'Kunjungan ke-3 jatuh tempo 26 Nov 2026'.

    `health` is the status of the business; only critical and at_risk are said.
    """
    words = _due_words(due)
    if after_care:
        return f"{words} · {_('Pembinaan lanjutan')}"
    told = {"critical": _("Kritis"), "at_risk": _("Rawan")}.get(health)
    return f"{words} · {told}" if told else words


def _due_words(due: Due) -> str:
    number = _("Kunjungan ke-{n}").format(n=due.visit_no)
    if due.days > 0:
        return _("{visit} lewat {n} hari").format(visit=number, n=due.days)
    if due.days == 0:
        return _("{visit} jatuh tempo hari ini").format(visit=number)
    return _("{visit} jatuh tempo {day}").format(visit=number, day=short_date(due.on))


def unit_state(unit: views.UnitRow, items: Mapping[str, views.WorkItem]) -> str:
    """overdue, due, soon, on_plan, stopped or graduated; `items` are the due ones by the unit's uid."""
    if unit.is_over or (unit.after_care and unit.uid not in items):
        return STANDS_ALONE if unit.status == GRADUATED else STOPPED
    state = items[unit.uid].state if unit.uid in items else "on_plan"
    return "overdue" if state == "lapsed" else state


def month_plan(units: Sequence[views.UnitRow], today: date) -> tuple[int, int]:
    """Visits of this month: done, and planned (done ones, and unfulfilled ones planned until the month ends)."""
    month = today.isoformat()[:7]
    done = sum(1 for unit in units for day in unit.visits if day.startswith(month))
    waiting = sum(
        1
        for unit in units
        if not unit.is_over and _plans_in(unit, month)
        for planned in planned_visits(unit.plan_from, unit.plan, unit.visits)
        if not planned.fulfilled_by and planned.on.startswith(month)
    )
    return done, done + waiting


def _plans_in(unit: views.UnitRow, month: str) -> bool:
    """True when a planned day lies in the month: cheaper than matching the visits of every unit."""
    if not unit.plan_from:
        return False
    start = date.fromisoformat(unit.plan_from).toordinal()
    first = date.fromisoformat(f"{month}-01").toordinal()
    return any(first <= start + days < first + 31 for days in plan_days(unit.plan))


def plan_of(session: Session, unit: Record) -> str:
    """Code of the visit plan of a unit: its batch's, else its group's batch's, else the standard one."""
    for one in (unit, owner_of(session, unit)):
        batch = record_of(session, one.answers.get("batch_id")) if one is not None else None
        if batch is not None and batch.answers.get("visit_plan_code") in PLANS:
            return str(batch.answers["visit_plan_code"])
    return STANDARD_PLAN


def course_of(session: Session, unit: Record) -> tuple[str, str]:
    """The day from which a unit's planned visits count ("" without), and the code of its plan."""
    decided = decision_in_effect(session, unit.uid)
    if decided is not None and decided.is_independent:
        return decided.decided_on, decided.plan
    return str(unit_answers(session, unit).get("handover_on") or ""), plan_of(session, unit)


def visit_days(session: Session, unit_uid: str, except_document: str = "") -> tuple[str, ...]:
    """Days of the visits that count (not by telephone, not void), ascending."""
    return tuple(
        fact.occurred_on
        for fact in documents_of(session, unit_uid, RecordKind.VISIT)
        if fact.answers.get("kind") != PHONE_CALL and fact.document_id != except_document
    )


def planned_day(session: Session, unit: Record, visited_on: str, except_document: str = "") -> str:
    """The planned day that a visit on this day keeps, as the plan stood without it; "" when there is none."""
    start, plan = course_of(session, unit)
    earlier = tuple(day for day in visit_days(session, unit.uid, except_document) if day <= visited_on)
    return planned_for(start, plan, earlier, visited_on)


def due_after(session: Session, unit: Record, visited_on: str, except_document: str = "") -> str:
    """The planned day of the visit after the one on this day, "" when the plan is at its end or unknown."""
    start, code = course_of(session, unit)
    if not start:
        return ""
    days = tuple(sorted({*visit_days(session, unit.uid, except_document), visited_on}))
    plan = planned_visits(start, code, days)
    return next((str(one.on) for one in plan if not one.fulfilled_by and str(one.on) > visited_on), "")


def default_next_visit(session: Session, unit: Record, visited_on: date) -> str:
    """The next visit as the form proposes it: by the plan, else 30 days later; "" once after-care is over."""
    planned = due_after(session, unit, visited_on.isoformat())
    if planned or unit_answers(session, unit).get("status") == GRADUATED:
        return planned
    return (visited_on + timedelta(days=30)).isoformat()
