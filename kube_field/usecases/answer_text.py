"""Answers in words for profiles: labels of choices, Indonesian dates and amounts, masked identity numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from gettext import gettext as _
from typing import Any

from kube_field.domain.dates import show_date
from kube_field.domain.forms.declaration import Form, Kind, Question
from kube_field.domain.forms.evaluation import is_blank, is_waived, live_rows
from kube_field.domain.identifiers import mask_nik
from kube_field.domain.money import show_rupiah
from kube_field.domain.phones import show_phone
from kube_field.domain.records import SPECIAL_ANSWERS, UNKNOWN, Answers
from kube_field.reference import Reference

SECTION_ROWS = tuple[str, tuple[tuple[str, str], ...]]
HIDDEN = frozenset({Kind.COMPUTED, Kind.PHOTO, Kind.SIGNATURE, Kind.ROWS})
"""Kinds that a profile shows elsewhere or not at all."""


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answered question: its code, its label, the answer in words."""

    code: str
    label: str
    text: str


def answered_sections(
    form: Form, answers: Answers, reference: Reference, *, with_rows: bool = False
) -> tuple[tuple[str, tuple[AnswerLine, ...]], ...]:
    """(title, answers) of every section with something answered; `with_rows` the tables too, a line for each row."""
    told = []
    for section in form.sections:
        lines = tuple(
            AnswerLine(question.code, _(question.label), _in_lines(question, answers[question.code], reference))
            for question in section.questions
            if (question.kind not in HIDDEN or (with_rows and question.kind == Kind.ROWS))
            and not is_blank(answers.get(question.code))
        )
        if lines:
            told.append((_(section.title), lines))
    return tuple(told)


def sections_in_words(form: Form, answers: Answers, reference: Reference) -> tuple[SECTION_ROWS, ...]:
    """(title, ((label, text), …)) of every section with something answered."""
    sections = answered_sections(form, answers, reference)
    return tuple((title, tuple((line.label, line.text) for line in lines)) for title, lines in sections)


def _in_lines(question: Question, value: Any, reference: Reference) -> str:
    if question.kind != Kind.ROWS or is_waived(value):
        return answer_in_words(question, value, reference)
    return "\n".join(
        " · ".join(
            answer_in_words(column, row[column.code], reference)
            for column in question.columns
            if column.kind not in HIDDEN and not is_blank(row.get(column.code))
        )
        for _at, row in live_rows(value)
    )


def answer_in_words(question: Question, value: Any, reference: Reference) -> str:
    """One answer as the officer reads it."""
    if is_blank(value):
        return "–"
    if is_waived(value):
        return _("dilewati: {reason}").format(reason=value["waived"])
    if isinstance(value, str) and value in SPECIAL_ANSWERS:
        return _("tidak tahu") if value == UNKNOWN else _("tidak bersedia menjawab")
    if question.kind == Kind.REGION:
        return reference.regions.full_name(str(value))
    if question.kind == Kind.ROWS:
        return _("{n} baris").format(n=len(live_rows(value)))
    return _chosen(question, value) if question.choices else _plain(question, value)


def _chosen(question: Question, value: Any) -> str:
    codes = value if isinstance(value, list) else [value]
    return ", ".join(question.choice_label(code) for code in codes)


def _plain(question: Question, value: Any) -> str:
    write = WRITERS.get(question.kind)
    try:
        text = write(value) if write is not None else str(value)
    except (ValueError, TypeError, KeyError, AttributeError):
        return str(value)
    return f"{text} {_(question.unit)}" if question.unit and question.kind in (Kind.INTEGER, Kind.DECIMAL) else text


WRITERS: Mapping[Kind, Callable[[Any], str]] = {
    Kind.RUPIAH: show_rupiah,
    Kind.DATE: show_date,
    Kind.TIME: lambda value: str(value).replace(":", "."),
    Kind.PHONE: show_phone,
    Kind.NIK: mask_nik,
    Kind.KK: mask_nik,
    Kind.YES_NO: lambda value: _("Ya") if value else _("Tidak"),
    Kind.PERSON: lambda value: str(value["name"]),
    Kind.REFERENCE: lambda value: str(value["name"]),
    Kind.DECIMAL: lambda value: str(value).replace(".", ","),
    Kind.LOCATION: lambda value: f"{value['latitude']}, {value['longitude']}" if "latitude" in value else value["note"],
}
