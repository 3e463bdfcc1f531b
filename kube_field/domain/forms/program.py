"""Paket program and petugas: what the province keeps for everybody (handbook 5.1, 5.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from gettext import gettext as _
from typing import Any

from kube_field.domain.forms.answered import answered, day, galat, rows, text, whole
from kube_field.domain.forms.codes import VERSION
from kube_field.domain.forms.declaration import (
    Context,
    Finding,
    Form,
    Kind,
    Question,
    Required,
    Section,
    Severity,
    choices,
)
from kube_field.domain.forms.kinds import Said
from kube_field.domain.records import PROVINCE_SCOPE, Answers, RecordKind
from kube_field.domain.regions import Regions

FINAL, DRAFT = Required.FINAL, Required.DRAFT
GROUP_SCHEMES = ("kube", "wrse_kelompok")
of_groups = answered("scheme", *GROUP_SCHEMES)
AREA = re.compile(r"64|[0-9]{2}\.[0-9]{2}(\.[0-9]{2})?", re.ASCII)
NIP = re.compile(r"[0-9]{18}", re.ASCII)
KABUPATEN = choices(
    ("64.01", "Kabupaten Paser"),
    ("64.02", "Kabupaten Kutai Kartanegara"),
    ("64.03", "Kabupaten Berau"),
    ("64.07", "Kabupaten Kutai Barat"),
    ("64.08", "Kabupaten Kutai Timur"),
    ("64.09", "Kabupaten Penajam Paser Utara"),
    ("64.11", "Kabupaten Mahakam Ulu"),
    ("64.71", "Kota Balikpapan"),
    ("64.72", "Kota Samarinda"),
    ("64.74", "Kota Bontang"),
)


def _is_nip(value: Any, answers: Answers, _context: Context) -> Iterator[Said]:
    """18 digits when it is a NIP; a register number of a volunteer looks otherwise, so only a warning."""
    if not NIP.fullmatch(str(value)):
        yield ("NIP_LENGTH", Severity.PERINGATAN, _("NIP terdiri dari 18 angka. Abaikan bila ini nomor register."))


def _is_in(regions: Regions, code: str) -> bool:
    if code == PROVINCE_SCOPE:
        return True
    found = regions.kecamatan(code) if code.count(".") == 2 else regions.kabupaten(code)
    return found is not None


def _known_areas(value: Any, _answers: Answers, context: Context) -> Iterator[Said]:
    """Every area is a kabupaten, a kecamatan, or the whole province."""
    regions = context.reference.regions if context.reference is not None else None
    for code in value:
        if not AREA.fullmatch(code) or not (regions is None or _is_in(regions, code)):
            yield ("AREA_UNKNOWN", Severity.GALAT, _("Wilayah {code} tidak ada dalam daftar.").format(code=code))


STAFF_FORM_SECTION = Section(
    code="1",
    title="Petugas",
    questions=(
        Question(code="full_name", label="Nama petugas", kind=Kind.NAME, required=DRAFT, header=True),
        Question(
            code="employee_number",
            label="NIP/Nomor register",
            kind=Kind.TEXT,
            max_length=30,
            checks=(_is_nip,),
            header=True,
        ),
        Question(
            code="role",
            label="Peran",
            kind=Kind.ONE_OF,
            required=DRAFT,
            choices=choices(
                ("pendamping", "Pendamping"),
                ("tksk", "TKSK"),
                ("psm", "PSM"),
                ("pekerja_sosial", "Pekerja sosial"),
                ("penyelia_kab", "Penyelia kabupaten/kota"),
                ("admin_prov", "Admin provinsi"),
                ("pimpinan", "Pimpinan"),
            ),
            header=True,
        ),
        Question(
            code="office",
            label="Instansi",
            kind=Kind.TEXT,
            required=FINAL,
            max_length=120,
            help="Misalnya: Dinas Sosial Kabupaten Kutai Kartanegara",
        ),
        Question(
            code="area_codes",
            label="Wilayah tugas",
            kind=Kind.MANY_OF,
            required=FINAL,
            at_least=1,
            at_most=120,
            checks=(_known_areas,),
            help="Laptop hanya menerima data wilayah ini",
        ),
        Question(code="phone", label="No. HP", kind=Kind.PHONE),
        Question(code="active_from", label="Masa tugas mulai", kind=Kind.DATE, required=FINAL, header=True),
        Question(code="active_to", label="Masa tugas sampai", kind=Kind.DATE, header=True),
    ),
)


def _service_period(answers: Answers, _context: Context) -> Iterator[Finding]:
    start, end = day(answers, "active_from"), day(answers, "active_to")
    if start is not None and end is not None and end < start:
        yield galat("PERIOD_ORDER", "active_to", _("Akhir masa tugas sebelum awalnya."))


STAFF_FORM = Form(
    kind=RecordKind.STAFF,
    version=VERSION,
    title="Petugas",
    sections=(STAFF_FORM_SECTION,),
    rules=(_service_period,),
)

BATCH = Section(
    code="1",
    title="Paket program",
    questions=(
        Question(
            code="name",
            label="Nama paket",
            kind=Kind.TEXT,
            required=DRAFT,
            max_length=120,
            help="Misalnya: KUBE APBD Prov 2026",
            header=True,
        ),
        Question(
            code="scheme",
            label="Skema",
            kind=Kind.ONE_OF,
            required=DRAFT,
            choices=choices(
                ("kube", "KUBE"),
                ("wrse_perorangan", "WRSE perorangan"),
                ("wrse_kelompok", "WRSE kelompok"),
                ("keluarga_perorangan", "Keluarga perorangan"),
            ),
            header=True,
        ),
        Question(
            code="fiscal_year",
            label="Tahun anggaran",
            kind=Kind.INTEGER,
            required=DRAFT,
            at_least=2015,
            at_most=2099,
            header=True,
        ),
        Question(
            code="funding_source",
            label="Sumber dana",
            kind=Kind.ONE_OF,
            required=FINAL,
            choices=choices(
                ("apbd_prov", "APBD provinsi"),
                ("apbd_kab", "APBD kabupaten/kota"),
                ("apbn", "APBN"),
                ("csr", "CSR"),
                ("lainnya", "Lainnya"),
            ),
        ),
        Question(
            code="unit_amount_idr",
            label="Nilai bantuan per penerima",
            kind=Kind.RUPIAH,
            required=FINAL,
            soft_limit=50_000_000,
        ),
        Question(
            code="aid_form",
            label="Bentuk bantuan",
            kind=Kind.ONE_OF,
            required=FINAL,
            choices=choices(
                ("barang_bahan", "Barang dan bahan"),
                ("uang_rekening", "Uang melalui rekening"),
                ("campuran", "Campuran"),
            ),
        ),
        Question(
            code="tranches",
            label="Tahap pencairan",
            kind=Kind.ROWS,
            required=FINAL,
            at_least=1,
            at_most=6,
            help="Jumlah semua tahap 100%",
            columns=(
                Question(code="no", label="Tahap", kind=Kind.INTEGER, required=FINAL, at_least=1, at_most=6),
                Question(
                    code="percent",
                    label="Bagian",
                    kind=Kind.INTEGER,
                    required=FINAL,
                    at_least=1,
                    at_most=100,
                    unit="%",
                ),
                Question(
                    code="condition",
                    label="Syarat",
                    kind=Kind.ONE_OF,
                    required=FINAL,
                    choices=choices(("langsung", "Langsung"), ("setelah_kunjungan", "Setelah kunjungan disetujui")),
                ),
            ),
        ),
        Question(
            code="min_members",
            label="Jumlah anggota minimum",
            kind=Kind.INTEGER,
            required=FINAL,
            applies_if=of_groups,
            at_least=2,
            at_most=100,
            help="Biasanya 5",
        ),
        Question(
            code="max_members",
            label="Jumlah anggota maksimum",
            kind=Kind.INTEGER,
            required=FINAL,
            applies_if=of_groups,
            at_least=2,
            at_most=100,
            help="Biasanya 20",
        ),
        Question(code="age_min", label="Umur paling rendah", kind=Kind.INTEGER, at_least=15, at_most=99, unit="tahun"),
        Question(code="age_max", label="Umur paling tinggi", kind=Kind.INTEGER, at_least=15, at_most=99, unit="tahun"),
        Question(
            code="desil_max",
            label="Desil tertinggi",
            kind=Kind.INTEGER,
            at_least=1,
            at_most=10,
            help="Batas kelayakan fakir miskin; kosong berarti desil 1 sampai 5",
        ),
        Question(
            code="target_units",
            label="Target unit per kabupaten/kota",
            kind=Kind.ROWS,
            at_most=10,
            columns=(
                Question(code="kabupaten", label="Kabupaten/kota", kind=Kind.ONE_OF, required=FINAL, choices=KABUPATEN),
                Question(code="units", label="Unit", kind=Kind.INTEGER, required=FINAL, at_least=0, at_most=10_000),
            ),
        ),
        Question(
            code="visit_plan_code",
            label="Jadwal kunjungan",
            kind=Kind.ONE_OF,
            required=FINAL,
            choices=choices(("standar", "Standar (14 kunjungan)"), ("singkat", "Singkat (7 kunjungan)")),
            header=True,
        ),
        Question(
            code="legal_basis_text",
            label="Dasar hukum/SK",
            kind=Kind.LONG_TEXT,
            help="Dicetak pada BAST dan laporan",
        ),
    ),
)


def _tranches_sum(answers: Answers, _context: Context) -> Iterator[Finding]:
    shares = [whole(row, "percent") for _at, row in rows(answers, "tranches")]
    if shares and None not in shares and sum(share for share in shares if share is not None) != 100:
        message = _("Jumlah semua tahap harus 100%, sekarang {n}%.").format(n=sum(share or 0 for share in shares))
        yield galat("TRANCHES_NOT_100", "tranches", message)


def _tranche_numbers(answers: Answers, _context: Context) -> Iterator[Finding]:
    numbers = [whole(row, "no") for _at, row in rows(answers, "tranches")]
    if None not in numbers and sorted(n or 0 for n in numbers) != list(range(1, len(numbers) + 1)):
        yield galat("TRANCHE_NUMBERS", "tranches", _("Nomor tahap harus berurutan mulai dari 1."))


def _ordered_pairs(answers: Answers, _context: Context) -> Iterator[Finding]:
    for low, high in (("min_members", "max_members"), ("age_min", "age_max")):
        least, most = whole(answers, low), whole(answers, high)
        if least is not None and most is not None and most < least:
            yield galat("MAX_BELOW_MIN", high, _("Batas atas lebih kecil dari batas bawah."))


def _target_twice(answers: Answers, _context: Context) -> Iterator[Finding]:
    seen: set[str] = set()
    for at, row in rows(answers, "target_units"):
        place = text(row, "kabupaten")
        if place and place in seen:
            yield galat("TARGET_TWICE", "target_units", _("Kabupaten/kota ini sudah diisi."), at, "kabupaten")
        seen.add(place)


PROGRAM_BATCH_FORM = Form(
    kind=RecordKind.PROGRAM_BATCH,
    version=VERSION,
    title="Paket program",
    sections=(BATCH,),
    rules=(_tranches_sum, _tranche_numbers, _ordered_pairs, _target_twice),
)
