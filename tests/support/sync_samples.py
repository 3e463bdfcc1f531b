"""What the page Sinkronisasi shows in its states, with names as long as they come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path
from typing import Any

from kube_field.domain.forms.catalogue import form
from kube_field.domain.records import RecordKind
from kube_field.errors import KubeFieldError
from kube_field.sync import troubles
from kube_field.sync.notices import notice_of
from kube_field.sync.transports.line_check import LineCheck, Step, StepState
from kube_field.ui.pages.trouble_table import BROKEN, MASS_REMOVAL
from kube_field.usecases.conflicts import ConflictedRecord, FieldConflict, Version
from kube_field.usecases.stick import CourierTally
from kube_field.usecases.views import PillState, QueueRow, SyncRun
from kube_field.wire.messages import HelloAnswer, Person
from tests.support.page_samples import LONG_NAME

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
KEPT_AT, OTHER_AT = "2026-11-20T03:10:00.000Z", "2026-11-21T06:42:00.000Z"
OUTCOMES = (
    *(f"S0{n}" for n in (1, 2, 3, 4, 5, 6, 8, 9)),
    "REVOKED",
    "WRONG_SERVER",
    "CERTIFICATE_EXPIRED",
    "PLAIN_HTTP",
    "DATA_DIFFERS",
    MASS_REMOVAL,
    BROKEN,
)
"""What a run can fail with and the page has words of its own for."""
IN_WORDS_OF_THE_RUN: Mapping[str, Callable[[], KubeFieldError]] = {
    "BUSY": troubles.busy,
    "SERVER_FAULT": troubles.server_fault,
    "NOT_UNDERSTOOD": troubles.not_understood,
    "TOO_LARGE": troubles.too_large,
    "TOO_MANY_TRIES": lambda: troubles.too_many_tries(_("Terlalu banyak percobaan dari jaringan ini.")),
}
"""What else it can fail with: the page says what the run itself brought."""
FAILURES = (*OUTCOMES, *IN_WORDS_OF_THE_RUN)


def make_run(outcome: str = "", **fields: Any) -> SyncRun:
    known: dict[str, Any] = {
        "started_at": "2026-11-23T01:58:00.000Z",
        "ended_at": "2026-11-23T01:59:12.000Z",
        "sent": 0,
        "received": 0,
        "refused": 0,
        "photos_sent": 0,
        "bytes_up": 900,
        "bytes_down": 300,
        "outcome": outcome,
        "id": 9,
    }
    return SyncRun(**{**known, **fields})


def failed_run(code: str) -> SyncRun:
    """A run that failed, as it is kept."""
    told = IN_WORDS_OF_THE_RUN.get(code)
    return make_run(code) if told is None else make_run(code, message=str(told()))


def make_field(
    code: str, base: str, mine: tuple[Any, str], server: tuple[Any, str], *, kind: RecordKind = RecordKind.PERSON
) -> FieldConflict:
    question = form(kind).question(code)
    return FieldConflict(
        field=code,
        label=question.label,
        question=question,
        base=base,
        server=Version(server[0], server[1], "Budi Contoh", KEPT_AT, mine=False),
        others=(Version(mine[0], mine[1], "Sri Wahyuni", OTHER_AT, mine=True),),
        needs_reason=code in ("full_name", "nik"),
        may_type=True,
    )


def conflicted_records() -> list[ConflictedRecord]:
    phone = make_field("phone", "(kosong)", ("+6281255550000", "0812-5555-0000"), ("+6281200000001", "0812-0000-0001"))
    name = make_field(
        "full_name",
        "Melati Contoh",
        (LONG_NAME, LONG_NAME),
        ("Melati Contoh Satu", "Melati Contoh Satu"),
    )
    learned = make_field("education", "SD/sederajat", ("smp", "SMP/sederajat"), ("sma", "SMA/sederajat"))
    group = make_field(
        "name", "KUBE Melati", ("KUBE Melati Indah", "KUBE Melati Indah"), ("KUBE Melati Jaya", "KUBE Melati Jaya"),
        kind=RecordKind.KUBE_GROUP,
    )  # fmt: skip
    return [
        ConflictedRecord("p1", RecordKind.PERSON, LONG_NAME, "Swarga Bara", (name, phone, learned), OTHER_AT),
        ConflictedRecord("g1", RecordKind.KUBE_GROUP, "KUBE Melati Indah", "Singa Gembara", (group,), OTHER_AT),
    ]


def every_state() -> list[QueueRow]:
    """One row of the queue in each state that it can be in."""
    row = QueueRow("e0", "v1", RecordKind.VISIT, "Kunjungan ke-5 · KUBE Melati", OTHER_AT, 4200, "queued", "", "Rina")
    clock = _("Tanggal kunjungan lebih awal dari serah terima bantuan")
    gone = "Data warga ini sudah dihapus atas keputusan dinas; perubahan ini tidak dapat disimpan."
    states = (
        ("queued", ""),
        ("sent", ""),
        ("held", ""),
        ("rejected", clock),
        ("quarantined", ""),
        ("failed", ""),
        ("erased", gone),
        ("photos", ""),
    )
    rows = [replace(row, change_id=f"e{n}", state=state, reason=why) for n, (state, why) in enumerate(states)]
    rows[-2] = replace(rows[-2], title="", author="Muhammad Budi Contoh bin Abdurrahman")
    return [*rows[:-1], replace(rows[-1], photos_there=2, photos_expected=5)]


def stick_visits() -> dict[str, CourierTally]:
    """What a visit of the stick can end with."""
    path = Path("titipan-L07-2026-11-23-1.kubebundle")
    given = CourierTally(written=[path], given_changes=7, given_photos=3)
    taken = replace(given, taken_files=1, receipts=5, received=14, photos_stored=3, refused=1)
    return {
        "dititipkan": given,
        "kosong": CourierTally(),
        "diambil": taken,
        "tertinggal": replace(taken, behind=["64.02.12"]),
        "bertanya": replace(taken, behind=["64.02.12"], asking=["64.02.12"]),
        "diteruskan": replace(
            taken,
            forwarded=[Path(f"jawaban-titipan-{code}-2026-11-20-1.kubebundle") for code in ("L09", "L11")],
            forwarded_changes=23,
            forwarded_photos=4,
            not_forwarded=1,
            way_lost="Tidak ada sambungan internet. Data Anda aman di laptop.",
        ),
        "server-dipulihkan": replace(
            taken,
            lost=3,
            went_back=True,
            no_pages=[
                ("Tabang", "Wilayah ini bukan wilayah tugas Anda."),
                ("Kembang Janggut", "Wilayah ini bukan wilayah tugas Anda."),
            ],
        ),
        "dihentikan": CourierTally(cancelled=True),
        "tak-terbaca": replace(taken, not_read=[("foto-liburan.kubebundle", "Bukan titipan data KUBE Lapangan.")]),
    }


def pills() -> list[tuple[PillState, tuple[str, int, int] | None]]:
    """The pill in each of its states."""
    nothing = PillState(unsent=0, failed=0, photos_unsent=0, oldest_days=0, last_good_at="", enrolled=True)
    sent = replace(nothing, last_good_at="2026-11-18T01:11:42.000Z")
    return [
        (replace(nothing, enrolled=False), None),
        (nothing, None),
        (sent, None),
        (replace(sent, unsent=7), None),
        (replace(sent, unsent=7, oldest_days=3), None),
        (replace(sent, unsent=7, oldest_days=8), None),
        (replace(sent, unsent=330, oldest_days=322), None),
        (replace(sent, photos_unsent=12), None),
        (replace(sent, failed=2), None),
        (replace(sent, failed=2, unsent=4, oldest_days=22), None),
        (replace(sent, photos_unsent=12, oldest_days=30), None),
        (replace(sent, unsolved=make_run("REVOKED")), None),
        (replace(sent, unsent=330, oldest_days=22, unsolved=make_run("S09")), None),
        (replace(sent, unsolved=make_run(message="Jam laptop tampaknya salah.")), None),
        (replace(sent, unsent=7), ("push", 3, 7)),
        (replace(sent, unsent=7), ("pull", 12_400, 0)),
        (replace(sent, unsent=7), ("photos", 3, 7)),
    ]


def copied_laptop() -> str:
    """What is said of a laptop that was a copy, and of a server put back, at once."""
    return notice_of(
        HelloAnswer(
            server_id="s",
            epoch="2/1",
            device="d2",
            device_code="KT09",
            continuity="t",
            standing="broken",
            rollback=True,
            clock=0,
            user=Person(uid="u", name="Sri Wahyuni", role="pendamping"),
        ),
        device="d1",
    )


def bad_line() -> LineCheck:
    states = (StepState.GOOD, StepState.GOOD, StepState.GOOD, StepState.BAD, StepState.NOT_REACHED)
    steps = tuple(zip(Step, (*states, StepState.NOT_REACHED), strict=True))
    return LineCheck(steps, troubles.clock_is_wrong("3 Januari 2019"))


def good_line() -> LineCheck:
    return LineCheck(tuple((step, StepState.GOOD) for step in Step), name="Sri Wahyuni")


def result_names() -> tuple[list[str], list[tuple[str, str]], list[str]]:
    """Sent, refused with its reason, still waiting."""
    return (
        ["Kunjungan ke-4 · KUBE Melati", LONG_NAME],
        [(LONG_NAME, "NIK sudah dipakai warga lain")],
        ["Keluarga Ahmad"],
    )


def refused_choice() -> list[ConflictedRecord]:
    """The conflicts again, after the server refused a choice about the first."""
    first, *others = conflicted_records()
    name, *fields = first.fields
    why = "Nama tidak boleh berisi angka."
    return [replace(first, fields=(replace(name, refused=why), *fields)), *others]


def turned_conflicts() -> list[ConflictedRecord]:
    """The conflicts again: the officer's name is on the server, and of the last field she wrote neither value."""
    first, *others = conflicted_records()
    name, phone, learned = first.fields
    (mine,) = name.others
    turned = replace(
        name, server=replace(name.server, by=mine.by, mine=True), others=(replace(mine, by="Budi Contoh", mine=False),)
    )
    return [replace(first, fields=(turned, phone, _of_others(learned))), *others]


