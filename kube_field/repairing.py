"""Repairs a laptop whose database is damaged, from its journal, for the window and the command line alike."""

from __future__ import annotations

import time
from dataclasses import dataclass
from gettext import gettext as _

from kube_field.assembly import open_store_of
from kube_field.domain.commit import AuditLine
from kube_field.officers import OFFICER_SETTING, kept_officer
from kube_field.paths import AppPaths
from kube_field.sqlite.durable import write_durably
from kube_field.storage.journal import Journal
from kube_field.storage.lock import lock_folder
from kube_field.storage.photos import PhotoStore
from kube_field.storage.salvage import Repaired, finish, is_whole, rebuild
from kube_field.storage.vault.back_off import BackOff
from kube_field.storage.vault.vault import Keys, unlock
from kube_field.usecases.ports import Wiring
from kube_field.usecases.session import instant_text


@dataclass(frozen=True, slots=True)
class Repair:
    """What became of a repair, for the officer; `done` is None when the database was not damaged at all."""

    done: Repaired | None = None
    photos_missing: int = 0


def repair_laptop(
    paths: AppPaths, *, user: str, password: str, wiring: Wiring, back_off: BackOff | None = None
) -> Repair:
    """Put a damaged database aside and make a new one with everything that was not sent; leave a good one alone.

    Raises: KubeFieldError with ALREADY_RUNNING, WRONG_PASSWORD, DISK_FULL, or INTEGRITY when the keys are damaged or
    nothing is left to repair with.
    """
    paths.prepare()
    lock = lock_folder(paths.data_dir)
    try:
        keys = unlock(paths.key_file, user, password, back_off=back_off or BackOff(paths.waiting, time.monotonic))
        return _repaired(paths, keys, user, wiring)
    finally:
        lock.release()


def _repaired(paths: AppPaths, keys: Keys, user: str, wiring: Wiring) -> Repair:
    if is_whole(paths.database, keys.db):
        finish(paths.quarantine)
        paths.damage_mark.unlink(missing_ok=True)
        return Repair()
    at = instant_text(wiring.now())
    done = rebuild(
        paths.database,
        keys.db,
        Journal(paths.journal, keys.journal),
        quarantine=paths.quarantine,
        folder_name=at[:19].replace(":", ""),
        needed=OFFICER_SETTING + user,
    )
    paths.damage_mark.unlink(missing_ok=True)
    store = open_store_of(paths, keys)
    try:
        officer = kept_officer(store, user).officer.uid
        store.audit(AuditLine(officer, "repair", "database", done.folder.name, at))
    finally:
        store.close()
    photos = PhotoStore(paths.photos, keys.photo)
    return Repair(done, sum(photos.read(name) is None for name in done.photos))


def note_damage(paths: AppPaths) -> None:
    """Remember outside the database that it is damaged: it opens as such until it was repaired."""
    write_durably(paths.damage_mark, b"1\n")


def words_of(repair: Repair) -> str:
    """What was kept and what was not, in sentences for the officer."""
    done = repair.done
    if done is None:
        return _("Berkas data di laptop ini tidak rusak; tidak ada yang diubah. Buka seperti biasa.")
    kept = _(
        "Data laptop dipulihkan: {changes} perubahan yang belum terkirim, {drafts} formulir yang belum selesai,"
        " {photos} foto yang menunggu dikirim."
    ).format(changes=done.changes, drafts=done.drafts, photos=len(done.photos) - repair.photos_missing)
    told = [kept]
    if repair.photos_missing:
        told.append(
            _("{n} foto yang belum terkirim tidak ditemukan; ambil fotonya lagi.").format(n=repair.photos_missing)
        )
    if done.damaged_lines:
        told.append(
            _("{n} baris salinan cadangan tidak terbaca: periksa apakah ada catatan yang kurang.").format(
                n=done.damaged_lines
            )
        )
    told.append(
        _(
            "Data yang sudah terkirim diunduh lagi saat sinkronisasi berikutnya; riwayat sinkronisasi yang lama dan"
            " formulir yang tidak terbaca tidak kembali."
        )
    )
    told.append(_("Berkas yang rusak disimpan di {folder}.").format(folder=done.folder))
    return " ".join(told)
