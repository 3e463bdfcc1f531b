"""What a supervisor finds in the quarantine and among possible doubles, with names as long as they come."""

from __future__ import annotations

from dataclasses import replace

from kube_field.domain.records import RecordKind
from kube_field.ui.pages.aside_bulk import AsideResult
from kube_field.ui.theme import Tone
from kube_field.usecases.double_decisions import ComparedField, Comparison, Side
from kube_field.usecases.duplicates import DoneMerge, PossibleDouble, Twin
from kube_field.usecases.quarantine import AsideRecord
from tests.support.page_samples import LONG_NAME, LONG_VILLAGE

ASKED_AT = "2026-11-23T01:58:00.000Z"
PLACE = "Long Lalang, Kec. Tabang, Kab. Kutai Kartanegara"
FAMILY = (
    (
        "Kartu keluarga dan alamat",
        (
            ("Nomor KK", "6402********9801"),
            ("Nama kepala keluarga", LONG_NAME),
            ("Desa/Kelurahan/Kampung", PLACE),
            ("Alamat", "Gang Kenanga, dekat dermaga"),
            ("RT", "2"),
            ("RW", "2"),
        ),
    ),
    ("Anggota keluarga", (("Jumlah anggota keluarga", "4 orang"), ("Balita", "0 orang"))),
    ("Rumah dan lingkungan", (("Status tempat tinggal", "Milik sendiri"), ("Listrik", "≤450 VA/genset/surya"))),
)
EDIT = (
    (
        "Identitas",
        (
            ("NIK", "6402********9901 → 6402********9902"),
            ("Nama lengkap sesuai KTP", f"Melati Contoh → {LONG_NAME}"),
            ("No. HP", "(kosong) → 0812-0000-0001"),
        ),
    ),
)


def aside_records() -> list[AsideRecord]:
    """A family of an unknown officer, an edit that came late, a visit that broke the server, one that waits."""
    family = AsideRecord(
        change="a1",
        uid="h1",
        kind=RecordKind.HOUSEHOLD,
        title=LONG_NAME,
        place=PLACE,
        author="",
        sender="Rina Contoh",
        since="2026-11-11T03:10:00.000Z",
        written_at="2026-11-10T09:05:00.000Z",
        number="",
        short_cause="Petugas belum dikenal",
        cause="Petugas yang menulisnya belum terdaftar di server.",
        advice="Terima bila Anda mengenal petugas dan warganya. Setelah petugas itu terdaftar, data masuk sendiri.",
        sections=FAMILY,
    )
    edit = replace(
        family,
        change="a2",
        uid="p1",
        kind=RecordKind.PERSON,
        title="Kenanga Contoh",
        author="Muhammad Budi Contoh bin Abdurrahman",
        since="2026-11-19T06:42:00.000Z",
        short_cause="Di luar wilayahnya",
        cause="Data ini sekarang di luar wilayah tugas petugas yang menulisnya.",
        advice="Terima bila isinya masih benar, misalnya ditulis sebelum datanya pindah.",
        sections=EDIT,
        is_edit=True,
        reason="Perbaikan sesuai KTP",
    )
    visit = replace(
        edit,
        change="a3",
        uid="v1",
        kind=RecordKind.VISIT,
        title="KUBE Melati Contoh",
        author="Rina Contoh",
        since="2026-11-22T08:00:00.000Z",
        number="L07-KJ-2026-0004",
        short_cause="Gagal diproses",
        cause="Server gagal memprosesnya.",
        advice="Tekan Coba proses lagi; bila tetap gagal, sampaikan kepada admin provinsi.",
        sections=(),
        is_edit=False,
        reason="",
        stuck=True,
    )
    waiting = replace(
        visit,
        change="a4",
        title="KUBE Anggrek Contoh",
        short_cause="Menunggu data lain",
        cause="Data yang dirujuknya belum sampai di server, sudah lebih dari lima hari.",
        advice="Mintalah petugasnya mengirim data yang belum terkirim; setelah itu data ini masuk sendiri.",
        stuck=False,
        waits=True,
    )
    return [family, edit, visit, waiting]


def aside_results() -> list[AsideResult]:
    """How a decision about several ended: taken, refused, waiting on, not sent."""
    family, edit, visit, waiting = aside_records()
    at = "Tanda terima server 23 Nov 2026 10.02."
    taken = f"Diterima; tampil di laptop setelah sinkronisasi berikutnya. {at}"
    late = f"Sudah ditolak lebih dahulu oleh Muhammad Budi Contoh bin Abdurrahman: sudah terdaftar di desa lain. {at}"
    stuck = "Server masih belum dapat memprosesnya; data tetap tersimpan di server."
    return [
        AsideResult(family, taken, "Diterima", Tone.GOOD, settled=True),
        AsideResult(edit, late, "Sudah diputuskan", Tone.NEUTRAL, settled=True),
        AsideResult(visit, stuck, "Masih menunggu", Tone.WATCH, settled=False),
        AsideResult(waiting, "Tidak dikirim: sambungan terputus.", "Belum dikirim", Tone.NEUTRAL, settled=False),
    ]


def possible_doubles() -> list[PossibleDouble]:
    """One to decide, one that waits to be sent, one whose other half lies elsewhere."""
    person = RecordKind.PERSON
    twins = (Twin("d1", LONG_NAME, LONG_VILLAGE), Twin("d2", "Siti Nurhaliza Contoh", "Swarga Bara"))
    elsewhere = "Data yang satu lagi tidak ada di laptop ini; hanya admin provinsi yang dapat memutuskan."
    return [
        PossibleDouble("c1", person, "NIK sama", twins, elsewhere=False),
        PossibleDouble("c2", RecordKind.HOUSEHOLD, "Nomor KK sama", twins, elsewhere=False, deciding="different"),
        PossibleDouble("c3", person, "Nama mirip dan tanggal lahir sama", twins[:1], elsewhere=True, hint=elsewhere),
    ]


def done_merges() -> list[DoneMerge]:
    """One merge that stands."""
    kept, merged = Twin("d1", LONG_NAME, LONG_VILLAGE), Twin("d2", "Siti Nurhaliza Contoh", "Swarga Bara")
    return [DoneMerge("c9", RecordKind.PERSON, kept, merged, "NIK sama", "Budi Contoh", "2026-11-21T06:42:00.000Z")]


def comparison() -> Comparison:
    """The first case side by side."""
    counts = (("Kunjungan", 4), ("Asesmen", 1), ("Unit usaha", 1), ("Kelompok", 1), ("Persetujuan", 5))
    return Comparison(
        RecordKind.PERSON,
        Side("d1", LONG_NAME, PLACE, "2026-11-20T03:10:00.000Z", counts),
        Side("d2", "Siti Nurhaliza Contoh", PLACE, "2026-11-21T06:42:00.000Z", tuple((word, 0) for word, _n in counts)),
        (
            ComparedField("NIK", "6402 1248 0668 9901", "6402 1248 0668 9901", differs=False),
            ComparedField("Nama lengkap sesuai KTP", LONG_NAME, "Siti Nurhaliza Contoh", differs=True),
            ComparedField("No. HP", "0812-0000-0001", "(kosong)", differs=True),
            ComparedField("Pendidikan terakhir", "SD/sederajat", "SMP/sederajat", differs=True),
            ComparedField("Tanggal lahir", "8 Juni 1968", "8 Juni 1968", differs=False),
            ComparedField("Jenis kelamin", "Perempuan", "Perempuan", differs=False),
        ),
    )
