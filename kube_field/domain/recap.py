"""The monthly recap of a kabupaten: counts, medians and follow-ups from what each business and kecamatan did (9.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from fractions import Fraction
from statistics import median
from typing import TypeVar

from kube_field.domain.money import round_half_up
from kube_field.domain.rules.score import Status

GOOD_BOOKS = 3
"""Cash book kept regularly."""
Counted = TypeVar("Counted", "Activity", "Standings")


class Standing(StrEnum):
    """How a business stands on the last day of the month; the columns of table II in their order."""

    HEALTHY = "healthy"
    WATCH = "watch"
    AT_RISK = "at_risk"
    CRITICAL = "critical"
    INSUFFICIENT = "insufficient"
    UNWATCHED = "unwatched"
    STOPPED = "stopped"
    GRADUATED = "graduated"


@dataclass(frozen=True, slots=True)
class Activity:
    """Table I: what was done in a kecamatan in the month; amounts in rupiah."""

    groups: int = 0
    singles: int = 0
    male: int = 0
    female: int = 0
    assessments: int = 0
    minutes: int = 0
    minutes_idr: int = 0
    trainings: int = 0
    participants: int = 0
    planned: int = 0
    done: int = 0
    referrals_sent: int = 0
    referrals_done: int = 0

    @property
    def percent(self) -> int | None:
        """Planned visits that took place, whole percent; None while nothing was planned."""
        return round_half_up(100 * self.done, self.planned) if self.planned else None


@dataclass(frozen=True, slots=True)
class Standings:
    """Table II: businesses of a kecamatan by how they stand."""

    healthy: int = 0
    watch: int = 0
    at_risk: int = 0
    critical: int = 0
    insufficient: int = 0
    unwatched: int = 0
    stopped: int = 0
    graduated: int = 0

    @classmethod
    def of(cls, standings: Iterable[Standing]) -> Standings:
        """Counted."""
        found = list(standings)
        return cls(**{str(one): found.count(one) for one in Standing})


@dataclass(frozen=True, slots=True)
class ScoredUnit:
    """The figures of a business at its newest scored visit of the month: rupiah a month, share of the poverty line."""

    revenue: Fraction | None
    profit: Fraction | None
    income_ratio: Fraction | None
    bookkeeping: int | None


@dataclass(frozen=True, slots=True)
class Economy:
    """Table III: medians and shares (whole percent), each with the number of businesses that it is about."""

    units: int = 0
    median_revenue: int | None = None
    median_profit: int | None = None
    profitable_percent: int | None = None
    median_income_percent: int | None = None
    books_percent: int | None = None

    @classmethod
    def of(cls, units: Sequence[ScoredUnit]) -> Economy:
        """From every business with a scored visit in the month; what was not answered is left out of its column."""
        profits = _known(units, lambda one: one.profit)
        books = _known(units, lambda one: None if one.bookkeeping is None else Fraction(one.bookkeeping))
        incomes = [100 * ratio for ratio in _known(units, lambda one: one.income_ratio)]
        return cls(
            units=len(units),
            median_revenue=_median(_known(units, lambda one: one.revenue)),
            median_profit=_median(profits),
            profitable_percent=_percent(sum(profit > 0 for profit in profits), len(profits)),
            median_income_percent=_median(incomes),
            books_percent=_percent(sum(level >= GOOD_BOOKS for level in books), len(books)),
        )


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Table IV: a business that is critical or at risk, why, and what was agreed."""

    unit: str
    village: str
    status: Status
    flags: tuple[str, ...] = ()
    action: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class Recap:
    """The recap of one month (YYYY-MM) of a kabupaten. `as_of` (UTC) is when it was made, `only_accepted` its basis."""

    kabupaten: str
    month: str
    only_accepted: bool
    as_of: str
    activities: tuple[tuple[str, Activity], ...]
    standings: tuple[tuple[str, Standings], ...]
    economy: Economy
    follow_ups: tuple[FollowUp, ...]

    @property
    def all_activities(self) -> Activity:
        """The sum of table I."""
        return total(Activity, [row for _name, row in self.activities])

    @property
    def all_standings(self) -> Standings:
        """The sum of table II."""
        return total(Standings, [row for _name, row in self.standings])


def total(kind: type[Counted], rows: Sequence[Counted]) -> Counted:
    """Rows of counts added up, column by column."""
    return kind(**{field.name: sum(getattr(row, field.name) for row in rows) for field in fields(kind)})


def _known(units: Sequence[ScoredUnit], read: Callable[[ScoredUnit], Fraction | None]) -> list[Fraction]:
    return [value for one in units if (value := read(one)) is not None]


def _median(values: Sequence[Fraction]) -> int | None:
    if not values:
        return None
    middle = Fraction(median(values))
    return round_half_up(middle.numerator, middle.denominator)


def _percent(part: int, whole: int) -> int | None:
    return round_half_up(100 * part, whole) if whole else None
