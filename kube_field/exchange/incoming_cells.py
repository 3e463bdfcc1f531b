"""Reads one cell as the answer to a question: words of lists become codes, what cannot be read is said in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from gettext import gettext as _
from typing import Any

from kube_field.domain.checked import Checked
from kube_field.domain.dates import check_date
from kube_field.domain.forms.declaration import Kind, Question, Severity
from kube_field.domain.forms.kinds import DECIMAL
from kube_field.domain.identifiers import normalise_number
from kube_field.domain.money import check_amount
from kube_field.domain.names import normalise_name
from kube_field.domain.phones import check_phone
from kube_field.exchange.choice_words import CHOICE_WORDS, EMPTY, NO, YES
from kube_field.exchange.incoming import Cell
from kube_field.exchange.incoming_columns import Target, fold_heading

FIRST_YEAR = 1900
LONGEST_NUMBER = 10**15
"""Spreadsheet programs keep 15 digits of a number."""
DIGIT_TEXTS = frozenset({"bank_account"})
"""Questions of text whose digits count one by one, zeros at the beginning too."""
NUMERIC_TEXT = re.compile(r"[0-9]+(?:[.,][0-9]+)?[eE]\+?[0-9]+")
"""A long number as spreadsheet programs write it into a CSV file: 6,40212E+15."""
LONGEST_EMPTY = 8
SHIELDED = frozenset("=+-@'0123456789")
"""Before these an apostrophe at the beginning of a cell only says that it is a text."""
_DIGITS = re.compile(r"[0-9]{1,9}")
_MIDNIGHT = re.compile(r"[ T]00[:.]00(?:[:.]00(?:\.0+)?)?$")
_SEPARATORS = re.compile(r"[;\n]|,\s")
_SHOWN_CHOICES = 9


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a cell, and what to do about it."""

    code: str
    message: str
    action: str = ""
    severity: Severity = Severity.GALAT


@dataclass(frozen=True, slots=True)
class Reading:
    """The answer in a cell; None where there is none or it cannot be read, then `problem` says why.

    A value with a problem is a good one that somebody should look at.
    """

    value: Any = None
    problem: Problem | None = None


class CellReader:
    """Reads the cells of one list; `today` is the day by which dates are read."""

    def __init__(self, targets: Iterable[Target], today: date) -> None:
        self._today = today
        self._questions = {target.code: target.question for target in targets}
        self._choices = {code: _choice_index(question) for code, question in self._questions.items()}
        self._readers: Mapping[Kind, Callable[[str, Cell], Reading]] = {
            Kind.NIK: self._number,
            Kind.KK: self._number,
            Kind.NAME: self._name,
            Kind.INTEGER: self._integer,
            Kind.DECIMAL: self._decimal,
            Kind.RUPIAH: self._rupiah,
            Kind.DATE: self._date,
            Kind.YES_NO: self._yes_no,
            Kind.ONE_OF: self._one_of,
            Kind.MANY_OF: self._many_of,
            Kind.PHONE: self._phone,
        }

    def read(self, code: str, cell: Cell) -> Reading:
        """The answer that a cell gives to the question with this code."""
        if is_empty(cell):
            return Reading()
        if code in DIGIT_TEXTS and not isinstance(cell, str):
            return Reading(problem=_numeric_cell())
        return self._readers.get(self._questions[code].kind, self._text)(code, cell)

    def _number(self, _code: str, cell: Cell) -> Reading:
        text = shown_cell(cell)
        if not isinstance(cell, str) or NUMERIC_TEXT.fullmatch(text):
            return Reading(problem=_numeric_cell())
        return Reading(normalise_number(text))

    def _text(self, _code: str, cell: Cell) -> Reading:
        return Reading(" ".join(shown_cell(cell).split()))

    def _name(self, _code: str, cell: Cell) -> Reading:
        return Reading(normalise_name(shown_cell(cell)))

    def _integer(self, code: str, cell: Cell) -> Reading:
        unit = self._questions[code].unit
        text = shown_cell(cell).casefold().removesuffix(unit).strip()
        if not _DIGITS.fullmatch(text):
            return _unreadable("NUMBER_FORMAT", _("Bukan angka bulat."), _("Tulis angka saja, misalnya 3."))
        return Reading(int(text))

    def _decimal(self, _code: str, cell: Cell) -> Reading:
        """A coordinate, with the six digits that it is stored with."""
        number = f"{cell:.6f}" if isinstance(cell, float) else shown_cell(cell).replace(",", ".")
        if not DECIMAL.fullmatch(number):
            return _unreadable("DECIMAL_FORMAT", _("Bukan angka."), _("Tulis angka, misalnya 1,5."))
        return Reading(number)

    def _rupiah(self, _code: str, cell: Cell) -> Reading:
        return _as_checked(check_amount(shown_cell(cell)))

    def _date(self, code: str, cell: Cell) -> Reading:
        if isinstance(cell, datetime):
            return Reading(cell.date().isoformat())
        if isinstance(cell, date):
            return Reading(cell.isoformat())
        if isinstance(cell, bool | int | float):
            return _unreadable(
                "DATE_NUMBER",
                _("Sel berisi angka, bukan tanggal."),
                _("Ubah format sel menjadi Tanggal, atau ketik tanggalnya, misalnya 12/03/1980."),
            )
        text = _MIDNIGHT.sub("", " ".join(str(cell).split()))
        return _as_checked(check_date(text, today=self._today, kind="any"))

    def _yes_no(self, code: str, cell: Cell) -> Reading:
        if isinstance(cell, bool):
            return Reading(cell)
        word = shown_cell(cell).casefold().strip()
        plain = fold_heading(word) or word
        if plain in YES or word in YES:
            return Reading(True)
        if plain in NO:
            return Reading(False)
        return _unreadable("YES_NO", _("Bukan jawaban ya atau tidak."), _("Tulis Ya atau Tidak."))

    def _one_of(self, code: str, cell: Cell) -> Reading:
        found = self._choices[code].get(fold_heading(shown_cell(cell)))
        return Reading(found) if found is not None else self._unknown_choice(code)

    def _many_of(self, code: str, cell: Cell) -> Reading:
        index, text = self._choices[code], shown_cell(cell)
        if (whole := index.get(fold_heading(text))) is not None:
            return Reading([whole])
        parts = [part for part in _SEPARATORS.split(text) if part.strip()]
        if len(parts) < 2:
            parts = [part for part in text.split(",") if part.strip()]
        found = [index.get(fold_heading(part)) for part in parts]
        if not found or any(one is None for one in found):
            return self._unknown_choice(code)
        return Reading(self._in_order(code, {str(one) for one in found}))

    def _phone(self, _code: str, cell: Cell) -> Reading:
        return _as_checked(check_phone(shown_cell(cell)))

    def _in_order(self, code: str, chosen: set[str]) -> list[str]:
        return [choice.code for choice in self._questions[code].choices if choice.code in chosen]

    def _unknown_choice(self, code: str) -> Reading:
        labels = [_(choice.label) for choice in self._questions[code].choices if choice.active]
        told = "; ".join(labels[:_SHOWN_CHOICES]) + ("; …" if len(labels) > _SHOWN_CHOICES else "")
        return _unreadable(
            "CHOICE_UNKNOWN", _("Jawaban ini tidak dikenal."), _("Tulis salah satu: {choices}.").format(choices=told)
        )


