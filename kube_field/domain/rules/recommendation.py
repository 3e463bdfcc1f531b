"""Which businesses of the catalogue fit a family or group, and why (handbook 6.3, rule version 2026.1)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from gettext import gettext as _

from kube_field.domain.ideas import BusinessIdea
from kube_field.domain.money import round_half_up, show_rupiah

SHOWN = 5
GRADES = ((75, "Sangat sesuai"), (60, "Sesuai"), (45, "Perlu persiapan"))
LOWEST_GRADE = "Kurang sesuai"
ELECTRICITY = ("none", "dasar", "900va", "1300va")
WATER = ("none", "bersih", "banyak")
NONE = "none"
SKILL_WORTH = {"experienced": Fraction(1), "basic": Fraction(6, 10), NONE: Fraction(3, 10)}
RAW_POINTS = {1: 4, 2: 8, 3: 10}
RAW_UNKNOWN = 4
WISH_POINTS = {1: 10, 2: 8, 3: 6}
SAME_SECTOR = 4
LONG_CYCLE_DAYS = 60
STRONG_UNTIL = 55
HEAVY = "tinggi"
WORDS = {
    "rumah": "rumah", "dapur": "dapur", "kios": "kios", "pekarangan": "pekarangan", "lahan": "lahan",
    "tepi_air": "tepi air", "kendaraan": "kendaraan", "none": "tidak ada", "dasar": "≤450 VA", "900va": "900 VA",
    "1300va": "≥1.300 VA", "bersih": "cukup untuk rumah", "banyak": "cukup untuk usaha",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """What is known of a family or group. Money in rupiah; `hours` a day; ranks of `wishes` begin with 1.

    `demand` and `raw` rate markets and materials from 0 to 3, `competitors` counts like businesses nearby and
    `assisted` those of the program in the same village, each by idea. A skill that is missing is none.
    """

    scheme: str
    capital_idr: int
    spaces: Collection[str] = ()
    electricity: str = NONE
    water: str = NONE
    skills: Mapping[str, str] = field(default_factory=dict)
    demand: Mapping[str, int] = field(default_factory=dict)
    raw: Mapping[str, int] = field(default_factory=dict)
    competitors: Mapping[str, int] = field(default_factory=dict)
    assisted: Mapping[str, int] = field(default_factory=dict)
    hours: Fraction = Fraction(0)
    caregiver: bool = False
    limited_strength: bool = False
    age: int | None = None
    wishes: Mapping[str, int] = field(default_factory=dict)
    refused: Collection[str] = ()
    has_cold_storage: bool = False
    flood_prone: bool = False
    has_other_income: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One part of the points with its most, and why (Indonesian)."""

    part: str
    points: int
    most: int
    words: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An idea with its points; the sum of the lines, not below 0."""

    idea: BusinessIdea
    lines: tuple[Line, ...]

    @property
    def points(self) -> int:
        """From 0 to 100."""
        return max(0, sum(line.points for line in self.lines))

    @property
    def grade(self) -> str:
        """In words."""
        return next((words for least, words in GRADES if self.points >= least), LOWEST_GRADE)


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Why an idea is not suggested: codes E1 to E7 with their sentences (Indonesian)."""

    idea: BusinessIdea
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """All ideas that remain, best first, and those that were excluded, by code."""

    suggestions: tuple[Suggestion, ...]
    excluded: tuple[Exclusion, ...]

    @property
    def best(self) -> tuple[Suggestion, ...]:
        """The first five."""
        return self.suggestions[:SHOWN]


def advise(family: Family, ideas: Iterable[BusinessIdea]) -> Advice:
    """Judge every idea of the catalogue; its order does not matter."""
    catalogue = sorted(ideas, key=lambda idea: idea.code)
    sectors = {idea.sector for idea in catalogue if idea.code in family.wishes}
    kept: list[Suggestion] = []
    out: list[Exclusion] = []
    for idea in catalogue:
        reasons = tuple(_exclusions(family, idea))
        if reasons:
            out.append(Exclusion(idea, reasons))
        else:
            kept.append(Suggestion(idea, _lines(family, idea, sectors)))
    kept.sort(key=lambda one: (-one.points, one.idea.cap_min, one.idea.code))
    return Advice(tuple(kept), tuple(out))


def _exclusions(family: Family, idea: BusinessIdea) -> Iterator[tuple[str, str]]:
    if idea.space not in family.spaces:
        yield "E1", _("Tempat yang diperlukan ({tempat}) tidak tersedia.").format(tempat=_word(idea.space))
    if ELECTRICITY.index(family.electricity) < ELECTRICITY.index(idea.electricity):
        yield "E2", _("Listrik belum cukup (perlu {kelas}).").format(kelas=_word(idea.electricity))
    if family.raw.get(idea.raw) == 0:
        yield "E3", _("Bahan baku tidak ada di sekitar.")
    if idea.code in family.refused:
        yield "E4", _("Tidak bersedia.")
    if not (idea.group if family.scheme == "group" else idea.individual):
        yield "E5", _("Tidak cocok untuk skema ini.")
    if family.capital_idr * 10 < idea.cap_min * 7:
        yield "E6", _("Modal di bawah kebutuhan minimum {min}.").format(min=show_rupiah(idea.cap_min))
    lacking = [skill for skill in idea.skills if family.skills.get(skill, NONE) == NONE]
    if lacking and not idea.trainable:
        words = _("Perlu keterampilan {skills} yang tidak cukup dilatih 1–3 hari.")
        yield "E7", words.format(skills=", ".join(map(_word, lacking)))


