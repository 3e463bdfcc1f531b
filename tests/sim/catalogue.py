"""All seeded bugs, each with the story that catches it."""

from __future__ import annotations

from tests.sim import bugs, stories
from tests.sim.merge_bugs import MERGE_BUGS
from tests.sim.merge_stories import MERGE_STORIES

BUGS = {**bugs.BUGS, **MERGE_BUGS}
STORIES = {**stories.STORIES, **MERGE_STORIES}
