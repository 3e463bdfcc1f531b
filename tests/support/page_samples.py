"""Views to look at: an ordinary day, the longest names, and nothing at all."""

from __future__ import annotations

from dataclasses import replace

from kube_field.domain.document_state import Chip, ChipState, Standing
from kube_field.domain.records import RecordKind
from kube_field.ui.pages.document_page import DocumentView
from kube_field.usecases.answer_text import AnswerLine
from kube_field.usecases.views import (
    AttendanceCell,
    AttendanceSheet,
    DocumentRow,
    GroupRow,
    HomeSummary,
    MemberRow,
    PersonRow,
    PillState,
    Profile,
    QueueRow,
    SyncRun,
    TimelineItem,
    TrainingRow,
    UnitRow,
    WorkItem,
)

LONG_NAME = "Hj. Siti Nurhaliza Maharani Kusumawardhani binti Abdurrahman Wahid Al-Banjari, S.Pd."
LONG_GROUP = "KUBE Perempuan Tangguh Sejahtera Bersama Anggrek Bulan Contoh Dusun Tanjung Harapan Seberang"
LONG_VILLAGE = "Sungai Payang Ilir Transmigrasi Satuan Pemukiman Empat"


def work_items() -> tuple[WorkItem, ...]:
    visit, unit, person = RecordKind.VISIT, RecordKind.BUSINESS_UNIT, RecordKind.PERSON
    return (
        WorkItem(
            "returned",
            "KUBE Anggrek",
            "Sangatta Utara",
            "Penyelia: jumlah hari buka melebihi rencana",
            "v1",
            visit,
            action="repair",
        ),
        WorkItem(
            "needs_repair",
            "Laporan Kunjungan: KUBE Mawar",
            "Swarga Bara",
            "Tanggal kunjungan lebih awal dari serah terima bantuan",
            "v2",
            visit,
            action="repair",
        ),
        WorkItem(
            "overdue",
            "KUBE Melati Contoh",
            "Swarga Bara",
            "Kunjungan ke-4 terlewat; terakhir 11 Agu 2026",
            "u1",
            unit,
            "2026-11-11",
            12,
            "start_visit",
        ),
        WorkItem(
            "due",
            "KUBE Anggrek Contoh",
            "Teluk Lingga",
            "Kunjungan ke-5 terjadwal",
            "u2",
            unit,
            "2026-11-24",
            -1,
            "start_visit",
        ),
        WorkItem(
            "soon",
            LONG_GROUP,
            LONG_VILLAGE,
            "Kunjungan pertama setelah serah terima bantuan",
            "u3",
            unit,
            "2026-11-26",
            -3,
            "start_visit",
        ),
        WorkItem(
            "draft",
            "Laporan Kunjungan: Kenanga Contoh",
            "Sangatta Selatan",
            "Draf · 3 perlu diisi",
            "d1",
            visit,
            action="continue_draft",
        ),
        WorkItem(
            "candidate",
            "Dahlia Contoh",
            "Rantau Pulung",
            "Asesmen awal belum dibuat",
            "p1",
            person,
            action="start_assessment",
        ),
    )


def set_aside_item() -> WorkItem:
    """What a supervisor's page tells of the quarantine."""
    return WorkItem(
        "set_aside",
        "127 data menunggu keputusan Anda",
        "",
        "Ditahan server sampai Anda memutuskan · dihitung 23 Nov 2026 09.58",
        "",
        None,
        action="decide_aside",
    )


def home_summary(items: tuple[WorkItem, ...] | None = None) -> HomeSummary:
    return HomeSummary(
        officer_name="Sri Wahyuni",
        items=work_items() if items is None else items,
        units=14,
        visits_done=6,
        visits_planned=10,
        drafts=3,
        unsent=7,
        sent=41,
        unit_states=(("overdue", 2), ("due", 1), ("soon", 3), ("on_plan", 8), ("stopped", 0)),
    )


def person_rows(count: int = 40) -> list[PersonRow]:
    names = ("Melati Contoh", "Anggrek Contoh", "Kenanga Contoh", "Dahlia Contoh", LONG_NAME)
    return [
        PersonRow(
            f"p{at}",
            f"{names[at % 5]}",
            "640212********01",
            "P" if at % 4 else "L",
            f"19{60 + at % 40}-06-08",
            "64.02.12.2002",
            "Long Lalang" if at % 5 else LONG_VILLAGE,
            "Tabang",
            ("aktif", "calon", "terverifikasi")[at % 3],
            ("wrse",),
            "KUBE Melati Contoh" if at % 2 else "",
            "+6281100000001",
        )
        for at in range(count)
    ]


def group_rows(count: int = 12) -> list[GroupRow]:
    return [
        GroupRow(
            f"g{at}",
            LONG_GROUP if at == 3 else f"KUBE Melati Contoh {at + 1}",
            "Swarga Bara",
            "Sangatta Utara",
            "A01",
            "Keripik pisang dan singkong",
            5 + at % 6,
            "aktif",
            "2024",
            "2026-08-11" if at % 3 else "",
            "2026-11-24",
        )
        for at in range(count)
    ]


