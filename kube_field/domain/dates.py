"""Calendar days of East Kalimantan (WITA, UTC+8): read day first, shown in Indonesian (handbook 3.5)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta, timezone
from gettext import gettext as _

from kube_field.domain.checked import Checked, CodedFinding, error, warning
from kube_field.domain.money import number_in_words

WITA = timezone(timedelta(hours=8), "WITA")
OLDEST_PLAUSIBLE_AGE = 110
PRSE_AGES = range(18, 60)
PRSE_WORDS = frozenset({"prse", "wrse", "23"})
YEAR_ONLY_MONTH_DAY = (7, 1)
"""A birth date of which only the year is known is stored as 1 July."""

MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")

_SPELLINGS = (
    ("djanuari",),
    ("pebruari", "peb", "febuari", "pebuari"),
    ("mrt",),
    (),
    (),
    ("djuni",),
    ("djuli",),
    ("agust", "agt", "ags", "agts"),
    ("sept",),
    (),
    ("nopember", "nop"),
    (),
)
_DAY_FIRST = re.compile(r"(?P<day>[0-9]{1,2})(?P<sep>[/.-])(?P<month>[0-9]{1,2})(?P=sep)(?P<year>[0-9]{4}|[0-9]{2})")
_ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
_WORDED = re.compile(r"(?P<day>[0-9]{1,2})[ -](?P<month>[A-Za-z]+)\.?[ -](?P<year>[0-9]{4}|[0-9]{2})")


def check_date(
    text: str,
    *,
    today: date,
    kind: str = "visit",
    required: bool = True,
    handover: date | None = None,
    category: str | Collection[str] = "",
) -> Checked:
    """Judge a date; the value is ISO text. `kind` is visit, birth, or any (a plan, which may lie ahead)."""
    typed = " ".join(text.split())
    if not typed:
        return Checked(None, (error("DATE_REQUIRED", _("Tanggal wajib diisi.")),) if required else ())
    day, problem = _read(typed)
    if day is None:
        return Checked(None, problem)
    if kind != "any" and day > today:
        return Checked(day.isoformat(), (error("DATE_FUTURE", _("Tanggal belum terjadi. Periksa kembali.")),))
    findings: tuple[CodedFinding, ...] = ()
    if kind == "visit" and handover is not None and day < handover:
        message = _("Tanggal lebih awal dari serah terima bantuan ({tanggal}).").format(tanggal=show_date(handover))
        findings = (warning("DATE_BEFORE_HANDOVER", message),)
    if kind == "birth":
        findings = tuple(_age_findings(age_on(day, today), category))
    return Checked(day.isoformat(), findings)


def day_of(year: int, month: int, day: int) -> date | None:
    """The calendar day, or None when there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def age_on(born: date, day: date) -> int:
    """Full years on a day; who was born on 29 February is a year older on 1 March of a common year."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def show_date(day: date | str) -> str:
    """A day as 23 November 2026."""
    at = _as_day(day)
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}"


def short_date(day: date | str) -> str:
    """A day as 23 Nov 2026."""
    at = _as_day(day)
    return f"{at.day} {SHORT_MONTHS[at.month - 1]} {at.year}"


def week_text(start: date | str, end: date | str) -> str:
    """Days of a week without the year: 21-27 Okt, over the end of a month 28 Okt-3 Nov, each with a long dash."""
    first, last = _as_day(start), _as_day(end)
    begin, until = (f"{one.day} {SHORT_MONTHS[one.month - 1]}" for one in (first, last))
    if first == last:
        return until
    same = (first.year, first.month) == (last.year, last.month)
    return f"{first.day if same else begin}\u2013{until}"


def month_and_year(day: date | str) -> str:
    """The month of a day as November 2026."""
    at = _as_day(day)
    return f"{MONTHS[at.month - 1]} {at.year}"


def day_and_date(day: date | str) -> str:
    """A day as Senin, 23 November 2026."""
    at = _as_day(day)
    return f"{DAYS[at.weekday()]}, {show_date(at)}"


def wita_day(instant: str) -> date:
    """The calendar day in WITA of an instant (UTC ISO text)."""
    return _in_wita(instant).date()


def wita_text(instant: str, seconds: bool = False) -> str:
    """An instant (UTC ISO text) on the clocks of East Kalimantan: 23 Nov 2026 10.42."""
    at = _in_wita(instant)
    return f"{short_date(at.date())} {at.strftime('%H.%M.%S' if seconds else '%H.%M')}"


def date_in_words(day: date | str) -> str:
    """The opening of handover minutes (handbook 9.0): Pada hari ini, Senin, tanggal dua puluh tiga, …"""
    at = _as_day(day)
    return (
        f"Pada hari ini, {DAYS[at.weekday()]}, tanggal {number_in_words(at.day)}, bulan {MONTHS[at.month - 1]}, "
        f"tahun {number_in_words(at.year)} ({at.day:02d}-{at.month:02d}-{at.year:04d})"
    )


def _as_day(day: date | str) -> date:
    return date.fromisoformat(day) if isinstance(day, str) else day


def _in_wita(instant: str) -> datetime:
    return datetime.fromisoformat(instant.replace("Z", "+00:00")).astimezone(WITA)


def _read(typed: str) -> tuple[date | None, tuple[CodedFinding, ...]]:
    found = _DAY_FIRST.fullmatch(typed) or _ISO.fullmatch(typed) or _WORDED.fullmatch(typed)
    month = 0 if found is None else _month_number(found["month"])
    if found is None or month is None:
        return None, (error("DATE_FORMAT", _("Tulis tanggal seperti 23/11/2026 atau 23 November 2026.")),)
    if len(found["year"]) == 2:
        return None, (error("DATE_TWO_DIGIT_YEAR", _("Tulis tahun lengkap empat angka.")),)
    day = day_of(int(found["year"]), month, int(found["day"]))
    if day is None:
        return None, (error("DATE_NOT_EXIST", _("Tanggal ini tidak ada di kalender.")),)
    return day, ()


def _month_number(text: str) -> int | None:
    """The month's number for digits, full names, short names and old spellings."""
    if text.isascii() and text.isdigit():
        return int(text)
    name = text.lower()
    for at, (full, short, others) in enumerate(zip(MONTHS, SHORT_MONTHS, _SPELLINGS, strict=True), start=1):
        if name in (full.lower(), short.lower(), *others):
            return at
    return None


def _age_findings(age: int, category: str | Collection[str]) -> Iterator[CodedFinding]:
    categories = {category} if isinstance(category, str) else set(category)
    if age > OLDEST_PLAUSIBLE_AGE:
        yield error("AGE_IMPLAUSIBLE", _("Umur {n} tahun tidak masuk akal. Periksa tahun lahir.").format(n=age))
    if not categories & PRSE_WORDS:
        return
    if age < PRSE_AGES.start:
        yield warning("AGE_UNDER_18", _("Umur {n} tahun, kurang dari 18 tahun untuk WRSE/PRSE.").format(n=age))
    elif age >= PRSE_AGES.stop:
        yield warning("AGE_OVER_59", _("Umur {n} tahun, lebih dari 59 tahun untuk WRSE/PRSE.").format(n=age))
