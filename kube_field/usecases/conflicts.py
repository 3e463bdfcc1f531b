"""Bentrok: fields that two people changed differently, shown side by side and settled by an ordinary new change.

Nothing here needs the network: the choice waits in the outbox like any edit and names the conflicts that it settles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from gettext import gettext as _
from typing import Any

from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.declaration import Finding, Form, Kind, Question, Severity
from kube_field.domain.forms.evaluation import MIN_REASON_LENGTH, finalised_answers
from kube_field.domain.identifiers import group_nik
from kube_field.domain.merge import DELETED
from kube_field.domain.records import Change, Draft, Record, RecordKind, Role
from kube_field.errors import Failure, KubeFieldError
from kube_field.usecases import views
from kube_field.usecases.answer_text import answer_in_words
from kube_field.usecases.audit_trail import audit_line
from kube_field.usecases.drafts import evaluate_draft, new_draft
from kube_field.usecases.editing import change_of_record
from kube_field.usecases.filling import filled
from kube_field.usecases.histories import change_of_fact, past_value_facts
from kube_field.usecases.known import context_of
from kube_field.usecases.parents import display_name, reference_name, scope_of, village_of
from kube_field.usecases.permissions import require_may_write
from kube_field.usecases.ports import Commit
from kube_field.usecases.session import Session
from kube_field.usecases.settling import both_notes, may_settle, not_yours, refuse_choice
from kube_field.usecases.views import ConflictRow

IDENTITY = frozenset({Kind.NIK, Kind.KK, Kind.NAME})
WEIGHTY = IDENTITY | {Kind.RUPIAH}
"""Kinds whose choice needs a reason: money and identity."""
NOT_TYPED = frozenset({Kind.ROWS, Kind.PHOTO, Kind.SIGNATURE, Kind.LOCATION})
"""Kinds of which one of the values is chosen; another one is entered in the record's own form."""
NAMING = ("person_id", "group_id")


@dataclass(frozen=True, slots=True)
class Version:
    """One value of a field, in words, with who wrote it (a name) and when (UTC); `mine`: this officer did."""

    value: Any
    text: str
    by: str
    at: str
    mine: bool


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """One field: what both saw (`base`), what stands in the record (`server`), what did not go in (`others`).

    `refused` says why the server did not take the choice that was made before, "" when it refused none.

    `both` is all of the values in one text, where they are notes that fit; `settles`: this officer may choose now.

    `apart` says why the newest other value did not go in where nobody else changed this field: another answer.

    `question` is None for the deletion of the record and for fields that this program does not know.
    """

    field: str
    label: str
    question: Question | None
    base: str
    server: Version
    others: tuple[Version, ...]
    needs_reason: bool
    may_type: bool
    refused: str = ""
    both: str = ""
    apart: str = ""
    settles: bool = True


@dataclass(frozen=True, slots=True)
class ConflictedRecord:
    """A record with its open conflicts, in the order of its form."""

    uid: str
    kind: RecordKind
    title: str
    village: str
    fields: tuple[FieldConflict, ...]
    since: str

    @property
    def settles(self) -> bool:
        """True when this officer may choose in one of the fields."""
        return any(field.settles for field in self.fields)

    @property
    def names(self) -> tuple[str, ...]:
        """Who wrote the values, as far as it is known."""
        every = (version.by for field in self.fields for version in (field.server, *field.others))
        return tuple(dict.fromkeys(name for name in every if name))


def open_conflicts(session: Session) -> list[ConflictedRecord]:
    """Records with open conflicts, the longest waiting first."""
    by_record: dict[str, list[ConflictRow]] = {}
    for row in session.store.queue.conflicts(only_open=True):
        by_record.setdefault(row.uid, []).append(row)
    return [told for uid, rows in by_record.items() if (told := _record_view(session, uid, rows)) is not None]


def settles_any(session: Session, rows: Sequence[ConflictRow]) -> bool:
    """True when this officer may choose in one of the fields that these conflicts are about."""
    by_field: dict[tuple[str, str], list[ConflictRow]] = {}
    for row in rows:
        by_field.setdefault((row.uid, row.field), []).append(row)
    today = session.today()
    return any(may_settle(session.officer, about[0].kind, about, today) for about in by_field.values())


