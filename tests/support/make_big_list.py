"""A list of many people as a district would send it: real-looking, and with every mistake that the handbook names.

Nothing is left to chance: the same number of rows gives the same list. Everybody is fictional: plants, NIK serials
99nn, telephone 0812 0000 nnnn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kube_field.domain.regions import Region, Regions

Row = dict[str, Any]
FAMILY_SIZE = 4
PLANTS = """Melati Kenanga Anggrek Cempaka Dahlia Flamboyan Kamboja Lavender Teratai Seruni Meranti Ulin Bangkirai
Kapur Kempas Jelutung Nyatoh Keruing Gaharu Pandan Sirih Kemangi Selasih Serai Kunyit Jahe Lengkuas Kencur Temu Pala"""
PLACES = "Contoh Rawa Rimba Hulu Hilir Muara Tanjung Gunung Lembah Danau Padang Ladang Kebun Pantai"
FIRST, SECOND = tuple(PLANTS.split()), tuple(PLACES.split())
STATUS = ("Kepala Keluarga", "Istri", "Anak Kandung", "Famili Lain")
MARRIED = ("Kawin Tercatat", "Kawin", "Belum Kawin", "Belum Menikah")
SCHOOL = ("Tamat SD/Sederajat", "SLTP/Sederajat", "SLTA/Sederajat", "Tidak/Belum Sekolah")
WORK = ("Petani/Pekebun", "Mengurus Rumah Tangga", "Buruh Harian Lepas", "Nelayan/Perikanan")
HEADINGS = (
    "No",
    "NIK",
    "No KK",
    "Nama Lengkap",
    "JK",
    "Tempat Lahir",
    "Tgl Lahir",
    "SHDK",
    "Status Kawin",
    "Pendidikan",
    "Baca Tulis",
    "Pekerjaan",
    "Pencari Nafkah",
    "ASN",
    "Kategori PPKS",
    "Kriteria WRSE",
    "Keadaan NIK",
    "Alasan Tidak Punya NIK",
    "No. HP",
    "Nama Kepala Keluarga",
    "Alamat",
    "RT",
    "RW",
    "Desa/Kelurahan",
    "Kecamatan",
    "Jml Jiwa",
    "Balita",
    "Anak Sekolah",
    "Lansia",
    "Jml Disabilitas",
    "Status Rumah",
    "Listrik",
    "Air",
    "Sering Banjir",
    "Desil",
    "Tgl Dicek",
    "Sumber",
    "Persetujuan",
    "Tgl Persetujuan",
    "Cara Persetujuan",
)


ERRORS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("NUMBER_CELL", {"NIK": float}),
    ("NUMBER_CELL", {"No KK": float}),
    ("NIK_REQUIRED", {"NIK": ""}),
    ("NIK_CHARS", {"NIK": lambda nik: nik[:-1] + "O"}),
    ("NIK_LENGTH", {"NIK": lambda nik: nik[:-2]}),
    ("NIK_PLACEHOLDER", {"NIK": "1111111111111111"}),
    ("NIK_IS_KK", {"NIK": "KK"}),
    ("KK_REQUIRED", {"No KK": ""}),
    ("KK_CHARS", {"No KK": lambda kk: kk[:-1] + "I"}),
    ("KK_LENGTH", {"No KK": lambda kk: kk + "1"}),
    ("KK_PLACEHOLDER", {"No KK": "1234567890123456"}),
    ("PHONE_MULTIPLE", {"No. HP": "0812-0000-1111 / 0813-0000-2222"}),
    ("PHONE_CHARS", {"No. HP": "0812-0000-II11"}),
    ("PHONE_LENGTH", {"No. HP": "0812-00"}),
    ("PHONE_INVALID", {"No. HP": "0801-0000-1111"}),
    ("NAME_REQUIRED", {"Nama Lengkap": ""}),
    ("NAME_CHARS", {"Nama Lengkap": "Melati ★"}),
    ("NAME_TOO_LONG", {"Nama Lengkap": "Melati " * 18}),
    ("DATE_REQUIRED", {"Tgl Lahir": ""}),
    ("DATE_FORMAT", {"Tgl Lahir": "tidak ingat"}),
    ("DATE_TWO_DIGIT_YEAR", {"Tgl Lahir": "08/06/68"}),
    ("DATE_NOT_EXIST", {"Tgl Lahir": "31/02/1968"}),
    ("DATE_NUMBER", {"Tgl Lahir": 24997.0}),
    ("DATE_FUTURE", {"Tgl Lahir": "01/01/2031"}),
    ("AGE_IMPLAUSIBLE", {"Tgl Lahir": "01/01/1899"}),
    ("REGION_UNKNOWN", {"Desa/Kelurahan": "Desa Tidak Ada"}),
    ("AREA_NOT_ALLOWED", {"Desa/Kelurahan": "64.08.01.2001", "Kecamatan": ""}),
    ("CHOICE_UNKNOWN", {"JK": "X"}),
    ("CHOICE_UNKNOWN", {"Pendidikan": "kuliah malam"}),
    ("YES_NO", {"ASN": "mungkin"}),
    ("NUMBER_FORMAT", {"Jml Jiwa": "banyak"}),
    ("TOO_LARGE", {"Jml Jiwa": 31.0}),
    ("COUNT_ABOVE_SIZE", {"Balita": 9.0}),
    ("REQUIRED", {"Alamat": ""}),
    ("REQUIRED", {"Pekerjaan": ""}),
    ("CONSENT_REQUIRED", {"Persetujuan": "Tidak"}),
    ("DATE_FUTURE", {"Tgl Dicek": "01/01/2031"}),
)
"""Code of the finding, and what stands in the row instead; a function changes what stood there."""
WARNINGS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("NIK_REGION_UNKNOWN", {"NIK": lambda nik: "990212" + nik[6:]}),
    ("NIK_DATE_INVALID", {"NIK": lambda nik: nik[:6] + "81" + nik[8:]}),
    ("NIK_DOB_MISMATCH", {"NIK": lambda nik: nik[:10] + f"{(int(nik[10:12]) + 1) % 100:02d}" + nik[12:]}),
    ("NIK_SEX_MISMATCH", {"JK": lambda sex: "P" if sex == "L" else "L"}),
    ("NIK_SERIAL_ZERO", {"NIK": lambda nik: nik[:12] + "0000"}),
    ("KK_REGION_UNKNOWN", {"No KK": lambda kk: "990212" + kk[6:]}),
    ("KK_LOOKS_LIKE_NIK", {"No KK": lambda kk: kk[:6] + "52" + kk[8:]}),
    ("KK_DATE_INVALID", {"No KK": lambda kk: kk[:6] + "3113" + kk[10:]}),
    ("KK_DATE_FUTURE", {"No KK": lambda kk: kk[:10] + "45" + kk[12:]}),
    ("KK_SERIAL_ZERO", {"No KK": lambda kk: kk[:12] + "0000"}),
    ("PHONE_NO_LEADING_ZERO", {"No. HP": "81200001111"}),
    ("PHONE_FOREIGN", {"No. HP": "+60123456789"}),
    ("PHONE_SUSPICIOUS", {"No. HP": "081299999999"}),
    ("NAME_LONG", {"Nama Lengkap": lambda name: f"{name} binti Contoh Panjang Sekali Namanya Menurut Kartu Keluarga"}),
    ("NAME_DIGITS", {"Nama Lengkap": lambda name: f"{name} 2"}),
    ("NAME_NOTE", {"Nama Lengkap": lambda name: f"{name} (alm)"}),
    ("NAME_SINGLE_LETTER", {"Nama Lengkap": "Y"}),
    ("PUBLIC_SERVANT", {"ASN": "Ya"}),
    ("RELATION_SEX", {"SHDK": "Suami", "JK": "P"}),
    ("DESIL_ABOVE_5", {"Desil": 9.0, "Kategori PPKS": "Fakir Miskin"}),
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A row as it stands in the list, as it ought to be, and what is wrong with it: a code, "" for nothing."""

    cells: Row
    good: Row
    code: str = ""
    is_error: bool = False