def is_empty(cell: Cell) -> bool:
    """True for a cell that says nothing, in whatever way people write it."""
    if cell is None:
        return True
    return isinstance(cell, str) and len(cell) <= LONGEST_EMPTY and shown_cell(cell).casefold() in EMPTY


def shown_cell(cell: Cell) -> str:
    """A cell as the officer sees it in the spreadsheet program; leading apostrophes of texts are not seen there."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        text = cell.strip()
        return text[1:] if text[:1] == "'" and text[1:2] in SHIELDED else text
    if isinstance(cell, bool):
        return _("Ya") if cell else _("Tidak")
    if isinstance(cell, datetime):
        return cell.strftime("%d/%m/%Y %H:%M")
    if isinstance(cell, date):
        return f"{cell.day:02d}/{cell.month:02d}/{cell.year:04d}"
    return _shown_number(cell)


def _shown_number(number: float) -> str:
    """A number as its cell shows it: whole ones without a point, longer ones than a spreadsheet keeps with an E."""
    if abs(number) >= LONGEST_NUMBER:
        return f"{number:.14E}".replace(".", ",")
    return str(int(number)) if float(number).is_integer() else str(number).replace(".", ",")


def year_alone(cell: Cell, today: date) -> int | None:
    """The year where a cell gives nothing but a year of birth."""
    text = shown_cell(cell)
    if len(text) == 4 and text.isascii() and text.isdecimal() and FIRST_YEAR <= int(text) <= today.year:
        return int(text)
    return None


def _choice_index(question: Question) -> dict[str, str]:
    """Folded words and the choice that they mean; labels and codes count before the words of lists."""
    index: dict[str, str] = {}
    for code, words in CHOICE_WORDS.get(question.code, {}).items():
        index.update({fold_heading(word): code for word in words})
    for choice in question.choices:
        for word in (choice.code, choice.label, _(choice.label)):
            index[fold_heading(word)] = choice.code
    return index


def _numeric_cell() -> Problem:
    return Problem(
        "NUMBER_CELL",
        _("Sel berisi angka, bukan teks: Excel hanya menyimpan 15 angka, jadi angka terakhir tidak dapat dipercaya."),
        _("Ubah format kolom menjadi Teks (Format Sel > Angka > Teks), lalu ketik ulang semua angkanya."),
    )


def _as_checked(checked: Checked) -> Reading:
    """The value with its heaviest finding: what the reading warns of is gone once the value is in its one spelling."""
    weighty = [finding for finding in checked.findings if finding[1] > Severity.KETERANGAN]
    if not weighty:
        return Reading(checked.value)
    code, severity, message = max(weighty, key=lambda finding: finding[1])
    value = None if severity == Severity.GALAT else checked.value
    return Reading(value, Problem(code, message, severity=severity))


def _unreadable(code: str, message: str, action: str) -> Reading:
    return Reading(problem=Problem(code, message, action))
