"""Writes a judged list in one commit or not at all, and takes it back while nothing of it was sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from gettext import gettext as _

from kube_field.domain.forms.evaluation import MIN_REASON_LENGTH
from kube_field.domain.names import fold_name
from kube_field.domain.records import Record, RecordKind
from kube_field.errors import Failure, KubeFieldError
from kube_field.usecases.audit_trail import audit_line
from kube_field.usecases.gathering import Gathered, joined
from kube_field.usecases.import_results import Decisions, DoubleChoice, ImportTally, JudgedRow, RowState, tally_of
from kube_field.usecases.importing import Importer
from kube_field.usecases.ports import Commit
from kube_field.usecases.session import Session


@dataclass(frozen=True, slots=True)
class ImportDone:
    """What was written: counts, and what taking it back needs. `id` names the import in the audit trail."""

    id: str
    kind: RecordKind
    tally: ImportTally
    created: tuple[tuple[str, RecordKind], ...]
    before: tuple[Record, ...]
    facts: tuple[str, ...]
    changes: frozenset[str]


def tally(importer: Importer, decisions: Decisions) -> ImportTally:
    """What would be written by these decisions, in numbers."""
    return tally_of(importer.rows, decisions, len(_families(importer, _taken(importer, decisions))))


def require_ready(importer: Importer, decisions: Decisions) -> None:
    """Refuse while a row is wrong, a double undecided or a warning without a reason.

    Raises: KubeFieldError VALIDATION.
    """
    told = tally(importer, decisions)
    untold = _("Tidak ada yang ditulis.")
    if told.errors:
        text = _("{n} baris berisi galat.").format(n=told.wrong)
        raise _refusal("ROWS_WRONG", f"{text} {untold}", _("Simpan laporannya, perbaiki di sana, lalu impor lagi."))
    if told.undecided:
        text = _("{n} baris mungkin ganda dan belum diputuskan.").format(n=told.undecided)
        raise _refusal("DOUBLES_UNDECIDED", f"{text} {untold}", _("Putuskan satu per satu, atau untuk semuanya."))
    if any(decisions.of(row) == DoubleChoice.AS_NEW for row in _doubles(importer)) and not _is_reason(
        decisions.double_reason
    ):
        text = _("Baris yang mungkin ganda dimasukkan sebagai data baru.")
        raise _refusal("DOUBLE_REASON", f"{text} {untold}", _("Tulis alasannya."))
    if any(row.warnings for row in _taken(importer, decisions)) and not _is_reason(decisions.reason):
        text = _("{n} peringatan belum dikonfirmasi.").format(n=told.warnings)
        raise _refusal("WARNINGS_OPEN", f"{text} {untold}", _("Tulis satu alasan untuk semuanya."))


def write_import(session: Session, importer: Importer, decisions: Decisions) -> ImportDone:
    """Write everything in one durable commit; rows that change nothing write nothing.

    Raises: KubeFieldError VALIDATION as `require_ready`, or when the laptop's data changed since; DISK_FULL.
    """
    require_ready(importer, decisions)
    rows = _taken(importer, decisions)
    parts = [*_families(importer, rows), *(_with_reason(session, row, decisions) for row in rows if row.work)]
    _require_unchanged(session, parts)
    done = _done(session, importer, decisions, parts)
    work = joined(parts)
    line = audit_line(session, f"import.{importer.request.kind}", done.kind, done.id, _in_numbers(importer, done.tally))
    session.store.commit(replace(work, audit=[*work.audit, line]))
    return done


def undo_import(session: Session, done: ImportDone) -> None:
    """Take an import back: new records go, changed ones stand as before.

    Raises: KubeFieldError NOT_ALLOWED once a part of it was sent, or somebody worked on one of its records.
    """
    made = [uid for uid, _kind in done.created]
    for uid in (*made, *(record.uid for record in done.before), *done.facts):
        pending = session.store.queue.pending_sets(uid)
        if not pending or pending[-1].id not in done.changes:
            raise _no_way_back(_("Sebagian datanya sudah dikirim atau diubah lagi."))
    work = Commit(
        records=done.before,
        withdrawn_changes=tuple(done.changes),
        removed_records=done.created,
        withdrawn_facts=done.facts,
        audit=(audit_line(session, "import.undo", done.kind, done.id),),
    )
    session.store.commit(work)


def _taken(importer: Importer, decisions: Decisions) -> list[JudgedRow]:
    """Rows that are taken in: good ones, and doubles that are decided to be new."""
    return [
        row
        for row in importer.rows
        if row.state != RowState.WRONG and (row.state != RowState.DOUBLE or decisions.of(row) == DoubleChoice.AS_NEW)
    ]


def _doubles(importer: Importer) -> list[JudgedRow]:
    return [row for row in importer.rows if row.state == RowState.DOUBLE]


def _families(importer: Importer, rows: Sequence[JudgedRow]) -> list[Gathered]:
    """The work of the families that these rows need, in the order of the list."""
    needed = dict.fromkeys(row.family for row in rows if row.family)
    return [work for key in needed if (work := importer.families[key].work) is not None]


def _with_reason(session: Session, row: JudgedRow, decisions: Decisions) -> Gathered:
    """A row's work with the reason for its warnings, or for being taken in beside its double."""
    assert row.work is not None
    is_double = row.state == RowState.DOUBLE
    told = [decisions.double_reason.strip()] if is_double else []
    told += [decisions.reason.strip()] if row.warnings else []
    if not told:
        return row.work
    changes = [replace(change, reason="; ".join(told)) for change in row.work.changes]
    audit = list(row.work.audit)
    if is_double and row.work.records:
        record = row.work.records[0]
        audit.append(audit_line(session, "import.double", record.kind, record.uid, decisions.double_reason.strip()))
    return replace(row.work, changes=changes, audit=audit)


