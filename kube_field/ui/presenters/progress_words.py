"""What a run or a visit of a stick is doing, in the officer's words."""

from __future__ import annotations

from gettext import gettext as _

from kube_field.sync.turn import TURN
from kube_field.ui.formats import group_thousands
from kube_field.ui.pages.sync_words import MINUTE


def stick_words(step: str, done: int, total: int) -> str:
    """What a visit of the stick is doing; `done` files of this step are finished."""
    words = {
        "forward": _("Meneruskan titipan ke server…"),
        "take": _("Mengambil jawaban dari flashdisk…"),
        "give": _("Menyalin ke flashdisk…"),
    }
    said = words[step]
    return _("{words} {done} dari {total}").format(words=said, done=done + 1, total=total) if total else said


def phase_words(phase: str, done: int = 0, total: int = 0) -> str:
    """What a run is doing."""
    if phase == TURN:
        return turn_words(total - done)
    words = {
        "hello": _("Menghubungi server…"),
        "verify": _("Mencocokkan kiriman terakhir…"),
        "push": _("Mengirim data…"),
        "pull": _("Mengambil pembaruan…"),
        "photos": _("Mengirim foto…"),
    }
    said = words.get(phase, _("Menyambung…"))
    if phase == "pull" and done:
        return _("{words} {n} data").format(words=said, n=group_thousands(done))
    return _("{words} {done} dari {total}").format(words=said, done=done, total=total) if total else said


def turn_words(seconds: int) -> str:
    """How long this laptop waits for its turn, why, and that the officer need not."""
    words = _(
        "Server baru dipulihkan dan melayani laptop satu per satu: giliran laptop ini paling lama {n} menit lagi."
        " Data Anda aman di laptop. Tekan Kirim sekarang bila tidak ingin menunggu."
    )
    return words.format(n=-(-seconds // MINUTE))
