"""NIK and KK numbers: reality wins over the pattern; only what cannot be a number is an error (handbook 3.1, 3.2)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from gettext import gettext as _
from types import MappingProxyType

from kube_field.domain.checked import Checked, CodedFinding, error, info, warning
from kube_field.domain.dates import age_on, day_of
from kube_field.domain.regions import Regions

__all__ = ["Checked", "check_kk", "check_nik", "group_nik", "mask_nik", "nik_birth_date", "nik_sex", "normalise_number"]

NUMBER_LENGTH = 16
FEMALE_DAY_OFFSET = 40
PLACEHOLDERS = frozenset({digit * NUMBER_LENGTH for digit in "0123456789"} | {"1234567890123456", "0123456789012345"})
ADULT_ON_NIK = 17

_DIGITS = re.compile(r"[0-9]+")
_APOSTROPHES = ("'", "‘", "’")
_DROPPED = dict.fromkeys(map(ord, ".-‐‑‒–—―−"))
_NOBODY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Person:
    """What is known about the owner of a NIK besides the NIK."""

    today: date
    born: date | None
    born_year_only: bool
    sex: str
    domicile: str


def normalise_number(text: str) -> str:
    """A typed NIK or KK number without a spreadsheet's apostrophe, white space, dots and dashes."""
    trimmed = text.strip()
    if trimmed.startswith(_APOSTROPHES):
        trimmed = trimmed[1:]
    return "".join(trimmed.split()).translate(_DROPPED)


def check_nik(
    text: str,
    *,
    today: date,
    required: bool = True,
    born: date | None = None,
    born_year_only: bool = False,
    sex: str = "",
    domicile: str = "",
    existing: Mapping[str, str] = _NOBODY,
    kk: str = "",
    regions: Regions | None = None,
) -> Checked:
    """Judge a NIK. `existing` maps NIKs of other active persons to names; `domicile` is a kecamatan or village code.

    With `born_year_only` just the two-digit year is compared. Without `regions` the region part is not judged.
    """
    number = normalise_number(text)
    shape = _shape_finding(number, "NIK", _("NIK"), required)
    if shape is not None or not number:
        return Checked(None, () if shape is None else (shape,))
    person = _Person(today, born, born_year_only, sex, domicile)
    findings = [
        *_nik_taken(number, existing, kk),
        *_nik_region(number, domicile, regions),
        *_nik_birth(number, person),
        *_nik_rest(number, person),
    ]
    return Checked(number, tuple(findings))


def check_kk(
    text: str,
    *,
    today: date,
    required: bool = True,
    niks: Collection[str] = (),
    regions: Regions | None = None,
) -> Checked:
    """Judge a family card number; `niks` are the family's. Without `regions` the region part is not judged."""
    number = normalise_number(text)
    shape = _shape_finding(number, "KK", _("Nomor KK"), required)
    if shape is not None or not number:
        return Checked(None, () if shape is None else (shape,))
    findings: list[CodedFinding] = []
    if number in PLACEHOLDERS:
        findings.append(error("KK_PLACEHOLDER", _("Nomor KK ini bukan nomor sebenarnya.")))
    if number in {normalise_number(nik) for nik in niks}:
        findings.append(error("KK_IS_NIK", _("Yang diisi adalah NIK anggota keluarga, bukan nomor KK.")))
    if regions is not None and not regions.nik_region_known(number[:6]):
        findings.append(
            warning("KK_REGION_UNKNOWN", _("Kode wilayah pada nomor KK tidak dikenal. Cocokkan dengan Kartu Keluarga."))
        )
    findings.extend(_kk_date(number, today))
    if number.endswith("0000"):
        findings.append(warning("KK_SERIAL_ZERO", _("Nomor urut 0000 tidak lazim.")))
    return Checked(number, tuple(findings))


def mask_nik(nik: str) -> str:
    """A NIK as lists and prints show it: the first and the last four digits; anything else is hidden whole."""
    if len(nik) != NUMBER_LENGTH:
        return "*" * len(nik)
    return f"{nik[:4]}********{nik[-4:]}"


def group_nik(nik: str) -> str:
    """A NIK in groups of four, as it stands on the card."""
    return " ".join(nik[at : at + 4] for at in range(0, len(nik), 4))


def nik_birth_date(nik: str, today: date) -> date | None:
    """The birth date that a NIK speaks of: 20YY if that is not after the year of `today`, else 19YY."""
    day, month, year = _date_digits(nik)
    if day > FEMALE_DAY_OFFSET:
        day -= FEMALE_DAY_OFFSET
    centuries = (2000, 1900) if 2000 + year <= today.year else (1900, 2000)
    found = (day_of(century + year, month, day) for century in centuries)
    return next((born for born in found if born is not None), None)


