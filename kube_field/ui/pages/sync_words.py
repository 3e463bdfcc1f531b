"""Words of synchronisation: the outcomes S01 to S09, states of the queue, and the result of a run."""

from __future__ import annotations

from gettext import gettext as _

from kube_field.ui.theme import Tone
from kube_field.usecases.views import QueueRow, SyncRun


def outcome_words(code: str) -> str:
    """One cause, one action, and whether the data are safe (screen design, "Sync made visible")."""
    words = {
        "S01": _("Tidak ada jaringan. Data aman di laptop dan dikirim saat tersambung."),
        "S02": _("Jaringan ini meminta masuk lewat halaman web. Buka peramban, masuk dulu, lalu coba lagi. Data aman."),
        "S03": _("Jam laptop tampaknya salah. Perbaiki tanggal dan jam Windows, lalu coba lagi. Data aman."),
        "S04": _("Server tidak menjawab. Dicoba lagi otomatis dalam 15 menit. Data aman di laptop."),
        "S05": _("Nama atau kata sandi ditolak server. Hubungi penyelia. Antrean tetap aman di laptop."),
        "S06": _("Aplikasi ini sudah terlalu lama. Data tetap terkirim; perbarui aplikasi bila sempat."),
        "S07": _("Ada data yang ditolak server. Lihat sebabnya di Antrean, perbaiki, lalu kirim lagi."),
        "S08": _("Ruang laptop hampir penuh. Kosongkan sebagian, lalu coba lagi. Data yang ada aman."),
        "S09": _("Sertifikat server berubah. Jangan lanjutkan; hubungi kantor. Data aman di laptop."),
    }
    return words.get(code, _("Sinkronisasi belum berhasil. Data aman di laptop; coba lagi nanti."))


def run_words(run: SyncRun) -> str:
    """The result of one run in numbers."""
    parts = [_("{n} terkirim").format(n=run.sent), _("{n} diterima").format(n=run.received)]
    if run.refused:
        parts.append(_("{n} ditolak").format(n=run.refused))
    if run.photos_sent:
        parts.append(_("{n} foto").format(n=run.photos_sent))
    return " · ".join(parts)


def run_chip(run: SyncRun) -> tuple[str, Tone]:
    """How a run ended, as a chip."""
    if run.outcome == "S07" or (not run.outcome and run.refused):
        return _("Ada yang ditolak"), Tone.RISK
    if run.outcome == "S06":
        return _("Berhasil, perbarui aplikasi"), Tone.WATCH
    if run.outcome:
        return _("Belum berhasil ({code})").format(code=run.outcome), Tone.WATCH
    return _("Berhasil"), Tone.GOOD


def via_words(via: str) -> str:
    """The way the data went."""
    return {"internet": _("Internet"), "usb": _("USB")}.get(via, via)


def queue_chip(row: QueueRow) -> tuple[str, Tone]:
    """The state of one waiting change."""
    chips = {
        "queued": (_("Menunggu dikirim"), Tone.INFO),
        "sent": (_("Menunggu jawaban"), Tone.INFO),
        "held": (_("Menunggu data lain"), Tone.NEUTRAL),
        "rejected": (_("Perlu perbaikan"), Tone.RISK),
        "quarantined": (_("Ditahan server"), Tone.RISK),
        "failed": (_("Gagal"), Tone.WATCH),
    }
    return chips.get(row.state, (row.state, Tone.NEUTRAL))


def age_words(days: int) -> str:
    """How long something waits."""
    if days <= 0:
        return _("hari ini")
    return _("kemarin") if days == 1 else _("{n} hari").format(n=days)
