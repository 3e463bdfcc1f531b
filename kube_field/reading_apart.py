"""Reads what strangers made in a process of its own with little memory: what breaks its reader breaks nothing more."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import msgspec

from kube_field.errors import Failure, KubeFieldError
from kube_field.program import NO_CONSOLE, own_command, own_environment

SHEET, PAPER = "read-sheet", "read-paper"
"""Hidden words by which the program is started as the child; the file follows."""
MEMORY_BYTES = 1024 * 1024 * 1024
"""Address space of the child where the system can bound it; a sheet of 30,000 rows needs a third of it."""


@contextmanager
def told_apart(
    command: str, path: Path, seconds: int, cancelled: threading.Event | None = None
) -> Iterator[Iterator[Any]]:
    """What a child tells of a file, line by line, as far as it comes; setting `cancelled` ends the child.

    Raises: KubeFieldError FILE_REFUSED, in the child's own words.
    """
    with subprocess.Popen(
        [*_program(), command, str(path.absolute())],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        creationflags=NO_CONSOLE,
        env=own_environment(),
    ) as child:
        over = threading.Event()
        watch = threading.Thread(target=_watch, args=(child, seconds, over, cancelled), daemon=True)
        watch.start()
        try:
            yield _lines(child.stdout) if child.stdout is not None else iter(())
        finally:
            over.set()
            child.kill()
            watch.join()


def _watch(
    child: subprocess.Popen[bytes], seconds: int, over: threading.Event, cancelled: threading.Event | None
) -> None:
    """End the child when it takes too long or nobody wants its answer any more."""
    for _tenth in range(seconds * 10):
        if over.wait(0.1):
            return
        if cancelled is not None and cancelled.is_set():
            break
    child.kill()


def _program() -> Sequence[str]:
    """This program, frozen or not."""
    return own_command("kube-field", "kube_field")


def _lines(lines: IO[bytes]) -> Iterator[Any]:
    for line in lines:
        try:
            told = msgspec.json.decode(line)
        except msgspec.DecodeError:
            return
        if isinstance(told, dict) and "refused" in told:
            raise KubeFieldError(
                Failure.FILE_REFUSED, str(told["sentence"]), str(told["action"]), code=str(told["refused"])
            )
        yield told


def refusal(failure: KubeFieldError) -> Mapping[str, str]:
    """The line by which a child tells that a file is refused."""
    return {"refused": failure.code, "sentence": failure.sentence, "action": failure.action}


def bound_memory() -> None:
    """Windows has no such bound; there the sizes that were looked at before are what bounds it."""
    if sys.platform != "win32":
        import resource

        _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(MEMORY_BYTES, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
