"""The sustainability score of one visit: eleven indicators, each a level from 0 to 4 (handbook 7.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from gettext import gettext as _

from kube_field.domain.money import round_half_up, show_rupiah

MONTH_DAYS = 30
MOST_PREVIOUS = 3
"""Turnover is compared with the median of up to so many scored visits before."""
LONG_WITHOUT_MEETING = 60
TOP_LEVEL = 4
ENOUGH = Fraction(60, 100)
"""Less answered weight than this says nothing about the business."""
GROUP, PERSON = "group", "person"
TOOL_WORTH = {"baik": Fraction(1), "rusak_ringan": Fraction(1, 2)}
"""Every other state of a tool is worth nothing."""
SAVINGS_LEVELS = {"none": 0, "irregular": 2, "regular": 4}
WEIGHTS = {
    "A1": 15, "A2": 10, "A3": 15, "B1": 10, "B2": 10, "B3": 5, "C1": 10, "C2": 5, "C3": 5, "D1": 10, "D2": 5,
}  # fmt: skip


class Status(StrEnum):
    """How a business stands, from best to worst; `insufficient` says nothing either way."""

    HEALTHY = "healthy"
    WATCH = "watch"
    AT_RISK = "at_risk"
    CRITICAL = "critical"
    INSUFFICIENT = "insufficient"


FLOORS = ((70, Status.HEALTHY), (50, Status.WATCH), (30, Status.AT_RISK))
"""A total from so many points on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFigures:
    """What a visit tells for the score; None and "" mean not answered.

    Amounts in rupiah of the whole period of `period_days` (both ends included). `income_ratio` is the income per head
    over the poverty line, `instalment_idr` a month. `tools` are states of every tool, () without tools.
    `previous_revenue` holds the turnover per 30 days of earlier scored visits, the newest last.
    """

    owner_kind: str
    period_days: int | None = None
    revenue_idr: int | None = None
    cost_idr: int | None = None
    capital_base_idr: int | None = None
    cash_idr: int | None = None
    stock_idr: int | None = None
    receivable_idr: int | None = None
    payable_idr: int | None = None
    days_open: int | None = None
    days_planned: int | None = None
    tools: tuple[str, ...] = ()
    channels: int | None = None
    bookkeeping_level: int | None = None
    members_active: int | None = None
    members_total: int | None = None
    days_since_meeting: int | None = None
    iks_level: int | None = None
    savings_habit: str = ""
    income_ratio: Fraction | None = None
    instalment_idr: int | None = None
    previous_revenue: tuple[Fraction, ...] = ()

    @property
    def profit_idr(self) -> int | None:
        """Turnover less cost; negative is a loss."""
        if self.revenue_idr is None or self.cost_idr is None:
            return None
        return self.revenue_idr - self.cost_idr

    def per_month(self, amount: int | None) -> Fraction | None:
        """An amount of the period brought to 30 days."""
        if amount is None or not self.period_days or self.period_days < 1:
            return None
        return Fraction(amount * MONTH_DAYS, self.period_days)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One line of the score. `level` is None when it was not answered; `words` (Indonesian) say what was counted."""

    code: str
    weight: int
    level: int | None
    words: str

    @property
    def points(self) -> Fraction:
        """Weight times level over four; nothing while it is not answered."""
        return Fraction(self.weight * (self.level or 0), TOP_LEVEL)


@dataclass(frozen=True, slots=True)
class Score:
    """All indicators that apply, in the order of the handbook, and what they come to."""

    indicators: tuple[Indicator, ...]

    @property
    def answered_weight(self) -> int:
        """Weight of the indicators that were answered."""
        return sum(one.weight for one in self.indicators if one.level is not None)

    @property
    def points(self) -> Fraction:
        """Sum of all points."""
        return sum((one.points for one in self.indicators), Fraction(0))

    @property
    def coverage(self) -> Fraction:
        """Answered over applicable weight."""
        return Fraction(self.answered_weight, sum(one.weight for one in self.indicators))

    @property
    def total(self) -> int | None:
        """From 0 to 100, half up; None when nothing was answered."""
        if not self.answered_weight:
            return None
        share = 100 * self.points / self.answered_weight
        return round_half_up(share.numerator, share.denominator)

    @property
    def status(self) -> Status:
        """What the total says; insufficient with too little answered."""
        total = self.total
        if total is None or self.coverage < ENOUGH:
            return Status.INSUFFICIENT
        return next((status for least, status in FLOORS if total >= least), Status.CRITICAL)

    def level(self, code: str) -> int | None:
        """The level of an indicator; None when it was not answered or does not apply."""
        return next((one.level for one in self.indicators if one.code == code), None)


def score_of(visit: VisitFigures) -> Score:
    """The score of a visit at which somebody was met."""
    found = [_margin(visit), _turnover(visit), _capital(visit), _days(visit), _tools(visit), _channels(visit)]
    found.append(_indicator("C1", visit.bookkeeping_level, _("Pembukuan: tingkat {n}."), visit.bookkeeping_level))
    if visit.owner_kind == GROUP:
        found.append(_members(visit))
    found += [_saving(visit), _income(visit), _instalment(visit)]
    return Score(tuple(found))


def indicator_name(code: str) -> str:
    """How an indicator is called on screen and paper."""
    names = {
        "A1": _("Laba terhadap omzet"),
        "A2": _("Omzet dibanding kunjungan sebelumnya"),
        "A3": _("Modal kerja dibanding modal awal"),
        "B1": _("Hari buka dibanding rencana"),
        "B2": _("Keadaan alat"),
        "B3": _("Saluran penjualan"),
        "C1": _("Pembukuan"),
        "C2": _("Anggota aktif"),
        "C3": _("IKS atau tabungan"),
        "D1": _("Penghasilan dibanding garis kemiskinan"),
        "D2": _("Cicilan dibanding laba"),
    }
    return names[code]


def status_words(status: Status) -> str:
    """How a status is called on screen and paper."""
    return {
        Status.HEALTHY: _("Sehat"),
        Status.WATCH: _("Perlu perhatian"),
        Status.AT_RISK: _("Rawan"),
        Status.CRITICAL: _("Kritis"),
        Status.INSUFFICIENT: _("Data belum cukup"),
    }[status]


def revenue_per_month(visit: VisitFigures) -> Fraction | None:
    """Turnover brought to 30 days, as later visits compare with it."""
    return visit.per_month(visit.revenue_idr)


def working_capital(visit: VisitFigures) -> int | None:
    """Cash, stock and collectable receivables less payables."""
    parts = (visit.cash_idr, visit.stock_idr, visit.receivable_idr, visit.payable_idr)
    cash, stock, receivable, payable = parts
    if cash is None or stock is None or receivable is None or payable is None:
        return None
    return cash + stock + receivable - payable


def _indicator(code: str, level: int | None, words: str, value: object = None) -> Indicator:
    told = words.format(n=value) if level is not None else _("Belum terjawab.")
    return Indicator(code, WEIGHTS[code], level, told)


def _missing(code: str, why: str) -> Indicator:
    return Indicator(code, WEIGHTS[code], None, why)


def _level(share: Fraction, bounds: Sequence[int]) -> int:
    """How many of these bounds (percent) a share reaches."""
    return sum(share * 100 >= bound for bound in bounds)


def percent(share: Fraction) -> str:
    """A share as 13,3 %."""
    tenths = round_half_up(abs(share.numerator) * 1000, share.denominator)
    return f"{'-' if share < 0 and tenths else ''}{tenths // 10},{tenths % 10} %"


def _margin(visit: VisitFigures) -> Indicator:
    revenue, profit = visit.revenue_idr, visit.profit_idr
    if revenue is None or profit is None:
        return _missing("A1", _("Omzet atau biaya belum terjawab."))
    if revenue == 0 or profit < 0:
        words = _("Rugi {amount}.").format(amount=show_rupiah(-profit)) if profit < 0 else _("Tidak ada omzet.")
        return Indicator("A1", WEIGHTS["A1"], 0, words)
    share = Fraction(profit, revenue)
    level = 1 + _level(share, (5, 15, 30))
    return Indicator("A1", WEIGHTS["A1"], level, _("Laba {share} dari omzet.").format(share=percent(share)))


def _turnover(visit: VisitFigures) -> Indicator:
    now, before = revenue_per_month(visit), _median(visit.previous_revenue[-MOST_PREVIOUS:])
    if not visit.previous_revenue:
        return _missing("A2", _("Belum ada kunjungan bernilai sebelumnya."))
    if now is None or not before:
        return _missing("A2", _("Omzet tidak dapat dibandingkan."))
    share = now / before
    level = 4 if share * 100 > 110 else _level(share, (50, 80, 95))
    return Indicator("A2", WEIGHTS["A2"], level, _("Omzet {share} dari sebelumnya.").format(share=percent(share)))


def _median(values: Sequence[Fraction]) -> Fraction | None:
    ordered, middle = sorted(values), len(values) // 2
    if not ordered:
        return None
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _capital(visit: VisitFigures) -> Indicator:
    now, base = working_capital(visit), visit.capital_base_idr
    if not base or base < 0:
        return _missing("A3", _("Modal kerja awal tidak diketahui."))
    if now is None:
        return _missing("A3", _("Kas, stok, piutang atau utang usaha belum terjawab."))
    share = Fraction(now, base)
    words = _("Modal kerja {now}, {share} dari modal awal.").format(now=show_rupiah(now), share=percent(share))
    return Indicator("A3", WEIGHTS["A3"], _level(share, (25, 50, 80, 100)), words)


def _days(visit: VisitFigures) -> Indicator:
    if visit.days_open is None or not visit.days_planned:
        return _missing("B1", _("Hari buka atau rencananya belum terjawab."))
    share = min(Fraction(1), Fraction(visit.days_open, visit.days_planned))
    words = _("Buka {open} dari {planned} hari.").format(open=visit.days_open, planned=visit.days_planned)
    return Indicator("B1", WEIGHTS["B1"], _level(share, (25, 50, 75, 90)), words)


def _tools(visit: VisitFigures) -> Indicator:
    if not visit.tools:
        return _missing("B2", _("Tidak ada alat bantuan."))
    share = sum((TOOL_WORTH.get(state, Fraction(0)) for state in visit.tools), Fraction(0)) / len(visit.tools)
    good = sum(state == "baik" for state in visit.tools)
    words = _("{good} dari {n} alat baik; nilai keadaan {share}.")
    words = words.format(good=good, n=len(visit.tools), share=percent(share))
    return Indicator("B2", WEIGHTS["B2"], _level(share, (25, 50, 75, 100)), words)


def _channels(visit: VisitFigures) -> Indicator:
    count = visit.channels
    level = None if count is None else 0 if count < 1 else min(count + 1, TOP_LEVEL)
    return _indicator("B3", level, _("{n} saluran penjualan."), count)


def _members(visit: VisitFigures) -> Indicator:
    if visit.members_active is None or not visit.members_total:
        return _missing("C2", _("Anggota aktif belum terjawab."))
    level = _level(Fraction(visit.members_active, visit.members_total), (50, 65, 80, 95))
    words = _("{active} dari {total} anggota aktif.").format(active=visit.members_active, total=visit.members_total)
    if visit.days_since_meeting is not None and visit.days_since_meeting > LONG_WITHOUT_MEETING:
        level = max(0, level - 1)
        words += " " + _("Tanpa pertemuan {n} hari: turun satu tingkat.").format(n=visit.days_since_meeting)
    return Indicator("C2", WEIGHTS["C2"], level, words)


def _saving(visit: VisitFigures) -> Indicator:
    if visit.owner_kind == GROUP:
        return _indicator("C3", visit.iks_level, _("IKS: tingkat {n}."), visit.iks_level)
    words = {"none": _("Tidak menabung."), "irregular": _("Menabung tidak rutin."), "regular": _("Menabung rutin.")}
    level = SAVINGS_LEVELS.get(visit.savings_habit)
    return _indicator("C3", level, words.get(visit.savings_habit, ""))


def _income(visit: VisitFigures) -> Indicator:
    if visit.income_ratio is None:
        return _missing("D1", _("Penghasilan rumah tangga atau garis kemiskinan tidak diketahui."))
    words = _("Penghasilan per kapita {share} dari garis kemiskinan.").format(share=percent(visit.income_ratio))
    return Indicator("D1", WEIGHTS["D1"], _level(visit.income_ratio, (60, 80, 100, 125)), words)


def instalment_share(visit: VisitFigures) -> Fraction | None:
    """The monthly instalment over the profit of 30 days; None without debt or with no profit to pay it from."""
    profit = visit.per_month(visit.profit_idr)
    if not visit.instalment_idr or profit is None or profit <= 0:
        return None
    return visit.instalment_idr / profit


def _instalment(visit: VisitFigures) -> Indicator:
    if visit.instalment_idr is None:
        return _missing("D2", _("Cicilan belum terjawab."))
    if visit.instalment_idr == 0:
        return Indicator("D2", WEIGHTS["D2"], TOP_LEVEL, _("Tidak ada cicilan."))
    if visit.per_month(visit.profit_idr) is None:
        return _missing("D2", _("Laba belum diketahui."))
    share = instalment_share(visit)
    if share is None:
        return Indicator("D2", WEIGHTS["D2"], 0, _("Ada cicilan, tetapi tidak ada laba."))
    level = 3 - sum(share * 100 > bound for bound in (20, 35, 60))
    return Indicator("D2", WEIGHTS["D2"], level, _("Cicilan {share} dari laba sebulan.").format(share=percent(share)))
