"""The real command line in a process of its own, and a laptop's folder that it can open."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kube_field import cli
from kube_field.assembly import OpenLaptop, open_laptop, set_up_laptop, system_wiring
from kube_field.domain.records import Officer, Role
from kube_field.paths import AppPaths
from kube_field.storage.vault.argon import FALLBACK, ArgonCost
from kube_field.usecases.ports import Wiring
from tests.support.laptop import KECAMATAN

ROOT = Path(__file__).parents[2]
USER, PASSWORD = "rina", "padi ladang pisang sagu enau"


@dataclass(frozen=True)
class Ran:
    """How a command ended: exit code, JSON lines, text for people."""

    code: int
    lines: list[dict[str, Any]]
    err: str


def command(folder: Path | None, *words: str, user: str = USER, password: bool = True) -> list[str]:
    """The words of a command on a laptop's folder; passwords never stand in them."""
    options = [] if folder is None else ["--data-dir", str(folder)]
    who = ["--user", user] if user else []
    return [sys.executable, "-m", "kube_field", *options, *who, *(["--password-stdin"] if password else []), *words]


def typed(lines: Iterable[Any], password: str | None = PASSWORD) -> bytes:
    """What goes into a command: the password, then one JSON a line (texts as they are)."""
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    return "".join(f"{text}\n" for text in ([] if password is None else [password]) + texts).encode()


def kube_process(
    folder: Path | None,
    *words: str,
    lines: Iterable[Any] = (),
    password: str | None = PASSWORD,
    user: str = USER,
    prefix: Sequence[str] = (),
    env: Mapping[str, str] | None = None,
) -> Ran:
    """Run a command to its end; it may fail, but it never shows a traceback and prints nothing but JSON lines."""
    done = subprocess.run(
        [*prefix, *command(folder, *words, user=user, password=password is not None)],
        input=typed(lines, password),
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        timeout=100,
        check=False,
    )
    return _ran(done.returncode, done.stdout, done.stderr)


def kube(
    folder: Path | None,
    *words: str,
    lines: Iterable[Any] = (),
    password: str | None = PASSWORD,
    user: str = USER,
) -> Ran:
    """The same in this process: for the many cases whose start-up would cost more than the work."""
    arguments = command(folder, *words, user=user, password=password is not None)[3:]
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _stream in range(2))
    before, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(typed(lines, password)), encoding="utf-8")
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = cli.main(arguments)
    except SystemExit as stop:
        code = int(stop.code or 0)
    finally:
        sys.stdin = before
    out.flush()
    err.flush()
    return _ran(code, out.buffer.getvalue(), err.buffer.getvalue())  # type: ignore[attr-defined]


def _ran(code: int, out: bytes, err: bytes) -> Ran:
    text, told = out.decode("utf-8"), err.decode("utf-8")
    assert "Traceback" not in text + told
    return Ran(code, [json.loads(line) for line in text.splitlines()], told)


def officer_of(name: str, *, areas: tuple[str, ...] = (KECAMATAN,), role: Role = Role.PENDAMPING) -> Officer:
    """An officer before any server named him."""
    return Officer(str(uuid.uuid4()), name, role, areas, "198501012010012001", "Dinas Sosial")


def set_up(
    folder: Path,
    *,
    user: str = USER,
    officer: Officer | None = None,
    now: datetime | None = None,
    cost: ArgonCost = FALLBACK,
) -> OpenLaptop:
    """A new laptop, open; its clock stands still at `now`, if given."""
    wiring = system_wiring() if now is None else Wiring(now=lambda: now, new_id=system_wiring().new_id)
    return set_up_laptop(
        AppPaths(folder),
        user=user,
        password=PASSWORD,
        officer=officer or officer_of("Rina"),
        wiring=wiring,
        cost=cost,
    )


def reopened(folder: Path, *, user: str = USER) -> OpenLaptop:
    """The laptop of a folder, opened in this process."""
    return open_laptop(AppPaths(folder), user=user, password=PASSWORD, wiring=system_wiring())


def copied(source: Path, target: Path) -> Path:
    """A copy of a closed laptop's folder."""
    shutil.copytree(source, target)
    return target
