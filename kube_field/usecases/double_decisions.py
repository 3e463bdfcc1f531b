"""Two records side by side, and the supervisor's word about them: merge, different, or a merge taken back.

The word is a small fact that waits in the outbox like everything else; the server does the merging (sync design 4).
"""

from __future__ import annotations

from dataclasses import dataclass
from gettext import gettext as _
from typing import Any

from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.declaration import Kind, Question
from kube_field.domain.forms.evaluation import MIN_REASON_LENGTH, is_blank
from kube_field.domain.forms.merge_decision import DIFFERENT, MERGE, UNDO
from kube_field.domain.identifiers import group_nik
from kube_field.domain.records import Fact, Record, RecordKind, Role
from kube_field.errors import Failure, KubeFieldError
from kube_field.usecases.answer_text import HIDDEN, answer_in_words
from kube_field.usecases.audit_trail import audit_line
from kube_field.usecases.duplicates import done_merges, open_duplicates
from kube_field.usecases.histories import change_of_fact, small_fact
from kube_field.usecases.parents import display_name, village_of
from kube_field.usecases.people import documents_of_owner
from kube_field.usecases.permissions import require_may_write
from kube_field.usecases.ports import Commit
from kube_field.usecases.session import Session


@dataclass(frozen=True, slots=True)
class Side:
    """One of two records: who it is, where, since when it stands so (UTC), and what hangs on it: (word, number)."""

    uid: str
    title: str
    place: str
    updated_at: str
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ComparedField:
    """One question with both answers in words; `differs` where the answers are not the same."""

    label: str
    first: str
    second: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two records of one kind, field by field in the order of the form; what neither answered is left out."""

    kind: RecordKind
    first: Side
    second: Side
    fields: tuple[ComparedField, ...]


def compare(session: Session, first: str, second: str) -> Comparison:
    """Two records side by side; showing whole identity numbers is written to the audit trail first.

    Raises: KubeFieldError VALIDATION when one of them is not on this laptop any more.
    """
    records = [session.store.records.get(uid) for uid in (first, second)]
    one, other = records
    if one is None or other is None:
        raise _gone()
    whole = session.officer.role != Role.PIMPINAN
    if whole and any(record.answers.get(code) for record in (one, other) for code in ("nik", "kk_number")):
        for record in (one, other):
            session.store.audit(audit_line(session, "nik.reveal", record.kind, record.uid))
    fields = [
        field
        for question in form(one.kind).questions()
        if question.kind not in HIDDEN and (field := _field(session, question, one, other, whole=whole)) is not None
    ]
    return Comparison(one.kind, _side(session, one), _side(session, other), tuple(fields))


def merge_double(session: Session, *, duplicate: str, kept: str, reason: str) -> Fact:
    """Say that both records of a case are one, and which of them stays.

    Raises: KubeFieldError NOT_ALLOWED, VALIDATION (no reason, decided already, not a record of the case), DISK_FULL.
    """
    uids = _open_pair(session, duplicate)
    if kept not in uids:
        raise _gone()
    (merged,) = (uid for uid in uids if uid != kept)
    return _say(session, duplicate, MERGE, kept, merged, reason)


def keep_apart(session: Session, *, duplicate: str, reason: str) -> Fact:
    """Say that the records of a case are different people or families.

    Raises: KubeFieldError as `merge_double`.
    """
    first, second = _open_pair(session, duplicate)
    return _say(session, duplicate, DIFFERENT, first, second, reason)


def undo_merge(session: Session, *, duplicate: str, reason: str) -> Fact:
    """Take a merge back.

    Raises: KubeFieldError NOT_ALLOWED, VALIDATION (no reason, undone already, the kept record was merged again).
    """
    require_may_write(session.officer, RecordKind.MERGE_DECISION)
    found = next((one for one in done_merges(session) if one.uid == duplicate and not one.deciding), None)
    if found is None:
        raise _gone()
    _require_right(found.hint)
    if found.blocked:
        raise KubeFieldError(
            Failure.VALIDATION,
            _("Data yang dipertahankan sudah digabung lagi dengan data lain."),
            _("Urungkan penggabungan yang lebih baru itu lebih dahulu."),
        )
    return _say(session, duplicate, UNDO, found.kept.uid, found.merged.uid, reason)


def _open_pair(session: Session, duplicate: str) -> tuple[str, str]:
    require_may_write(session.officer, RecordKind.MERGE_DECISION)
    found = next((one for one in open_duplicates(session) if one.uid == duplicate and not one.deciding), None)
    if found is None:
        raise _gone()
    _require_right(found.hint)
    first, second = found.twins
    return first.uid, second.uid


def _say(session: Session, duplicate: str, decision: str, kept: str, merged: str, reason: str) -> Fact:
    said = reason.strip()
    if len(said) < MIN_REASON_LENGTH:
        raise KubeFieldError(
            Failure.VALIDATION, _("Tulis alasan singkat."), _("Alasan tersimpan bersama keputusan ini.")
        )
    record = session.store.records.get(kept)
    if record is None:
        raise _gone()
    told = {"duplicate": duplicate, "decision": decision, "kept": kept, "merged": merged, "reason": said}
    fact = small_fact(session, RecordKind.MERGE_DECISION, record, told, session.today().isoformat())
    change = change_of_fact(session, fact, (kept, merged), said)
    line = audit_line(session, f"double.{decision}", record.kind, kept, said)
    session.store.commit(Commit(facts=(fact,), changes=(change,), audit=(line,)))
    return fact


def _require_right(hint: str) -> None:
    if hint:
        raise KubeFieldError(Failure.NOT_ALLOWED, hint, _("Data tetap seperti semula."))


def _field(session: Session, question: Question, one: Record, other: Record, *, whole: bool) -> ComparedField | None:
    values = [record.answers.get(question.code) for record in (one, other)]
    if all(is_blank(value) for value in values):
        return None
    first, second = (_in_words(session, question, value, whole=whole) for value in values)
    return ComparedField(_(question.label), first, second, values[0] != values[1])


def _in_words(session: Session, question: Question, value: Any, *, whole: bool) -> str:
    if is_blank(value):
        return _("(kosong)")
    if whole and question.kind in (Kind.NIK, Kind.KK):
        return group_nik(str(value))
    return answer_in_words(question, value, session.reference)


def _side(session: Session, record: Record) -> Side:
    village = village_of(session, record.answers)
    return Side(
        uid=record.uid,
        title=display_name(record.answers),
        place=session.reference.regions.full_name(village) if village else "",
        updated_at=record.updated_at,
        counts=tuple(_counts(session, record)),
    )


def _counts(session: Session, record: Record) -> list[tuple[str, int]]:
    """What hangs on a record on this laptop, in the words of the pages."""
    if record.kind == RecordKind.HOUSEHOLD:
        people = session.store.records.where(RecordKind.PERSON, household_id=record.uid)
        return [(_("Anggota keluarga"), sum(not one.deleted for one in people))]
    units = tuple(session.store.listings.units(owner_uid=record.uid))
    documents = [row for row in documents_of_owner(session, record.uid, units) if not row.is_draft]
    memberships = session.store.records.where(RecordKind.MEMBERSHIP, person_id=record.uid)
    return [
        (_("Kunjungan"), sum(row.kind == RecordKind.VISIT for row in documents)),
        (_("Asesmen"), sum(row.kind == RecordKind.ASSESSMENT for row in documents)),
        (_("Unit usaha"), len(units)),
        (_("Kelompok"), sum(not one.deleted for one in memberships)),
        (_("Persetujuan"), len(session.store.facts.of_subject(record.uid, RecordKind.CONSENT))),
    ]


def _gone() -> KubeFieldError:
    return KubeFieldError(
        Failure.VALIDATION,
        _("Temuan ini sudah diputuskan, atau datanya tidak ada lagi di laptop."),
        _("Muat ulang daftarnya."),
    )
