"""Which language the program speaks: Indonesian, the language of the source texts, until a catalogue is chosen."""

from __future__ import annotations

import os


def speak_indonesian() -> None:
    """Tell gettext once that no catalogue is wanted; else it searches the disk for one at every single text."""
    os.environ["LANGUAGE"] = "C"
