"""Whatever JSON a draft, a sheet or the wire brings, judging it gives findings and never an exception."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kube_field.domain.forms.catalogue import FORMS, form
from kube_field.domain.forms.declaration import Context, Form, Kind, Question, Severity, Stage, choices
from kube_field.domain.forms.evaluation import evaluate, finalised_answers
from kube_field.domain.forms.kinds import check_value
from kube_field.domain.records import RecordKind
from kube_field.domain.rules.result import Background, EarlierVisit, judged
from kube_field.domain.rules.stage import GroupData
from kube_field.reference import load_reference
from tests.support import make_answers as make

REFERENCE = load_reference()
CONTEXT = make.make_context(reference=REFERENCE)
FEW = settings(max_examples=max(10, settings().max_examples // 4))
"""Of each of the many kinds and forms; other ones in every run, and more of them in the slow one."""
WORDS = st.sampled_from(
    ["", "tidak_tahu", "2026-11-23", "2026-02-30", "10:30", "1.5", "64.02.12.2002", make.NIK, make.KK, "0812", "hadir"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | WORDS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=8) | st.sampled_from(["id", "uid", "name", "struck", "waived"]), inner)
    ),
    max_leaves=12,
)
FACTS = st.dictionaries(
    st.sampled_from(
        [
            "area_codes",
            "assisted",
            "batch",
            "consents",
            "due_on",
            "event",
            "existing_niks",
            "graduated",
            "group_names",
            "handover_on",
            "household",
            "household_niks",
            "members",
            "memberships",
            "previous",
            "stage_judged",
            "subject",
            "village_code",
        ]
    ),
    JSON,
)


def question_of(kind: Kind) -> Question:
    columns = (Question(code="a", label="A", kind=Kind.TEXT),) if kind == Kind.ROWS else ()
    return Question(code="q", label="Q", kind=kind, choices=choices(("0", "Nol"), ("a", "A")), columns=columns)


@pytest.mark.parametrize("kind", list(Kind))
@given(value=JSON)
@FEW
def test_any_value_for_any_kind_gives_findings(kind, value):
    said = list(check_value(question_of(kind), value, CONTEXT))
    assert all(isinstance(severity, Severity) and code and message for code, severity, message in said)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in (Kind.COMPUTED, Kind.DATE)])
@pytest.mark.parametrize("value", [{"x": 1}, [1], 7.5, True, [[{}]]])
def test_a_wrong_shape_is_an_error(kind, value):
    if (kind, value) == (Kind.YES_NO, True):
        return
    assert any(
        severity == Severity.GALAT for _code, severity, _message in check_value(question_of(kind), value, CONTEXT)
    )


@pytest.mark.parametrize("declared", FORMS, ids=lambda one: one.kind)
@given(data=st.data())
@FEW
def test_any_answers_and_any_facts_are_judged(declared: Form, data):
    codes = [question.code for question in declared.questions()]
    answers = data.draw(st.dictionaries(st.sampled_from(codes), JSON, max_size=8))
    context = Context(make.TODAY, data.draw(st.sampled_from(Stage)), REFERENCE, data.draw(FACTS))
    judged = evaluate(declared, answers, context)
    assert 0 <= judged.percent <= 100
    assert {finding.question for finding in judged.findings} <= judged.applicable
    finalised_answers(declared, answers, context)


@pytest.mark.parametrize(
    ("kind", "whole"),
    [
        ("visit", make.complete_visit("group")),
        ("assessment", make.complete_assessment()),
        ("household", make.complete_household()),
        ("program_batch", make.complete_batch()),
        ("training_event", make.complete_training()),
        ("person", make.complete_person()),
        ("kube_group", make.complete_group()),
    ],
)
@given(data=st.data())
@FEW
def test_complete_answers_with_broken_places_are_judged(kind, whole, data):
    declared = next(one for one in FORMS if one.kind == kind)
    broken = data.draw(st.dictionaries(st.sampled_from(sorted(whole)), JSON, min_size=1, max_size=3))
    context = Context(make.TODAY, Stage.FINAL, REFERENCE, data.draw(FACTS))
    judged = evaluate(declared, {**whole, **broken}, context)
    assert judged.applicable


@FEW
@given(rows=st.lists(st.fixed_dictionaries({"id": st.text(), "code": JSON, "severity": JSON}), max_size=5))
def test_any_rows_of_constraints_are_judged(rows):
    declared = next(one for one in FORMS if one.kind == "visit")
    judged = evaluate(declared, make.complete_visit(constraints=rows), CONTEXT)
    assert all(finding.row is None or 0 <= finding.row < len(rows) for finding in judged.of_question("constraints"))


@given(data=st.data())
@settings(max_examples=max(30, settings().max_examples))
def test_any_visit_of_a_known_unit_is_judged_with_result_stage_and_paragraph(data):
    """What only a laptop knows, in its own shape, beside any answers of now and of the last visit."""
    declared = form(RecordKind.VISIT)
    codes = [question.code for question in declared.questions()]
    whole = make.complete_visit(data.draw(st.sampled_from(["group", "person"])), assess_stage=True)
    answers = {**whole, **data.draw(st.dictionaries(st.sampled_from(codes), JSON, max_size=8))}
    before = {**whole, **data.draw(st.dictionaries(st.sampled_from(codes), JSON, max_size=8))}
    behind = Background(
        capital_base_idr=data.draw(st.none() | st.integers(-5, 10**12)),
        poverty_line_idr=data.draw(st.none() | st.integers(0, 10**7)),
        handover_on=data.draw(st.none() | st.dates()),
    )
    last = judged(before, behind)
    if last is not None:
        behind = replace(behind, earlier=(EarlierVisit("2026-10-20", last.figures, last.score, last.final),))
    facts = {**data.draw(FACTS), "background": behind, "group_data": GroupData(), "previous": before}
    context = Context(today=make.TODAY, reference=REFERENCE, facts=facts)
    found = evaluate(declared, answers, context)
    assert evaluate(declared, answers, context) == found
    for code, one in found.proposed.items():
        said = check_value(declared.question(code), one.value, context)
        assert all(severity != Severity.GALAT for _code, severity, _message in said), (code, one)