def look_at(session: Session, *, uid: str) -> None:
    """Note in the audit trail that whole identity numbers of a record are shown side by side."""
    rows = session.store.queue.conflicts(uid, only_open=True)
    questions = {row.field: question_of(row.kind, row.field) for row in rows}
    if any(question is not None and question.kind in (Kind.NIK, Kind.KK) for question in questions.values()):
        session.store.audit(audit_line(session, "nik.reveal", rows[0].kind, uid))


def resolve(session: Session, uid: str, choices: Mapping[str, Any], reason: str = "") -> Record:
    """Settle conflicts of one record: one change that sets each chosen field and names the conflicts that it settles.

    A value that equals the one on the server still makes a change. Fields that are left out stay open.
    Raises: KubeFieldError VALIDATION (nothing chosen, settled already, a value against the rules, no reason for money
    and identity), NOT_ALLOWED (the role, or others choose first), DISK_FULL.
    """
    stored = session.store.records.get(uid)
    rows = session.store.queue.conflicts(uid, only_open=True)
    if stored is None or not choices or not set(choices) <= {row.field for row in rows}:
        raise _gone()
    require_may_write(session.officer, stored.kind)
    for name in choices:
        about = [row for row in rows if row.field == name]
        if not may_settle(session.officer, stored.kind, about, session.today()):
            raise not_yours(name for row in about for name in (row.kept_by, row.other_by))
    _require_reason(stored.kind, choices, reason)
    sets = _sets(session, stored, choices, rows)
    record = _with(session, stored, sets)
    change = replace(
        change_of_record(session, record, stored, sets, reason.strip()),
        resolves=tuple(row.id for row in rows if row.field in sets),
    )
    facts = past_value_facts(session, record, stored)
    changes: list[Change] = [change, *(change_of_fact(session, fact, (uid,)) for fact in facts)]
    line = audit_line(session, "conflict.resolve", stored.kind, uid, reason.strip())
    session.store.commit(Commit(records=(record,), facts=facts, changes=changes, audit=(line,)))
    return record


def settled_story(session: Session, record: Record) -> list[views.TimelineItem]:
    """What the conflicts of a record were about, both values kept readable, newest first."""
    told = []
    for row in session.store.queue.conflicts(record.uid):
        question = question_of(row.kind, row.field)
        text = _describe(session, row, question)
        at = row.resolved_at or row.at
        told.append(views.TimelineItem(at, _("Bentrok: {label}").format(label=label_of(row.field, question)), text))
    return sorted(told, key=lambda item: item.at, reverse=True)


def joined_story(session: Session, record: Record) -> list[views.TimelineItem]:
    """The quiet word to both whose edits of different fields were joined: nothing is to be done, newest first."""
    told = []
    for edit in reversed(session.store.queue.joined_edits(record.uid)):
        labels = ", ".join(label_of(name, question_of(record.kind, name)) for name in edit.fields)
        name = edit.name or (session.officer.name if edit.by_uid == session.officer.uid else _("petugas laptop ini"))
        words = _("Perubahan {name} ({labels}) digabung dengan perubahan petugas lain; semua isian tersimpan")
        told.append(views.TimelineItem(edit.at, _("Digabung"), words.format(name=name, labels=labels)))
    later = session.store.queue.edited_later_by(record.uid)
    if later is not None:
        words = _("Sesudah perubahan dari laptop ini, data juga diubah oleh {name}")
        words = words.format(name=later or _("petugas lain"))
        told.insert(0, views.TimelineItem(record.updated_at, _("Diubah petugas lain"), words))
    return told


def question_of(kind: RecordKind, field: str) -> Question | None:
    """The question behind a field, None for what no form of this program asks."""
    return next((question for question in form(kind).questions() if question.code == field), None)


def label_of(field: str, question: Question | None) -> str:
    """What a field is called."""
    if question is not None:
        return _(question.label)
    return _("Penghapusan data") if field == DELETED else field


