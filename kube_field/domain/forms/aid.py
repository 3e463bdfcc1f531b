"""Bantuan and its handover minutes: what was given, by whom, to whom, with witnesses (handbook 5.9, 9.4).

A correction (Berita Acara Perubahan) is a document of the same kind that names the one it corrects and holds all of it
as it shall stand.
"""

from __future__ import annotations

from typing import Any

from kube_field.domain.forms.aid_changes import differing
from kube_field.domain.forms.aid_rules import AID_RULES, aid_total, aid_total_in_words, is_correction, more_than_nothing
from kube_field.domain.forms.answered import answered, fact, is_group, rows
from kube_field.domain.forms.checks import account_number, not_future
from kube_field.domain.forms.codes import BANKS, CONDITIONS, OWNER_KINDS, UNITS_OF_GOODS, VERSION
from kube_field.domain.forms.declaration import Context, Form, Kind, Question, Required, Section, choices
from kube_field.domain.records import Answers, RecordKind

FINAL, DRAFT = Required.FINAL, Required.DRAFT
CONDITIONS_NOTICE = (
    "Bacakan kepada penerima: bantuan digunakan hanya untuk usaha yang disepakati dan tidak boleh dijual, digadaikan, "
    "atau dipindahtangankan tanpa persetujuan tertulis Dinas Sosial; bantuan KUBE adalah aset kelompok; penerima "
    "bersedia mengikuti bimbingan, mencatat keuangan usaha, dan menerima kunjungan pemantauan."
)


def _has_money(answers: Answers, _context: Context) -> bool:
    return any(row.get("kind") == "uang" for _at, row in rows(answers, "items"))


