"""Words of synchronisation: the outcomes S01 to S09 and their action, states of the queue, results of runs, ages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from gettext import gettext as _

from kube_field.domain.records import RecordKind
from kube_field.ui.formats import wita_text
from kube_field.ui.pages.trouble_table import (
    BROKEN,
    CLOCK,
    MASS_REMOVAL,
    OLD_APP,
    OTHER_TROUBLE,
    REFUSED,
    TROUBLES,
    Trouble,
)
from kube_field.ui.theme import Tone
from kube_field.usecases.stick import CourierTally, maker_of
from kube_field.usecases.views import QueueRow, SyncRun

WITA = timezone(timedelta(hours=8), "WITA")
MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
CANCELLED, COURIER = "CANCELLED", "COURIER"
MOST_LINES = 3
NO_TROUBLE = frozenset({"", CANCELLED, COURIER, REFUSED})
"""Outcomes that are no failure of the run itself."""


def trouble_words(code: str) -> Trouble:
    """One cause, one action, and whether the data are safe (screen design, "Sync made visible")."""
    told = TROUBLES.get(code, OTHER_TROUBLE)
    return Trouble(_(told.sentence), _(told.advice), told.action, _(told.button), _(told.safe), _(told.short))


def trouble_of_run(run: SyncRun) -> Trouble | None:
    """The failure of a run, None when there was none; causes without words of their own bring the run's."""
    if run.outcome in NO_TROUBLE:
        return None
    told = trouble_words(run.outcome)
    if run.outcome not in TROUBLES and run.message:
        sentence, end, rest = run.message.partition(". ")
        advice = rest.removesuffix(told.safe).rstrip()
        safe = "" if _("aman") in f"{sentence} {advice}" else told.safe
        return replace(told, sentence=sentence + end.rstrip(), advice=advice, safe=safe)
    return told


def unsolved_trouble(run: SyncRun) -> Trouble:
    """What a run that stands as unsolved is about: its failure, or the clock that it found wrong."""
    return trouble_of_run(run) or trouble_words(CLOCK)


def outcome_words(code: str) -> str:
    """One cause, one action, and whether the data are safe, as one text."""
    told = trouble_words(code)
    return f"{told.sentence} {told.advice} {told.safe}"


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
    if run.outcome == REFUSED or (not run.outcome and run.refused):
        return _("Ada yang ditolak"), Tone.RISK
    if not run.outcome and run.message:
        return _("Berhasil, jam laptop salah"), Tone.WATCH
    fixed = {
        "": (_("Berhasil"), Tone.GOOD),
        OLD_APP: (_("Berhasil, perbarui aplikasi"), Tone.WATCH),
        CANCELLED: (_("Dihentikan"), Tone.NEUTRAL),
        COURIER: (_("Dititipkan"), Tone.INFO),
        MASS_REMOVAL: (_("Menunggu jawaban Anda"), Tone.RISK),
        BROKEN: (_("Terputus"), Tone.RISK),
        "REVOKED": (_("Tidak diizinkan"), Tone.CRITICAL),
        "WRONG_SERVER": (_("Bukan server kita"), Tone.RISK),
    }
    return fixed.get(run.outcome, (_("Belum berhasil ({code})").format(code=run.outcome), Tone.WATCH))


def result_title(run: SyncRun) -> str:
    """Heading of a result: how it ended, and when."""
    return _("{result} · {at}").format(result=run_chip(run)[0], at=wita_text(run.ended_at))


def courier_words(tally: CourierTally) -> list[str]:
    """What one visit of the stick did, line by line; what was given still waits for its receipt."""
    given = _("Dititipkan: {changes} perubahan dan {photos} foto dalam {files} berkas.")
    lines = [given.format(changes=tally.given_changes, photos=tally.given_photos, files=len(tally.written))]
    if tally.cancelled:
        lines = [_("Dihentikan. Yang belum disalin tetap menunggu di laptop.")]
    elif not tally.written:
        lines = [_("Tidak ada yang perlu dititipkan.")]
    lines += _forwarded_words(tally)
    if tally.taken_files:
        taken = _("Diambil: {receipts} tanda terima, {received} data, {photos} foto tersimpan di server.")
        lines.append(taken.format(receipts=tally.receipts, received=tally.received, photos=tally.photos_stored))
    if tally.refused:
        lines.append(_("{n} data ditolak server; lihat sebabnya di Antrean.").format(n=tally.refused))
    if tally.asking:
        lines.append(_("Satu penghapusan besar menunggu jawaban Anda; belum dijalankan."))
    lines += _missing_words(tally)
    if set(tally.behind).difference(tally.asking):
        lines.append(_("Sebagian pembaruan belum dapat dimuat: perlu titipan sebelumnya atau sambungan internet."))
    lines += [_("{name} tidak terbaca: {reason}").format(name=name, reason=reason) for name, reason in tally.not_read]
    return lines


