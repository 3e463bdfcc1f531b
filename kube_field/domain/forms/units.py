"""Unit usaha: the business that is assisted, visited and judged, of a group or of one person (handbook 5.7)."""

from __future__ import annotations

from collections.abc import Iterator
from gettext import gettext as _

from kube_field.domain.forms.answered import day, fact, galat, is_group, is_person, peringatan, rows, text, whole
from kube_field.domain.forms.checks import in_task_area, not_future
from kube_field.domain.forms.codes import CONDITIONS, IDEAS, OWNER_KINDS, UNITS_OF_GOODS, VERSION
from kube_field.domain.forms.consent import LOCATION_CONSENT
from kube_field.domain.forms.declaration import Context, Finding, Form, Kind, Question, Required, Section, choices
from kube_field.domain.money import show_rupiah
from kube_field.domain.records import Answers, RecordKind

FINAL, DRAFT = Required.FINAL, Required.DRAFT

OWNER = Section(
    code="1",
    title="Pemilik dan usaha",
    questions=(
        Question(
            code="owner_kind", label="Pemilik", kind=Kind.ONE_OF, required=DRAFT, choices=OWNER_KINDS, header=True
        ),
        Question(
            code="group_id",
            label="KUBE",
            kind=Kind.REFERENCE,
            required=DRAFT,
            applies_if=is_group,
            refers_to=RecordKind.KUBE_GROUP,
            header=True,
        ),
        Question(
            code="person_id", label="Penerima", kind=Kind.PERSON, required=DRAFT, applies_if=is_person, header=True
        ),
        Question(
            code="batch_id",
            label="Paket program",
            kind=Kind.REFERENCE,
            required=FINAL,
            refers_to=RecordKind.PROGRAM_BATCH,
            header=True,
        ),
        Question(code="idea_code", label="Jenis usaha", kind=Kind.ONE_OF, required=FINAL, choices=IDEAS, header=True),
        Question(code="business_name", label="Nama usaha", kind=Kind.TEXT, max_length=80, header=True),
        Question(code="location_address", label="Alamat usaha", kind=Kind.TEXT, required=FINAL, max_length=200),
        Question(
            code="village_code",
            label="Desa/Kelurahan/Kampung",
            kind=Kind.REGION,
            required=DRAFT,
            checks=(in_task_area,),
            header=True,
        ),
        Question(code="location", label="Titik lokasi", kind=Kind.LOCATION),
        Question(
            code="started_on",
            label="Usaha dimulai",
            kind=Kind.DATE,
            checks=(not_future,),
            help="Boleh sebelum bantuan diterima",
        ),
        Question(
            code="planned_days_per_month",
            label="Rencana hari buka per bulan",
            kind=Kind.INTEGER,
            required=FINAL,
            at_least=1,
            at_most=31,
            unit="hari",
        ),
        Question(
            code="status",
            label="Status",
            kind=Kind.ONE_OF,
            required=FINAL,
            choices=choices(
                ("rencana", "Rencana"),
                ("berjalan", "Berjalan"),
                ("berhenti_sementara", "Berhenti sementara"),
                ("berhenti", "Berhenti"),
                ("lulus", "Lulus"),
            ),
            header=True,
        ),
        Question(
            code="permits",
            label="Izin yang dimiliki",
            kind=Kind.ROWS,
            at_most=10,
            columns=(
                Question(
                    code="permit",
                    label="Izin",
                    kind=Kind.ONE_OF,
                    required=FINAL,
                    choices=choices(("nib", "NIB"), ("spp_irt", "SPP-IRT"), ("halal", "Sertifikat halal")),
                ),
                Question(code="number", label="Nomor", kind=Kind.TEXT, max_length=60),
                Question(code="issued_on", label="Tanggal", kind=Kind.DATE, checks=(not_future,)),
            ),
            help="Kosongkan bila belum ada",
        ),
    ),
)
AID = Section(
    code="2",
    title="Bantuan yang diterima",
    help="Hanya untuk bantuan yang diserahkan tanpa berita acara di aplikasi ini; selebihnya dibaca dari berita acara.",
    questions=(
        Question(
            code="handover_on",
            label="Tanggal serah terima bantuan",
            kind=Kind.DATE,
            checks=(not_future,),
            help="Sesuai BAST; jadwal kunjungan dihitung dari tanggal ini",
            header=True,
        ),
        Question(code="bast_number", label="Nomor BAST", kind=Kind.TEXT, max_length=80),
        Question(code="aid_value_idr", label="Nilai bantuan diterima", kind=Kind.RUPIAH, soft_limit=50_000_000),
        Question(
            code="working_capital_base_idr",
            label="Modal kerja awal",
            kind=Kind.RUPIAH,
            soft_limit=50_000_000,
            help="Uang dan bahan dari bantuan, tanpa alat",
        ),
        Question(
            code="tools",
            label="Alat bantuan",
            kind=Kind.ROWS,
            at_most=100,
            columns=(
                Question(code="name", label="Nama alat", kind=Kind.TEXT, required=FINAL, max_length=80),
                Question(code="qty", label="Jumlah", kind=Kind.DECIMAL, required=FINAL, at_least=0, at_most=100_000),
                Question(code="unit", label="Satuan", kind=Kind.ONE_OF, choices=UNITS_OF_GOODS),
                Question(code="condition", label="Keadaan", kind=Kind.ONE_OF, choices=CONDITIONS),
            ),
        ),
    ),
)


