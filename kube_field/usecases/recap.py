"""The monthly recap of a kabupaten from what lies on this laptop (handbook 9.5)."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kube_field.domain.forms.answered import rows, text
from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.review import ACCEPTED, VOID
from kube_field.domain.recap import Activity, Economy, FollowUp, Recap, ScoredUnit, Standing, Standings, total
from kube_field.domain.records import Fact, RecordKind
from kube_field.domain.rules.result import EarlierVisit
from kube_field.domain.rules.score import Status
from kube_field.domain.schedule import DueState, next_due, planned_visits
from kube_field.usecases import views
from kube_field.usecases.due import PHONE_CALL, plan_of
from kube_field.usecases.parents import reference_uid
from kube_field.usecases.previous import documents_of
from kube_field.usecases.received_aid import standing_minutes, unit_answers
from kube_field.usecases.referral_standing import statuses_of
from kube_field.usecases.session import Session
from kube_field.usecases.visit_background import background_of

PRESENT = "hadir"
SENT, FINISHED = "dikirim", "selesai"
ENDED = {"lulus": Standing.GRADUATED, "berhenti": Standing.STOPPED}
PRESSING = (Status.CRITICAL, Status.AT_RISK)


@dataclass(frozen=True, slots=True)
class _Frame:
    """What is counted: a kabupaten, a month, and which documents."""

    session: Session
    kabupaten: str
    month: str
    only_accepted: bool

    @property
    def last_day(self) -> str:
        year, month = int(self.month[:4]), int(self.month[5:])
        return f"{self.month}-{monthrange(year, month)[1]:02d}"

    def counts(self, fact: Fact) -> bool:
        """True for a document of the wanted basis; a void one never counts."""
        review = self.session.store.listings.standing(fact.uid).review
        return review == ACCEPTED if self.only_accepted else review != VOID

    def documents(self, kind: RecordKind) -> list[Fact]:
        """Documents of the month in the kabupaten: the newest revision of each."""
        found = self.session.store.facts.of_month(kind, self.month, self.kabupaten)
        return [fact for fact in found if self.counts(fact)]


@dataclass(frozen=True, slots=True)
class _UnitMonth:
    """One business in the month."""

    kecamatan: str
    activity: Activity
    standing: Standing
    scored: ScoredUnit | None
    follow_up: FollowUp | None


def monthly_recap(session: Session, *, kabupaten: str, month: str, only_accepted: bool) -> Recap:
    """The recap of a month (YYYY-MM) of a kabupaten by its code.

    Documents count up to the month's last day, a graduation from its day on; a business that the officer himself
    called stopped counts as stopped for past months too.
    """
    frame = _Frame(session, kabupaten, month, only_accepted)
    units = [found for unit in session.store.listings.units() if (found := _unit_month(frame, unit)) is not None]
    done: dict[str, list[Activity]] = defaultdict(list)
    for unit in units:
        done[unit.kecamatan].append(unit.activity)
    for kecamatan, activity in (*_assessments(frame), *_referrals(frame), *_trainings(frame)):
        done[kecamatan].append(activity)
    place = session.reference.regions.kabupaten(kabupaten)
    return Recap(
        kabupaten=place.name if place is not None else kabupaten,
        month=month,
        only_accepted=only_accepted,
        as_of=session.instant(),
        activities=tuple((name, total(Activity, done[name])) for name in sorted(done)),
        standings=tuple(
            (name, Standings.of(unit.standing for unit in units if unit.kecamatan == name))
            for name in sorted({unit.kecamatan for unit in units})
        ),
        economy=Economy.of([unit.scored for unit in units if unit.scored is not None]),
        follow_ups=tuple(
            sorted(
                (unit.follow_up for unit in units if unit.follow_up is not None),
                key=lambda one: (PRESSING.index(one.status), one.village, one.unit),
            )
        ),
    )


def _unit_month(frame: _Frame, unit: views.UnitRow) -> _UnitMonth | None:
    """One business; None outside the kabupaten, or where its aid was handed over later."""
    if not unit.village_code.startswith(f"{frame.kabupaten}.") or unit.handover_on > frame.last_day:
        return None
    record = frame.session.store.records.get(unit.uid)
    if record is None:
        return None
    if unit.decided_on > frame.last_day:  # it was still assisted then
        unit = replace(unit, status="", after_care="", plan=plan_of(frame.session, record))
    visits = [
        fact
        for fact in documents_of(frame.session, unit.uid, RecordKind.VISIT)
        if fact.occurred_on <= frame.last_day and frame.counts(fact)
    ]
    answers = unit_answers(frame.session, record)
    scored = background_of(frame.session, answers, visits, None).earlier
    standing = _standing(frame, unit, visits, scored)
    return _UnitMonth(
        kecamatan=unit.kecamatan,
        activity=_unit_activity(frame, unit, visits, active=standing not in ENDED.values()),
        standing=standing,
        scored=_scored_in_month(frame, scored),
        follow_up=_follow_up(unit, visits, scored) if standing not in ENDED.values() else None,
    )


def _days_of(visits: Sequence[Fact]) -> tuple[str, ...]:
    return tuple(fact.occurred_on for fact in visits if fact.answers.get("kind") != PHONE_CALL)


def _standing(frame: _Frame, unit: views.UnitRow, visits: Sequence[Fact], scored: Sequence[EarlierVisit]) -> Standing:
    if unit.status in ENDED:
        return ENDED[unit.status]
    status = scored[-1].final if scored else Status.INSUFFICIENT
    due = next_due(
        unit.handover_on,
        unit.plan,
        _days_of(visits),
        today=date.fromisoformat(frame.last_day),
        next_visit_on=text(visits[-1].answers, "next_visit_on") if visits else "",
        status=str(status),
    )
    return Standing.UNWATCHED if due.state == DueState.LAPSED else Standing(str(status))


def _unit_activity(frame: _Frame, unit: views.UnitRow, visits: Sequence[Fact], *, active: bool) -> Activity:
    plan = [
        row
        for row in planned_visits(unit.handover_on, unit.plan, _days_of(visits))
        if row.on.startswith(frame.month) and active
    ]
    sexes = list(_sexes(frame, unit)) if active else []
    minutes = [
        one
        for one in standing_minutes(frame.session, unit.uid)
        if one.handover_on.startswith(frame.month) and (one.is_accepted or not frame.only_accepted)
    ]
    return Activity(
        groups=int(active and unit.owner_kind == "group"),
        singles=int(active and unit.owner_kind != "group"),
        male=sexes.count("L"),
        female=sexes.count("P"),
        minutes=len(minutes),
        minutes_idr=sum(one.total_idr for one in minutes),
        planned=len(plan),
        done=sum(bool(row.fulfilled_by) for row in plan),
    )


def _sexes(frame: _Frame, unit: views.UnitRow) -> Iterator[str]:
    """Members on the month's last day, or the one owner."""
    if unit.owner_kind != "group":
        owner = frame.session.store.records.get(unit.owner_uid)
        if owner is not None:
            yield text(owner.answers, "sex")
        return
    for row in frame.session.store.listings.members(unit.owner_uid):
        if row.joined_on <= frame.last_day and (not row.left_on or row.left_on > frame.last_day):
            yield row.sex


