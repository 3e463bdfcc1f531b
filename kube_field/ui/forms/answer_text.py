"""An answer in words: for previous values, fixed fields, reviews and lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from gettext import gettext as _
from typing import Any

from kube_field.domain.dates import show_date
from kube_field.domain.forms.declaration import Kind, Question
from kube_field.domain.forms.evaluation import is_blank, is_waived, live_rows
from kube_field.domain.identifiers import group_nik
from kube_field.domain.money import accounting, group_thousands
from kube_field.domain.phones import show_phone
from kube_field.ui.texts import special_words

RUPIAH_UNIT, PERCENT_UNIT = "Rp", "%"


def answer_text(question: Question, value: Any, regions: Any = None) -> str:
    """The answer as one reads it aloud; "" for a blank one."""
    if is_blank(value):
        return ""
    if is_waived(value):
        return _("Dilewati: {reason}").format(reason=value["waived"])
    if question.may_be_unknown and isinstance(value, str) and value in special_words():
        return special_words()[value]
    if question.kind == Kind.REGION and regions is not None:
        known = regions.village(str(value))
        return str(regions.full_name(str(value))) if known is not None else str(value)
    reader = _WORDS.get(question.kind)
    try:
        return reader(question, value) if reader is not None else str(value)
    except (ValueError, TypeError, AttributeError):
        return str(value)


def previous_text(question: Question, value: Any, regions: Any = None) -> str:
    """The previous answer, short enough to stand beside the field: money without Rp, tables as a count."""
    if question.kind == Kind.RUPIAH and isinstance(value, int):
        return group_thousands(value)
    return answer_text(question, value, regions)


def computed_text(question: Question, value: Any) -> str:
    """A computed figure with its unit; a loss in brackets; a dash while something is missing."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("Ya") if value else _("Tidak")
    if isinstance(value, int):
        return _number(value, question.unit)
    if isinstance(value, list | tuple):
        return "\n".join(str(part) for part in value)
    return str(value)


def _number(value: int, unit: str) -> str:
    if unit == RUPIAH_UNIT:
        return f"Rp{group_thousands(value)}" if value >= 0 else f"({group_thousands(-value)})"
    shown = group_thousands(value) if value >= 0 else accounting(value)
    return f"{shown} {unit}".strip()


def _choices(question: Question, value: Any) -> str:
    codes = value if isinstance(value, list) else [value]
    return ", ".join(_(question.choice_label(code)) for code in codes)


def _level(question: Question, value: Any) -> str:
    return f"{value} · {_(question.choice_label(value))}"


def _rows(question: Question, value: Any) -> str:
    return _("{n} baris").format(n=len(live_rows(value)))


def _photos(_question: Question, value: Any) -> str:
    return _("{n} foto").format(n=len(value))


def _signature(_question: Question, value: Any) -> str:
    word = _("cap jempol") if "thumbprint" in value else _("tanda tangan")
    return f"{value.get('name', '')} ({word})".strip()


def _place(_question: Question, value: Any) -> str:
    if "latitude" not in value:
        return str(value.get("note", ""))
    latitude, longitude = (str(value[name]).replace(".", ",") for name in ("latitude", "longitude"))
    return _("lintang {latitude}, bujur {longitude}").format(latitude=latitude, longitude=longitude)


def _named(_question: Question, value: Any) -> str:
    return str(value.get("name", "")) if isinstance(value, Mapping) else str(value)


def _with_unit(question: Question, value: Any) -> str:
    return f"{str(value).replace('.', ',')} {_(question.unit) if question.unit else ''}".strip()


_WORDS: Mapping[Kind, Callable[[Question, Any], str]] = {
    Kind.INTEGER: _with_unit,
    Kind.DECIMAL: _with_unit,
    Kind.RUPIAH: lambda _question, value: f"Rp{group_thousands(value)}" if value >= 0 else accounting(value),
    Kind.DATE: lambda _question, value: show_date(value),
    Kind.TIME: lambda _question, value: str(value).replace(":", "."),
    Kind.YES_NO: lambda _question, value: _("Ya") if value else _("Tidak"),
    Kind.ONE_OF: _choices,
    Kind.MANY_OF: _choices,
    Kind.LEVEL: _level,
    Kind.NIK: lambda _question, value: group_nik(value),
    Kind.KK: lambda _question, value: group_nik(value),
    Kind.PHONE: lambda _question, value: show_phone(value) if str(value).startswith("+") else str(value),
    Kind.PERSON: _named,
    Kind.REFERENCE: _named,
    Kind.ROWS: _rows,
    Kind.PHOTO: _photos,
    Kind.SIGNATURE: _signature,
    Kind.LOCATION: _place,
}
