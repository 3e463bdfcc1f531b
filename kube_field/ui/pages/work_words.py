"""Words and tones of what is to be done: chips of "Perlu dikerjakan", actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from gettext import gettext as _

from kube_field.domain.rules.score import Status
from kube_field.ui.texts import status_word
from kube_field.ui.theme import Tone
from kube_field.usecases.views import WorkItem

FIXED: Mapping[str, tuple[Callable[[], str], Tone]] = {
    "returned": (lambda: _("Dikembalikan"), Tone.CRITICAL),
    "needs_repair": (lambda: _("Perlu perbaikan"), Tone.RISK),
    "quarantined": (lambda: _("Ditahan server"), Tone.RISK),
    "failed": (lambda: _("Gagal diproses"), Tone.WATCH),
    "conflict": (lambda: _("Bentrok data"), Tone.CONFLICT),
    "set_aside": (lambda: _("Karantina"), Tone.RISK),
    "to_review": (lambda: _("Menunggu diperiksa"), Tone.WATCH),
    "referral": (lambda: _("Rujukan"), Tone.WATCH),
    "lapsed": (lambda: _("Tidak terpantau"), Tone.CRITICAL),
    "draft": (lambda: _("Draf"), Tone.NEUTRAL),
    "candidate": (lambda: _("Calon"), Tone.INFO),
    "handover": (lambda: _("Serah terima"), Tone.INFO),
}
"""States with words of their own, said one at a time: a list asks for thousands of them."""


def work_chip(item: WorkItem) -> tuple[str, Tone]:
    """Words of one line of "Perlu dikerjakan" and their tone."""
    if (fixed := FIXED.get(item.state)) is not None:
        return fixed[0](), fixed[1]
    if item.state == "conflict_old":
        return _("Bentrok {n} hari").format(n=item.days), Tone.CRITICAL
    if item.state == "overdue":
        return _("Lewat {n} hari").format(n=abs(item.days)), Tone.CRITICAL
    left = -item.days
    tone = Tone.WATCH if item.state == "due" or left <= 1 else Tone.NEUTRAL
    return _due_words(left), tone


def _due_words(left: int) -> str:
    if left < 0:
        return _("Jatuh tempo")
    if left == 0:
        return _("Hari ini")
    return _("Besok") if left == 1 else _("{n} hari lagi").format(n=left)


def action_words(action: str) -> str:
    """The verb on the button of one line."""
    words = {
        "start_visit": _("Mulai kunjungan"),
        "continue_draft": _("Lanjutkan"),
        "repair": _("Perbaiki"),
        "start_assessment": _("Mulai asesmen"),
        "start_aid": _("Buat BAST"),
        "settle": _("Selesaikan"),
        "review": _("Periksa"),
        "decide_aside": _("Putuskan"),
        "follow_referral": _("Tindak lanjuti"),
        "show_queue": _("Lihat antrean"),
    }
    return words.get(action, _("Buka"))


def work_group(item: WorkItem) -> str:
    """The kind of work that the filter "jenis" tells apart: returned, to review, visit, handover, draft, candidate."""
    groups = {
        "returned": "repair",
        "needs_repair": "repair",
        "conflict": "repair",
        "conflict_old": "repair",
        "draft": "draft",
        "candidate": "candidate",
        "to_review": "review",
        "set_aside": "review",
        "quarantined": "review",
        "failed": "review",
        "referral": "referral",
        "handover": "handover",
    }
    return groups.get(item.state, "visit")


def work_group_words() -> tuple[tuple[str, str], ...]:
    """The choices of the filter "jenis"."""
    return (
        ("", _("Jenis: semua")),
        ("repair", _("Perlu diperbaiki")),
        ("review", _("Menunggu diperiksa")),
        ("visit", _("Kunjungan")),
        ("handover", _("Serah terima")),
        ("referral", _("Rujukan")),
        ("draft", _("Draf")),
        ("candidate", _("Calon penerima")),
    )


def unit_state_chip(state: str, count: int) -> tuple[str, Tone]:
    """One chip of the summary: how many units stand where with their visits."""
    words = {
        "overdue": (_("{n} terlambat"), Tone.CRITICAL),
        "due": (_("{n} jatuh tempo"), Tone.WATCH),
        "soon": (_("{n} segera"), Tone.NEUTRAL),
        "on_plan": (_("{n} sesuai jadwal"), Tone.GOOD),
        "stopped": (_("{n} berhenti"), Tone.NEUTRAL),
        "graduated": (_("{n} lulus"), Tone.GOOD),
    }
    text, tone = words[state]
    return text.format(n=count), tone


def health_chip(status: str, count: int) -> tuple[str, Tone]:
    """One chip of the summary: how many businesses stand so."""
    word = status_word(Status(status))
    return _("{n} {status}").format(n=count, status=word.text), word.tone
