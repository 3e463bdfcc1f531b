"""Photos from a file or a memory card: checked, made small, encrypted, and named in the answers by their content."""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path
from typing import Any

from kube_field.errors import Failure, KubeFieldError
from kube_field.usecases.session import Session

LARGEST_FILE = 40_000_000
"""Bytes; a photo of a telephone has less than a third of it."""


def add_photo(session: Session, *, path: Path) -> dict[str, Any]:
    """Store the photo in a file; the answer item that names it, kind and caption still empty.

    Raises: KubeFieldError FILE_REFUSED for a file that cannot be read or is no photo, DISK_FULL.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise KubeFieldError(
                Failure.FILE_REFUSED, _("Berkas ini terlalu besar untuk sebuah foto."), _("Pilih foto lain.")
            )
        raw = path.read_bytes()
    except OSError as problem:
        raise KubeFieldError(
            Failure.FILE_REFUSED,
            _("Foto tidak dapat dibaca."),
            _("Periksa apakah kartu memori masih terpasang, lalu pilih lagi."),
        ) from problem
    return add_photo_bytes(session, raw=raw)


def add_photo_bytes(session: Session, *, raw: bytes) -> dict[str, Any]:
    """Store a photo that is already in memory; the answer item that names it.

    Raises: KubeFieldError FILE_REFUSED, DISK_FULL.
    """
    sha256, size, mime = session.photos.add(raw)
    return {
        "id": session.wiring.new_id(),
        "sha256": sha256,
        "size": size,
        "mime": mime,
        "photo_kind": "",
        "caption": "",
        "taken_at": "",
    }
