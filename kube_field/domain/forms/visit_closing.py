"""Parts 7 to 10 of the follow-up visit: constraints, support, result, evidence (handbook 5.11)."""

from __future__ import annotations

from kube_field.domain.forms.answered import answered, every, fact, rows
from kube_field.domain.forms.checks import not_future
from kube_field.domain.forms.codes import NONE, PHOTO_KINDS
from kube_field.domain.forms.declaration import Context, Kind, Question, Required, Section, choices
from kube_field.domain.forms.visit_sections import on_the_spot, somebody
from kube_field.domain.records import Answers

FINAL = Required.FINAL
SUPPORT_KINDS = choices(
    ("motivasi", "Motivasi"),
    ("pembukuan", "Pembukuan"),
    ("hitung_harga", "Menghitung harga jual"),
    ("pemasaran", "Pemasaran"),
    ("mediasi_kelompok", "Mediasi kelompok"),
    ("izin", "Perizinan"),
    ("teknis_produksi", "Teknis produksi"),
    ("rujukan", "Rujukan"),
    ("lainnya", "Lainnya"),
)
RESPONSIBLE = choices(
    ("penerima", "Penerima"),
    ("pendamping", "Pendamping"),
    ("dinsos_kab", "Dinas Sosial kabupaten/kota"),
    ("dinsos_prov", "Dinas Sosial provinsi"),
    ("mitra", "Mitra"),
)
ACTION_RESULTS = choices(("selesai", "Selesai"), ("sebagian", "Sebagian"), ("belum", "Belum"), ("batal", "Batal"))
CONSTRAINTS = choices(
    ("modal", "Modal"),
    ("bahan", "Bahan baku"),
    ("alat", "Alat"),
    ("pemasaran", "Pemasaran"),
    ("keterampilan", "Keterampilan"),
    ("pembukuan", "Pembukuan"),
    ("izin", "Perizinan"),
    ("kelompok", "Kelompok"),
    ("keluarga_kesehatan", "Keluarga/kesehatan"),
    ("akses_jalan", "Akses jalan"),
    ("bencana", "Bencana"),
    ("utang", "Utang"),
    ("lainnya", "Lainnya"),
)


def not_graduated(_answers: Answers, context: Context) -> bool:
    """Only where the unit is known: the server judges a visit alone and may not refuse what a laptop accepted."""
    return context.facts.get("graduated") is False


def _has_previous_actions(_answers: Answers, context: Context) -> bool:
    return bool(rows(fact(context, "previous"), "support_needed"))


PROBLEMS = Section(
    code="7",
    title="Kendala",
    applies_if=somebody,
    questions=(
        Question(
            code="has_constraints",
            label="Ada kendala?",
            kind=Kind.YES_NO,
            required=FINAL,
            help="Pilih tidak bila tidak ada kendala",
        ),
        Question(
            code="constraints",
            label="Kendala",
            kind=Kind.ROWS,
            required=FINAL,
            applies_if=answered("has_constraints", True),
            at_least=1,
            columns=(
                Question(code="code", label="Kendala", kind=Kind.ONE_OF, required=FINAL, choices=CONSTRAINTS),
                Question(
                    code="severity",
                    label="Berat",
                    kind=Kind.LEVEL,
                    required=FINAL,
                    choices=choices(("1", "Ringan"), ("2", "Sedang"), ("3", "Berat")),
                ),
                Question(code="since", label="Sejak", kind=Kind.DATE, checks=(not_future,)),
                Question(code="note", label="Keterangan", kind=Kind.TEXT),
            ),
        ),
    ),
)
SUPPORT = Section(
    code="8",
    title="Pendampingan dan tindak lanjut",
    questions=(
        Question(
            code="previous_actions",
            label="Tindak lanjut kunjungan lalu",
            kind=Kind.ROWS,
            required=FINAL,
            required_if=_has_previous_actions,
            applies_if=_has_previous_actions,
            columns=(
                Question(code="action", label="Tindak lanjut", kind=Kind.TEXT, fixed=True),
                Question(code="who", label="Penanggung jawab", kind=Kind.ONE_OF, choices=RESPONSIBLE, fixed=True),
                Question(code="by_date", label="Batas", kind=Kind.DATE, fixed=True),
                Question(code="result", label="Hasil", kind=Kind.ONE_OF, required=FINAL, choices=ACTION_RESULTS),
                Question(
                    code="reason",
                    label="Alasan",
                    kind=Kind.TEXT,
                    required=FINAL,
                    required_if=answered("result", "batal"),
                    help="Wajib bila batal",
                ),
            ),
        ),
        Question(
            code="support_given",
            label="Pendampingan yang diberikan hari ini",
            kind=Kind.MANY_OF,
            required=FINAL,
            choices=(*SUPPORT_KINDS, *choices((NONE, "Tidak ada"))),
        ),
        Question(code="support_given_note", label="Uraian pendampingan", kind=Kind.LONG_TEXT),
        Question(
            code="support_needed",
            label="Rencana tindak lanjut",
            kind=Kind.ROWS,
            required=FINAL,
            required_if=not_graduated,
            at_least=1,
            columns=(
                Question(code="kind", label="Jenis", kind=Kind.ONE_OF, required=FINAL, choices=SUPPORT_KINDS),
                Question(code="what", label="Tindak lanjut", kind=Kind.TEXT),
                Question(code="who", label="Penanggung jawab", kind=Kind.ONE_OF, required=FINAL, choices=RESPONSIBLE),
                Question(code="by_date", label="Batas waktu", kind=Kind.DATE, required=FINAL),
                Question(code="status", label="Keadaan", kind=Kind.ONE_OF, choices=ACTION_RESULTS),
            ),
        ),
    ),
)
RESULT = Section(
    code="9",
    title="Pendapat petugas dan kunjungan berikut",
    questions=(
        Question(
            code="officer_opinion",
            label="Pendapat petugas",
            kind=Kind.LONG_TEXT,
            required=FINAL,
            applies_if=somebody,
        ),
        Question(
            code="next_visit_on",
            label="Rencana kunjungan berikut",
            kind=Kind.DATE,
            required=FINAL,
            required_if=not_graduated,
            header=True,
        ),
    ),
)
EVIDENCE = Section(
    code="10",
    title="Foto dan tanda tangan",
    questions=(
        Question(
            code="photos",
            label="Foto",
            kind=Kind.PHOTO,
            required=FINAL,
            applies_if=on_the_spot,
            choices=PHOTO_KINDS,
            at_least=1,
            at_most=6,
            waivable=True,
            help="Sedikitnya dua: usaha, dan penerima bersama usaha atau petugas. Bila tidak ada orang, cukup satu.",
        ),
        Question(
            code="signature_staff",
            label="Tanda tangan petugas",
            kind=Kind.SIGNATURE,
            required=FINAL,
            waivable=True,
        ),
        Question(
            code="signature_recipient",
            label="Tanda tangan penerima/ketua KUBE",
            kind=Kind.SIGNATURE,
            required=FINAL,
            applies_if=every(somebody, on_the_spot),
            waivable=True,
            help="Tanda tangan atau cap jempol. Bila tidak menandatangani, lewati dengan alasan.",
        ),
        Question(
            code="signature_witness",
            label="Mengetahui (kepala desa/RT)",
            kind=Kind.SIGNATURE,
            applies_if=on_the_spot,
        ),
    ),
)
