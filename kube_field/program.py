"""The program as it lies on this machine: run by Python, or frozen into a folder that brings everything along."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Mapping
from gettext import gettext as _
from pathlib import Path, PurePosixPath

from kube_field.errors import Failure, KubeFieldError

SUMS_FILE = "SHA256SUMS"
PARTS_FOLDER = "_internal"
"""Where the frozen program keeps its libraries and data."""
PORTABLE_FOLDER = "data"
"""Beside a frozen program: the data live in it, so that the whole folder can be carried on a stick."""
NO_CONSOLE = 0x08000000 if sys.platform == "win32" else 0
"""Creation flag of Windows for a child with a console that nobody should see."""
WARNING_BOX = 0x30
NAMED_AT_MOST = 3


def program_folder() -> Path | None:
    """The folder of the frozen program; None when Python runs it."""
    return Path(sys.executable).resolve().parent if getattr(sys, "frozen", False) else None


def portable_folder() -> Path | None:
    """The folder beside the program that holds the data of a portable one."""
    folder = program_folder()
    if folder is None or not (folder / PORTABLE_FOLDER).is_dir():
        return None
    return folder / PORTABLE_FOLDER


def own_command(name: str, module: str) -> list[str]:
    """How a part of this program is started: the executable beside ours when frozen, else this Python's module."""
    folder = program_folder()
    if folder is None:
        return [sys.executable, "-m", module]
    return [str(folder / (f"{name}.exe" if sys.platform == "win32" else name))]


def own_environment() -> dict[str, str]:
    """The environment of a fresh start of this program; without the mark a frozen one takes itself for its child."""
    return {**os.environ, "PYINSTALLER_RESET_ENVIRONMENT": "1"}


def environment_of_others() -> dict[str, str]:
    """The environment of a program that is not ours: it must not find our libraries before its own."""
    around = dict(os.environ)
    if program_folder() is not None:
        original = around.pop("LD_LIBRARY_PATH_ORIG", "")
        around.pop("LD_LIBRARY_PATH", None)
        if original:
            around["LD_LIBRARY_PATH"] = original
    return around


def write_sums(folder: Path) -> None:
    """List every file of a frozen folder with its SHA-256, as sha256sum does."""
    parts = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SUMS_FILE)
    lines = [f"{_sum(path)}  {path.relative_to(folder).as_posix()}\n" for path in parts]
    (folder / SUMS_FILE).write_text("".join(lines), encoding="utf-8", newline="\n")


def read_sums(folder: Path) -> Mapping[PurePosixPath, str]:
    """SHA-256 by file, as the folder's list says; empty without a list."""
    listed = folder / SUMS_FILE
    if not listed.exists():
        return {}
    pairs = (line.split("  ", 1) for line in listed.read_text(encoding="utf-8").splitlines() if "  " in line)
    return {PurePosixPath(name): told for told, name in pairs}


def damaged_files(folder: Path) -> list[str]:
    """Listed files that are gone or no longer what was shipped; reads all of them."""
    return [str(name) for name, told in read_sums(folder).items() if _sum(folder / name) != told]


def require_whole_program() -> None:
    """Refuse to start without a part: virus scanners take single files away. Raises: KubeFieldError with INTEGRITY."""
    folder = program_folder()
    if folder is None:
        return
    gone = [name for name in read_sums(folder) if name.parts[0] == PARTS_FOLDER and not (folder / name).exists()]
    if gone:
        raise KubeFieldError(
            Failure.INTEGRITY,
            _("Program tidak lengkap, berkas ini hilang: {names}.").format(
                names=", ".join(name.name for name in gone[:NAMED_AT_MOST])
            ),
            _("Antivirus mungkin menyingkirkannya. Pasang ulang KUBE Lapangan; data Anda aman dan tidak berubah."),
            code="PROGRAM_INCOMPLETE",
        )


def show_box(text: str) -> None:
    """Say something before there is a window of ours, where there is no console either."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, text, "KUBE Lapangan", WARNING_BOX)


def _sum(path: Path) -> str:
    """SHA-256 of a file, "" when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
