"""What a list says about a record: one chip out of everything that is known about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from gettext import gettext as _


class ChipState(StrEnum):
    """The chips of the screen design; the value names the colour token too."""

    DRAFT = "draft"
    WAITING = "waiting"
    SENDING = "sending"
    SENT_PHOTOS_PENDING = "sent_photos_pending"
    SENT = "sent"
    HELD = "held"
    NEEDS_REPAIR = "needs_repair"
    QUARANTINED = "quarantined"
    FAILED = "failed"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    VOID = "void"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Chip:
    """A state and what its words need: answers missing in a draft, photos there and expected, the instant."""

    state: ChipState
    missing: int = 0
    photos_there: int = 0
    photos_expected: int = 0
    at: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that decides the chip.

    `outbox` is queued, sent, held or acked ("" when the record came from the server); `verdict` is what the server said
    when it did not take it in: rejected, quarantined or failed.
    """

    is_draft: bool = False
    missing: int = 0
    outbox: str = ""
    verdict: str = ""
    receipt_at: str = ""
    receipt_matches: bool = False
    review: str = ""
    photos_there: int = 0
    photos_expected: int = 0
    open_conflict: bool = False


REVIEWED: Mapping[str, ChipState] = {
    "void": ChipState.VOID,
    "returned": ChipState.RETURNED,
    "accepted": ChipState.ACCEPTED,
}
VERDICTS: Mapping[str, ChipState] = {
    "rejected": ChipState.NEEDS_REPAIR,
    "quarantined": ChipState.QUARANTINED,
    "failed": ChipState.FAILED,
}
ON_THE_WAY: Mapping[str, ChipState] = {
    "queued": ChipState.WAITING,
    "sent": ChipState.SENDING,
    "held": ChipState.HELD,
}
"""Whatever receipt there was before: what waits again is not said to be sent."""


def chip_of(standing: Standing) -> Chip:
    """The one chip of a record; the first line that holds wins.

    | draft                                             | Draf - n perlu diisi / Draf - lengkap |
    | open conflict                                     | Bentrok data                          |
    | review void or returned                           | Dibatalkan, Dikembalikan              |
    | review accepted, unless it waits again            | Disetujui                             |
    | server's verdict rejected                         | Perlu perbaikan                       |
    | server's verdict quarantined                      | Ditahan server                        |
    | server's verdict failed                           | Gagal diproses                        |
    | outbox sent, no answer yet                        | Mengirim…                             |
    | outbox held: what it names is not there yet       | Menunggu data lain                    |
    | outbox queued, or no receipt for this content     | Final - menunggu dikirim              |
    | receipt for this content, photos missing          | Terkirim - foto 2/5                   |
    | receipt for this content and all photos           | Terkirim 14 Agu 10.22                 |
    """
    if standing.is_draft:
        return Chip(ChipState.DRAFT, missing=standing.missing)
    if standing.open_conflict:
        return Chip(ChipState.CONFLICT)
    waits = standing.outbox in ("queued", "sent")
    if standing.review in REVIEWED and not (standing.review == "accepted" and waits):
        return Chip(REVIEWED[standing.review])
    if standing.verdict in VERDICTS:
        return Chip(VERDICTS[standing.verdict])
    if standing.outbox in ON_THE_WAY:
        return Chip(ON_THE_WAY[standing.outbox])
    from_server = standing.outbox == ""
    if not from_server and not standing.receipt_matches:
        return Chip(ChipState.WAITING)
    there, expected = standing.photos_there, standing.photos_expected
    if not from_server and there < expected:
        return Chip(ChipState.SENT_PHOTOS_PENDING, photos_there=there, photos_expected=expected, at=standing.receipt_at)
    return Chip(ChipState.SENT, at=standing.receipt_at)


STATE_WORDS: Mapping[ChipState, Callable[[], str]] = {
    ChipState.DRAFT: lambda: _("Draf"),
    ChipState.WAITING: lambda: _("Final · menunggu dikirim"),
    ChipState.SENDING: lambda: _("Mengirim…"),
    ChipState.SENT_PHOTOS_PENDING: lambda: _("Terkirim, foto menyusul"),
    ChipState.SENT: lambda: _("Terkirim"),
    ChipState.HELD: lambda: _("Menunggu data lain"),
    ChipState.NEEDS_REPAIR: lambda: _("Perlu perbaikan"),
    ChipState.QUARANTINED: lambda: _("Ditahan server"),
    ChipState.FAILED: lambda: _("Gagal diproses"),
    ChipState.RETURNED: lambda: _("Dikembalikan"),
    ChipState.ACCEPTED: lambda: _("Disetujui"),
    ChipState.VOID: lambda: _("Dibatalkan"),
    ChipState.CONFLICT: lambda: _("Bentrok data"),
}
"""What each state is called where there is no room, or no need, for its numbers; said one at a time."""


def state_words() -> Mapping[ChipState, str]:
    """What every state is called where there is no room, or no need, for its numbers."""
    return {state: words() for state, words in STATE_WORDS.items()}
