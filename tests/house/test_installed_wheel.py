"""The program as it is installed: built into a wheel, unpacked far from the checkout, every resource found."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOOK_AROUND = """
import json
from importlib.resources import files
import kube_field
from kube_field.reference import load_reference
from kube_field.reports.fonts import load_fonts
from kube_field.sqlite.migrations import load_migrations
from kube_field.storage.store import laptop_migrations
from kube_field.ui.icons import icon_names
reference = load_reference()
print(json.dumps({
    "home": kube_field.__file__,
    "village": reference.regions.village("64.02.12.2002").name,
    "ideas": len(reference.ideas),
    "fonts": len(load_fonts().fonts),
    "icons": len(icon_names()),
    "laptop": len(laptop_migrations()),
    "server": len(load_migrations(files("kube_field.server.storage") / "migrations")),
    "sample": len((files("kube_field.resources") / "sample" / "sample_people.csv").read_bytes()),
}))
"""


SERVE = """
import sys
from pathlib import Path
from kube_field.demo_server import DemoServer
from kube_field.sync.transports.http import HttpTransport
server = DemoServer(Path(sys.argv[1]))
server.start()
try:
    with HttpTransport(server.url) as desk:
        print(desk.health().server)
finally:
    server.stop()
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the unpacked wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    for name in ("kube_field", "resources"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-q"]
    subprocess.run([*command, "-w", str(folder), str(source)], check=True, capture_output=True, timeout=110)
    (wheel,) = folder.glob("kube_field-*.whl")
    with zipfile.ZipFile(wheel) as content:
        content.extractall(folder / "installed")
    return folder / "installed"


def run(installed: Path, *words: str, lines: str = "") -> subprocess.CompletedProcess[str]:
    """Python with the unpacked wheel in front of everything, away from the checkout."""
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    command = [sys.executable, "-P", *words]
    return subprocess.run(
        command, input=lines, cwd=installed.parent, env=environment, capture_output=True, text=True, timeout=60
    )


def test_the_wheel_brings_every_resource_that_the_checkout_has(installed: Path) -> None:
    resources = {path.relative_to(ROOT / "resources") for path in (ROOT / "resources").rglob("*") if path.is_file()}
    wanted = {path for path in resources if "__pycache__" not in path.parts}
    found = {
        path.relative_to(installed / "kube_field/resources")
        for path in (installed / "kube_field").rglob("*.*")
        if path.is_relative_to(installed / "kube_field/resources")
    }
    assert {path for path in wanted if path.suffix} <= found
    assert not (installed / "tests").exists()


def test_the_installed_program_checks_values_and_finds_regions_fonts_and_migrations(installed: Path) -> None:
    checked = run(installed, "-m", "kube_field", "check", lines='{"field": "phone", "value": "0811-2000-3344"}\n')
    assert (checked.returncode, json.loads(checked.stdout)["value"]) == (0, "+6281120003344")
    looked = run(installed, "-c", LOOK_AROUND)
    assert looked.returncode == 0, looked.stderr
    told = json.loads(looked.stdout)
    assert told["home"].startswith(str(installed))
    assert told["village"] == "Long Lalang"
    assert min(told["ideas"], told["fonts"], told["icons"], told["laptop"], told["server"], told["sample"]) > 0


def test_the_installed_demonstration_server_answers(installed: Path, tmp_path: Path) -> None:
    done = run(installed, "-c", SERVE, str(tmp_path / "server"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "kube-field"
