"""One value judged alone, as the command `check` asks: a field of handbook section 3 or a question of a form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from gettext import gettext as _
from typing import Any

from kube_field.domain.checked import Checked, CodedFinding
from kube_field.domain.dates import check_date
from kube_field.domain.forms.catalogue import form as form_of
from kube_field.domain.forms.declaration import Context, Kind, Question, Severity, Stage
from kube_field.domain.forms.evaluation import judge_question
from kube_field.domain.forms.reading import read_answer
from kube_field.domain.identifiers import check_kk, check_nik, normalise_number
from kube_field.domain.money import check_amount
from kube_field.domain.names import check_name
from kube_field.domain.phones import check_phone
from kube_field.domain.records import RecordKind
from kube_field.domain.regions import Regions
from kube_field.errors import Failure, KubeFieldError

_NO = ("0", "false", "no", "tidak")
_SEXES = {"l": "L", "laki-laki": "L", "p": "P", "perempuan": "P"}


@dataclass(frozen=True, slots=True)
class _Known:
    """What a check knows besides the value: the caller's context, the day, the regions."""

    context: Mapping[str, Any]
    today: date
    regions: Regions

    def text(self, key: str) -> str:
        """A context value as text; "" when it is not given."""
        return _text(self.context.get(key))

    def day(self, key: str) -> date | None:
        """A context value as a day, however it is written; None when it is no day."""
        read = check_date(self.text(key), today=self.today, kind="any", required=False).value
        return date.fromisoformat(read) if isinstance(read, str) else None

    def items(self, key: str) -> Mapping[str, str]:
        """A context value as numbers with names: a list, a mapping, or text with commas."""
        given = self.context.get(key)
        if isinstance(given, Mapping):
            return {normalise_number(_text(number)): _text(name) for number, name in given.items()}
        parts = given if isinstance(given, list | tuple) else _text(given).split(",")
        return {normalise_number(_text(part)): "" for part in parts if _text(part).strip()}

    def amount(self, key: str) -> int | None:
        """A context value as whole rupiah."""
        read = check_amount(self.text(key), required=False).value
        return read if isinstance(read, int) else None

    def required(self, default: bool = True) -> bool:
        """Whether an empty value is an error."""
        given = self.text("required").strip().lower()
        return default if not given else given not in _NO


def check(field: str, value: Any, context: Mapping[str, Any], today: date, regions: Regions) -> Checked:
    """Judge one value. `field` is nik, kk, phone, name, amount, date, or FORM.CODE such as visit.revenue_idr.

    Context values may be text. For FORM.CODE other answers of the form may stand in the context under their codes.
    Raises: KubeFieldError for a field that does not exist.
    """
    known = _Known(context, today, regions)
    judge = _FIELDS.get(field)
    return judge(_text(value), known) if judge is not None else _check_question(field, value, known)


def as_answer(checked: Checked) -> dict[str, Any]:
    """The line that the command answers: verdict, codes, and the normalised value or "" when there is none."""
    return {
        "verdict": checked.verdict,
        "codes": list(checked.codes),
        "value": "" if checked.value is None else checked.value,
    }


def _nik(text: str, known: _Known) -> Checked:
    return check_nik(
        text,
        today=known.today,
        required=known.required(),
        born=known.day("dob"),
        sex=_SEXES.get(known.text("sex").strip().lower(), ""),
        domicile=known.text("domicile").strip(),
        existing=known.items("existing"),
        kk=known.text("kk"),
        regions=known.regions,
    )


def _kk(text: str, known: _Known) -> Checked:
    niks = tuple(known.items("niks"))
    return check_kk(text, today=known.today, required=known.required(), niks=niks, regions=known.regions)


def _phone(text: str, known: _Known) -> Checked:
    return check_phone(text, required=known.required(default=False))


def _name(text: str, known: _Known) -> Checked:
    return check_name(text, required=known.required())


def _amount(text: str, known: _Known) -> Checked:
    return check_amount(text, required=known.required(), soft_limit=known.amount("soft_max"))


def _date(text: str, known: _Known) -> Checked:
    given = known.context.get("category")
    return check_date(
        text,
        today=known.today,
        kind=known.text("kind").strip().lower() or "visit",
        required=known.required(),
        handover=known.day("handover"),
        category=[_text(part).lower() for part in given] if isinstance(given, list) else _text(given).strip().lower(),
    )


_FIELDS: Mapping[str, Callable[[str, _Known], Checked]] = {
    "nik": _nik,
    "kk": _kk,
    "phone": _phone,
    "name": _name,
    "amount": _amount,
    "date": _date,
}
_TYPED: Mapping[Kind, Callable[[str, _Known], Checked]] = {
    Kind.NIK: _nik,
    Kind.KK: _kk,
    Kind.PHONE: _phone,
    Kind.NAME: _name,
    Kind.RUPIAH: _amount,
    Kind.DATE: lambda text, known: check_date(text, today=known.today, kind="any"),
}
"""Kinds whose typed text the rules of section 3 read; the question's own rules judge the value that they read."""


def _check_question(field: str, value: Any, known: _Known) -> Checked:
    question, codes = _question(field)
    typed = _TYPED[question.kind](value, known) if question.kind in _TYPED and _is_typed(value) else None
    if typed is not None and typed.verdict == "error":
        return typed
    read = typed.value if typed is not None else read_answer(question, value, today=known.today)
    others = {code: answer for code, answer in known.context.items() if code in codes}
    stage = Stage.FINAL if known.required() else Stage.DRAFT
    answers = {**others, question.code: read}
    judged = judge_question(question, answers, Context(known.today, stage, known, _facts(known)))
    findings = [(finding.code, finding.severity, finding.message) for finding in judged]
    return Checked(read, _merged(typed.findings if typed is not None else (), findings))


def _question(field: str) -> tuple[Question, frozenset[str]]:
    """The question that FORM.CODE names, and the codes of its form."""
    kind, _point, code = field.partition(".")
    try:
        found = form_of(RecordKind(kind))
        return found.question(code), frozenset(question.code for question in found.questions())
    except (KeyError, ValueError):
        sentence = _("Isian “{field}” tidak dikenal.").format(field=field)
        action = _("Pakai nik, kk, phone, name, amount, date, atau FORMULIR.KODE.")
        raise KubeFieldError(Failure.USAGE, sentence, action) from None


def _facts(known: _Known) -> dict[str, Any]:
    """The context of the form's rules, as far as the caller's context says it."""
    return {
        "existing_niks": known.items("existing"),
        "household_niks": list(known.items("niks")),
        "household": {"village_code": known.text("domicile"), "kk_number": known.text("kk")},
    }


def _merged(first: tuple[CodedFinding, ...], second: list[CodedFinding]) -> tuple[CodedFinding, ...]:
    """Findings in order, each code once."""
    found: dict[tuple[str, Severity], CodedFinding] = {}
    for finding in (*first, *second):
        found.setdefault(finding[:2], finding)
    return tuple(found.values())


def _is_typed(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _text(value: Any) -> str:
    if value is None:
        return ""
    return ("1" if value else "0") if isinstance(value, bool) else str(value)
