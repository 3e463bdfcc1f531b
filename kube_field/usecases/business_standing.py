"""How a business stands by its newest scored visits, and which businesses want follow-up (handbook 7.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from gettext import gettext as _

from kube_field.domain.dates import short_date
from kube_field.domain.records import Fact
from kube_field.domain.rules.flags import ORDER
from kube_field.domain.rules.result import VisitScore, lowest_of
from kube_field.domain.rules.score import Indicator, Score, Status, status_words
from kube_field.domain.schedule import DueState
from kube_field.usecases import views
from kube_field.usecases.due import due_of
from kube_field.usecases.scoring import score_and_background
from kube_field.usecases.session import Session

COMPARED = 2
MOST_FOLLOWED = 500
"""So many units the list "Perlu ditindaklanjuti" shows at most."""
UNWATCHED_BADGE = "unwatched"
UNWATCHED = 2
"""Where a unit that nobody watches stands among critical (0), at risk (1) and watch (3)."""
PLACES = {Status.CRITICAL: 0, Status.AT_RISK: 1, Status.WATCH: 3}


@dataclass(frozen=True, slots=True)
class BusinessStanding:
    """The newest scored visit of a unit. `total` is None where the data were not enough.

    `before` is the total of the scored visit before it; `lowest` holds codes of the two lowest indicators, `warnings`
    what the flags said.
    """

    status: Status
    total: int | None
    visited_on: str
    before: int | None = None
    lowest: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A unit in the list "Perlu ditindaklanjuti"; `unwatched` when its visit lapsed: its status is of before."""

    unit: views.UnitRow
    standing: BusinessStanding | None
    unwatched: bool
    due_on: str


def standing_of(session: Session, unit_uid: str) -> BusinessStanding | None:
    """How a unit stood at its newest scored visit; None while there is none.

    A result that was frozen counts as it was told; a visit of before is scored by what is known today.
    """
    newest = session.store.listings.scored_visits(unit_uid, COMPARED)
    if not newest:
        return None
    told = [one for fact in newest if (one := _frozen(fact)) is not None]
    if len(told) < len(newest):
        return _reckoned(session, newest)
    return replace(told[0], before=told[1].total) if len(told) > 1 else told[0]


def _reckoned(session: Session, newest: Sequence[Fact]) -> BusinessStanding | None:
    """As `standing_of` where a visit of before is among the newest two: all behind it is judged once."""
    found, behind = score_and_background(session, newest[0])
    standing = _frozen(newest[0]) or (_standing(newest[0], found) if found is not None else None)
    if standing is None or len(newest) == 1:
        return standing
    told = _frozen(newest[1])
    earlier = next((one for one in reversed(behind) if one.visited_on == newest[1].occurred_on), None)
    total = told.total if told is not None else _total_of(earlier.score) if earlier is not None else None
    return replace(standing, before=total)


def _standing(fact: Fact, found: VisitScore) -> BusinessStanding:
    return BusinessStanding(
        found.final,
        _total_of(found.score),
        fact.occurred_on,
        lowest=tuple(one.code for one in found.lowest),
        warnings=tuple(flag.sentence for flag in found.flags),
    )


def _total_of(score: Score) -> int | None:
    return score.total if score.status != Status.INSUFFICIENT else None


def _frozen(fact: Fact) -> BusinessStanding | None:
    """As the visit froze it; None for a visit of before."""
    score = fact.snapshot.get("score")
    if not isinstance(score, dict):
        return None
    lines = [Indicator(one["code"], one["weight"], one["level"], "") for one in score.get("indicators") or ()]
    enough = score.get("status") != Status.INSUFFICIENT
    return BusinessStanding(
        Status(score["final_status"]),
        score.get("total") if enough else None,
        fact.occurred_on,
        lowest=tuple(one.code for one in lowest_of(lines)),
        warnings=tuple(str(flag["sentence"]) for flag in score.get("flags") or ()),
    )


def follow_ups(session: Session) -> list[FollowUp]:
    """Units that want follow-up: critical, at risk, not watched, then watch; the lowest score first among equals.

    Of very many only the most pressing: each one's standing is read from its visits.
    """
    pressing = sorted(_candidates(session), key=lambda pair: pair[0])[:MOST_FOLLOWED]
    told = (replace(one, standing=standing_of(session, one.unit.uid)) for _order, one in pressing)
    found = sorted(told, key=_place)
    return [one for one in found if one.unwatched or (one.standing is not None and one.standing.status in PLACES)]


def _candidates(session: Session) -> Iterator[tuple[tuple[int, int, str], FollowUp]]:
    """Units that may want follow-up, with the order that the list of units alone gives."""
    for unit in session.store.listings.units():
        if unit.is_over:
            continue
        due = due_of(unit, session.today())
        unwatched = due.state == DueState.LAPSED
        if unwatched or unit.health in PLACES or (not unit.health and unit.visits):
            own = PLACES.get(Status(unit.health), len(PLACES) + 1) if unit.health else len(PLACES)
            order = (min(own, UNWATCHED) if unwatched else own, -due.days, unit.uid)
            yield order, FollowUp(unit, None, unwatched, due.on)


def _place(one: FollowUp) -> tuple[int, int, str]:
    status = one.standing.status if one.standing is not None else Status.INSUFFICIENT
    own = PLACES.get(status, len(PLACES) + 1)
    place = min(own, UNWATCHED) if one.unwatched else own
    total = one.standing.total if one.standing is not None and one.standing.total is not None else 101
    return place, total, one.unit.name


def counted_statuses(units: Sequence[views.UnitRow]) -> tuple[tuple[str, int], ...]:
    """How many units stand how, the best first; units that nobody scored yet are not told."""
    known = [unit.health for unit in units if not unit.is_over and unit.health]
    return tuple((str(status), known.count(status)) for status in (*ORDER, Status.INSUFFICIENT) if status in known)


def standing_badges(session: Session, units: Sequence[views.UnitRow]) -> tuple[tuple[str, str], ...]:
    """The status of every scored business as a badge of a profile: `Rawan 53 · 17 Jun 2026`, grey when it is old."""
    told = ((unit, standing_of(session, unit.uid)) for unit in units if not unit.is_over)
    return tuple(_badge(session, unit, standing) for unit, standing in told if standing is not None)


def _badge(session: Session, unit: views.UnitRow, standing: BusinessStanding) -> tuple[str, str]:
    parts = (status_words(standing.status), "" if standing.total is None else str(standing.total))
    words = " ".join(part for part in parts if part)
    day = short_date(standing.visited_on)
    if due_of(unit, session.today()).state == DueState.LAPSED:
        told = _("Tidak terpantau sejak {day} · {words}")
        return told.format(day=day, words=words), UNWATCHED_BADGE
    return _("{words} · {day}").format(words=words, day=day), str(standing.status)
