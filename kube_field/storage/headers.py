"""Which answers are repeated as typed columns, and how an answer becomes a column's value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from peewee import IntegerField

from kube_field.domain.forms.referral import is_restricted
from kube_field.domain.records import Answers, Fact, RecordKind
from kube_field.storage.tables import EDITABLE_TABLES, EditableTable
from kube_field.wire.fact_shape import LEAST, MOST

COMMON_COLUMNS = frozenset(
    {"uid", "scope", "form_version", "version", "answers", "extra", "deleted", "updated_at", "updated_by"}
)


class UnfitError(Exception):
    """A record that the tables of this program cannot hold, or that its pages could not show."""


def header_columns(kind: RecordKind) -> tuple[str, ...]:
    """Names of an editable kind's header columns, each the code of a question."""
    return tuple(name for name in EDITABLE_TABLES[kind]._meta.fields if name not in COMMON_COLUMNS)


def record_header(kind: RecordKind, answers: Answers) -> dict[str, Any]:
    """Values of the header columns of an editable record. Raises: UnfitError."""
    table = EDITABLE_TABLES[kind]
    return {name: _column_value(table, name, answers.get(name)) for name in header_columns(kind)}


def fact_header(fact: Fact) -> dict[str, Any]:
    """Values of the columns in which lists look for facts. Raises: UnfitError."""
    answers = fact.answers
    return {
        "person_uid": reference_uid(answers.get("person_id")),
        "visit_no": _whole(answers.get("visit_no")),
        "visit_kind": text_of(answers.get("kind")) if fact.kind == RecordKind.VISIT else "",
        "business_status": text_of(answers.get("business_status")),
        "next_visit_on": text_of(answers.get("next_visit_on")),
        "session_no": _whole(answers.get("session_no")),
        "status": text_of(answers.get("status")),
        "decision": text_of(answers.get("decision")),
        "restricted": fact.kind == RecordKind.REFERRAL and is_restricted(answers),
    }


def reference_uid(value: object) -> str:
    """The uid that a reference answer names; text is taken as the uid itself."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return str(value.get("uid", ""))
    return value if isinstance(value, str) else ""


def text_of(value: object) -> str:
    """An answer as a text column: references by uid, lists as JSON, blanks and waived answers empty."""
    if value is None or type(value) is str:  # nearly always; whether something is a mapping takes longer to see
        return value or ""
    if isinstance(value, Mapping):
        return str(value.get("uid", ""))
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _column_value(table: type[EditableTable], name: str, value: object) -> Any:
    column = table._meta.fields[name]
    if isinstance(column, IntegerField):
        return _storable(value) if isinstance(value, int) else None
    if value is None or value == "":
        return column.default
    return text_of(value)


def _whole(value: object) -> int:
    return _storable(value) if isinstance(value, int) else 0


def _storable(number: int) -> int:
    if not LEAST <= number <= MOST:
        raise UnfitError
    return number
