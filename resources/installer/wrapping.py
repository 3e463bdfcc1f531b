"""Wraps the frozen folder for giving away: `python -m resources.installer.wrapping [sums|portable|deb|setup] …`.

Everything lands in `dist` beside the folder, with the hashes of the files in `dist/SHA256SUMS`. `sums` lists the files
of the folder anew: needed after they were signed. `KUBE_SIGN` is the command that signs the setup, where there is one.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from kube_field import __version__
from kube_field.program import SUMS_FILE, write_sums

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
DIST = ROOT / "dist"
FOLDER = DIST / "kube-field"
WINDOWS_PROGRAM = "kube-field.exe"
SIGN = "KUBE_SIGN"
DEPENDS = (
    "libc6 (>= 2.36)",
    "libgl1",
    "libegl1",
    "libglib2.0-0 | libglib2.0-0t64",
    "libfontconfig1",
    "libxkbcommon0",
    "libdbus-1-3",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-render-util0",
    "libxcb-shape0",
    "libxcb-xkb1",
    "libxkbcommon-x11-0",
)
CONTROL = """Package: kube-field
Version: {version}
Section: misc
Priority: optional
Architecture: amd64
Maintainer: KUBE Lapangan developers <kube-lapangan@localhost>
Installed-Size: {size_kb}
Depends: {depends}
Recommends: ca-certificates
Description: KUBE Lapangan: asesmen, pelatihan, dan kunjungan KUBE/WRSE
 Aplikasi lapangan Dinas Sosial yang bekerja tanpa jaringan. Data tersimpan
 terenkripsi di folder pengguna dan tidak ikut terhapus bersama paket ini.
"""


def size_kb(folder: Path) -> int:
    """What the files of a folder take on the disk, in kB."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) // 1024


def renew_sums() -> Path:
    """List the files of the frozen folder with what they are now."""
    write_sums(FOLDER)
    return FOLDER / SUMS_FILE


def make_portable() -> Path:
    """The folder as an archive with an empty folder for the data: zip for Windows, tar.gz for Linux."""
    name = f"kube-field-{__version__}-portabel"
    if (FOLDER / WINDOWS_PROGRAM).exists():
        target = DIST / f"{name}.zip"
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(FOLDER.rglob("*")):
                archive.write(path, Path("kube-field") / path.relative_to(FOLDER))
            archive.write(HERE / "BACA.txt", "kube-field/data/BACA.txt")
        return target
    target = DIST / f"{name}.tar.gz"
    with tarfile.open(target, "w:gz", compresslevel=6) as packed:
        packed.add(FOLDER, "kube-field")
        packed.add(HERE / "BACA.txt", "kube-field/data/BACA.txt")
    return target


def make_deb() -> Path:
    """A Debian package: the folder in /usr/lib, two commands, a menu entry, the icon."""
    target = DIST / f"kube-field_{__version__}_amd64.deb"
    with tempfile.TemporaryDirectory(dir=DIST) as place:
        root = Path(place) / "root"
        _fill_deb(root)
        command = ["dpkg-deb", "--root-owner-group", "--build", "-Zxz", str(root), str(target)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return target


def _fill_deb(root: Path) -> None:
    program = root / "usr/lib/kube-field"
    shutil.copytree(FOLDER, program, symlinks=True)
    commands = root / "usr/bin"
    commands.mkdir(parents=True)
    for name in ("kube-field", "kube-field-server"):
        os.symlink(f"../lib/kube-field/{name}", commands / name)
    _put(HERE / "kube-field.desktop", root / "usr/share/applications")
    _put(HERE / "kube-field.png", root / "usr/share/icons/hicolor/256x256/apps")
    _put(HERE / "kube-field.svg", root / "usr/share/icons/hicolor/scalable/apps")
    _put(ROOT / "LICENSE", root / "usr/share/doc/kube-field", "copyright")
    control = root / "DEBIAN/control"
    control.parent.mkdir()
    text = CONTROL.format(version=__version__, size_kb=size_kb(program), depends=", ".join(DEPENDS))
    control.write_text(text, encoding="utf-8")
    for path in [root, *root.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)


def _put(file: Path, folder: Path, name: str = "") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(file, folder / (name or file.name))


def make_setup(folder: Path = FOLDER) -> Path:
    """The setup for Windows out of a folder that was frozen there; needs `makensis`, also on Linux.

    Raises: SystemExit when the folder is none of Windows.
    """
    if not (folder / WINDOWS_PROGRAM).exists():
        raise SystemExit(f"{folder} has no {WINDOWS_PROGRAM}: it was not frozen on Windows")
    target = DIST / f"kube-field-{__version__}-setup.exe"
    told = {"VERSION": __version__, "SOURCE": folder, "TARGET": target, "SIZE_KB": size_kb(folder)}
    if os.environ.get(SIGN):
        told["SIGN"] = os.environ[SIGN]
    command = ["makensis", "-V2", "-INPUTCHARSET", "UTF8", *(f"-D{name}={value}" for name, value in told.items())]
    subprocess.run([*command, str(HERE / "setup.nsi")], check=True)
    return target


def write_hashes(files: Sequence[Path]) -> None:
    """Say in `dist/SHA256SUMS` what each file has to be; what others wrapped before stays listed while it is there."""
    listed = DIST / SUMS_FILE
    lines = listed.read_text(encoding="utf-8").splitlines() if listed.exists() else []
    kept = {line.split("  ")[1]: line.split("  ")[0] for line in lines}
    kept |= {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    there = {name: told for name, told in sorted(kept.items()) if (DIST / name).exists()}
    listed.write_text("".join(f"{told}  {name}\n" for name, told in there.items()), encoding="utf-8", newline="\n")


def main(wanted: Sequence[str]) -> int:
    """Make what was asked for, or what suits this system; prints files and sizes."""
    makers = {"sums": renew_sums, "portable": make_portable, "deb": make_deb, "setup": make_setup}
    if not set(wanted) <= set(makers):
        sys.stderr.write(f"usage: wrapping [{'|'.join(makers)}] …\n")
        return 2
    suiting = ("portable", "setup") if sys.platform == "win32" else ("portable", "deb")
    made = [makers[name]() for name in wanted or suiting]
    write_hashes([file for file in made if file.parent == DIST])
    for file in made:
        sys.stdout.write(f"{file} ({file.stat().st_size / 1e6:.1f} MB)\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
