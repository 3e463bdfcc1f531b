"""Which photos lie on this laptop: what the officer looks at, colleagues' too, or what the server has taken off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from kube_field.storage.photo_queue import PhotoQueue
from kube_field.storage.photos import PhotoStore
from kube_field.storage.store import LocalStore
from kube_field.usecases.audit_trail import audit_line
from kube_field.usecases.session import Session, instant_text

SETTING = "photos.keeping"
PURGE_DAYS = 60
"""How long the server must have had a photo before its copy here may go."""


class PhotoKeeping(StrEnum):
    """How the officers of a laptop want it; without a word of theirs nothing comes or goes by itself."""

    AS_NEEDED = ""
    BRING_ALL = "bring"
    TAKE_OFF = "take_off"


@dataclass(frozen=True, slots=True)
class PhotoRoom:
    """What photos take here, and how many of them the server holds long enough to be taken off."""

    keeping: PhotoKeeping
    count: int
    bytes: int
    spare: int
    spare_bytes: int


def photo_keeping(session: Session) -> PhotoKeeping:
    """How it is wanted; a word of a newer program counts as none."""
    told = session.store.setting(SETTING)
    return PhotoKeeping(told) if told in list(PhotoKeeping) else PhotoKeeping.AS_NEEDED


def keep_photos(session: Session, keeping: PhotoKeeping) -> None:
    """Have it so from now on, for everybody on this laptop; the next run follows it."""
    if keeping != photo_keeping(session):
        session.store.audit(audit_line(session, f"photos.{keeping.name.lower()}", "", ""))
        session.store.put_setting(SETTING, keeping.value)


def photo_room(session: Session) -> PhotoRoom:
    """What photos take on this laptop."""
    if not isinstance(session.store, LocalStore):
        return PhotoRoom(PhotoKeeping.AS_NEEDED, 0, 0, 0, 0)
    queue = PhotoQueue(session.store)
    return PhotoRoom(photo_keeping(session), *queue.room(), *queue.spare(_long_ago(session)))


def purge_photos(session: Session) -> int:
    """Take off copies of photos that the server holds for 60 days, if the officers allow it; how many went.

    A photo that a draft or a change that is not acknowledged names stays, and so does a thumbprint: it signs a paper.
    The row stays: the photo can be fetched.
    """
    if photo_keeping(session) != PhotoKeeping.TAKE_OFF:
        return 0
    if not isinstance(session.store, LocalStore) or not isinstance(session.photos, PhotoStore):
        return 0
    queue, gone = PhotoQueue(session.store), 0
    for name in queue.to_purge(_long_ago(session)):  # row first: a kill in between leaves a file that a fetch finds
        queue.purged(name)
        try:
            session.photos.remove(name)
        except OSError:  # somebody reads it just now: it lies here
            queue.fetched(name, session.instant())
        else:
            gone += 1
    return gone


def _long_ago(session: Session) -> str:
    return instant_text(session.wiring.now() - timedelta(days=PURGE_DAYS))
