"""Mungkin ganda: records that the server holds for the same person or family, told with the reason in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from gettext import gettext as _

from kube_field.domain.records import Record, RecordKind, Role
from kube_field.usecases import views
from kube_field.usecases.answer_text import SECTION_ROWS
from kube_field.usecases.parents import display_name, village_of
from kube_field.usecases.permissions import may_write
from kube_field.usecases.session import Session


@dataclass(frozen=True, slots=True)
class Twin:
    """One of the records that may be the same: its uid, name and village."""

    uid: str
    title: str
    village: str = ""


@dataclass(frozen=True, slots=True)
class PossibleDouble:
    """Records of this laptop that may be one. `elsewhere`: another one lies in an area that this laptop cannot see.

    `deciding` is the decision that waits here to be sent, "" while there is none. `hint` says who decides instead of
    this officer; it is empty for whoever may.
    """

    uid: str
    kind: RecordKind
    reason: str
    twins: tuple[Twin, ...]
    elsewhere: bool
    deciding: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class DoneMerge:
    """Two records that were made one: `merged` is seen under `kept`. `at` is UTC, empty while nobody told.

    `blocked`: `kept` was merged itself since, which has to be undone before.
    """

    uid: str
    kind: RecordKind
    kept: Twin
    merged: Twin
    reason: str
    by: str
    at: str
    deciding: str = ""
    blocked: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """The record to show, and the name of the merged one that was asked for; "" when it stands itself."""

    uid: str
    merged_title: str = ""


def open_duplicates(session: Session) -> list[PossibleDouble]:
    """Undecided doubles as far as this laptop holds them; one of which nothing is left to compare is left out."""
    told = []
    for row in session.store.queue.duplicates():
        found = tuple(twin for uid in row.uids if (twin := _living_twin(session, uid, row.kind)) is not None)
        if len(found) > 1 or (found and row.elsewhere):
            told.append(_double(session, row, found))
    return told


def done_merges(session: Session) -> list[DoneMerge]:
    """Merges that stand, the newest first."""
    told = []
    for row in session.store.queue.merges():
        records = [session.store.records.get(uid) for uid in (row.kept, row.merged)]
        if any(record is None for record in records):
            continue
        kept, merged = (_twin(session, record) for record in records if record is not None)
        told.append(
            DoneMerge(
                uid=row.uid,
                kind=row.kind,
                kept=kept,
                merged=merged,
                reason=reason_words(row.reason),
                by=row.decided_by,
                at=row.decided_at,
                deciding=row.deciding,
                blocked=row.blocked,
                hint=who_decides(session, (row.kept, row.merged)),
            )
        )
    return told


def case_of(session: Session, uid: str) -> str:
    """The open case about a record, "" when there is none."""
    return next((one.uid for one in open_duplicates(session) if any(twin.uid == uid for twin in one.twins)), "")


def standing_record(session: Session, uid: str) -> Standing:
    """The record that stands for this one, and the name of the one that was merged into it."""
    standing = session.store.queue.standing_uid(uid)
    record = session.store.records.get(uid) if standing != uid else None
    return Standing(standing, display_name(record.answers) if record is not None else "")


def doubles_section(session: Session, uid: str) -> tuple[SECTION_ROWS, ...]:
    """What a profile says first when its record may be a double; nothing otherwise."""
    lines = tuple(
        (double.reason, line)
        for double in open_duplicates(session)
        if uid in {twin.uid for twin in double.twins}
        for line in _lines(double, uid)
    )
    return ((_("Mungkin ganda"), lines),) if lines else ()


def who_decides(session: Session, uids: Sequence[str], *, elsewhere: bool = False) -> str:
    """Who decides about these records, in words; "" when this officer may (the server judges again)."""
    officer = session.officer
    if not may_write(officer, RecordKind.MERGE_DECISION):
        return _("Diputuskan oleh penyelia kabupaten/kota atau admin provinsi. Beri tahu penyelia Anda.")
    if elsewhere:
        return _("Data yang satu lagi tidak ada di laptop ini; hanya admin provinsi yang dapat memutuskan.")
    records = [session.store.records.get(uid) for uid in uids]
    inside = all(
        record is not None and session.reference.regions.in_areas(record.scope, officer.areas) for record in records
    )
    if officer.role == Role.ADMIN_PROV or inside:
        return ""
    return _("Salah satu data di luar wilayah Anda; hanya admin provinsi yang dapat memutuskan.")


def reason_words(code: str) -> str:
    """Why two records may be one."""
    reasons = {
        "nik": _("NIK sama"),
        "kk": _("Nomor KK sama"),
        "name": _("Nama mirip dan tanggal lahir sama"),
    }
    return reasons.get(code, _("Data mirip"))


def _double(session: Session, row: views.DuplicateRow, found: tuple[Twin, ...]) -> PossibleDouble:
    hint = who_decides(session, [twin.uid for twin in found], elsewhere=len(found) < 2)
    return PossibleDouble(row.uid, row.kind, reason_words(row.reason), found, row.elsewhere, row.deciding, hint)


def _lines(double: PossibleDouble, uid: str) -> list[str]:
    others = [twin.title for twin in double.twins if twin.uid != uid]
    return [*others, _("Kemungkinan ganda di wilayah lain, hubungi provinsi.")] if double.elsewhere else others


def _living_twin(session: Session, uid: str, kind: RecordKind) -> Twin | None:
    record = session.store.records.get(uid)
    return _twin(session, record) if record is not None and record.kind == kind and not record.deleted else None


def _twin(session: Session, record: Record) -> Twin:
    village = village_of(session, record.answers)
    place = session.reference.regions.village(village) if village else None
    return Twin(record.uid, display_name(record.answers), place.name if place is not None else "")
