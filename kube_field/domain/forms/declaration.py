"""The vocabulary in which a form is declared: kinds of question, choices, sections, findings, forms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum
from typing import Any, TypeAlias

from kube_field.domain.records import Answers, RecordKind


class Kind(StrEnum):
    """Kinds of question, and the JSON shape of their answer."""

    TEXT = "text"  # "…", one line
    LONG_TEXT = "long_text"  # "…", several lines
    INTEGER = "integer"  # 12
    DECIMAL = "decimal"  # "1.5": text, point, no exponent
    RUPIAH = "rupiah"  # 1250000: whole rupiah
    DATE = "date"  # "2026-11-23"
    TIME = "time"  # "10:30"
    YES_NO = "yes_no"  # true
    ONE_OF = "one_of"  # "kepala"
    MANY_OF = "many_of"  # ["pkh", "sembako"], in the order of the choices
    NIK = "nik"  # "6402124806689901"
    KK = "kk"  # "6402121204139801"
    PHONE = "phone"  # "+6281200000001"
    NAME = "name"  # "Melati Contoh"
    REGION = "region"  # "64.02.12.2002", a village
    PERSON = "person"  # {"uid": "…", "name": "…"}: a registered person
    REFERENCE = "reference"  # {"uid": "…", "name": "…"}: another record, of kind `refers_to`
    ROWS = "rows"  # [{"id": "…", column: answer}, …]; {"id", …, "struck": reason} for a row taken back
    COMPUTED = "computed"  # never stored; `compute` gives it
    PHOTO = "photo"  # [{"id", "sha256", "size", "mime", "photo_kind", "caption", "taken_at"}, …]
    SIGNATURE = "signature"  # {"name", "strokes": [[[x, y], …], …]} | {"name", "thumbprint": photo}
    LOCATION = (
        "location"  # {"latitude": "-0.123456", "longitude": "117.1", "accuracy_m": 12} | {"note": "tidak tersedia"}
    )
    LEVEL = "level"  # 0 to 4; choices carry the texts, their codes are "0" … "4"


class Required(IntEnum):
    """When an answer is needed: never, to finalise (R), or already in a draft (R*)."""

    NO = 0
    FINAL = 1
    DRAFT = 2


class Severity(IntEnum):
    """How a finding weighs: info is silent, a warning is confirmed with a reason, an error blocks finalising."""

    KETERANGAN = 0
    PERINGATAN = 1
    GALAT = 2


class Stage(IntEnum):
    """What the answers are judged for."""

    DRAFT = 0
    FINAL = 1


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a list; a retired choice is shown where it was chosen and offered nowhere."""

    code: str
    label: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says about an answer. `row` counts from 0 within a table; `column` is the question inside the row."""

    code: str
    severity: Severity
    question: str
    message: str
    row: int | None = None
    column: str = ""

    @property
    def key(self) -> str:
        """Name under which a warning's confirmation is stored."""
        place = self.question if self.row is None else f"{self.question}.{self.row}.{self.column}"
        return f"{place}:{self.code}"


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may know besides the answers; everything is passed in, nothing is looked up behind its back.

    `reference` answers for regions, ideas and poverty lines (`kube_field.reference.Reference`);
    `facts` holds what only this laptop knows: `existing_niks` {nik: name}, `area_codes`, `household`, `batch`,
    `previous` (answers of the last visit), `members`. A missing key means: not known, so the rule stays silent.
    """

    today: date
    stage: Stage = Stage.FINAL
    reference: Any = None
    facts: Mapping[str, Any] = field(default_factory=dict)


Predicate: TypeAlias = Callable[[Answers, Context], bool]
Check: TypeAlias = Callable[[Any, Answers, Context], Iterable[tuple[str, Severity, str]]]
"""(value, all answers, context) to (code, severity, message); inside a table `answers` is the row."""
Rule: TypeAlias = Callable[[Answers, Context], Iterable[Finding]]
Compute: TypeAlias = Callable[[Answers, Context], Any]


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the data propose for an answer; `words` (Indonesian) say from where. The officer decides."""

    value: Any
    words: str = ""


Propose: TypeAlias = Callable[[Answers, Context], Proposed | None]


Bring: TypeAlias = Callable[[Answers, Context], list[dict[str, Any]]]
"""Rows that follow from the other answers, with their ids and fixed columns; the officer answers in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question. `required_if` (r) and `applies_if` narrow when it counts; both see the answers and the context.

    `at_least`, `at_most`: bounds of a number, or counts of rows, choices, photos; `at_least` of a text is its shortest
    length. MANY_OF without choices is an open list of codes that its checks judge. `soft_limit`: AMT_UNUSUAL above it.
    `fixed`: filled in by the app and shown, not asked. `header`: kept as a typed column (searched, joined, listed).
    `waivable`: may be left out with a reason, stored as {"waived": reason}. `propose`: what the data say, live.
    `bring`: the rows of a table that the app brings, live.
    `wide`: the answer takes the whole width, under the label. `opens`: code of a section that is filled in on a page of
    its own, behind this question. `grid`: its rows are lines of one table with totals.
    """

    code: str
    label: str
    kind: Kind
    required: Required = Required.NO
    required_if: Predicate | None = None
    applies_if: Predicate | None = None
    help: str = ""
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    columns: tuple[Question, ...] = ()
    refers_to: RecordKind | None = None
    at_least: int | None = None
    at_most: int | None = None
    max_length: int | None = None
    soft_limit: int | None = None
    checks: tuple[Check, ...] = ()
    compute: Compute | None = None
    propose: Propose | None = None
    bring: Bring | None = None
    header: bool = False
    fixed: bool = False
    shows_previous: bool = False
    may_be_unknown: bool = False
    waivable: bool = False
    wide: bool = False
    opens: str = ""
    grid: bool = False

    def choice_label(self, code: object) -> str:
        """Label of a choice, retired ones included; the code itself when it is not known here."""
        return next((choice.label for choice in self.choices if choice.code == str(code)), str(code))


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A page of a form: `code` is the part's letter or number in the handbook.

    `sentences`: its questions are whole sentences, each of them wants room beside its answer.
    """

    code: str
    title: str
    questions: tuple[Question, ...]
    help: str = ""
    sentences: bool = False
    applies_if: Predicate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form of one kind of record in one version; `rules` judge across questions."""

    kind: RecordKind
    version: str
    title: str
    sections: tuple[Section, ...]
    rules: tuple[Rule, ...] = ()

    def questions(self) -> Iterator[Question]:
        """Every question in the order of the form, columns of tables not included."""
        for section in self.sections:
            yield from section.questions

    def question(self, code: str) -> Question:
        """The question with this code.

        Raises: KeyError.
        """
        for question in self.questions():
            if question.code == code:
                return question
        raise KeyError(code)

    def opened_from(self) -> dict[str, Question]:
        """Sections that are filled in on a page of their own, each with the question behind which it lies."""
        return {question.opens: question for question in self.questions() if question.opens}

    def section_of(self, code: str) -> Section:
        """The section that asks this question.

        Raises: KeyError.
        """
        for section in self.sections:
            if any(question.code == code for question in section.questions):
                return section
        raise KeyError(code)


def choices(*pairs: tuple[str, str]) -> tuple[Choice, ...]:
    """Choices from (code, label) pairs."""
    return tuple(Choice(code, label) for code, label in pairs)
