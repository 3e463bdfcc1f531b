"""`kube-field-server quarantine …`, `held list`, `reprocess`, `erase`, `check`: what a supervisor decides or knows."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import asdict
from gettext import gettext as _
from typing import Any

from kube_field.errors import Failure, KubeFieldError
from kube_field.server import reviewing
from kube_field.server.answers import Answer
from kube_field.server.endpoint import House
from kube_field.server.erasing import erase
from kube_field.server.storage.accounts import Accounts, User
from kube_field.server.storage.proof import check_feed
from kube_field.server.storage.review_rows import Waiting
from kube_field.wire.messages import ChangeResult

Leaf = Callable[..., argparse.ArgumentParser]


def add_review_commands(commands: Any, leaf: Leaf) -> None:
    """Hang the commands below the others."""
    quarantine = commands.add_parser("quarantine", help=_("data yang menunggu keputusan penyelia"))
    words = quarantine.add_subparsers(required=True)
    leaf(words, "list", _list, _("daftar data dalam karantina"))
    accepted = leaf(words, "accept", _accept, _("terima data ini"))
    refused = leaf(words, "refuse", _refuse, _("tolak data ini"))
    for one in (accepted, refused):
        one.add_argument("change", help=_("nomor data"))
        one.add_argument("--by", default="", help=_("nama penyelia yang memutuskan"))
    refused.add_argument("--reason", required=True, help=_("alasan, dikirim kepada pengirim"))
    held = commands.add_parser("held", help=_("data yang menunggu data lain")).add_subparsers(required=True)
    listed = leaf(held, "list", _held, _("daftar data yang menunggu"))
    listed.add_argument("--older-than-days", type=int, default=reviewing.OLD_DAYS)
    leaf(commands, "reprocess", _reprocess, _("coba lagi data yang gagal diproses"))
    erased = leaf(commands, "erase", _erase, _("hapus data pribadi seorang warga untuk selamanya"))
    erased.add_argument("uid", help=_("nomor data warga atau keluarga"))
    erased.add_argument("--reason", required=True, help=_("dasar penghapusan; jangan menulis nama warga"))
    erased.add_argument("--yes", action="store_true", help=_("ya, hapus; tidak dapat dikembalikan"))
    leaf(commands, "check", _check, _("hitung ulang semua bukti keutuhan data"))


def _list(house: House, _options: argparse.Namespace) -> Answer:
    return _listed(reviewing.quarantined(house), _("Tidak ada data dalam karantina."))


def _held(house: House, options: argparse.Namespace) -> Answer:
    return _listed(reviewing.held_for(house, options.older_than_days), _("Tidak ada data yang menunggu selama itu."))


def _accept(house: House, options: argparse.Namespace) -> Answer:
    result = reviewing.accept(house, options.change, _supervisor(house, options.by))
    return _decided(result, _("Data {id} diputuskan: {status}."))


def _refuse(house: House, options: argparse.Namespace) -> Answer:
    result = reviewing.refuse(house, options.change, options.reason, _supervisor(house, options.by))
    return _decided(result, _("Data {id} ditolak; pengirimnya diberi tahu."))


def _reprocess(house: House, _options: argparse.Namespace) -> Answer:
    tried = reviewing.reprocess(house)
    text = _("{n} data diputuskan, {left} masih menunggu.").format(n=tried.decided, left=tried.left)
    return Answer(asdict(tried), text)


def _erase(house: House, options: argparse.Namespace) -> Answer:
    if not options.yes:
        raise KubeFieldError(
            Failure.USAGE,
            _("Penghapusan tidak dapat dikembalikan."),
            _("Ulangi dengan --yes bila keputusannya sudah ditandatangani."),
        )
    done = erase(house, options.uid, options.reason)
    text = _(
        "{records} data, {changes} kiriman tertunda, dan {photos} foto dihapus. Laptop menghapusnya saat sinkronisasi."
        " Cadangan lama masih memuatnya; bila dikembalikan, server menghapusnya lagi."
    )
    return Answer(asdict(done), text.format(records=done.records, changes=done.changes, photos=done.photos))


def _check(house: House, _options: argparse.Namespace) -> Answer:
    faults = check_feed(house.database)
    if faults:
        raise KubeFieldError(
            Failure.INTEGRITY,
            _("Data server tidak utuh ({n} temuan): {first}").format(n=len(faults), first="; ".join(faults[:5])),
            _("Jangan hapus apa pun; hubungi admin provinsi."),
        )
    return Answer({"faults": []}, _("Semua bukti keutuhan data cocok."))


def _listed(waiting: Sequence[Waiting], nothing: str) -> Answer:
    lines = [
        f"{one.change_id}  {one.since}  {one.kind}  {one.scope}  {one.code or one.waits_for}  {one.author_uid}"
        for one in waiting
    ]
    return Answer({"changes": [asdict(one) for one in waiting]}, "\n".join(lines) or nothing)


def _decided(result: ChangeResult, text: str) -> Answer:
    errors = [error.code for error in result.errors]
    facts = {"id": result.id, "status": result.status, "errors": errors}
    return Answer(facts, text.format(id=result.id, status=result.status))


def _supervisor(house: House, name: str) -> User | None:
    if not name:
        return None
    with house.database.read():
        found = Accounts(house.database).user(name)
    if found is None:
        raise KubeFieldError(Failure.VALIDATION, _("Petugas ini tidak ada."), code="NO_SUCH_USER")
    return found