def _require_unchanged(session: Session, parts: Sequence[Gathered]) -> None:
    """What was judged must still stand: while the officer looked, work of others may have arrived.

    Raises: KubeFieldError VALIDATION.
    """
    stands = all(
        before is None or session.store.records.get(before.uid) == before for part in parts for before in part.before
    )
    if not stands or _numbers_taken(session, parts):
        raise _refusal(
            "DATA_CHANGED",
            _("Data di laptop berubah sejak daftar ini diperiksa. Tidak ada yang ditulis."),
            _("Periksa sekali lagi; isian dan pilihan Anda tetap ada."),
        )


def _numbers_taken(session: Session, parts: Sequence[Gathered]) -> bool:
    """True when the number of a record that shall be made was given to another one meanwhile."""
    pairs = (pair for part in parts for pair in zip(part.records, part.before, strict=True))
    new = [record for record, before in pairs if before is None]
    if not new:
        return False
    listings = session.store.listings
    niks = {one.nik for one in listings.people_to_match()}
    cards = {one.kk_number for one in listings.families_to_match()}
    return any(
        (record.kind == RecordKind.PERSON and record.answers.get("nik") in niks)
        or (record.kind == RecordKind.HOUSEHOLD and record.answers.get("kk_number") in cards)
        or (record.kind == RecordKind.KUBE_GROUP and _group_is_there(session, record))
        for record in new
    )


def _group_is_there(session: Session, record: Record) -> bool:
    name = fold_name(str(record.answers.get("name") or ""))
    same = session.store.records.where(RecordKind.KUBE_GROUP, village_code=record.answers.get("village_code"))
    return any(fold_name(str(one.answers.get("name") or "")) == name for one in same)


def _done(session: Session, importer: Importer, decisions: Decisions, parts: Sequence[Gathered]) -> ImportDone:
    records = [pair for part in parts for pair in zip(part.records, part.before, strict=True)]
    return ImportDone(
        id=session.wiring.new_id(),
        kind=importer.request.kind.kind,
        tally=tally(importer, decisions),
        created=tuple((record.uid, record.kind) for record, before in records if before is None),
        before=tuple(before for _record, before in records if before is not None),
        facts=tuple(fact.uid for part in parts for fact in part.facts),
        changes=frozenset(change.id for part in parts for change in part.changes),
    )


def _in_numbers(importer: Importer, told: ImportTally) -> str:
    """The line of the audit trail: the file by its hash, and numbers; no word of its content."""
    return _("berkas {sha}; {rows} baris: {new} baru, {changed} berubah, {same} tetap, {left} tidak diambil").format(
        sha=importer.request.sha256[:16],
        rows=told.rows,
        new=told.new,
        changed=told.changed,
        same=told.same,
        left=told.rows - told.new - told.changed - told.same,
    )


def _is_reason(text: str) -> bool:
    return len(text.strip()) >= MIN_REASON_LENGTH


def _refusal(code: str, sentence: str, action: str) -> KubeFieldError:
    return KubeFieldError(Failure.VALIDATION, sentence, action, code=code)


def _no_way_back(sentence: str) -> KubeFieldError:
    action = _("Perbaiki data satu per satu, atau impor daftar yang benar: baris dengan NIK yang sama diperbarui.")
    return KubeFieldError(Failure.NOT_ALLOWED, sentence, action, code="IMPORT_SENT")
