"""The order of writing, as far as it is told: nothing is left out, whatever is told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kube_field.server.written import in_written_order

NAMES = [f"c{n}" for n in range(8)]
ANYTHING_TOLD = st.dictionaries(st.sampled_from(NAMES), st.sampled_from([None, "", "elsewhere", *NAMES]))


@given(st.permutations(NAMES))
def test_a_line_is_put_in_order_whatever_order_it_comes_in(order: list[str]):
    before = dict(zip(NAMES, ["", *NAMES], strict=False))
    assert in_written_order({name: before[name] for name in order}) == NAMES


@given(ANYTHING_TOLD)
def test_each_comes_once_also_where_the_words_go_in_a_circle(told: dict[str, str | None]):
    assert sorted(in_written_order(told)) == sorted(told)


@given(st.dictionaries(st.sampled_from(NAMES), st.sampled_from([None, "", "elsewhere"])))
def test_where_nothing_of_them_is_told_the_order_given_stays(told: dict[str, str | None]):
    assert in_written_order(told) == list(told)