def conflict_of_notes() -> list[ConflictedRecord]:
    """Two notes about a training, and a field whose values only others may choose between."""
    kept, mine = "Peserta aktif, alat jahit cukup.", "Listrik padam dua jam; materi ketiga diulang besok pagi."
    both = f"{kept} (Budi Contoh, 20 Nov 2026)\n{mine} (Sri Wahyuni, 21 Nov 2026)"
    training = RecordKind.TRAINING_EVENT
    note = make_field("summary", "(kosong)", (mine, mine), (kept, kept), kind=training)
    title = _of_others(make_field("title", "(kosong)", ("A", "Menjahit dasar"), ("B", "Menjahit"), kind=training))
    fields = (replace(note, both=both), replace(title, settles=False))
    return [ConflictedRecord("t1", training, "Pelatihan menjahit", "Swarga Bara", fields, OTHER_AT)]


def conflict_of_counts() -> list[ConflictedRecord]:
    """A count that nobody else changed, but that does not go with the size that another officer wrote."""
    field = make_field("n_school", "2 orang", (4, "4 orang"), (2, "2 orang"), kind=RecordKind.HOUSEHOLD)
    field = replace(field, apart="Tidak boleh lebih dari jumlah anggota keluarga (3).")
    return [ConflictedRecord("h1", RecordKind.HOUSEHOLD, LONG_NAME, "Swarga Bara", (field,), OTHER_AT)]


def conflicts_of_others() -> list[ConflictedRecord]:
    """The conflicts as a supervisor sees them; who wrote the first value is not known."""
    first, *others = conflicted_records()
    name, *fields = (_of_others(field) for field in first.fields)
    unknown = replace(name, others=(replace(name.others[0], by=""),))
    return [replace(first, fields=(unknown, *fields)), *others]


def _of_others(field: FieldConflict) -> FieldConflict:
    return replace(field, others=tuple(replace(version, by="Dewi Contoh", mine=False) for version in field.others))


def refused_decision() -> QueueRow:
    """A decision about doubles that the server did not take."""
    reason = "Penulis tidak berwenang atas kedua data ini."
    kind = RecordKind.MERGE_DECISION
    return QueueRow("q9", "md1", kind, LONG_NAME, OTHER_AT, 900, "rejected", reason, "Sri Wahyuni")
