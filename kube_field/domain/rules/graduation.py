"""Whether a unit may be proposed for graduation: the criteria G1 to G8 (handbook 7.4); a supervisor decides."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from gettext import gettext as _

from kube_field.domain.rules.flags import Flag
from kube_field.domain.rules.score import GROUP, Score, Status, VisitFigures, working_capital
from kube_field.domain.rules.stage import Stage

LAST, LAST_INCOMES = 3, 2
GRAVEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The defaults of the criteria; settings of the province."""

    days: int = 365
    income: Fraction = Fraction(1)
    capital: Fraction = Fraction(80, 100)
    bookkeeping: int = 3
    active: Fraction = Fraction(80, 100)
    iks: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A unit on a day. `visits`, `scores`, `finals` are those of the scored visits, oldest first, equally many.

    `flags` and `severities` (1 to 3) are those of the newest visit; `stage` counts for groups only.
    """

    owner_kind: str
    days_since_handover: int | None
    visits: Sequence[VisitFigures] = ()
    scores: Sequence[Score] = ()
    finals: Sequence[Status] = ()
    flags: Collection[Flag] = ()
    severities: Collection[int] = ()
    stage: Stage = Stage.PERSIAPAN


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion, whether it is met, and what it asks (Indonesian)."""

    code: str
    is_met: bool
    words: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """All criteria that apply."""

    criteria: tuple[Criterion, ...]

    @property
    def is_ready(self) -> bool:
        """True when nothing is missing."""
        return all(one.is_met for one in self.criteria)

    @property
    def words(self) -> str:
        """How many are met, and which are not."""
        met = sum(one.is_met for one in self.criteria)
        told = _("Memenuhi {a} dari {b} syarat.").format(a=met, b=len(self.criteria))
        missing = "; ".join(one.words for one in self.criteria if not one.is_met)
        return f"{told} {_('Belum: {missing}.').format(missing=missing)}" if missing else told


def proposal_of(unit: Candidate, limits: Limits | None = None) -> Proposal:
    """Judge a unit by the criteria."""
    return Proposal(tuple(_criteria(unit, limits or Limits())))


def _criteria(unit: Candidate, limits: Limits) -> Iterator[Criterion]:
    newest = unit.visits[-1] if unit.visits else None
    days = unit.days_since_handover
    words = _("sedikitnya {n} hari sejak BAST pertama").format(n=limits.days)
    yield Criterion("G1", days is not None and days >= limits.days, words)
    healthy = [status == Status.HEALTHY for status in unit.finals[-LAST:]]
    yield Criterion("G2", len(healthy) == LAST and all(healthy), _("tiga kunjungan terakhir Sehat"))
    profits = [(visit.profit_idr or 0) > 0 for visit in unit.visits[-LAST:]]
    yield Criterion("G3", len(profits) == LAST and all(profits), _("laba pada tiga kunjungan terakhir"))
    incomes = [
        visit.income_ratio is not None and visit.income_ratio >= limits.income for visit in unit.visits[-LAST_INCOMES:]
    ]
    words = _("penghasilan mencapai garis kemiskinan pada dua kunjungan terakhir")
    yield Criterion("G4", len(incomes) == LAST_INCOMES and all(incomes), words)
    yield Criterion("G5", _has_capital(newest, limits), _("modal kerja sedikitnya 80 % dari modal awal"))
    books = newest.bookkeeping_level if newest else None
    yield Criterion("G6", (books or 0) >= limits.bookkeeping, _("buku kas rutin"))
    clear = all(flag.code != "F5" for flag in unit.flags) and GRAVEST not in unit.severities
    yield Criterion("G7", clear, _("tidak ada alat hilang, dijual, digadaikan, dan tidak ada kendala berat"))
    if unit.owner_kind == GROUP:
        words = _("anggota aktif sedikitnya 80 %, IKS rutin, tahap Berkembang atau Maju")
        yield Criterion("G8", _is_strong_group(unit, newest, limits), words)


def _has_capital(visit: VisitFigures | None, limits: Limits) -> bool:
    now = working_capital(visit) if visit else None
    return (
        visit is not None
        and now is not None
        and bool(visit.capital_base_idr)
        and Fraction(now, visit.capital_base_idr or 1) >= limits.capital
    )


def _is_strong_group(unit: Candidate, visit: VisitFigures | None, limits: Limits) -> bool:
    if visit is None or not visit.members_total:
        return False
    active = Fraction(visit.members_active or 0, visit.members_total) >= limits.active
    return active and (visit.iks_level or 0) >= limits.iks and unit.stage in (Stage.BERKEMBANG, Stage.MAJU)
