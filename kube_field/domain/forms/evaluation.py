"""What a declaration says about answers: which questions apply, what is wrong, what is computed, how complete it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from gettext import gettext as _
from typing import Any, TypeGuard

from kube_field.domain.forms.declaration import (
    Context,
    Finding,
    Form,
    Kind,
    Proposed,
    Question,
    Required,
    Section,
    Severity,
    Stage,
)
from kube_field.domain.forms.kinds import check_value
from kube_field.domain.records import SPECIAL_ANSWERS, Answers

MIN_REASON_LENGTH = 3
REQUIRED_CODES = {
    Kind.NIK: "NIK_REQUIRED",
    Kind.KK: "KK_REQUIRED",
    Kind.RUPIAH: "AMT_REQUIRED",
    Kind.DATE: "DATE_REQUIRED",
    Kind.NAME: "NAME_REQUIRED",
}
"""Codes of handbook section 3 for an empty answer; every other kind says REQUIRED."""
MISSING_CODES = frozenset(REQUIRED_CODES.values()) | {"REQUIRED", "TOO_FEW"}


class SectionState(StrEnum):
    """How far a section is."""

    EMPTY = "empty"
    PARTIAL = "partial"
    WRONG = "wrong"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything that a form says about one set of answers, at one moment."""

    form: Form
    answers: Answers
    applicable: frozenset[str]
    findings: tuple[Finding, ...]
    computed: Mapping[str, Any]
    needed: frozenset[str]
    proposed: Mapping[str, Proposed] = field(default_factory=dict)
    brought: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)

    def of_severity(self, severity: Severity) -> tuple[Finding, ...]:
        """Findings of one severity, in the order of the form."""
        return tuple(finding for finding in self.findings if finding.severity == severity)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What blocks finalising."""
        return self.of_severity(Severity.GALAT)

    def unconfirmed(self, confirmed: Mapping[str, str]) -> tuple[Finding, ...]:
        """Warnings for which no reason was given yet."""
        return tuple(
            finding
            for finding in self.of_severity(Severity.PERINGATAN)
            if len(confirmed.get(finding.key, "").strip()) < MIN_REASON_LENGTH
        )

    def of_question(self, code: str) -> tuple[Finding, ...]:
        """Findings that belong under one question."""
        return tuple(finding for finding in self.findings if finding.question == code)

    @property
    def missing(self) -> tuple[Finding, ...]:
        """Errors that only say that something is not filled in yet."""
        return tuple(finding for finding in self.errors if finding.code in MISSING_CODES)

    @property
    def percent(self) -> int:
        """Share of the needed questions that are answered, 0 to 100, rounded down; blanks inside rows count too."""
        in_rows = sum(1 for finding in self.missing if finding.row is not None)
        asked = len(self.needed) + in_rows
        answered = sum(1 for code in self.needed if not is_blank(self.answers.get(code)))
        return answered * 100 // asked if asked else 100

    def state(self, section: Section) -> SectionState:
        """State of one section for the list at the left of a form; what is wrong behind its doors counts too."""
        codes = {question.code for question in section.questions} & self.applicable
        doors = {question.opens for question in section.questions}
        behind = {q.code for one in self.form.sections if one.code in doors for q in one.questions}
        wrong = [finding for finding in self.errors if finding.question in codes | behind]
        if any(finding.code not in MISSING_CODES for finding in wrong):
            return SectionState.WRONG
        asked = [q.code for q in section.questions if q.code in codes and not q.fixed and q.kind != Kind.COMPUTED]
        answered = [code for code in asked if not is_blank(self.answers.get(code))]
        if not answered and (wrong or asked):
            return SectionState.EMPTY
        return SectionState.PARTIAL if wrong else SectionState.COMPLETE


def is_blank(value: object) -> bool:
    """True for "not asked yet". Zero and "tidak" are answers."""
    return value is None or (isinstance(value, str | list | dict) and not value)


def is_waived(value: object) -> TypeGuard[Mapping[str, Any]]:
    """True for an answer left out with a reason."""
    return isinstance(value, Mapping) and "waived" in value


def live_rows(rows: object) -> list[tuple[int, Mapping[str, Any]]]:
    """Rows of a table that still count, with their place; rows taken back keep theirs."""
    if not isinstance(rows, list):
        return []
    return [(at, row) for at, row in enumerate(rows) if isinstance(row, Mapping) and "struck" not in row]


def answered_in(brought: Sequence[Mapping[str, Any]], answer: object) -> list[dict[str, Any]]:
    """The rows that the app brings, each with what was answered in it before."""
    present = {row.get("id"): row for _at, row in live_rows(answer)}
    return [{**present.get(row["id"], {}), **row} for row in brought]


def applies(form: Form, section: Section, question: Question, answers: Answers, context: Context) -> bool:
    """True when the question is asked for these answers."""
    if section.applies_if is not None and not section.applies_if(answers, context):
        return False
    return question.applies_if is None or question.applies_if(answers, context)


def is_needed(question: Question, answers: Answers, context: Context) -> bool:
    """True when an answer is required at the context's stage."""
    if context.stage == Stage.DRAFT:
        return question.required == Required.DRAFT
    if question.required_if is not None:
        return question.required_if(answers, context)
    return question.required > Required.NO


