"""Warga/penerima manfaat: one person (handbook 5.4)."""

from __future__ import annotations

from kube_field.domain.forms.answered import answered, picked
from kube_field.domain.forms.checks import person_nik
from kube_field.domain.forms.codes import PPKS_CATEGORIES, PRSE, SEXES, VERSION
from kube_field.domain.forms.consent import CONSENT_ROW, PRIVACY_NOTICE
from kube_field.domain.forms.declaration import Choice, Context, Form, Kind, Question, Required, Section, choices
from kube_field.domain.forms.person_rules import (
    AGE_CRITERION,
    PERSON_RULES,
    birth_date_of_person,
    is_of_prse_age,
    poverty_verdict,
    prse_verdict,
    public_servant,
)
from kube_field.domain.records import Answers, RecordKind

FINAL, DRAFT = Required.FINAL, Required.DRAFT


def _is_prse(answers: Answers, _context: Context) -> bool:
    return PRSE in picked(answers, "category")


def _is_prse_woman(answers: Answers, _context: Context) -> bool:
    return PRSE in picked(answers, "category") or answers.get("sex") == "P"


def _has_nik(answers: Answers, _context: Context) -> bool:
    return answers.get("nik_status") != "missing"


IDENTITY = Section(
    code="1",
    title="Identitas",
    questions=(
        Question(
            code="nik",
            label="NIK",
            kind=Kind.NIK,
            required=FINAL,
            required_if=_has_nik,
            applies_if=_has_nik,
            help="16 angka seperti pada KTP. Tanggal lahir dan jenis kelamin diusulkan dari NIK.",
            checks=(person_nik,),
            header=True,
        ),
        Question(
            code="nik_status",
            label="Keadaan NIK",
            kind=Kind.ONE_OF,
            required=FINAL,
            choices=choices(
                ("sesuai_ktp", "Sesuai KTP"),
                ("sesuai_kk", "Sesuai KK"),
                ("pengakuan", "Menurut pengakuan"),
                ("missing", "Belum punya NIK"),
            ),
            header=True,
        ),
        Question(
            code="nik_missing_reason",
            label="Sebab belum punya NIK",
            kind=Kind.TEXT,
            required=FINAL,
            required_if=answered("nik_status", "missing"),
            applies_if=answered("nik_status", "missing"),
            help="Warga tanpa NIK belum dapat menerima bantuan; usulkan rujukan ke Disdukcapil.",
        ),
        Question(
            code="full_name",
            label="Nama lengkap sesuai KTP",
            kind=Kind.NAME,
            required=DRAFT,
            help="Satu kata pun boleh. Tulis persis seperti pada KTP.",
            header=True,
        ),
        Question(code="sex", label="Jenis kelamin", kind=Kind.ONE_OF, required=DRAFT, choices=SEXES, header=True),
        Question(code="birth_place", label="Tempat lahir", kind=Kind.TEXT, max_length=80),
        Question(
            code="birth_date",
            label="Tanggal lahir",
            kind=Kind.DATE,
            required=FINAL,
            help="Bila hanya tahun yang diketahui, isi 1 Juli tahun itu.",
            checks=(birth_date_of_person,),
            header=True,
        ),
        Question(
            code="birth_date_precision",
            label="Ketepatan tanggal lahir",
            kind=Kind.ONE_OF,
            required=FINAL,
            choices=choices(("exact", "Tanggal pasti"), ("year_only", "Hanya tahun yang diketahui")),
        ),
        Question(
            code="phone", label="No. HP", kind=Kind.PHONE, help="Nomor yang dapat dihubungi, satu saja", header=True
        ),
        Question(code="photo_id", label="Foto", kind=Kind.PHOTO, at_most=1, help="Hanya bila warga bersedia difoto"),
    ),
)
FAMILY = Section(
    code="2",
    title="Keluarga dan pekerjaan",
    questions=(
        Question(
            code="household_id",
            label="Keluarga",
            kind=Kind.REFERENCE,
            required=DRAFT,
            refers_to=RecordKind.HOUSEHOLD,
            help="Cari dengan nomor KK atau nama kepala keluarga",
            header=True,
        ),
        Question(
            code="relation_to_head",
            label="Hubungan dengan kepala keluarga",
            kind=Kind.ONE_OF,
            required=FINAL,
            choices=choices(
                ("kepala", "Kepala keluarga"),
                ("istri", "Istri"),
                ("suami", "Suami"),
                ("anak", "Anak"),
                ("menantu", "Menantu"),
                ("orang_tua", "Orang tua"),
                ("lainnya", "Lainnya"),
            ),
        ),
        Question(code="is_main_breadwinner", label="Pencari nafkah utama", kind=Kind.YES_NO, required=FINAL),
        Question(
            code="marital_status",
            label="Status perkawinan",
            kind=Kind.ONE_OF,
            required=FINAL,
            choices=choices(
                ("belum_kawin", "Belum kawin"),
                ("kawin", "Kawin"),
                ("cerai_hidup", "Cerai hidup"),
                ("cerai_mati", "Cerai mati"),
                ("kawin_ditinggal", "Kawin, ditinggal tanpa kejelasan"),
            ),
        ),
        Question(
            code="education",
            label="Pendidikan terakhir",
            kind=Kind.ONE_OF,
            required=FINAL,
            choices=choices(
                ("tidak_sekolah", "Tidak sekolah"),
                ("tidak_tamat_sd", "Tidak tamat SD"),
                ("sd", "SD/sederajat"),
                ("smp", "SMP/sederajat"),
                ("sma", "SMA/sederajat"),
                ("diploma", "Diploma"),
                ("sarjana", "Sarjana"),
            ),
        ),
        Question(
            code="literacy",
            label="Dapat membaca dan menulis",
            kind=Kind.ONE_OF,
            required=FINAL,
            choices=choices(("lancar", "Lancar"), ("terbatas", "Terbatas"), ("tidak", "Tidak")),
        ),
        Question(
            code="occupation",
            label="Pekerjaan saat ini",
            kind=Kind.ONE_OF,
            required=FINAL,
            choices=choices(
                ("none", "Tidak bekerja"),
                ("ibu_rumah_tangga", "Ibu rumah tangga"),
                ("buruh_harian", "Buruh harian"),
                ("tani", "Tani/kebun"),
                ("nelayan", "Nelayan"),
                ("dagang", "Dagang"),
                ("jasa", "Jasa"),
                ("lainnya", "Lainnya"),
            ),
        ),
        Question(
            code="occupation_text",
            label="Pekerjaan lainnya",
            kind=Kind.TEXT,
            required=FINAL,
            required_if=answered("occupation", "lainnya"),
            applies_if=answered("occupation", "lainnya"),
            max_length=80,
        ),
        Question(
            code="is_public_servant",
            label="ASN/TNI/Polri/pensiunan",
            kind=Kind.YES_NO,
            required=FINAL,
            checks=(public_servant,),
        ),
        Question(
            code="disability",
            label="Penyandang disabilitas",
            kind=Kind.ONE_OF,
            choices=choices(("ya", "Ya"), ("tidak", "Tidak"), ("menolak", "Tidak bersedia menjawab")),
        ),
        Question(
            code="disability_need",
            label="Bantuan yang diperlukan",
            kind=Kind.TEXT,
            applies_if=answered("disability", "ya"),
            help="Tulis bantuan yang diperlukan, bukan nama penyakit",
        ),
    ),
)
CATEGORY = Section(
    code="3",
    title="Kategori dan status",
    questions=(
        Question(
            code="category",
            label="Kategori PPKS",
            kind=Kind.MANY_OF,
            required=FINAL,
            choices=PPKS_CATEGORIES,
            header=True,
        ),
        Question(
            code="prse_criteria",
            label="Kriteria WRSE/PRSE",
            kind=Kind.MANY_OF,
            required=FINAL,
            required_if=_is_prse,
            applies_if=_is_prse_woman,
            choices=(
                Choice(AGE_CRITERION, "Perempuan berumur 18–59 tahun", active=False),
                *choices(
                    ("ditinggal_suami", "Ditinggal suami tanpa kejelasan"),
                    ("nafkah_utama", "Pencari nafkah utama keluarga"),
                    ("penghasilan_kurang", "Penghasilan tidak mencukupi kebutuhan"),
                ),
            ),
            help="Umur dihitung dari tanggal lahir",
        ),
        Question(
            code="prse_age",
            label="Berumur 18–59 tahun (dihitung)",
            kind=Kind.COMPUTED,
            applies_if=_is_prse_woman,
            compute=is_of_prse_age,
        ),
        Question(
            code="prse_eligibility",
            label="Kelayakan WRSE/PRSE",
            kind=Kind.COMPUTED,
            applies_if=_is_prse_woman,
            compute=prse_verdict,
            help="Bahan pertimbangan; keputusan ada pada petugas dan atasan.",
        ),
        Question(
            code="poverty_eligibility",
            label="Kelayakan fakir miskin",
            kind=Kind.COMPUTED,
            compute=poverty_verdict,
            help="Bahan pertimbangan; keputusan ada pada petugas dan atasan.",
        ),
        Question(
            code="status",
            label="Status",
            kind=Kind.ONE_OF,
            required=FINAL,
            choices=choices(
                ("calon", "Calon"),
                ("aktif", "Aktif"),
                ("lulus", "Lulus"),
                ("keluar", "Keluar"),
                ("meninggal", "Meninggal"),
                ("pindah", "Pindah"),
            ),
            header=True,
        ),
    ),
)
CONSENTS = Section(
    code="4",
    title="Persetujuan",
    help=PRIVACY_NOTICE,
    questions=(
        Question(
            code="consents",
            label="Persetujuan",
            kind=Kind.ROWS,
            required=FINAL,
            at_least=1,
            columns=CONSENT_ROW,
            help="Bacakan penjelasan, lalu tanyakan satu per satu. Yang belum dijawab dianggap tidak.",
        ),
    ),
)

PERSON_FORM = Form(
    kind=RecordKind.PERSON,
    version=VERSION,
    title="Warga/Penerima manfaat",
    sections=(IDENTITY, FAMILY, CATEGORY, CONSENTS),
    rules=PERSON_RULES,
)
