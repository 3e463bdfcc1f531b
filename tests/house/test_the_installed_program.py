"""The frozen program on a Debian that has no Python: folder, archive, package. `./run package` has to have run before.

Slow, and only where a bare root can be made (root, debootstrap); everything is started from a folder of its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kube_field import __version__
from resources.installer import wrapping
from tests.house.test_demo import assert_whole_day
from tests.house.test_the_program_tries_itself import STEPS
from tests.support.bare_root import bare_root, run_in, what_is_missing

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(bool(what_is_missing()), reason=what_is_missing()),
]
PLACE = "/srv/KUBE Lapangan"
PROGRAM = f"{PLACE}/kube-field"


@pytest.fixture(scope="module")
def root() -> Path:
    if not (wrapping.FOLDER / "SHA256SUMS").exists():
        pytest.fail("dist/kube-field is not there: ./run package")
    made = bare_root()
    assert not [*made.glob("usr/bin/python*"), *made.glob("usr/lib/python3*")]
    return made


@pytest.fixture(scope="module")
def placed(root: Path) -> Iterator[Path]:
    """The frozen folder somewhere in the bare root, under a name with a blank."""
    place = root / PLACE.removeprefix("/")
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(wrapping.FOLDER, place, symlinks=True)
    yield place
    shutil.rmtree(place)


def assert_all_good(ran: subprocess.CompletedProcess[str]) -> None:
    lines = [line for line in ran.stdout.splitlines() if line.startswith(("baik", "GAGAL"))]
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert [line.removeprefix("baik   ").split(":")[0] for line in lines] == list(STEPS)
    assert "berkas utuh" in lines[0]


@pytest.mark.parametrize("offline", [True, False], ids=["offline", "online"])
def test_every_part_works_without_python(root: Path, placed: Path, offline: bool) -> None:
    assert_all_good(run_in(root, PROGRAM, "--selftest", offline=offline))


@pytest.mark.parametrize("offline", [True, False], ids=["offline", "online"])
def test_the_whole_day_of_the_demonstration_is_done(root: Path, placed: Path, offline: bool) -> None:
    told = [run_in(root, PROGRAM, "--data-dir", "/tmp/contoh", "demo", offline=offline) for _time in (1, 2)]
    shutil.rmtree(root / "tmp/contoh")
    for ran, keys in zip(told, (2, 3), strict=True):
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert_whole_day(ran.stdout, keys=keys)
        assert "/tmp/contoh/laporan-kunjungan.pdf" in ran.stdout


def test_both_executables_know_their_version_and_their_words(root: Path, placed: Path) -> None:
    assert run_in(root, PROGRAM, "--version").stdout.strip() == __version__
    asked = run_in(root, f"{PLACE}/kube-field-server", "--json", "--data-dir", "/tmp/server", "init")
    shutil.rmtree(root / "tmp/server")
    assert asked.returncode == 0, asked.stderr
    assert '"ok": true' in asked.stdout


def test_a_part_that_was_changed_or_taken_away_is_named(root: Path, placed: Path) -> None:
    font = next((placed / "_internal").rglob("NotoSans-Regular.ttf"))
    content = font.read_bytes()
    font.write_bytes(content[:-1] + b"?")
    ran = run_in(root, PROGRAM, "--selftest")
    font.unlink()
    started = run_in(root, PROGRAM)
    font.write_bytes(content)
    assert ran.returncode == 70
    assert "GAGAL  Berkas program: _internal/kube_field/resources/fonts/NotoSans-Regular.ttf · " in ran.stdout
    assert started.returncode == 6
    assert "NotoSans-Regular.ttf" in started.stderr


def test_the_portable_archive_keeps_the_data_beside_the_program(root: Path) -> None:
    archive = wrapping.DIST / f"kube-field-{__version__}-portabel.tar.gz"
    if not archive.exists():
        wrapping.make_portable()
    shutil.unpack_archive(archive, root / "media", filter="tar")
    try:
        ran = run_in(root, "/media/kube-field/kube-field", "demo")
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert (root / "media/kube-field/data/kube-field-contoh/kube.db").exists()
        assert not (root / "root/.local/share/kube-field-contoh").exists()
    finally:
        shutil.rmtree(root / "media/kube-field")


def test_the_debian_package_installs_works_and_leaves_the_data_when_removed(root: Path) -> None:
    package = wrapping.DIST / f"kube-field_{__version__}_amd64.deb"
    if not package.exists():
        wrapping.make_deb()
    shutil.copy(package, root / "tmp/kube-field.deb")
    installed = run_in(root, "/usr/bin/dpkg", "--install", "/tmp/kube-field.deb")
    try:
        assert installed.returncode == 0, installed.stdout + installed.stderr
        assert_all_good(run_in(root, "/usr/bin/kube-field", "--selftest", offline=True))
        assert run_in(root, "/usr/bin/kube-field", "demo").returncode == 0
        asked = run_in(root, "/usr/bin/kube-field-server", "--json", "--data-dir", "/tmp/server", "init", folder="/srv")
        assert '"ok": true' in asked.stdout, asked.stderr
        modes = {path.stat().st_mode & 0o022 for path in (root / "usr/lib/kube-field").rglob("*")}
        assert modes == {0}
        assert os.readlink(root / "usr/bin/kube-field") == "../lib/kube-field/kube-field"
        assert (root / "usr/share/applications/kube-field.desktop").exists()
    finally:
        removed = run_in(root, "/usr/bin/dpkg", "--purge", "kube-field")
        shutil.rmtree(root / "tmp/server", ignore_errors=True)
        (root / "tmp/kube-field.deb").unlink()
    assert removed.returncode == 0, removed.stdout + removed.stderr
    assert not (root / "usr/lib/kube-field").exists()
    data = root / "root/.local/share/kube-field-contoh"
    assert (data / "kube.db").exists()
    shutil.rmtree(data)
