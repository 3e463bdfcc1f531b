"""Paket program: what the province offers, with its amounts, tranches and limits, and how many units take part."""

from __future__ import annotations

from collections import Counter
from gettext import gettext as _

from kube_field.domain.forms.answered import rows, text, whole
from kube_field.domain.forms.catalogue import form
from kube_field.domain.money import show_rupiah
from kube_field.domain.records import Answers, Draft, Record, RecordKind
from kube_field.usecases import views
from kube_field.usecases.answer_text import answered_sections
from kube_field.usecases.drafts import begin_draft
from kube_field.usecases.people import past_values, the_record
from kube_field.usecases.permissions import may_write
from kube_field.usecases.session import Session


def batches(session: Session) -> list[views.BatchRow]:
    """Every batch of this laptop, the newest year first."""
    counts = Counter(unit.batch_uid for unit in session.store.listings.units())
    found = [_row(batch, counts[batch.uid]) for batch in session.store.records.where(RecordKind.PROGRAM_BATCH)]
    return sorted(found, key=lambda row: (-row.year, row.name.casefold()))


def begin_batch(session: Session) -> Draft:
    """A new batch, for the province's administrator. Raises: KubeFieldError NOT_ALLOWED."""
    return begin_draft(session, kind=RecordKind.PROGRAM_BATCH)


def batch_profile(session: Session, *, uid: str) -> views.Profile:
    """One batch with everything that the form asks, and its units.

    Raises: KubeFieldError VALIDATION when the batch is not on this laptop.
    """
    batch = the_record(session, uid, RecordKind.PROGRAM_BATCH)
    declared = form(batch.kind)
    row = _row(batch, 0)
    sections = answered_sections(declared, batch.answers, session.reference, with_rows=True)
    return views.Profile(
        uid=uid,
        kind=batch.kind,
        title=row.name,
        subtitle=" · ".join(part for part in (row.scheme, str(row.year or ""), row.amount) if part),
        sections=tuple((title, tuple((line.label, line.text) for line in lines)) for title, lines in sections),
        units=tuple(unit for unit in session.store.listings.units() if unit.batch_uid == uid),
        history=tuple(past_values(session, batch)),
        may_edit=may_write(session.officer, RecordKind.PROGRAM_BATCH),
    )


def _row(batch: Record, units: int) -> views.BatchRow:
    answers, declared = batch.answers, form(batch.kind)
    amount = whole(answers, "unit_amount_idr")

    def chosen(code: str) -> str:
        return _(declared.question(code).choice_label(answers[code])) if answers.get(code) else ""

    return views.BatchRow(
        uid=batch.uid,
        name=text(answers, "name"),
        scheme=chosen("scheme"),
        year=whole(answers, "fiscal_year") or 0,
        source=chosen("funding_source"),
        amount=show_rupiah(amount) if amount is not None else "",
        tranches=tranche_words(answers),
        members=_members_words(answers),
        plan=chosen("visit_plan_code"),
        units=units,
        target=sum(whole(row, "units") or 0 for _at, row in rows(answers, "target_units")),
    )


def tranche_words(batch: Answers) -> str:
    """How a batch pays out: 50% + 50% setelah kunjungan."""
    told = []
    for _at, row in sorted(rows(batch, "tranches"), key=lambda pair: whole(pair[1], "no") or 0):
        share = f"{whole(row, 'percent') or 0}%"
        waits = text(row, "condition") == "setelah_kunjungan"
        told.append(_("{share} setelah kunjungan").format(share=share) if waits else share)
    return " + ".join(told)


def _members_words(batch: Answers) -> str:
    least, most = whole(batch, "min_members"), whole(batch, "max_members")
    return f"{least}–{most}" if least is not None and most is not None else ""
