"""Pelatihan/bimtek and attendance: one event, and one fact per participant and session (handbook 5.10)."""

from __future__ import annotations

from collections.abc import Iterator
from gettext import gettext as _

from kube_field.domain.forms.answered import (
    answered,
    day,
    fact,
    galat,
    keterangan,
    peringatan,
    rows,
    text,
    uid,
    whole,
)
from kube_field.domain.forms.checks import bare_nik, in_task_area
from kube_field.domain.forms.codes import SEXES, VERSION
from kube_field.domain.forms.declaration import Context, Finding, Form, Kind, Question, Required, Section, choices
from kube_field.domain.records import Answers, RecordKind

FINAL, DRAFT = Required.FINAL, Required.DRAFT
USUAL_TRAINING_DAYS = 14

EVENT = Section(
    code="1",
    title="Kegiatan",
    questions=(
        Question(code="title", label="Judul kegiatan", kind=Kind.TEXT, required=DRAFT, max_length=150, header=True),
        Question(
            code="topic",
            label="Topik",
            kind=Kind.ONE_OF,
            required=FINAL,
            choices=choices(
                ("manajemen_usaha", "Manajemen usaha"),
                ("literasi_keuangan", "Literasi keuangan"),
                ("pembukuan", "Pembukuan"),
                ("keterampilan_produksi", "Keterampilan produksi"),
                ("kemasan_label", "Kemasan dan label"),
                ("pemasaran_daring", "Pemasaran daring"),
                ("perizinan", "Perizinan"),
                ("dinamika_kelompok", "Dinamika kelompok"),
                ("keamanan_pangan", "Keamanan pangan"),
                ("lainnya", "Lainnya"),
            ),
            header=True,
        ),
        Question(code="starts_on", label="Tanggal mulai", kind=Kind.DATE, required=DRAFT, header=True),
        Question(code="ends_on", label="Tanggal selesai", kind=Kind.DATE, required=FINAL, header=True),
        Question(code="venue", label="Tempat", kind=Kind.TEXT, required=FINAL, max_length=120, header=True),
        Question(
            code="village_code",
            label="Desa/Kelurahan/Kampung",
            kind=Kind.REGION,
            required=DRAFT,
            checks=(in_task_area,),
            header=True,
        ),
        Question(code="organizer", label="Penyelenggara", kind=Kind.TEXT, required=FINAL, max_length=120),
        Question(
            code="trainers",
            label="Narasumber/Fasilitator",
            kind=Kind.ROWS,
            required=FINAL,
            at_least=1,
            at_most=20,
            columns=(
                Question(code="name", label="Nama", kind=Kind.NAME, required=FINAL),
                Question(code="institution", label="Instansi", kind=Kind.TEXT, max_length=120),
            ),
        ),
        Question(
            code="batch_id",
            label="Paket program",
            kind=Kind.REFERENCE,
            refers_to=RecordKind.PROGRAM_BATCH,
            header=True,
        ),
    ),
)
SESSIONS = Section(
    code="2",
    title="Sesi",
    questions=(
        Question(
            code="sessions",
            label="Sesi",
            kind=Kind.ROWS,
            required=FINAL,
            at_least=1,
            at_most=30,
            help="Nomor sesi mengikuti urutan baris",
            columns=(
                Question(code="date", label="Tanggal", kind=Kind.DATE, required=FINAL),
                Question(code="start", label="Mulai", kind=Kind.TIME, required=FINAL),
                Question(code="end", label="Selesai", kind=Kind.TIME, required=FINAL),
                Question(code="subject", label="Materi", kind=Kind.TEXT, required=FINAL, max_length=150),
                Question(code="trainer", label="Narasumber", kind=Kind.TEXT, max_length=120),
            ),
        ),
        Question(
            code="participants",
            label="Peserta yang diundang",
            kind=Kind.ROWS,
            at_most=300,
            columns=(Question(code="person", label="Nama", kind=Kind.PERSON, required=FINAL),),
        ),
    ),
)
RESULT = Section(
    code="3",
    title="Bahan dan hasil",
    questions=(
        Question(
            code="materials",
            label="Bahan pelatihan",
            kind=Kind.ROWS,
            at_most=50,
            columns=(
                Question(code="name", label="Bahan", kind=Kind.TEXT, required=FINAL, max_length=120),
                Question(code="qty", label="Jumlah", kind=Kind.TEXT, max_length=40),
            ),
        ),
        Question(code="budget_note", label="Catatan anggaran", kind=Kind.LONG_TEXT, max_length=500),
        Question(code="pretest_id", label="Prates", kind=Kind.TEXT, fixed=True, max_length=60),
        Question(code="posttest_id", label="Pascates", kind=Kind.TEXT, fixed=True, max_length=60),
        Question(code="summary", label="Ringkasan kegiatan", kind=Kind.LONG_TEXT),
        Question(code="photos", label="Foto kegiatan", kind=Kind.PHOTO, at_most=6),
    ),
)