def _scored_in_month(frame: _Frame, scored: Sequence[EarlierVisit]) -> ScoredUnit | None:
    """The newest scored visit of the month."""
    newest = next((one for one in reversed(scored) if one.visited_on.startswith(frame.month)), None)
    if newest is None:
        return None
    figures = newest.figures
    return ScoredUnit(
        revenue=figures.per_month(figures.revenue_idr),
        profit=figures.per_month(figures.profit_idr),
        income_ratio=figures.income_ratio,
        bookkeeping=figures.bookkeeping_level,
    )


def _follow_up(unit: views.UnitRow, visits: Sequence[Fact], scored: Sequence[EarlierVisit]) -> FollowUp | None:
    if not scored or scored[-1].final not in PRESSING:
        return None
    newest = next(fact for fact in reversed(visits) if fact.occurred_on == scored[-1].visited_on)
    frozen = newest.snapshot.get("score") or {}
    asked = form(newest.kind, newest.form_version).question("support_needed")
    columns = {column.code: column for column in asked.columns}
    action = next((row for _at, row in rows(visits[-1].answers, "support_needed")), {})
    return FollowUp(
        unit=unit.owner_name or unit.name,
        village=unit.village,
        status=scored[-1].final,
        flags=tuple(str(flag["sentence"]) for flag in frozen.get("flags", ())),
        action=text(action, "what") or columns["kind"].choice_label(action.get("kind")) if action else "",
        who=columns["who"].choice_label(action.get("who")) if action else "",
    )


def _assessments(frame: _Frame) -> Iterator[tuple[str, Activity]]:
    for fact in frame.documents(RecordKind.ASSESSMENT):
        yield _kecamatan(frame, fact.scope), Activity(assessments=1)


def _referrals(frame: _Frame) -> Iterator[tuple[str, Activity]]:
    """Referrals sent, and finished, in the month, whenever they were written; restricted ones count like others."""
    newest = {fact.document_id: fact for fact in frame.session.store.facts.of_kind(RecordKind.REFERRAL)}
    for fact in newest.values():
        if not fact.scope.startswith(frame.kabupaten) or not frame.counts(fact):
            continue
        told = [
            text(one.answers, "status")
            for one in statuses_of(frame.session, fact)
            if one.occurred_on.startswith(frame.month)
        ]
        if SENT in told or FINISHED in told:
            sent, done = int(SENT in told), int(FINISHED in told)
            yield _kecamatan(frame, fact.scope), Activity(referrals_sent=sent, referrals_done=done)


def _trainings(frame: _Frame) -> Iterator[tuple[str, Activity]]:
    """Trainings with a list of the month, and the people who were present in one of their sessions."""
    present: dict[str, set[str]] = defaultdict(set)
    scopes: dict[str, str] = {}
    for fact in frame.documents(RecordKind.ATTENDANCE):
        scopes[fact.subject_uid] = fact.scope
        if fact.answers.get("status") == PRESENT:
            present[fact.subject_uid].add(reference_uid(fact.answers.get("person_id")) or fact.document_id)
    for event, scope in scopes.items():
        yield _kecamatan(frame, scope), Activity(trainings=1, participants=len(present[event]))


def _kecamatan(frame: _Frame, scope: str) -> str:
    place = frame.session.reference.regions.kecamatan(scope)
    return place.name if place is not None else scope
