"""Answers from what a person, a sheet or a command line wrote: `1,5 jt` becomes 1500000, `23/11/2026` an ISO day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from kube_field.domain.dates import check_date
from kube_field.domain.forms.declaration import Form, Kind, Question
from kube_field.domain.identifiers import normalise_number
from kube_field.domain.money import check_amount
from kube_field.domain.phones import check_phone
from kube_field.domain.records import SPECIAL_ANSWERS

YES = ("ya", "y", "true", "1")
NO = ("tidak", "t", "false", "0")


def read_answers(form: Form, raw: Mapping[str, Any], *, today: date) -> dict[str, Any]:
    """Every answer in the shape of its kind; what cannot be read stays as written, for the rules to name it."""
    questions = {question.code: question for question in form.questions()}
    return {
        code: read_answer(questions[code], value, today=today) if code in questions else value
        for code, value in raw.items()
    }


def read_answer(question: Question, value: Any, *, today: date) -> Any:
    """One answer in the shape of its question's kind, or the value as it is."""
    if isinstance(value, str) and value in SPECIAL_ANSWERS:
        return value
    if question.kind == Kind.ROWS and isinstance(value, list):
        return [_read_row(question, at, row, today) for at, row in enumerate(value)]
    if question.kind in (Kind.PERSON, Kind.REFERENCE) and isinstance(value, str):
        return {"uid": value, "name": ""} if value else value
    if question.kind == Kind.DECIMAL and isinstance(value, int | float) and not isinstance(value, bool):
        return format(value, "f").rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    if question.kind == Kind.LEVEL and isinstance(value, str) and value in ("0", "1", "2", "3", "4"):
        return int(value)
    if question.kind == Kind.MANY_OF and isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return _read_text(question.kind, value, today) if isinstance(value, str) else value


def _read_text(kind: Kind, text: str, today: date) -> Any:
    if kind == Kind.RUPIAH:
        read = check_amount(text, required=False).value
        return text if read is None else read
    if kind == Kind.DATE:
        return check_date(text, today=today, kind="any", required=False).value or text
    if kind == Kind.PHONE:
        return check_phone(text).value or text
    if kind in (Kind.NIK, Kind.KK):
        return normalise_number(text)
    if kind == Kind.INTEGER and text.strip().isascii() and text.strip().isdigit():
        return int(text)
    if kind == Kind.YES_NO and text.strip().lower() in YES + NO:
        return text.strip().lower() in YES
    return text


def _read_row(table: Question, at: int, row: Any, today: date) -> Any:
    if not isinstance(row, Mapping):
        return row
    columns = {column.code: column for column in table.columns}
    read = {
        code: read_answer(columns[code], value, today=today) if code in columns else value
        for code, value in row.items()
    }
    return {"id": f"r{at + 1}", **read}
