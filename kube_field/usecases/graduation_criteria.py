"""How far a unit is from graduation on a day, by the visits and the handover that this laptop knows (handbook 7.4)."""

from __future__ import annotations

from datetime import date
from typing import Any

from kube_field.domain.forms.answered import day, text
from kube_field.domain.forms.visit_stage import stage_answers
from kube_field.domain.records import Record, RecordKind
from kube_field.domain.rules import RULES_VERSION
from kube_field.domain.rules.graduation import Candidate, Proposal, proposal_of
from kube_field.domain.rules.reading import is_scored
from kube_field.domain.rules.result import graduation_of, judged
from kube_field.domain.rules.stage import stage_of
from kube_field.usecases.previous import documents_of
from kube_field.usecases.received_aid import unit_answers
from kube_field.usecases.session import Session
from kube_field.usecases.visit_background import background_of, last_stage


def criteria_of(session: Session, unit: Record, on: date) -> Proposal:
    """The criteria as they stand on a day, the newest scored visit counting as the last one."""
    received = unit_answers(session, unit)
    visits = [
        fact
        for fact in documents_of(session, unit.uid, RecordKind.VISIT)
        if is_scored(fact.answers) and fact.occurred_on <= on.isoformat()
    ]
    handover = day(received, "handover_on")
    since = (on - handover).days if handover is not None else None
    if not visits:
        return proposal_of(Candidate(owner_kind=text(received, "owner_kind"), days_since_handover=since))
    newest = visits[-1].answers
    behind = background_of(session, received, visits[:-1], day(newest, "visited_on"))
    found = judged(newest, behind)
    if found is None:  # a visit that met somebody always comes to something
        return proposal_of(Candidate(owner_kind=text(received, "owner_kind"), days_since_handover=since))
    stage = stage_of(stage_answers(last_stage(visits)["answers"])).stage
    return graduation_of(newest, found, behind, stage, since)


def criteria_snapshot(proposal: Proposal) -> dict[str, Any]:
    """The criteria as a decision freezes them: rules version, verdicts, and their sum in words."""
    return {
        "rules_version": RULES_VERSION,
        "words": proposal.words,
        "criteria": [{"code": one.code, "met": one.is_met, "words": one.words} for one in proposal.criteria],
    }
