from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_package_folder_is_listed_for_the_wheel() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = set(project["tool"]["setuptools"]["packages"])
    found = {".".join(p.parent.relative_to(ROOT).parts) for p in (ROOT / "kube_field").rglob("__init__.py")}
    assert listed == found | {"kube_field.resources"}


def test_the_top_level_stays_as_it_was_fixed() -> None:
    expected = {
        "kube_field",
        "resources",
        "tests",
        "pyproject.toml",
        "README.md",
        "requirements.lock",
        "LICENSE",
        "build_installer.spec",
        "run",
    }
    ignored = {"build", "dist", "kube_field.egg-info", "__pycache__"}
    seen = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")} - ignored
    assert seen == expected


def test_nothing_refers_to_the_design_folder() -> None:
    needle = "../" + "shared"
    sources = [
        *ROOT.glob("kube_field/**/*.py"),
        *ROOT.glob("tests/**/*.py"),
        ROOT / "build_installer.spec",
        ROOT / "run",
        ROOT / "README.md",
    ]
    assert [str(path) for path in sources if needle in path.read_text(encoding="utf-8")] == []
