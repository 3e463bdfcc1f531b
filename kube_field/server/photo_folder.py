"""The server's photos as files: whole ones by content, and beside them the parts of those still on their way."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

from kube_field.sqlite.durable import replace_patiently, sync_folder

PARTS = "parts"


def photo_path(folder: Path, name: str) -> Path:
    """Where a photo lies: 256 folders by the first two digits."""
    return folder / name[:2] / name


class PhotoFolder:
    """The photo folder of one server. Names of photos are SHA-256 in hex, names of parts are ids that we gave."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parts = folder / PARTS

    def path(self, name: str) -> Path:
        """Where a whole photo lies."""
        return photo_path(self._folder, name)

    def whole(self, name: str) -> bytes | None:
        """A photo that lies here under its name and is what the name says; None otherwise."""
        try:
            content = self.path(name).read_bytes()
        except OSError:
            return None
        return content if hashlib.sha256(content).hexdigest() == name else None

    def size(self, name: str) -> int | None:
        """Bytes of the file under this name; None when there is none."""
        try:
            return self.path(name).stat().st_size
        except OSError:
            return None

    def part(self, upload: str) -> bytes:
        """What lies in a part file, durable or not."""
        try:
            return self._part(upload).read_bytes()
        except FileNotFoundError:
            return b""

    def part_size(self, upload: str) -> int:
        """Bytes in a part file."""
        try:
            return self._part(upload).stat().st_size
        except FileNotFoundError:
            return 0

    def write_piece(self, upload: str, offset: int, piece: bytes) -> None:
        """Put a piece at its place and make it last; bytes behind it were never acknowledged. Raises: OSError."""
        path = self._part(upload)
        is_new = not path.exists()
        self._parts.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | _BINARY, 0o600), "wb") as file:
            file.seek(offset)
            file.write(piece)
            file.truncate()
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            sync_folder(self._parts)

    def adopt(self, upload: str, name: str) -> None:
        """A part that is whole gets its name; its content is durable already. Raises: OSError."""
        target = self.path(name)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_patiently(self._part(upload), target)
        sync_folder(target.parent)

    def remove(self, name: str) -> None:
        """Take a whole photo away; one that another program holds goes with the next round."""
        with contextlib.suppress(OSError):
            self.path(name).unlink()

    def drop(self, upload: str) -> None:
        """Forget a part; one that another program holds goes with a later sweep."""
        with contextlib.suppress(OSError):
            self._part(upload).unlink()

    def part_names(self) -> list[str]:
        """All part files."""
        return [path.name for path in self._parts.iterdir()] if self._parts.is_dir() else []

    def _part(self, upload: str) -> Path:
        return self._parts / upload


_BINARY = getattr(os, "O_BINARY", 0)
