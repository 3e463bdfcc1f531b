"""The aid of business units as a profile shows it: what was received in all, and each tool with its history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from gettext import gettext as _

from kube_field.domain.dates import short_date
from kube_field.domain.forms.aid_rules import AFTER_VISIT
from kube_field.domain.forms.answered import rows, text, whole
from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.declaration import Question
from kube_field.domain.forms.goods import quantity, quantity_words
from kube_field.domain.money import show_rupiah
from kube_field.domain.records import Answers, Fact, Record, RecordKind
from kube_field.usecases import views
from kube_field.usecases.known import batch_answers, earlier_aid
from kube_field.usecases.previous import documents_of
from kube_field.usecases.received_aid import Minutes, standing_minutes, unit_answers
from kube_field.usecases.session import Session


def aid_of_units(session: Session, unit_uids: Iterable[str]) -> tuple[views.AidSummary, ...]:
    """What each unit received, with its tools."""
    units = [unit for uid in unit_uids if (unit := session.store.records.get(uid)) is not None]
    return tuple(_summary(session, unit) for unit in units)


def _summary(session: Session, unit: Record) -> views.AidSummary:
    received = unit_answers(session, unit)
    return views.AidSummary(unit.uid, _words(session, unit, received), tuple(_tools(session, unit, received)))


def _words(session: Session, unit: Record, received: Answers) -> str:
    """`Diterima Rp5.000.000 dari Rp10.000.000, tahap 1 dari 2.`"""
    value, batch = whole(received, "aid_value_idr"), batch_answers(session, unit.answers) or {}
    if value is None:
        return _("Belum ada serah terima yang tercatat.")
    allowed, planned = whole(batch, "unit_amount_idr"), len(rows(batch, "tranches"))
    told = _("Diterima {value}").format(value=show_rupiah(value))
    if allowed is not None:
        told = _("{told} dari {allowed}").format(told=told, allowed=show_rupiah(allowed))
    minutes = standing_minutes(session, unit.uid)
    done = {one.fact.answers.get("tranche_no") for one in minutes}
    if planned < 2 or not done:
        return f"{told}."
    told = _("{told}, tahap {n} dari {all}").format(told=told, n=len(done), all=planned)
    return f"{told}. {_next_tranche(session, unit, batch, minutes)}".strip()


def _next_tranche(session: Session, unit: Record, batch: Answers, minutes: list[Minutes]) -> str:
    """Whether the tranche after those that were handed over may follow now; nothing after the last one."""
    number = max((whole(one.fact.answers, "tranche_no") or 0 for one in minutes), default=0) + 1
    conditions = {whole(row, "no"): text(row, "condition") for _at, row in rows(batch, "tranches")}
    if number not in conditions:
        return ""
    if conditions[number] == AFTER_VISIT and not earlier_aid(session, unit, minutes)["accepted_visits"]:
        return _("Tahap {n} menunggu kunjungan yang disetujui penyelia.").format(n=number)
    return _("Tahap {n} sudah boleh diserahkan.").format(n=number)


def _tools(session: Session, unit: Record, received: Answers) -> Iterator[views.ToolRow]:
    visits = documents_of(session, unit.uid, RecordKind.VISIT)
    asked = {column.code: column for column in form(RecordKind.VISIT).question("asset_checks").columns}
    handed = {column.code: column for column in form(RecordKind.BUSINESS_UNIT).question("tools").columns}
    for _at, row in rows(received, "tools"):
        name, number, unit_code = text(row, "name"), quantity(row), text(row, "unit")
        checks = list(_checks(visits, name, asked["condition"]))
        amount = f"{quantity_words(number)} {unit_code}".strip() if number is not None else ""
        given = handed["condition"].choice_label(row["condition"]) if row.get("condition") else ""
        yield views.ToolRow(
            name=name,
            amount=amount,
            handed_on=text(row, "handed_on") or text(received, "handover_on"),
            condition=checks[-1][1] if checks else given,
            code=checks[-1][2] if checks else text(row, "condition"),
            checked_on=checks[-1][0] if checks else "",
            story="; ".join(f"{short_date(day)} {words.lower()}" for day, words, _code in reversed(checks)),
        )


def _checks(visits: list[Fact], name: str, condition: Question) -> Iterator[tuple[str, str, str]]:
    """(day, condition in words, its code) of every visit that looked at the tool, the oldest first."""
    for fact in visits:
        for _at, row in rows(fact.answers, "asset_checks"):
            if text(row, "name") == name and row.get("condition"):
                yield fact.occurred_on, _(condition.choice_label(row["condition"])), str(row["condition"])
