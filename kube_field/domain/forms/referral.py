"""Rujukan: a person sent on to a partner, with his consent; and what became of it, a small fact each time (5.12).

Facts of the context: `consent` (uid of the person's word that his data may be shared, "" without).
"""

from __future__ import annotations

from collections.abc import Iterator
from gettext import gettext as _

from kube_field.domain.forms.answered import answered, day, fact, galat
from kube_field.domain.forms.checks import not_future
from kube_field.domain.forms.codes import VERSION
from kube_field.domain.forms.declaration import Context, Finding, Form, Kind, Question, Required, Section, choices
from kube_field.domain.records import Answers, RecordKind

FINAL, DRAFT = Required.FINAL, Required.DRAFT
PROTECTED_PARTNER = "uptd_ppa"
"""A referral because of violence: seen by its author and the supervisors only (handbook 5.12)."""
PREPARED, SENT, DONE = "disiapkan", "dikirim", "selesai"
MARKET_PARTNERS = ("bank_kur", "koperasi", "disperindagkop")
"""A good relation to one of these counts for the stage of a KUBE (handbook 7.3)."""
CLOSED = (DONE, "ditolak", "tidak_jadi")
REMINDER_DAYS = 14
"""So many days without a change, and somebody is reminded."""
STATUSES = choices(
    (PREPARED, "Disiapkan"),
    (SENT, "Dikirim"),
    ("diterima", "Diterima mitra"),
    ("diproses", "Diproses"),
    (DONE, "Selesai"),
    ("ditolak", "Ditolak"),
    ("tidak_jadi", "Tidak jadi"),
)
has_ended = answered("status", *CLOSED)


def is_restricted(answers: Answers) -> bool:
    """True for a referral that only its author and the supervisors may see."""
    return answers.get("partner_kind") == PROTECTED_PARTNER


REFERRAL = Section(
    code="1",
    title="Rujukan",
    questions=(
        Question(
            code="unit_id",
            label="Unit usaha",
            kind=Kind.REFERENCE,
            refers_to=RecordKind.BUSINESS_UNIT,
            fixed=True,
        ),
        Question(code="person_id", label="Warga yang dirujuk", kind=Kind.PERSON, required=DRAFT, header=True),
        Question(
            code="partner_kind",
            label="Jenis mitra",
            kind=Kind.ONE_OF,
            required=DRAFT,
            choices=choices(
                ("disperindagkop", "Disperindagkop UMKM"),
                ("dinkes", "Dinas Kesehatan"),
                ("pertanian", "Dinas Pertanian"),
                ("perikanan", "Dinas Perikanan"),
                ("dpmptsp_oss", "DPMPTSP (OSS, NIB)"),
                ("pendamping_halal", "Pendamping halal (PPH)"),
                ("bank_kur", "Bank (KUR)"),
                ("koperasi", "Koperasi"),
                ("bumdes", "BUMDes"),
                ("dukcapil", "Disdukcapil"),
                (PROTECTED_PARTNER, "UPTD PPA"),
                ("puskesmas", "Puskesmas"),
                ("baznas", "Baznas"),
                ("csr", "Perusahaan (CSR)"),
                ("lainnya", "Lainnya"),
            ),
            help="Rujukan ke UPTD PPA hanya terlihat oleh pembuatnya dan penyelia",
        ),
        Question(code="partner_name", label="Nama mitra", kind=Kind.TEXT, required=FINAL, max_length=120),
        Question(code="partner_place", label="Tempat mitra", kind=Kind.TEXT, required=FINAL, max_length=80),
        Question(
            code="need",
            label="Yang diperlukan",
            kind=Kind.LONG_TEXT,
            required=FINAL,
            max_length=500,
            help="Tercetak dalam surat; jangan menulis hal yang tidak perlu diketahui mitra",
        ),
        Question(
            code="sent_on", label="Tanggal surat", kind=Kind.DATE, required=DRAFT, checks=(not_future,), header=True
        ),
        Question(
            code="consent_id",
            label="Persetujuan membagikan data",
            kind=Kind.REFERENCE,
            required=FINAL,
            refers_to=RecordKind.CONSENT,
            fixed=True,
        ),
        Question(
            code="contact",
            label="Kontak petugas",
            kind=Kind.TEXT,
            required=FINAL,
            max_length=120,
            help="Nomor HP atau alamat untuk balasan mitra",
        ),
        Question(code="follow_up_by", label="Ditindaklanjuti sebelum", kind=Kind.DATE),
        Question(
            code="signature_staff",
            label="Tanda tangan petugas",
            kind=Kind.SIGNATURE,
            required=FINAL,
            waivable=True,
        ),
    ),
)


def _consent(_answers: Answers, context: Context) -> Iterator[Finding]:
    """Nobody's data go to a partner without his word (handbook 2, 5.12)."""
    if context.facts.get("consent") == "":
        message = _("Warga ini belum menyetujui datanya dibagikan kepada mitra. Catat persetujuannya di profil warga.")
        yield galat("CONSENT_PARTNER", "person_id", message)


def _follow_up(answers: Answers, _context: Context) -> Iterator[Finding]:
    written, until = day(answers, "sent_on"), day(answers, "follow_up_by")
    if written is not None and until is not None and until < written:
        yield galat("PERIOD_ORDER", "follow_up_by", _("Batas tindak lanjut sebelum tanggal surat."))


REFERRAL_FORM = Form(
    kind=RecordKind.REFERRAL,
    version=VERSION,
    title="Rujukan",
    sections=(REFERRAL,),
    rules=(_consent, _follow_up),
)


def _after_the_letter(answers: Answers, context: Context) -> Iterator[Finding]:
    changed, written = day(answers, "changed_on"), day(fact(context, "referral"), "sent_on")
    if changed is not None and written is not None and changed < written:
        yield galat("DATE_ORDER", "changed_on", _("Tanggal ini sebelum tanggal surat."))


REFERRAL_STATUS_FORM = Form(
    kind=RecordKind.REFERRAL_STATUS,
    version=VERSION,
    title="Perkembangan rujukan",
    sections=(
        Section(
            code="1",
            title="Perkembangan rujukan",
            questions=(
                Question(
                    code="status", label="Keadaan", kind=Kind.ONE_OF, required=FINAL, choices=STATUSES, header=True
                ),
                Question(
                    code="changed_on",
                    label="Tanggal",
                    kind=Kind.DATE,
                    required=FINAL,
                    checks=(not_future,),
                    header=True,
                ),
                Question(
                    code="result",
                    label="Hasil",
                    kind=Kind.TEXT,
                    required_if=has_ended,
                    max_length=250,
                ),
                Question(code="follow_up_by", label="Ditindaklanjuti sebelum", kind=Kind.DATE),
            ),
        ),
    ),
    rules=(_after_the_letter,),
)
"""Its subject is the referral; the newest one says how the referral stands."""
