"""The sync pill in words: what a run does, what is not solved, what waits and how long; green only when it is true."""

from __future__ import annotations

from gettext import gettext as _

from kube_field.ui.formats import group_thousands, short_instant
from kube_field.ui.pages.sync_words import unsolved_trouble
from kube_field.ui.pages.trouble_table import NOT_KNOWN
from kube_field.ui.texts import ToneText
from kube_field.ui.theme import Tone
from kube_field.usecases.views import PASSING, PillState, SyncRun

OLD_DAYS, VERY_OLD_DAYS = 7, 21
SEVERITY = (Tone.NEUTRAL, Tone.WATCH, Tone.RISK, Tone.CRITICAL)


def pill_text(pill: PillState, sending: tuple[str, int, int] | None = None) -> ToneText:
    """Words and tone of the sync pill; `sending` is (phase, done, all) while a run is under way.

    Green is only what is true: a failure that the officer has to solve shows before everything else until he did.
    """
    if sending is not None:
        return ToneText(_sending_words(*sending), Tone.INFO)
    if pill.enrolled and pill.unsolved is not None and pill.unsolved.outcome not in PASSING:
        return _unsolved_text(pill, pill.unsolved)
    if failed := pill.failed + pill.photos_refused:
        return ToneText(_("{n} gagal · lihat").format(n=failed), _worse(Tone.WATCH, pill))
    if pill.unsent or pill.photos_unsent:
        return ToneText(_waiting_words(pill), _age_tone(pill.oldest_days))
    if pill.last_good_at:
        return ToneText(_("Semua terkirim · {at}").format(at=short_instant(pill.last_good_at)), Tone.GOOD)
    words = _("Luring · semua tersimpan di laptop") if pill.enrolled else _("Belum terdaftar ke server")
    return ToneText(words, Tone.NEUTRAL)


def _sending_words(phase: str, done: int, whole: int) -> str:
    """What a run is doing: only what goes to the server is called sending."""
    if phase == "push" and whole:
        return _("Mengirim {done} dari {all}").format(done=done, all=whole)
    if phase == "pull":
        return _("Menerima {n} data").format(n=group_thousands(done)) if done else _("Memeriksa pembaruan")
    if phase == "photos":
        words = _("Mengirim foto {done} dari {all}").format(done=done, all=whole)
        return words if whole else _("Mengambil foto")
    return _("Menghubungi server")


def _unsolved_text(pill: PillState, run: SyncRun) -> ToneText:
    """The failure in short, and how much waits for it to be solved."""
    what = unsolved_trouble(run).short
    if failed := pill.failed + pill.photos_refused:
        left = _("{n} gagal").format(n=failed)
    elif pill.unsent:
        left = _("{n} belum terkirim").format(n=pill.unsent)
    elif pill.photos_unsent:
        left = _("{n} foto belum terkirim").format(n=pill.photos_unsent)
    else:
        left = _("lihat")
    tone = Tone.RISK if run.outcome in NOT_KNOWN else Tone.WATCH
    return ToneText(_("{what} · {left}").format(what=what, left=left), _worse(tone, pill))


def _waiting_words(pill: PillState) -> str:
    if pill.unsent:
        words = _("Luring · {n} belum terkirim").format(n=pill.unsent)
    else:
        words = _("Luring · {n} foto belum terkirim").format(n=pill.photos_unsent)
    if pill.oldest_days >= 1:
        return _("{words} · tertua {days} hari").format(words=words, days=pill.oldest_days)
    return words


def _age_tone(days: int) -> Tone:
    if days > VERY_OLD_DAYS:
        return Tone.CRITICAL
    return Tone.RISK if days > OLD_DAYS else Tone.NEUTRAL


def _worse(tone: Tone, pill: PillState) -> Tone:
    """The tone of a failure, or of what waits too long already."""
    return max(tone, _age_tone(pill.oldest_days), key=SEVERITY.index)
