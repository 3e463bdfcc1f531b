"""Small files that are there whole or not at all, also after a power cut."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

TRIES = 40
FIRST_PAUSE, LONGEST_PAUSE = 0.01, 0.1
"""Seconds; together about 3.5 s, for antivirus programs that hold a file for moments (WinError 5, 32, 33)."""


def write_durably(path: Path, content: bytes) -> None:
    """Replace a file: write beside it, fsync, rename, fsync the folder. The file is readable by its owner only.

    Raises: OSError; the old content is then still there and no temporary file is left.
    """
    temporary = path.with_name(path.name + ".tmp")
    try:
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, 0o600), "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        replace_patiently(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(path.parent)


def replace_patiently(source: Path, target: Path) -> None:
    """Rename over a file, again and again for a few seconds while another program holds it. Raises: OSError."""
    pause = FIRST_PAUSE
    for left in range(TRIES, 0, -1):
        try:
            os.replace(source, target)
        except PermissionError:
            if left == 1:
                raise
            time.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        else:
            return


_BINARY = getattr(os, "O_BINARY", 0)


def sync_folder(folder: Path) -> None:
    """Make a rename last; Windows has no such call and does not need it."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
