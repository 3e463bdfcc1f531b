"""Part 3 of the follow-up visit: money of the business since the last visit (handbook 5.11)."""

from __future__ import annotations

from kube_field.domain.forms.answered import is_group, is_person, whole
from kube_field.domain.forms.checks import not_future
from kube_field.domain.forms.codes import LENDERS, NONE
from kube_field.domain.forms.declaration import Context, Kind, Question, Required, Section, choices
from kube_field.domain.forms.visit_computed import (
    period_days,
    profit,
    profit_per_month,
    revenue_per_month,
    total_cost,
    working_capital,
)
from kube_field.domain.forms.visit_sections import somebody
from kube_field.domain.records import Answers

FINAL = Required.FINAL
SOFT_LIMIT_IDR = 100_000_000
IKS_LEVELS = choices(
    ("0", "Belum"),
    ("1", "Pernah"),
    ("2", "Tidak rutin"),
    ("3", "Rutin"),
    ("4", "Rutin dan tercatat penggunaannya"),
)
PROFIT_USES = (
    "profit_use_modal_idr",
    "profit_use_konsumsi_idr",
    "profit_use_tabungan_idr",
    "profit_use_iks_idr",
    "profit_use_utang_idr",
)


def _money(code: str, label: str, help_text: str = "") -> Question:
    return Question(
        code=code,
        label=label,
        kind=Kind.RUPIAH,
        required=FINAL,
        soft_limit=SOFT_LIMIT_IDR,
        help=help_text,
        shows_previous=True,
        may_be_unknown=True,
    )


def _use(code: str, label: str) -> Question:
    return Question(
        code=code,
        label=label,
        kind=Kind.RUPIAH,
        soft_limit=SOFT_LIMIT_IDR,
        shows_previous=True,
        may_be_unknown=True,
    )


def _pays_instalments(answers: Answers, _context: Context) -> bool:
    return (whole(answers, "debt_instalment_month_idr") or 0) > 0


FINANCE = Section(
    code="3",
    title="Keuangan usaha",
    applies_if=somebody,
    help="Angka sejak kunjungan lalu. Nol adalah jawaban; kosong berarti belum ditanyakan.",
    questions=(
        Question(
            code="period_from",
            label="Masa laporan dari",
            kind=Kind.DATE,
            required=FINAL,
            checks=(not_future,),
            help="Biasanya sehari setelah masa laporan yang lalu",
        ),
        Question(code="period_to", label="Masa laporan sampai", kind=Kind.DATE, required=FINAL, checks=(not_future,)),
        Question(code="period_days", label="Lama masa laporan", kind=Kind.COMPUTED, compute=period_days, unit="hari"),
        Question(
            code="figures_source",
            label="Sumber angka",
            kind=Kind.ONE_OF,
            required=FINAL,
            choices=choices(
                ("buku_kas", "Buku kas"),
                ("nota", "Nota"),
                ("ingatan", "Ingatan"),
                ("perkiraan_petugas", "Perkiraan petugas"),
            ),
            shows_previous=True,
        ),
        _money("revenue_idr", "Omzet", "Semua uang penjualan selama masa laporan"),
        _money("cost_material_idr", "Biaya bahan"),
        _money("cost_labor_idr", "Upah"),
        _money("cost_transport_idr", "Angkutan"),
        _money("cost_rent_utilities_idr", "Sewa/listrik/air"),
        _money("cost_other_idr", "Biaya lain"),
        Question(code="cost_idr", label="Jumlah biaya", kind=Kind.COMPUTED, compute=total_cost, unit="Rp"),
        Question(code="profit_idr", label="Laba/rugi", kind=Kind.COMPUTED, compute=profit, unit="Rp"),
        Question(
            code="revenue_month_idr",
            label="Omzet per 30 hari",
            kind=Kind.COMPUTED,
            compute=revenue_per_month,
            unit="Rp",
        ),
        Question(
            code="profit_month_idr",
            label="Laba/rugi per 30 hari",
            kind=Kind.COMPUTED,
            compute=profit_per_month,
            unit="Rp",
        ),
        _use("profit_use_modal_idr", "Laba untuk modal"),
        _use("profit_use_konsumsi_idr", "Laba untuk konsumsi"),
        _use("profit_use_tabungan_idr", "Laba untuk tabungan"),
        _use("profit_use_iks_idr", "Laba untuk IKS"),
        _use("profit_use_utang_idr", "Laba untuk membayar utang"),
        _money("cash_idr", "Kas"),
        _money("stock_idr", "Nilai stok"),
        _money("receivable_idr", "Piutang tertagih", "Hanya piutang yang masih dapat ditagih"),
        _money("payable_idr", "Utang usaha"),
        Question(
            code="working_capital_idr",
            label="Modal kerja sekarang",
            kind=Kind.COMPUTED,
            compute=working_capital,
            unit="Rp",
        ),
        _money("debt_instalment_month_idr", "Cicilan per bulan"),
        Question(
            code="lender_kinds",
            label="Pemberi pinjaman",
            kind=Kind.MANY_OF,
            required=FINAL,
            required_if=_pays_instalments,
            applies_if=_pays_instalments,
            choices=LENDERS,
            may_be_unknown=True,
        ),
        Question(
            code="savings_habit",
            label="Kebiasaan menabung",
            kind=Kind.ONE_OF,
            required=FINAL,
            applies_if=is_person,
            choices=choices((NONE, "Tidak menabung"), ("irregular", "Kadang-kadang"), ("regular", "Rutin")),
            shows_previous=True,
            may_be_unknown=True,
        ),
        Question(
            code="iks_level",
            label="Iuran kesetiakawanan sosial (IKS)",
            kind=Kind.LEVEL,
            required=FINAL,
            applies_if=is_group,
            choices=IKS_LEVELS,
            shows_previous=True,
        ),
    ),
)
