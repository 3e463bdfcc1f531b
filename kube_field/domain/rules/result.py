"""What a visit comes to: figures, score, warnings and final status, from its answers and what lies behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from kube_field.domain.forms.answered import day, rows, text, whole
from kube_field.domain.records import Answers
from kube_field.domain.rules.flags import Flag, final_status, flags_of
from kube_field.domain.rules.graduation import Candidate, Proposal, proposal_of
from kube_field.domain.rules.reading import is_scored, situation, visit_figures
from kube_field.domain.rules.score import TOP_LEVEL, Indicator, Score, Status, VisitFigures
from kube_field.domain.rules.stage import Stage

LOWEST = 2


@dataclass(frozen=True, slots=True)
class EarlierVisit:
    """A scored visit of before: its day (ISO), what it came to, and the final status as it was told then."""

    visited_on: str
    figures: VisitFigures
    score: Score
    final: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """What a visit is judged against. `earlier` are the scored visits before it, the oldest first.

    `poverty_line_idr` is the line on the day of the visit; `handover_on` None: no BAST yet.
    """

    capital_base_idr: int | None = None
    poverty_line_idr: int | None = None
    handover_on: date | None = None
    earlier: tuple[EarlierVisit, ...] = ()
    newest: list[tuple[Answers, VisitScore | None]] = field(default_factory=list, compare=False, repr=False)
    """The last answers that were judged, the very object: a form asks for their result for many of its questions."""


@dataclass(frozen=True, slots=True)
class VisitScore:
    """What a visit comes to. `poverty_line_idr` and `handover_on` ("" without BAST) are what it was reckoned with."""

    figures: VisitFigures
    score: Score
    flags: tuple[Flag, ...]
    poverty_line_idr: int | None
    handover_on: str

    @property
    def final(self) -> Status:
        """The worse of the score's status and the floors of all flags."""
        return final_status(self.score.status, self.flags)

    @property
    def lowest(self) -> tuple[Indicator, ...]:
        """The two answered indicators with the lowest levels below the top, the heavier one first among equals."""
        return lowest_of(self.score.indicators)


def lowest_of(indicators: Sequence[Indicator]) -> tuple[Indicator, ...]:
    """The two answered indicators with the lowest levels below the top, the heavier one first among equals."""
    found = [one for one in indicators if one.level is not None and one.level < TOP_LEVEL]
    return tuple(sorted(found, key=lambda one: (one.level or 0, -one.weight))[:LOWEST])


def judged(answers: Answers, behind: Background) -> VisitScore | None:
    """The result of a visit; None when nobody was met. Answers are not changed between two questions about them."""
    if not behind.newest or behind.newest[0][0] is not answers:
        behind.newest[:] = [(answers, _judged(answers, behind))]
    return behind.newest[0][1]


def _judged(answers: Answers, behind: Background) -> VisitScore | None:
    if not is_scored(answers):
        return None
    before = [one.figures for one in behind.earlier]
    figures = visit_figures(
        answers,
        capital_base_idr=behind.capital_base_idr,
        poverty_line_idr=behind.poverty_line_idr,
        earlier=before,
    )
    now = situation(answers, figures, earlier=before, handover_on=behind.handover_on)
    handover = behind.handover_on.isoformat() if behind.handover_on else ""
    return VisitScore(figures, now.score, flags_of(now), behind.poverty_line_idr, handover)


def graduation_of(
    answers: Answers, found: VisitScore, behind: Background, stage: Stage, days_since_handover: int | None = None
) -> Proposal:
    """How far the unit of a visit is from graduation (handbook 7.4), this visit the newest of its scored ones.

    `days_since_handover` are those of a later day than the visit's.
    """
    visited_on = day(answers, "visited_on")
    if days_since_handover is None and visited_on is not None and behind.handover_on is not None:
        days_since_handover = (visited_on - behind.handover_on).days
    constraints = [whole(row, "severity") for _at, row in rows(answers, "constraints")]
    return proposal_of(
        Candidate(
            owner_kind=text(answers, "owner_kind"),
            days_since_handover=days_since_handover,
            visits=(*(one.figures for one in behind.earlier), found.figures),
            scores=(*(one.score for one in behind.earlier), found.score),
            finals=(*(one.final for one in behind.earlier), found.final),
            flags=found.flags,
            severities=[one for one in constraints if one is not None],
            stage=stage,
        )
    )
