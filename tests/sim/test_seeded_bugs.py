"""The simulator catches what it is there for: every seeded bug breaks an invariant in a story that holds without it."""

from __future__ import annotations

import logging

import pytest

from tests.sim.catalogue import BUGS, STORIES
from tests.sim.stories import Story, tell


@pytest.fixture(autouse=True)
def _quiet_log(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.CRITICAL)


def test_every_seeded_bug_has_its_story():
    assert STORIES.keys() == BUGS.keys()


@pytest.mark.parametrize("story", dict.fromkeys(STORIES.values()), ids=lambda story: story.__name__)
def test_the_story_holds_without_a_bug(story: Story):
    assert tell(story) == ""


@pytest.mark.parametrize("bug", STORIES)
def test_the_seeded_bug_is_caught(bug: str):
    assert tell(STORIES[bug], BUGS[bug])