def _describe(session: Session, row: ConflictRow, question: Question | None) -> str:
    def text(value: Any) -> str:
        return _in_words(session, question, row.field, value, whole=False)

    both = _("{kept} ({kept_by}) dan {other} ({other_by})").format(
        kept=text(row.kept), kept_by=row.kept_by or "–", other=text(row.other), other_by=row.other_by or "–"
    )
    if row.state == "open":
        return _("{both} – belum dipilih").format(both=both)
    return _("{both} – dipilih {chosen}").format(both=both, chosen=text(row.chosen))


def _record_view(session: Session, uid: str, rows: Sequence[ConflictRow]) -> ConflictedRecord | None:
    record = session.store.records.get(uid)
    if record is None:
        return None
    declared = form(record.kind)
    order = {question.code: at for at, question in enumerate(declared.questions())}
    names = sorted(dict.fromkeys(row.field for row in rows), key=lambda name: order.get(name, len(order)))
    asked = [name for name in names if not _is_fixed(declared, name)]
    village = village_of(session, record.answers)
    place = session.reference.regions.village(village) if village else None
    return ConflictedRecord(
        uid=uid,
        kind=record.kind,
        title=_title(record),
        village=place.name if place is not None else "",
        fields=tuple(
            _field_view(session, record, name, [row for row in rows if row.field == name]) for name in asked or names
        ),
        since=min(row.at for row in rows),
    )


def _title(record: Record) -> str:
    parts = (reference_name(record.answers.get(code)) for code in NAMING)
    return display_name(record.answers) or " · ".join(part for part in parts if part)


def _field_view(session: Session, record: Record, name: str, rows: Sequence[ConflictRow]) -> FieldConflict:
    question = question_of(record.kind, name)
    whole = session.officer.role != Role.PIMPINAN

    def version(value: Any, by: str, at: str) -> Version:
        text = _in_words(session, question, name, value, whole=whole)
        return Version(value, text, by, at, bool(by) and by == session.officer.name)

    newest = rows[-1]
    stands = _standing_value(record, name)
    known = stands == newest.kept
    kept_by, kept_at = (newest.kept_by, newest.kept_at) if known else ("", record.updated_at)
    different = _different(rows, session.officer.name)
    written = [(stands, kept_by, kept_at), *((row.other, row.other_by, row.other_at) for row in different)]
    return FieldConflict(
        field=name,
        label=label_of(name, question),
        question=question,
        base=_in_words(session, question, name, newest.base, whole=whole),
        server=version(*written[0]),
        others=tuple(version(*one) for one in written[1:]),
        needs_reason=_needs_reason(question),
        may_type=question is not None and question.kind not in NOT_TYPED and not question.fixed,
        refused=next((row.refused for row in reversed(rows) if row.refused), ""),
        both=both_notes(question, newest.base, written),
        apart=_why_apart(session, record, newest) if question is not None and newest.base == newest.kept else "",
        settles=may_settle(session.officer, record.kind, rows, session.today()),
    )


def _why_apart(session: Session, record: Record, row: ConflictRow) -> str:
    """What the form says against the other value beside the answers that stand; "" when it goes with them."""
    try:
        _judged(session, record, {row.field: row.other})
    except KubeFieldError as error:
        return error.details[0]["message"] if error.details else ""
    return ""


def _different(rows: Iterable[ConflictRow], name: str) -> list[ConflictRow]:
    """Each other value once, as the word of `name` where they wrote it too."""
    told: list[ConflictRow] = []
    for row in rows:
        at = next((at for at, earlier in enumerate(told) if earlier.other == row.other), len(told))
        if at == len(told) or row.other_by == name:
            told[at : at + 1] = [row]
    return told


def _in_words(session: Session, question: Question | None, field: str, value: Any, *, whole: bool) -> str:
    if field == DELETED:
        return _("Dihapus") if value else _("Tetap ada")
    if value is None or value == "":
        return _("(kosong)")
    if question is None:
        return str(value)
    if whole and question.kind in (Kind.NIK, Kind.KK):
        return group_nik(str(value))
    return answer_in_words(question, value, session.reference)


def _standing_value(record: Record, name: str) -> Any:
    """What stands in the record on this laptop, which is what the officer compares with."""
    if name == DELETED:
        return True if record.deleted else None
    return record.answers.get(name, record.extra.get(name))