def _forwarded_words(tally: CourierTally) -> list[str]:
    """What was handed to the server for whom, and what was not."""
    lines: list[str] = []
    if tally.forwarded:
        makers = ", ".join(dict.fromkeys(maker_of(path) for path in tally.forwarded))
        done = _("Diteruskan ke server: {n} titipan ({names}) dengan {changes} perubahan dan {photos} foto.")
        changes, photos = tally.forwarded_changes, tally.forwarded_photos
        lines.append(done.format(n=len(tally.forwarded), names=makers, changes=changes, photos=photos))
        lines.append(_("Jawaban untuk mereka ada di flashdisk; titipannya tetap di sana."))
    if tally.not_forwarded:
        left = _("{n} titipan belum diteruskan dan tetap ada di flashdisk: {reason}")
        lines.append(left.format(n=tally.not_forwarded, reason=tally.way_lost))
    return lines


def _missing_words(tally: CourierTally) -> list[str]:
    """What the server lost, and of which areas it gave nothing, with its reason."""
    lines: list[str] = []
    if tally.lost:
        lines.append(_("{n} data tidak ada lagi di server dan dititipkan lagi.").format(n=tally.lost))
    if tally.went_back:
        back = _("Server dipulihkan dari cadangan: pembaruan dimuat ulang lewat titipan berikutnya atau internet.")
        lines.append(back)
    for reason in dict.fromkeys(reason for _area, reason in tally.no_pages):
        areas = ", ".join(area for area, why in tally.no_pages if why == reason)
        lines.append(_("Tidak ada pembaruan untuk {areas}: {reason}").format(areas=areas, reason=reason))
    return lines


def via_words(via: str) -> str:
    """The way the data went."""
    return {"internet": _("Internet"), "usb": _("USB")}.get(via, via)


def queue_chip(row: QueueRow) -> tuple[str, Tone]:
    """The state of one waiting change."""
    if row.state == "photos":
        words = _("Terkirim · foto {there}/{all}").format(there=row.photos_there, all=row.photos_expected)
        return words, Tone.RISK if row.reason else Tone.GOOD_OPEN
    chips = {
        "queued": (_("Menunggu dikirim"), Tone.INFO),
        "sent": (_("Menunggu jawaban"), Tone.INFO),
        "held": (_("Menunggu data lain"), Tone.NEUTRAL),
        "rejected": (_("Perlu perbaikan"), Tone.RISK),
        "quarantined": (_("Ditahan server"), Tone.RISK),
        "failed": (_("Gagal"), Tone.WATCH),
        "erased": (_("Warga dihapus"), Tone.NEUTRAL),
    }
    return chips.get(row.state, (row.state, Tone.NEUTRAL))


def refused_doubles(rows: Sequence[QueueRow]) -> str:
    """What the server said against decisions about doubles, line by line; "" when it took them all."""
    told = {
        "rejected": _("Keputusan Anda ditolak server: {title} · {why}"),
        "quarantined": _("Keputusan Anda ditahan server untuk diperiksa: {title} · {why}"),
        "failed": _("Keputusan Anda belum dapat diproses server: {title} · {why}"),
    }
    refused = [row for row in rows if row.kind == RecordKind.MERGE_DECISION and row.state in told]
    lines = [
        told[row.state].format(title=row.title or "–", why=sentence(queue_reason(row))) for row in refused[-MOST_LINES:]
    ]
    return "\n".join(lines)


def sentence(text: str) -> str:
    """A text that another one may follow."""
    return text if text.endswith((".", "!", "?")) else f"{text or '–'}."


def queue_advice(row: QueueRow) -> str:
    """What becomes of a refused change, and whether its content is safe."""
    words = {
        "rejected": _("Buka datanya dan perbaiki, lalu kirim lagi. Isinya aman di laptop."),
        "quarantined": _("Menunggu keputusan penyelia; isinya sudah tersimpan di server."),
        "failed": _("Isinya sudah tersimpan di server; tekan Coba lagi nanti."),
        "erased": _("Tidak ada yang perlu dilakukan; baris ini hilang sendiri setelah sebulan."),
    }
    return words.get(row.state, "")


def queue_reason(row: QueueRow) -> str:
    """Why a change is where it is."""
    if row.reason:
        return row.reason
    words = {
        "held": _("Data yang dirujuk belum sampai di server; dilanjutkan sendiri."),
        "quarantined": _("Server meminta penyelia memeriksanya dahulu."),
        "failed": _("Server belum dapat memprosesnya."),
        "erased": _("Data warga ini sudah dihapus atas keputusan dinas."),
    }
    return words.get(row.state, "")


def age_words(instant: str, now: datetime) -> str:
    """How long something waits, counted in minutes and hours, then in days of the calendar (WITA)."""
    since = datetime.fromisoformat(instant)
    seconds = (now - since).total_seconds()
    days = (now.astimezone(WITA).date() - since.astimezone(WITA).date()).days
    if seconds < MINUTE:
        return _("baru saja")
    if seconds < HOUR:
        return _("{n} menit").format(n=int(seconds // MINUTE))
    if days <= 0 or seconds < DAY / 2:
        return _("{n} jam").format(n=int(seconds // HOUR))
    return _("kemarin") if days == 1 else _("{n} hari").format(n=days)
