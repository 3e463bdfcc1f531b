"""Sample papers: a visit of officer Rina at KUBE Melati Contoh, its photos and signatures, and a training's list."""

from __future__ import annotations

import hashlib
import io
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from PIL import Image, ImageDraw

from kube_field.domain.programme_views import AttendanceCell
from kube_field.domain.records import Fact, RecordKind
from kube_field.reference import Reference, load_reference
from kube_field.wire.canonical import fact_body, fact_hash

VISIT_UID = "019ab3c4-51f0-7c3e-9a41-7f3a91bc52d8"
KOP = {
    "government": "Pemerintah Kabupaten Kutai Kartanegara",
    "office": "Dinas Sosial",
    "address": "Jalan Contoh Nomor 1, Tenggarong",
    "phone": "(0541) 000000",
    "web": "dinsos.contoh.go.id",
    "email": "dinsos@contoh.go.id",
}
PREVIOUS = {
    "visited_on": "2026-10-20",
    "period_days": 31,
    "answers": {
        "revenue_idr": 5_800_000,
        "cost_material_idr": 3_300_000,
        "cost_labor_idr": 500_000,
        "cost_transport_idr": 300_000,
        "cost_rent_utilities_idr": 150_000,
        "cost_other_idr": 0,
        "cash_idr": 2_100_000,
        "stock_idr": 2_450_000,
        "receivable_idr": 300_000,
        "payable_idr": 0,
        "debt_instalment_month_idr": 250_000,
        "profit_use_tabungan_idr": 100_000,
        "profit_use_iks_idr": 50_000,
    },
}


@cache
def make_reference() -> Reference:
    """The program's own reference data."""
    return load_reference()


@cache
def make_jpeg(seed: int = 0, width: int = 1280, height: int = 960) -> bytes:
    """A JPEG as the app stores it: some hundred kilobytes, every seed another picture."""
    picture = Image.effect_noise((width, height), 22).convert("RGB") if seed < 0 else _scene(seed, width, height)
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=82)
    return target.getvalue()


