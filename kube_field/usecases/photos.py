"""Photos: taken in from a file (checked, made small, encrypted), fetched from the server, gone with their records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from gettext import gettext as _
from pathlib import Path
from typing import Any

from kube_field.errors import BugError, Failure, KubeFieldError
from kube_field.storage.erasure import photos_removed, photos_to_remove
from kube_field.storage.photo_queue import PhotoQueue, PhotoState
from kube_field.storage.photos import PhotoStore
from kube_field.storage.store import LocalStore
from kube_field.sync.photo_lane import PhotoFetch
from kube_field.sync.ports import Transport
from kube_field.sync.troubles import trouble_of
from kube_field.usecases.photo_keeping import PURGE_DAYS
from kube_field.usecases.session import Session, instant_text
from kube_field.wire.refusals import Refusal, RefusalCode

LARGEST_FILE = 40_000_000
"""Bytes; a photo of a telephone has less than a third of it."""


@dataclass(frozen=True, slots=True)
class FetchState:
    """How far a download is: photos that came of all that are wanted, and their bytes."""

    done: int
    whole: int
    bytes: int
    all_bytes: int


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


def photo_states(session: Session, *, uid: str = "") -> list[PhotoState]:
    """How far each photo of a record is; without a record all photos that the server refused."""
    return _queue(session).states(uid)


def photos_elsewhere(session: Session, *, uid: str) -> int:
    """How many photos of a record lie on the server only."""
    return len(_remote(session, uid))


def _remote(session: Session, uid: str) -> list[PhotoState]:
    return [photo for photo in photo_states(session, uid=uid) if photo.state == "remote"]


def fetch_photos(
    session: Session,
    transport: Transport,
    *,
    uid: str,
    tell: Callable[[FetchState], object] = lambda _state: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> int:
    """Fetch the photos of a record that lie on the server only; how many came. `tell` hears how far it is.

    A photo that the server does not have yet is left for later. Raises: KubeFieldError when the line broke or the disk
    is full; what came so far stays, also when it was cancelled, and the next call goes on from there.
    """
    queue, shelf = _queue(session), _shelf(session)
    wanted = _remote(session, uid)
    size = sum(photo.size for photo in wanted)
    fetch = PhotoFetch(queue, transport, shelf, session.wiring.now, lambda skipped: queue.next_of(uid, skipped))
    while not cancelled() and fetch.has_more():
        try:
            fetch.step()
        except Refusal as refusal:
            if refusal.code != RefusalCode.BLOB_UNKNOWN:
                raise trouble_of(refusal) from refusal
            fetch.skip()
        tell(FetchState(fetch.fetched, len(wanted), fetch.bytes, size))
    if fetch.full is not None:
        raise fetch.full
    return fetch.fetched


def forget_orphans(session: Session) -> int:
    """Take off photos whose records left this laptop; how many went. What was not sent never goes.

    Those of somebody who was erased go at once.
    Own ones stay until the server has had them for 60 days: put back from a backup, it may ask for them again.
    """
    if not isinstance(session.store, LocalStore) or not isinstance(session.photos, PhotoStore):
        return 0
    if erased := photos_to_remove(session.store):
        for name in erased:
            session.photos.remove(name)
        photos_removed(session.store)
    queue = PhotoQueue(session.store)
    names = queue.orphans(instant_text(session.wiring.now() - timedelta(days=PURGE_DAYS)))
    for name in names:  # file first: after a kill in between the row leads here again
        session.photos.remove(name)
        queue.forget(name)
    return len(names)


def _queue(session: Session) -> PhotoQueue:
    if not isinstance(session.store, LocalStore):
        raise BugError("only the real store has a photo queue")
    return PhotoQueue(session.store)


def _shelf(session: Session) -> PhotoStore:
    if not isinstance(session.photos, PhotoStore):
        raise BugError("only the real photo store can fetch")
    return session.photos
