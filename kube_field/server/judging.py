"""Judges one arrived change without any database: is it well formed, and do its answers stand by its own form version?

The server rejects broken structure, unknown kinds and Galat; warnings never.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from gettext import gettext as _
from typing import Any

import msgspec

from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.declaration import Context, Finding, Form, Stage
from kube_field.domain.forms.evaluation import evaluate
from kube_field.domain.merge import DELETED
from kube_field.domain.records import EDITABLE_KINDS, FACT_ROWS, NEVER_REVISED, RecordKind
from kube_field.errors import BugError
from kube_field.reference import Reference
from kube_field.server.policy import is_scope
from kube_field.wire.canonical import hash_of_change
from kube_field.wire.changes import from_wire
from kube_field.wire.codec import UNREADABLE, depth_within
from kube_field.wire.fact_shape import FIELDS, misshapen, numbers_fit
from kube_field.wire.messages import MAX_CHANGE_BYTES, FieldError, WireChange

WITA = timezone(timedelta(hours=8), "WITA")
CLOCK_TOLERANCE = timedelta(minutes=10)
"""A laptop's clock may be off so far before anybody tells its officer."""
ID = re.compile(r"[0-9A-Za-z:._-]{1,80}")
RECORD_ID = re.compile(r"[0-9A-Za-z._-]{1,80}")
"""A record's own id: without the colon that the server's words have in theirs."""
DATED_BY_CLOCK = frozenset({RecordKind.VALUE_HISTORY, RecordKind.CONSENT, RecordKind.REVIEW, RecordKind.MERGE_DECISION})
"""Facts that the laptop's program dates by itself."""
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
SHA256 = re.compile(r"[0-9a-f]{64}")
FACT_TEXTS = (
    "form_version",
    "subject_uid",
    "occurred_on",
    "author_uid",
    "author_name",
    "finalised_at",
    "document_id",
    "supersedes",
    "number",
)
FACT_KEYS = frozenset(FIELDS)
"""What this version of the server knows of a fact's body; other keys are kept as they came."""


class BadChangeError(Exception):
    """A change that is rejected; `errors` say which field and why."""

    def __init__(self, *errors: FieldError) -> None:
        super().__init__(", ".join(error.code for error in errors))
        self.errors = errors


class QuarantinedError(Exception):
    """Stored and listed, but somebody has to look at it before it counts."""

    def __init__(self, field: str, code: str, message: str) -> None:
        super().__init__(code)
        self.error = FieldError(field=field, code=code, message=message)


class UnknownFormError(Exception):
    """A change that names a form version of a newer program."""


class _Named(msgspec.Struct):
    """Whatever has an id; the rest is passed over."""

    id: str


@dataclass(frozen=True, slots=True)
class Judge:
    """What judging needs besides the change: the reference data and the day on which it arrived."""

    reference: Reference
    today: date

    @classmethod
    def at(cls, reference: Reference, now: datetime) -> Judge:
        """Who judges now: shortly before midnight it is the next day on a laptop whose clock nobody calls wrong."""
        return cls(reference, (now + CLOCK_TOLERANCE).astimezone(WITA).date())

    def day_of(self, change: WireChange) -> date:
        """The day by which dates are judged: the change's own, but never later than the server's.

        A day that nobody typed may be as late as the laptop's clock was: a wrong clock refuses nothing.
        """
        captured = captured_day(change.at) or self.today
        return captured if change.kind in DATED_BY_CLOCK else min(self.today, captured)


def read_change(raw: bytes) -> WireChange:
    """A change out of its bytes. Raises: BadChangeError."""
    if len(raw) > MAX_CHANGE_BYTES:
        raise BadChangeError(
            FieldError(field="change", code="TOO_LARGE", message=_("Isi data ini terlalu besar; pendekkan isiannya."))
        )
    try:
        change = msgspec.json.decode(raw, type=WireChange)
    except UNREADABLE as error:
        raise broken("change") from error
    _check_structure(change)
    return change


def id_of(raw: bytes) -> str:
    """The id of a change that may be unreadable otherwise; "" without one."""
    try:
        name = msgspec.json.decode(raw, type=_Named).id
    except UNREADABLE:
        return ""
    return name if ID.fullmatch(name) else ""


def check_fact(change: WireChange, judge: Judge) -> None:
    """Judge a fact by the form version that it names. Raises: BadChangeError, UnknownFormError."""
    declared = _form(change)
    body = {name: new for name, (_old, new) in change.set.items()}
    if wrong := misshapen(body):
        raise BadChangeError(*(_structure(name) for name in wrong))
    if change.kind in NEVER_REVISED and body.get("revision", 1) != 1:
        message = _("Dokumen jenis ini tidak diubah setelah difinalkan; buat dokumen perubahan.")
        raise BadChangeError(FieldError(field="revision", code="NEVER_REVISED", message=message))
    if declared is not None:
        refuse(_findings(declared, body["answers"], change, judge))


def check_record(change: WireChange, answers: Mapping[str, Any], judge: Judge) -> None:
    """Judge an editable record with these answers. Raises: BadChangeError, UnknownFormError."""
    refuse(errors_of_record(change, answers, judge))


def errors_of_record(change: WireChange, answers: Mapping[str, Any], judge: Judge) -> list[Finding]:
    """What is wrong in an editable record with these answers, by the form of a change. Raises: UnknownFormError."""
    declared = _form(change)
    _seen, deletes = change.set.get(DELETED, (None, None))
    if declared is None or deletes:
        return []
    elsewhere = FACT_ROWS.get(RecordKind(change.kind), {})
    return [finding for finding in _findings(declared, answers, change, judge) if finding.question not in elsewhere]


