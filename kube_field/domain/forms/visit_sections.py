"""Parts 1, 2, 4, 5 and 6 of the follow-up visit (handbook 5.11); see `visit_finance.py` and `visit_closing.py` too."""

from __future__ import annotations

from kube_field.domain.forms.answered import answered, every, fact, is_group, not_answered, rows, whole
from kube_field.domain.forms.checks import not_future
from kube_field.domain.forms.codes import NONE, OFFICES, OWNER_KINDS, PLACES, UNITS_OF_GOODS
from kube_field.domain.forms.declaration import Context, Kind, Question, Required, Section, choices
from kube_field.domain.forms.visit_computed import household_per_capita, household_ratio
from kube_field.domain.records import Answers, RecordKind

FINAL, DRAFT = Required.FINAL, Required.DRAFT
NOBODY = "tidak_ada_orang"
PHONE_CALL = "telepon"
somebody = not_answered("met", NOBODY)
"""A visit at which somebody was met; the others ask only parts 1, 8, 10 and the next visit."""
on_the_spot = not_answered("kind", PHONE_CALL)
"""A visit that is not a telephone call."""
STOPPED = ("berhenti_sementara", "berhenti")
BUSINESS_STATUSES = choices(
    ("berjalan_baik", "Berjalan baik"),
    ("berjalan_lambat", "Berjalan lambat"),
    ("berhenti_sementara", "Berhenti sementara"),
    ("berhenti", "Berhenti"),
    ("pindah_usaha", "Pindah usaha"),
    ("belum_mulai", "Belum mulai"),
)
BOOKKEEPING_LEVELS = choices(
    ("0", "Tidak ada"),
    ("1", "Nota/ingatan"),
    ("2", "Buku kas tidak rutin"),
    ("3", "Buku kas rutin"),
    ("4", "Rutin dan uang usaha terpisah dari uang rumah tangga"),
)


def _keeps_cash_book(answers: Answers, _context: Context) -> bool:
    return (whole(answers, "bookkeeping_level") or 0) >= 2


def _is_person(answers: Answers, _context: Context) -> bool:
    return answers.get("owner_kind") == "person"


def _has_tools(_answers: Answers, context: Context) -> bool:
    return bool(rows(fact(context, "unit"), "tools"))


