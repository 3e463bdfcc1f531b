"""Careful looks at answers, for rules: whatever JSON stands there, the reader gives a value of its type or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from kube_field.domain.forms.declaration import Context, Finding, Predicate, Severity
from kube_field.domain.records import Answers

ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def whole(answers: Mapping[str, Any], code: str) -> int | None:
    """An integer answer; None when blank, unknown, refused or misshapen."""
    value = answers.get(code)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def total(answers: Mapping[str, Any], codes: Iterable[str]) -> int | None:
    """Sum of the integer answers among the codes; None when none of them is one."""
    found = [amount for code in codes if (amount := whole(answers, code)) is not None]
    return sum(found) if found else None


def full_total(answers: Mapping[str, Any], codes: Iterable[str]) -> int | None:
    """Sum of integer answers; None when any of them is missing, unknown or refused."""
    found = [whole(answers, code) for code in codes]
    return None if None in found else sum(amount for amount in found if amount is not None)


def text(answers: Mapping[str, Any], code: str) -> str:
    """A text answer; empty when there is none."""
    value = answers.get(code)
    return value if isinstance(value, str) else ""


def day(answers: Mapping[str, Any], code: str) -> date | None:
    """A date answer; None when there is none that can be read."""
    return read_day(answers.get(code))


def read_day(value: Any) -> date | None:
    """The day that an ISO text names, `YYYY-MM-DD` alone; None for anything else."""
    if not isinstance(value, str) or not ISO_DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def picked(answers: Mapping[str, Any], code: str) -> tuple[str, ...]:
    """The codes chosen in a question with many choices."""
    value = answers.get(code)
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def rows(answers: Mapping[str, Any], code: str) -> list[tuple[int, Mapping[str, Any]]]:
    """Rows of a table that still count, each with its place; rows taken back are left out."""
    value = answers.get(code)
    if not isinstance(value, list):
        return []
    return [(at, row) for at, row in enumerate(value) if isinstance(row, Mapping) and "struck" not in row]


def uid(answers: Mapping[str, Any], code: str) -> str:
    """The uid of a reference; empty when there is none."""
    value = answers.get(code)
    return text(value, "uid") if isinstance(value, Mapping) else ""


def fact(context: Context, name: str) -> Mapping[str, Any]:
    """A mapping among the context's facts; empty when it is not known."""
    value = context.facts.get(name)
    return value if isinstance(value, Mapping) else {}


def facts_list(context: Context, name: str) -> list[Mapping[str, Any]] | None:
    """A list of mappings among the context's facts; None when it is not known."""
    value = context.facts.get(name)
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list | tuple) else None


def known_texts(context: Context, name: str) -> tuple[str, ...] | None:
    """The texts of a list among the context's facts; None when it is not known."""
    value = context.facts.get(name)
    if not isinstance(value, list | tuple | set | frozenset):
        return None
    return tuple(item for item in value if isinstance(item, str) and item)


def answered(code: str, *values: Any) -> Predicate:
    """True when the answer is one of the values."""
    return lambda answers, _context: any(answers.get(code) == value for value in values)


def not_answered(code: str, *values: Any) -> Predicate:
    """True when the answer is none of the values; a blank counts as none."""
    return lambda answers, _context: all(answers.get(code) != value for value in values)


def every(*predicates: Predicate) -> Predicate:
    """True when all of the conditions hold."""
    return lambda answers, context: all(predicate(answers, context) for predicate in predicates)


def galat(code: str, question: str, message: str, row: int | None = None, column: str = "") -> Finding:
    """An error: it blocks finalising."""
    return Finding(code, Severity.GALAT, question, message, row, column)


def peringatan(code: str, question: str, message: str, row: int | None = None, column: str = "") -> Finding:
    """A warning: the officer confirms it with a reason."""
    return Finding(code, Severity.PERINGATAN, question, message, row, column)


def keterangan(code: str, question: str, message: str, row: int | None = None, column: str = "") -> Finding:
    """An info: shown, never asked about."""
    return Finding(code, Severity.KETERANGAN, question, message, row, column)


def is_group(answers: Answers, _context: Context) -> bool:
    """True when the record is owned by a KUBE."""
    return answers.get("owner_kind") == "group" or answers.get("subject_kind") == "group"


def is_person(answers: Answers, _context: Context) -> bool:
    """True when the record is owned by one person."""
    return answers.get("owner_kind") == "person" or answers.get("subject_kind") == "person"