def document_rows() -> list[DocumentRow]:
    states = (
        Chip(ChipState.DRAFT, missing=3),
        Chip(ChipState.WAITING),
        Chip(ChipState.SENT, at="2026-08-14T02:22:00.000Z"),
        Chip(ChipState.SENT_PHOTOS_PENDING, photos_there=2, photos_expected=5),
        Chip(ChipState.RETURNED),
        Chip(ChipState.NEEDS_REPAIR),
        Chip(ChipState.ACCEPTED),
        Chip(ChipState.CONFLICT),
        Chip(ChipState.HELD),
        Chip(ChipState.QUARANTINED),
        Chip(ChipState.FAILED),
    )
    return [
        DocumentRow(
            f"v{at}",
            RecordKind.VISIT if at % 3 else RecordKind.ASSESSMENT,
            f"Kunjungan ke-{at + 1}" if at % 3 else "Asesmen kebutuhan",
            "u1",
            LONG_GROUP if at == 4 else "KUBE Melati Contoh",
            "Swarga Bara",
            f"2026-{10 - at % 9:02d}-1{at % 9}",
            "" if chip.state == ChipState.DRAFT else f"KT03/KUNJ/2026/{at + 1:04d}",
            "Sri Wahyuni",
            Standing(),
            chip,
            chip.state == ChipState.DRAFT,
            at + 1,
        )
        for at, chip in enumerate(states)
    ]


def member_rows() -> tuple[MemberRow, ...]:
    rows = [
        MemberRow(f"m{at}", f"p{at}", name, "640212********01", "P", "1980-02-01", "Swarga Bara", role, "2024-03-01")
        for at, (name, role) in enumerate(
            (
                ("Melati Contoh", "ketua"),
                ("Anggrek Contoh", "sekretaris"),
                (LONG_NAME, "bendahara"),
                ("Kenanga Contoh", "anggota"),
            )
        )
    ]
    rows.append(
        MemberRow(
            "m9",
            "p9",
            "Dahlia Contoh",
            "640212********02",
            "P",
            "1979-01-01",
            "Swarga Bara",
            "anggota",
            "2024-03-01",
            "2026-02-10",
            "pindah",
        )
    )
    return tuple(rows)


def unit_rows() -> tuple[UnitRow, ...]:
    return (
        UnitRow(
            "u1",
            "Keripik Melati",
            "group",
            "g1",
            "KUBE Melati Contoh",
            "A01",
            "Keripik pisang dan singkong",
            "64.08.04.2001",
            "Swarga Bara",
            "Sangatta Utara",
            "aktif",
            "2024-04-20",
            "standar",
            ("2024-05-20", "2024-08-20"),
            "2024-08-20",
        ),
    )


def profile(kind: RecordKind = RecordKind.KUBE_GROUP, *, long: bool = False) -> Profile:
    is_group = kind == RecordKind.KUBE_GROUP
    sections = (
        (
            "Identitas",
            (
                ("Nama KUBE", "KUBE Melati Contoh"),
                ("Tahun berdiri", "2024"),
                ("Alamat sekretariat", "Jl. Poros Sangatta–Bengalon km 4, RT 07, dekat Balai Desa Swarga Bara"),
                ("Nomor HP", "0811-2000-3344"),
            ),
        ),
        ("Kelembagaan", (("SK pembentukan", "400.9.2/112/2024"), ("Pertemuan rutin", "Ya"))),
    )
    timeline = tuple(
        TimelineItem(row.occurred_on, row.title, row.number, row.uid, row.kind, row.chip) for row in document_rows()
    )
    title = (LONG_GROUP if is_group else LONG_NAME) if long else ("KUBE Melati Contoh" if is_group else "Melati Contoh")
    return Profile(
        uid="g1",
        kind=kind,
        title=title,
        subtitle="Swarga Bara, Kec. Sangatta Utara, Kab. Kutai Timur",
        badges=(("Aktif", "aktif"), ("WRSE", "category")),
        sections=sections,
        timeline=timeline,
        documents=tuple(document_rows()),
        members=member_rows() if is_group else (),
        units=unit_rows(),
        trainings=(TimelineItem("2026-09-01", "Bimtek pembukuan sederhana", "hadir"),),
        history=(),
        masked_nik="" if is_group else "6402********9906",
        household_uid="" if is_group else "h1",
    )


def training_rows() -> list[TrainingRow]:
    return [
        TrainingRow(
            "t1",
            "Bimtek pembukuan sederhana untuk KUBE",
            "pembukuan",
            "2026-11-23",
            "2026-11-25",
            "Balai Desa Swarga Bara",
            "Swarga Bara",
            3,
            24,
            20,
        ),
        TrainingRow(
            "t2",
            f"Pelatihan keterampilan produksi {LONG_GROUP}",
            "keterampilan_produksi",
            "2026-10-02",
            "",
            "Gedung Serba Guna",
            "Teluk Lingga",
            1,
            15,
            15,
        ),
    ]


