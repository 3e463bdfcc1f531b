"""What turns frozen files into a folder that may be given away: trimming, version resource, licences, hashes."""

from __future__ import annotations

import importlib.metadata
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kube_field import __version__
from kube_field.program import PARTS_FOLDER, write_sums

ROOT = Path(__file__).parents[2]
TITLE = "KUBE Lapangan"
PUBLISHER = "KUBE Lapangan developers"
INDONESIAN, UNICODE = 0x0421, 0x04B0

UNNEEDED = (
    "PySide6/Qt/translations/",  # Qt has no Indonesian
    "PySide6/translations/",
    "PySide6/Qt/qml/",
    "/plugins/egldeviceintegrations/",
    "/plugins/generic/",
    "/plugins/imageformats/libqicns",
    "/plugins/imageformats/libqpdf",
    "/plugins/imageformats/libqtga",
    "/plugins/imageformats/libqtiff",
    "/plugins/imageformats/libqwbmp",
    "/plugins/imageformats/libqwebp",
    "/plugins/imageformats/qicns",
    "/plugins/imageformats/qpdf",
    "/plugins/imageformats/qtga",
    "/plugins/imageformats/qtiff",
    "/plugins/imageformats/qwbmp",
    "/plugins/imageformats/qwebp",
    "/plugins/platforminputcontexts/libqtvirtualkeyboard",
    "/plugins/platforminputcontexts/qtvirtualkeyboard",
    "/plugins/platforms/libqeglfs",
    "/plugins/platforms/libqlinuxfb",
    "/plugins/platforms/libqminimal",
    "/plugins/platforms/libqvkkhrdisplay",
    "/plugins/platforms/libqvnc",
    "/plugins/platforms/libqwayland",
    "/plugins/platforms/qdirect2d",
    "/plugins/platforms/qminimal",
    "/plugins/platformthemes/libqgtk3",
    "/plugins/qmltooling/",
    "/plugins/wayland-",
    "libQt6Egl",
    "libQt6Pdf",
    "libQt6Qml",
    "libQt6Quick",
    "libQt6VirtualKeyboard",
    "libQt6Wayland",
    "libQt6Wl",
    "Qt6Pdf.dll",
    "Qt6Qml",
    "Qt6Quick",
    "Qt6VirtualKeyboard",
    "opengl32sw.dll",  # 20 MB that draw OpenGL, which no widget of ours asks for
    "reportlab/fonts/",  # our papers embed the font of the window
)
"""Parts of the names of what the program never loads. Pillow's own libraries have like names and stay."""
OTHERS_LIBRARIES = ("pillow.libs/", "psycopg_binary.libs/")
SYSTEM_FOLDERS = ("/lib/", "/usr/lib/")
SYSTEM_LIBRARIES = (
    # What the packages bring that the Debian package depends on: its own copies would hide newer ones from drivers.
    *("libX", "libxcb", "libxkbcommon", "libdbus-", "libfontconfig", "libfreetype", "libexpat", "libpng16"),
    *("libglib-", "libgio-", "libgmodule-", "libgobject-", "libgthread-", "libpcre2-", "libblkid", "libmount"),
    *("libselinux", "libsystemd", "libgcrypt", "libgpg-error", "libcap.", "liblz4", "libbsd", "libmd."),
    *("libstdc++", "libgcc_s"),
    # What only GTK and CUPS need, which stay with the system that has them.
    *("libatk", "libavahi-", "libcairo", "libcups", "libdatrie", "libepoxy", "libfribidi", "libgdk", "libgmp."),
    *("libgnutls", "libgraphite2", "libgtk", "libharfbuzz", "libhogweed", "libidn2", "libjpeg.", "libnettle"),
    *("libp11-kit", "libpango", "libpixman", "libtasn1", "libthai", "libunistring"),
)
"""Beginnings of the names of libraries that are taken from the Linux that the program runs on."""
WITH_DEBUG_SYMBOLS = ("libpython3*.so*", "zstandard/*.so", "sqlcipher3/*.so")
"""Libraries that come with 40 MB of symbols for a debugger."""


