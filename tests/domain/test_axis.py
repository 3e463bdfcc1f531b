"""The scale of a chart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kube_field.domain.axis import MOST_STEPS, axis_over
from kube_field.domain.money import short_rupiah

AMOUNTS = st.integers(-99_999_999_999, 99_999_999_999)


@given(st.lists(AMOUNTS))
def test_every_value_and_zero_lie_on_the_scale(values: list[int]):
    axis = axis_over(values)
    assert axis.low <= min([0, *values])
    assert max([0, *values]) <= axis.high
    assert 0 in axis.ticks
    assert 2 <= len(axis.ticks) <= MOST_STEPS + 1
    assert axis.ticks[-1] == axis.high


@given(st.lists(AMOUNTS, min_size=1))
def test_steps_are_round(values: list[int]):
    step = axis_over(values).step
    assert str(step).rstrip("0") in ("1", "2", "5")


def test_a_scale_of_turnover_and_loss():
    assert axis_over([3_600_000, 2_900_000, -350_000]).ticks == (-2_000_000, 0, 2_000_000, 4_000_000)


def test_nothing_to_draw_still_has_two_lines():
    assert axis_over([]).ticks == (0, 1)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "0"),
        (999, "999"),
        (1_000, "1 rb"),
        (1_250, "1,3 rb"),
        (250_000, "250 rb"),
        (999_949, "999,9 rb"),
        (999_950, "1 jt"),
        (2_500_000, "2,5 jt"),
        (20_000_000, "20 jt"),
        (1_200_000_000, "1,2 M"),
        (-350_000, "−350 rb"),
    ],
)
def test_amounts_are_short_beside_a_scale(amount: int, words: str):
    assert short_rupiah(amount) == words
