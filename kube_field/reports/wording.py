"""How an answer reads on paper: labels of the form's own choices, and the words for what was not answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from gettext import gettext as _
from typing import Any

from kube_field.domain.dates import day_and_date, short_date, show_date, wita_text
from kube_field.domain.forms.catalogue import form, newest_version
from kube_field.domain.forms.declaration import Form, Kind, Question
from kube_field.domain.money import show_rupiah
from kube_field.domain.records import REFUSED, UNKNOWN, Answers, Fact

BLANK = "–"


def special(value: object) -> str:
    """The words for an answer that is none: not asked, not known, refused, left out with a reason; else empty."""
    if value is None or value == "" or value == [] or value == {}:
        return BLANK
    if value == UNKNOWN:
        return _("tidak tahu")
    if value == REFUSED:
        return _("tidak bersedia menjawab")
    if isinstance(value, Mapping) and "waived" in value:
        return _("tidak diisi: {reason}").format(reason=value["waived"])
    return ""


def show(question: Question | None, value: Any) -> str:
    """An answer as text, by the kind of its question; an answer in the wrong shape (a draft) as it was typed."""
    words = special(value)
    if words:
        return words
    if question is None:
        return plain(value)
    if question.kind in (Kind.ONE_OF, Kind.LEVEL):
        return _(question.choice_label(value))
    if question.kind == Kind.MANY_OF and isinstance(value, list):
        return ", ".join(_(question.choice_label(code)) for code in value)
    if question.kind == Kind.RUPIAH and isinstance(value, int):
        return show_rupiah(value)
    if question.kind == Kind.DATE:
        return day(value)
    if question.kind == Kind.TIME:
        return clock(value)
    return plain(value)


def plain(value: Any) -> str:
    """Text of a value of no special kind."""
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if isinstance(value, Mapping):
        return plain(value.get("name") or BLANK)
    if isinstance(value, list):
        return ", ".join(plain(item) for item in value)
    return str(value)


def day(value: Any, spell: Callable[[str], str] = show_date) -> str:
    """A day as 23 November 2026, or what was typed when it is no day."""
    words = special(value)
    if words:
        return words
    try:
        return spell(str(value))
    except ValueError:
        return str(value)


def long_day(value: Any) -> str:
    """A day as Senin, 23 November 2026, or what was typed when it is no day."""
    return day(value, day_and_date)


def clock(value: Any) -> str:
    """A time of day as 10.30."""
    return special(value) or str(value).replace(":", ".")[:5]


def moment(value: Any) -> str:
    """When a photo was taken, `23 Nov 2026 10.42`; empty when it is not known."""
    text = str(value or "")
    try:
        return wita_text(text) if text else ""
    except ValueError:
        return text


@dataclass(frozen=True, slots=True)
class Said:
    """The answers of one document with the declaration that they belong to."""

    form: Form
    answers: Answers

    def question(self, code: str) -> Question | None:
        """The question with this code, if this version of the form asks it."""
        try:
            return self.form.question(code)
        except KeyError:
            return None

    def text(self, code: str) -> str:
        """The answer as it is printed."""
        return show(self.question(code), self.answers.get(code))

    def rows(self, code: str) -> list[Mapping[str, Any]]:
        """Rows of a table that still count."""
        rows = self.answers.get(code)
        if not isinstance(rows, list):
            return []
        return [row for row in rows if isinstance(row, Mapping) and "struck" not in row]

    def cell(self, table: str, row: Mapping[str, Any], column: str) -> str:
        """One cell of a table as it is printed; months are short there."""
        question = self.question(table)
        columns = question.columns if question is not None else ()
        asked = next((found for found in columns if found.code == column), None)
        if asked is not None and asked.kind == Kind.DATE:
            return day(row.get(column), short_date)
        return show(asked, row.get(column))


def said_of(fact: Fact) -> Said:
    """The answers of a fact with the form as it was then; the newest one where that version is not known here."""
    try:
        return Said(form(fact.kind, fact.form_version), fact.answers)
    except KeyError:
        return Said(form(fact.kind, newest_version(fact.kind)), fact.answers)


def whole(value: object) -> int | None:
    """The value if it is a whole number (a truth value is none)."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None