def _has_baseline(answers: Answers, _context: Context) -> bool:
    return any(str(code).startswith("baseline_") for code in answers)


BASELINE = Section(
    code="3",
    title="Keadaan awal usaha",
    applies_if=_has_baseline,
    help="Diisi sendiri dari asesmen pertama.",
    questions=tuple(
        Question(code=code, label=label, kind=Kind.RUPIAH, fixed=True)
        for code, label in (
            ("baseline_revenue_idr", "Omzet awal per bulan"),
            ("baseline_cost_idr", "Biaya awal per bulan"),
            ("baseline_income_idr", "Penghasilan keluarga awal per bulan"),
        )
    ),
)


def _capital_within_aid(answers: Answers, _context: Context) -> Iterator[Finding]:
    base, aid = answers.get("working_capital_base_idr"), answers.get("aid_value_idr")
    if isinstance(base, int) and isinstance(aid, int) and base > aid:
        message = _("Modal kerja awal lebih besar dari nilai bantuan.")
        yield peringatan("CAPITAL_ABOVE_AID", "working_capital_base_idr", message)


def _permit_twice(answers: Answers, _context: Context) -> Iterator[Finding]:
    seen: set[str] = set()
    for at, row in rows(answers, "permits"):
        permit = text(row, "permit")
        if permit and permit in seen:
            yield peringatan("PERMIT_TWICE", "permits", _("Izin ini sudah dicatat."), at, "permit")
        seen.add(permit)


def _idea_fits_owner(answers: Answers, context: Context) -> Iterator[Finding]:
    idea = context.reference.idea(text(answers, "idea_code")) if context.reference is not None else None
    if idea is None:
        return
    fits = {"group": idea.group, "person": idea.individual}.get(text(answers, "owner_kind"), True)
    if not fits:
        yield peringatan(
            "IDEA_OTHER_SCHEME", "idea_code", _("Jenis usaha ini biasanya bukan untuk pemilik seperti ini.")
        )


def _aid_within_amount(answers: Answers, context: Context) -> Iterator[Finding]:
    value, allowed = whole(answers, "aid_value_idr"), whole(fact(context, "batch"), "unit_amount_idr")
    if value is not None and allowed is not None and value > allowed:
        message = _("Nilai bantuan melebihi nilai per penerima dalam paket ({amount}).")
        yield peringatan("AID_ABOVE_UNIT_AMOUNT", "aid_value_idr", message.format(amount=show_rupiah(allowed)))


def _aid_needs_nik(answers: Answers, context: Context) -> Iterator[Finding]:
    """Without a NIK nobody receives aid (handbook 3.1, 5.9)."""
    if day(answers, "handover_on") is not None and fact(context, "owner").get("nik") == "":
        message = _("Penerima belum punya NIK, jadi belum dapat menerima bantuan.")
        yield galat("AID_WITHOUT_NIK", "handover_on", message)


def _location_consent(answers: Answers, context: Context) -> Iterator[Finding]:
    place = answers.get("location")
    has_point = isinstance(place, dict) and "latitude" in place
    if has_point and fact(context, "consents").get(LOCATION_CONSENT) is False:
        yield galat("CONSENT_LOCATION", "location", _("Warga tidak bersedia titik lokasi usaha dicatat."))


def _aid_details(answers: Answers, _context: Context) -> Iterator[Finding]:
    if day(answers, "handover_on") is not None and answers.get("aid_value_idr") is None:
        yield peringatan("AID_VALUE_MISSING", "aid_value_idr", _("Bantuan sudah diserahkan; nilainya belum diisi."))


BUSINESS_UNIT_FORM = Form(
    kind=RecordKind.BUSINESS_UNIT,
    version=VERSION,
    title="Unit usaha",
    sections=(OWNER, AID, BASELINE),
    rules=(
        _capital_within_aid,
        _aid_within_amount,
        _aid_needs_nik,
        _permit_twice,
        _idea_fits_owner,
        _location_consent,
        _aid_details,
    ),
)
