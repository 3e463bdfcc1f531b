"""Parts A to E of the needs assessment: who, income, expenses, assets and debts, people and time (handbook 5.8)."""

from __future__ import annotations

from kube_field.domain.forms.answered import answered, is_person
from kube_field.domain.forms.assessment_computed import (
    debt_total,
    expense_total,
    income_per_capita,
    income_total,
    ratio_to_poverty_line,
)
from kube_field.domain.forms.checks import not_future
from kube_field.domain.forms.codes import LENDERS, OWNER_KINDS, PLACES
from kube_field.domain.forms.declaration import Kind, Question, Required, Section
from kube_field.domain.records import RecordKind

FINAL, DRAFT = Required.FINAL, Required.DRAFT
SOFT_LIMIT_IDR = 15_000_000


def _money(code: str, label: str, help_text: str = "", soft_limit: int = SOFT_LIMIT_IDR) -> Question:
    return Question(
        code=code,
        label=label,
        kind=Kind.RUPIAH,
        required=FINAL,
        soft_limit=soft_limit,
        help=help_text,
        may_be_unknown=True,
        shows_previous=True,
    )


WHO = Section(
    code="A",
    title="Pelaksanaan asesmen",
    questions=(
        Question(
            code="subject_kind",
            label="Yang diasesmen",
            kind=Kind.ONE_OF,
            required=DRAFT,
            choices=OWNER_KINDS,
            fixed=True,
            header=True,
        ),
        Question(
            code="subject_id", label="Nama warga/KUBE", kind=Kind.REFERENCE, required=DRAFT, fixed=True, header=True
        ),
        Question(
            code="assessed_on",
            label="Tanggal asesmen",
            kind=Kind.DATE,
            required=DRAFT,
            checks=(not_future,),
            header=True,
        ),
        Question(code="place", label="Tempat", kind=Kind.ONE_OF, required=DRAFT, choices=PLACES),
        Question(
            code="staff",
            label="Petugas",
            kind=Kind.REFERENCE,
            required=DRAFT,
            refers_to=RecordKind.STAFF,
            fixed=True,
            header=True,
        ),
        Question(code="respondent", label="Responden", kind=Kind.NAME, required=DRAFT),
    ),
)
INCOME = Section(
    code="B",
    title="Penghasilan keluarga",
    help="Per bulan, rata-rata tiga bulan terakhir. Nol adalah jawaban.",
    applies_if=is_person,
    questions=(
        _money("income_main_idr", "Penghasilan utama"),
        _money("income_spouse_idr", "Penghasilan pasangan"),
        _money("income_others_idr", "Penghasilan anggota lain"),
        _money("remittance_idr", "Kiriman"),
        _money("aid_cash_idr", "Bantuan tunai"),
        Question(
            code="income_total_idr", label="Jumlah penghasilan", kind=Kind.COMPUTED, compute=income_total, unit="Rp"
        ),
        Question(
            code="income_per_capita",
            label="Penghasilan per kapita",
            kind=Kind.COMPUTED,
            compute=income_per_capita,
            unit="Rp",
        ),
        Question(
            code="ratio_to_poverty_line",
            label="Dari garis kemiskinan",
            kind=Kind.COMPUTED,
            compute=ratio_to_poverty_line,
            unit="%",
        ),
    ),
)
EXPENSES = Section(
    code="C",
    title="Pengeluaran keluarga",
    help="Per bulan.",
    applies_if=is_person,
    questions=(
        _money("exp_food_idr", "Makan"),
        _money("exp_school_idr", "Sekolah"),
        _money("exp_health_idr", "Kesehatan"),
        _money("exp_home_idr", "Rumah/listrik/air"),
        _money("exp_debt_idr", "Cicilan"),
        _money("exp_other_idr", "Lain-lain"),
        Question(
            code="expense_total_idr", label="Jumlah pengeluaran", kind=Kind.COMPUTED, compute=expense_total, unit="Rp"
        ),
    ),
)
ASSETS = Section(
    code="D",
    title="Tabungan dan utang",
    applies_if=is_person,
    questions=(
        _money("savings_idr", "Tabungan", soft_limit=50_000_000),
        Question(code="has_debts", label="Ada utang?", kind=Kind.YES_NO, required=FINAL, may_be_unknown=True),
        Question(
            code="debts",
            label="Utang",
            kind=Kind.ROWS,
            required=FINAL,
            applies_if=answered("has_debts", True),
            at_least=1,
            at_most=20,
            columns=(
                Question(code="lender", label="Pemberi pinjaman", kind=Kind.ONE_OF, required=FINAL, choices=LENDERS),
                Question(
                    code="balance_idr",
                    label="Sisa utang",
                    kind=Kind.RUPIAH,
                    required=FINAL,
                    soft_limit=50_000_000,
                    may_be_unknown=True,
                ),
                Question(
                    code="instalment_idr",
                    label="Cicilan per bulan",
                    kind=Kind.RUPIAH,
                    required=FINAL,
                    soft_limit=SOFT_LIMIT_IDR,
                    may_be_unknown=True,
                ),
            ),
        ),
        Question(code="debt_total_idr", label="Jumlah utang", kind=Kind.COMPUTED, compute=debt_total, unit="Rp"),
    ),
)
TIME = Section(
    code="E",
    title="Waktu dan tenaga",
    questions=(
        Question(
            code="hours_available",
            label="Jam tersedia per hari untuk usaha",
            kind=Kind.DECIMAL,
            required=FINAL,
            at_least=0,
            at_most=16,
            unit="jam",
        ),
        Question(
            code="caregiver",
            label="Mengurus balita/lansia/disabilitas/orang sakit",
            kind=Kind.YES_NO,
            required=FINAL,
        ),
        Question(
            code="limited_strength",
            label="Keterbatasan tenaga untuk pekerjaan berat",
            kind=Kind.YES_NO,
            required=FINAL,
            help="Cukup ya atau tidak; jangan menulis nama penyakit",
        ),
    ),
)