def nik_sex(nik: str) -> str:
    """The sex that a NIK speaks of: "L", "P", or "" when the day is none of a calendar's."""
    day = _date_digits(nik)[0]
    if 1 <= day <= 31:
        return "L"
    return "P" if FEMALE_DAY_OFFSET + 1 <= day <= FEMALE_DAY_OFFSET + 31 else ""


def _shape_finding(number: str, prefix: str, word: str, required: bool) -> CodedFinding | None:
    """What makes a text no number at all; ASCII digits only, because full-width digits and 6,4E+15 must fail."""
    if not number:
        return error(f"{prefix}_REQUIRED", _("{word} wajib diisi.").format(word=word)) if required else None
    if not _DIGITS.fullmatch(number):
        message = _("{word} hanya boleh berisi angka 0–9. Periksa huruf O atau I.")
        return error(f"{prefix}_CHARS", message.format(word=word))
    if len(number) != NUMBER_LENGTH:
        message = _("{word} harus 16 angka, yang diisi {n} angka.")
        return error(f"{prefix}_LENGTH", message.format(word=word, n=len(number)))
    return None


def _nik_taken(number: str, existing: Mapping[str, str], kk: str) -> Iterator[CodedFinding]:
    if number in PLACEHOLDERS:
        yield error("NIK_PLACEHOLDER", _("NIK ini bukan nomor sebenarnya."))
    if kk and number == normalise_number(kk):
        yield error("NIK_IS_KK", _("Yang diisi adalah nomor KK, bukan NIK."))
    if number in existing:
        yield error("NIK_DUPLICATE", _("NIK sudah dipakai: {nama}.").format(nama=existing[number] or "–"))


def _nik_region(number: str, domicile: str, regions: Regions | None) -> Iterator[CodedFinding]:
    if regions is None:
        return
    code = number[:6]
    if not regions.nik_region_known(code):
        yield warning("NIK_REGION_UNKNOWN", _("Kode wilayah pada NIK tidak dikenal. Cocokkan dengan KTP."))
    elif domicile and code != domicile.replace(".", "")[:6]:
        place = regions.nik_region_name(code)
        yield info("NIK_OTHER_REGION", _("NIK pertama diterbitkan di {tempat}.").format(tempat=place))


def _nik_birth(number: str, person: _Person) -> Iterator[CodedFinding]:
    if nik_birth_date(number, person.today) is None:
        yield warning("NIK_DATE_INVALID", _("Tanggal lahir pada NIK tidak lazim. Cocokkan dengan KTP."))
    if person.born is not None and _differs_from_birth(number, person.born, person.born_year_only):
        message = _("Tanggal lahir pada NIK berbeda dengan yang diisi. NIK tidak perlu diubah bila sesuai KTP.")
        yield warning("NIK_DOB_MISMATCH", message)
    day = _date_digits(number)[0]
    if (person.sex == "L" and day > FEMALE_DAY_OFFSET) or (person.sex == "P" and day <= 31):
        yield warning("NIK_SEX_MISMATCH", _("Jenis kelamin pada NIK berbeda dengan yang diisi."))


def _nik_rest(number: str, person: _Person) -> Iterator[CodedFinding]:
    if number.endswith("0000"):
        yield warning("NIK_SERIAL_ZERO", _("Nomor urut 0000 tidak lazim."))
    if person.born is not None:
        return
    born = nik_birth_date(number, person.today)
    age = ADULT_ON_NIK if born is None else max(0, age_on(born, person.today))
    if age < ADULT_ON_NIK:
        yield warning("NIK_MINOR", _("Menurut NIK, umur {n} tahun.").format(n=age))


def _differs_from_birth(number: str, born: date, year_only: bool) -> bool:
    day, month, year = _date_digits(number)
    if year_only:
        return year != born.year % 100
    if day > FEMALE_DAY_OFFSET:
        day -= FEMALE_DAY_OFFSET
    return (day, month, year) != (born.day, born.month, born.year % 100)


def _kk_date(number: str, today: date) -> Iterator[CodedFinding]:
    """The date of recording: looks like a woman's NIK, else no date, else in the future (order of handbook 3.2)."""
    day, month, year = _date_digits(number)
    recorded = day_of(2000 + year, month, day)
    if FEMALE_DAY_OFFSET < day <= FEMALE_DAY_OFFSET + 31:
        yield warning("KK_LOOKS_LIKE_NIK", _("Angka ini mirip NIK perempuan."))
    elif recorded is None:
        yield warning("KK_DATE_INVALID", _("Tanggal pada nomor KK tidak lazim. Cocokkan dengan Kartu Keluarga."))
    elif recorded > today:
        message = _("Tanggal pada nomor KK belum terjadi. Cocokkan dengan Kartu Keluarga.")
        yield warning("KK_DATE_FUTURE", message)


def _date_digits(number: str) -> tuple[int, int, int]:
    """Day, month and two-digit year as they stand in a NIK or KK number."""
    return int(number[6:8]), int(number[8:10]), int(number[10:12])
