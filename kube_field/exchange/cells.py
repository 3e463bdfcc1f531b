"""Answers as cells of a sheet: dates are days, money is numbers, long numbers stay text, unknown is not blank."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from gettext import gettext as _
from typing import Any, TypeAlias

from kube_field.domain.forms.answered import read_day
from kube_field.domain.forms.declaration import Kind, Question
from kube_field.domain.forms.evaluation import is_blank, is_waived
from kube_field.domain.forms.kinds import DECIMAL
from kube_field.domain.identifiers import mask_nik
from kube_field.domain.records import REFUSED, UNKNOWN
from kube_field.reference import Reference

Cell: TypeAlias = str | int | Decimal | date | None
"""What stands in one cell; None is an empty one: the question was not answered."""

EXACT_DIGITS = 15
"""A spreadsheet keeps so many digits of a number; longer ones are written as text."""
LONGEST_TEXT = 32_767
"""UTF-16 units that one cell of a sheet may hold."""
FIRST_DAY = date(1900, 3, 1)
"""Days before it are text: Excel counts a 29 February 1900 that never was."""
BETWEEN = "; "
"""Stands between the chosen labels of one cell; no label has it inside."""
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Signs that XML cannot hold, and halves of characters."""
LINE_ENDS = re.compile(r"\r\n?")


class Shape(StrEnum):
    """How a column is written: words, identity numbers, whole numbers, rupiah, decimals, days."""

    WORDS = "words"
    NUMBER_AS_TEXT = "number_as_text"
    WHOLE = "whole"
    MONEY = "money"
    DECIMAL = "decimal"
    DAY = "day"


SHAPES: Mapping[Kind, Shape] = {
    Kind.NIK: Shape.NUMBER_AS_TEXT,
    Kind.KK: Shape.NUMBER_AS_TEXT,
    Kind.PHONE: Shape.NUMBER_AS_TEXT,
    Kind.INTEGER: Shape.WHOLE,
    Kind.PHOTO: Shape.WHOLE,
    Kind.RUPIAH: Shape.MONEY,
    Kind.DECIMAL: Shape.DECIMAL,
    Kind.DATE: Shape.DAY,
}
"""Every other kind is words."""


def special_words() -> Mapping[str, str]:
    """How the two answers that are no value read in a sheet; a blank cell is neither."""
    return {UNKNOWN: _("tidak tahu"), REFUSED: _("tidak bersedia menjawab")}


def yes_no_words() -> tuple[str, str]:
    """How no and yes read in a sheet."""
    return _("Tidak"), _("Ya")


@dataclass(frozen=True, slots=True)
class Known:
    """What cells look up. `with_nik`: the officer may have NIK and KK in full; `niks` are those of named people.

    The words are looked up once: at every cell they would cost a quarter of the whole export.
    """

    reference: Reference
    with_nik: bool = False
    niks: Mapping[str, str] = field(default_factory=dict)
    special: Mapping[str, str] = field(default_factory=special_words)
    yes_no: tuple[str, str] = field(default_factory=yes_no_words)


def answer_cell(question: Question, value: Any, known: Known, labels: Mapping[str, str] | None = None) -> Cell:
    """One answer; what does not have the shape of its kind is written as it was typed.

    `labels` are those of the question's choices (`labels_of`), for who asks often.
    """
    if is_blank(value):
        return None
    if is_waived(value):
        return _("tidak diisi: {reason}").format(reason=value["waived"])
    if question.choices and question.kind != Kind.PHOTO:
        return _chosen_cell(labels_of(question) if labels is None else labels, value, known)
    if isinstance(value, str) and value in known.special:
        return known.special[value]
    return _plain_cell(question.kind, value, known)


def labels_of(question: Question) -> Mapping[str, str]:
    """Labels of a question's choices by code."""
    return {choice.code: _(choice.label) for choice in question.choices}


def _chosen_cell(labels: Mapping[str, str], value: Any, known: Known) -> str:
    """Labels of what was chosen, in the order of the answer."""
    codes = value if isinstance(value, list) else [value]
    return BETWEEN.join(labels.get(str(code)) or known.special.get(str(code), str(code)) for code in codes)


def _plain_cell(kind: Kind, value: Any, known: Known) -> Cell:
    if kind in (Kind.NIK, Kind.KK):
        return identity_cell(value, known)
    if kind == Kind.DATE:
        return day_cell(value)
    if kind == Kind.DECIMAL:
        return decimal_cell(value)
    if kind == Kind.REGION:
        village = known.reference.regions.village(str(value))
        return village.name if village is not None else str(value)
    if kind == Kind.TIME:
        return str(value).replace(":", ".")
    if kind == Kind.PHOTO:
        return len(value) if isinstance(value, list) else 1
    if isinstance(value, bool):
        return known.yes_no[value]
    return plain_cell(value)


def plain_cell(value: Any) -> Cell:
    """A value of no special kind; of a reference or a signature the name."""
    if isinstance(value, bool):
        return yes_no_words()[value]
    if isinstance(value, int):
        return whole_cell(value)
    if isinstance(value, Mapping):
        return str(value.get("name") or "") or None
    if isinstance(value, list):
        return BETWEEN.join(str(plain_cell(item)) for item in value)
    return str(value)


def identity_cell(value: Any, known: Known) -> str:
    """A NIK or KK number, with its middle hidden from who may not have it."""
    return str(value) if known.with_nik else mask_nik(str(value))


def whole_cell(value: int) -> int | str:
    """A whole number, as text when a spreadsheet would round it."""
    return value if abs(value) < 10**EXACT_DIGITS else str(value)


def decimal_cell(value: Any) -> Cell:
    """A decimal, as text with a comma when a spreadsheet would round it."""
    if not isinstance(value, str) or not DECIMAL.fullmatch(value):
        return plain_cell(value)
    number = Decimal(value)
    return number if len(number.as_tuple().digits) <= EXACT_DIGITS else value.replace(".", ",")


def day_cell(value: Any) -> Cell:
    """A day that a spreadsheet knows, else the text."""
    day = read_day(value)
    if day is None or day < FIRST_DAY:
        return str(value)
    return day


def clean_text(text: str) -> str:
    """A text that a cell can hold: no control characters, not longer than a cell."""
    clean = FORBIDDEN.sub("\ufffd", LINE_ENDS.sub("\n", text))
    if len(clean) * 2 > LONGEST_TEXT and len(clean.encode("utf-16-le")) > LONGEST_TEXT * 2:
        return clean[: LONGEST_TEXT // 2 - 1] + "…"
    return clean
