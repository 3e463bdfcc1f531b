"""Mungkin ganda: records that the server holds for the same person or family, told with the reason in words."""

from __future__ import annotations

from dataclasses import dataclass
from gettext import gettext as _

from kube_field.domain.records import RecordKind
from kube_field.usecases.answer_text import SECTION_ROWS
from kube_field.usecases.parents import display_name
from kube_field.usecases.session import Session


@dataclass(frozen=True, slots=True)
class Twin:
    """One of the records that may be the same, by its uid and name."""

    uid: str
    title: str


@dataclass(frozen=True, slots=True)
class PossibleDouble:
    """Records of this laptop that may be one. `elsewhere`: another one lies in an area that this laptop cannot see."""

    uid: str
    kind: RecordKind
    reason: str
    twins: tuple[Twin, ...]
    elsewhere: bool


def open_duplicates(session: Session) -> list[PossibleDouble]:
    """Undecided doubles as far as this laptop holds them; one of which nothing is left to compare is left out."""
    told = []
    for row in session.store.queue.duplicates():
        found = tuple(twin for uid in row.uids if (twin := _twin(session, uid, row.kind)) is not None)
        if len(found) > 1 or (found and row.elsewhere):
            told.append(PossibleDouble(row.uid, row.kind, _reason(row.reason), found, row.elsewhere))
    return told


def doubles_section(session: Session, uid: str) -> tuple[SECTION_ROWS, ...]:
    """What a profile says first when its record may be a double; nothing otherwise."""
    lines = tuple(
        (double.reason, line)
        for double in open_duplicates(session)
        if uid in {twin.uid for twin in double.twins}
        for line in _lines(double, uid)
    )
    return ((_("Mungkin ganda"), lines),) if lines else ()


def _lines(double: PossibleDouble, uid: str) -> list[str]:
    others = [twin.title for twin in double.twins if twin.uid != uid]
    return [*others, _("Kemungkinan ganda di wilayah lain, hubungi provinsi.")] if double.elsewhere else others


def _twin(session: Session, uid: str, kind: RecordKind) -> Twin | None:
    record = session.store.records.get(uid)
    if record is None or record.kind != kind or record.deleted:
        return None
    return Twin(uid, display_name(record.answers))


def _reason(code: str) -> str:
    reasons = {
        "nik": _("NIK sama"),
        "kk": _("Nomor KK sama"),
        "name": _("Nama mirip dan tanggal lahir sama"),
    }
    return reasons.get(code, _("Data mirip"))