def known_fields(change: WireChange) -> frozenset[str]:
    """Field names of the change's kind that this server knows; the others go to `extra`."""
    if RecordKind(change.kind) not in EDITABLE_KINDS:
        return FACT_KEYS
    declared = _form(change)
    names = [] if declared is None else [question.code for question in declared.questions()]
    return frozenset({*names, "form_version", DELETED})


def photos_in(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every photo named anywhere inside a value."""
    if isinstance(value, dict):
        if SHA256.fullmatch(str(value.get("sha256", ""))) and storable(str(value.get("mime", ""))):
            yield value
        for item in value.values():
            yield from photos_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from photos_in(item)


def decided_about(change: WireChange) -> list[str]:
    """The two records that a decision about possible doubles names; nothing for any other change."""
    if change.kind != RecordKind.MERGE_DECISION:
        return []
    _old, answers = change.set.get("answers", (None, {}))
    named = [answers.get("kept"), answers.get("merged")] if isinstance(answers, dict) else []
    return [uid for uid in named if isinstance(uid, str) and uid]


def parents_of(change: WireChange) -> list[str]:
    """Record ids that have to be there before this change is taken in."""
    _old, subject = change.set.get("subject_uid", (None, ""))
    is_fact = RecordKind(change.kind) not in EDITABLE_KINDS
    named = [*change.deps, subject, *decided_about(change)] if is_fact else list(change.deps)
    return list(dict.fromkeys(uid for uid in named if isinstance(uid, str) and uid and uid != change.uid))


def storable(text: str) -> bool:
    """True for text that every database takes as a column: no NUL, no half characters."""
    return UNSTORABLE.search(text) is None


def captured_day(at: str) -> date | None:
    """The WITA day of an instant written by a laptop; None when it cannot be read or is before this program."""
    try:
        moment = datetime.fromisoformat(at)
        day = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(WITA).date()
    except (ValueError, OverflowError):  # no instant, or one beyond the calendar
        return None
    return day if day.year >= 2024 else None


def broken(field: str) -> BadChangeError:
    """The rejection of something that is not shaped as the protocol says."""
    return BadChangeError(_structure(field))


def _structure(field: str) -> FieldError:
    return FieldError(field=field, code="STRUCTURE", message=_("Bentuk data tidak dikenal server."))


def _check_structure(change: WireChange) -> None:
    if not ID.fullmatch(change.id) or not RECORD_ID.fullmatch(change.uid):
        raise broken("id")
    if change.kind not in {kind.value for kind in RecordKind}:
        raise BadChangeError(
            FieldError(field="kind", code="UNKNOWN_KIND", message=_("Jenis data ini belum dikenal server."))
        )
    if not is_scope(change.scope):
        raise broken("scope")
    if change.kind in EDITABLE_KINDS and not numbers_fit(change.base):
        raise broken("base")
    if not change.set or not depth_within(change.set):
        raise broken("set")
    _check_numbers(change)
    _check_texts(change)
    _check_hash(change)


def _check_texts(change: WireChange) -> None:
    """Ids that are looked up are ids; whatever becomes a column is text that every database takes."""
    if not all(RECORD_ID.fullmatch(uid) for uid in parents_of(change)):
        raise broken("deps")
    if not all(ID.fullmatch(uid) for uid in change.resolves):
        raise broken("resolves")
    texts = {"by": change.by, "at": change.at, "reason": change.reason, "form": change.form, "sha256": change.sha256}
    if change.kind not in EDITABLE_KINDS:
        texts |= {name: change.set[name][1] for name in FACT_TEXTS if name in change.set}
    for name, text in texts.items():
        if isinstance(text, str) and not storable(text):
            raise broken(name)


def _check_hash(change: WireChange) -> None:
    try:
        matches = hash_of_change(from_wire(change)) == change.sha256
    except (BugError, UnicodeError) as error:
        raise broken("set") from error
    if not matches:
        raise BadChangeError(
            FieldError(field="sha256", code="HASH_MISMATCH", message=_("Isi data berubah di jalan; simpan ulang."))
        )


def _check_numbers(change: WireChange) -> None:
    """No laptop could store a number that is longer than a database takes; an old value may be one."""
    message = _("Angka ini terlalu besar.")
    errors = [FieldError(field=name, code="NUMBER_TOO_LARGE", message=message) for name in _too_large(change)]
    if errors:
        raise BadChangeError(*errors)


def _too_large(change: WireChange) -> Iterator[str]:
    for name, (_old, new) in change.set.items():
        inner = new if name == "answers" and isinstance(new, dict) else {name: new}
        yield from (one for one, value in inner.items() if not numbers_fit(value))


def _form(change: WireChange) -> Form | None:
    """The form that the change names; None for kinds without one. Raises: UnknownFormError."""
    kind = RecordKind(change.kind)
    try:
        form(kind)
    except KeyError:
        return None
    try:
        return form(kind, change.form)
    except KeyError as error:
        raise UnknownFormError from error


def _findings(declared: Form, answers: Mapping[str, Any], change: WireChange, judge: Judge) -> Sequence[Finding]:
    context = Context(today=judge.day_of(change), stage=Stage.FINAL, reference=judge.reference)
    return evaluate(declared, answers, context).errors


def refuse(findings: Iterable[Finding]) -> None:
    """Reject a change for these errors, if there are any. Raises: BadChangeError."""
    errors = [
        FieldError(field=item.question, code=item.code, message=item.message, row=item.row, column=item.column)
        for item in findings
    ]
    if errors:
        raise BadChangeError(*errors)