def _sets(
    session: Session, stored: Record, choices: Mapping[str, Any], rows: Sequence[ConflictRow]
) -> dict[str, tuple[Any, Any]]:
    """(value that stands, chosen value) of each field, judged by the form; what the app derives follows its source."""
    declared = form(stored.kind)
    known = {question.code for question in declared.questions()}
    typed = {name: value for name, value in choices.items() if name in known}
    judged = _judged(session, stored, typed) if typed else {}
    chosen = {name: judged.get(name, value) for name, value in choices.items()}
    derived = {row.field for row in rows if _is_fixed(declared, row.field)} - set(choices)
    for name in {*derived, *(name for name in judged if name not in choices)}:
        chosen[name] = judged.get(name, stored.answers.get(name))
    return {name: (_standing_value(stored, name), value) for name, value in chosen.items()}


def _judged(session: Session, stored: Record, typed: Mapping[str, Any]) -> dict[str, Any]:
    """The chosen answers as they are stored, and what the app derives from them.

    Raises: KubeFieldError VALIDATION for an error in one of them, or that they make in another answer.
    """
    draft = _draft_with(session, stored, typed)
    evaluation = evaluate_draft(session, draft=draft)
    if evaluation.errors:
        before = {finding.key for finding in evaluate_draft(session, draft=_draft_with(session, stored, {})).errors}
        new = [one for one in evaluation.errors if one.question in typed or one.key not in before]
        refuse_choice(evaluation.form, new, typed)
    whole = filled(session, stored.kind, draft.answers, stored.answers)
    kept = finalised_answers(evaluation.form, whole, context_of(session, draft))
    derived = {code for code, value in whole.items() if draft.answers.get(code) != value}
    return {code: kept.get(code) for code in (*typed, *derived)}


def _draft_with(session: Session, stored: Record, typed: Mapping[str, Any]) -> Draft:
    draft = new_draft(session, kind=stored.kind, record_uid=stored.uid, prefill=typed)
    return replace(draft, form_version=stored.form_version)


def _with(session: Session, stored: Record, sets: Mapping[str, tuple[Any, Any]]) -> Record:
    values = {name: new for name, (_old, new) in sets.items()}
    deleted = bool(values.pop(DELETED, stored.deleted))
    extra = {**stored.extra, **{name: value for name, value in values.items() if name in stored.extra}}
    answers = {**stored.answers, **{name: value for name, value in values.items() if name not in stored.extra}}
    answers = {name: value for name, value in answers.items() if value is not None}
    moved = any(name in sets for name in ("village_code", "household_id", "group_id", "person_id"))
    return replace(
        stored,
        answers=answers,
        extra=extra,
        deleted=deleted,
        scope=scope_of(session, stored.kind, answers) if moved else stored.scope,
        updated_at=session.instant(),
        updated_by=session.officer.uid,
    )


def _is_fixed(declared: Form, name: str) -> bool:
    return any(question.code == name and question.fixed for question in declared.questions())


def _needs_reason(question: Question | None) -> bool:
    return question is None or question.kind in WEIGHTY


def _require_reason(kind: RecordKind, choices: Mapping[str, Any], reason: str) -> None:
    weighty = [label_of(name, question) for name in choices if _needs_reason(question := question_of(kind, name))]
    if weighty and len(reason.strip()) < MIN_REASON_LENGTH:
        finding = Finding("REASON_REQUIRED", Severity.GALAT, "reason", _("Tulis alasan singkat."))
        raise KubeFieldError(
            Failure.VALIDATION,
            _("Tulis alasan untuk {labels}.").format(labels=", ".join(weighty)),
            _("Uang dan identitas hanya diubah dengan alasan; alasan itu tersimpan bersama datanya."),
            details=[{"field": finding.question, "code": finding.code, "message": finding.message}],
        )


def _gone() -> KubeFieldError:
    return KubeFieldError(
        Failure.VALIDATION,
        _("Bentrok ini sudah diselesaikan, atau belum ada yang dipilih."),
        _("Muat ulang daftarnya, lalu pilih nilai untuk setiap isian yang ingin diselesaikan."),
    )
