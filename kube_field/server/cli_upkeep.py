"""`kube-field-server backup …`, `snapshot`, `minimum`: safe data, a quick first download, programs that are too old."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path
from typing import Any

from kube_field.server import backup
from kube_field.server.answers import Answer
from kube_field.server.endpoint import House, instant
from kube_field.server.lineage import RESTORED, take_up_life, write_witness
from kube_field.server.program_age import set_minimum
from kube_field.server.serving import DATABASE_FILE, no_server, open_house
from kube_field.server.snapshots import make_snapshots
from kube_field.server.storage.lives import Lives

Leaf = Callable[..., argparse.ArgumentParser]


def add_upkeep_commands(commands: Any, leaf: Leaf) -> None:
    """Hang the commands below the others."""
    backups = commands.add_parser("backup", help=_("cadangan")).add_subparsers(required=True)
    leaf(backups, "create", _create, _("buat cadangan yang sudah diperiksa")).add_argument("file", type=Path)
    checked = leaf(backups, "verify", None, _("baca dan periksa seluruh cadangan"), alone=_verify)
    checked.add_argument("file", type=Path)
    restored = leaf(backups, "restore", None, _("kembalikan basis data dari cadangan"), alone=_restore)
    restored.add_argument("file", type=Path)
    oldest = leaf(commands, "minimum", _minimum, _("versi program tertua yang masih boleh mengambil data"))
    oldest.add_argument("version", help=_("misalnya 1.4.0; 0 berarti semua"))
    made = leaf(commands, "snapshot", _snapshot, _("siapkan berkas unduhan pertama"))
    made.add_argument("--scope", default="", help=_("satu wilayah saja"))


def _create(house: House, options: argparse.Namespace) -> Answer:
    made = backup.create(house, options.database_url, options.file.absolute())
    text = _("Cadangan {file} selesai dan sudah diperiksa ({n} byte). Salin juga folder foto.")
    return Answer(_facts(made), text.format(file=made.path, n=made.size))


def _verify(options: argparse.Namespace) -> Answer:
    found = backup.verify(options.file)
    return Answer(_facts(found), _("Cadangan {file} utuh.").format(file=options.file))


def _restore(options: argparse.Namespace) -> Answer:
    options.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    began = datetime.now(UTC)
    with no_server(options.data_dir, options.database_url):
        stamp = f"{began:%Y%m%dT%H%M%SZ}"
        backup.put_back(options.data_dir, DATABASE_FILE, options.database_url, options.file, stamp)
        with open_house(options.data_dir, options.database_url) as house:
            epoch = begin_life(house, instant(began))
    text = _("Basis data dikembalikan. Jalankan server seperti biasa; laptop mengirim ulang yang belum ada.")
    return Answer({"epoch": epoch}, text)


def begin_life(house: House, since: str) -> str:
    """The epoch of a database that was just put back; opening it may have begun the new life already."""
    with house.database.write():
        life = Lives(house.database).current()
        if life is None or life.started_at < since:
            life = take_up_life(house, RESTORED)
    write_witness(house)
    return life.epoch


def _minimum(house: House, options: argparse.Namespace) -> Answer:
    set_minimum(house, options.version)
    text = _("Mulai versi {version} laptop mengambil data; kiriman dari semua versi tetap diterima.")
    return Answer({"version": options.version}, text.format(version=options.version))


def _snapshot(house: House, options: argparse.Namespace) -> Answer:
    made = make_snapshots(house, only=options.scope, least_rows=1, nightly=True)
    rows = [{"scope": one.scope, "seq": one.seq, "rows": one.rows, "bytes": one.bytes} for one in made]
    return Answer({"snapshots": rows}, _("{n} berkas unduhan pertama dibuat.").format(n=len(rows)))


def _facts(made: backup.Backup) -> dict[str, Any]:
    return {"file": str(made.path), "bytes": made.size, "sha256": made.sha256, "counts": dict(made.counts)}
