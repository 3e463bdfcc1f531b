"""Where everything of one laptop lies; frozen, passed in, never looked up behind somebody's back."""

from __future__ import annotations

import os
from dataclasses import dataclass
from gettext import gettext as _
from pathlib import Path

import platformdirs

from kube_field.errors import Failure, KubeFieldError
from kube_field.program import portable_folder

APP_NAME = "kube-field"
PRIVATE_FOLDER = 0o700


@dataclass(frozen=True, slots=True)
class AppPaths:
    """The files of one data folder."""

    data_dir: Path

    @property
    def database(self) -> Path:
        """The encrypted database."""
        return self.data_dir / "kube.db"

    @property
    def unfinished(self) -> Path:
        """The database while a laptop is being set up: as long as it lies here, nobody has written anything."""
        return self.data_dir / "kube.db.part"

    @property
    def journal(self) -> Path:
        """The second copy of unsent work, encrypted; see `storage.journal`."""
        return self.data_dir / "jurnal.kfj"

    @property
    def quarantine(self) -> Path:
        """Folder of damaged databases, each with all its files in a folder of its own; nothing there is changed."""
        return self.data_dir / "karantina"

    @property
    def damage_mark(self) -> Path:
        """Lies here once the database was found damaged, until it is repaired."""
        return self.data_dir / "rusak.txt"

    @property
    def key_file(self) -> Path:
        """The wrapped keys."""
        return self.data_dir / "kunci.json"

    @property
    def waiting(self) -> Path:
        """How long the next password has to wait after wrong ones."""
        return self.data_dir / "tunggu.json"

    @property
    def summary(self) -> Path:
        """Unsent changes by user, in numbers, for the unlock page."""
        return self.data_dir / "ringkasan.json"

    @property
    def photos(self) -> Path:
        """Folder of the encrypted photos."""
        return self.data_dir / "foto"

    @property
    def logs(self) -> Path:
        """Folder of the logs, which hold no personal data."""
        return self.data_dir / "log"

    @property
    def demo_server(self) -> Path:
        """Folder of the demonstration server; used by the demo profile only."""
        return self.data_dir / "server-contoh"

    def is_set_up(self) -> bool:
        """True once this folder holds a laptop's data, or held them: a key without its database is a loss."""
        return self.database.exists() or (self.key_file.exists() and not self.unfinished.exists())

    def prepare(self) -> None:
        """Make the folder, readable by its owner alone.

        Raises: KubeFieldError when the place is a network share or cannot be written.
        """
        if str(self.data_dir).startswith(("\\\\", "//")):
            raise KubeFieldError(
                Failure.USAGE,
                _("Folder data tidak boleh berada di jaringan bersama: {folder}.").format(folder=self.data_dir),
                _("Pilih folder di laptop ini."),
            )
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
            if os.name == "posix":
                self.data_dir.chmod(PRIVATE_FOLDER)
        except OSError as error:
            raise KubeFieldError(
                Failure.USAGE,
                _("Folder data tidak dapat dibuat: {folder}.").format(folder=self.data_dir),
                _("Pilih folder lain yang boleh ditulisi. Tidak ada data yang berubah."),
            ) from error


def default_paths(*, demo: bool = False) -> AppPaths:
    """The data folder of this Windows or Linux user, or the one beside a portable program.

    Local, never roaming; the sample data live in their own.
    """
    name = f"{APP_NAME}-contoh" if demo else APP_NAME
    carried = portable_folder()
    if carried is not None:
        return AppPaths(carried / name)
    return AppPaths(Path(platformdirs.user_data_dir(name, appauthor=False, roaming=False)))
