"""What the assessment form prints besides its answers (handbook 9.3), in words, frozen when finalised."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from gettext import gettext as _
from typing import Any

from kube_field.domain.dates import age_on, show_date
from kube_field.domain.forms.answered import day, text
from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.consent import PDP_CONTACT
from kube_field.domain.forms.declaration import Kind
from kube_field.domain.identifiers import group_nik
from kube_field.domain.records import Answers, Record, RecordKind
from kube_field.reports.wording import show
from kube_field.usecases.known import given_consents, household_facts
from kube_field.usecases.parents import household_of
from kube_field.usecases.session import Session

PERSON_CODES = (
    "sex",
    "marital_status",
    "education",
    "literacy",
    "occupation",
    "relation_to_head",
    "is_main_breadwinner",
)
FAMILY_CODES = (
    "size",
    "n_under5",
    "n_school",
    "n_elderly",
    "n_disabled",
    "dwelling_status",
    "electricity",
    "water",
    "flood_prone",
)
GROUP_CODES = ("formed_on", "sk_number", "sk_date", "sector", "idea_code", "meeting_schedule")
PAIRS = list[list[str]]
"""Label and text, as JSON keeps them."""


def identity_snapshot(session: Session, subject: Record | None, answers: Answers) -> dict[str, Any]:
    """Who is assessed, in words: a person with the family, or a group; consents and whom to ask about them."""
    if subject is None:
        return {}
    told: dict[str, Any] = {"pdp_contact": session.store.setting(PDP_CONTACT)}
    if subject.kind == RecordKind.KUBE_GROUP:
        return {**told, "identity": [["Nama KUBE", text(subject.answers, "name")], *_pairs(subject, GROUP_CODES)]}
    household = household_of(session, subject)
    family = household_facts(session, household) if household is not None else {}
    return {
        **told,
        "identity": _person(subject, family, answers),
        "family": _pairs(household, FAMILY_CODES) if household is not None else [],
        "welfare": list(_welfare(subject, family)),
        "prse_criteria": list(subject.answers.get("prse_criteria") or []),
        "consents": given_consents(session, subject.uid),
    }


def _person(subject: Record, family: Answers, answers: Answers) -> PAIRS:
    person = subject.answers
    born, on = day(person, "birth_date"), day(answers, "assessed_on")
    place = text(person, "birth_place")
    birth = ", ".join(part for part in (place, show_date(born) if born else "") if part)
    age = _("{n} tahun").format(n=age_on(born, on)) if born and on and born <= on else ""
    return [
        [_("No. KK"), _grouped(text(family, "kk_number"))],
        [_("NIK"), _grouped(text(person, "nik"))],
        [_("Nama"), text(person, "full_name")],
        [_("Tempat, tanggal lahir"), birth],
        [_("Umur"), age],
        *_pairs(subject, PERSON_CODES),
    ]


def _grouped(number: str) -> str:
    return group_nik(number) if number else ""


def _pairs(record: Record, codes: Sequence[str]) -> PAIRS:
    declared = form(record.kind)
    return [[_(declared.question(code).label), _words(record, code)] for code in codes]


def _words(record: Record, code: str) -> str:
    question, value = form(record.kind).question(code), record.answers.get(code)
    words = show(question, value)
    return f"{words} {_(question.unit)}" if question.kind == Kind.INTEGER and isinstance(value, int) else words


def _welfare(subject: Record, family: Answers) -> Iterator[list[str]]:
    """The newest DTSEN check, other aid, and the PPKS category."""
    rows = family.get("dtsen_rows")
    newest = max(rows, key=lambda row: str(row.get("checked_on"))) if isinstance(rows, list) and rows else {}
    asked = {column.code: column for column in form(RecordKind.HOUSEHOLD).question("dtsen_rows").columns}
    for code, label in (("desil", _("Desil DTSEN")), ("checked_on", _("Tanggal periksa")), ("source", _("Sumber"))):
        yield [label, show(asked[code], newest.get(code))]
    other = form(RecordKind.HOUSEHOLD).question("other_aid")
    yield [_(other.label), show(other, family.get("other_aid"))]
    category = form(RecordKind.PERSON).question("category")
    yield [_(category.label), show(category, subject.answers.get("category"))]
