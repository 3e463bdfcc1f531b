"""The stage of a KUBE by its seventeen criteria, and what the data propose for them (handbook 1.3, 7.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from gettext import gettext as _

from kube_field.domain.rules.score import TOP_LEVEL, Score, VisitFigures


class Stage(StrEnum):
    """Where a KUBE stands."""

    PERSIAPAN = "persiapan"
    TUMBUH = "tumbuh"
    BERKEMBANG = "berkembang"
    MAJU = "maju"


CRITERIA: Mapping[Stage, tuple[str, ...]] = {
    Stage.TUMBUH: (
        "Sudah memiliki pendamping KUBE",
        "Pernah mengikuti pelatihan",
        "Pengurus dan organisasi telah dibentuk",
        "Telah menerima bantuan UEP",
        "Mempunyai papan nama KUBE",
        "Kegiatan kelompok baru berjalan",
    ),
    Stage.BERKEMBANG: (
        "Kegiatan kelompok telah dijalankan sesuai kepengurusannya",
        "Keuntungan UEP sudah ada untuk modal, kesejahteraan anggota, dan IKS",
        "Kepercayaan dan harga diri anggota KUBE dan keluarga meningkat",
        "Pergaulan antara anggota KUBE dengan masyarakat semakin meningkat",
        "Hasil usaha sudah dapat dirasakan",
    ),
    Stage.MAJU: (
        "Keuntungan UEP meningkat dan modal semakin besar",
        "Mampu menyisihkan dana IKS untuk anggota kelompok, keluarga miskin lainnya, dan berpartisipasi dalam"
        " pembangunan di lingkungannya",
        "Manajemen UEP telah dikelola dengan baik",
        "Mempunyai hubungan baik dan saling menguntungkan dengan lembaga ekonomi dan pengusaha",
        "Hubungan sosial dengan masyarakat dan lembaga-lembaga sosial semakin baik dan melembaga",
        "Kegiatan UEP semakin maju dan berkembang",
    ),
}
"""The criteria a, b, c … of each stage as the screen words them."""
NEEDED = {Stage.TUMBUH: 5, Stage.BERKEMBANG: 4, Stage.MAJU: 5}
LETTERS = "abcdef"
ROW = 3
"""What has to go on is looked at in so many scored visits."""


def code_of(stage: Stage, letter: str) -> str:
    """The code of a criterion: tumbuh_a."""
    return f"{stage}_{letter}"


CODES = tuple(code_of(stage, letter) for stage, texts in CRITERIA.items() for letter in LETTERS[: len(texts)])


@dataclass(frozen=True, slots=True)
class StageFound:
    """The stage, how many criteria of each are met (met, of how many), and those that nobody judged yet, by code."""

    stage: Stage
    met: Mapping[Stage, tuple[int, int]]
    open: tuple[str, ...]


def stage_of(answers: Mapping[str, bool | None]) -> StageFound:
    """The stage by the officer's answers; what is not judged counts as not met and is listed."""
    met = {
        stage: (sum(answers.get(code_of(stage, LETTERS[at])) is True for at in range(len(texts))), len(texts))
        for stage, texts in CRITERIA.items()
    }
    reached = Stage.PERSIAPAN
    for stage, (count, _of) in met.items():
        if count < NEEDED[stage]:
            break
        reached = stage
    return StageFound(reached, met, tuple(code for code in CODES if answers.get(code) is None))


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupData:
    """What the data say of a group. `visits` and `scores` are those of the scored visits, oldest first, as long."""

    has_pendamping: bool = False
    trained: bool = False
    officers_filled: bool = False
    has_accepted_bast: bool = False
    has_signboard: bool = False
    business_status: str = ""
    channels: tuple[str, ...] = ()
    has_partner_referral: bool = False
    visits: Sequence[VisitFigures] = ()
    scores: Sequence[Score] = ()


def proposals(data: GroupData) -> dict[str, bool]:
    """What the app proposes for those criteria that data can speak about, by code; the officer decides."""
    newest = data.visits[-1] if data.visits else None
    profit, iks = (newest.profit_idr, newest.iks_level) if newest else (None, None)
    months = [visit.per_month(visit.profit_idr) for visit in data.visits[-ROW:]]
    return {
        "tumbuh_a": data.has_pendamping,
        "tumbuh_b": data.trained,
        "tumbuh_c": data.officers_filled,
        "tumbuh_d": data.has_accepted_bast,
        "tumbuh_e": data.has_signboard,
        "tumbuh_f": data.business_status.startswith("berjalan_"),
        "berkembang_b": profit is not None and profit > 0 and (iks or 0) >= 1,
        "maju_a": _rises(months) and bool(data.scores) and data.scores[-1].level("A3") == TOP_LEVEL,
        "maju_b": iks == TOP_LEVEL,
        "maju_c": newest is not None and newest.bookkeeping_level == TOP_LEVEL,
        "maju_d": "lembaga" in data.channels or data.has_partner_referral,
        "maju_f": len(data.scores) >= ROW and all((one.level("A2") or 0) >= 3 for one in data.scores[-ROW:]),
    }


def _rises(amounts: Sequence[Fraction | None]) -> bool:
    known = [amount for amount in amounts if amount is not None]
    return len(known) == ROW and known[0] < known[1] < known[2]


def stage_name(stage: Stage) -> str:
    """How a stage is called on screen and paper."""
    return {
        Stage.PERSIAPAN: _("Persiapan"),
        Stage.TUMBUH: _("Tumbuh"),
        Stage.BERKEMBANG: _("Berkembang"),
        Stage.MAJU: _("Maju/Mandiri"),
    }[stage]


def stage_words(found: StageFound) -> str:
    """The stage and the counts in words."""
    counts = ", ".join(f"{stage_name(stage)} {count}/{of}" for stage, (count, of) in found.met.items())
    return _("{stage} ({counts}).").format(stage=stage_name(found.stage), counts=counts)