def _scene(seed: int, width: int, height: int) -> Image.Image:
    tint = [(190, 205, 220), (225, 210, 190), (200, 220, 195), (215, 200, 215)][seed % 4]
    picture = Image.new("RGB", (width, height), tint)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, height * 2 // 3, width, height), fill=(150, 130, 105))
    for at in range(9):
        left = (at * 173 + seed * 61) % width
        high = height // 3 + (at * 37 + seed * 29) % (height // 4)
        draw.rectangle((left, high, left + width // 12, height * 2 // 3), fill=(90 + at * 12, 70 + at * 9, 60))
    draw.polygon(
        [(width // 6, height // 3), (width // 2, height // 9), (width * 5 // 6, height // 3)], fill=(120, 60, 45)
    )
    return picture


def sha(content: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()


def make_photo(seed: int, kind: str, caption: str, *, width: int = 1280, height: int = 960) -> dict[str, Any]:
    """A photo answer for `make_jpeg` of the same seed and size."""
    content = make_jpeg(seed, width, height)
    return {
        "id": f"p{seed}",
        "sha256": sha(content),
        "size": len(content),
        "mime": "image/jpeg",
        "photo_kind": kind,
        "caption": caption,
        "taken_at": "2026-11-23T02:15:00.000Z",
    }


def make_photo_reader() -> Callable[[str], bytes | None]:
    """Photos by hash: every picture that the builders here hand out."""
    sizes = [(seed, 1280, 960) for seed in range(12)] + [(9, 960, 1280)]
    known = {sha(make_jpeg(*size)): size for size in sizes}
    return lambda sha256: make_jpeg(*known[sha256]) if sha256 in known else None


def make_strokes(seed: int = 0) -> list[list[list[int]]]:
    """A signature as the pad stores it: points in pixels, y downwards."""
    curve = [
        [20 + at * 3, 60 + round(28 * math.sin(at / (3.1 + seed)) * math.exp(-at / 70)) - at // 6] for at in range(70)
    ]
    return [curve, [[30, 82], [120, 74], [214, 78]], [[226, 40]]]


def make_visit_answers(**changed: Any) -> dict[str, Any]:
    """Answers of a visit to a group that goes well."""
    answers: dict[str, Any] = {
        "owner_kind": "group",
        "unit_id": {"uid": "019ab3c4-0000-7000-8000-000000000001", "name": "Amplang Melati"},
        "visit_no": 4,
        "visited_on": "2026-11-23",
        "time_from": "09:15",
        "time_to": "11:40",
        "kind": "terjadwal",
        "met": "pengurus",
        "met_names": "Melati Contoh, Kenanga Contoh, Cempaka Contoh",
        "place": "tempat_usaha",
        "location": {"latitude": "-0.123456", "longitude": "116.512345", "accuracy_m": 12},
        "business_status": "berjalan_baik",
        "days_open": 22,
        "days_planned": 26,
        "channels": ["langsung", "titip_warung", "pasar"],
        "price_stock_note": "Harga ikan gabus naik sejak awal bulan; harga jual tetap Rp15.000 per bungkus.",
        "period_from": "2026-10-21",
        "period_to": "2026-11-23",
        "figures_source": "buku_kas",
        "revenue_idr": 7_450_000,
        "cost_material_idr": 3_900_000,
        "cost_labor_idr": 600_000,
        "cost_transport_idr": 350_000,
        "cost_rent_utilities_idr": 175_000,
        "cost_other_idr": 0,
        "profit_use_tabungan_idr": 200_000,
        "profit_use_iks_idr": 100_000,
        "cash_idr": 2_750_000,
        "stock_idr": 2_300_000,
        "receivable_idr": 450_000,
        "payable_idr": 200_000,
        "debt_instalment_month_idr": 250_000,
        "lender_kinds": ["koperasi"],
        "iks_level": 3,
        "bookkeeping_level": 3,
        "members_active": 8,
        "members_total": 10,
        "last_meeting_on": "2026-11-14",
        "hh_income_sample": [
            {
                "id": "h1",
                "person": {"uid": "a", "name": "Melati Contoh"},
                "income_month_idr": 3_100_000,
                "household_size": 4,
            },
            {
                "id": "h2",
                "person": {"uid": "b", "name": "Kenanga Contoh"},
                "income_month_idr": 2_450_000,
                "household_size": 5,
            },
            {
                "id": "h3",
                "person": {"uid": "c", "name": "Sirih Contoh"},
                "income_month_idr": 4_000_000,
                "household_size": 3,
            },
        ],
        "wellbeing": "membaik",
        "wellbeing_note": "Anak pertama kembali bersekolah.",
        "has_constraints": True,
        "constraints": [
            {
                "id": "c1",
                "code": "bahan",
                "severity": 2,
                "since": "2026-11-01",
                "note": "Ikan gabus sulit saat air pasang.",
            },
            {"id": "c2", "code": "izin", "severity": 1, "note": "SPP-IRT belum diurus."},
        ],
        "previous_actions": [
            {
                "id": "t1",
                "action": "Membuat label kemasan",
                "who": "penerima",
                "by_date": "2026-11-10",
                "result": "selesai",
            },
            {
                "id": "t2",
                "action": "Mengurus NIB",
                "who": "pendamping",
                "by_date": "2026-11-15",
                "result": "batal",
                "reason": "sinyal di desa tidak ada",
            },
        ],
        "support_given": ["pembukuan", "hitung_harga", "motivasi"],
        "support_given_note": "Menghitung kembali harga pokok amplang ukuran 250 gram bersama bendahara.",
        "support_needed": [
            {"id": "s1", "kind": "izin", "what": "Mendaftar SPP-IRT", "who": "pendamping", "by_date": "2026-12-15"},
            {
                "id": "s2",
                "kind": "pemasaran",
                "what": "Menitip di dua warung baru",
                "who": "penerima",
                "by_date": "2026-12-05",
            },
        ],
        "officer_opinion": "Kelompok kompak dan buku kas rapi. Perlu cadangan bahan baku untuk musim pasang.",
        "next_visit_on": "2026-12-21",
        "photos": [
            make_photo(1, "tempat_usaha", "Dapur produksi"),
            make_photo(2, "kegiatan", "Penerima bersama petugas"),
        ],
        "book_photo": [make_photo(3, "buku", "Buku kas November")],
        "signature_staff": {"name": "Rina Contoh, S.Sos.", "strokes": make_strokes(0)},
        "signature_recipient": {"name": "Melati Contoh", "strokes": make_strokes(1)},
    }
    answers.update(changed)
    return {code: value for code, value in answers.items() if value is not None}


def make_visit_snapshot(**changed: Any) -> dict[str, Any]:
    """What is frozen with that visit."""
    snapshot: dict[str, Any] = {
        "owner_kind": "group",
        "owner_name": "KUBE Melati Contoh",
        "business": {
            "idea_code": "AMPLANG",
            "idea_name": "Amplang dan kerupuk ikan",
            "business_name": "Amplang Melati",
        },
        "batch": {"name": "KUBE APBD Prov 2026", "year": 2026, "legal_basis": ""},
        "address": {
            "location": "Jalan Poros Desa",
            "rt": "005",
            "rw": "",
            "village": "Muara Muntai Ulu",
            "village_word": "Desa",
            "kecamatan": "Muara Muntai",
            "kabupaten": "Kabupaten Kutai Kartanegara",
        },
        "officers": {"ketua": "Melati Contoh", "sekretaris": "Kenanga Contoh", "bendahara": "Cempaka Contoh"},
        "members": {"total": 10, "male": 2, "female": 8},
        "aid": {
            "value_idr": 20_000_000,
            "handover_on": "2026-07-20",
            "bast_number": "400.9/L07-0003/BAST/KKR/VII/2026",
        },
        "companion": "Rina Contoh, S.Sos.",
        "visit_no": 4,
        "planned_on": "2026-11-17",
        "order": {"number": "094/512/Dayasos/2026", "date": "2026-11-16"},
        "previous": PREVIOUS,
        "poverty_line": {"amount_idr": 895_000, "valid_from": "2026-03-01"},
        "working_capital_base_idr": 6_000_000,
        "tools": [
            {"name": "Spinner peniris minyak", "qty": "1", "unit": "unit", "condition": "Baik", "note": ""},
            {
                "name": "Wajan besar",
                "qty": "3",
                "unit": "buah",
                "condition": "Rusak ringan",
                "note": "satu gagang patah",
            },
            {"name": "Mesin pengemas (sealer)", "qty": "2", "unit": "unit", "condition": "Baik", "note": ""},
        ],
        "officer": {
            "name": "Rina Contoh, S.Sos.",
            "employee_number": "199001012019032001",
            "office": "Dinas Sosial Kabupaten Kutai Kartanegara",
        },
        "kop": KOP,
        "kabupaten_code": "64.02",
        "head_title": "Kepala Desa",
        "place": "Muara Muntai Ulu",
    }
    snapshot.update(changed)
    return snapshot


def make_visit_fact(
    answers: Mapping[str, Any] | None = None, snapshot: Mapping[str, Any] | None = None, **changed: Any
) -> Fact:
    """A finalised visit with the content hash that its receipt would name."""
    fact = Fact(
        uid=VISIT_UID,
        kind=RecordKind.VISIT,
        form_version="2026.1",
        scope="64.02.01",
        subject_uid="019ab3c4-0000-7000-8000-000000000001",
        occurred_on="2026-11-23",
        answers=make_visit_answers() if answers is None else answers,
        author_uid="019ab3c4-0000-7000-8000-0000000000aa",
        author_name="Rina Contoh, S.Sos.",
        finalised_at="2026-11-23T04:02:03.567Z",
        document_id="019ab3c4-51f0-7c3e-9a41-000000000001",
        number="400.9/L07-0012/KUNJ/KKR/XI/2026",
        snapshot=make_visit_snapshot() if snapshot is None else snapshot,
    )
    fact = replace(fact, **changed)
    return replace(fact, sha256=fact_hash(fact.uid, fact.kind, fact_body(fact))) if fact.finalised_at else fact


def make_draft_visit(**answers: Any) -> Fact:
    """The paper of a visit that was only just begun."""
    begun = {"owner_kind": "group", "visit_no": 4, "visited_on": "2026-11-23", "kind": "terjadwal", "met": "ketua"}
    return make_visit_fact(
        {**begun, **answers},
        make_visit_snapshot(previous={}, poverty_line={}, working_capital_base_idr=None, tools=[], order={}),
        number="",
        finalised_at="",
    )


def make_person_visit(**answers: Any) -> Fact:
    """A finalised visit to one person's business."""
    mine = make_visit_answers(
        owner_kind="person",
        met="penerima",
        met_names="Anggrek Contoh",
        savings_habit="irregular",
        iks_level=None,
        members_active=None,
        members_total=None,
        last_meeting_on=None,
        hh_income_sample=[
            {
                "id": "h1",
                "person": {"uid": "a", "name": "Anggrek Contoh"},
                "income_month_idr": 2_100_000,
                "household_size": 4,
            }
        ],
        signature_recipient={"name": "Anggrek Contoh", "strokes": make_strokes(1)},
    )
    snapshot = make_visit_snapshot(
        owner_kind="person",
        owner_name="Anggrek Contoh",
        nik_masked="6402********9906",
        business={"idea_code": "SEMBAKO", "idea_name": "Warung sembako kecil", "business_name": ""},
        officers={},
        members={},
        order={},
        aid={"value_idr": 5_000_000, "handover_on": "2026-07-20", "bast_number": ""},
        working_capital_base_idr=4_000_000,
        tools=[],
    )
    return make_visit_fact({**mine, **answers}, snapshot)


def make_training() -> dict[str, Any]:
    """Answers of a training event with two sessions."""
    return {
        "title": "Bimbingan Teknis Pembukuan Sederhana dan Kemasan Produk KUBE",
        "topic": "pembukuan",
        "starts_on": "2026-11-24",
        "ends_on": "2026-11-25",
        "venue": "Balai Pertemuan Umum",
        "village_code": "64.02.01.2008",
        "organizer": "Dinas Sosial Kabupaten Kutai Kartanegara",
        "trainers": [{"id": "t1", "name": "Seruni Contoh, S.E.", "institution": "Disperindagkop"}],
        "sessions": [
            {"id": "s1", "date": "2026-11-24", "start": "08:30", "end": "12:00", "subject": "Buku kas harian"},
            {"id": "s2", "date": "2026-11-25", "start": "08:30", "end": "12:00", "subject": "Label dan kemasan"},
        ],
    }


def make_participants(count: int, *, walk_ins: int = 0, filled: bool = False) -> list[AttendanceCell]:
    """Participants of KUBE Melati and their attendance."""
    flowers = ("Melati", "Kenanga", "Cempaka", "Sirih", "Dahlia", "Kamboja", "Teratai", "Seroja", "Pandan", "Gaharu")
    states = ("hadir", "hadir", "hadir", "izin", "hadir", "sakit", "hadir", "tanpa_kabar")
    cells = []
    for at in range(count + walk_ins):
        status = states[at % len(states)] if filled else ""
        signed = filled and status == "hadir"
        cells.append(
            AttendanceCell(
                key=str(at),
                person_uid="" if at >= count else f"p{at}",
                name=f"{flowers[at % 10]} Contoh" + (f" {at // 10 + 1}" if at >= 10 else ""),
                sex="L" if at % 5 == 3 else "P",
                group_name="KUBE Melati Contoh" if at % 4 else "",
                village="Muara Muntai Ulu, Kec. Muara Muntai",
                phone_end=f"{at:04d}" if at % 3 else "",
                status=status,
                time_in=f"08:2{at % 10}" if signed else "",
                note="datang bersama anak" if filled and at == 2 else "",
                signature={"name": "", "strokes": make_strokes(at)} if signed else {},
            )
        )
    return cells


def make_list_snapshot(**changed: Any) -> dict[str, Any]:
    """What the paper of an attendance list shows besides event, session and rows."""
    return {
        "kop": KOP,
        "village": "Muara Muntai Ulu, Kec. Muara Muntai",
        "place": "Muara Muntai",
        "officer": {"name": "Rina Contoh, S.Sos.", "employee_number": "199001012019032001"},
        **changed,
    }
