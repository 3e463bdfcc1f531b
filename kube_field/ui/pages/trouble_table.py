"""The failures of a run, one line of this table each: cause, advice, what the button does and says, are the data safe.

Texts are in the source language; `sync_words.trouble_words` gives them in the language of the screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MASS_REMOVAL, BROKEN, OLD_APP, REFUSED = "MASS_REMOVAL", "BROKEN", "S06", "S07"
CLOCK = "CLOCK"
"""A run that did everything although the laptop's clock is wrong; with S03 the line itself was refused."""
RETRY, DEVICE, CHECK, ALLOW = "retry", "device", "check", "allow"
"""What the one button of a failure does: send again, open Perangkat, check the connection, agree to the removal."""
NOT_KNOWN = frozenset({"S05", "REVOKED"})
"""The server does not take this laptop any more: a new code from the office makes it known again."""
SAFE = "Data Anda aman di laptop."
AGAIN, OPEN_DEVICE, TEST = "Coba lagi", "Buka Perangkat", "Periksa sambungan"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A failed run to the officer: what happened, what to do, the one button, whether the data are safe.

    `short` is what the pill says of it on every page.
    """

    sentence: str
    advice: str
    action: str = RETRY
    button: str = AGAIN
    safe: str = SAFE
    short: str = "Sinkronisasi terhenti"


OTHER_TROUBLE = Trouble("Sinkronisasi belum berhasil.", "Coba lagi nanti.")
FULL, WRONG_CLOCK, UNWANTED = "Ruang laptop hampir penuh", "Jam laptop salah", "Server menolak laptop ini"
DISK_NEARLY_FULL = Trouble(
    "Ruang laptop hampir penuh.", "Hapus berkas lain yang tidak diperlukan, lalu coba lagi.", short=FULL
)
TROUBLES: Mapping[str, Trouble] = {
    "S01": Trouble("Tidak ada jaringan.", "Sambungkan laptop ke internet, lalu coba lagi."),
    "S02": Trouble(
        "Jaringan ini meminta masuk lewat halaman web.",
        "Buka peramban, masuk ke jaringan, lalu coba lagi. Tidak ada data yang dikirim.",
    ),
    "S03": Trouble(
        "Jam laptop tampaknya salah.", "Perbaiki tanggal dan jam Windows, lalu coba lagi.", short=WRONG_CLOCK
    ),
    CLOCK: Trouble(
        "Data terkirim, tetapi jam laptop berbeda dari jam server.",
        "Perbaiki tanggal dan jam Windows, lalu kirim sekali lagi supaya diperiksa.",
        RETRY,
        "Kirim lagi",
        "Data Anda aman dan sudah terkirim.",
        WRONG_CLOCK,
    ),
    "S04": Trouble("Server provinsi tidak menjawab.", "Dicoba lagi sendiri dalam 15 menit.", RETRY, "Coba sekarang"),
    "S05": Trouble(
        "Server menolak nama atau kode laptop ini.",
        "Minta kode baru kepada admin provinsi, lalu daftarkan laptop ini lagi di Perangkat.",
        DEVICE,
        OPEN_DEVICE,
        "Antrean Anda aman di laptop.",
        UNWANTED,
    ),
    OLD_APP: Trouble(
        "Aplikasi ini sudah terlalu lama.",
        "Mintalah versi baru kepada kantor; sampai saat itu data dari server belum diambil.",
        RETRY,
        "Kirim data saja",
        "Data Anda tetap terkirim.",
        "Aplikasi perlu diperbarui",
    ),
    REFUSED: Trouble("Ada data yang ditolak server.", "Lihat sebabnya di Antrean, perbaiki, lalu kirim lagi."),
    "S08": DISK_NEARLY_FULL,
    "DISK_FULL": DISK_NEARLY_FULL,
    "S09": Trouble(
        "Sertifikat server berubah atau tidak dikenal.",
        "Jangan lanjutkan di jaringan ini; hubungi admin provinsi. Tidak ada data yang dikirim.",
        CHECK,
        TEST,
        short="Sertifikat server berubah",
    ),
    "CERTIFICATE_EXPIRED": Trouble(
        "Sertifikat server sudah tidak berlaku; ini bukan kesalahan laptop Anda.",
        "Laporkan kepada admin provinsi: sertifikat server perlu diperbarui. Tidak ada data yang dikirim.",
        short="Sertifikat server kedaluwarsa",
    ),
    "PLAIN_HTTP": Trouble(
        "Alamat server harus diawali https://.",
        "Perbaiki alamatnya di Perangkat. Sambungan tanpa pengaman ditolak; tidak ada data yang dikirim.",
        DEVICE,
        OPEN_DEVICE,
    ),
    "REVOKED": Trouble(
        "Laptop ini tidak diizinkan lagi oleh server provinsi.",
        "Hubungi admin provinsi.",
        DEVICE,
        OPEN_DEVICE,
        "Data yang belum terkirim tetap tersimpan di laptop.",
        UNWANTED,
    ),
    "WRONG_SERVER": Trouble(
        "Yang menjawab bukan server KUBE provinsi Anda.",
        "Periksa alamat server dan jaringan. Tidak ada data yang dikirim.",
        CHECK,
        TEST,
        short="Bukan server kita",
    ),
    "DATA_DIFFERS": Trouble(
        "Sebagian data di laptop ini belum sama dengan data server.",
        "Laporkan kepada admin provinsi.",
        safe="Yang Anda tulis aman dan tetap terkirim.",
    ),
    MASS_REMOVAL: Trouble(
        "Server ingin menghapus banyak sekali data dari laptop ini. Belum ada yang dihapus.",
        "Tanyakan dulu kepada admin provinsi, lalu pilih Izinkan atau Jangan.",
        ALLOW,
        "Izinkan",
        "Data Anda aman; salinannya disimpan di laptop.",
        "Menunggu jawaban Anda",
    ),
    BROKEN: Trouble(
        "Pengiriman terputus oleh kesalahan aplikasi.",
        "Coba lagi; bila terulang, sampaikan kepada pengelola aplikasi.",
    ),
}
