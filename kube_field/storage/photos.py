"""Photos beside the database: one encrypted file each, named by the SHA-256 of the plain JPEG."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from gettext import gettext as _
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kube_field.errors import Failure, KubeFieldError
from kube_field.media.images import MIME, check_kept_photo, photo_jpeg
from kube_field.sqlite.durable import write_durably
from kube_field.sqlite.failures import disk_full

NONCE_BYTES = 12
SUFFIX = ".kfp"
PART_SUFFIX = ".kfpart"
FREE_BYTES_NEEDED = 100 * 1024 * 1024
"""Below this, text work goes on but no photo is taken in (security design 3.9)."""
HEX_DIGITS = frozenset("0123456789abcdef")


class PhotoStore:
    """The photos of one laptop. `key` is the vault's photo key."""

    def __init__(self, folder: Path, key: bytes, *, free_bytes: Callable[[], int] | None = None) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._cipher = AESGCM(key)
        self._writing = threading.RLock()  # a run and a button bring photos side by side
        self._free_bytes = free_bytes if free_bytes is not None else lambda: shutil.disk_usage(folder).free

    def add(self, raw: bytes) -> tuple[str, int, str]:
        """Check, downscale, re-encode, strip metadata, store durably; (sha256, size, mime) of the plain JPEG.

        Raises: KubeFieldError with FILE_REFUSED or DISK_FULL.
        """
        jpeg = photo_jpeg(raw)
        sha256 = self.put(jpeg)
        return sha256, len(jpeg), MIME

    def put(self, jpeg: bytes) -> str:
        """Store a photo that was re-encoded already (a downloaded one); its SHA-256.

        Raises: KubeFieldError with DISK_FULL.
        """
        with self._writing:
            return self._put(jpeg)

    def _put(self, jpeg: bytes) -> str:
        sha256 = hashlib.sha256(jpeg).hexdigest()
        path = self._path(sha256)
        if path.is_file() and self.read(sha256) is not None:
            return sha256
        if self._free_bytes() < FREE_BYTES_NEEDED:
            raise _no_room_for_photos()
        nonce = os.urandom(NONCE_BYTES)
        try:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            write_durably(path, nonce + self._cipher.encrypt(nonce, jpeg, sha256.encode()))
        except OSError:
            raise disk_full() from None
        return sha256

    def read(self, sha256: str) -> bytes | None:
        """The plain JPEG; None when it is not here or its file is damaged."""
        if not _is_name(sha256):
            return None
        try:
            sealed = self._path(sha256).read_bytes()
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], sha256.encode())
        except (FileNotFoundError, InvalidTag, ValueError):
            return None
        except OSError:
            raise _unreadable() from None

    def remove(self, sha256: str) -> None:
        """Take the file of a photo away; the caller made sure that the server holds it."""
        with self._writing:
            if _is_name(sha256):
                self._path(sha256).unlink(missing_ok=True)
                self._drop_parts(sha256)

    # photos that come from the server, piece by piece

    def part_size(self, sha256: str) -> int:
        """How many bytes from the beginning of a photo on its way down lie here, readable."""
        return sum(len(piece) for piece in self._pieces(sha256))

    def add_part(self, sha256: str, offset: int, piece: bytes) -> None:
        """Store the next piece durably and encrypted, unless the whole photo is here.

        Raises: KubeFieldError with DISK_FULL.
        """
        with self._writing:
            if _is_name(sha256) and self.read(sha256) is None:
                self._add_part(sha256, offset, piece)

    def _add_part(self, sha256: str, offset: int, piece: bytes) -> None:
        if self._free_bytes() < FREE_BYTES_NEEDED:
            raise _no_room_for_photos()
        path = self._part(sha256, offset)
        nonce = os.urandom(NONCE_BYTES)
        try:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            write_durably(path, nonce + self._cipher.encrypt(nonce, piece, f"{sha256}:{offset}".encode()))
        except OSError:
            raise disk_full() from None

    def finish(self, sha256: str) -> bool:
        """All pieces are here: keep the photo under its name. False when they are another content; they are dropped.

        Raises: KubeFieldError with FILE_REFUSED for what is no photo, DISK_FULL.
        """
        with self._writing:
            return self._finish(sha256)

    def _finish(self, sha256: str) -> bool:
        content = b"".join(self._pieces(sha256))
        if hashlib.sha256(content).hexdigest() != sha256:
            self._drop_parts(sha256)
            return False
        try:
            check_kept_photo(content)
        except KubeFieldError:
            self._drop_parts(sha256)
            raise
        self.put(content)
        self._drop_parts(sha256)
        return True

    def _pieces(self, sha256: str) -> Iterator[bytes]:
        """The pieces in their order, up to the first that is not here or cannot be read."""
        offset = 0
        while _is_name(sha256):
            try:
                sealed = self._part(sha256, offset).read_bytes()
                piece = self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], f"{sha256}:{offset}".encode())
            except (OSError, InvalidTag, ValueError):
                return
            if not piece:
                return
            yield piece
            offset += len(piece)

    def _drop_parts(self, sha256: str) -> None:
        for path in self._path(sha256).parent.glob(f"{sha256}.*{PART_SUFFIX}"):
            with contextlib.suppress(OSError):
                path.unlink()

    def _part(self, sha256: str, offset: int) -> Path:
        return self._folder / sha256[:2] / f"{sha256}.{offset}{PART_SUFFIX}"

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / f"{sha256}{SUFFIX}"


def _is_name(sha256: str) -> bool:
    return len(sha256) == 64 and HEX_DIGITS.issuperset(sha256)


def _no_room_for_photos() -> KubeFieldError:
    return KubeFieldError(
        Failure.DISK_FULL,
        _("Ruang penyimpanan laptop tinggal sedikit; foto belum ditambahkan."),
        _("Kosongkan ruang, lalu tambahkan fotonya lagi. Isian lain tetap dapat disimpan."),
        code="NO_ROOM_FOR_PHOTOS",
    )


def _unreadable() -> KubeFieldError:
    return KubeFieldError(
        Failure.INTEGRITY, _("Berkas foto tidak dapat dibaca."), _("Periksa disk laptop dan hubungi penyelia.")
    )
