"""Ten questions that are read aloud to people who cannot read (handbook 5.10): the daily money of a small business."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OralQuestion:
    """A question, and what counts as a right answer."""

    code: str
    question: str
    right: str


ORAL_QUESTIONS = (
    OralQuestion(
        "pisah_uang",
        "Mengapa uang usaha sebaiknya dipisahkan dari uang rumah tangga?",
        "Supaya modal tidak terpakai, atau supaya tahu untung dan rugi.",
    ),
    OralQuestion(
        "arti_modal",
        "Ibu/Bapak membeli bahan Rp50.000 dan laku Rp70.000. Berapa untungnya?",
        "Rp20.000.",
    ),
    OralQuestion(
        "harga_jual",
        "Sepuluh bungkus keripik menghabiskan biaya Rp40.000. Berapa paling sedikit harga sebungkus supaya tidak rugi?",
        "Rp4.000 atau lebih.",
    ),
    OralQuestion(
        "catat_kapan",
        "Kapan uang masuk dan uang keluar sebaiknya dicatat?",
        "Setiap hari, atau segera setelah terjadi.",
    ),
    OralQuestion(
        "isi_buku",
        "Apa saja yang ditulis di buku kas?",
        "Tanggal, keterangan, uang masuk, dan uang keluar (sedikitnya dua disebut).",
    ),
    OralQuestion(
        "bon",
        "Tetangga sering berutang di warung. Apa yang sebaiknya dilakukan?",
        "Mencatat piutang, memberi batas, atau menagih.",
    ),
    OralQuestion(
        "pakai_laba",
        "Untuk apa saja laba usaha sebaiknya dipakai?",
        "Menambah modal, menabung, atau membayar utang; tidak semuanya untuk belanja.",
    ),
    OralQuestion(
        "utang_bunga",
        "Apa bahayanya meminjam uang kepada rentenir atau pinjaman daring?",
        "Bunganya besar, cicilan memberatkan, atau utang bertambah.",
    ),
    OralQuestion(
        "stok",
        "Bahan jualan cepat rusak. Bagaimana cara membelinya?",
        "Sedikit-sedikit sesuai yang laku, atau memakai yang lama lebih dahulu.",
    ),
    OralQuestion(
        "tabung",
        "Mengapa perlu menabung walaupun sedikit?",
        "Untuk keperluan mendadak, mengganti alat, atau menambah modal.",
    ),
)
POINTS = 100 // len(ORAL_QUESTIONS)
"""What each right answer gives."""