def big_list(count: int, regions: Regions, kabupaten: str = "64.02", *, wrong_every: int = 20) -> Iterator[Listed]:
    """So many people of a kabupaten in families of four; every `wrong_every`th family of one row has a mistake."""
    villages = [(v, k.name) for k in regions.kecamatan_in(kabupaten) for v in regions.villages_in(k.code)]
    mistakes = [(code, make, True) for code, make in ERRORS] + [(code, make, False) for code, make in WARNINGS]
    at = family = wrong = 0
    while at < count:
        has_mistake = family % wrong_every == wrong_every - 1
        size = 1 if has_mistake else min(FAMILY_SIZE, count - at)
        village, above = villages[family % len(villages)]
        rows = [_person(at + place, family, place, village, above, size) for place in range(size)]
        at += size
        family += 1
        if not has_mistake:
            yield from (Listed(row, row) for row in rows)
            continue
        code, make, is_error = mistakes[wrong % len(mistakes)]
        wrong += 1
        yield Listed({**rows[0], **_made(rows[0], make)}, rows[0], code, is_error)


def doubles_of(rows: list[Listed], every: int) -> list[Listed]:
    """Rows of the list once more: the same NIK, and a like name born the same day with another number, by turns."""
    found = []
    for turn, listed in enumerate(rows[::every]):
        if listed.code:
            continue
        again = dict(listed.good)
        if turn % 2:
            again |= {"NIK": _other_serial(again["NIK"]), "Nama Lengkap": again["Nama Lengkap"] + "a"}
        found.append(Listed(again, again, "DOUBLE"))
    return found