VISIT = Section(
    code="1",
    title="Pelaksanaan kunjungan",
    questions=(
        Question(
            code="owner_kind",
            label="Penerima",
            kind=Kind.ONE_OF,
            required=DRAFT,
            choices=OWNER_KINDS,
            fixed=True,
            header=True,
        ),
        Question(
            code="unit_id",
            label="Unit usaha",
            kind=Kind.REFERENCE,
            required=DRAFT,
            refers_to=RecordKind.BUSINESS_UNIT,
            fixed=True,
            header=True,
        ),
        Question(
            code="visit_no",
            label="Kunjungan ke-",
            kind=Kind.INTEGER,
            required=DRAFT,
            at_least=1,
            at_most=999,
            fixed=True,
            header=True,
        ),
        Question(code="visited_on", label="Tanggal", kind=Kind.DATE, required=DRAFT, checks=(not_future,), header=True),
        Question(code="time_from", label="Mulai pukul", kind=Kind.TIME, required=DRAFT),
        Question(code="time_to", label="Selesai pukul", kind=Kind.TIME, required=DRAFT),
        Question(
            code="kind",
            label="Jenis kunjungan",
            kind=Kind.ONE_OF,
            required=DRAFT,
            choices=choices(
                ("terjadwal", "Terjadwal"),
                ("tambahan", "Tambahan"),
                (PHONE_CALL, "Telepon"),
                ("pencairan_tahap_2", "Pencairan tahap 2"),
                ("pengaduan", "Pengaduan"),
            ),
            header=True,
        ),
        Question(
            code="met",
            label="Yang ditemui",
            kind=Kind.ONE_OF,
            required=DRAFT,
            choices=choices(
                ("penerima", "Penerima"),
                ("ketua", "Ketua"),
                ("pengurus", "Pengurus"),
                ("anggota", "Anggota"),
                ("keluarga", "Keluarga"),
                (NOBODY, "Tidak ada orang"),
            ),
            header=True,
        ),
        Question(
            code="met_names",
            label="Nama yang ditemui",
            kind=Kind.TEXT,
            required=FINAL,
            applies_if=somebody,
            help="Beberapa nama dipisah dengan koma",
        ),
        Question(
            code="place",
            label="Tempat",
            kind=Kind.ONE_OF,
            required=FINAL,
            applies_if=on_the_spot,
            choices=PLACES,
        ),
        Question(
            code="location",
            label="Titik lokasi",
            kind=Kind.LOCATION,
            applies_if=on_the_spot,
            help="Tanpa penerima GPS: ketik lintang dan bujur, atau “tidak tersedia”",
        ),
    ),
)
CONDITION = Section(
    code="2",
    title="Kondisi usaha",
    applies_if=somebody,
    questions=(
        Question(
            code="business_status",
            label="Status usaha",
            kind=Kind.ONE_OF,
            required=DRAFT,
            choices=BUSINESS_STATUSES,
            header=True,
            shows_previous=True,
        ),
        Question(
            code="stop_reason",
            label="Sebab berhenti",
            kind=Kind.MANY_OF,
            required=FINAL,
            required_if=answered("business_status", *STOPPED),
            applies_if=answered("business_status", *STOPPED, "pindah_usaha", "belum_mulai"),
            choices=choices(
                ("modal_habis", "Modal habis"),
                ("sakit", "Sakit"),
                ("anggota_bubar", "Anggota bubar"),
                ("bahan_sulit", "Bahan sulit"),
                ("pembeli_sepi", "Pembeli sepi"),
                ("alat_rusak", "Alat rusak"),
                ("cuaca_banjir", "Cuaca/banjir"),
                ("urusan_keluarga", "Urusan keluarga"),
                ("dapat_pekerjaan", "Dapat pekerjaan"),
                ("lainnya", "Lainnya"),
            ),
        ),
        Question(
            code="days_open",
            label="Hari buka dalam 30 hari",
            kind=Kind.INTEGER,
            required=FINAL,
            at_least=0,
            at_most=31,
            unit="hari",
            shows_previous=True,
            may_be_unknown=True,
        ),
        Question(
            code="days_planned",
            label="Rencana hari buka",
            kind=Kind.INTEGER,
            required=FINAL,
            at_least=0,
            at_most=31,
            unit="hari",
            shows_previous=True,
            may_be_unknown=True,
        ),
        Question(
            code="channels",
            label="Saluran penjualan",
            kind=Kind.MANY_OF,
            required=FINAL,
            choices=choices(
                ("langsung", "Langsung"),
                ("titip_warung", "Titip di warung"),
                ("pasar", "Pasar"),
                ("pesanan", "Pesanan"),
                ("daring", "Daring (internet)"),
                ("pengepul", "Pengepul"),
                ("lembaga", "Lembaga (kantor, koperasi, toko)"),
                (NONE, "Tidak ada"),
            ),
            shows_previous=True,
        ),
        Question(code="price_stock_note", label="Catatan harga dan stok", kind=Kind.LONG_TEXT),
    ),
)
ADMINISTRATION = Section(
    code="4",
    title="Administrasi dan kelembagaan",
    applies_if=somebody,
    questions=(
        Question(
            code="bookkeeping_level",
            label="Pembukuan",
            kind=Kind.LEVEL,
            required=FINAL,
            choices=BOOKKEEPING_LEVELS,
            shows_previous=True,
        ),
        Question(
            code="book_photo",
            label="Foto buku kas",
            kind=Kind.PHOTO,
            required=FINAL,
            required_if=every(_keeps_cash_book, on_the_spot),
            applies_if=_keeps_cash_book,
            at_most=3,
            waivable=True,
        ),
        Question(
            code="members_active",
            label="Anggota aktif",
            kind=Kind.INTEGER,
            required=FINAL,
            applies_if=is_group,
            at_least=0,
            at_most=100,
            unit="orang",
            help="Ikut bekerja atau hadir dalam pertemuan 30 hari terakhir",
            shows_previous=True,
            may_be_unknown=True,
        ),
        Question(
            code="members_total",
            label="Seluruh anggota",
            kind=Kind.INTEGER,
            required=FINAL,
            applies_if=is_group,
            at_least=0,
            at_most=100,
            unit="orang",
            shows_previous=True,
        ),
        Question(
            code="last_meeting_on",
            label="Pertemuan terakhir",
            kind=Kind.DATE,
            required=FINAL,
            applies_if=is_group,
            checks=(not_future,),
            shows_previous=True,
            waivable=True,
            help="Bila belum pernah bertemu, lewati dengan alasan",
        ),
        Question(
            code="members_present",
            label="Anggota yang hadir saat kunjungan",
            kind=Kind.ROWS,
            applies_if=is_group,
            at_most=100,
            columns=(Question(code="person", label="Nama", kind=Kind.PERSON, required=FINAL),),
        ),
    ),
)
HOUSEHOLD = Section(
    code="5",
    title="Keadaan rumah tangga",
    applies_if=somebody,
    questions=(
        Question(
            code="hh_income_sample",
            label="Penghasilan rumah tangga",
            kind=Kind.ROWS,
            required=FINAL,
            at_least=1,
            at_most=100,
            help="Kelompok: sedikitnya tiga anggota dengan jabatan berbeda, sebaiknya 30% anggota",
            columns=(
                Question(code="person", label="Nama", kind=Kind.PERSON, required=FINAL),
                Question(code="role", label="Jabatan", kind=Kind.ONE_OF, choices=OFFICES, help="Untuk kelompok"),
                Question(
                    code="income_month_idr",
                    label="Penghasilan sebulan",
                    kind=Kind.RUPIAH,
                    required=FINAL,
                    soft_limit=15_000_000,
                    may_be_unknown=True,
                ),
                Question(
                    code="household_size",
                    label="Jumlah anggota keluarga",
                    kind=Kind.INTEGER,
                    required=FINAL,
                    at_least=1,
                    at_most=30,
                ),
            ),
            shows_previous=True,
        ),
        Question(
            code="hh_per_capita_idr",
            label="Penghasilan per kapita",
            kind=Kind.COMPUTED,
            compute=household_per_capita,
            unit="Rp",
        ),
        Question(
            code="hh_poverty_ratio",
            label="Terhadap garis kemiskinan",
            kind=Kind.COMPUTED,
            compute=household_ratio,
            unit="%",
        ),
        Question(
            code="wellbeing",
            label="Perubahan keadaan keluarga",
            kind=Kind.ONE_OF,
            choices=choices(("membaik", "Membaik"), ("tetap", "Tetap"), ("memburuk", "Memburuk")),
        ),
        Question(code="wellbeing_note", label="Keterangan", kind=Kind.LONG_TEXT, max_length=500),
    ),
)
TOOLS = Section(
    code="6",
    title="Keadaan alat bantuan",
    applies_if=every(somebody, on_the_spot),
    questions=(
        Question(
            code="asset_checks",
            label="Keadaan alat bantuan",
            kind=Kind.ROWS,
            required=FINAL,
            applies_if=_has_tools,
            at_most=100,
            help="Lihat setiap alat bantuan",
            columns=(
                Question(code="name", label="Nama alat", kind=Kind.TEXT, fixed=True),
                Question(code="qty", label="Jumlah", kind=Kind.DECIMAL, fixed=True),
                Question(code="unit", label="Satuan", kind=Kind.ONE_OF, choices=UNITS_OF_GOODS, fixed=True),
                Question(
                    code="condition",
                    label="Keadaan",
                    kind=Kind.ONE_OF,
                    required=FINAL,
                    choices=choices(
                        ("baik", "Baik"),
                        ("rusak_ringan", "Rusak ringan"),
                        ("rusak_berat", "Rusak berat"),
                        ("hilang", "Hilang"),
                        ("dijual", "Dijual"),
                        ("digadaikan", "Digadaikan"),
                        ("dipinjamkan", "Dipinjamkan"),
                    ),
                ),
                Question(code="note", label="Keterangan", kind=Kind.TEXT),
                Question(code="photo", label="Foto alat", kind=Kind.PHOTO, at_most=1),
            ),
        ),
    ),
)
