"""What the frozen program has to bring along, read from the files that make it; building it is a slow test."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from kube_field import __version__
from resources.installer import wrapping
from resources.installer.finishing import is_needed

ROOT = Path(__file__).parents[2]
SPEC = ast.parse((ROOT / "build_installer.spec").read_text(encoding="utf-8"))
SETUP = (ROOT / "resources/installer/setup.nsi").read_text(encoding="utf-8")
NOT_READ = {"pictures", "installer"}
"""Folders of `resources` that the program does not read, but for its icon: pictures of README, what makes the setup."""


def told(name: str) -> list[tuple[str, ...]]:
    """A list of the spec by its name."""
    (value,) = (
        node.value
        for node in SPEC.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == name
    )
    found: list[tuple[str, ...]] = ast.literal_eval(value)
    return found


def test_the_spec_names_every_resource_and_every_migration() -> None:
    named = {path: target for source, target in told("DATA") for path in ROOT.glob(source)}
    read = {path for path in (ROOT / "resources").rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    read = {path for path in read if path.relative_to(ROOT / "resources").parts[0] not in NOT_READ}
    steps = {path for path in ROOT.glob("kube_field/**/migrations/*.py") if path.name[:4].isdigit()}
    assert len(steps) > 10
    assert (read | steps) - set(named) == set()
    for path, target in named.items():
        inside = path.relative_to(ROOT / "resources") if path.is_relative_to(ROOT / "resources") else None
        wanted = Path("kube_field/resources") / inside if inside else path.relative_to(ROOT)
        assert target == wanted.parent.as_posix(), path


def test_every_line_of_the_spec_finds_a_file() -> None:
    assert [source for source, _target in told("DATA") if not list(ROOT.glob(source))] == []


@pytest.mark.parametrize(
    "name",
    [
        "pillow.libs/libtiff-20b7e810.so.6.3.0",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/plugins/platforms/qwindows.dll",
        "PySide6/Qt/plugins/imageformats/libqjpeg.so",
        "PySide6/Qt/plugins/iconengines/libqsvgicon.so",
        "PySide6/Qt/plugins/networkinformation/libqnetworkmanager.so",
        "PySide6/Qt/plugins/tls/libqopensslbackend.so",
        "kube_field/resources/fonts/NotoSans-Regular.ttf",
    ],
)
def test_trimming_leaves_what_the_program_loads(name: str) -> None:
    assert is_needed(name)


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/translations/qtbase_de.qm",
        "PySide6/Qt/plugins/imageformats/libqtiff.so",
        "PySide6/Qt6Quick.dll",
        "PySide6/Qt/lib/libQt6Quick.so.6",
        "reportlab/fonts/Vera.ttf",
    ],
)
def test_trimming_takes_what_it_never_loads(name: str) -> None:
    assert not is_needed(name)


def test_libraries_of_the_system_stay_there_and_those_of_the_build_come_along() -> None:
    assert not is_needed("libxcb-cursor.so.0", "/lib/x86_64-linux-gnu/libxcb-cursor.so.0")
    assert not is_needed("libstdc++.so.6", "/usr/lib/x86_64-linux-gnu/libstdc++.so.6")
    assert is_needed("libXau-154567c4.so.6.0.0", "pillow.libs/libXau-154567c4.so.6.0.0")
    assert is_needed("libssl.so.3", "/usr/lib/x86_64-linux-gnu/libssl.so.3")
    assert is_needed("libgssapi_krb5.so.2", "/usr/lib/x86_64-linux-gnu/libgssapi_krb5.so.2")


def test_the_debian_package_asks_for_the_libraries_that_run_installs() -> None:
    run = (ROOT / "run").read_text(encoding="utf-8")
    lists = re.findall(r'^(?:QT|SCREEN)_LIBRARIES="([^"]+)"', run, re.MULTILINE)
    wanted = {name for words in lists for name in words.split()}
    asked = {words.split()[0] for words in wrapping.DEPENDS}
    assert len(wanted) > 10
    assert wanted <= asked


def test_the_setup_needs_no_administrator_and_speaks_indonesian() -> None:
    assert "RequestExecutionLevel user" in SETUP
    assert '!insertmacro MUI_LANGUAGE "Indonesian"' in SETUP
    assert 'InstallDir "$LOCALAPPDATA\\Programs\\kube-field"' in SETUP
    assert "HKLM" not in SETUP


def test_the_setup_removes_the_program_only_and_never_the_data() -> None:
    removed = re.findall(r"^\s*RMDir /r (.+)$", SETUP, re.MULTILINE)
    assert sorted(removed) == ['"$INSTDIR\\_internal"', '"$INSTDIR\\licences"', '"$SMPROGRAMS\\${TITLE}"']
    assert "$LOCALAPPDATA\\kube-field" not in "".join(re.findall(r"^\s*(?:RMDir|Delete).*$", SETUP, re.MULTILINE))


def test_the_version_can_be_told_to_windows() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)


def test_a_folder_of_another_system_makes_no_setup(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"kube-field\.exe"):
        wrapping.make_setup(tmp_path)


def test_hashes_of_what_is_there_are_kept_when_more_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wrapping, "DIST", tmp_path)
    first, second, gone = (tmp_path / name for name in ("a.deb", "b.zip", "c.exe"))
    for file in (first, second, gone):
        file.write_bytes(file.name.encode())
    wrapping.write_hashes([first, gone])
    gone.unlink()
    wrapping.write_hashes([second])
    lines = (tmp_path / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert [line.split("  ")[1] for line in lines] == ["a.deb", "b.zip"]