def _event_days(answers: Answers, _context: Context) -> Iterator[Finding]:
    start, end = day(answers, "starts_on"), day(answers, "ends_on")
    if start is None or end is None:
        return
    if end < start:
        yield galat("PERIOD_ORDER", "ends_on", _("Tanggal selesai sebelum tanggal mulai."))
    elif (end - start).days >= USUAL_TRAINING_DAYS:
        message = _("Kegiatan berlangsung {n} hari. Periksa tanggalnya.").format(n=(end - start).days + 1)
        yield peringatan("EVENT_LONG", "ends_on", message)


def _session_days(answers: Answers, _context: Context) -> Iterator[Finding]:
    start, end = day(answers, "starts_on"), day(answers, "ends_on")
    for at, row in rows(answers, "sessions"):
        held = day(row, "date")
        if held is not None and ((start is not None and held < start) or (end is not None and held > end)):
            yield galat("SESSION_OUTSIDE", "sessions", _("Tanggal sesi di luar tanggal kegiatan."), at, "date")
        if text(row, "start") and text(row, "end") and text(row, "end") <= text(row, "start"):
            yield galat("TIME_ORDER", "sessions", _("Jam selesai harus sesudah jam mulai."), at, "end")


def _invited_twice(answers: Answers, _context: Context) -> Iterator[Finding]:
    seen: set[str] = set()
    for at, row in rows(answers, "participants"):
        person = uid(row, "person")
        if person and person in seen:
            yield galat("PARTICIPANT_TWICE", "participants", _("Peserta ini sudah ada."), at, "person")
        seen.add(person)


TRAINING_EVENT_FORM = Form(
    kind=RecordKind.TRAINING_EVENT,
    version=VERSION,
    title="Pelatihan/Bimtek",
    sections=(EVENT, SESSIONS, RESULT),
    rules=(_event_days, _session_days, _invited_twice),
)


def _is_walk_in(answers: Answers, _context: Context) -> bool:
    return not uid(answers, "person_id")


def _was_present(answers: Answers, _context: Context) -> bool:
    return answers.get("status") == "hadir"


