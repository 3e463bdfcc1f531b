"""KUBE and membership: a joint business group and who belongs to it when (handbook 5.5, 5.6)."""

from __future__ import annotations

from kube_field.domain.forms.answered import day, fact, text
from kube_field.domain.forms.checks import account_number, in_task_area, not_future
from kube_field.domain.forms.codes import BANKS, IDEAS, NONE, OFFICES, SECTORS, VERSION
from kube_field.domain.forms.declaration import (
    Context,
    Form,
    Kind,
    Question,
    Required,
    Section,
    choices,
)
from kube_field.domain.forms.group_rules import GROUP_RULES, MEMBERSHIP_RULES
from kube_field.domain.records import Answers, RecordKind

FINAL, DRAFT = Required.FINAL, Required.DRAFT


def _aid_is_near(answers: Answers, context: Context) -> bool:
    """The village head's decision is needed before aid is handed over."""
    return bool(context.facts.get("has_aid")) or day(context.facts, "handover_on") is not None


def _paid_in_money(answers: Answers, context: Context) -> bool:
    return text(fact(context, "batch"), "aid_form") in ("uang_rekening", "campuran")


def _has_left(answers: Answers, _context: Context) -> bool:
    return bool(text(answers, "left_on"))


def _pays_iks(answers: Answers, _context: Context) -> bool:
    return bool(answers.get("iks_amount_idr"))


GROUP = Section(
    code="1",
    title="KUBE",
    questions=(
        Question(code="name", label="Nama KUBE", kind=Kind.TEXT, required=DRAFT, max_length=80, header=True),
        Question(
            code="batch_id",
            label="Paket program",
            kind=Kind.REFERENCE,
            required=DRAFT,
            refers_to=RecordKind.PROGRAM_BATCH,
            header=True,
        ),
        Question(
            code="village_code",
            label="Desa/Kelurahan",
            kind=Kind.REGION,
            required=DRAFT,
            checks=(in_task_area,),
            header=True,
        ),
        Question(code="formed_on", label="Tanggal dibentuk", kind=Kind.DATE, required=FINAL, checks=(not_future,)),
        Question(
            code="sk_number",
            label="Nomor SK",
            kind=Kind.TEXT,
            required=FINAL,
            required_if=_aid_is_near,
            max_length=80,
            help="Diperlukan sebelum bantuan diserahkan",
        ),
        Question(
            code="sk_date",
            label="Tanggal SK",
            kind=Kind.DATE,
            required=FINAL,
            required_if=_aid_is_near,
            checks=(not_future,),
        ),
        Question(
            code="sk_by",
            label="Penetap SK",
            kind=Kind.ONE_OF,
            required=FINAL,
            required_if=_aid_is_near,
            choices=choices(
                ("kepala_desa", "Kepala desa/petinggi"),
                ("lurah", "Lurah"),
                ("camat", "Camat"),
                ("kepala_dinas", "Kepala dinas"),
            ),
        ),
        Question(code="sector", label="Bidang usaha", kind=Kind.ONE_OF, required=FINAL, choices=SECTORS),
        Question(code="idea_code", label="Jenis usaha", kind=Kind.ONE_OF, required=FINAL, choices=IDEAS, header=True),
        Question(
            code="assigned_staff_id",
            label="Pendamping",
            kind=Kind.REFERENCE,
            required=FINAL,
            refers_to=RecordKind.STAFF,
            header=True,
        ),
        Question(
            code="status",
            label="Status",
            kind=Kind.ONE_OF,
            required=FINAL,
            choices=choices(
                ("calon", "Calon"),
                ("aktif", "Aktif"),
                ("tidak_aktif", "Tidak aktif"),
                ("bubar", "Bubar"),
                ("lulus", "Lulus"),
            ),
            header=True,
        ),
    ),
)
ADMINISTRATION = Section(
    code="2",
    title="Administrasi kelompok",
    questions=(
        Question(
            code="bank_name",
            label="Bank",
            kind=Kind.ONE_OF,
            required=FINAL,
            required_if=_paid_in_money,
            choices=BANKS,
        ),
        Question(
            code="bank_account",
            label="Nomor rekening kelompok",
            kind=Kind.TEXT,
            required=FINAL,
            required_if=_paid_in_money,
            max_length=20,
            checks=(account_number,),
            help="Rekening atas nama kelompok, 8 sampai 20 angka",
        ),
        Question(code="has_signboard", label="Papan nama", kind=Kind.YES_NO, required=FINAL),
        Question(code="has_stamp", label="Stempel", kind=Kind.YES_NO, required=FINAL),
        Question(code="has_adart", label="AD-ART", kind=Kind.YES_NO, required=FINAL),
        Question(
            code="books",
            label="Buku yang ada",
            kind=Kind.MANY_OF,
            required=FINAL,
            choices=choices(
                ("anggota", "Buku anggota"),
                ("tamu", "Buku tamu"),
                ("notulen", "Buku notulen rapat"),
                ("kas", "Buku kas"),
                ("kegiatan", "Buku kegiatan"),
                ("simpan_pinjam", "Buku simpan pinjam"),
                ("inventaris", "Buku inventaris"),
                (NONE, "Belum ada buku"),
            ),
        ),
        Question(
            code="meeting_schedule",
            label="Jadwal pertemuan",
            kind=Kind.ONE_OF,
            required=FINAL,
            choices=choices(
                ("mingguan", "Mingguan"),
                ("dua_mingguan", "Dua mingguan"),
                ("bulanan", "Bulanan"),
                ("tidak_tetap", "Tidak tetap"),
            ),
        ),
        Question(
            code="iks_amount_idr",
            label="Iuran kesetiakawanan sosial (IKS)",
            kind=Kind.RUPIAH,
            soft_limit=500_000,
            help="Per anggota",
        ),
        Question(
            code="iks_period",
            label="IKS dibayar setiap",
            kind=Kind.ONE_OF,
            applies_if=_pays_iks,
            choices=choices(
                ("mingguan", "Minggu"), ("bulanan", "Bulan"), ("panen", "Panen/pembagian laba"), ("lainnya", "Lainnya")
            ),
        ),
    ),
)