HANDOVER = Section(
    code="1",
    title="Serah terima",
    questions=(
        Question(
            code="bast_type",
            label="Jenis berita acara",
            kind=Kind.ONE_OF,
            required=DRAFT,
            choices=choices(("serah_terima", "Serah terima"), ("perubahan", "Perubahan")),
            fixed=True,
        ),
        Question(
            code="changes_of",
            label="Perubahan atas",
            kind=Kind.REFERENCE,
            required=FINAL,
            applies_if=is_correction,
            refers_to=RecordKind.AID,
            fixed=True,
        ),
        Question(
            code="owner_kind", label="Penerima", kind=Kind.ONE_OF, required=DRAFT, choices=OWNER_KINDS, fixed=True
        ),
        Question(
            code="unit_id",
            label="Unit usaha",
            kind=Kind.REFERENCE,
            required=DRAFT,
            refers_to=RecordKind.BUSINESS_UNIT,
            fixed=True,
        ),
        Question(
            code="batch_id",
            label="Paket program",
            kind=Kind.REFERENCE,
            required=FINAL,
            refers_to=RecordKind.PROGRAM_BATCH,
        ),
        Question(
            code="tranche_no",
            label="Tahap ke-",
            kind=Kind.INTEGER,
            required=FINAL,
            at_least=1,
            at_most=6,
            help="Menurut tahap pencairan dalam paket program",
        ),
        Question(
            code="changed_on",
            label="Tanggal perubahan",
            kind=Kind.DATE,
            required=DRAFT,
            applies_if=is_correction,
            checks=(not_future,),
        ),
        Question(
            code="handover_on", label="Tanggal serah terima", kind=Kind.DATE, required=DRAFT, checks=(not_future,)
        ),
        Question(code="place", label="Tempat", kind=Kind.TEXT, required=FINAL, max_length=120),
        Question(
            code="basis",
            label="Dasar penyerahan",
            kind=Kind.TEXT,
            max_length=200,
            help="Nomor dan tanggal SK, DPA, atau perjanjian",
        ),
        Question(
            code="handed_by",
            label="Yang menyerahkan",
            kind=Kind.REFERENCE,
            required=FINAL,
            refers_to=RecordKind.STAFF,
        ),
        Question(
            code="handed_by_position",
            label="Jabatan yang menyerahkan",
            kind=Kind.TEXT,
            required=FINAL,
            max_length=120,
        ),
        Question(
            code="received_by",
            label="Yang menerima",
            kind=Kind.PERSON,
            required=FINAL,
            help="Untuk KUBE: ketua kelompok",
        ),
        Question(
            code="witness_1",
            label="Saksi 1",
            kind=Kind.PERSON,
            required=FINAL,
            applies_if=is_group,
            help="Anggota kelompok, bukan ketua",
        ),
        Question(
            code="witness_2",
            label="Saksi 2",
            kind=Kind.PERSON,
            required=FINAL,
            applies_if=is_group,
            help="Anggota kelompok, bukan ketua",
        ),
    ),
)
ITEMS = Section(
    code="2",
    title="Rincian bantuan",
    questions=(
        Question(
            code="items",
            label="Barang, bahan, uang",
            kind=Kind.ROWS,
            required=FINAL,
            at_least=1,
            at_most=100,
            help="Isi yang benar-benar diserahkan hari ini",
            columns=(
                Question(
                    code="kind",
                    label="Jenis",
                    kind=Kind.ONE_OF,
                    required=FINAL,
                    choices=choices(
                        ("bahan", "Bahan/modal kerja"),
                        ("alat", "Peralatan"),
                        ("uang", "Uang"),
                        ("pelatihan", "Pelatihan"),
                    ),
                ),
                Question(code="name", label="Nama barang/bahan", kind=Kind.TEXT, required=FINAL, max_length=120),
                Question(code="brand", label="Merek", kind=Kind.TEXT, max_length=60),
                Question(code="spec", label="Spesifikasi", kind=Kind.TEXT, max_length=120),
                Question(code="serial_number", label="Nomor seri", kind=Kind.TEXT, max_length=60),
                Question(
                    code="qty",
                    label="Jumlah",
                    kind=Kind.DECIMAL,
                    required=FINAL,
                    at_least=0,
                    at_most=100_000,
                    checks=(more_than_nothing,),
                ),
                Question(
                    code="planned_qty",
                    label="Jumlah rencana",
                    kind=Kind.DECIMAL,
                    at_least=0,
                    at_most=100_000,
                    help="Menurut asesmen; bila yang diserahkan lebih sedikit, kekurangannya dicatat",
                ),
                Question(code="unit", label="Satuan", kind=Kind.ONE_OF, required=FINAL, choices=UNITS_OF_GOODS),
                Question(
                    code="unit_price_idr",
                    label="Harga satuan",
                    kind=Kind.RUPIAH,
                    required=FINAL,
                    soft_limit=20_000_000,
                ),
                Question(
                    code="condition",
                    label="Keadaan",
                    kind=Kind.ONE_OF,
                    required=FINAL,
                    applies_if=answered("kind", "bahan", "alat"),
                    choices=CONDITIONS,
                ),
                Question(code="photo", label="Foto", kind=Kind.PHOTO, at_most=1),
            ),
        ),
        Question(code="total_idr", label="Jumlah bantuan", kind=Kind.COMPUTED, compute=aid_total, unit="Rp"),
        Question(code="total_words", label="Terbilang", kind=Kind.COMPUTED, compute=aid_total_in_words),
        Question(code="shortage_note", label="Catatan kekurangan", kind=Kind.LONG_TEXT, max_length=500),
    ),
)
MONEY = Section(
    code="3",
    title="Uang melalui rekening",
    applies_if=_has_money,
    questions=(
        Question(code="bank_name", label="Bank", kind=Kind.ONE_OF, required=FINAL, choices=BANKS, waivable=True),
        Question(
            code="bank_account",
            label="Nomor rekening",
            kind=Kind.TEXT,
            required=FINAL,
            max_length=20,
            checks=(account_number,),
            waivable=True,
            help="Bila diserahkan tunai, lewati dengan alasan",
        ),
        Question(
            code="transferred_on",
            label="Tanggal transfer",
            kind=Kind.DATE,
            required=FINAL,
            checks=(not_future,),
            waivable=True,
        ),
        Question(
            code="transfer_reference",
            label="Nomor bukti transfer",
            kind=Kind.TEXT,
            required=FINAL,
            max_length=60,
            waivable=True,
        ),
    ),
)