def needed(parts: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """The parts of a frozen program without those that it never loads."""
    return [part for part in parts if is_needed(part[0].replace("\\", "/"), part[1])]


def is_needed(name: str, source: str = "") -> bool:
    """Whether the program loads the part of this name, taken from the file `source`, out of its own folder."""
    if name.startswith(OTHERS_LIBRARIES):
        return True
    is_systems = source.startswith(SYSTEM_FOLDERS) and name.startswith(SYSTEM_LIBRARIES)
    return not is_systems and not any(fragment in name for fragment in UNNEEDED)


def version_resource(name: str) -> Any:
    """What Windows shows in the properties of an executable, and what virus scanners like to see filled in."""
    from PyInstaller.utils.win32 import versioninfo as told

    number = (*(int(part) for part in __version__.split(".")), 0)
    words = {
        "CompanyName": PUBLISHER,
        "FileDescription": TITLE,
        "FileVersion": __version__,
        "InternalName": name,
        "LegalCopyright": f"Copyright (c) 2026 {PUBLISHER}",
        "OriginalFilename": f"{name}.exe",
        "ProductName": TITLE,
        "ProductVersion": __version__,
    }
    table = told.StringTable(
        f"{INDONESIAN:04x}{UNICODE:04x}", [told.StringStruct(key, value) for key, value in words.items()]
    )
    languages = told.VarFileInfo([told.VarStruct("Translation", [INDONESIAN, UNICODE])])
    return told.VSVersionInfo(
        ffi=told.FixedFileInfo(filevers=number, prodvers=number, mask=0x3F, OS=0x40004, fileType=1),
        kids=[told.StringFileInfo([table]), languages],
    )


def finish(folder: Path, modules: Iterable[str], libraries: Iterable[str]) -> None:
    """Put licences and hashes into the frozen folder.

    `modules` are the names of all frozen modules, `libraries` the files that shared libraries were taken from.
    """
    if sys.platform == "linux":
        for pattern in WITH_DEBUG_SYMBOLS:
            for library in (folder / PARTS_FOLDER).glob(pattern):
                subprocess.run(["strip", "--strip-debug", str(library)], check=True)
    shutil.copy(ROOT / "LICENSE", folder / "LICENSE")
    licences = folder / "licences"
    shutil.rmtree(licences, ignore_errors=True)
    shutil.copytree(ROOT / "resources" / "licences", licences)
    _copy_python_licence(licences)
    for name in sorted(_distributions(modules) | {"pyinstaller"}):
        _copy_licences(importlib.metadata.distribution(name), licences)
    if sys.platform == "linux" and shutil.which("dpkg"):
        for package in sorted(_system_packages(libraries)):
            _copy_into(licences / f"debian-{package}", Path("/usr/share/doc") / package / "copyright")
    write_sums(folder)


def _distributions(modules: Iterable[str]) -> set[str]:
    """The wheels that modules came from, ours aside."""
    known = importlib.metadata.packages_distributions()
    tops = {name.split(".")[0] for name in modules}
    return {one.lower() for top in tops for one in known.get(top, ())} - {"kube-field"}


def _copy_licences(package: importlib.metadata.Distribution, licences: Path) -> None:
    target = licences / f"{package.metadata['Name']}-{package.version}"
    for file in package.files or ():
        is_told = "licenses" in file.parts or file.name.upper().startswith(("LICEN", "COPYING", "NOTICE"))
        if is_told and any(part.endswith(".dist-info") for part in file.parts):
            _copy_into(target, Path(str(package.locate_file(file))))


def _copy_python_licence(licences: Path) -> None:
    library = Path(sysconfig.get_path("stdlib"))
    places = (library / "LICENSE.txt", Path(sys.base_prefix) / "LICENSE.txt")
    place = next((one for one in places if one.exists()), None)
    if place is not None:
        _copy_into(licences / f"Python-{sys.version.split()[0]}", place)


def _system_packages(libraries: Iterable[str]) -> set[str]:
    """The Debian packages that shared libraries came from."""
    outside = [path for path in libraries if path.startswith(SYSTEM_FOLDERS)]
    names = [path.removeprefix("/usr") for path in outside]
    command = ["dpkg", "-S", *outside, *names]
    told = subprocess.run(command, capture_output=True, text=True, check=False) if outside else None
    lines = told.stdout.splitlines() if told is not None else []
    return {line.split(":")[0] for line in lines if "," not in line.split(":")[0]}


def _copy_into(folder: Path, file: Path) -> None:
    if file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, folder / file.name)
