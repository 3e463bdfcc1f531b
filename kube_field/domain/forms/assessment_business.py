"""Parts F to K of the needs assessment: capacity, place, market, wishes, result, signatures (handbook 5.8)."""

from __future__ import annotations

from kube_field.domain.forms.answered import answered, not_answered, rows
from kube_field.domain.forms.assessment_computed import proposed_aid_total
from kube_field.domain.forms.codes import (
    DEMAND_LEVELS,
    IDEAS,
    MARKETS,
    MATERIALS,
    RAW_LEVELS,
    SKILL_LEVELS,
    SKILLS,
    SPACES,
    UNITS_OF_GOODS,
)
from kube_field.domain.forms.consent import PRIVACY_NOTICE
from kube_field.domain.forms.declaration import Context, Kind, Question, Required, Section, choices
from kube_field.domain.records import Answers

FINAL = Required.FINAL
has_business = answered("has_existing_business", True)
has_tools = answered("has_tools_owned", True)
is_worthy = not_answered("officer_opinion", "tidak_layak")
"""Where the officer advises against aid, no business is agreed and no goods are proposed."""


def _has_wishes(answers: Answers, _context: Context) -> bool:
    return bool(rows(answers, "interests"))


CAPACITY = Section(
    code="F",
    title="Keterampilan dan modal sendiri",
    questions=(
        Question(
            code="skills",
            label="Keterampilan",
            kind=Kind.ROWS,
            required=FINAL,
            at_least=1,
            at_most=19,
            columns=(
                Question(code="skill_code", label="Keterampilan", kind=Kind.ONE_OF, required=FINAL, choices=SKILLS),
                Question(code="level", label="Tingkat", kind=Kind.ONE_OF, required=FINAL, choices=SKILL_LEVELS),
                Question(code="years", label="Lama (tahun)", kind=Kind.INTEGER, at_least=0, at_most=80),
                Question(code="training", label="Pernah dilatih", kind=Kind.YES_NO),
            ),
        ),
        Question(code="has_existing_business", label="Sudah ada usaha yang berjalan?", kind=Kind.YES_NO),
        Question(
            code="existing_idea_code",
            label="Usaha yang sudah berjalan",
            kind=Kind.ONE_OF,
            applies_if=has_business,
            choices=IDEAS,
        ),
        Question(
            code="existing_months",
            label="Lama berjalan",
            kind=Kind.INTEGER,
            applies_if=has_business,
            at_least=0,
            at_most=720,
            unit="bulan",
        ),
        Question(
            code="existing_revenue_idr",
            label="Omzet per bulan",
            kind=Kind.RUPIAH,
            applies_if=has_business,
            soft_limit=100_000_000,
            may_be_unknown=True,
        ),
        Question(
            code="existing_profit_idr",
            label="Laba per bulan",
            kind=Kind.RUPIAH,
            applies_if=has_business,
            soft_limit=100_000_000,
            may_be_unknown=True,
            help="Isi 0 bila tidak ada laba",
        ),
        Question(
            code="own_capital_idr",
            label="Modal sendiri",
            kind=Kind.RUPIAH,
            required=FINAL,
            soft_limit=50_000_000,
            may_be_unknown=True,
        ),
        Question(code="has_tools_owned", label="Sudah memiliki alat?", kind=Kind.YES_NO, required=FINAL),
        Question(
            code="tools_owned",
            label="Alat yang dimiliki",
            kind=Kind.ROWS,
            required=FINAL,
            applies_if=has_tools,
            at_least=1,
            at_most=50,
            columns=(
                Question(code="name", label="Nama alat", kind=Kind.TEXT, required=FINAL, max_length=80),
                Question(code="qty", label="Jumlah", kind=Kind.INTEGER, at_least=1, at_most=1000),
            ),
        ),
    ),
)
PLACE = Section(
    code="G",
    title="Tempat dan sarana",
    questions=(
        Question(code="spaces", label="Tempat yang tersedia", kind=Kind.MANY_OF, required=FINAL, choices=SPACES),
        Question(code="cold_storage", label="Lemari es/freezer", kind=Kind.YES_NO, required=FINAL),
    ),
)
ENVIRONMENT = Section(
    code="H",
    title="Pasar, bahan baku, pesaing",
    questions=(
        Question(
            code="demand",
            label="Permintaan pasar",
            kind=Kind.ROWS,
            required=FINAL,
            at_least=2,
            at_most=8,
            help="Nilai sedikitnya dua pasar",
            columns=(
                Question(code="market", label="Pasar", kind=Kind.ONE_OF, required=FINAL, choices=MARKETS),
                Question(code="level", label="Permintaan", kind=Kind.LEVEL, required=FINAL, choices=DEMAND_LEVELS),
            ),
        ),
        Question(
            code="raw",
            label="Bahan baku",
            kind=Kind.ROWS,
            required=FINAL,
            required_if=_has_wishes,
            at_most=16,
            help="Nilai bahan untuk usaha yang diminati",
            columns=(
                Question(code="material", label="Bahan", kind=Kind.ONE_OF, required=FINAL, choices=MATERIALS),
                Question(code="level", label="Ketersediaan", kind=Kind.LEVEL, required=FINAL, choices=RAW_LEVELS),
            ),
        ),
        Question(
            code="competitors",
            label="Jumlah usaha sejenis di desa/RT sekitar",
            kind=Kind.ROWS,
            at_most=27,
            columns=(
                Question(code="idea_code", label="Jenis usaha", kind=Kind.ONE_OF, required=FINAL, choices=IDEAS),
                Question(code="count", label="Jumlah", kind=Kind.INTEGER, required=FINAL, at_least=0, at_most=500),
            ),
        ),
        Question(
            code="distance_market_km",
            label="Jarak pasar",
            kind=Kind.DECIMAL,
            at_least=0,
            at_most=500,
            unit="km",
            may_be_unknown=True,
        ),
        Question(
            code="road",
            label="Keadaan jalan",
            kind=Kind.ONE_OF,
            choices=choices(
                ("darat_baik", "Darat, baik"),
                ("darat_rusak", "Darat, rusak"),
                ("sungai", "Sungai"),
                ("campuran", "Campuran"),
            ),
        ),
    ),
)
WISHES = Section(
    code="I",
    title="Minat dan kebutuhan",
    questions=(
        Question(
            code="interests",
            label="Usaha yang diminati",
            kind=Kind.ROWS,
            required=FINAL,
            at_least=1,
            at_most=3,
            columns=(
                Question(code="rank", label="Pilihan ke-", kind=Kind.INTEGER, required=FINAL, at_least=1, at_most=3),
                Question(code="idea_code", label="Jenis usaha", kind=Kind.ONE_OF, required=FINAL, choices=IDEAS),
            ),
        ),
        Question(code="refuse", label="Usaha yang tidak bersedia dijalankan", kind=Kind.MANY_OF, choices=IDEAS),
        Question(
            code="needs",
            label="Kebutuhan utama",
            kind=Kind.MANY_OF,
            required=FINAL,
            choices=choices(
                ("modal_bahan", "Modal/bahan"),
                ("alat", "Alat"),
                ("pelatihan_teknis", "Pelatihan teknis"),
                ("pelatihan_keuangan", "Pelatihan keuangan"),
                ("pemasaran", "Pemasaran"),
                ("izin", "Perizinan"),
                ("tempat", "Tempat usaha"),
                ("kelompok", "Pembentukan/penguatan kelompok"),
                ("penitipan_anak", "Penitipan anak"),
            ),
        ),
    ),
)
RESULT = Section(
    code="J",
    title="Kesepakatan dan pendapat petugas",
    questions=(
        Question(
            code="officer_opinion",
            label="Pendapat petugas",
            kind=Kind.ONE_OF,
            required=FINAL,
            choices=choices(
                ("layak", "Layak"),
                ("layak_dengan_syarat", "Layak dengan syarat"),
                ("tidak_layak", "Tidak layak"),
            ),
            header=True,
        ),
        Question(
            code="officer_opinion_reason",
            label="Syarat atau alasan",
            kind=Kind.LONG_TEXT,
            required=FINAL,
            required_if=answered("officer_opinion", "layak_dengan_syarat", "tidak_layak"),
        ),
        Question(
            code="chosen_idea",
            label="Usaha yang disepakati",
            kind=Kind.ONE_OF,
            required=FINAL,
            applies_if=is_worthy,
            choices=IDEAS,
            header=True,
        ),
        Question(
            code="chosen_reason",
            label="Alasan memilih usaha ini",
            kind=Kind.LONG_TEXT,
            required=FINAL,
            applies_if=is_worthy,
            at_least=10,
            help="Sedikitnya 10 huruf",
        ),
        Question(
            code="chosen_by",
            label="Disepakati oleh",
            kind=Kind.ONE_OF,
            required=FINAL,
            applies_if=is_worthy,
            choices=choices(
                ("bersama", "Penerima dan petugas bersama-sama"),
                ("penerima", "Penerima"),
                ("musyawarah_kelompok", "Musyawarah kelompok"),
            ),
        ),
        Question(
            code="proposed_aid",
            label="Usulan bantuan",
            kind=Kind.ROWS,
            required=FINAL,
            applies_if=is_worthy,
            at_least=1,
            at_most=60,
            columns=(
                Question(code="item", label="Barang/bahan", kind=Kind.TEXT, required=FINAL, max_length=120),
                Question(code="qty", label="Jumlah", kind=Kind.DECIMAL, required=FINAL, at_least=0, at_most=100_000),
                Question(code="unit", label="Satuan", kind=Kind.ONE_OF, required=FINAL, choices=UNITS_OF_GOODS),
                Question(
                    code="price_idr",
                    label="Harga satuan",
                    kind=Kind.RUPIAH,
                    required=FINAL,
                    soft_limit=20_000_000,
                ),
            ),
        ),
        Question(
            code="proposed_aid_total_idr",
            label="Jumlah usulan",
            kind=Kind.COMPUTED,
            applies_if=is_worthy,
            compute=proposed_aid_total,
            unit="Rp",
        ),
    ),
)
SIGNATURES = Section(
    code="K",
    title="Pernyataan dan tanda tangan",
    help=PRIVACY_NOTICE,
    questions=(
        Question(
            code="signature_respondent",
            label="Tanda tangan responden",
            kind=Kind.SIGNATURE,
            required=FINAL,
            waivable=True,
            help="Menyatakan keterangan di atas benar. Cap jempol boleh.",
        ),
        Question(
            code="signature_staff",
            label="Tanda tangan petugas",
            kind=Kind.SIGNATURE,
            required=FINAL,
            waivable=True,
        ),
        Question(code="signature_witness", label="Mengetahui (kepala desa/lurah)", kind=Kind.SIGNATURE),
    ),
)
