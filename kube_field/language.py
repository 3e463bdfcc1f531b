"""Which language the program speaks: Indonesian, the language of the source texts, until a catalogue is chosen."""

from __future__ import annotations

import gettext
import os
from functools import cache


def speak_indonesian() -> None:
    """Tell gettext once that no catalogue is wanted; else it searches the disk for one at every single text.

    Where a catalogue would lie is worked out once, too: gettext does so at every text, a third of the time that a page
    takes to come to be.
    """
    os.environ["LANGUAGE"] = "C"
    vars(gettext)["find"] = cache(gettext.find)
