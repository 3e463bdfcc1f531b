"""Between two attempts a run sleeps; who cancels it need not wait for the end of the sleep."""

from __future__ import annotations

import pytest

from kube_field.usecases.sync import PIECE_SECONDS, rest


def test_a_rest_lasts_as_long_as_it_was_asked_for():
    slept: list[float] = []
    rest(0.25, lambda: False, slept.append)
    assert sum(slept) == pytest.approx(0.25)


def test_a_cancelled_rest_ends_with_the_piece_that_is_going_on():
    slept: list[float] = []
    rest(60.0, lambda: bool(slept), slept.append)
    assert slept == [PIECE_SECONDS]
