"""Send what waits and take over what is new, now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from gettext import gettext as _
from random import SystemRandom
from time import sleep

from kube_field import __version__
from kube_field.domain.sync_views import SyncRun
from kube_field.errors import BugError, Failure, KubeFieldError
from kube_field.storage.photos import PhotoStore
from kube_field.storage.store import LocalStore
from kube_field.storage.sync_store import LocalSyncStore
from kube_field.sync.engine import Engine
from kube_field.sync.ports import Progress, Surroundings, Transport
from kube_field.usecases.photo_keeping import PhotoKeeping, photo_keeping, purge_photos
from kube_field.usecases.photos import forget_orphans
from kube_field.usecases.ports import Store
from kube_field.usecases.session import Session

PIECE_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Connection:
    """How this laptop reaches its server: `HttpTransport(url, token, ca_pem=ca_pem)`."""

    url: str
    token: str
    ca_pem: str


def connection(session: Session) -> Connection:
    """Where to send. Raises: KubeFieldError when the laptop is not enrolled."""
    store = sync_store(session.store)
    if not store.server_id():
        raise KubeFieldError(
            Failure.NOT_ALLOWED,
            _("Laptop ini belum terdaftar di server provinsi."),
            _("Minta kode pendaftaran kepada admin provinsi. Data Anda aman di laptop."),
            code="NOT_ENROLLED",
        )
    return Connection(store.meta("server_url"), store.meta("token"), store.meta("ca_pem"))


def sync_now(
    session: Session,
    transport: Transport,
    on_progress: Callable[[Progress], None] = lambda _progress: None,
    cancelled: Callable[[], bool] = lambda: False,
    *,
    wait: Callable[[float], None] | None = None,
    allow_removal: bool = False,
) -> SyncRun:
    """One whole run. Failures of the network or the server are in its outcome, never raised; the queue stays.

    `allow_removal` after the officer agreed to the mass removal that an earlier run stopped at (MASS_REMOVAL).
    """
    engine = make_engine(session, transport, on_progress, cancelled, wait=wait, allow_removal=allow_removal)
    done = engine.run()
    try:
        forget_orphans(session)
        if not done.outcome:  # the server was reached just now
            purge_photos(session)
    except KubeFieldError:
        if engine.trouble is None:
            raise
        # a disk that takes nothing more: what stopped the run says more than this, and the next run tidies up
    return done


def make_engine(
    session: Session,
    transport: Transport,
    on_progress: Callable[[Progress], None] = lambda _progress: None,
    cancelled: Callable[[], bool] = lambda: False,
    *,
    wait: Callable[[float], None] | None = None,
    allow_removal: bool = False,
) -> Engine:
    """A run that the caller steps through; `trouble` afterwards holds the failure with its exit code.

    Between two attempts it sleeps, unless it is cancelled; `wait` takes the place of this sleep.
    """
    return Engine(
        sync_store(session.store),
        transport,
        Surroundings(
            now=session.wiring.now,
            sleep=wait or (lambda seconds: rest(seconds, cancelled)),
            new_id=session.wiring.new_id,
            chance=SystemRandom().random,
            read_photo=session.photos.read,
            photo_shelf=_shelf_to_fill(session),
            app_version=__version__,
            allow_removal=allow_removal,
            on_progress=on_progress,
            cancelled=cancelled,
        ),
    )


def _shelf_to_fill(session: Session) -> PhotoStore | None:
    """Where a run puts colleagues' photos that it brings along; others come when somebody looks at them."""
    wanted = photo_keeping(session) == PhotoKeeping.BRING_ALL
    return session.photos if wanted and isinstance(session.photos, PhotoStore) else None


def rest(seconds: float, cancelled: Callable[[], bool], wait: Callable[[float], None] = sleep) -> None:
    """Sleep in short pieces, so that a window that closes need not wait for the whole of it."""
    left = seconds
    while left > 0 and not cancelled():
        wait(min(left, PIECE_SECONDS))
        left -= PIECE_SECONDS


def sync_store(store: Store) -> LocalSyncStore:
    """The laptop's side of synchronisation over the open store."""
    if not isinstance(store, LocalStore):
        raise BugError("only the real store can be synchronised")
    return LocalSyncStore(store)
