"""A paper as a child process reads it and tells it, in one line of JSON."""

from __future__ import annotations

import threading
from contextlib import suppress
from gettext import gettext as _
from pathlib import Path
from typing import IO

import msgspec

from kube_field.errors import KubeFieldError
from kube_field.media.codes import PaperFile, Wanted, brought_file, read_paper, refused_paper
from kube_field.reading_apart import PAPER, bound_memory, refusal, told_apart

SECONDS = 300
"""A scan of many pages without any code is looked at again and again."""


def read_paper_apart(path: Path, cancelled: threading.Event | None = None) -> PaperFile:
    """What a file shows, as a child process reads it; setting `cancelled` ends the child.

    Raises: KubeFieldError FILE_REFUSED, also when it was ended.
    """
    with told_apart(PAPER, path, SECONDS, cancelled) as lines, suppress(msgspec.ValidationError):
        for told in lines:
            return msgspec.convert(told, PaperFile)
    raise refused_paper("FILE_BROKE_READER", _("Berkas ini tidak dapat dibaca dengan aman."))


def write_paper(path: Path, wanted: Wanted, out: IO[bytes]) -> int:
    """What the child does: tells the paper, or why it is refused; the exit code."""
    bound_memory()
    try:
        paper = read_paper(brought_file(path), wanted)
    except KubeFieldError as failure:
        out.write(msgspec.json.encode(refusal(failure)) + b"\n")
        return int(failure.failure)
    out.write(msgspec.json.encode(paper) + b"\n")
    return 0
