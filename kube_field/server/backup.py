"""Backups of the provincial server: a copy counts only after it was read through; putting one back is one command.

Photos lie beside the database under the name of their content and are copied with ordinary tools. After a restore
nobody has to do anything else: rights come back from the grants file, and laptops send again what is missing.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from gettext import gettext as _
from pathlib import Path

from kube_field.errors import Failure, KubeFieldError
from kube_field.server.endpoint import House, instant
from kube_field.server.grants_file import GRANTS_FILE, server_id_in
from kube_field.server.storage.images import Image, live_counts, load_postgres, read_image, write_image
from kube_field.sqlite.durable import replace_patiently, sync_folder, write_durably

LAST_BACKUP = "cadangan.json"
QUARANTINE = "karantina"
READY = ".pulih"
GROWS = ("intake", "feed", "record_version")
"""Tables that only grow: a copy holds at least what stood there when it began."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A verified copy."""

    path: Path
    size: int
    sha256: str
    counts: Mapping[str, int]


def create(house: House, url: str, target: Path) -> Backup:
    """Write a copy, read it through, and only then give it its name. Raises: KubeFieldError."""
    if target.exists():
        raise KubeFieldError(Failure.FILE_REFUSED, _("Berkas ini sudah ada: {file}.").format(file=target))
    with house.database.read():
        before = live_counts(house.database)
    beside = target.with_name(f"{target.name}.part")
    beside.unlink(missing_ok=True)
    try:
        write_image(house.database, url, beside)
        beside.chmod(0o600)
        backup = verify(beside, before)
        _sync(beside)
        replace_patiently(beside, target)
    finally:
        beside.unlink(missing_ok=True)
    _remember(house, backup, target)
    return Backup(target, backup.size, backup.sha256, backup.counts)


def verify(path: Path, at_least: Mapping[str, int] | None = None) -> Backup:
    """Read a copy through. Raises: KubeFieldError when it is damaged or holds less than it must."""
    image: Image = read_image(path)
    if any(image.counts.get(name, 0) < (at_least or {}).get(name, 0) for name in GROWS):
        raise KubeFieldError(Failure.FILE_REFUSED, _("Cadangan tidak lengkap."), code="DAMAGED")
    with path.open("rb") as file:
        return Backup(path, path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest(), image.counts)


def verified_age(house: House) -> int | None:
    """Seconds since the last verified backup; None when there was none."""
    try:
        told = json.loads((house.data_dir / LAST_BACKUP).read_text(encoding="utf-8"))
        return max(0, int((house.now() - datetime.fromisoformat(str(told["at"]))).total_seconds()))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def put_back(data_dir: Path, database_file: str, url: str, source: Path, stamp: str) -> Image:
    """Replace the database by a copy; what stood there before (SQLite) moves to quarantine. Raises: KubeFieldError.

    To be called while no server runs here; opening the house afterwards begins the new life.
    """
    image = read_image(source)
    ours = server_id_in(data_dir / GRANTS_FILE)
    if ours and image.server_id and image.server_id != ours:
        raise KubeFieldError(Failure.FILE_REFUSED, _("Cadangan ini milik server lain."), code="OTHER_SERVER")
    if url:
        load_postgres(url, source)
        return image
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = data_dir / f"{database_file}.part"
    shutil.copyfile(source, beside)
    beside.chmod(0o600)
    _sync(beside)
    replace_patiently(beside, data_dir / f"{database_file}.{stamp}{READY}")
    sync_folder(data_dir)
    end_restores(data_dir, database_file)
    return image


def unended(data_dir: Path, database_file: str) -> list[Path]:
    """Copies that are here whole and not in their place yet, oldest first: a restore that was killed left them."""
    return sorted(data_dir.glob(f"{database_file}.*{READY}"))


def end_restores(data_dir: Path, database_file: str) -> None:
    """Put whole copies into their place; killed anywhere in between, it goes on from there. No server runs here."""
    live = data_dir / database_file
    for ready in unended(data_dir, database_file):
        stamp = ready.name.removeprefix(f"{database_file}.").removesuffix(READY)
        _to_quarantine(data_dir, live, stamp)
        replace_patiently(ready, live)
        sync_folder(data_dir)


def _to_quarantine(data_dir: Path, live: Path, stamp: str) -> None:
    """The file and its journal go together: a journal left behind would bring the newer state back into the copy."""
    folder = data_dir / QUARANTINE / stamp
    for end in ("-wal", "-shm", ""):
        path = live.with_name(live.name + end)
        if path.exists():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            replace_patiently(path, folder / path.name)


def _remember(house: House, backup: Backup, target: Path) -> None:
    told = {"at": instant(house.now()), "file": target.name, "sha256": backup.sha256, "bytes": backup.size}
    write_durably(house.data_dir / LAST_BACKUP, json.dumps(told).encode() + b"\n")


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
