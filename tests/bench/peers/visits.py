"""Deterministic follow-up visits, about 1.2 kB of JSON each: the same work for every system that is compared.

Each has 6 ids, days and states, 12 amounts in rupiah, 6 choices, 3 notes of 60 to 200 characters, and a place. The
notes are put together from phrases; one word in six is then shortened or mistyped as in hurried typing. Even so they
compress better than what people type.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

Visit = dict[str, Any]

AMOUNTS = (
    "omzet", "modal_bahan", "biaya_operasional", "laba", "tabungan_kelompok", "tabungan_pribadi",
    "modal_sisa", "nilai_persediaan", "piutang", "utang", "angsuran", "nilai_alat",
)  # fmt: skip
CHOICES = {
    "pembukuan": ("rutin", "kadang", "tidak_ada"),
    "pasar": ("tetangga", "warung", "pasar_desa", "daring", "pesanan"),
    "kendala": ("modal", "bahan_baku", "pemasaran", "alat", "kelompok", "tidak_ada"),
    "kebutuhan_latih": ("pembukuan", "pemasaran", "produksi", "pengemasan", "perizinan"),
    "kekompakan": ("baik", "cukup", "kurang"),
    "tindak_lanjut": ("lanjut", "tambah_alat", "rujuk_umkm", "pendampingan_khusus", "selesai"),
}
STATES = ("berjalan", "berkembang", "menurun", "berhenti_sementara", "tutup")
NOTES = ("catatan_perkembangan", "catatan_kendala", "rencana_tindak_lanjut")
FIELDS = (
    "id", "kube_id", "penerima_id", "pendamping", "tanggal", "status_usaha", *AMOUNTS, *CHOICES, *NOTES, "lat", "lon",
)  # fmt: skip
SUBJECTS = (
    "Ibu {n}", "Kelompok {k}", "Anggota", "Ketua kelompok", "Bendahara", "Suami ibu {n}", "Anak ibu {n}",
    "Pendamping desa", "Pemilik warung", "Tiga anggota", "Dua anggota baru", "Pembeli tetap", "Aparat desa",
)  # fmt: skip
PREDICATES = (
    "sudah menambah {q} jenis jajanan", "menjual {q} bungkus keripik per minggu",
    "belum mencatat pengeluaran sejak {m}", "mengeluh harga minyak goreng naik menjadi {p} ribu",
    "menyimpan hasil penjualan {p} ribu di kas kelompok", "mulai menitipkan kue di {q} warung",
    "membeli kompor baru dari bantuan alat", "tidak berjualan selama {q} hari karena banjir",
    "memakai modal usaha untuk biaya sekolah", "mendapat pesanan {p} kotak untuk acara kelurahan",
    "membayar angsuran ke-{q} tepat waktu", "menunggak angsuran selama {q} bulan",
    "ingin belajar mengemas produk supaya tahan lama", "membagi keuntungan sesuai kesepakatan rapat {m}",
    "memindahkan lapak ke pinggir jalan poros", "kesulitan bahan baku ketika air sungai surut",
    "menggunakan timbangan dan blender yang diserahkan {m}", "sudah mengurus nomor induk berusaha",
)  # fmt: skip
JOINTS = ("; selain itu", ", tetapi", ". Kemudian", " karena", " sehingga", ", dan", ". Menurut catatan")
NAMES = (
    "Siti", "Aminah", "Rahmawati", "Nurhayati", "Sumiati", "Hasnah", "Marlina", "Fatimah", "Rusmini", "Yuliana",
    "Kartini", "Salmah", "Norhayati", "Jumiati", "Dewi", "Wati", "Ernawati", "Maimunah", "Rosmiati", "Halimah",
)  # fmt: skip
GROUPS = ("Melati", "Mawar Jaya", "Sumber Rejeki", "Harapan Ibu", "Mekar Sari", "Berkah Mahakam", "Tunas Baru")
MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September")
SHORT = {
    "dan": "dn", "yang": "yg", "dengan": "dgn", "belum": "blm", "sudah": "sdh", "karena": "krn", "untuk": "utk",
    "tidak": "tdk", "pada": "pd", "dari": "dr", "kelompok": "klmpk", "minggu": "mgg",
}  # fmt: skip


def visits(count: int, seed: int = 7) -> Iterator[Visit]:
    """So many visits of 60 groups and 600 people; the same count and seed give the same visits."""
    random = Random(seed)
    groups = [_uuid(random) for _ in range(60)]
    people = [_uuid(random) for _ in range(600)]
    workers = [f"pend-{number:03d}" for number in range(40)]
    for _ in range(count):
        yield _visit(random, groups, people, workers)


def digest(found: Iterable[Visit]) -> str:
    """What whoever downloaded the visits has to come to, in any order."""
    total = 0
    for visit in found:
        line = json.dumps([visit[name] for name in FIELDS], ensure_ascii=False, separators=(",", ":"))
        total ^= int.from_bytes(hashlib.sha256(line.encode()).digest()[:16], "big")
    return f"{total:032x}"


def _visit(random: Random, groups: list[str], people: list[str], workers: list[str]) -> Visit:
    revenue = random.randint(3, 120) * 25_000
    material = revenue * random.randint(30, 65) // 100 // 500 * 500
    running = random.randint(1, 20) * 5_000
    visit: Visit = {
        "id": _uuid(random),
        "kube_id": random.choice(groups),
        "penerima_id": random.choice(people),
        "pendamping": random.choice(workers),
        "tanggal": (date(2026, 1, 5) + timedelta(days=random.randint(0, 300))).isoformat(),
        "status_usaha": random.choice(STATES),
    }
    amounts = [revenue, material, running, revenue - material - running]
    visit |= zip(AMOUNTS, [*amounts, *(random.randint(0, 400) * 5_000 for _ in range(8))], strict=True)
    visit |= {name: random.choice(offered) for name, offered in CHOICES.items()}
    visit |= {name: _note(random) for name in NOTES}
    return visit | {"lat": round(random.uniform(-2.4, 2.3), 6), "lon": round(random.uniform(114.0, 118.9), 6)}


def _note(random: Random) -> str:
    text, goal = _clause(random), random.randint(60, 200)
    while len(text) < goal:
        clause = _clause(random)
        text += f"{random.choice(JOINTS)} {clause[0].lower()}{clause[1:]}"
    text = " ".join(_hurried(random, word) if random.random() < 1 / 6 else word for word in text.split(" "))
    if len(text) > 200:
        text = text[:200].rsplit(" ", 1)[0]
    return text if len(text) >= 60 else f"{text}, perlu dikunjungi lagi bulan depan oleh pendamping"


def _clause(random: Random) -> str:
    pattern = f"{random.choice(SUBJECTS)} {random.choice(PREDICATES)}"
    return pattern.format(
        n=random.choice(NAMES),
        k=random.choice(GROUPS),
        q=random.randint(2, 29),
        m=random.choice(MONTHS),
        p=random.randint(8, 240),
    )


def _hurried(random: Random, word: str) -> str:
    if word in SHORT:
        return SHORT[word]
    if len(word) < 4:
        return word
    at = random.randrange(1, len(word) - 1)
    how = random.randrange(3)
    if how == 0:
        return word[:at] + word[at + 1 :]
    if how == 1:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + random.choice("aiueonrstkmgl") + word[at + 1 :]


def _uuid(random: Random) -> str:
    digits = f"{random.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"