def attendance_sheet(count: int = 18) -> AttendanceSheet:
    cells = [
        AttendanceCell(
            f"c{at}",
            f"p{at}",
            LONG_NAME if at == 2 else f"{name} Contoh {at + 1}",
            "P",
            "KUBE Melati Contoh" if at % 3 else "",
            "Swarga Bara",
            "3344",
            status=("hadir", "hadir", "izin", "", "sakit", "tanpa_kabar")[at % 6],
            time_in="08:15" if at % 6 == 0 else "",
            note="Datang bersama anaknya" if at == 4 else "",
        )
        for at, name in zip(range(count), ("Melati", "Anggrek", "Kenanga", "Dahlia") * 10, strict=False)
    ]
    walk_in = AttendanceCell(
        "w1", "", "Seroja Contoh", "P", "", "Teluk Lingga", "", "hadir", walk_in={"name": "Seroja Contoh"}
    )
    return AttendanceSheet(
        "t1",
        "Bimtek pembukuan sederhana untuk KUBE",
        1,
        "2026-11-23",
        "Buku kas harian",
        (*cells, walk_in) if count else (),
        chip=Chip(ChipState.DRAFT, missing=0),
    )


def queue_rows() -> list[QueueRow]:
    return [
        QueueRow(
            "q1",
            "v1",
            RecordKind.VISIT,
            "Kunjungan ke-5 · KUBE Melati Contoh",
            "2026-11-21T02:00:00.000Z",
            4200,
            "queued",
            "",
            "Sri Wahyuni",
        ),
        QueueRow(
            "q2",
            "p1",
            RecordKind.PERSON,
            LONG_NAME,
            "2026-11-02T02:00:00.000Z",
            1800,
            "rejected",
            "NIK sudah dipakai warga lain di Kecamatan Sangatta Utara",
            "Budi Contoh",
        ),
        QueueRow(
            "q3",
            "m1",
            RecordKind.MEMBERSHIP,
            "Keanggotaan Melati Contoh",
            "2026-11-23T01:00:00.000Z",
            900,
            "held",
            "Menunggu data warga terkirim",
            "Sri Wahyuni",
        ),
    ]


def sync_runs() -> list[SyncRun]:
    return [
        SyncRun(
            "2026-11-23T01:10:00.000Z",
            "2026-11-23T01:10:42.000Z",
            6,
            12,
            1,
            3,
            812_000,
            240_000,
            "S07",
            "1 data ditolak",
        ),
        SyncRun("2026-11-20T04:10:00.000Z", "2026-11-20T04:10:05.000Z", 0, 0, 0, 0, 900, 0, "S04", "Server diam"),
        SyncRun("2026-11-18T01:10:00.000Z", "2026-11-18T01:11:42.000Z", 22, 140, 0, 18, 6_812_000, 1_240_000),
    ]


def pill() -> PillState:
    return PillState(
        unsent=3, failed=1, photos_unsent=2, oldest_days=21, last_good_at="2026-11-18T01:11:42.000Z", enrolled=True
    )


def document_view() -> DocumentView:
    return DocumentView(
        uid="v1",
        title="Kunjungan ke-5 · KUBE Melati Contoh",
        subtitle="Swarga Bara, Kec. Sangatta Utara · KT03/KUNJ/2026/0005 · revisi 2",
        chip=Chip(ChipState.SENT_PHOTOS_PENDING, photos_there=2, photos_expected=5),
        sections=(
            (
                "Pelaksanaan",
                (
                    AnswerLine("visited_on", "Tanggal kunjungan", "23 November 2026"),
                    AnswerLine("kind", "Jenis kunjungan", "Terjadwal"),
                    AnswerLine("staff", "Petugas", "Sri Wahyuni"),
                ),
            ),
            (
                "Keuangan usaha",
                (
                    AnswerLine("revenue_idr", "Omzet", "Rp1.250.000"),
                    AnswerLine("cost_material_idr", "Biaya bahan", "Rp700.000"),
                    AnswerLine("profit", "Laba", "Rp330.000"),
                    AnswerLine(
                        "constraints",
                        "Kendala",
                        "Musim hujan, bahan baku singkong dari kebun anggota berkurang sejak Oktober"
                        " dan harga minyak goreng naik.",
                    ),
                ),
            ),
        ),
        revisions=(("v1", "Revisi 2 · 23 Nov 2026"), ("v0", "Revisi 1 · 20 Nov 2026")),
        can_reopen=True,
        can_correct=True,
    )


def document_to_review() -> DocumentView:
    """The same in front of a supervisor; two others wait."""
    return replace(
        document_view(),
        chip=Chip(ChipState.SENT, at="2026-11-23T02:22:00.000Z"),
        can_reopen=False,
        can_correct=False,
        decisions=("accepted", "returned", "void"),
        waiting=2,
    )


def document_returned() -> DocumentView:
    """The same as its officer gets it back."""
    return replace(
        document_view(),
        chip=Chip(ChipState.RETURNED),
        can_reopen=False,
        notes={"revenue_idr": "Buku kas menyebut Rp1.350.000, mohon dicek dengan ketua."},
        said="Dikembalikan oleh Sari Contoh, 24 Nov 2026 10.22 WITA. Omzet belum cocok dengan buku kas.",
        is_returned=True,
    )
