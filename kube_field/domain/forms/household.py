"""Keluarga: card number, address, members, dwelling, DTSEN (handbook 5.3)."""

from __future__ import annotations

from collections.abc import Iterator
from gettext import gettext as _

from kube_field.domain.forms.answered import fact, galat, whole
from kube_field.domain.forms.checks import family_kk, in_task_area
from kube_field.domain.forms.codes import NONE, VERSION
from kube_field.domain.forms.consent import DESIL_QUESTIONS, LOCATION_CONSENT
from kube_field.domain.forms.declaration import Context, Finding, Form, Kind, Question, Required, Section, choices
from kube_field.domain.records import Answers, RecordKind

FINAL, DRAFT = Required.FINAL, Required.DRAFT
ELECTRICITY_CHOICES = choices(
    (NONE, "Tidak ada"), ("dasar", "≤450 VA/genset/surya"), ("900va", "900 VA"), ("1300va", "≥1.300 VA")
)
WATER_CHOICES = choices((NONE, "Tidak ada"), ("bersih", "Cukup untuk rumah"), ("banyak", "Cukup untuk usaha"))
PARTS_OF_FAMILY = ("n_under5", "n_school", "n_elderly", "n_disabled")


def _count(code: str, label: str) -> Question:
    return Question(code=code, label=label, kind=Kind.INTEGER, required=FINAL, at_least=0, at_most=30, unit="orang")


ADDRESS = Section(
    code="1",
    title="Kartu keluarga dan alamat",
    questions=(
        Question(
            code="kk_number",
            label="Nomor KK",
            kind=Kind.KK,
            required=FINAL,
            help="Lihat bagian atas Kartu Keluarga",
            checks=(family_kk,),
            header=True,
        ),
        Question(code="head_name", label="Nama kepala keluarga", kind=Kind.NAME, required=FINAL, header=True),
        Question(
            code="village_code",
            label="Desa/Kelurahan/Kampung",
            kind=Kind.REGION,
            required=DRAFT,
            checks=(in_task_area,),
            header=True,
        ),
        Question(
            code="village_name_snapshot",
            label="Nama wilayah saat dicatat",
            kind=Kind.TEXT,
            fixed=True,
            help="Diisi sendiri; tetap sama bila kode wilayah berubah",
        ),
        Question(
            code="address",
            label="Alamat",
            kind=Kind.TEXT,
            required=FINAL,
            max_length=200,
            help="Jalan/gang/patokan",
            header=True,
        ),
        Question(code="dusun", label="Dusun/lingkungan", kind=Kind.TEXT, max_length=80),
        Question(code="rt", label="RT", kind=Kind.INTEGER, required=FINAL, at_least=1, at_most=999, header=True),
        Question(
            code="rw", label="RW", kind=Kind.INTEGER, at_least=1, at_most=999, help="RW boleh kosong", header=True
        ),
        Question(
            code="location",
            label="Titik lokasi",
            kind=Kind.LOCATION,
            help="Hanya bila warga bersedia. Tanpa penerima GPS: ketik lintang dan bujur, atau “tidak tersedia”.",
        ),
    ),
)
MEMBERS = Section(
    code="2",
    title="Anggota keluarga",
    questions=(
        Question(
            code="size",
            label="Jumlah anggota keluarga",
            kind=Kind.INTEGER,
            required=FINAL,
            at_least=1,
            at_most=30,
            unit="orang",
            help="Termasuk yang diwawancarai",
        ),
        _count("n_under5", "Balita"),
        _count("n_school", "Usia sekolah"),
        _count("n_elderly", "Lansia"),
        _count("n_disabled", "Penyandang disabilitas"),
    ),
)
DWELLING = Section(
    code="3",
    title="Rumah dan lingkungan",
    questions=(
        Question(
            code="dwelling_status",
            label="Status tempat tinggal",
            kind=Kind.ONE_OF,
            required=FINAL,
            choices=choices(
                ("milik_sendiri", "Milik sendiri"),
                ("sewa", "Sewa/kontrak"),
                ("menumpang", "Menumpang"),
                ("dinas", "Rumah dinas"),
                ("lainnya", "Lainnya"),
            ),
        ),
        Question(
            code="electricity",
            label="Listrik",
            kind=Kind.ONE_OF,
            required=FINAL,
            choices=ELECTRICITY_CHOICES,
        ),
        Question(
            code="water",
            label="Air",
            kind=Kind.ONE_OF,
            required=FINAL,
            choices=WATER_CHOICES,
        ),
        Question(
            code="signal",
            label="Sinyal seluler",
            kind=Kind.ONE_OF,
            choices=choices((NONE, "Tidak ada"), ("lemah", "Lemah"), ("baik", "Baik")),
        ),
        Question(code="flood_prone", label="Sering banjir", kind=Kind.YES_NO, required=FINAL),
    ),
)
WELFARE = Section(
    code="4",
    title="Data kesejahteraan",
    questions=(
        Question(
            code="dtsen_rows",
            label="Desil DTSEN",
            kind=Kind.ROWS,
            required=FINAL,
            at_least=1,
            columns=DESIL_QUESTIONS,
            help="Catat tanggal dan sumber; desil dapat berubah tiap tiga bulan",
        ),
        Question(
            code="other_aid",
            label="Bantuan lain yang diterima",
            kind=Kind.MANY_OF,
            choices=choices(
                ("pkh", "PKH"),
                ("sembako", "Sembako/BPNT"),
                ("pbi_jk", "PBI-JK (BPJS Kesehatan)"),
                ("blt_desa", "BLT Desa"),
                ("pip", "PIP (Program Indonesia Pintar)"),
                (NONE, "Tidak ada"),
                ("tidak_tahu", "Tidak tahu"),
            ),
        ),
    ),
)


def _parts_within_size(answers: Answers, _context: Context) -> Iterator[Finding]:
    size = whole(answers, "size")
    for code in PARTS_OF_FAMILY:
        count = whole(answers, code)
        if size is not None and count is not None and count > size:
            message = _("Tidak boleh lebih dari jumlah anggota keluarga ({size}).").format(size=size)
            yield galat("COUNT_ABOVE_SIZE", code, message)


def _location_consent(answers: Answers, context: Context) -> Iterator[Finding]:
    place = answers.get("location")
    has_point = isinstance(place, dict) and "latitude" in place
    if has_point and fact(context, "consents").get(LOCATION_CONSENT) is False:
        yield galat("CONSENT_LOCATION", "location", _("Warga tidak bersedia titik lokasi rumah dicatat."))


HOUSEHOLD_FORM = Form(
    kind=RecordKind.HOUSEHOLD,
    version=VERSION,
    title="Keluarga",
    sections=(ADDRESS, MEMBERS, DWELLING, WELFARE),
    rules=(_parts_within_size, _location_consent),
)