def evaluate(form: Form, answers: Answers, context: Context) -> Evaluation:
    """Judge answers by a form; what does not apply is neither judged nor seen by the rules across questions."""
    asked = [
        question
        for section in form.sections
        for question in section.questions
        if applies(form, section, question, answers, context)
    ]
    applicable = frozenset(question.code for question in asked)
    counted = {code: value for code, value in answers.items() if code in applicable}
    computed = {q.code: q.compute(counted, context) for q in asked if q.compute is not None}
    findings: list[Finding] = []
    for question in asked:
        if question.kind != Kind.COMPUTED:
            findings.extend(judge_question(question, counted, context))
    for rule in form.rules:
        findings.extend(finding for finding in rule(counted, context) if finding.question in applicable)
    needed = frozenset(q.code for q in asked if q.kind != Kind.COMPUTED and is_needed(q, counted, context))
    if len(findings) > 1:
        order = {question.code: at for at, question in enumerate(form.questions())}
        findings.sort(key=lambda finding: (order[finding.question], finding.row or 0))
    proposed = {q.code: found for q in asked if q.propose is not None and (found := q.propose(counted, context))}
    brought = {q.code: q.bring(counted, context) for q in asked if q.bring is not None}
    return Evaluation(form, answers, applicable, tuple(findings), computed, needed, proposed, brought)


def finalised_answers(form: Form, answers: Answers, context: Context) -> dict[str, Any]:
    """The answers that are frozen: only questions that apply, nothing computed, nothing blank."""
    kept: dict[str, Any] = {}
    for section in form.sections:
        for question in section.questions:
            value = answers.get(question.code)
            if question.kind == Kind.COMPUTED or is_blank(value):
                continue
            if applies(form, section, question, answers, context):
                kept[question.code] = value
    return kept


def judge_question(question: Question, answers: Answers, context: Context) -> Iterator[Finding]:
    """Findings of one question, its table's rows included."""
    value = answers.get(question.code)
    if is_blank(value):
        if is_needed(question, answers, context):
            yield _missing(question)
        return
    if is_waived(value):
        yield from _judge_waived(question, value)
        return
    if value in SPECIAL_ANSWERS and question.may_be_unknown:
        return
    for code, severity, message in _judge_value(question, value, answers, context):
        yield Finding(code, severity, question.code, message)
    if question.kind == Kind.ROWS:
        for at, row in live_rows(value):
            yield from _judge_row(question, at, row, context)


def _judge_value(
    question: Question, value: Any, answers: Answers, context: Context
) -> Iterable[tuple[str, Severity, str]]:
    """The kind's own rules first; the question's rules only for a value of the right shape."""
    own = list(check_value(question, value, context))
    yield from own
    if any(severity == Severity.GALAT for _code, severity, _message in own):
        return
    for check in question.checks:
        yield from check(value, answers, context)


def _judge_row(table: Question, at: int, row: Mapping[str, Any], context: Context) -> Iterator[Finding]:
    for column in table.columns:
        if column.applies_if is not None and not column.applies_if(row, context):
            continue
        for finding in judge_question(column, row, context):
            yield Finding(finding.code, finding.severity, table.code, finding.message, at, column.code)


def _judge_waived(question: Question, value: Mapping[str, Any]) -> Iterator[Finding]:
    if not question.waivable:
        yield Finding("NOT_WAIVABLE", Severity.GALAT, question.code, _("Isian ini tidak dapat dilewati."))
    elif len(str(value["waived"]).strip()) < MIN_REASON_LENGTH:
        yield Finding("WAIVE_REASON", Severity.GALAT, question.code, _("Tulis alasan singkat mengapa dilewati."))


def _missing(question: Question) -> Finding:
    code = REQUIRED_CODES.get(question.kind, "REQUIRED")
    return Finding(code, Severity.GALAT, question.code, _("{label} wajib diisi.").format(label=_(question.label)))