PARTICIPANT = Section(
    code="1",
    title="Peserta",
    questions=(
        Question(
            code="event_id",
            label="Kegiatan",
            kind=Kind.REFERENCE,
            required=DRAFT,
            refers_to=RecordKind.TRAINING_EVENT,
            fixed=True,
            header=True,
        ),
        Question(
            code="session_no",
            label="Sesi ke-",
            kind=Kind.INTEGER,
            required=DRAFT,
            at_least=1,
            at_most=30,
            fixed=True,
            header=True,
        ),
        Question(
            code="person_id",
            label="Peserta",
            kind=Kind.PERSON,
            header=True,
            help="Kosongkan untuk peserta tambahan yang belum terdaftar",
        ),
        Question(
            code="walk_in_name",
            label="Nama peserta tambahan",
            kind=Kind.NAME,
            required=FINAL,
            applies_if=_is_walk_in,
        ),
        Question(
            code="walk_in_nik",
            label="NIK peserta tambahan",
            kind=Kind.NIK,
            applies_if=_is_walk_in,
            checks=(bare_nik,),
        ),
        Question(
            code="walk_in_sex",
            label="Jenis kelamin peserta tambahan",
            kind=Kind.ONE_OF,
            required=FINAL,
            applies_if=_is_walk_in,
            choices=SEXES,
        ),
        Question(
            code="walk_in_village",
            label="Desa/Kelurahan/Kampung peserta tambahan",
            kind=Kind.REGION,
            required=FINAL,
            applies_if=_is_walk_in,
        ),
        Question(code="walk_in_phone", label="No. HP peserta tambahan", kind=Kind.PHONE, applies_if=_is_walk_in),
    ),
)
PRESENCE = Section(
    code="2",
    title="Kehadiran",
    questions=(
        Question(
            code="status",
            label="Kehadiran",
            kind=Kind.ONE_OF,
            required=DRAFT,
            choices=choices(
                ("hadir", "Hadir"),
                ("izin", "Izin"),
                ("sakit", "Sakit"),
                ("tanpa_kabar", "Tanpa kabar"),
                ("digantikan_oleh", "Digantikan oleh"),
            ),
            header=True,
        ),
        Question(
            code="replaced_by",
            label="Pengganti",
            kind=Kind.TEXT,
            required=FINAL,
            applies_if=answered("status", "digantikan_oleh"),
            max_length=120,
            help="Nama yang hadir menggantikan",
        ),
        Question(code="time_in", label="Jam datang", kind=Kind.TIME, applies_if=_was_present),
        Question(
            code="signature",
            label="Tanda tangan",
            kind=Kind.SIGNATURE,
            applies_if=_was_present,
            waivable=True,
            help="Atau cap jempol. Boleh pada daftar hadir kertas.",
        ),
        Question(
            code="transport_allowance_idr",
            label="Uang transpor",
            kind=Kind.RUPIAH,
            soft_limit=500_000,
            applies_if=answered("status", "hadir", "digantikan_oleh"),
        ),
        Question(code="note", label="Catatan", kind=Kind.TEXT),
    ),
)


def _session_exists(answers: Answers, context: Context) -> Iterator[Finding]:
    event, number = fact(context, "event"), whole(answers, "session_no")
    if event and number is not None and number - 1 not in {at for at, _row in rows(event, "sessions")}:
        yield galat("SESSION_UNKNOWN", "session_no", _("Sesi ini tidak ada dalam kegiatan."))


def _session_was_held(answers: Answers, context: Context) -> Iterator[Finding]:
    sessions = dict(rows(fact(context, "event"), "sessions"))
    held = day(sessions.get((whole(answers, "session_no") or 0) - 1, {}), "date")
    if held is not None and held > context.today:
        yield galat("DATE_FUTURE", "session_no", _("Sesi ini belum berlangsung."))


def _walk_in_known(answers: Answers, context: Context) -> Iterator[Finding]:
    """A walk-in is matched to a known person by the officer, never silently (handbook 5.10)."""
    name = fact(context, "existing_niks").get(text(answers, "walk_in_nik"))
    if isinstance(name, str):
        message = _("NIK ini sudah terdaftar: {name}. Pilih sebagai peserta terdaftar.").format(name=name)
        yield peringatan("WALK_IN_IS_KNOWN", "walk_in_nik", message)


def _not_invited(answers: Answers, context: Context) -> Iterator[Finding]:
    invited = {uid(row, "person") for _at, row in rows(fact(context, "event"), "participants")}
    if invited and uid(answers, "person_id") and uid(answers, "person_id") not in invited:
        yield keterangan("NOT_INVITED", "person_id", _("Tidak ada dalam daftar undangan."))


ATTENDANCE_FORM = Form(
    kind=RecordKind.ATTENDANCE,
    version=VERSION,
    title="Daftar hadir",
    sections=(PARTICIPANT, PRESENCE),
    rules=(_session_exists, _session_was_held, _walk_in_known, _not_invited),
)
