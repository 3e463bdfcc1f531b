"""What the app writes into an editable record by itself when it is stored: village in words, a unit's first figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kube_field.domain.dates import PRSE_AGES, age_on
from kube_field.domain.forms.answered import day, picked, whole
from kube_field.domain.forms.assessment_computed import INCOMES
from kube_field.domain.forms.person_rules import AGE_CRITERION
from kube_field.domain.records import Answers, RecordKind
from kube_field.usecases.parents import reference_uid
from kube_field.usecases.previous import documents_of
from kube_field.usecases.session import Session


def filled(session: Session, kind: RecordKind, answers: Answers, seen: Answers) -> Answers:
    """The answers with what the app adds; `seen` are those of the record as the officer opened it."""
    fill = FILLED.get(kind)
    return {**answers, **fill(session, answers, seen)} if fill is not None else answers


def _village_in_words(session: Session, answers: Answers, seen: Answers) -> Answers:
    """The village's names as they are today: kept until another village is chosen (handbook 4)."""
    village = answers.get("village_code")
    if not isinstance(village, str) or not village:
        return {}
    if answers.get("village_name_snapshot") and village == seen.get("village_code", village):
        return {}
    return {"village_name_snapshot": session.reference.regions.full_name(village)}


def _criterion_of_age(session: Session, answers: Answers, _seen: Answers) -> Answers:
    """Whether a woman of the PRSE category is 18 to 59 is worked out, not ticked (handbook 5.4)."""
    told = picked(answers, "prse_criteria")
    born = day(answers, "birth_date")
    if born is None or not told:
        return {}
    others = [code for code in told if code != AGE_CRITERION]
    return {"prse_criteria": [AGE_CRITERION, *others] if age_on(born, session.today()) in PRSE_AGES else others}


def _first_figures(session: Session, answers: Answers, _seen: Answers) -> Answers:
    """Turnover, cost and family income by the owner's first assessment (handbook 5.7); what is there stays."""
    owner_uid = reference_uid(answers.get("group_id")) or reference_uid(answers.get("person_id"))
    assessments = documents_of(session, owner_uid, RecordKind.ASSESSMENT) if owner_uid else []
    if not assessments or any(answers.get(code) is not None for code in BASELINE):
        return {}
    first = assessments[0].answers
    revenue, profit = whole(first, "existing_revenue_idr"), whole(first, "existing_profit_idr")
    incomes = [whole(first, code) for code in INCOMES]
    told = {
        "baseline_revenue_idr": revenue,
        "baseline_cost_idr": revenue - profit if revenue is not None and profit is not None else None,
        "baseline_income_idr": sum(income for income in incomes if income is not None) if None not in incomes else None,
    }
    return {code: amount for code, amount in told.items() if amount is not None and amount >= 0}


BASELINE = ("baseline_revenue_idr", "baseline_cost_idr", "baseline_income_idr")
FILLED: Mapping[RecordKind, Callable[[Session, Answers, Answers], Answers]] = {
    RecordKind.PERSON: _criterion_of_age,
    RecordKind.HOUSEHOLD: _village_in_words,
    RecordKind.BUSINESS_UNIT: _first_figures,
}