def _changed_parts(answers: Answers, context: Context) -> list[dict[str, Any]]:
    """A row for each difference from the minutes that are corrected."""
    original = fact(context, "original")
    found = differing(AID_FORM.questions(), original, answers) if original else ()
    return [{"id": one.key, "what": " ".join(one.what.split())} for one in found]


def _changes_several(answers: Answers, context: Context) -> bool:
    return len(_changed_parts(answers, context)) > 1 or bool(rows(answers, "change_reasons"))


CHANGE = Section(
    code="4",
    title="Alasan perubahan",
    applies_if=is_correction,
    help="Ubah isian yang keliru di bagian lain. Semula dan menjadi disusun sendiri oleh aplikasi.",
    questions=(
        Question(
            code="change_reason",
            label="Alasan perubahan",
            kind=Kind.LONG_TEXT,
            required=FINAL,
            at_least=10,
            help="Sedikitnya 10 huruf",
        ),
        Question(
            code="change_reasons",
            label="Alasan setiap perubahan",
            kind=Kind.ROWS,
            applies_if=_changes_several,
            bring=_changed_parts,
            help="Isi bila alasannya berbeda; yang kosong memakai alasan di atas",
            columns=(
                Question(code="what", label="Yang diubah", kind=Kind.TEXT, max_length=200, fixed=True),
                Question(code="reason", label="Alasan", kind=Kind.LONG_TEXT, max_length=300),
            ),
        ),
    ),
)
EVIDENCE = Section(
    code="5",
    title="Pernyataan, foto, tanda tangan",
    help=CONDITIONS_NOTICE,
    questions=(
        Question(
            code="conditions_read",
            label="Ketentuan bantuan sudah dibacakan dan dipahami penerima",
            kind=Kind.YES_NO,
            required=FINAL,
        ),
        Question(
            code="copies",
            label="Rangkap",
            kind=Kind.INTEGER,
            required=FINAL,
            at_least=1,
            at_most=10,
            help="Biasanya 2",
        ),
        Question(
            code="photos",
            label="Foto serah terima",
            kind=Kind.PHOTO,
            required=FINAL,
            choices=choices(
                ("serah_terima", "Serah terima"), ("barang", "Barang/bahan"), ("alat", "Alat"), ("lainnya", "Lainnya")
            ),
            at_least=1,
            at_most=6,
            waivable=True,
        ),
        Question(
            code="signature_recipient",
            label="Tanda tangan penerima",
            kind=Kind.SIGNATURE,
            required=FINAL,
            waivable=True,
            help="Tanda tangan atau cap jempol",
        ),
        Question(
            code="signature_staff",
            label="Tanda tangan yang menyerahkan",
            kind=Kind.SIGNATURE,
            required=FINAL,
            waivable=True,
        ),
        Question(
            code="signature_witness_1",
            label="Tanda tangan saksi 1",
            kind=Kind.SIGNATURE,
            required=FINAL,
            required_if=is_group,
            waivable=True,
        ),
        Question(
            code="signature_witness_2",
            label="Tanda tangan saksi 2",
            kind=Kind.SIGNATURE,
            required=FINAL,
            required_if=is_group,
            waivable=True,
        ),
        Question(code="signature_head", label="Mengetahui (kepala desa/lurah)", kind=Kind.SIGNATURE),
    ),
)

AID_FORM = Form(
    kind=RecordKind.AID,
    version=VERSION,
    title="Berita acara serah terima",
    sections=(HANDOVER, ITEMS, MONEY, CHANGE, EVIDENCE),
    rules=AID_RULES,
)
