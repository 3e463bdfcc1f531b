"""What pre-test and post-test come to."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.evaluation import evaluate
from kube_field.domain.oral_test import ORAL_QUESTIONS, POINTS
from kube_field.domain.records import RecordKind
from kube_field.domain.training_results import one_decimal, summary_of
from tests.support.make_answers import make_context

SCORES = st.lists(st.tuples(st.none() | st.integers(0, 100), st.none() | st.integers(0, 100)))


def test_means_are_over_those_with_both_results_and_nothing_missing_counts_as_zero():
    found = summary_of([(40, 70), (60, 60), (None, 100), (10, None), (None, None)])
    assert found is not None
    assert found.told() == {
        "pairs": 2,
        "mean_pre": "50",
        "mean_post": "65",
        "change": "15",
        "improved": 1,
        "unpaired": 2,
    }


def test_nobody_with_both_results_gives_no_summary():
    assert summary_of([(50, None), (None, 60)]) is None
    assert summary_of([]) is None


@given(SCORES)
def test_everybody_is_counted_once_whatever_the_order(scores):
    found = summary_of(scores)
    assert summary_of(reversed(scores)) == found
    tested = sum(pre is not None or post is not None for pre, post in scores)
    if found is not None:
        assert found.pairs + found.unpaired == tested
        assert 0 <= found.improved <= found.pairs
        assert found.change == found.mean_post - found.mean_pre


def test_one_decimal_rounds_half_up():
    assert [one_decimal(Fraction(n, 100)) for n in (6250, 7000, 6245, 6244, -350, -4)] == [
        "62.5",
        "70",
        "62.5",
        "62.4",
        "-3.5",
        "0",
    ]


def test_ten_questions_of_ten_points_with_an_answer_each():
    assert len(ORAL_QUESTIONS) == len({one.code for one in ORAL_QUESTIONS}) == 10
    assert POINTS == 10
    assert all(one.question.endswith("?") and one.right for one in ORAL_QUESTIONS)


def judged(**changed):
    told = {
        "event_id": {"uid": "e", "name": "Bimtek"},
        "person_id": {"uid": "p", "name": "Sari"},
        "kind": "pre",
        "score": 70,
        "mode": "tulis",
        **changed,
    }
    answers = {code: value for code, value in told.items() if value is not None}
    return [one.code for one in evaluate(form(RecordKind.TEST_RESULT), answers, make_context()).errors]


def test_a_result_keeps_its_bounds_and_its_rule():
    assert judged() == []
    assert judged(score=0) == judged(score=100) == []
    assert judged(score=101) == ["TOO_LARGE"]
    assert judged(score=-1) == ["TOO_SMALL"]
    assert judged(mode=None) == ["REQUIRED"]
    assert judged(score=None, mode=None) == []  # taken back
    right = [one.code for one in ORAL_QUESTIONS[:7]]
    assert judged(mode="lisan", right_answers=right) == []
    assert judged(mode="lisan", right_answers=right[:6]) == ["ORAL_SCORE"]
    assert judged(mode="lisan", score=0, right_answers=[]) == []
