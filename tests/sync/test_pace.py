"""How much is sent at once and how long is waited."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kube_field.sync.pace import LONGEST_WAIT_SECONDS, BatchSize, pause


def test_edits_begin_with_sixteen_and_new_facts_with_the_announced_limit():
    size = BatchSize()
    size.announced(300)
    assert (size.edits, size.changes) == (16, 300)


def test_quick_answers_double_up_to_the_limit_and_slow_ones_do_not():
    size = BatchSize()
    size.announced(40)
    size.answered(0.5)
    assert (size.edits, size.changes) == (32, 40)
    size.answered(1.9)
    assert (size.edits, size.changes) == (40, 40)
    size.answered(3.0)
    assert (size.edits, size.changes) == (40, 40)


def test_an_answer_of_just_two_seconds_is_not_quick():
    size = BatchSize()
    size.answered(2.0)
    assert size.edits == 16


def test_a_server_that_takes_one_change_at_once_gets_one():
    size = BatchSize()
    size.announced(1)
    size.answered(0.1)
    assert (size.edits, size.changes) == (1, 1)


def test_a_lost_answer_halves_and_one_change_is_the_least():
    size = BatchSize()
    size.announced(4)
    for _time in range(9):
        size.lost()
    assert (size.edits, size.changes) == (1, 1)
    size.answered(0.1)
    assert (size.edits, size.changes) == (2, 2)


def test_what_is_refused_as_too_large_is_sent_by_halves_until_one_is_left():
    size = BatchSize()
    size.announced(500)
    assert size.too_large(10)
    assert (size.edits, size.changes) == (5, 5)
    assert size.too_large(3)
    assert (size.edits, size.changes) == (1, 1), "whole changes"
    assert size.too_large(2)
    assert not size.too_large(1)


@given(st.integers(1, 40), st.integers(0, 300), st.floats(0, 1, exclude_max=True))
def test_a_pause_is_never_shorter_than_the_server_asked_for(failures: int, asked: int, chance: float):
    assert asked <= pause(failures, asked, chance) <= asked + LONGEST_WAIT_SECONDS


def test_the_jitter_is_full_and_grows():
    assert [pause(failures, 0, 1.0) for failures in (1, 2, 3, 9)] == [2.0, 4.0, 8.0, 60.0]
    assert pause(5, 0, 0.0) == 0.0