KUBE_GROUP_FORM = Form(
    kind=RecordKind.KUBE_GROUP,
    version=VERSION,
    title="KUBE",
    sections=(GROUP, ADMINISTRATION),
    rules=GROUP_RULES,
)

MEMBERSHIP_FORM = Form(
    kind=RecordKind.MEMBERSHIP,
    version=VERSION,
    title="Keanggotaan",
    sections=(
        Section(
            code="1",
            title="Keanggotaan",
            questions=(
                Question(
                    code="group_id",
                    label="KUBE",
                    kind=Kind.REFERENCE,
                    required=DRAFT,
                    refers_to=RecordKind.KUBE_GROUP,
                    fixed=True,
                    header=True,
                ),
                Question(code="person_id", label="Anggota", kind=Kind.PERSON, required=DRAFT, header=True),
                Question(code="role", label="Jabatan", kind=Kind.ONE_OF, required=FINAL, choices=OFFICES, header=True),
                Question(
                    code="joined_on",
                    label="Masuk tanggal",
                    kind=Kind.DATE,
                    required=FINAL,
                    checks=(not_future,),
                    header=True,
                ),
                Question(code="left_on", label="Keluar tanggal", kind=Kind.DATE, checks=(not_future,), header=True),
                Question(
                    code="leave_reason",
                    label="Sebab keluar",
                    kind=Kind.ONE_OF,
                    required=FINAL,
                    required_if=_has_left,
                    applies_if=_has_left,
                    choices=choices(
                        ("pindah", "Pindah"),
                        ("meninggal", "Meninggal"),
                        ("mengundurkan_diri", "Mengundurkan diri"),
                        ("dikeluarkan", "Dikeluarkan"),
                        ("tidak_memenuhi_syarat", "Tidak memenuhi syarat"),
                        ("ganti_jabatan", "Ganti jabatan"),
                    ),
                    header=True,
                ),
                Question(code="replaced_by", label="Diganti oleh", kind=Kind.PERSON, applies_if=_has_left),
                Question(code="note", label="Catatan", kind=Kind.TEXT),
            ),
        ),
    ),
    rules=MEMBERSHIP_RULES,
)
