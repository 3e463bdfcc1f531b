"""A place beside the wanted file where an export grows: it appears under its name whole, or nothing of it stays."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from gettext import gettext as _
from pathlib import Path

from kube_field.errors import Failure, KubeFieldError
from kube_field.sqlite.durable import replace_patiently, sync_folder

ENDING = ".sebagian"
"""Of the folder that holds what is not finished yet; one that a killed program left is cleared by the next try."""
BYTES_KEPT_FREE = 100 * 1024 * 1024
"""An export leaves the laptop this much room: below it only text work goes on (security design 3.9)."""
FULL = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))
"""What the system says of a disk, a file or a share of the disk that cannot grow any more."""
FreeBytes = Callable[[Path], int]


def free_bytes_at(folder: Path) -> int:
    """Room on the disk where the folder lies."""
    return shutil.disk_usage(folder).free


class UnfinishedFolder:
    """The working folder of one export. `path` is where the file or folder will stand.

    Raises: KubeFieldError when the place cannot be written to or has too little room.
    """

    def __init__(self, path: Path, free_bytes: FreeBytes = free_bytes_at) -> None:
        self.path = path
        self.folder = path.with_name(path.name + ENDING)
        self._free_bytes = free_bytes
        with told_failures(path):
            clear(self.folder)
            self.folder.mkdir(mode=0o700)
        try:
            self.need_room()
        except BaseException:
            self.drop()
            raise

    def need_room(self, wanted: int = 0) -> None:
        """Refuse to go on when the disk would be nearly full. Raises: KubeFieldError DISK_FULL."""
        if self._free_bytes(self.folder) < BYTES_KEPT_FREE + wanted:
            raise no_room(self.path)

    def size(self) -> int:
        """Bytes of everything that lies in it now."""
        return sum(entry.stat().st_size for entry in os.scandir(self.folder) if entry.is_file())

    def appear(self, made: Path) -> None:
        """Let what was made stand under its name, durably. Raises: KubeFieldError."""
        with told_failures(self.path):
            for one in (*(sorted(made.iterdir()) if made.is_dir() else ()), made):
                one.chmod(0o700 if one.is_dir() else 0o600)
                _sync(one)
            replace_patiently(made, self.path)
            sync_folder(self.path.parent)
        self.drop()

    def drop(self) -> None:
        """Take away everything that is not finished."""
        shutil.rmtree(self.folder, ignore_errors=True)


def clear(folder: Path) -> None:
    """Take away what an earlier try left. Raises: OSError."""
    if folder.is_dir() and not folder.is_symlink():
        shutil.rmtree(folder)
    else:
        folder.unlink(missing_ok=True)


def free_name(path: Path) -> Path:
    """The path, or the first one with a number behind it that nothing stands at yet."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.name} ({number})")
    return free


@contextmanager
def told_failures(path: Path) -> Iterator[None]:
    """Turn what the disk says into words. Raises: KubeFieldError."""
    try:
        yield
    except OSError as trouble:
        raise not_writable(path, trouble) from trouble


def not_writable(path: Path, trouble: OSError) -> KubeFieldError:
    """The disk is full, or the place does not take the file."""
    if trouble.errno in FULL:
        return no_room(path)
    return KubeFieldError(
        Failure.FILE_REFUSED,
        _("Berkas {name} tidak dapat ditulis di sana.").format(name=path.name),
        _("Pilih folder lain, atau tutup berkas itu bila sedang terbuka. Data di laptop aman."),
    )


def no_room(path: Path) -> KubeFieldError:
    """There is too little room for the file and for the work of the day."""
    return KubeFieldError(
        Failure.DISK_FULL,
        _("Ruang kosong tidak cukup untuk {name}; ekspor dihentikan dan tidak ada yang tersisa.").format(
            name=path.name
        ),
        _("Kosongkan ruang, pilih tempat lain, atau persempit daftarnya. Data di laptop aman."),
    )


def _sync(path: Path) -> None:
    if path.is_dir():
        sync_folder(path)
        return
    handle = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
