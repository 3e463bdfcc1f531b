"""Checks that several questions share: a day not in the future, a village of the task area, a NIK beside its person."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from gettext import gettext as _
from typing import Any

from kube_field.domain.forms.answered import day, fact, known_texts, read_day, text
from kube_field.domain.forms.declaration import Context, Severity
from kube_field.domain.forms.kinds import Said
from kube_field.domain.identifiers import check_kk, check_nik
from kube_field.domain.records import Answers

ACCOUNT_DIGITS = re.compile(r"[0-9]{8,20}", re.ASCII)


def not_future(value: Any, _answers: Answers, context: Context) -> Iterator[Said]:
    """A day that already was, or today (handbook 3.5)."""
    that_day = read_day(value)
    if that_day is not None and that_day > context.today:
        yield ("DATE_FUTURE", Severity.GALAT, _("Tanggal ini belum terjadi."))


def in_task_area(value: Any, _answers: Answers, context: Context) -> Iterator[Said]:
    """A village outside the officer's area is possible, and worth a second look (handbook 5.3)."""
    areas = known_texts(context, "area_codes")
    if not areas or not isinstance(value, str):
        return
    if not any(value == area or value.startswith(f"{area}.") for area in areas):
        yield ("REGION_OUTSIDE_AREA", Severity.PERINGATAN, _("Wilayah ini di luar wilayah tugas Anda."))


def person_nik(value: Any, answers: Answers, context: Context) -> Iterator[Said]:
    """What birth date, sex, home, family card and other persons say about a NIK (handbook 3.1)."""
    family = fact(context, "household")
    existing = context.facts.get("existing_niks")
    yield from check_nik(
        str(value),
        today=context.today,
        born=day(answers, "birth_date"),
        born_year_only=answers.get("birth_date_precision") == "year_only",
        sex=text(answers, "sex"),
        domicile=text(family, "village_code"),
        existing=existing if isinstance(existing, Mapping) else {},
        kk=text(family, "kk_number"),
        regions=context.reference.regions if context.reference is not None else None,
    ).findings


def family_kk(value: Any, _answers: Answers, context: Context) -> Iterator[Said]:
    """What the family's NIKs and the calendar say about a family card number (handbook 3.2)."""
    yield from check_kk(
        str(value),
        today=context.today,
        niks=known_texts(context, "household_niks") or (),
        regions=context.reference.regions if context.reference is not None else None,
    ).findings


def bare_nik(value: Any, answers: Answers, context: Context) -> Iterator[Said]:
    """What a NIK says alone, beside the sex that the same form asks (walk-in participants)."""
    yield from check_nik(
        str(value),
        today=context.today,
        sex=text(answers, "walk_in_sex"),
        regions=context.reference.regions if context.reference is not None else None,
    ).findings


def account_number(value: Any, _answers: Answers, _context: Context) -> Iterator[Said]:
    """The number of a bank account (handbook 5.5)."""
    if not ACCOUNT_DIGITS.fullmatch(str(value)):
        yield ("ACCOUNT_DIGITS", Severity.GALAT, _("Nomor rekening berisi 8 sampai 20 angka, tanpa spasi."))
