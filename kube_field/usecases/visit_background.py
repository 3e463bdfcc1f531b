"""What a visit is judged against on this laptop: earlier visits, capital, poverty line, and its group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from kube_field.domain.forms.answered import day, fact, text, whole
from kube_field.domain.forms.declaration import Context
from kube_field.domain.forms.visit_result import graduation_proposal
from kube_field.domain.forms.visit_stage import stage_found
from kube_field.domain.records import PROVINCE_SCOPE, Answers, Fact, Record, RecordKind
from kube_field.domain.rules.result import Background, EarlierVisit, judged
from kube_field.domain.rules.score import Status
from kube_field.domain.rules.stage import CODES, GroupData, stage_name
from kube_field.usecases import views
from kube_field.usecases.parents import record_of, reference_uid, village_of
from kube_field.usecases.received_aid import standing_minutes
from kube_field.usecases.referral_standing import has_partner
from kube_field.usecases.session import Session

OFFICES = frozenset({"ketua", "sekretaris", "bendahara"})
PRESENT = "hadir"


def background_of(session: Session, unit: Answers, earlier: Iterable[Fact], visited_on: date | None) -> Background:
    """What a visit of this unit on this day is judged against; `earlier` are the visits before it, oldest first."""
    village = village_of(session, unit) if unit else ""
    capital, handover = whole(unit, "working_capital_base_idr"), day(unit, "handover_on")
    before: tuple[EarlierVisit, ...] = ()
    for visit in earlier:
        line = poverty_line(session, village, day(visit.answers, "visited_on"))
        behind = Background(capital_base_idr=capital, poverty_line_idr=line, handover_on=handover, earlier=before)
        found = judged(visit.answers, behind)
        if found is not None:
            final = frozen_status(visit) or found.final
            before = (*before, EarlierVisit(visit.occurred_on, found.figures, found.score, final))
    return Background(
        capital_base_idr=capital,
        poverty_line_idr=poverty_line(session, village, visited_on),
        handover_on=handover,
        earlier=before,
    )


def frozen_status(visit: Fact) -> Status | None:
    """The final status that a visit froze; None for one of before, or one that met nobody."""
    score = visit.snapshot.get("score")
    told = score.get("final_status") if isinstance(score, dict) else None
    return Status(told) if told in set(Status) else None


def poverty_line(session: Session, village: str, on: date | None) -> int | None:
    """The poverty line of the village's kabupaten on a day, today where none is told; rupiah per head and month."""
    kabupaten = session.reference.regions.kabupaten(village) if village else None
    scope = kabupaten.code if kabupaten is not None else PROVINCE_SCOPE
    line = session.reference.poverty.at(scope, on or session.today())
    return line.amount_idr if line is not None else None


def last_stage(earlier: Sequence[Fact]) -> dict[str, Any]:
    """The newest of these visits that judged the stage of the KUBE: {"judged_on", "answers"}; "" and {} for none."""
    for visit in reversed(earlier):
        if visit.answers.get("assess_stage") is True:
            told = {code: visit.answers[code] for code in CODES if code in visit.answers}
            return {"judged_on": visit.occurred_on, "answers": told}
    return {"judged_on": "", "answers": {}}


def group_data(session: Session, unit: Record) -> GroupData | None:
    """What the data say of the group that owns a unit, without its visits; None for a person's unit."""
    group = record_of(session, unit.answers.get("group_id"))
    if group is None:
        return None
    members = [row for row in session.store.listings.members(group.uid) if not row.left_on]
    return GroupData(
        has_pendamping=bool(reference_uid(group.answers.get("assigned_staff_id"))),
        trained=any(_was_trained(session, row.person_uid) for row in members),
        officers_filled={row.role for row in members} >= OFFICES,
        has_accepted_bast=_has_accepted_minutes(session, unit),
        has_partner_referral=has_partner(session, unit.uid),
        has_signboard=group.answers.get("has_signboard") is True,
    )


def _has_accepted_minutes(session: Session, unit: Record) -> bool:
    """By the minutes that stand, else by what the unit itself says (README 14)."""
    minutes = standing_minutes(session, unit.uid)
    return any(one.is_accepted for one in minutes) if minutes else bool(unit.answers.get("handover_on"))


def _was_trained(session: Session, person_uid: str) -> bool:
    """True when somebody was present at a training; the list knows attendance by its person."""
    wanted = views.DocumentFilter(kind=RecordKind.ATTENDANCE, subject_uid=person_uid, drafts=False)
    rows = session.store.listings.documents(wanted)
    listed = (session.store.facts.get(row.uid) for row in rows)
    return any(one is not None and one.answers.get("status") == PRESENT for one in listed)


def judgement_snapshot(kept: Answers, context: Context) -> dict[str, Any]:
    """What a visit freezes besides its score: the stage of the KUBE and the criteria of graduation, in words."""
    told: dict[str, Any] = {}
    found = stage_found(kept, context)
    if found is not None:
        judged_on = text(kept, "visited_on") if kept.get("assess_stage") is True else ""
        told["stage"] = stage_name(found.stage)
        told["stage_judged_on"] = judged_on or text(fact(context, "stage_judged"), "judged_on")
        told["stage_open"] = list(found.open)
    if (proposal := graduation_proposal(kept, context)) is not None:
        told["graduation"] = {
            "words": proposal.words,
            "criteria": [{"code": one.code, "met": one.is_met, "words": one.words} for one in proposal.criteria],
        }
    return told
