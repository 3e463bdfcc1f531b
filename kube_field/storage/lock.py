"""One program per data folder: whoever starts second is told so at once."""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path

from filelock import FileLock, Timeout

from kube_field.errors import Failure, KubeFieldError

LOCK_NAME = "kube-field.lock"


def lock_folder(folder: Path) -> FileLock:
    """Take the folder for this process; released by `.release()` or when the process ends, however it ends.

    Raises: KubeFieldError with ALREADY_RUNNING.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(folder / LOCK_NAME, timeout=0, mode=0o600, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        raise KubeFieldError(
            Failure.ALREADY_RUNNING,
            _("KUBE Lapangan sudah terbuka di laptop ini."),
            _("Gunakan jendela yang sudah terbuka, atau tutup dahulu."),
        ) from None
    return lock
