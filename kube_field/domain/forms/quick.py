"""Has a set of answers any Galat? The same word as `evaluation.evaluate`, for thousands of sets one after the other.

What is asked of each question is derived once; a plain answer that is surely right then costs one look. Everything else
is judged by the very functions that the form on the screen uses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from kube_field.domain.forms.declaration import Context, Form, Kind, Predicate, Question, Section, Severity
from kube_field.domain.forms.evaluation import judge_question
from kube_field.domain.forms.kinds import (
    CONTROL,
    DECIMAL,
    MAX_AMOUNT_IDR,
    MAX_WHOLE,
    text_limit,
)
from kube_field.domain.records import Answers

SurelyRight: TypeAlias = Callable[[Any], bool]
"""True when an answer has no Galat whatever else is answered; False says nothing."""


@dataclass(frozen=True, slots=True)
class _Asked:
    question: Question
    conditions: tuple[Predicate, ...]
    surely_right: SurelyRight


class QuickForm:
    """A form whose checks were derived once."""

    def __init__(self, form: Form) -> None:
        self._rules = form.rules
        self._asked = [_asked(section, question) for section in form.sections for question in section.questions]
        self._depends = any(one.conditions for one in self._asked)
        self._looks = [(one.question.code, one.surely_right) for one in self._asked]

    def has_errors(self, answers: Answers, context: Context) -> bool:
        """True when the form refuses these answers."""
        if not self._depends and not self._rules and all(right(answers.get(code)) for code, right in self._looks):
            return False
        asked = self._asked
        if self._depends:
            asked = [one for one in asked if all(condition(answers, context) for condition in one.conditions)]
        applicable = {one.question.code for one in asked}
        counted: Answers = {code: value for code, value in answers.items() if code in applicable}
        for one in asked:
            if not one.surely_right(counted.get(one.question.code)) and _refused(one.question, counted, context):
                return True
        return any(
            finding.severity == Severity.GALAT and finding.question in applicable
            for rule in self._rules
            for finding in rule(counted, context)
        )


def surely_right(question: Question) -> SurelyRight:
    """The quick look at an answer of this question; one that is never sure where the declaration asks for more."""
    made = _QUICK.get(question.kind)
    return _never if made is None or question.checks else made(question)


def _asked(section: Section, question: Question) -> _Asked:
    conditions = tuple(one for one in (section.applies_if, question.applies_if) if one is not None)
    return _Asked(question, conditions, surely_right(question))


def _refused(question: Question, answers: Answers, context: Context) -> bool:
    if question.kind == Kind.COMPUTED:
        return False
    return any(finding.severity == Severity.GALAT for finding in judge_question(question, answers, context))


def _never(_value: Any) -> bool:
    return False


def _text(question: Question) -> SurelyRight:
    longest, controls = text_limit(question), CONTROL.search
    if question.at_least:
        return _never
    return lambda value: (
        type(value) is str and 0 < len(value) <= longest and not controls(value) and bool(value.strip())
    )


def _whole(question: Question) -> SurelyRight:
    low, high = (0, MAX_AMOUNT_IDR) if question.kind == Kind.RUPIAH else (-MAX_WHOLE, MAX_WHOLE)
    least = low if question.at_least is None else max(low, question.at_least)
    most = high if question.at_most is None else min(high, question.at_most)
    return lambda value: type(value) is int and least <= value <= most


def _decimal(question: Question) -> SurelyRight:
    if question.at_least is not None or question.at_most is not None:
        return _never
    return lambda value: type(value) is str and DECIMAL.fullmatch(value) is not None


def _one_of(question: Question) -> SurelyRight:
    offered = frozenset(choice.code for choice in question.choices if choice.code)
    return lambda value: type(value) is str and value in offered


def _yes_no(_question: Question) -> SurelyRight:
    return lambda value: type(value) is bool


_QUICK: Mapping[Kind, Callable[[Question], SurelyRight]] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.INTEGER: _whole,
    Kind.RUPIAH: _whole,
    Kind.DECIMAL: _decimal,
    Kind.ONE_OF: _one_of,
    Kind.YES_NO: _yes_no,
}
