"""The courier's files on a stick: what lies there, reading and writing them, and what one visit of the stick did."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from gettext import gettext as _
from hashlib import sha256
from pathlib import Path

from kube_field.errors import Failure, KubeFieldError
from kube_field.sqlite.durable import write_durably
from kube_field.wire.bundle import ANSWER_PREFIX, SUFFIX, BundleError, BundleFault, Header, read_header

LARGEST_FILE = 64_000_000
NAME = re.compile(r"titipan-(?P<code>.+)-\d{4}-\d{2}-\d{2}-")


@dataclass(slots=True)
class CourierTally:
    """What one visit of the stick did.

    `behind` are scopes whose rows wait: for an earlier file, a connection, or, those in `asking` too, for the
    officer's word that so much may be taken off the laptop. `lost` changes the server had and has no more: they wait
    again. `no_pages` are areas of which the server gave nothing, by name, with its reason; `went_back`: it was put back
    to an older state. `way_lost` (a sentence, with its `way_code` and `exit_code`) is why `not_forwarded` files were
    not handed to the server.
    """

    written: list[Path] = field(default_factory=list)
    given_changes: int = 0
    given_photos: int = 0
    taken_files: int = 0
    receipts: int = 0
    refused: int = 0
    received: int = 0
    photos_stored: int = 0
    lost: int = 0
    went_back: bool = False
    no_pages: list[tuple[str, str]] = field(default_factory=list)
    forwarded: list[Path] = field(default_factory=list)
    forwarded_changes: int = 0
    forwarded_photos: int = 0
    not_forwarded: int = 0
    way_lost: str = ""
    way_code: str = ""
    exit_code: int = 0
    behind: list[str] = field(default_factory=list)
    asking: list[str] = field(default_factory=list)
    not_read: list[tuple[str, str]] = field(default_factory=list)
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Watch:
    """Who looks on at a visit: is told (step, done, total) before each file, and may stop it between two files."""

    on_progress: Callable[[str, int, int], None] = lambda _step, _done, _total: None
    cancelled: Callable[[], bool] = lambda: False

    def goes_on(self, tally: CourierTally, step: str, done: int, total: int) -> bool:
        """Tell where the visit is; False, and noted, once it is to stop."""
        tally.cancelled = tally.cancelled or self.cancelled()
        if not tally.cancelled:
            self.on_progress(step, done, total)
        return not tally.cancelled


@dataclass(frozen=True, slots=True)
class Found:
    """A bundle on the stick, with its header."""

    path: Path
    header: Header


def bundles_on(folder: Path, tally: CourierTally) -> Iterator[Found]:
    """The files on the stick, oldest first; what is none is told once. Raises: KubeFieldError FILE_REFUSED."""
    found: list[Found] = []
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == SUFFIX)
    except OSError as error:
        raise stick_refused(folder) from error
    for path in paths:
        try:
            if path.stat().st_size > LARGEST_FILE:
                raise BundleError(BundleFault.NOT_A_BUNDLE)
            with path.open("rb") as stream:
                found.append(Found(path, read_header(stream)))
        except (OSError, BundleError) as error:
            if (path.name, why_not_read(error)) not in tally.not_read:
                tally.not_read.append((path.name, why_not_read(error)))
    yield from sorted(found, key=lambda one: (one.header.made_at, one.header.id))


def read_from_stick(path: Path) -> bytes:
    """A whole file. Raises: KubeFieldError FILE_REFUSED when the stick is gone."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise stick_refused(path.parent) from error


def write_to_stick(path: Path, content: bytes) -> None:
    """Write durably, read back, compare: a stick may lie. Raises: KubeFieldError FILE_REFUSED."""
    try:
        write_durably(path, content)
        good = sha256(path.read_bytes()).digest() == sha256(content).digest()
    except OSError as error:
        raise stick_refused(path.parent) from error
    if not good:
        raise stick_refused(path.parent)


def name_on_stick(code: str, header: Header) -> str:
    """How a file of the laptop with this code is called."""
    return f"titipan-{code}-{header.made_at[:10]}-{header.id}{SUFFIX}"


def maker_of(path: Path) -> str:
    """The code of the laptop that a file, or the answer to it, says to be from; its whole name when it says nothing."""
    name = path.name.removeprefix(ANSWER_PREFIX)
    said = NAME.match(name)
    return said["code"] if said else name


def stick_refused(folder: Path) -> KubeFieldError:
    """The stick cannot be read or written."""
    return KubeFieldError(
        Failure.FILE_REFUSED,
        _("Flashdisk atau folder tidak dapat dibaca atau ditulis: {folder}.").format(folder=folder),
        _("Periksa apakah masih terpasang dan tidak penuh, lalu ulangi. Data Anda tetap di laptop."),
    )


def why_not_read(error: Exception) -> str:
    """Why a file is not taken in, for the officer."""
    if isinstance(error, BundleError) and error.fault == BundleFault.NOT_A_BUNDLE:
        return _("Bukan titipan data KUBE Lapangan.")
    if isinstance(error, BundleError) and error.fault == BundleFault.FOREIGN_SIGNATURE:
        return _("Tanda tangannya bukan dari server provinsi Anda, atau isinya berubah.")
    return _("Berkas rusak; minta disalin ulang.")
