"""The columns that one question has in a sheet: its answer, and beside it what words alone would lose."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from gettext import gettext as _
from typing import Any, TypeAlias

from kube_field.domain.forms.declaration import Context, Kind, Question
from kube_field.domain.forms.evaluation import live_rows
from kube_field.domain.records import Answers, RecordKind
from kube_field.exchange.cells import SHAPES, Cell, Known, Shape, answer_cell, decimal_cell, labels_of, plain_cell

VALUE_COLUMNS = ("old_value", "new_value")
IDENTITY_FIELDS = ("nik", "kk_number")
"""In the history of a value: fields whose values are identity numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One record with what is told besides its answers; `more` are cells by code of `SheetColumn`.

    `title` names it, `about` what a small fact is about.
    """

    uid: str
    kind: RecordKind
    form_version: str
    answers: Answers
    title: str = ""
    about: str = ""
    about_uid: str = ""
    number: str = ""
    revision: int = 1
    status: str = ""
    officer: str = ""
    day: str = ""
    kabupaten: str = ""
    kecamatan: str = ""
    more: Mapping[str, Cell] = field(default_factory=dict)
    context: Context | None = None
    """For the figures that a document shows and never stores."""


Read: TypeAlias = Callable[[Told, Mapping[str, Any], Known], Cell]
"""(record, answers of the record or of one row of a table, what is known) to the cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetColumn:
    """One column. `code` is the question's, or a name of our own; `words` say what it is where no question does."""

    code: str
    heading: str
    read: Read
    shape: Shape = Shape.WORDS
    question: Question | None = None
    versions: tuple[str, ...] = ()
    words: str = ""


def own_column(code: str, heading: str, read: Read, shape: Shape = Shape.WORDS, words: str = "") -> SheetColumn:
    """A column that is no question of a form."""
    return SheetColumn(code=code, heading=heading, read=read, shape=shape, words=words)


def answer_columns(question: Question, versions: tuple[str, ...]) -> Iterator[SheetColumn]:
    """The columns of one question: its answer, and beside it what an answer in words alone would lose."""
    heading, code = _(question.label), question.code
    if question.kind == Kind.COMPUTED:
        if question.unit:
            yield _column(code, heading, _computed(question), _computed_shape(question), question, versions)
        return
    if question.kind == Kind.LOCATION:
        yield from _place_columns(question, versions)
        return
    if question.kind == Kind.ROWS:
        words = _("Jumlah baris; isinya pada lembar sendiri")
        yield _column(code, heading, _row_count(code), Shape.WHOLE, question, versions, words)
        return
    yield _column(code, heading, _answer(question), SHAPES.get(question.kind, Shape.WORDS), question, versions)
    if question.kind == Kind.REGION:
        words = _("Kode Kemendagri")
        yield _column(f"{code}.code", _("{label} (kode)").format(label=heading), _text(code), words=words)
    if question.kind in (Kind.PERSON, Kind.REFERENCE):
        yield from _reference_columns(question, versions)


def _reference_columns(question: Question, versions: tuple[str, ...]) -> Iterator[SheetColumn]:
    heading, code = _(question.label), question.code
    if is_person(question):
        words = _("NIK orang yang dipilih")
        nik = _("{label} (NIK)").format(label=heading)
        yield _column(f"{code}.nik", nik, _nik(code), Shape.NUMBER_AS_TEXT, None, versions, words)
    words = _("Tanda tetap data yang dipilih")
    yield _column(f"{code}.uid", _("{label} (ID)").format(label=heading), _part(code, "uid"), words=words)


def is_person(question: Question) -> bool:
    """True when the answer names a registered person."""
    return question.kind == Kind.PERSON or question.refers_to == RecordKind.PERSON


def _place_columns(question: Question, versions: tuple[str, ...]) -> Iterator[SheetColumn]:
    parts = (
        ("latitude", _("{label} (lintang)"), Shape.DECIMAL),
        ("longitude", _("{label} (bujur)"), Shape.DECIMAL),
        ("accuracy_m", _("{label} (ketelitian, m)"), Shape.WHOLE),
        ("note", _("{label} (keterangan)"), Shape.WORDS),
    )
    for part, words, shape in parts:
        heading, code = words.format(label=_(question.label)), f"{question.code}.{part}"
        yield _column(code, heading, _place(question, part), shape, question, versions)


def _column(
    code: str,
    heading: str,
    read: Read,
    shape: Shape = Shape.WORDS,
    question: Question | None = None,
    versions: tuple[str, ...] = (),
    words: str = "",
) -> SheetColumn:
    return SheetColumn(
        code=code, heading=heading, read=read, shape=shape, question=question, versions=versions, words=words
    )


def _answer(question: Question) -> Read:
    labels = labels_of(question)

    def read(told: Told, row: Mapping[str, Any], known: Known) -> Cell:
        value = row.get(question.code)
        if question.code in VALUE_COLUMNS and is_past_identity(told):
            return answer_cell(_AS_NIK, value, known)
        return answer_cell(question, value, known, labels)

    return read


_AS_NIK = Question(code="", label="", kind=Kind.NIK)


def is_past_identity(told: Told) -> bool:
    """True for the history of a NIK or KK number: its values are numbers that few may have."""
    return told.kind == RecordKind.VALUE_HISTORY and told.answers.get("field") in IDENTITY_FIELDS


def _computed(question: Question) -> Read:
    def read(told: Told, _row: Mapping[str, Any], _known: Known) -> Cell:
        if told.context is None or question.compute is None:
            return None
        value = question.compute(told.answers, told.context)
        return None if value is None else plain_cell(value)

    return read


def _computed_shape(question: Question) -> Shape:
    return Shape.MONEY if question.unit == "Rp" else Shape.WHOLE


def _row_count(code: str) -> Read:
    return lambda _told, row, _known: len(live_rows(row.get(code))) or None


def _text(code: str) -> Read:
    return lambda _told, row, _known: str(row.get(code) or "") or None


def _part(code: str, part: str) -> Read:
    def read(_told: Told, row: Mapping[str, Any], _known: Known) -> Cell:
        value = row.get(code)
        return str(value.get(part) or "") or None if isinstance(value, Mapping) else None

    return read


def _nik(code: str) -> Read:
    uid = _part(code, "uid")
    return lambda told, row, known: known.niks.get(str(uid(told, row, known)))


def _place(question: Question, part: str) -> Read:
    def read(_told: Told, row: Mapping[str, Any], known: Known) -> Cell:
        value = row.get(question.code)
        if isinstance(value, Mapping) and "waived" not in value:
            found = value.get(part)
            return None if found in (None, "") else _place_cell(part, found)
        return answer_cell(question, value, known) if part == "note" else None

    return read


def _place_cell(part: str, value: Any) -> Cell:
    return decimal_cell(value) if part in ("latitude", "longitude") else plain_cell(value)
