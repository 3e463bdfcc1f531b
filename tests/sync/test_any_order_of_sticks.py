"""Online runs and courier files in any order, any number of times, whole, broken, old, foreign: nothing twice (T14)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kube_field.server.courier import take_bundle
from kube_field.wire.refusals import Refusal
from tests.support.road import Road, road

WHERE = st.integers(0, 5)
PLACE = st.floats(0, 1, allow_nan=False, exclude_max=True)
DEEDS = st.one_of(
    st.tuples(st.sampled_from(["write", "write", "online", "give", "give", "take", "take", "carry"])),
    st.tuples(st.sampled_from(["unknown", "ask again", "known", "image", "breaks off"])),
    st.tuples(st.sampled_from(["office", "put back"]), WHERE),
    st.tuples(st.sampled_from(["cut off", "flip", "again", "swap"]), WHERE, PLACE),
    st.tuples(st.just("foreign")),
)
STORIES = st.lists(DEEDS, max_size=14)
USUAL = [("write",), ("give",), ("carry",), ("take",)]

TWICE = [("give",), ("give",)]
LOST = [("put back", 0), ("breaks off",)]


def holds(story: list[tuple[object, ...]]) -> None:
    with road() as going:
        for deed in story:
            going.do(*deed)  # type: ignore[arg-type]
            going.check()
        going.settle()


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(STORIES)
@example([*USUAL, *USUAL, ("take",)])
@example([("write",), ("give",), ("online",), ("office", 0), ("take",), ("write",), ("office", 0), ("take",)])
@example([("write",), ("give",), ("give",), ("office", 1), ("office", 0), ("office", 1), ("take",), ("take",)])
@example([("write",), ("give",), ("office", 0), ("flip", 0, 0.5), ("cut off", 1, 0.7), ("swap", 0, 0.5), ("take",)])
@example([("write",), ("foreign",), ("give",), ("carry",), ("again", 0, 0.0), ("take",), ("office", 2), ("take",)])
@example([("unknown",), ("give",), ("office", 0), ("take",), ("ask again",), ("take",), ("known",), *USUAL])
@example([("image",), *USUAL, ("put back", 0), ("breaks off",), ("take",), *USUAL])
@example([("image",), *USUAL, ("put back", 0), ("give",), ("carry",), ("take",), ("take",), *USUAL, ("take",)])
@example([("image",), ("write",), *TWICE, ("office", 0), ("take",), ("office", 1), *LOST, ("take",)])
@example([("image",), ("write",), *TWICE, ("office", 1), ("take",), ("office", 0), *LOST, ("take",)])
def test_any_order_of_runs_and_files_loses_nothing_and_doubles_nothing(story: list[tuple[object, ...]]):
    holds(story)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@settings(max_examples=400, suppress_health_check=list(HealthCheck))
@given(STORIES)
def test_four_hundred_stories_of_runs_and_files(story: list[tuple[object, ...]]):
    holds(story)


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(data=st.binary(max_size=600), cut=PLACE, flips=st.lists(st.tuples(PLACE, st.integers(1, 255)), max_size=4))
def test_a_file_with_any_damage_is_refused_whole(given_file: bytes, on_the_road: Road, data, cut, flips):
    content = bytearray(given_file)
    for place, bits in flips:
        content[int(place * len(content))] ^= bits
    for spoilt in (
        bytes(content),
        bytes(content[: int(cut * len(content))]),
        given_file + data,
        data,
        given_file[:40] + data,
    ):
        if spoilt == given_file:
            continue
        with pytest.raises(Refusal):
            take_bundle(on_the_road.server.house, spoilt)
        assert on_the_road.server.count("intake") == 0


@pytest.fixture(scope="module")
def on_the_road() -> Iterator[Road]:
    with road() as going:
        yield going


@pytest.fixture(scope="module")
def given_file(on_the_road: Road) -> bytes:
    on_the_road.do("write")
    on_the_road.do("give")
    (path,) = on_the_road._files()
    return path.read_bytes()
