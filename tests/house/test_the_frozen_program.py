"""What the program does differently where it lies frozen in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kube_field.demo_server import server_command
from kube_field.errors import Failure, KubeFieldError
from kube_field.logs import STREAM_FILE, give_missing_streams
from kube_field.paths import default_paths
from kube_field.program import (
    damaged_files,
    environment_of_others,
    own_environment,
    program_folder,
    require_whole_program,
    write_sums,
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as the frozen program has it, and a Python that takes itself for it."""
    made = tmp_path / "KUBE Lapangan"
    (made / "_internal").mkdir(parents=True)
    (made / "kube-field").write_bytes(b"program")
    (made / "_internal" / "libqt.so").write_bytes(b"library")
    (made / "LICENSE").write_text("licence", encoding="utf-8")
    write_sums(made)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(made / "kube-field"))
    return made.resolve()


def test_run_by_python_there_is_no_folder_and_nothing_to_miss() -> None:
    assert program_folder() is None
    require_whole_program()
    assert list(server_command()) == [sys.executable, "-m", "kube_field.server.cli"]


def test_every_file_is_listed_as_sha256sum_lists_it(folder: Path) -> None:
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert [line[66:] for line in lines] == ["LICENSE", "_internal/libqt.so", "kube-field"]
    assert all(len(line.split("  ")[0]) == 64 for line in lines)
    assert damaged_files(folder) == []


def test_a_file_that_was_changed_or_taken_away_is_named(folder: Path) -> None:
    (folder / "kube-field").write_bytes(b"Program")
    (folder / "_internal" / "libqt.so").unlink()
    assert damaged_files(folder) == ["_internal/libqt.so", "kube-field"]


def test_the_program_does_not_start_without_a_part_and_names_it(folder: Path) -> None:
    require_whole_program()
    (folder / "LICENSE").unlink()
    require_whole_program()
    (folder / "_internal" / "libqt.so").unlink()
    with pytest.raises(KubeFieldError, match=r"libqt\.so.*[Pp]asang ulang.*aman") as refusal:
        require_whole_program()
    assert refusal.value.failure == Failure.INTEGRITY


def test_the_server_is_the_executable_beside_ours(folder: Path) -> None:
    name = "kube-field-server.exe" if sys.platform == "win32" else "kube-field-server"
    assert list(server_command()) == [str(folder / name)]


def test_data_lie_beside_a_portable_program_only(folder: Path) -> None:
    assert not default_paths().data_dir.is_relative_to(folder)
    (folder / "data").mkdir()
    assert default_paths().data_dir == folder / "data" / "kube-field"
    assert default_paths(demo=True).data_dir == folder / "data" / "kube-field-contoh"


def test_other_programs_do_not_find_our_libraries(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", str(folder / "_internal"))
    assert "LD_LIBRARY_PATH" not in environment_of_others()
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/opt/lib")
    assert environment_of_others()["LD_LIBRARY_PATH"] == "/opt/lib"
    assert own_environment()["PYINSTALLER_RESET_ENVIRONMENT"] == "1"


WITHOUT_CONSOLE = """
import sys
sys.stdin = sys.stdout = sys.stderr = None
from kube_field.cli import main
code = main(["--user", "rina", "init"])
sys.stderr.write("6402124806680001 selesai " + repr(sys.stdin.read()))
raise SystemExit(code)
"""


def run_without_console(home: Path) -> int:
    """The command line as a windowed program of Windows runs it, every stream None; the exit code."""
    around = {**os.environ, "XDG_DATA_HOME": str(home), "LOCALAPPDATA": str(home)}
    return subprocess.run([sys.executable, "-c", WITHOUT_CONSOLE], env=around, check=False, timeout=60).returncode


def test_what_a_windowed_program_says_goes_to_a_file_without_long_numbers(tmp_path: Path) -> None:
    assert run_without_console(tmp_path) == Failure.USAGE
    (told,) = tmp_path.rglob(STREAM_FILE)
    assert told.parent.name == "log"
    assert "Kata sandi diperlukan." in told.read_text(encoding="utf-8")
    assert told.read_text(encoding="utf-8").endswith("# selesai ''")


def test_a_windowed_program_starts_where_no_log_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "kube-field").write_bytes(b"")
    assert run_without_console(tmp_path) == Failure.USAGE


def test_a_program_with_a_console_keeps_it(tmp_path: Path) -> None:
    before = sys.stderr
    assert not give_missing_streams(tmp_path / "log")
    assert sys.stderr is before
    assert not (tmp_path / "log").exists()