def _lines(family: Family, idea: BusinessIdea, sectors: Collection[str]) -> tuple[Line, ...]:
    return (*(part(family, idea) for part in PARTS), _wish(family, idea, sectors), _risk(family, idea))


def _word(code: str) -> str:
    return WORDS.get(code, code.replace("_", " "))


def _capital(family: Family, idea: BusinessIdea) -> Line:
    have, least, most = family.capital_idr, idea.cap_min, idea.cap_max
    if have >= most:
        points = 20
    elif have >= least:
        points = 12 + round_half_up(8 * (have - least), most - least)
    else:
        points = 6
    enough = _("mencukupi") if have >= least else _("belum mencukupi")
    words = _("modal {have} {enough} (kebutuhan {least}–{most}).").format(
        have=show_rupiah(have), enough=enough, least=show_rupiah(least), most=show_rupiah(most)
    )
    return Line(_("Modal"), points, 20, words)


def _skills(family: Family, idea: BusinessIdea) -> Line:
    levels = [family.skills.get(skill, NONE) for skill in idea.skills]
    mean = sum((SKILL_WORTH[level] for level in levels), Fraction(0)) / len(levels)
    share = 20 * mean
    said = {"experienced": _("mahir"), "basic": _("bisa sedikit"), NONE: _("belum bisa, dapat dilatih")}
    words = ", ".join(f"{_word(skill)} {said[level]}" for skill, level in zip(idea.skills, levels, strict=True))
    return Line(_("Keterampilan"), round_half_up(share.numerator, share.denominator), 20, f"{words}.")


def _place(family: Family, idea: BusinessIdea) -> Line:
    has_water = WATER.index(family.water) >= WATER.index(idea.water)
    utilities = _("listrik dan air cukup") if has_water else _("listrik cukup, air belum cukup")
    words = _("{place} tersedia; {utilities}.").format(place=_word(idea.space), utilities=utilities)
    return Line(_("Tempat"), 15 if has_water else 12, 15, words)


def _market(family: Family, idea: BusinessIdea) -> Line:
    best, market = max((family.demand.get(market, 0), market) for market in idea.markets)
    others = family.competitors.get(idea.code, 0) + family.assisted.get(idea.code, 0)
    less = 0 if others <= 1 else 3 if others <= 3 else 6 if others <= 6 else 9
    sizes = (_("tidak ada"), _("kecil"), _("sedang"), _("besar"))
    words = _("permintaan {market} {size}").format(market=_word(market), size=sizes[best])
    if others:
        words += _("; ada {n} usaha sejenis").format(n=others) + (f" (−{less})" if less else "")
    if assisted := family.assisted.get(idea.code, 0):
        words += _("; {n} penerima lain di desa ini sudah menjalankan usaha sejenis").format(n=assisted)
    return Line(_("Pasar"), max(0, 5 * best - less), 15, f"{words}.")


def _material(family: Family, idea: BusinessIdea) -> Line:
    rating = family.raw.get(idea.raw)
    said = {1: _("sedikit."), 2: _("cukup."), 3: _("berlimpah.")}
    points = RAW_UNKNOWN if rating is None else RAW_POINTS[rating]
    return Line(_("Bahan baku"), points, 10, _("belum dinilai.") if rating is None else said[rating])


def _time(family: Family, idea: BusinessIdea) -> Line:
    share = Fraction(family.hours) / idea.hours
    points = 10 if share >= 1 else 6 if share * 10 >= 7 else 3 if share * 2 >= 1 else 0
    words = _("tersedia {have} jam, perlu {need} jam").format(have=_hours(family.hours), need=idea.hours)
    if idea.home_based:
        words += _(", dapat dikerjakan di rumah")
    elif family.caregiver:
        points -= 4
        words += _(", di luar rumah sambil mengurus keluarga (−4)")
    if idea.load == HEAVY and (family.limited_strength or (family.age is not None and family.age >= STRONG_UNTIL)):
        points -= 4
        words += _(", pekerjaan berat (−4)")
    return Line(_("Waktu"), max(0, points), 10, f"{words}.")


def _hours(hours: Fraction) -> str:
    tenths = round_half_up(hours.numerator * 10, hours.denominator)
    return str(tenths // 10) if tenths % 10 == 0 else f"{tenths // 10},{tenths % 10}"


def _wish(family: Family, idea: BusinessIdea, sectors: Collection[str]) -> Line:
    rank = family.wishes.get(idea.code)
    names = {1: _("pilihan pertama."), 2: _("pilihan kedua."), 3: _("pilihan ketiga.")}
    if rank in WISH_POINTS:
        return Line(_("Minat"), WISH_POINTS[rank], 10, names[rank])
    if idea.sector in sectors:
        return Line(_("Minat"), SAME_SECTOR, 10, _("sebidang dengan usaha yang diminati."))
    return Line(_("Minat"), 0, 10, _("tidak disebut."))


def _risk(family: Family, idea: BusinessIdea) -> Line:
    risks = (
        (5, idea.needs_cold and not family.has_cold_storage, _("perlu lemari es (−5)")),
        (5, idea.flood_sensitive and family.flood_prone, _("rawan banjir (−5)")),
        (8, idea.cycle_days > LONG_CYCLE_DAYS and not family.has_other_income,
         _("uang kembali lama dan tidak ada penghasilan lain (−8)")),
    )  # fmt: skip
    stand = [(points, words) for points, stands, words in risks if stands]
    words = "; ".join(words for _points, words in stand) or _("tidak ada")
    return Line(_("Risiko"), -sum(points for points, _words in stand), 0, f"{words}.")


PARTS: tuple[Callable[[Family, BusinessIdea], Line], ...] = (_capital, _skills, _place, _market, _material, _time)