def _other_serial(nik: str) -> str:
    return nik[:12] + f"{(int(nik[12:]) + 5000) % 10000:04d}"


def _made(row: Row, make: Mapping[str, Any]) -> Row:
    cells: Row = {}
    for heading, cell in make.items():
        if cell == "KK":
            cells[heading] = row["No KK"]
        else:
            cells[heading] = cell(row[heading]) if callable(cell) else cell
    return cells


def _person(number: int, family: int, place: int, village: Region, kecamatan_name: str, size: int) -> Row:
    is_woman = place == 1 or (place > 1 and number % 2 == 0)
    born = date(1950, 1, 1) + timedelta(days=(number * 37) % (18_000 if place < 2 else 5_000) + (place > 1) * 20_000)
    kecamatan = village.parent_code.replace(".", "")
    nik = f"{kecamatan}{born.day + 40 * is_woman:02d}{born:%m%y}{9000 + number % 1000:04d}"
    recorded = date(2008, 1, 1) + timedelta(days=family % 6000)
    kk = f"{kecamatan}{recorded:%d%m%y}{9800 + family // 6000 % 200:04d}"
    return {
        "No": float(number + 1),
        "NIK": nik,
        "No KK": kk,
        "Nama Lengkap": f"{FIRST[number % 30]} {SECOND[number // 30 % 14]} {FIRST[(number * 7 + 3) % 30]}",
        "JK": "P" if is_woman else "L",
        "Tempat Lahir": village.name,
        "Tgl Lahir": (born, f"{born:%d/%m/%Y}", f"{born:%d-%m-%Y}")[number % 3],
        "SHDK": STATUS[place],
        "Status Kawin": MARRIED[place],
        "Pendidikan": SCHOOL[number % 4],
        "Baca Tulis": "Lancar",
        "Pekerjaan": WORK[1] if place == 1 else WORK[number % 4 if place == 0 else 2],
        "Pencari Nafkah": "Ya" if place == 0 else "Tidak",
        "ASN": "Tidak",
        "Kategori PPKS": "Fakir Miskin",
        "Kriteria WRSE": "",
        "Keadaan NIK": "KTP" if place < 2 else "KK",
        "Alasan Tidak Punya NIK": "",
        "No. HP": f"0812-{number // 10_000:04d}-{number % 10_000:03d}7" if place == 0 else "-",
        "Nama Kepala Keluarga": f"{FIRST[family % 30]} {SECOND[family // 30 % 14]} {FIRST[(family * 11) % 30]}",
        "Alamat": f"Jalan {FIRST[family % 30]} Nomor {family % 200 + 1}",
        "RT": f"{family % 40 + 1:03d}",
        "RW": f"{family % 9 + 1:03d}" if family % 3 else "",
        "Desa/Kelurahan": village.name,
        "Kecamatan": kecamatan_name,
        "Jml Jiwa": float(max(size, 3)),
        "Balita": 0.0,
        "Anak Sekolah": 1.0,
        "Lansia": 0.0,
        "Jml Disabilitas": 0.0,
        "Status Rumah": "Milik sendiri",
        "Listrik": "450 VA",
        "Air": "Cukup untuk rumah",
        "Sering Banjir": "Tidak",
        "Desil": float(family % 5 + 1),
        "Tgl Dicek": date(2026, 10, 1),
        "Sumber": "SIKS-NG",
        "Persetujuan": "Ya",
        "Tgl Persetujuan": "02/10/2026",
        "Cara Persetujuan": "Lisan",
    }
