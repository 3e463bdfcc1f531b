"""Early-warning flags of a visit and the final status that they bring about (handbook 7.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from gettext import gettext as _

from kube_field.domain.rules.score import Score, Status, VisitFigures, instalment_share

ORDER = (Status.HEALTHY, Status.WATCH, Status.AT_RISK, Status.CRITICAL)
LONG_AFTER_HANDOVER = 30
CAPITAL_WATCH_DAYS = 180
GONE_TOOLS = ("hilang", "dijual", "digadaikan")
HARD_LENDERS = ("rentenir", "pinjol")
LITTLE_BOOKKEEPING = 1
POOR = Fraction(80, 100)
FALLEN = Fraction(80, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What the flags look at. `earlier` are the scored visits before this one, the newest last.

    `days_since_handover` None: no BAST yet. `lenders` are codes of whom the family or group owes. `unwatched_since` is
    the day of the last visit (ISO) of a unit whose next visit lapsed, "" otherwise. `own_floor` and `own_reason` are
    the officer's own flag.
    """

    visit: VisitFigures
    score: Score
    earlier: Sequence[VisitFigures] = ()
    business_status: str = ""
    days_since_handover: int | None = None
    lenders: tuple[str, ...] = ()
    unwatched_since: str = ""
    own_floor: Status | None = None
    own_reason: str = ""


@dataclass(frozen=True, slots=True)
class Flag:
    """One warning: its floor for the status (None is a mere tag), what it says and what to do (Indonesian)."""

    code: str
    floor: Status | None
    sentence: str
    action: str


def flags_of(now: Situation) -> tuple[Flag, ...]:
    """All flags that stand, in the order of their codes."""
    return tuple(flag for rule in RULES if (flag := rule(now)) is not None)


def final_status(score: Status, flags: Iterable[Flag]) -> Status:
    """The worse of the score's status and all floors; floors alone where the score says nothing."""
    floors = [flag.floor for flag in flags if flag.floor is not None]
    known = [*floors, *([score] if score != Status.INSUFFICIENT else [])]
    return max(known, key=ORDER.index) if known else Status.INSUFFICIENT


def _stopped(now: Situation) -> Flag | None:
    late = now.days_since_handover is not None and now.days_since_handover > LONG_AFTER_HANDOVER
    floors = {"berhenti": Status.CRITICAL, "berhenti_sementara": Status.AT_RISK}
    if late:
        floors["belum_mulai"] = Status.AT_RISK
    floor = floors.get(now.business_status)
    if floor is None:
        return None
    sentence = _("Usaha belum dimulai.") if now.business_status == "belum_mulai" else _("Usaha berhenti.")
    return Flag("F1", floor, sentence, _("Kunjungan tambahan dalam 14 hari dan musyawarah."))


def _losses(now: Situation) -> Flag | None:
    count = 0
    for visit in (now.visit, *reversed(now.earlier)):
        if visit.profit_idr is None or visit.profit_idr >= 0:
            break
        count += 1
    if count < 2:
        return None
    floor = Status.CRITICAL if count >= 3 else Status.AT_RISK
    sentence = _("Rugi {n} kunjungan berturut-turut.").format(n=count)
    return Flag("F2", floor, sentence, _("Hitung ulang harga dan biaya."))


def _turnover_halved(now: Situation) -> Flag | None:
    if now.score.level("A2") != 0:
        return None
    sentence = _("Omzet turun lebih dari separuh.")
    return Flag("F3", Status.AT_RISK, sentence, _("Cari sebabnya dan perbaiki saluran jual."))


def _few_active(now: Situation) -> Flag | None:
    active, total = now.visit.members_active, now.visit.members_total
    if active is None or not total or 2 * active >= total:
        return None
    return Flag("F4", Status.AT_RISK, _("Anggota aktif kurang dari separuh."), _("Mediasi kelompok."))


def _tools_gone(now: Situation) -> Flag | None:
    gone = [state for state in now.visit.tools if state in GONE_TOOLS]
    if not gone:
        return None
    said = {"hilang": _("hilang"), "dijual": _("dijual"), "digadaikan": _("digadaikan")}
    words = ", ".join(said[state] for state in GONE_TOOLS if state in gone)
    sentence = _("Alat bantuan {words}.").format(words=words)
    return Flag("F5", Status.AT_RISK, sentence, _("Laporkan kepada penyelia."))


def _capital_gone(now: Situation) -> Flag | None:
    days = now.days_since_handover
    if now.score.level("A3") != 0 or days is None or days > CAPITAL_WATCH_DAYS:
        return None
    action = _("Pisahkan uang usaha dan susun rencana modal.")
    return Flag("F6", Status.AT_RISK, _("Modal kerja hampir habis."), action)


def _no_books(now: Situation) -> Flag | None:
    newest = (now.visit, *now.earlier[-1:])
    levels = [visit.bookkeeping_level for visit in newest]
    if len(levels) < 2 or any(level is None or level > LITTLE_BOOKKEEPING for level in levels):
        return None
    return Flag("F7", Status.WATCH, _("Pembukuan belum berjalan."), _("Dampingi pengisian buku kas."))


def _heavy_debt(now: Situation) -> Flag | None:
    floors = [Status.WATCH] if any(lender in HARD_LENDERS for lender in now.lenders) else []
    profit, share = now.visit.per_month(now.visit.profit_idr), instalment_share(now.visit)
    if now.visit.instalment_idr and profit is not None and profit <= 0:
        floors.append(Status.AT_RISK)
    elif share is not None and share * 100 > 35:
        floors.append(Status.AT_RISK if share * 100 > 60 else Status.WATCH)
    if not floors:
        return None
    return Flag("F8", max(floors, key=ORDER.index), _("Cicilan memberatkan."), _("Rujukan keuangan."))


def _unwatched(now: Situation) -> Flag | None:
    if not now.unwatched_since:
        return None
    sentence = _("Belum dikunjungi sejak {day}.").format(day=now.unwatched_since)
    return Flag("F9", None, sentence, _("Kunjungi segera."))


def _income_falls(now: Situation) -> Flag | None:
    ratio = now.visit.income_ratio
    before = now.earlier[-1].income_ratio if now.earlier else None
    if ratio is None or before is None or ratio >= POOR or ratio >= before * FALLEN:
        return None
    return Flag("F10", Status.WATCH, _("Penghasilan keluarga menurun."), _("Tanyakan sebabnya kepada keluarga."))


def _own(now: Situation) -> Flag | None:
    if now.own_floor is None:
        return None
    return Flag("F11", now.own_floor, now.own_reason, _("Sesuai pendapat petugas."))


RULES: tuple[Callable[[Situation], Flag | None], ...] = (
    _stopped,
    _losses,
    _turnover_halved,
    _few_active,
    _tools_gone,
    _capital_gone,
    _no_books,
    _heavy_debt,
    _unwatched,
    _income_falls,
    _own,
)
