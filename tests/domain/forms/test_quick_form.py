"""The quick look at answers says what the form says, whatever the answers are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kube_field.domain.forms.catalogue import FORMS
from kube_field.domain.forms.declaration import Context, Form, Stage
from kube_field.domain.forms.evaluation import evaluate
from kube_field.domain.forms.quick import QuickForm
from kube_field.reference import load_reference
from tests.bench.peers.visit_form import MEASURED_VISIT_FORM, answers_of
from tests.bench.peers.visits import visits
from tests.support import make_answers as make

REFERENCE = load_reference()
CONTEXT = Context(make.TODAY, Stage.FINAL, REFERENCE)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=12)
    | st.sampled_from(["", " ", "tidak_tahu", "\x00", "1.5", "-0", "2026-11-23", "berjalan", "x" * 3000, 10**12]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "uid", "waived", "a"]), inner),
    max_leaves=6,
)
WHOLE = {
    "visit": make.complete_visit("group"),
    "assessment": make.complete_assessment(),
    "household": make.complete_household(),
    "person": make.complete_person(),
    "attendance": make.complete_attendance(),
    "aid": make.complete_aid(),
    "business_unit": make.complete_unit(),
    "consent": make.complete_consent(),
}


@pytest.mark.parametrize("kind", WHOLE)
@given(data=st.data())
@settings(max_examples=40)
def test_complete_answers_with_broken_places_get_the_same_word(kind, data):
    declared = next(one for one in FORMS if one.kind == kind)
    whole = WHOLE[kind]
    broken = data.draw(st.dictionaries(st.sampled_from(sorted(whole)), VALUES, max_size=2))
    left_out = data.draw(st.sets(st.sampled_from(sorted(whole)), max_size=1))
    assert_same_word(declared, {name: v for name, v in {**whole, **broken}.items() if name not in left_out})


@given(data=st.data())
def test_plain_answers_get_the_same_word(data):
    whole = answers_of(next(visits(1)))
    assert_same_word(MEASURED_VISIT_FORM, whole)
    assert_same_word(
        MEASURED_VISIT_FORM, {**whole, **data.draw(st.dictionaries(st.sampled_from(sorted(whole)), VALUES))}
    )


def assert_same_word(declared: Form, answers) -> None:
    assert QuickForm(declared).has_errors(answers, CONTEXT) == bool(evaluate(declared, answers, CONTEXT).errors)
