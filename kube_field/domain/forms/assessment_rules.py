"""What is judged about an assessment across questions (handbook 5.8). Facts of the context that the rules read:

`household` (answers of the family), `batch` (answers of the programme batch). What is missing keeps its rule silent.
"""

from __future__ import annotations

from collections.abc import Iterator
from gettext import gettext as _

from kube_field.domain.forms.answered import fact, galat, peringatan, picked, rows, text, total, whole
from kube_field.domain.forms.assessment_advice import chosen_rule
from kube_field.domain.forms.assessment_computed import (
    EXPENSES,
    expense_total,
    income_total,
    proposed_aid_total,
)
from kube_field.domain.forms.declaration import Context, Finding, Rule
from kube_field.domain.money import show_rupiah
from kube_field.domain.records import Answers

ONCE_EACH = (
    ("skills", "skill_code", "Keterampilan ini sudah diisi."),
    ("demand", "market", "Pasar ini sudah dinilai."),
    ("raw", "material", "Bahan ini sudah dinilai."),
    ("competitors", "idea_code", "Jenis usaha ini sudah diisi."),
    ("interests", "idea_code", "Jenis usaha ini sudah dipilih."),
)


def _expenses_above_income(answers: Answers, context: Context) -> Iterator[Finding]:
    spent, earned = expense_total(answers, context), income_total(answers, context)
    if spent is not None and earned is not None and spent > 2 * earned:
        yield peringatan("EXPENSES_ABOVE_INCOME", EXPENSES[-1], _("Pengeluaran jauh di atas penghasilan."))


def _instalments_agree(answers: Answers, _context: Context) -> Iterator[Finding]:
    instalments = total({str(at): row.get("instalment_idr") for at, row in rows(answers, "debts")}, _places(answers))
    paid = whole(answers, "exp_debt_idr")
    if paid == 0 and instalments:
        message = _("Cicilan utang di bagian D {amount}, tetapi pengeluaran cicilan nol.")
        yield peringatan("INSTALMENTS_DIFFER", "debts", message.format(amount=show_rupiah(instalments)))


def _places(answers: Answers) -> list[str]:
    return [str(at) for at, _row in rows(answers, "debts")]


def _once_each(answers: Answers, _context: Context) -> Iterator[Finding]:
    for table, column, message in ONCE_EACH:
        seen: set[str] = set()
        for at, row in rows(answers, table):
            code = text(row, column)
            if code and code in seen:
                yield galat("ROW_TWICE", table, _(message), at, column)
            seen.add(code)


def _ranks(answers: Answers, _context: Context) -> Iterator[Finding]:
    ranks = [whole(row, "rank") for _at, row in rows(answers, "interests")]
    if None not in ranks and sorted(rank or 0 for rank in ranks) != list(range(1, len(ranks) + 1)):
        yield galat("RANKS", "interests", _("Urutan pilihan harus 1, 2, 3 tanpa yang sama."))


def _wished_and_refused(answers: Answers, _context: Context) -> Iterator[Finding]:
    refused = set(picked(answers, "refuse"))
    wished = {text(row, "idea_code") for _at, row in rows(answers, "interests")}
    if refused & wished:
        yield galat("WISHED_AND_REFUSED", "refuse", _("Usaha yang sama diminati dan ditolak."))
    if text(answers, "chosen_idea") in refused:
        yield peringatan(
            "CHOSEN_REFUSED", "chosen_idea", _("Penerima menyatakan tidak bersedia menjalankan usaha ini.")
        )


def _raw_of_wishes(answers: Answers, context: Context) -> Iterator[Finding]:
    """Every wished business needs its material rated; without the idea catalogue nothing can be said."""
    if context.reference is None or not rows(answers, "raw"):
        return
    rated = {text(row, "material") for _at, row in rows(answers, "raw")}
    ideas = [context.reference.idea(text(row, "idea_code")) for _at, row in rows(answers, "interests")]
    missing = [idea.name_id for idea in ideas if idea is not None and idea.raw and idea.raw not in rated]
    if missing:
        message = _("Nilai juga bahan baku untuk: {ideas}.").format(ideas=", ".join(missing))
        yield galat("RAW_NOT_RATED", "raw", message)


def _aid_within_batch(answers: Answers, context: Context) -> Iterator[Finding]:
    proposed, allowed = proposed_aid_total(answers, context), whole(fact(context, "batch"), "unit_amount_idr")
    if proposed is not None and allowed is not None and proposed > allowed:
        message = _("Jumlah usulan {proposed} melebihi nilai bantuan {allowed}.")
        yield peringatan(
            "AID_ABOVE_UNIT_AMOUNT",
            "proposed_aid",
            message.format(proposed=show_rupiah(proposed), allowed=show_rupiah(allowed)),
        )


def _no_quantity(answers: Answers, _context: Context) -> Iterator[Finding]:
    for at, row in rows(answers, "proposed_aid"):
        if text(row, "qty") and not text(row, "qty").strip("-0."):
            yield galat("QUANTITY_ZERO", "proposed_aid", _("Jumlah harus lebih dari nol."), at, "qty")


def _idea_for_scheme(answers: Answers, context: Context) -> Iterator[Finding]:
    idea = context.reference.idea(text(answers, "chosen_idea")) if context.reference is not None else None
    if idea is None:
        return
    fits = {"group": idea.group, "person": idea.individual}.get(text(answers, "subject_kind"), True)
    if not fits:
        yield peringatan("IDEA_OTHER_SCHEME", "chosen_idea", _("Tidak cocok untuk skema ini."))


ASSESSMENT_RULES: tuple[Rule, ...] = (
    _expenses_above_income,
    _instalments_agree,
    _once_each,
    _ranks,
    _wished_and_refused,
    _raw_of_wishes,
    _aid_within_batch,
    _no_quantity,
    _idea_for_scheme,
)
ASSESSMENT_RULES_2: tuple[Rule, ...] = (*ASSESSMENT_RULES, chosen_rule)
